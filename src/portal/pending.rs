//! Links of which only the finished site says whether they lead anywhere.

use super::page::Entry;
use crate::diagnostic::{Diagnostic, Spot};

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

/// What came of links.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// What is wrong with them.
    pub findings: Vec<Diagnostic>,
    /// Those to an anchor that no heading has; a template may give it.
    pub anchors: Vec<PendingAnchor>,
    /// Those to a path that may be any output.
    pub paths: Vec<PendingPath>,
}

impl Followed {
    /// Whether nothing did that is still of interest.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.anchors.is_empty() && self.paths.is_empty()
    }
}
