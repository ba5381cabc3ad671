//! From documents to the portal: addresses, sections, order, records, taxonomies, menus; every reference and
//! link checked.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::slice::ParallelSliceMut;

use super::address::folder_of;
use super::ids::{Numbered, PageId, SectionId};
use super::left_out::LeftOut;
use super::links::{PageNames, Target};
use super::model::{MenuItem, Portal, Section};
use super::page::Entry;
use super::pending::Followed;
use super::placing::{place_assets, place_documents};
use super::{order, references, taxonomy};
use crate::config::{Config, MenuEntry, MenuTarget};
use crate::content::{ContentPath, Document, SortBy};
use crate::diagnostic::{Diagnostic, Text, text};
use crate::limits::MOST_GUESSED;
use crate::locale::composed;
use crate::records::{Kind, Sources};

/// What a portal is made of.
pub(crate) struct Input {
    /// The settings.
    pub config: Arc<Config>,
    /// The Markdown files, ordered by file.
    pub documents: Vec<Arc<Document>>,
    /// All other files of `content/`, relative to the portal, in order.
    pub assets: Vec<String>,
    /// The sources.
    pub sources: Arc<Sources>,
    /// The day that freshness and expiry are judged by.
    pub as_of: Date,
    /// Whether drafts are pages like any other.
    pub drafts: bool,
    /// Whether pages that are dated ahead are pages like any other.
    pub future: bool,
}

/// Puts a portal together. It is given back even where something is wrong, which `findings` tells.
pub(crate) fn resolve(input: Input, findings: &mut Vec<Diagnostic>) -> Portal {
    let Input { config, documents, assets, sources, as_of, drafts, future } = input;
    let mut portal = Portal {
        config: config.clone(),
        as_of,
        future,
        coming: Arc::default(),
        pages: Numbered::default(),
        sections: Numbered::default(),
        by_file: Arc::default(),
        of_kind: Arc::default(),
        by_id: Arc::default(),
        taxonomies: Arc::default(),
        sources,
        cited_by: Arc::default(),
        navigation: Vec::new(),
        footer: Vec::new(),
        search: None,
        pending: Followed::default(),
        anchored: Arc::default(),
        left_out: Arc::default(),
        unplaced: Arc::default(),
        named: Arc::default(),
    };
    let left_out = Arc::new(place_documents(&mut portal, documents, drafts, findings));
    portal.left_out = left_out.clone();
    portal.by_file = Arc::new(by_file(&portal));
    relate(&mut portal);
    place_assets(&mut portal, assets, &left_out);
    sort(&mut portal);
    record_ids(&mut portal, findings);
    portal.taxonomies = Arc::new(taxonomy::group(&config, &portal.pages, findings));
    portal.cited_by = Arc::new(references::cited_by(&portal));
    let by_file = portal.by_file.clone();
    let pages = PageNames::new(&by_file);
    portal.navigation = menu(&mut portal, &config.site.navigation, &left_out, &pages, findings);
    portal.footer = menu(&mut portal, &config.site.footer, &left_out, &pages, findings);
    let search =
        config.site.search.as_ref().map(|search| MenuEntry { name: String::new(), url: search.page.clone(), children: Vec::new() });
    portal.search = menu(&mut portal, search.as_slice(), &left_out, &pages, findings).pop();
    redirects(&mut portal, &left_out, &pages, findings);
    let entries: Vec<Entry> = portal.entries().collect();
    references::check(&portal, &mut entries.iter().copied(), findings);
    portal.follow_links(&entries);
    portal
}

fn by_file(portal: &Portal) -> HashMap<ContentPath, Entry> {
    let key = |file: &ContentPath| if file.is_ascii() { file.clone() } else { ContentPath::from(&*composed(file)) };
    let pages = portal.pages.numbered().map(|(number, page)| (key(&page.document.file), Entry::Page(number)));
    let sections = portal.sections.numbered().map(|(number, section)| (key(&section.document.file), Entry::Section(number)));
    pages.chain(sections).collect()
}

/// Who stands above whom.
fn relate(portal: &mut Portal) {
    let folders: HashMap<String, SectionId> =
        portal.sections.numbered().map(|(number, section)| (folder_of(&section.document.file).to_owned(), number)).collect();
    // The sections of a folder and of those above it, the home page first.
    let above = |folder: &str| -> Vec<SectionId> {
        let mut sections = Vec::new();
        let mut end = 0;
        sections.extend(folders.get(""));
        while let Some(at) = folder[end..].find('/') {
            end += at + 1;
            sections.extend(folders.get(&folder[..end]));
        }
        sections
    };
    for number in portal.sections.ids() {
        let folder = folder_of(&portal.sections[number].document.file).to_owned();
        let mut ancestors = above(&folder);
        ancestors.retain(|ancestor| *ancestor != number);
        if let Some(parent) = ancestors.last() {
            Arc::make_mut(&mut portal.sections[*parent]).subsections.push(number);
        }
        Arc::make_mut(&mut portal.sections[number]).ancestors = ancestors;
    }
    for number in portal.pages.ids() {
        let page = Arc::make_mut(&mut portal.pages[number]);
        let own = folder_of(&page.document.file);
        // `x/index.md` stands in the folder that holds `x`.
        let folder = if page.document.file.ends_with("/index.md") { folder_of(own.trim_end_matches('/')) } else { own };
        page.ancestors = above(folder);
        page.section = page.ancestors.last().copied();
        let mut section = page.section;
        while let Some(at) = section {
            Arc::make_mut(&mut portal.sections[at]).pages.push(number);
            let transparent = portal.sections[at].front.transparent == Some(true);
            section = if transparent { portal.sections[at].ancestors.last().copied() } else { None };
        }
    }
}

fn sort(portal: &mut Portal) {
    for number in portal.sections.ids() {
        let locale = portal.locale(Entry::Section(number));
        let section = Arc::make_mut(&mut portal.sections[number]);
        let mut pages = std::mem::take(&mut section.pages);
        let mut subsections = std::mem::take(&mut section.subsections);
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
        let own: Vec<PageId> = pages.iter().copied().filter(|page| portal.pages[*page].section == Some(number)).collect();
        for pair in own.windows(2) {
            Arc::make_mut(&mut portal.pages[pair[1]]).lower = Some(pair[0]);
            Arc::make_mut(&mut portal.pages[pair[0]]).higher = Some(pair[1]);
        }
        let section = Arc::make_mut(&mut portal.sections[number]);
        section.pages = pages;
        section.subsections = subsections;
    }
}

fn record_ids(portal: &mut Portal, findings: &mut Vec<Diagnostic>) {
    let mut of_kind: BTreeMap<Kind, Vec<PageId>> = BTreeMap::new();
    let mut by_id: BTreeMap<(Kind, Arc<str>), PageId> = BTreeMap::new();
    for (number, page) in portal.pages.numbered() {
        let Some(kind) = page.kind() else { continue };
        of_kind.entry(kind).or_default().push(number);
        if let Some(other) = by_id.insert((kind, page.slug.clone()), number) {
            let other = &portal.pages[other];
            findings.push(
                Diagnostic::new("duplicate", text!("two {kinds} have the id `{id}`", kinds = Text::from(kind.plural()), id = page.slug))
                    .at(page.document.place(&[kind.as_str()]))
                    .help("give one of them another file name or `slug`")
                    .related("the other one", other.document.place(&[kind.as_str()])),
            );
        }
    }
    let (pages, locale) = (&portal.pages, portal.config.main_locale());
    for numbers in of_kind.values_mut() {
        numbers.par_sort_by(|a, b| order::compare(&pages[*a], &pages[*b], SortBy::Weight, locale));
    }
    (portal.of_kind, portal.by_id) = (Arc::new(of_kind), Arc::new(by_id));
}

/// The entries of a menu that lead somewhere, each with those below it. One that leads nowhere is reported, and left
/// out with all below it.
fn menu(
    portal: &mut Portal,
    entries: &[MenuEntry],
    left_out: &LeftOut,
    pages: &PageNames<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<MenuItem> {
    let mut follow = |name: &str, url: &MenuTarget| match portal.target(&url.url, url.spot.clone()) {
        Ok(Target { permalink, path }) => {
            Some(MenuItem { name: name.to_owned(), url: url.url.clone(), permalink, path, children: Vec::new() })
        }
        Err(problem) => {
            let guessed = Some(pages).filter(|_| findings.len() < MOST_GUESSED);
            findings.push(problem.finding(&url.url, false, left_out, guessed).at(url.spot.place()));
            None
        }
    };
    let mut items = Vec::new();
    for entry in entries {
        let item = follow(&entry.name, &entry.url);
        let children = entry.children.iter().filter_map(|child| follow(&child.name, &child.url)).collect();
        items.extend(item.map(|item| MenuItem { children, ..item }));
    }
    items
}

/// Where sections with `redirect_to` lead. One that leads to itself, by whatever way, is reported.
fn redirects(portal: &mut Portal, left_out: &LeftOut, pages: &PageNames<'_>, findings: &mut Vec<Diagnostic>) {
    let mut leads: BTreeMap<String, (SectionId, String)> = BTreeMap::new();
    for number in portal.sections.ids() {
        let Some(url) = portal.sections[number].front.redirect_to.clone() else { continue };
        let Some(spot) = portal.sections[number].document.spot_of(&["redirect_to"]) else { continue };
        match portal.target(&url, spot.clone()) {
            Ok(Target { permalink, path }) => {
                leads.insert(portal.sections[number].path.to_string(), (number, path));
                Arc::make_mut(&mut portal.sections[number]).redirect = Some(permalink.into());
            }
            Err(problem) => {
                let guessed = Some(pages).filter(|_| findings.len() < MOST_GUESSED);
                findings.push(problem.finding(&url, false, left_out, guessed).at(spot.place()));
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
                    Diagnostic::new("redirect-circle", text!("`redirect_to` leads in a circle: {way}", way = way.join(" → ")))
                        .at(portal.sections[*number].document.place(&["redirect_to"]))
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
