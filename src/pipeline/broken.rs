//! What follows from files that could not be understood, and is no news.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{About, Diagnostic};
use crate::locale::composed;
use crate::records::{BrokenSources, SOURCES_FILE};

/// Files that could not be understood.
pub(super) struct Broken {
    /// Markdown files, below `content/`.
    pub documents: BTreeSet<String>,
    /// Sources.
    pub sources: BrokenSources,
}

impl Broken {
    /// Takes in the pages that have no address, which was found when the portal was put together.
    pub fn add_unplaced(&mut self, unplaced: &[Arc<str>]) {
        self.documents.extend(unplaced.iter().map(|file| file.to_string()));
    }

    /// Whether a finding may only say that something refers to a file that could not be understood.
    pub fn explains(&self, finding: &Diagnostic) -> bool {
        match &finding.about {
            None => false,
            Some(About::File(file)) => {
                let file = file.strip_prefix("@/").unwrap_or(file);
                self.documents.contains(file) || self.documents.iter().any(|broken| composed(broken) == composed(file))
            }
            Some(About::Record(id)) => self.documents.iter().any(|file| id_of(file) == id),
            Some(About::Source(id)) => self.sources.holds(id),
        }
    }
}

/// The id that a record has by the name of its file.
fn id_of(file: &str) -> &str {
    let stem = file.trim_end_matches(".md").trim_end_matches("/index");
    stem.rsplit('/').next().unwrap_or(stem)
}

/// Takes out what may only follow from other findings: that nothing cites a source, where a name that was misspelt may be what cites it.
pub(super) fn take_out_doubtful(findings: &mut Vec<Diagnostic>) {
    let may_cite = |finding: &Diagnostic| match finding.code {
        "reference" => {
            let names_source = matches!(finding.about, Some(About::Source(_)));
            names_source && finding.place.as_ref().is_none_or(|place| place.file != SOURCES_FILE)
        }
        code => matches!(code, "shortcode" | "path") && finding.is_error(),
    };
    if findings.iter().any(may_cite) {
        findings.retain(|finding| finding.code != "unused-source");
    }
}
