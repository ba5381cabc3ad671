//! Where files of a portal write something.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::diagnostic::{Place, SourceText};
use crate::files::{self, Files};

/// Finds where things were written; what was read for it is kept.
pub(crate) struct Texts<'f> {
    files: &'f dyn Files,
    /// The files of templates, those of the portal first.
    templates: Vec<String>,
    base_url: String,
    theme: String,
    texts: Mutex<HashMap<String, Option<Arc<SourceText>>>>,
    /// The ids that files give; a page may give thousands.
    ids: Mutex<HashMap<String, Ids>>,
}

impl<'f> Texts<'f> {
    /// The files of a portal.
    pub(crate) fn new(config: &Config, files: &'f dyn Files) -> Self {
        let folders = [String::from("templates"), format!("themes/{}/templates", config.theme)];
        let templates = folders.iter().flat_map(|folder| files.list(folder).files).collect();
        Self {
            files,
            templates,
            base_url: config.base_url.to_string(),
            theme: config.theme.to_string(),
            texts: Mutex::default(),
            ids: Mutex::default(),
        }
    }

    /// The places where a file writes something, not as a part of something longer, at most so many.
    pub(crate) fn in_file(&self, path: &str, wanted: &str, most: usize) -> Vec<Place> {
        let Some(source) = self.source(path).filter(|_| !wanted.is_empty()) else { return Vec::new() };
        let text = source.text();
        let continues = |character: char| character.is_alphanumeric() || matches!(character, '/' | '-' | '_');
        // An anchor behind a path is one of another page.
        let before = |at: usize| match wanted.starts_with(['#', '?']) {
            true => !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '/'),
            false => !wanted.starts_with(continues) || !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '.'),
        };
        let whole = |at: &usize| before(*at) && !text[at + wanted.len()..].starts_with(continues);
        let found = text.match_indices(wanted).map(|(at, _)| at).filter(whole);
        found.take(most).map(|at| source.place(at..at + wanted.len())).collect()
    }

    /// Where a file gives an id first: in HTML, else in Markdown (`#id`).
    pub(crate) fn of_id(&self, path: &str, id: &str) -> Option<Place> {
        let source = self.source(path)?;
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = ids.entry(path.to_owned()).or_insert_with(|| ids_in(source.text()));
        let range = ids.get(&(true, id.to_owned())).or_else(|| ids.get(&(false, id.to_owned())))?;
        Some(source.place(range.clone()))
    }

    /// Where a template writes an address, in full or as a path: the places in the first that does.
    pub(crate) fn in_templates(&self, written: &str, most: usize) -> Vec<Place> {
        self.in_first(self.templates.iter().map(String::as_str), written, most)
    }

    /// Where some files write an address, in full or as a path: the places in the first that does.
    pub(crate) fn in_first<'a>(&self, files: impl Iterator<Item = &'a str>, written: &str, most: usize) -> Vec<Place> {
        let below_root = written.strip_prefix(&self.base_url).filter(|rest| rest.len() > 1);
        let mut found =
            files.flat_map(|file| [Some(written), below_root].map(|wanted| self.in_file(file, wanted.unwrap_or_default(), most)));
        found.find(|places| !places.is_empty()).unwrap_or_default()
    }

    /// A template, as a whole.
    pub(crate) fn of_template(&self, name: &str) -> Place {
        let own = format!("templates/{name}");
        let in_theme = format!("themes/{}/templates/{name}", self.theme);
        Place::file(if self.templates.contains(&own) { &own } else { &in_theme })
    }

    /// What a file holds, read once.
    pub(super) fn source(&self, path: &str) -> Option<Arc<SourceText>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = texts.get(path) {
            return text.clone();
        }
        let text = self.files.read(path).ok().and_then(|bytes| files::source(path, &bytes).ok());
        texts.insert(path.to_owned(), text.clone());
        text
    }
}

/// The first place of each id, and whether HTML gives it.
type Ids = HashMap<(bool, String), Range<usize>>;

fn ids_in(text: &str) -> Ids {
    let mut ids = Ids::new();
    for (at, start) in text.match_indices("id=\"") {
        let from = at + start.len();
        if let Some(end) = text[from..].find('"').filter(|_| !text[..at].ends_with(char::is_alphanumeric)) {
            ids.entry((true, text[from..from + end].to_owned())).or_insert(at..from + end + 1);
        }
    }
    for (at, _) in text.match_indices('#') {
        // An anchor behind a path is one of another page.
        if !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '/') {
            let id: &str =
                text[at + 1..].split(|next: char| !(next.is_alphanumeric() || matches!(next, '-' | '_'))).next().unwrap_or_default();
            ids.entry((false, id.to_owned())).or_insert(at..at + 1 + id.len());
        }
    }
    ids
}

impl std::fmt::Debug for Texts<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Texts")
    }
}
