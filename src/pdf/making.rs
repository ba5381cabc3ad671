//! What a document is made with.

use super::fonts::FontFile;
use crate::locale::Locale;

/// What a document is made with.
pub(crate) struct Making<'m> {
    /// The language that it is written in.
    pub locale: &'static Locale,
    /// The address that links are relative to.
    pub base: &'m str,
    /// The fonts by the path that the HTML names.
    pub fonts: &'m dyn Fn(&str) -> Option<FontFile>,
}
