//! Where files of a portal write something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::diagnostic::{Place, SourceText};
use crate::files::{self, Files};

/// Finds where things were written; what was read for it is kept.
pub struct Texts<'f> {
    files: &'f dyn Files,
    /// The files of templates, those of the portal first.
    templates: Vec<String>,
    base_url: String,
    theme: String,
    texts: Mutex<HashMap<String, Option<Arc<SourceText>>>>,
}

impl<'f> Texts<'f> {
    /// The files of a portal.
    pub fn new(config: &Config, files: &'f dyn Files) -> Self {
        let folders = [String::from("templates"), format!("themes/{}/templates", config.theme)];
        let templates = folders.iter().flat_map(|folder| files.list(folder).files).collect();
        Self { files, templates, base_url: config.base_url.to_string(), theme: config.theme.to_string(), texts: Mutex::default() }
    }

    /// The places where a file writes something, not as a part of something longer, at most so many.
    pub fn in_file(&self, path: &str, wanted: &str, most: usize) -> Vec<Place> {
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

    /// Where a template writes an address, in full or as a path: the places in the first that does.
    pub fn in_templates(&self, written: &str, most: usize) -> Vec<Place> {
        self.in_first(self.templates.iter().map(String::as_str), written, most)
    }

    /// Where some files write an address, in full or as a path: the places in the first that does.
    pub fn in_first<'a>(&self, files: impl Iterator<Item = &'a str>, written: &str, most: usize) -> Vec<Place> {
        let below_root = written.strip_prefix(&self.base_url).filter(|rest| rest.len() > 1);
        let mut found =
            files.flat_map(|file| [Some(written), below_root].map(|wanted| self.in_file(file, wanted.unwrap_or_default(), most)));
        found.find(|places| !places.is_empty()).unwrap_or_default()
    }

    /// A template, as a whole.
    pub fn of_template(&self, name: &str) -> Place {
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
        let text = self.files.read(path).ok().and_then(|bytes| files::source(path, bytes).ok());
        texts.insert(path.to_owned(), text.clone());
        text
    }
}

impl std::fmt::Debug for Texts<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Texts")
    }
}
