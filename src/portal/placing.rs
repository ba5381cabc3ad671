//! Where documents and files stand: their addresses, and which are left out.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::address::folder_of;
use super::left_out::{Absence, LeftOut};
use super::model::{Coming, Portal, Section};
use super::page::{Asset, Entry, Page};
use super::{address, references};
use crate::config::Config;
use crate::content::{CONTENT_DIR, Document, Front, PageFront, SECTION_FILE, SectionFront, day_in_name, name_of_page};
use crate::diagnostic::{Diagnostic, Text, text};
use crate::limits::LONGEST_PART;
use crate::locale::is_slug;

/// Makes pages and sections of documents.
pub(super) fn place_documents(portal: &mut Portal, documents: Vec<Arc<Document>>, drafts: bool, findings: &mut Vec<Diagnostic>) -> LeftOut {
    let config = portal.config.clone();
    let mut left_out = LeftOut::default();
    // Folders whose section is a draft: everything in them is one.
    let draft_folders: Vec<String> = documents
        .iter()
        .filter(|document| matches!(&document.front, Front::Section(front) if front.draft == Some(true)))
        .map(|document| folder_of(&document.file).to_owned())
        .filter(|_| !drafts)
        .collect();
    if !documents.iter().any(|document| &*document.file == SECTION_FILE) {
        portal.sections.push(Arc::new(section(&config, &home_document(), &Arc::new(SectionFront::default()), findings)));
    }
    let (mut coming, mut unplaced) = (Vec::new(), Vec::new());
    for document in documents {
        let in_draft = draft_folders.iter().any(|folder| document.file.starts_with(folder.as_str()));
        match &document.front {
            Front::Section(_) if in_draft => {
                left_out.files.insert(document.file.clone(), Absence::Draft);
            }
            Front::Section(front) => {
                portal.sections.push(Arc::new(section(&config, &document, front, findings)));
            }
            Front::Page(front) => {
                // One without an address was reported.
                let Some(page) = page(&config, &document, front, findings) else {
                    unplaced.push(document.file.clone());
                    continue;
                };
                let is_draft = in_draft || (front.draft == Some(true) && !drafts);
                let absence = if is_draft { Some(Absence::Draft) } else { portal.held_back(front).map(Absence::Until) };
                let Some(absence) = absence else {
                    portal.pages.push(Arc::new(page));
                    continue;
                };
                left_out.files.insert(document.file.clone(), absence);
                left_out.records.extend(page.kind().map(|kind| ((kind, page.slug.clone()), absence)));
                if let Absence::Until(date) = absence {
                    coming.push(Coming { document, title: page.name, date });
                }
            }
        }
    }
    (portal.coming, portal.unplaced) = (Arc::new(coming), Arc::new(unplaced));
    portal
        .sections
        .as_mut_slice()
        .sort_by(|a, b| (*a.document.file != *SECTION_FILE, &a.document.file).cmp(&(*b.document.file != *SECTION_FILE, &b.document.file)));
    left_out
}

/// The home page of a portal whose `content/` has no `_index.md`.
fn home_document() -> Arc<Document> {
    Arc::new(Document::made(SECTION_FILE, Front::Section(Arc::new(SectionFront::default()))))
}

/// Checks addresses that the front matter writes.
fn written_path(written: &str, key: &str, document: &Document, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let cleaned = if key == "aliases" { address::clean_old_path(written) } else { address::clean_path(written) };
    match cleaned {
        Ok(path) => Some(path),
        Err(reason) => {
            findings.push(
                Diagnostic::new("path", text!("`{key}` cannot be `{written}`: {reason}", key, written, reason))
                    .at(document.place(&[key]))
                    .help("write a path below the root, such as `some/where`"),
            );
            None
        }
    }
}

/// The page of a document, without its relations.
pub(super) fn page(config: &Config, document: &Arc<Document>, front: &Arc<PageFront>, findings: &mut Vec<Diagnostic>) -> Option<Page> {
    let (folder, stem) = name_of_page(&document.file);
    let stem = day_in_name(stem).map_or(stem, |(_, rest)| rest);
    let slug = match &front.slug {
        Some(slug) if address::part(slug, config.locale(document.language)) == *slug && is_slug(slug) => slug.clone(),
        Some(slug) => {
            let near = config.locale(document.language).slug(slug);
            findings.push(Diagnostic::new("path", text!("`slug` cannot be `{slug}`", slug)).at(document.place(&["slug"])).help(
                if near.is_empty() {
                    Text::from("use ASCII letters, digits and hyphens")
                } else {
                    text!("write `slug = \"{near}\"`", near)
                },
            ));
            return None;
        }
        None => address::part(stem, config.locale(document.language)),
    };
    if slug.is_empty() || slug.len() > LONGEST_PART {
        let problem = if slug.is_empty() { "leaves nothing for an address" } else { "is too long for an address" };
        let key = if front.slug.is_some() { "slug" } else { "title" };
        findings.push(
            Diagnostic::new(
                "path",
                text!(
                    "the name `{name}` {problem}",
                    name = front.slug.as_deref().unwrap_or(stem).chars().take(60).collect::<String>(),
                    problem = Text::from(problem)
                ),
            )
            .at(document.place(&[key]))
            .help("give the page another `slug`"),
        );
        return None;
    }
    let path = match &front.path {
        Some(written) => written_path(written, "path", document, findings)?,
        None => format!("{}{slug}/", address::folder(folder, config.locale(document.language))),
    };
    let name = document.record.as_ref().and_then(|record| record.name(config.gender_form())).unwrap_or(&front.title);
    Some(Page {
        permalink: config.permalink(&path).into(),
        slug: slug.into(),
        path: path.into(),
        name: name.into(),
        section: None,
        ancestors: Vec::new(),
        lower: None,
        higher: None,
        assets: Vec::new(),
        sources: references::cited(&document.mentions),
        links: Arc::default(),
        aliases: front.aliases.iter().filter_map(|alias| written_path(alias, "aliases", document, findings)).collect(),
        front: front.clone(),
        document: document.clone(),
    })
}

fn section(config: &Config, document: &Arc<Document>, front: &Arc<SectionFront>, findings: &mut Vec<Diagnostic>) -> Section {
    let path = address::folder(folder_of(&document.file), config.locale(document.language));
    let is_home = path == "/";
    let title = match &front.title {
        Some(title) => title.as_str(),
        None if is_home => &config.site.title,
        None => folder_of(&document.file).trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
    };
    if front.paginate_path.as_ref().is_some_and(|path| !is_slug(path)) {
        findings.push(
            Diagnostic::new("path", "`paginate_path` is no plain folder name")
                .at(document.place(&["paginate_path"]))
                .help("use letters, digits and hyphens"),
        );
    }
    if front.paginate_by == Some(0) {
        findings.push(
            Diagnostic::new("out-of-range", "`paginate_by` is 0")
                .at(document.place(&["paginate_by"]))
                .help("write how many pages stand on one, or leave the key out"),
        );
    }
    Section {
        permalink: config.permalink(&path).into(),
        slug: path.trim_matches('/').rsplit('/').next().unwrap_or_default().into(),
        title: title.into(),
        path: path.into(),
        ancestors: Vec::new(),
        pages: Vec::new(),
        subsections: Vec::new(),
        assets: Vec::new(),
        sources: references::cited(&document.mentions),
        redirect: None,
        links: Arc::default(),
        aliases: front.aliases.iter().filter_map(|alias| written_path(alias, "aliases", document, findings)).collect(),
        front: front.clone(),
        document: document.clone(),
    }
}

/// Files of `content/` that are no Markdown are published beside the page or section whose folder they are
/// in.
pub(super) fn place_assets(portal: &mut Portal, assets: Vec<String>, left_out: &LeftOut) {
    let mut owners: HashMap<String, Entry> = HashMap::new();
    for (number, section) in portal.sections.numbered() {
        owners.insert(folder_of(&section.document.file).to_owned(), Entry::Section(number));
    }
    for (number, page) in portal.pages.numbered() {
        if page.document.file.ends_with("/index.md") {
            owners.insert(folder_of(&page.document.file).to_owned(), Entry::Page(number));
        }
    }
    let draft_folders: BTreeSet<&str> = left_out
        .files
        .keys()
        .filter(|file| file.ends_with("/index.md") || file.ends_with(SECTION_FILE))
        .map(|file| folder_of(file))
        .collect();
    for file in assets {
        let below = file.strip_prefix(CONTENT_DIR).and_then(|file| file.strip_prefix('/')).unwrap_or(&file);
        if draft_folders.iter().any(|folder| below.starts_with(folder)) {
            continue;
        }
        let mut folder = folder_of(below);
        let owner = loop {
            if let Some(owner) = owners.get(folder) {
                break Some(*owner);
            }
            if folder.is_empty() {
                break None;
            }
            folder = folder_of(folder.trim_end_matches('/'));
        };
        let Some(owner) = owner else { continue };
        // Beside a page that is a file itself, they lie in its folder.
        let path = format!("{}{}", folder_of(portal.path(owner)), &below[folder.len()..]);
        let asset = Asset { path: path.into(), file: file.into() };
        match owner {
            Entry::Page(page) => Arc::make_mut(&mut portal.pages[page]).assets.push(asset),
            Entry::Section(section) => Arc::make_mut(&mut portal.sections[section]).assets.push(asset),
        }
    }
}
