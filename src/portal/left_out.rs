//! What is written and not published: drafts, and what is dated ahead.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::content::ContentPath;
use crate::diagnostic::{Text, text};
use crate::records::Kind;

/// What is left out of a build, though its files are there.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    /// Markdown files, below `content/`.
    pub(super) files: BTreeMap<ContentPath, Absence>,
    /// Records.
    pub(super) records: BTreeMap<(Kind, Arc<str>), Absence>,
}

/// Why something is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// It is a draft.
    Draft,
    /// It is dated ahead.
    Until(Date),
}

impl Absence {
    /// What is so about `what`, and what whoever leads there by a `way` can do.
    pub(super) fn words(self, what: &Text, way: &'static str) -> (Text, Text) {
        match self {
            Absence::Draft => (
                text!("{what} is a draft", what),
                text!("publish that page (`draft = false`), or take the {way} out", way = Text::from(way)),
            ),
            Absence::Until(date) => (
                text!("{what} is held back until {date}, the day that it is dated", what, date),
                text!(
                    "give that page a `date` that has come, or take the {way} out until then; `--future` builds it now",
                    way = Text::from(way)
                ),
            ),
        }
    }
}
