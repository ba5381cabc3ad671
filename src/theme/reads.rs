//! What an output looked at while it was rendered.

use std::collections::BTreeSet;
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

/// Everything that was looked at.
pub type Reads = BTreeSet<Read>;
