//! What an output looked at while it was rendered: each room that makes something of the portal notes here
//! what it made it of.

mod ledger;
mod list;
mod recording;

pub(crate) use ledger::Ledger;
pub(crate) use list::List;
pub(crate) use recording::{cited, note, note_all, note_sessions, note_summaries, recorded};

use std::sync::Arc;

use crate::content::ContentPath;
use crate::images::Recipe;
use crate::locale::LanguageId;
use crate::records::{Aspect, Collection, Kind, Moment};

/// One thing that was looked at. Pages and sections go by their file below `content/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// All of a page or section but its content.
    Summary(ContentPath),
    /// Its content, without what other reads tell: where links lead, what components gave, which glossary
    /// entries were found.
    Content(ContentPath),
    /// Where it stands: its address, and those of the files beside it.
    Place(ContentPath),
    /// The glossary entries that its content mentions, with their addresses.
    Mentions(ContentPath),
    /// Which pages a list has, in which order.
    Listing(List),
    /// Which of them stand on one page of a divided list, and how many there are of both.
    Part(List, usize),
    /// Which of them are the newest: those that a feed shows.
    Newest(List),
    /// Which pages have a record of a kind, in which order: all, or those of a provider and about a role.
    Records(Kind, Option<Arc<str>>, Option<Arc<str>>),
    /// A source.
    Source(Arc<str>),
    /// Which sources there are, and who cites them.
    Sources,
    /// Which terms a taxonomy has, and how many pages each.
    Terms(Arc<str>),
    /// The address of a term: names of the taxonomy and of the term.
    Term(Arc<str>, Arc<str>),
    /// The first pages with a record of a kind, in their order, at most so many: of all, or of those of a
    /// provider and about a role.
    First(Kind, Option<Arc<str>>, Option<Arc<str>>, usize),
    /// How many pages have a record of a kind: all, or those of a provider and about a role.
    Count(Kind, Option<Arc<str>>, Option<Arc<str>>),
    /// What courses have in common, and which lists of the course finder there are.
    Finder,
    /// One page of a list of the course finder, by the address of the list: what it is called, which courses
    /// stand on it, how many there are of both.
    FinderList(Arc<str>, usize),
    /// What stands beside a list of the course finder, by its address: other lists, each with its name and
    /// how many courses it has.
    FinderNavigation(Arc<str>),
    /// One page of the list of all values of a facet, by the address of that list.
    FinderValues(Arc<str>, usize),
    /// The address of the list of a facet and a value, by their names.
    FinderAddress(Arc<str>, Arc<str>),
    /// The orders of the course finder that have lists.
    FinderOrders,
    /// What the sitemap lists.
    Sitemap,
    /// A data file.
    Data(Arc<str>),
    /// A file of `content/` that is published as it is.
    File(Arc<str>),
    /// What is known of the image of a file, and how images are published.
    Picture(Arc<str>),
    /// Which file a template means by the path of an image, and the address of that.
    ImageFile(Arc<str>),
    /// A size of an image, which is made because of it. All that it is made of was read beside it.
    Made(Arc<Recipe>),
    /// A static file.
    Static(Arc<str>),
    /// The fonts of the theme.
    Fonts,
    /// Where an address that a template asks for leads.
    Address(Arc<str>),
    /// A word of the theme in a language.
    Word(LanguageId, Arc<str>),
    /// A template, with those that it extends and includes, and the components it calls.
    Template(Arc<str>),
    /// A component that content calls, with those that it calls.
    Component(Arc<str>),
    /// The settings.
    Config,
    /// What readers are told of other servers and of what is kept in their browsers.
    Privacy,
    /// That a key of `site.toml` is missing, which readers are told. Nothing is made from it but a finding.
    Missing(Arc<str>),
    /// Which sessions of the course of a page have not begun.
    Sessions(ContentPath),
    /// Whether something of a date is older than it may be.
    Freshness(Aspect, Moment),
    /// Whether something holds no longer that holds until a date.
    Expiry(Moment),
    /// The newest date that the entries of a collection of open data name, and how many there are.
    DataAsOf(Collection),
    /// The day.
    AsOf,
}

impl Read {
    /// The key, where a key is missing.
    pub fn missing(&self) -> Option<Arc<str>> {
        match self {
            Read::Missing(key) => Some(key.clone()),
            _ => None,
        }
    }

    /// The file of the image, where something was looked at of one.
    pub(crate) fn picture(&self) -> Option<Arc<str>> {
        match self {
            Read::Picture(file) => Some(file.clone()),
            _ => None,
        }
    }

    /// The size of an image that is made because of it.
    pub(crate) fn made(&self) -> Option<Arc<Recipe>> {
        match self {
            Read::Made(recipe) => Some(recipe.clone()),
            _ => None,
        }
    }
}

/// Everything that was looked at, as it came: templates ask for the same word or page again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads(Vec<Read>);

impl Reads {
    /// Nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Notes one more.
    pub(crate) fn insert(&mut self, read: Read) {
        self.0.push(read);
    }

    /// Those that `left_out` is not true of.
    #[must_use]
    pub(crate) fn without(mut self, left_out: fn(&Read) -> bool) -> Self {
        self.0.retain(|read| !left_out(read));
        self
    }

    /// All of them.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Read> {
        self.0.iter()
    }
}

impl Extend<Read> for Reads {
    fn extend<I: IntoIterator<Item = Read>>(&mut self, reads: I) {
        self.0.extend(reads);
    }
}

impl IntoIterator for Reads {
    type Item = Read;
    type IntoIter = std::vec::IntoIter<Read>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<const N: usize> From<[Read; N]> for Reads {
    fn from(reads: [Read; N]) -> Self {
        Self(Vec::from(reads))
    }
}
