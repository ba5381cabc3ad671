//! One portal from another, where pages say something else but stand where they stood.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ids::{PageId, SectionId};
use super::model::Portal;
use super::page::{Entry, Page};
use super::placing::page;
use super::{order, references};
use crate::content::{Document, Front, PageFront, SortBy};
use crate::records::{Kind, Record};

/// A portal made of another.
pub struct Replaced {
    /// The portal.
    pub portal: Portal,
    /// The pages and sections whose values may be different: those replaced, and their neighbours.
    pub entries: Vec<Entry>,
    /// Whether nothing but texts is different: no title, no order, no record.
    pub only_texts: bool,
    /// Whether the same outputs are planned.
    pub same_plan: bool,
}

impl Portal {
    /// The portal with other documents in the place of some, of a portal that could be rendered. None where a
    /// document moves, joins or leaves something, where others link to its headings, or where something is
    /// wrong with it other than where its links lead: then all must be put together anew.
    pub fn with_documents(&self, documents: &[Arc<Document>]) -> Option<Replaced> {
        let portal = Self { named: Arc::default(), ..self.clone() };
        let mut replaced = Replaced { portal, entries: Vec::new(), only_texts: true, same_plan: true };
        let mut entries = Vec::with_capacity(documents.len());
        let mut restless = Vec::new();
        for document in documents {
            let entry = self.of_file(&document.file)?;
            let was = self.document(entry);
            if self.anchored.contains(&*document.file) && !was.body.gives_the_same(&document.body) {
                return None;
            }
            match (entry, &was.front, &document.front) {
                (Entry::Page(number), Front::Page(was), Front::Page(is)) => {
                    if !replaced.page(number, was, is, document)? {
                        restless.push(number);
                    }
                }
                (Entry::Section(number), Front::Section(was), Front::Section(is)) if was == is && is.redirect_to.is_none() => {
                    let section = Arc::make_mut(&mut replaced.portal.sections[number]);
                    let same_citations = cites(&section.document).eq(cites(document));
                    (section.document, section.front) = (document.clone(), is.clone());
                    if !same_citations {
                        section.sources = references::cited(&document.mentions);
                        replaced.portal.cited_by = Arc::new(references::cited_by(&replaced.portal));
                        replaced.only_texts = false;
                    }
                }
                _ => return None,
            }
            entries.push(entry);
        }
        replaced.put_in_order(&restless);
        let mut findings = Vec::new();
        references::check(&replaced.portal, &mut entries.iter().copied(), &mut findings);
        if !findings.is_empty() {
            return None;
        }
        replaced.portal.follow_links(&entries);
        replaced.entries.extend(entries);
        Some(replaced)
    }
}

impl Replaced {
    /// Replaces the document of a page. Gives whether only its text is different.
    fn page(&mut self, number: PageId, was: &PageFront, is: &Arc<PageFront>, document: &Arc<Document>) -> Option<bool> {
        let before = self.portal.pages[number].clone();
        let same_place = was.slug == is.slug
            && was.path == is.path
            && was.aliases == is.aliases
            && was.draft == is.draft
            && self.portal.held_back(is).is_none();
        let same_groups = was.taxonomies == is.taxonomies && before.kind() == document.record.as_ref().map(Record::kind);
        if !same_place || !same_groups {
            return None;
        }
        let mut findings = Vec::new();
        let made = page(&self.portal.config, document, is, &mut findings).filter(|_| findings.is_empty())?;
        let same_citations = cites(&before.document).eq(cites(document));
        let only_text = *was == **is && before.document.record == document.record && same_citations;
        self.only_texts &= only_text;
        // The lists of the course finder are planned by what courses say, and named after providers.
        let in_finder = matches!(before.kind(), Some(Kind::Course | Kind::Provider));
        self.same_plan &= was.template == is.template
            && was.in_sitemap == is.in_sitemap
            && was.share_image == is.share_image
            && (only_text || !in_finder);
        self.portal.pages[number] = Arc::new(Page {
            section: before.section,
            ancestors: before.ancestors.clone(),
            lower: before.lower,
            higher: before.higher,
            assets: before.assets.clone(),
            ..made
        });
        if !same_citations {
            self.portal.cited_by = Arc::new(references::cited_by(&self.portal));
        }
        Some(only_text)
    }

    /// Sorts the lists again that some pages are in.
    fn put_in_order(&mut self, restless: &[PageId]) {
        let Self { portal, entries, .. } = self;
        let locale = portal.config.main_locale();
        let mut sections = BTreeSet::new();
        for number in restless {
            let mut section = portal.pages[*number].section;
            while let Some(at) = section {
                sections.insert(at);
                let transparent = portal.sections[at].front.transparent == Some(true);
                section = if transparent { portal.sections[at].ancestors.last().copied() } else { None };
            }
        }
        for at in sections {
            let own = portal.locale(Entry::Section(at));
            let front = portal.sections[at].front.clone();
            let mut pages = portal.sections[at].pages.clone();
            if front.paginate_reversed == Some(true) {
                pages.reverse();
            }
            let by = front.sort_by.unwrap_or(SortBy::None);
            pages.sort_by(|a, b| order::compare(&portal.pages[*a], &portal.pages[*b], by, own));
            if front.paginate_reversed == Some(true) {
                pages.reverse();
            }
            if pages != portal.sections[at].pages {
                Arc::make_mut(&mut portal.sections[at]).pages = pages;
            }
            entries.extend(neighbours(portal, at, restless).into_iter().map(Entry::Page));
        }
        let pages = portal.pages.clone();
        let kinds: BTreeSet<Kind> = restless.iter().filter_map(|number| pages[*number].kind()).collect();
        for kind in kinds {
            if let Some(numbers) = Arc::make_mut(&mut portal.of_kind).get_mut(&kind) {
                numbers.sort_by(|a, b| order::compare(&pages[*a], &pages[*b], SortBy::Weight, locale));
            }
        }
        if restless.iter().any(|number| !pages[*number].front.taxonomies.is_empty()) {
            for term in Arc::make_mut(&mut portal.taxonomies).iter_mut().flat_map(|taxonomy| &mut taxonomy.terms) {
                if restless.iter().any(|number| term.pages.contains(number)) {
                    term.pages.sort_by(|a, b| order::compare(&pages[*a], &pages[*b], SortBy::Date, locale));
                }
            }
        }
    }
}

/// What a document names, by kind and id.
fn cites(document: &Document) -> impl Iterator<Item = (&'static str, &Arc<str>)> {
    document.mentions.iter().map(|mention| (mention.kind, &mention.id))
}

/// Says anew who stands beside whom in a section. Gives the pages that have other neighbours, and those
/// beside the pages `restless`.
fn neighbours(portal: &mut Portal, section: SectionId, restless: &[PageId]) -> BTreeSet<PageId> {
    let own: Vec<PageId> =
        portal.sections[section].pages.iter().copied().filter(|page| portal.pages[*page].section == Some(section)).collect();
    let mut different = BTreeSet::new();
    for (at, page) in own.iter().enumerate() {
        let (lower, higher) = (at.checked_sub(1).map(|at| own[at]), own.get(at + 1).copied());
        let known = &portal.pages[*page];
        if known.lower != lower || known.higher != higher {
            let known = Arc::make_mut(&mut portal.pages[*page]);
            (known.lower, known.higher) = (lower, higher);
            different.insert(*page);
        }
    }
    for number in restless {
        different.extend(portal.pages[*number].lower);
        different.extend(portal.pages[*number].higher);
    }
    different
}
