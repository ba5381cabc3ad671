//! What a graph is made of, and what it looks at.

use std::sync::Arc;

use crate::portal::{Entry, PageId, SectionId};

/// What a graph looks at beside its own page. Whoever makes one notes it.
pub(crate) trait Sight {
    /// A page is looked at.
    fn page(&mut self, number: PageId);
    /// A section is looked at.
    fn section(&mut self, number: SectionId);
    /// It is looked at which pages a section has, and which of all pages are terms.
    fn terms(&mut self, section: SectionId);
    /// A source is looked at.
    fn source(&mut self, id: &Arc<str>);
    /// The pages with salaries of a role.
    fn salaries(&mut self, role: &str) -> Vec<PageId>;
    /// The sessions that are still to come of the course of a page.
    fn sessions(&mut self, number: PageId);
    /// The full address of the picture of a page or section; none where it has none.
    fn picture(&mut self, entry: Entry) -> Option<String>;
    /// A word of the theme; none where it has no such word.
    fn word(&mut self, key: &str) -> Option<String>;
}

/// What a graph is made of.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    /// The page or section; none where it is a list of something else.
    pub entry: Option<Entry>,
    /// The full address.
    pub address: String,
    /// What it is called.
    pub name: String,
    /// The names and full addresses of what stands between the home page and it, where it is no page or
    /// section.
    pub above: Vec<(String, String)>,
    /// The pages that it shows as a list.
    pub listed: Vec<PageId>,
    /// How many pages of its list stand before these.
    pub skipped: usize,
    /// How many pages its list has, on all the pages that it is divided into.
    pub total: usize,
    /// The full address at which its list begins.
    pub list: String,
    /// The files that it offers as data: full address, and media type.
    pub files: Vec<(String, &'static str)>,
    /// Questions that it answers, and their answers, as plain text.
    pub questions: Vec<(String, String)>,
}
