//! What functions of templates ask the portal for.

use std::sync::Arc;

use tera::{Error, TeraResult};

use super::scope::{self, Rendering};
use crate::diagnostic::did_you_mean;
use crate::portal::{Entry, Page, Portal};
use crate::reads::{List, Read, note, note_summaries};
use crate::records::Kind;

/// The rendering that is under way.
pub(super) fn rendering() -> TeraResult<Arc<Rendering>> {
    scope::current().ok_or_else(|| Error::message("this function works only while a page is rendered"))
}

/// The page or section of a file, as templates name it.
pub(super) fn entry_of(portal: &Portal, path: &str) -> Result<Entry, String> {
    portal.entry(path).ok_or_else(|| {
        let mut files: Vec<&str> = portal.by_file.keys().map(|file| &**file).collect();
        files.sort_unstable();
        let near = did_you_mean(path, files).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!("there is no page `{path}`{near}")
    })
}

/// The page of a record; it counts as read.
pub(super) fn record<'r>(rendering: &'r Rendering, kind: Kind, id: &str) -> TeraResult<(usize, &'r Page)> {
    let id: Arc<str> = id.into();
    let number = rendering.portal.by_id.get(&(kind, id.clone())).copied().ok_or_else(|| {
        let ids = rendering.portal.by_id.keys().filter(|(of, _)| *of == kind).map(|(_, id)| &**id);
        let near = did_you_mean(&id, ids).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Error::message(format!("there is no {} `{id}`{near}", kind.as_str()))
    })?;
    let page = &rendering.portal.pages[number];
    note(Read::Summary(page.document.file.clone()));
    Ok((number, page))
}

/// Notes that the pages of a section were read.
pub(super) fn note_listing(portal: &Portal, section: usize) {
    let section = &portal.sections[section];
    note(Read::Listing(List::Section(section.document.file.clone())));
    note_summaries(portal, &section.pages);
}
