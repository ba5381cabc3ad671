//! Where something that a finished page shows was written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::site::SitePage;
use crate::config::SITE_FILE;
use crate::content::{Body, CONTENT_DIR, Link, place_of_key};
use crate::diagnostic::{Place, Spot};
use crate::files::{self, Files};
use crate::portal::{Destination, Entry, Portal, place_of};

/// Finds where things were written; what was read for it is kept.
pub(super) struct Places<'s> {
    portal: &'s Portal,
    files: &'s dyn Files,
    /// The files of templates, those of the portal first.
    templates: Vec<String>,
    texts: Mutex<HashMap<String, Option<Arc<str>>>>,
}

impl<'s> Places<'s> {
    pub fn new(portal: &'s Portal, files: &'s dyn Files) -> Self {
        let folders = [String::from("templates"), format!("themes/{}/templates", portal.config.theme)];
        let templates = folders.iter().flat_map(|folder| files.list(folder).files).collect();
        Self { portal, files, templates, texts: Mutex::default() }
    }

    /// Where an address of a page was written: in its Markdown, its front matter, the sources, the settings, or a template; the page's file
    /// as a whole where none of them has it as it stands. None for a page without a file.
    pub fn of_address(&self, page: &SitePage, written: &str) -> Option<Place> {
        let own = page.source.as_ref().map(|file| format!("{CONTENT_DIR}/{file}"));
        self.in_markdown(page, written)
            .or_else(|| self.in_file(own.as_deref()?, written))
            .or_else(|| self.in_settings(written))
            .or_else(|| self.in_template(written))
            .or_else(|| own.as_deref().map(Place::file))
    }

    /// The link of the page's Markdown that leads there.
    fn in_markdown(&self, page: &SitePage, written: &str) -> Option<Place> {
        let file = page.source.as_ref()?;
        let entry = self.portal.of_file(file)?;
        let link = find_link(&self.portal.document(entry).body, &|link| self.gives(entry, link, written))?;
        Some(place_of(self.files, &Spot { file: format!("{CONTENT_DIR}/{file}").into(), range: link.span.clone() }))
    }

    /// Whether a link of Markdown becomes an address.
    fn gives(&self, entry: Entry, link: &Link, written: &str) -> bool {
        if link.target == written {
            return true;
        }
        match self.portal.destination(entry, link) {
            Ok(Destination::Address(address) | Destination::Anchor(address, ..) | Destination::Path(address, _)) => address == written,
            Err(_) => false,
        }
    }

    fn in_settings(&self, written: &str) -> Option<Place> {
        let below_root = written.strip_prefix(&*self.portal.config.base_url).filter(|rest| rest.len() > 1);
        [SITE_FILE, "content/sources.toml"].iter().find_map(|file| self.in_file(file, written).or_else(|| self.in_file(file, below_root?)))
    }

    /// Where a template writes an address, in full or as a path.
    fn in_template(&self, written: &str) -> Option<Place> {
        let below_root = written.strip_prefix(&*self.portal.config.base_url).filter(|rest| rest.len() > 1);
        self.templates.iter().find_map(|file| self.in_file(file, written).or_else(|| self.in_file(file, below_root?)))
    }

    /// A template, as a whole.
    pub fn of_template(&self, name: &str) -> Place {
        let own = format!("templates/{name}");
        let in_theme = format!("themes/{}/templates/{name}", self.portal.config.theme);
        Place::file(if self.templates.contains(&own) { &own } else { &in_theme })
    }

    /// The place of a key of front matter; of the title where it is not there, of the file as a whole where that is not there either.
    pub fn of_key(&self, file: &str, key: &str, path: &str) -> Place {
        [key, "title"]
            .iter()
            .map(|key| place_of_key(self.files, file, &[key]))
            .find(|place| place.line > 0)
            .unwrap_or_else(|| Place::file(path))
    }

    /// The heading of the page's Markdown that has an id.
    pub fn of_heading(&self, page: &SitePage, id: &str) -> Option<Place> {
        let file = page.source.as_ref()?;
        let document = self.portal.document(self.portal.of_file(file)?);
        let heading = document.body.headings.iter().find(|heading| heading.id == id)?;
        Some(place_of(self.files, &Spot { file: format!("{CONTENT_DIR}/{file}").into(), range: heading.span.clone() }))
    }

    /// Where an id is given that an element of the page has a second time.
    pub fn of_id(&self, page: &SitePage, id: &str) -> Option<Place> {
        let path = format!("{CONTENT_DIR}/{}", page.source.as_ref()?);
        [format!("id=\"{id}\""), format!("#{id}")]
            .iter()
            .find_map(|written| self.in_file(&path, written))
            .or_else(|| self.of_heading(page, id))
    }

    /// The image of the page's Markdown with nothing between its brackets.
    pub fn of_image_without_text(&self, page: &SitePage, src: &str) -> Option<Place> {
        let file = page.source.as_ref()?;
        let entry = self.portal.of_file(file)?;
        let path = format!("{CONTENT_DIR}/{file}");
        let text = self.text(&path)?;
        let bare = |link: &Link| link.image && text.get(..link.span.start).is_some_and(|before| before.ends_with("![]("));
        let link = find_link(&self.portal.document(entry).body, &|link| bare(link) && self.gives(entry, link, src))?;
        Some(Place::new(&path, &text, link.span.clone()))
    }

    /// Where a file writes something, not as a part of something longer.
    pub fn in_file(&self, path: &str, wanted: &str) -> Option<Place> {
        if wanted.is_empty() {
            return None;
        }
        let text = self.text(path)?;
        let whole =
            |at: &usize| !text[at + wanted.len()..].starts_with(|next: char| next.is_alphanumeric() || matches!(next, '/' | '-' | '_'));
        let at = text.match_indices(wanted).map(|(at, _)| at).find(whole)?;
        Some(Place::new(path, &text, at..at + wanted.len()))
    }

    /// What a file holds, read once.
    fn text(&self, path: &str) -> Option<Arc<str>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = texts.get(path) {
            return text.clone();
        }
        let text = self.files.read(path).ok().and_then(|bytes| files::text(path, bytes).ok()).map(Arc::from);
        texts.insert(path.to_owned(), text.clone());
        text
    }
}

/// The first link of a body, or of the bodies of calls in it, that is the one.
fn find_link<'b>(body: &'b Body, is_it: &dyn Fn(&Link) -> bool) -> Option<&'b Link> {
    body.links.iter().find(|link| is_it(link)).or_else(|| body.calls.iter().find_map(|call| find_link(call.body.as_ref()?, is_it)))
}
