//! How Markdown is read.

use pulldown_cmark::Options;

use crate::locale::{LanguageId, Locale};

/// How Markdown is set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Quotes, dashes and ellipses as a typesetter would.
    pub smart_punctuation: bool,
    /// The language that it is written in.
    pub language: LanguageId,
    /// How that is written, for quotes and ids of headings.
    pub locale: &'static Locale,
    /// Whether prose is marked for links to glossary entries.
    pub prose: bool,
}

/// Which Markdown is understood.
pub(super) fn options(smart_punctuation: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_SMART_PUNCTUATION, smart_punctuation);
    options
}
