//! Where something that a finished page shows was written.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::site::SitePage;
use crate::config::SITE_FILE;
use crate::content::{Body, Call, Link};
use crate::diagnostic::Place;
use crate::files::Files;
use crate::pipeline::Texts;
use crate::portal::{Destination, Entry, Portal};
use crate::records::SOURCES_FILE;

/// Finds where things were written.
pub(super) struct Places<'s> {
    portal: &'s Portal,
    texts: Texts<'s>,
    /// Of the pages that were looked into.
    links: Mutex<HashMap<Entry, Arc<Links>>>,
}

/// The places of links, as bytes of a file, by their addresses.
type Links = BTreeMap<String, Vec<Range<usize>>>;

impl<'s> Places<'s> {
    pub(super) fn new(portal: &'s Portal, files: &'s dyn Files) -> Self {
        Self { portal, texts: Texts::new(&portal.config, files), links: Mutex::default() }
    }

    /// Where an address of a page was written: all places in its Markdown, else in its front matter, the
    /// sources, the settings, or a template; the page's file as a whole where none of them has it as it
    /// stands. None for a page without a file.
    pub(super) fn of_address(&self, page: &SitePage, written: &str) -> Vec<Place> {
        let own = page.file();
        let own = own.as_deref();
        let ways: [&dyn Fn() -> Vec<Place>; 6] = [
            &|| self.in_markdown(page, written, &|_, _| true),
            &|| own.map(|file| self.texts.in_file(file, written, usize::MAX)).unwrap_or_default(),
            &|| self.in_calls(page, written),
            &|| self.texts.in_first([SITE_FILE, SOURCES_FILE].into_iter(), written, usize::MAX),
            &|| self.texts.in_templates(written, usize::MAX),
            &|| own.map(Place::file).into_iter().collect(),
        ];
        ways.iter().map(|way| way()).find(|places| !places.is_empty()).unwrap_or_default()
    }

    /// Where images without an `alt` were written, at most so many as the page has.
    pub(super) fn of_images_without_alt(&self, page: &SitePage, src: &str, most: usize) -> Vec<Place> {
        let bare = |text: &str, span: &Range<usize>| {
            if text[..span.start].ends_with("](") {
                return false;
            }
            let start = text[..span.start].rfind('<').unwrap_or(0);
            let end = text[span.end..].find('>').map_or(text.len(), |at| span.end + at);
            !text[start..end].contains("alt=")
        };
        self.first(page, src, &bare, most)
    }

    /// Where links without a text were written, at most so many as the page has.
    pub(super) fn of_nameless_links(&self, page: &SitePage, href: &str, most: usize) -> Vec<Place> {
        let bare = |text: &str, span: &Range<usize>| [")](", "[]("].iter().any(|end| text[..span.start].ends_with(end));
        let in_html = |text: &str, span: &Range<usize>| !text[..span.start].ends_with("](");
        self.first(page, href, &|text, span| bare(text, span) || in_html(text, span), most)
    }

    /// The images of the page's Markdown with nothing between their brackets.
    pub(super) fn of_images_without_text(&self, page: &SitePage, src: &str) -> Vec<Place> {
        self.in_markdown(page, src, &|text, span| text[..span.start].ends_with("![]("))
    }

    /// The first places in the Markdown that look right; where none does, the first that has the address.
    fn first(&self, page: &SitePage, written: &str, is_right: &dyn Fn(&str, &Range<usize>) -> bool, most: usize) -> Vec<Place> {
        let mut places = self.in_markdown(page, written, is_right);
        if places.is_empty() {
            places = self.of_address(page, written);
        }
        places.truncate(most);
        places
    }

    /// The links of the page's Markdown that lead there and look right, in order.
    fn in_markdown(&self, page: &SitePage, written: &str, is_right: &dyn Fn(&str, &Range<usize>) -> bool) -> Vec<Place> {
        let Some(entry) = page.source.as_ref().and_then(|file| self.portal.of_file(file)) else { return Vec::new() };
        let links = self.links_of(entry);
        let Some(spans) = links.get(written) else { return Vec::new() };
        let source = &self.portal.document(entry).source;
        let there = spans.iter().filter(|span| source.text().get((*span).clone()).is_some() && is_right(source.text(), span));
        there.map(|span| source.place(span.clone())).collect()
    }

    /// The calls of shortcodes in the page's Markdown that are given the end of an address, `team.jpg` of
    /// `/about/team.jpg`, where no other part of the file has it whole.
    fn in_calls(&self, page: &SitePage, written: &str) -> Vec<Place> {
        fn each_call<'b>(body: &'b Body, found: &mut Vec<&'b Call>) {
            for call in &body.calls {
                found.push(call);
                call.body.iter().for_each(|inner| each_call(inner, found));
            }
        }
        let Some(entry) = page.source.as_ref().and_then(|file| self.portal.of_file(file)) else { return Vec::new() };
        let document = self.portal.document(entry);
        let decoded = percent_encoding::percent_decode_str(written).decode_utf8_lossy();
        let is_end = |text: &str| {
            let before = [written, &*decoded].into_iter().find_map(|address| address.strip_suffix(text));
            text.contains(['.', '/']) && before.is_some_and(|before| before.ends_with('/') || text.starts_with('/'))
        };
        let mut calls = Vec::new();
        each_call(&document.body, &mut calls);
        let given = calls.into_iter().flat_map(|call| {
            let texts = call.texts().filter(|(text, _)| is_end(text));
            texts.map(|(_, range)| call.span.start + range.start..call.span.start + range.end).collect::<Vec<_>>()
        });
        given.map(|range| document.source.place(range)).collect()
    }

    /// Where the Markdown of a page or section has links, by what was written and by the address that this
    /// becomes.
    fn links_of(&self, entry: Entry) -> Arc<Links> {
        if let Some(links) = self.links.lock().unwrap_or_else(PoisonError::into_inner).get(&entry) {
            return links.clone();
        }
        let mut links = Links::new();
        each_link(&self.portal.document(entry).body, &mut |link| {
            if let Ok(Destination::Address(address) | Destination::Anchor(address, ..) | Destination::Path(address, _)) =
                self.portal.destination(entry, link)
            {
                links.entry(address).or_default().push(link.span.clone());
            }
            links.entry(link.target.clone()).or_default().push(link.span.clone());
        });
        for spans in links.values_mut() {
            spans.sort_by_key(|span| span.start);
            spans.dedup();
        }
        let links = Arc::new(links);
        self.links.lock().unwrap_or_else(PoisonError::into_inner).insert(entry, links.clone());
        links
    }

    /// A template, as a whole.
    pub(super) fn of_template(&self, name: &str) -> Place {
        self.texts.of_template(name)
    }

    /// Where a word was written that a page shows: in its file, in the settings, or in a template.
    pub(super) fn of_word(&self, page: &SitePage, word: &str, most: usize) -> Vec<Place> {
        let places: Vec<Place> = page.file().iter().flat_map(|file| self.texts.in_file(file, word, most)).collect();
        let places = if places.is_empty() { self.texts.in_file(SITE_FILE, word, most) } else { places };
        if places.is_empty() { self.texts.in_templates(word, most) } else { places }
    }

    /// The place of a key of front matter; of the title where it is not there, of the file as a whole where
    /// that is not there either.
    pub(super) fn of_key(&self, file: &str, key: &str, path: &str) -> Place {
        let document = self.portal.of_file(file).map(|entry| self.portal.document(entry));
        [key, "title"].iter().find_map(|key| Some(document?.spot_of(&[key])?.place())).unwrap_or_else(|| Place::file(path))
    }

    /// The heading of the page's Markdown that has an id.
    pub(super) fn of_heading(&self, page: &SitePage, id: &str) -> Option<Place> {
        let file = page.source.as_ref()?;
        let document = self.portal.document(self.portal.of_file(file)?);
        Some(document.source.place(document.heading(id)?.span.clone()))
    }

    /// Where an id is given that an element of the page has a second time.
    pub(super) fn of_id(&self, page: &SitePage, id: &str) -> Option<Place> {
        self.texts.of_id(&page.file()?, id).or_else(|| self.of_heading(page, id))
    }

    /// An address as somebody wrote it; where that is not known, without what all addresses of the portal
    /// begin with.
    pub(super) fn as_written(&self, place: Option<&Place>, address: &str) -> String {
        let here = place.filter(|place| place.line > 0).map(|place| &place.text[place.range_in_text()]);
        let below_root = address.strip_prefix(&*self.portal.config.base_url).filter(|rest| rest.starts_with('/'));
        here.or(below_root).unwrap_or(address).to_owned()
    }
}

/// Each link of a body, and of the bodies of calls in it.
fn each_link(body: &Body, visit: &mut dyn FnMut(&Link)) {
    body.links.iter().for_each(&mut *visit);
    for inner in body.calls.iter().filter_map(|call| call.body.as_ref()) {
        each_link(inner, visit);
    }
}
