//! Links of which only the finished site says whether they lead anywhere.

use super::page::Entry;
use crate::diagnostic::Spot;

/// A link whose anchor must be found in what is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAnchor {
    /// Whose anchor.
    pub entry: Entry,
    /// The anchor.
    pub anchor: String,
    /// Where the link was written.
    pub at: Spot,
}

/// A link whose path must be one of the outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingPath {
    /// The path below the root, with its `/` at the beginning.
    pub path: String,
    /// Whether a browser loads it with the page.
    pub loaded: bool,
    /// Where the link was written.
    pub at: Spot,
}
