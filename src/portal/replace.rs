//! One portal from another, where only texts changed.

use std::collections::HashSet;
use std::sync::Arc;

use super::links::At;
use super::{Entry, Portal};
use crate::content::{CONTENT_DIR, Document, Front};
use crate::diagnostic::Diagnostic;
use crate::files::Files;

impl Portal {
    /// The portal with other texts in some documents, whose front matter, record and citations are what they were. None where a text means something
    /// to other pages: they link to one of its headings, and would have to be checked again.
    ///
    /// What is wrong with the links of these documents goes into `findings`; of all others nothing was wrong, or this is not asked.
    pub fn with_bodies(&self, documents: &[Arc<Document>], files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        if documents.iter().any(|document| self.anchored.contains(&*document.file)) {
            return None;
        }
        let mut portal = self.clone();
        let changed: HashSet<String> = documents.iter().map(|document| format!("{CONTENT_DIR}/{}", document.file)).collect();
        let elsewhere = |at: &At| match at {
            At::Spot(spot) => !changed.contains(&*spot.file),
            At::Place(_) => true,
        };
        portal.pending_anchors.retain(|pending| elsewhere(&pending.at));
        portal.pending_paths.retain(|pending| elsewhere(&pending.at));
        let mut entries = Vec::with_capacity(documents.len());
        for document in documents {
            // What is left out, a draft, has no page.
            let Some(entry) = portal.of_file(&document.file) else { continue };
            match (entry, &document.front) {
                (Entry::Page(number), Front::Page(front)) => {
                    let page = Arc::make_mut(&mut portal.pages[number]);
                    (page.document, page.front) = (document.clone(), front.clone());
                }
                (Entry::Section(number), Front::Section(front)) => {
                    let section = Arc::make_mut(&mut portal.sections[number]);
                    (section.document, section.front) = (document.clone(), front.clone());
                }
                _ => return None,
            }
            entries.push(entry);
        }
        portal.check_links(&mut entries.into_iter(), files, &|_| false, findings);
        super::imprint::check(&portal, findings);
        Some(portal)
    }
}
