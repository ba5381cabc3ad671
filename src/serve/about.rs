//! What a page that is open asks about itself: whether it changed, where it went, and what an editor should
//! know of it.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::answer::{path_of, tag_of_nothing};
use super::events::Shown;
use super::memory::Memory;
use super::settings::Settings;
use super::state::Found;
use crate::content::Front;
use crate::limits::{MOST_COMING, MOST_USED};
use crate::portal::{Coming, Portal};

/// What a path is written with in an address, beside letters and digits.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

#[derive(Serialize)]
struct About<'a> {
    /// What tells the page as it is now from what it was.
    tag: String,
    /// Where the page is, if it is no longer where it was.
    moved: Option<String>,
    /// The same of the files that it uses; none for one that is not there.
    uses: BTreeMap<&'a str, Option<String>>,
    /// Of a page that is made from a file.
    page: Option<Page<'a>>,
    /// How many pages are held back until their day.
    coming_count: usize,
    /// The first of them, by their days.
    coming: Vec<Ahead<'a>>,
}

/// A page that is dated ahead.
#[derive(Serialize)]
struct Ahead<'a> {
    title: &'a str,
    /// Its day, as the language of the portal writes it.
    date: String,
    /// Its file, relative to the portal.
    file: String,
    editor: Option<String>,
}

#[derive(Serialize)]
struct Page<'a> {
    /// The file, as one finds it on this machine.
    path: String,
    /// The same, relative to the portal.
    file: String,
    /// An address that opens it in an editor.
    editor: Option<String>,
    draft: bool,
    words: usize,
    findings: Vec<Shown<'a>>,
}

/// What there is to say about the page at `address` and the files that it uses, as JSON.
pub(super) fn page(address: &str, uses: &[String], memory: &Memory, settings: &Settings) -> Vec<u8> {
    let (portal, findings) = memory.portal();
    let (tag, source) = match path_of(address).map(|path| memory.find(&path)) {
        Some(Found::Output(held)) => (held.tag(), held.source),
        Some(Found::NoSite(_)) => (String::from("none"), None),
        Some(Found::Nothing) | None => (tag_of_nothing(memory), None),
    };
    let moved = if source.is_none() { memory.moved(address) } else { None };
    let tag_of = |address: &String| match path_of(address).map(|path| memory.peek(&path)) {
        Some(Found::Output(held)) => Some(held.tag()),
        _ => None,
    };
    let uses = uses.iter().take(MOST_USED).map(|address| (address.as_str(), tag_of(address))).collect();
    let entry = portal.as_deref().and_then(|portal| portal.of_file(source.as_deref()?));
    let document = portal.as_deref().zip(entry).map(|(portal, entry)| portal.document(entry));
    let page = document.map(|document| {
        let file = document.file.in_portal();
        let path = settings.root.join(&file).to_string_lossy().into_owned();
        let draft = match &document.front {
            Front::Page(front) => front.draft,
            Front::Section(front) => front.draft,
        };
        let editor = opened_in_editor(&path, settings);
        let of_page = findings.in_file(&file).into_iter();
        Page {
            path,
            editor,
            draft: draft.unwrap_or(false),
            words: document.body.words,
            findings: of_page.map(|finding| Shown::new(finding, settings.language)).collect(),
            file,
        }
    });
    let coming = portal.as_deref().map(|portal| ahead(portal, settings)).unwrap_or_default();
    let coming_count = portal.as_deref().map_or(0, |portal| portal.coming.len());
    serde_json::to_vec(&About { tag, moved, uses, page, coming_count, coming }).unwrap_or_default()
}

/// The pages that are next to come.
fn ahead<'p>(portal: &'p Portal, settings: &Settings) -> Vec<Ahead<'p>> {
    let mut coming: Vec<&Coming> = portal.coming.iter().collect();
    coming.sort_by_key(|page| (page.date, &page.document.file));
    let shown = coming.into_iter().take(MOST_COMING).map(|page| {
        let file = page.document.file.in_portal();
        let editor = opened_in_editor(&settings.root.join(&file).to_string_lossy(), settings);
        Ahead { title: &page.title, date: portal.config.locale(page.document.language).date(page.date), file, editor }
    });
    shown.collect()
}

/// The address that opens a file in the editor that the preview was told of.
fn opened_in_editor(path: &str, settings: &Settings) -> Option<String> {
    settings.editor.as_ref().map(|editor| editor.replace("{path}", &utf8_percent_encode(path, &PLAIN).to_string()))
}
