//! What functions of templates ask the portal for.

use std::cell::RefCell;
use std::sync::Arc;

use tera::TeraResult;

use super::scope::{self, Rendering};
use super::template_errors::{Refusal, spoken, with_help};
use crate::diagnostic::{About, Text, did_you_mean, text};
use crate::portal::{Entry, Page, PageId, Portal, SectionId};
use crate::reads::{List, Read, note, note_summaries};
use crate::records::Kind;

thread_local! {
    // Errors of Tera hold a text and nothing else.
    static LACKING: RefCell<Option<About>> = const { RefCell::new(None) };
}

/// Notes that something was asked for which is not there: what is rendered fails.
pub(super) fn lacks(about: About) {
    LACKING.set(Some(about));
}

/// What was asked for last and was not there, since this was asked last.
pub(super) fn lacking() -> Option<About> {
    LACKING.take()
}

/// The rendering that is under way.
pub(super) fn rendering() -> TeraResult<Arc<Rendering>> {
    scope::current().ok_or_else(|| spoken(Text::from("this function works only while a page is rendered")))
}

/// The page or section of a file, as templates name it.
pub(super) fn entry_of(portal: &Portal, path: &str) -> Result<Entry, Refusal> {
    portal.entry(path).ok_or_else(|| {
        let mut files: Vec<&str> = portal.by_file.keys().map(|file| &**file).collect();
        files.sort_unstable();
        let near = did_you_mean(path, files).map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
        lacks(About::File(path.strip_prefix("@/").unwrap_or(path).to_owned()));
        with_help(text!("there is no page `{path}`{near}", path, near), "name a page by its file below content/: `kurse/ils.md`")
    })
}

/// The page of a record; it counts as read.
pub(super) fn record<'r>(rendering: &'r Rendering, kind: Kind, id: &str) -> TeraResult<(PageId, &'r Page)> {
    let id: Arc<str> = id.into();
    let number = rendering.portal.by_id.get(&(kind, id.clone())).copied().ok_or_else(|| {
        let ids = rendering.portal.by_id.keys().filter(|(of, _)| *of == kind).map(|(_, id)| &**id);
        let near = did_you_mean(&id, ids).map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
        lacks(About::Record(id.to_string()));
        spoken(text!("there is no {kind} `{id}`{near}", kind = Text::from(kind.as_str()), id, near))
    })?;
    let page = &rendering.portal.pages[number];
    note(Read::Summary(page.document.file.clone()));
    Ok((number, page))
}

/// Notes that the pages of a section were read.
pub(super) fn note_listing(portal: &Portal, section: SectionId) {
    let section = &portal.sections[section];
    note(Read::Listing(List::Section(section.document.file.clone())));
    note_summaries(portal, &section.pages);
}
