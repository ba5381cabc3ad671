//! From documents to the portal: addresses, sections, order, records, taxonomies, menus; every reference and link checked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::slice::ParallelSliceMut;

use super::links::{folder_of, menu_destination};
use super::{Asset, Entry, Glossary, MenuItem, Page, Portal, Section, address, order, references, taxonomy};
use crate::config::{Config, MenuEntry};
use crate::content::{Body, CONTENT_DIR, Document, Front, PageFront, SECTION_FILE, SectionFront, SortBy, place_of_key};
use crate::diagnostic::{Diagnostic, Place};
use crate::files::Files;
use crate::records::{Kind, Record, Sources};

/// What a portal is made of.
pub struct Input<'i> {
    /// The settings.
    pub config: Arc<Config>,
    /// The Markdown files, ordered by file.
    pub documents: Vec<Arc<Document>>,
    /// All other files of `content/`, relative to the portal, in order.
    pub assets: Vec<String>,
    /// The sources.
    pub sources: Sources,
    /// The day that freshness and expiry are judged by.
    pub as_of: Date,
    /// Whether drafts are pages like any other.
    pub drafts: bool,
    /// Where a finding gets the line from that it shows.
    pub files: &'i dyn Files,
}

/// Puts a portal together. It is given back even where something is wrong, which `findings` tells.
pub fn resolve(input: Input<'_>, findings: &mut Vec<Diagnostic>) -> Portal {
    let Input { config, documents, assets, sources, as_of, drafts, files } = input;
    let mut portal = Portal {
        config: config.clone(),
        as_of,
        pages: Vec::new(),
        sections: Vec::new(),
        by_file: HashMap::new(),
        of_kind: BTreeMap::new(),
        by_id: BTreeMap::new(),
        taxonomies: Vec::new(),
        sources,
        cited_by: BTreeMap::new(),
        glossary: Glossary::default(),
        navigation: Vec::new(),
        footer: Vec::new(),
        pending_anchors: Vec::new(),
        pending_paths: Vec::new(),
    };
    let left_out = place_documents(&mut portal, documents, drafts, files, findings);
    portal.by_file = by_file(&portal);
    relate(&mut portal);
    place_assets(&mut portal, assets, &left_out);
    sort(&mut portal);
    record_ids(&mut portal, files, findings);
    portal.taxonomies = taxonomy::group(&config, &portal.pages, files, findings);
    portal.cited_by = references::cited_by(&portal);
    if config.glossary_links {
        portal.glossary = Glossary::new(&portal.pages);
    }
    portal.navigation = menu(&portal, &config.site.navigation, files, findings);
    portal.footer = menu(&portal, &config.site.footer, files, findings);
    redirects(&mut portal, files, findings);
    references::check(&portal, &left_out.records, files, findings);
    portal.check_links(files, &|file| left_out.files.contains(file), findings);
    portal
}

/// What drafts take out of a build.
#[derive(Default)]
struct LeftOut {
    files: BTreeSet<Arc<str>>,
    records: BTreeSet<(Kind, Arc<str>)>,
}

fn place_documents(
    portal: &mut Portal,
    documents: Vec<Arc<Document>>,
    drafts: bool,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) -> LeftOut {
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
        portal.sections.push(section(&config, &home_document(), &Arc::new(SectionFront::default()), files, findings));
    }
    for document in documents {
        let in_draft = draft_folders.iter().any(|folder| document.file.starts_with(folder.as_str()));
        match &document.front {
            Front::Section(_) if in_draft => {
                left_out.files.insert(document.file.clone());
            }
            Front::Section(front) => portal.sections.push(section(&config, &document, front, files, findings)),
            Front::Page(front) => {
                let page = page(&config, &document, front, files, findings);
                if in_draft || (front.draft == Some(true) && !drafts) {
                    left_out.files.insert(document.file.clone());
                    left_out.records.extend(page.kind().map(|kind| (kind, page.slug.clone())));
                } else {
                    portal.pages.push(page);
                }
            }
        }
    }
    portal.sections.sort_by(|a, b| {
        (a.document.file.as_ref() != SECTION_FILE, &a.document.file).cmp(&(b.document.file.as_ref() != SECTION_FILE, &b.document.file))
    });
    left_out
}

/// The home page of a portal whose `content/` has no `_index.md`.
fn home_document() -> Arc<Document> {
    Arc::new(Document {
        file: SECTION_FILE.into(),
        front: Front::Section(Arc::new(SectionFront::default())),
        record: None,
        body: Body::default(),
        mentions: Vec::new(),
        data_files: Vec::new(),
    })
}

/// Where a finding about the front matter of a document stands.
fn key_place(files: &dyn Files, document: &Document, key: &str) -> Place {
    place_of_key(files, &document.file, &[key])
}

/// Checks addresses that the front matter writes.
fn written_path(written: &str, key: &str, document: &Document, files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Option<String> {
    match address::clean_path(written) {
        Ok(path) => Some(path),
        Err(reason) => {
            findings.push(
                Diagnostic::error("path", format!("`{key}` cannot be `{written}`: {reason}"))
                    .at(key_place(files, document, key))
                    .help("write a path below the root, such as `some/where`"),
            );
            None
        }
    }
}

fn page(config: &Config, document: &Arc<Document>, front: &Arc<PageFront>, files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Page {
    let mut folder = folder_of(&document.file);
    let name = &document.file[folder.len()..];
    let mut stem = name.strip_suffix(".md").unwrap_or(name);
    // `x/index.md` is the page `x` with files beside it.
    if stem == "index" && !folder.is_empty() {
        let outer = folder.trim_end_matches('/');
        folder = folder_of(outer);
        stem = &outer[folder.len()..];
    }
    let slug = match &front.slug {
        Some(slug) if address::part(slug, config.locale) == *slug && crate::locale::is_slug(slug) => slug.clone(),
        Some(slug) => {
            let near = config.locale.slug(slug);
            findings.push(Diagnostic::error("path", format!("`slug` cannot be `{slug}`")).at(key_place(files, document, "slug")).help(
                if near.is_empty() { String::from("use ASCII letters, digits and hyphens") } else { format!("write `slug = \"{near}\"`") },
            ));
            near
        }
        None => address::part(stem, config.locale),
    };
    if slug.is_empty() {
        findings.push(
            Diagnostic::error("path", format!("the name `{stem}` leaves nothing for an address"))
                .at(key_place(files, document, "title"))
                .help("give the page a `slug`"),
        );
    }
    let path = match &front.path {
        Some(written) => written_path(written, "path", document, files, findings).unwrap_or_else(|| format!("/{slug}/")),
        None => format!("{}{slug}/", address::folder(folder, config.locale)),
    };
    let name = document.record.as_ref().and_then(Record::name).unwrap_or(&front.title);
    Page {
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
        aliases: front.aliases.iter().filter_map(|alias| written_path(alias, "aliases", document, files, findings)).collect(),
        front: front.clone(),
        document: document.clone(),
    }
}

fn section(
    config: &Config,
    document: &Arc<Document>,
    front: &Arc<SectionFront>,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) -> Section {
    let path = address::folder(folder_of(&document.file), config.locale);
    let is_home = path == "/";
    let title = match &front.title {
        Some(title) => title.as_str(),
        None if is_home => &config.site.title,
        None => folder_of(&document.file).trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
    };
    if front.paginate_by == Some(0) {
        findings.push(
            Diagnostic::error("out-of-range", "`paginate_by` is 0")
                .at(key_place(files, document, "paginate_by"))
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
        aliases: front.aliases.iter().filter_map(|alias| written_path(alias, "aliases", document, files, findings)).collect(),
        front: front.clone(),
        document: document.clone(),
    }
}

fn by_file(portal: &Portal) -> HashMap<Arc<str>, Entry> {
    let pages = portal.pages.iter().enumerate().map(|(number, page)| (page.document.file.clone(), Entry::Page(number)));
    let sections = portal.sections.iter().enumerate().map(|(number, section)| (section.document.file.clone(), Entry::Section(number)));
    pages.chain(sections).collect()
}

/// Who stands above whom.
fn relate(portal: &mut Portal) {
    let folders: HashMap<String, usize> =
        portal.sections.iter().enumerate().map(|(number, section)| (folder_of(&section.document.file).to_owned(), number)).collect();
    // The sections of a folder and of those above it, the home page first.
    let above = |folder: &str| -> Vec<usize> {
        let mut sections = Vec::new();
        let mut end = 0;
        sections.extend(folders.get(""));
        while let Some(at) = folder[end..].find('/') {
            end += at + 1;
            sections.extend(folders.get(&folder[..end]));
        }
        sections
    };
    for number in 0..portal.sections.len() {
        let folder = folder_of(&portal.sections[number].document.file).to_owned();
        let mut ancestors = above(&folder);
        ancestors.retain(|ancestor| *ancestor != number);
        if let Some(parent) = ancestors.last() {
            portal.sections[*parent].subsections.push(number);
        }
        portal.sections[number].ancestors = ancestors;
    }
    for number in 0..portal.pages.len() {
        let page = &mut portal.pages[number];
        let own = folder_of(&page.document.file);
        // `x/index.md` stands in the folder that holds `x`.
        let folder = if page.document.file.ends_with("/index.md") { folder_of(own.trim_end_matches('/')) } else { own };
        page.ancestors = above(folder);
        page.section = page.ancestors.last().copied();
        let mut section = page.section;
        while let Some(at) = section {
            portal.sections[at].pages.push(number);
            let transparent = portal.sections[at].front.transparent == Some(true);
            section = if transparent { portal.sections[at].ancestors.last().copied() } else { None };
        }
    }
}

/// Files of `content/` that are no Markdown are published beside the page or section whose folder they are in.
fn place_assets(portal: &mut Portal, assets: Vec<String>, left_out: &LeftOut) {
    let mut owners: HashMap<String, Entry> = HashMap::new();
    for (number, section) in portal.sections.iter().enumerate() {
        owners.insert(folder_of(&section.document.file).to_owned(), Entry::Section(number));
    }
    for (number, page) in portal.pages.iter().enumerate() {
        if page.document.file.ends_with("/index.md") {
            owners.insert(folder_of(&page.document.file).to_owned(), Entry::Page(number));
        }
    }
    let draft_folders: BTreeSet<&str> = left_out
        .files
        .iter()
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
        let path = format!("{}{}", portal.path(owner), &below[folder.len()..]);
        let asset = Asset { path: path.into(), file: file.into() };
        match owner {
            Entry::Page(page) => portal.pages[page].assets.push(asset),
            Entry::Section(section) => portal.sections[section].assets.push(asset),
        }
    }
}

fn sort(portal: &mut Portal) {
    let locale = portal.config.locale;
    for number in 0..portal.sections.len() {
        let mut pages = std::mem::take(&mut portal.sections[number].pages);
        let mut subsections = std::mem::take(&mut portal.sections[number].subsections);
        let front = &portal.sections[number].front;
        let by = front.sort_by.unwrap_or(SortBy::None);
        pages.par_sort_by(|a, b| order::compare(&portal.pages[*a], &portal.pages[*b], by, locale));
        if front.paginate_reversed == Some(true) {
            pages.reverse();
        }
        subsections.sort_by(|a, b| {
            let (a, b) = (&portal.sections[*a], &portal.sections[*b]);
            let weight = |section: &Section| (section.front.weight.is_none(), section.front.weight);
            weight(a).cmp(&weight(b)).then_with(|| locale.compare(&a.title, &b.title)).then_with(|| a.path.cmp(&b.path))
        });
        let own: Vec<usize> = pages.iter().copied().filter(|page| portal.pages[*page].section == Some(number)).collect();
        for pair in own.windows(2) {
            portal.pages[pair[1]].lower = Some(pair[0]);
            portal.pages[pair[0]].higher = Some(pair[1]);
        }
        portal.sections[number].pages = pages;
        portal.sections[number].subsections = subsections;
    }
}

fn record_ids(portal: &mut Portal, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for (number, page) in portal.pages.iter().enumerate() {
        let Some(kind) = page.kind() else { continue };
        portal.of_kind.entry(kind).or_default().push(number);
        if let Some(other) = portal.by_id.insert((kind, page.slug.clone()), number) {
            let other = &portal.pages[other];
            findings.push(
                Diagnostic::error("duplicate", format!("two {}s have the id `{}`", kind.as_str(), page.slug))
                    .at(key_place(files, &page.document, kind.as_str()))
                    .help("give one of them another file name or `slug`")
                    .related("the other one", key_place(files, &other.document, kind.as_str())),
            );
        }
    }
    let (pages, locale) = (&portal.pages, portal.config.locale);
    for numbers in portal.of_kind.values_mut() {
        numbers.par_sort_by(|a, b| order::compare(&pages[*a], &pages[*b], SortBy::Weight, locale));
    }
}

fn menu(portal: &Portal, entries: &[MenuEntry], files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Vec<MenuItem> {
    let mut items = Vec::new();
    for entry in entries {
        match menu_destination(portal, &entry.url.url) {
            Ok((permalink, path)) => items.push(MenuItem { name: entry.name.clone(), url: entry.url.url.clone(), permalink, path }),
            Err((code, message, help)) => {
                findings.push(Diagnostic::error(code, message).at(super::place_of(files, &entry.url.spot)).help(help));
            }
        }
    }
    items
}

/// Where sections with `redirect_to` lead. One that leads to itself, by whatever way, is reported.
fn redirects(portal: &mut Portal, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    let mut leads: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for number in 0..portal.sections.len() {
        let Some(target) = portal.sections[number].front.redirect_to.clone() else { continue };
        match menu_destination(portal, &target) {
            Ok((permalink, path)) => {
                leads.insert(portal.sections[number].path.to_string(), (number, path));
                portal.sections[number].redirect = Some(permalink.into());
            }
            Err((code, message, help)) => {
                findings.push(
                    Diagnostic::error(code, message).at(key_place(files, &portal.sections[number].document, "redirect_to")).help(help),
                );
            }
        }
    }
    for (start, (number, _)) in &leads {
        let mut at = start;
        let mut way = vec![start.as_str()];
        while let Some((_, next)) = leads.get(at) {
            way.push(next);
            if next == start {
                findings.push(
                    Diagnostic::error("redirect-circle", format!("`redirect_to` leads in a circle: {}", way.join(" → ")))
                        .at(key_place(files, &portal.sections[*number].document, "redirect_to"))
                        .help("let one of these sections lead to a page, or take its `redirect_to` out"),
                );
                break;
            }
            if way.len() > leads.len() + 1 {
                break;
            }
            at = next;
        }
    }
}
