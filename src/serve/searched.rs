//! The index by which readers search, in the preview: made when somebody searches, of the pages as they are
//! served then. So no update waits for it, and nothing is made for who does not search.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::output::Bytes;
use crate::portal::Portal;
use crate::search;

/// What every search asks for first: which files the index has.
const ENTRY: &str = "pagefind-entry.json";

/// The pages that are served: which version they are, of which portal, and what lies at their paths.
pub(super) type Pages = (Arc<str>, Arc<Portal>, HashMap<Arc<str>, Bytes>);

type Index = HashMap<Arc<str>, Bytes>;

/// The index of what is served.
#[derive(Debug, Default)]
pub(super) struct Searched(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Of which version the index is.
    version: Option<Arc<str>>,
    now: Index,
    /// The one before: a page that is open asks for its files until it is loaded anew.
    before: Index,
}

impl Searched {
    /// A file of the index, by its name. The index is made anew where `pages` are of another version than it
    /// is, as soon as a search begins.
    pub(super) fn file(&self, name: &str, pages: impl Fn() -> Option<Pages>) -> Option<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if (name == ENTRY || kept.version.is_none())
            && let Some((version, portal, pages)) = pages()
            && kept.version.as_ref() != Some(&version)
        {
            let made = search::index(&portal, &|path| pages.get(path)?.text()).unwrap_or_default();
            kept.before = std::mem::replace(&mut kept.now, made.into_iter().collect());
            kept.version = Some(version);
        }
        let path = format!("{}/{name}", search::FOLDER);
        kept.now.get(&*path).or_else(|| kept.before.get(&*path)).cloned()
    }
}
