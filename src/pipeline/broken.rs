//! What follows from files that could not be understood, and is no news.

use std::collections::BTreeSet;

use crate::content::ContentPath;
use crate::diagnostic::{About, Diagnostic};
use crate::locale::composed;
use crate::records::{BrokenSources, SOURCES_FILE};

/// What could not be understood.
pub(super) struct Broken {
    /// Markdown files, below `content/`.
    documents: BTreeSet<String>,
    /// The ids that their records would have.
    ids: BTreeSet<String>,
    sources: BrokenSources,
}

impl Broken {
    /// Of some Markdown files, below `content/`, and of the sources.
    pub(super) fn new<'f>(documents: impl IntoIterator<Item = &'f str>, sources: BrokenSources) -> Self {
        let mut broken = Self { documents: BTreeSet::new(), ids: BTreeSet::new(), sources };
        documents.into_iter().for_each(|file| broken.add(file));
        broken
    }

    fn add(&mut self, file: &str) {
        let stem = file.trim_end_matches(".md").trim_end_matches("/index");
        self.ids.insert(stem.rsplit('/').next().unwrap_or(stem).to_owned());
        self.documents.insert(composed(file).into_owned());
    }

    /// Takes in the pages that have no address, which was found when the portal was put together.
    pub(super) fn add_unplaced(&mut self, unplaced: &[ContentPath]) {
        unplaced.iter().for_each(|file| self.add(file));
    }

    /// Whether a finding may only say that something refers to what could not be understood.
    pub(super) fn explains(&self, finding: &Diagnostic) -> bool {
        match &finding.about {
            Some(About::File(file)) => self.documents.contains(&*composed(file)),
            Some(About::Record(id)) => self.ids.contains(id),
            Some(About::Source(id)) => self.sources.holds(id),
            None => false,
        }
    }
}

/// Takes out what may only follow from other findings: that nothing cites a source, where a name that was
/// misspelt may be what cites it.
pub(super) fn take_out_doubtful(findings: &mut Vec<Diagnostic>) {
    let may_cite = |finding: &Diagnostic| match (finding.code, &finding.about) {
        ("reference", Some(About::Source(_))) => finding.place.as_ref().is_none_or(|place| place.file != SOURCES_FILE),
        (code, _) => matches!(code, "shortcode" | "path") && finding.is_error(),
    };
    if findings.iter().any(may_cite) {
        findings.retain(|finding| finding.code != "unused-source");
    }
}
