//! What is wrong with the HTML of a document.

use crate::diagnostic::Text;

/// What the HTML asks for and cannot have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub help: Text,
}

impl Problem {
    pub(super) fn new(message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}
