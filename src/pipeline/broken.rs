//! What follows from files that could not be understood, and is no news.

use std::collections::BTreeSet;

use crate::content::CONTENT_DIR;
use crate::diagnostic::Diagnostic;
use crate::records::SOURCES_FILE;

/// Files that could not be understood.
pub(super) struct Broken {
    /// Markdown files, below `content/`.
    pub documents: BTreeSet<String>,
    /// Whether the sources are among them.
    pub sources: bool,
}

impl Broken {
    /// Takes in the pages that have no address: what is wrong with it was found when the portal was put together.
    pub fn add_unplaced(&mut self, findings: &[Diagnostic]) {
        let unplaced = findings.iter().filter(|finding| finding.is_error() && finding.code == "path");
        let files = unplaced.filter_map(|finding| finding.place.as_ref()?.file.strip_prefix(CONTENT_DIR)?.strip_prefix('/'));
        self.documents.extend(files.map(str::to_owned));
    }

    /// Whether a finding may only say that something refers to a file that could not be understood.
    pub fn explains(&self, finding: &Diagnostic) -> bool {
        let names = |file: &String| {
            let stem = file.trim_end_matches(".md").trim_end_matches("/index");
            let id = stem.rsplit('/').next().unwrap_or(stem);
            finding.message.contains(&format!("`{file}`")) || (finding.code == "reference" && finding.message.contains(&format!(" `{id}`")))
        };
        finding.code != "path" && ((self.sources && finding.message.starts_with("no source ")) || self.documents.iter().any(names))
    }
}

/// Takes out what may only follow from other findings: that nothing cites a source, where a name that was misspelt may be what cites it.
pub(super) fn take_out_doubtful(findings: &mut Vec<Diagnostic>) {
    let may_cite = |finding: &Diagnostic| match finding.code {
        "reference" => finding.message.starts_with("no source ") && finding.place.as_ref().is_none_or(|place| place.file != SOURCES_FILE),
        code => matches!(code, "shortcode" | "path") && finding.is_error(),
    };
    if findings.iter().any(may_cite) {
        findings.retain(|finding| finding.code != "unused-source");
    }
}
