//! The index by which readers search a portal, made of finished pages.
//!
//! Pagefind makes and reads it; it finds words, their stems and beginnings, with and without marks on their
//! letters. What it does not know is added to each page in fields that nobody is shown ([`words`]): the later
//! parts of compounds, and other words for what the page says.

#[cfg(feature = "search")]
mod engine;
mod entry;
mod words;

use std::borrow::Cow;
use std::sync::Arc;

use crate::output::Bytes;
use crate::portal::Portal;

/// The folder of the index, below the root of the site.
pub(crate) const FOLDER: &str = "pagefind";

/// Without Pagefind nothing is searched: the page for searching shows the ways through the portal.
#[cfg(not(feature = "search"))]
mod engine {
    use super::entry::Entry;
    use super::words::Hidden;

    pub(super) fn files<'e>(entries: impl Iterator<Item = (&'e Entry, Hidden)>) -> Result<Vec<(String, Vec<u8>)>, String> {
        entries.for_each(|(entry, hidden)| drop((&entry.url, &entry.language, &entry.kind, &entry.detail, &entry.filters, hidden)));
        Ok(Vec::new())
    }
}

/// The files of the index, by path; none where the portal has no page for searching, or the program was
/// built without the feature `search`. `page` gives what lies at a path.
///
/// # Errors
/// What Pagefind says; nothing that editors write brings it about.
pub(crate) fn index<'b>(portal: &Portal, page: &(dyn Fn(&str) -> Option<Cow<'b, str>> + Sync)) -> Result<Vec<(Arc<str>, Bytes)>, String> {
    if portal.search.is_none() || !cfg!(feature = "search") {
        return Ok(Vec::new());
    }
    let entries = entry::entries(portal, page);
    let (hidden, known) = words::hidden(portal, &entries);
    let mut files = engine::files(entries.iter().zip(hidden))?;
    files.push((String::from("words.json"), serde_json::to_vec(&known).unwrap_or_default()));
    Ok(files.into_iter().map(|(name, bytes)| (format!("{FOLDER}/{name}").into(), Bytes::Made(bytes.into()).packed())).collect())
}
