//! Lists of pages.

use std::sync::Arc;

use crate::content::ContentPath;
use crate::portal::{PageId, Portal};

/// A list of pages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// All pages of the portal.
    Portal,
    /// Those of a section.
    Section(ContentPath),
    /// Those of a term: names of the taxonomy and of the term.
    Term(Arc<str>, Arc<str>),
}

impl List {
    /// Its pages, in its order; none of a list that is not there. Of all pages of the portal the numbers are
    /// not listed.
    pub fn pages<'p>(&self, portal: &'p Portal) -> &'p [PageId] {
        let pages = match self {
            List::Portal => None,
            List::Section(file) => portal.section(file).map(|section| &section.pages),
            List::Term(taxonomy, term) => portal.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(term)).map(|term| &term.pages),
        };
        pages.map_or(&[], Vec::as_slice)
    }

    /// By how many pages it is divided; none where it is not.
    pub fn divided_by(&self, portal: &Portal) -> Option<usize> {
        let by = match self {
            List::Portal => None,
            List::Section(file) => portal.section(file)?.front.paginate_by,
            List::Term(taxonomy, _) => portal.taxonomy(taxonomy)?.setting.paginate_by,
        };
        by.map(|by| by as usize)
    }

    /// The pages that stand on one page of a divided list, how many such pages there are, and how many in
    /// all; none where there is no such page.
    pub fn part<'p>(&self, portal: &'p Portal, at: usize) -> Option<(&'p [PageId], usize, usize)> {
        let (pages, by) = (self.pages(portal), self.divided_by(portal)?.max(1));
        let count = pages.len().div_ceil(by).max(1);
        (at < count).then(|| (&pages[at * by..((at + 1) * by).min(pages.len())], count, pages.len()))
    }
}
