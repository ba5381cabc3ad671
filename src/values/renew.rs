//! Values after a change: those of pages that are what they were are taken over.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;
use tera::Value;

use super::{Values, page_value, section_value, term_values};
use crate::content::ContentPath;
use crate::portal::{Entry, Page, PageId, Portal};

/// The files of pages and sections whose summary is another than before, that came, or that went.
pub(crate) type Changed = HashSet<ContentPath>;

impl Values {
    /// The values of a portal in which nothing is different but these pages and sections.
    pub(crate) fn with_entries(&self, portal: &Portal, entries: &[Entry]) -> (Self, Changed) {
        let mut changed = Changed::new();
        let (mut pages, mut sections) = (self.all_pages().clone(), self.all_sections().clone());
        let terms = term_values(portal);
        for entry in entries {
            let (kept, value) = match entry {
                Entry::Page(number) => (&mut pages[*number], page_value(portal, &terms, *number)),
                Entry::Section(number) => (&mut sections[*number], section_value(portal, *number)),
            };
            if *kept != value {
                *kept = value;
                changed.insert(portal.document(*entry).file.clone());
            }
        }
        (Values::of(portal, pages, sections), changed)
    }

    /// The values of a portal that was another before. `same_settings`: whether what all pages depend on, the
    /// settings, is the same.
    pub(crate) fn renewed(&self, before: &Portal, portal: &Portal, same_settings: bool) -> (Self, Changed) {
        let terms = term_values(portal);
        let numbered_alike = numbered_alike(before, portal);
        let old = |number: PageId, file: &str| {
            if numbered_alike {
                return Some(number);
            }
            match before.of_file(file) {
                Some(Entry::Page(number)) => Some(number),
                _ => None,
            }
        };
        let pages: Vec<(Value, bool)> = portal
            .pages
            .par_ids()
            .map(|number| {
                let page = &portal.pages[number];
                let Some(old) = old(number, &page.document.file) else { return (page_value(portal, &terms, number), true) };
                let kept = &self.all_pages()[old];
                if same_settings && same_page(before, &before.pages[old], portal, page) {
                    return (kept.clone(), false);
                }
                kept_or_new(kept, page_value(portal, &terms, number))
            })
            .collect();
        let sections: Vec<(Value, bool)> = portal
            .sections
            .par_ids()
            .map(|number| {
                let value = section_value(portal, number);
                match before.of_file(&portal.sections[number].document.file) {
                    Some(Entry::Section(old)) => kept_or_new(&self.all_sections()[old], value),
                    _ => (value, true),
                }
            })
            .collect();
        let mut changed = Changed::new();
        let mut files = portal.pages.iter().map(|page| &page.document.file).zip(&pages).collect::<Vec<_>>();
        files.extend(portal.sections.iter().map(|section| &section.document.file).zip(&sections));
        changed.extend(files.into_iter().filter(|(_, (_, changed))| *changed).map(|(file, _)| file.clone()));
        let gone = before.entries().map(|entry| &before.document(entry).file).filter(|file| portal.of_file(file).is_none());
        changed.extend(gone.cloned());
        let values = |all: Vec<(Value, bool)>| all.into_iter().map(|(value, _)| value).collect::<Vec<_>>();
        (Values::of(portal, values(pages).into(), values(sections).into()), changed)
    }
}

/// The old value where the new one is no other, so that nothing is shared twice.
fn kept_or_new(kept: &Value, value: Value) -> (Value, bool) {
    if *kept == value { (kept.clone(), false) } else { (value, true) }
}

fn numbered_alike(before: &Portal, now: &Portal) -> bool {
    before.pages.len() == now.pages.len()
        && before.pages.iter().zip(&now.pages).all(|(before, now)| before.document.file == now.document.file)
}

/// Whether all that the summary of a page is made of is the same, the settings aside.
fn same_page(before: &Portal, was: &Page, now: &Portal, page: &Page) -> bool {
    let neighbour = |was: Option<PageId>, is: Option<PageId>| match (was, is) {
        (None, None) => true,
        (Some(was), Some(is)) => {
            let (was, is) = (&before.pages[was], &now.pages[is]);
            was.permalink == is.permalink && was.path == is.path && was.front.title == is.front.title
        }
        _ => false,
    };
    let above = |portal: &Portal, page: &Page, at: usize| portal.sections[page.ancestors[at]].document.file.clone();
    Arc::ptr_eq(&was.document, &page.document)
        // The addresses of links stand in a summary that ends in the middle of a text.
        && page.document.body.more.is_none()
        && was.permalink == page.permalink
        && was.path == page.path
        && was.slug == page.slug
        && was.name == page.name
        && was.aliases == page.aliases
        && was.assets == page.assets
        && was.sources == page.sources
        && was.ancestors.len() == page.ancestors.len()
        && (0..page.ancestors.len()).all(|at| above(before, was, at) == above(now, page, at))
        && neighbour(was.lower, page.lower)
        && neighbour(was.higher, page.higher)
}
