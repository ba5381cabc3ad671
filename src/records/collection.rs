//! What is published together.

use super::kinds::Kind;
use super::source::SOURCE;

/// What is published together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// The records of a kind.
    Records(Kind),
    /// The sources that records cite by their ids.
    Sources,
}

impl Collection {
    /// The name of its files, and of the list in its JSON.
    pub fn name(self) -> &'static str {
        match self {
            Collection::Records(kind) => kind.plural(),
            Collection::Sources => "sources",
        }
    }

    /// What one entry of it is called.
    pub fn kind(self) -> &'static str {
        match self {
            Collection::Records(kind) => kind.as_str(),
            Collection::Sources => SOURCE,
        }
    }
}
