//! What an output looked at while it was rendered.

use std::sync::Arc;

use crate::records::Kind;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// All of a page or section but its content.
    Summary(Arc<str>),
    /// Its content.
    Content(Arc<str>),
    /// Which pages and sections are in a section, and in which order.
    Listing(Arc<str>),
    /// Which pages have a record of a kind, and in which order.
    Records(Kind),
    /// Which page has the record of that id.
    Record(Kind, Arc<str>),
    /// A source.
    Source(Arc<str>),
    /// Which sources there are, and who cites them.
    Sources,
    /// A taxonomy: its terms, and the pages of each.
    Taxonomy(Arc<str>),
    /// A data file.
    Data(Arc<str>),
    /// The address of a static file or of another output.
    Address(Arc<str>),
    /// A word of the theme.
    Word(Arc<str>),
    /// The settings.
    Config,
    /// The day.
    AsOf,
}

/// Everything that was looked at. It is noted as it comes, since templates ask for the same word or page again and again, and put in order once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads(Vec<Read>);

impl Reads {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one more.
    pub fn insert(&mut self, read: Read) {
        self.0.push(read);
    }

    /// In order, each once, and no larger than needed.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.shrink_to_fit();
        self
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Read> {
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
