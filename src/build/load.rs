//! Reading `content/`: documents in parallel, sources, and the files that are published as they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::content::{self, CONTENT_DIR, Document, Settings};
use crate::diagnostic::{Diagnostic, Place};
use crate::files::{self, Files};
use crate::records::{Sources, decode_sources};
use crate::schema::{Reader, parse_toml};

/// The file of the sources.
const SOURCES_FILE: &str = "content/sources.toml";

/// What `content/` holds.
pub(super) struct Loaded {
    /// The Markdown files, ordered by file.
    pub documents: Vec<Arc<Document>>,
    /// All other files, relative to the portal, in order.
    pub assets: Vec<String>,
    /// The sources.
    pub sources: Sources,
    /// What could not be understood.
    pub broken: Broken,
}

/// Files that could not be understood.
pub(super) struct Broken {
    /// Markdown files, below `content/`.
    documents: BTreeSet<String>,
    /// Whether the sources are among them.
    sources: bool,
}

pub(super) fn load(files: &dyn Files, config: &Config, findings: &mut Vec<Diagnostic>) -> Loaded {
    let mut listing = files.list(CONTENT_DIR);
    findings.append(&mut listing.findings);
    let below = |path: &str| path.strip_prefix(CONTENT_DIR).and_then(|path| path.strip_prefix('/')).unwrap_or(path).to_owned();
    // Sorted here once more: that the order of directory entries does not show is not left to those who list them.
    listing.files.sort();
    listing.files.retain(|path| !config.ignored.is_match(below(path)) && !is_left_behind(path) && path != SOURCES_FILE);
    for path in listing.files.iter().filter(|path| !path.ends_with(".md") && path.to_ascii_lowercase().ends_with(".md")) {
        let finding = Diagnostic::error("file-name", format!("`{path}` would be published as it is, front matter and all"));
        findings.push(finding.at(Place::file(path)).help("write its ending in small letters: `.md`"));
    }
    let (markdown, assets): (Vec<String>, Vec<String>) = listing.files.into_iter().partition(|path| path.ends_with(".md"));
    let settings = Settings { smart_punctuation: config.smart_punctuation, locale: config.locale, prose: config.glossary_links };
    let read: Vec<(Option<Document>, Vec<Diagnostic>)> = markdown
        .par_iter()
        .map(|path| {
            let mut findings = Vec::new();
            (content::load(files, path, settings, &mut findings), findings)
        })
        .collect();
    let mut documents = Vec::with_capacity(read.len());
    let mut broken = BTreeSet::new();
    for (path, (document, mut found)) in markdown.iter().zip(read) {
        findings.append(&mut found);
        match document {
            Some(document) => documents.push(Arc::new(document)),
            None => {
                broken.insert(below(path));
            }
        }
    }
    let sources = sources(files, findings);
    let broken = Broken { documents: broken, sources: sources.is_none() };
    Loaded { documents, assets, sources: sources.unwrap_or_default(), broken }
}

/// Whether a file was left behind by an editor or a file manager: what begins with a dot, ends with `~`, stands between `#`, or is `Thumbs.db`. None of
/// them is for readers, and a swap file holds text that is not published yet.
fn is_left_behind(path: &str) -> bool {
    path.split('/').any(|name| {
        name.starts_with('.')
            || name.ends_with('~')
            || name == "Thumbs.db"
            || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
    })
}

fn sources(files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Option<Sources> {
    let bytes = match files.read(SOURCES_FILE) {
        Ok(bytes) => bytes,
        // No sources, or no folder for them, which was reported.
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Some(Sources::new());
        }
        Err(error) => {
            findings.push(files::unreadable(SOURCES_FILE, &error));
            return None;
        }
    };
    let text = match files::text(SOURCES_FILE, bytes) {
        Ok(text) => text,
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    let root = parse_toml(SOURCES_FILE, &text, 0..text.len(), findings)?;
    let mut reader = Reader::new(Arc::from(SOURCES_FILE), &text);
    let sources = decode_sources(&root, &mut reader);
    let sound = reader.findings.is_empty();
    findings.append(&mut reader.findings);
    sound.then_some(sources)
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
