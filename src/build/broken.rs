//! What follows from files that could not be understood, and is no news.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;

/// Files that could not be understood.
pub(super) struct Broken {
    /// Markdown files, below `content/`.
    pub documents: BTreeSet<String>,
    /// Whether the sources are among them.
    pub sources: bool,
}

impl Broken {
    /// Whether a finding may only say that something refers to a file that could not be understood.
    pub fn explains(&self, finding: &Diagnostic) -> bool {
        let names = |file: &String| {
            let stem = file.trim_end_matches(".md").trim_end_matches("/index");
            let id = stem.rsplit('/').next().unwrap_or(stem);
            finding.message.contains(&format!("`{file}`")) || (finding.code == "reference" && finding.message.contains(&format!(" `{id}`")))
        };
        (self.sources && finding.message.starts_with("no source ")) || self.documents.iter().any(names)
    }
}
