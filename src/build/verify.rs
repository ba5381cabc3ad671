//! What only the finished outputs can decide: anchors that templates give, paths that may be any output, foreign origins.

use std::collections::{HashMap, HashSet};

use super::BuiltOutput;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::files::{self, Files};
use crate::output::{Bytes, Origins, file_of};
use crate::portal::Portal;

fn text_of(output: &BuiltOutput) -> Option<&str> {
    output.bytes.held().and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Links to anchors that no heading has: each must be in the page, where a template gave it.
pub(super) fn anchors<'o>(
    portal: &Portal,
    files: &dyn Files,
    outputs: &dyn Fn(&str) -> Option<&'o BuiltOutput>,
    findings: &mut Vec<Diagnostic>,
) {
    // Pages are searched once for each anchor that is asked for, however often.
    let mut known: HashMap<(&str, &str), bool> = HashMap::new();
    for pending in &portal.pending_anchors {
        let path = &**portal.path(pending.entry);
        let there = *known.entry((path, &pending.anchor)).or_insert_with(|| {
            let text = outputs(&file_of(path)).and_then(text_of);
            text.is_some_and(|text| text.contains(&format!(" id=\"{}\"", pending.anchor)))
        });
        if there {
            continue;
        }
        let document = portal.document(pending.entry);
        let ids = document.body.headings.iter().map(|heading| heading.id.as_str());
        let help = match did_you_mean(&pending.anchor, ids) {
            Some(near) => format!("did you mean `#{near}`?"),
            None => String::from("an anchor is made from a heading: `## Your heading` is `#your-heading`"),
        };
        let message = format!("`{}` has no anchor `#{}`", document.file, pending.anchor);
        findings.push(Diagnostic::error("dead-anchor", message).at(pending.at.place(files)).help(help));
    }
}

/// Links to paths below the root: each must be the address of an output.
pub(super) fn paths(portal: &Portal, addresses: &HashSet<String>, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    let mut known: Vec<&str> = addresses.iter().map(String::as_str).collect();
    known.sort_unstable();
    let mut helps: HashMap<String, String> = HashMap::new();
    for pending in &portal.pending_paths {
        let path = pending.path.strip_suffix("index.html").unwrap_or(&pending.path);
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        if addresses.contains(&*decoded) || addresses.contains(&format!("{decoded}/")) {
            continue;
        }
        let help = helps.entry(decoded.to_string()).or_insert_with(|| match did_you_mean(&decoded, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? A link by file, `@/folder/page.md`, follows when a page moves"),
            None => String::from("link to a page by its file below content/: `@/folder/page.md`"),
        });
        findings.push(
            Diagnostic::error("dead-link", format!("nothing is published at `{}`", pending.path))
                .at(pending.at.place(files))
                .help(help.clone()),
        );
    }
}

/// Looks for addresses of other servers that outputs load something from; copied files are looked into as well.
pub(super) struct Foreign<'f> {
    origins: Option<Origins>,
    files: &'f dyn Files,
}

impl<'f> Foreign<'f> {
    /// By the settings of a portal.
    pub fn new(portal: &Portal, files: &'f dyn Files) -> Self {
        Self { origins: Origins::new(&portal.config.base_url, portal.config.allowed_origins()), files }
    }

    /// The addresses of an output.
    pub fn of(&self, path: &str, output: &BuiltOutput) -> Vec<String> {
        let Some(origins) = &self.origins else { return Vec::new() };
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if !["html", "htm", "svg", "css"].contains(&ending.as_str()) {
            return Vec::new();
        }
        let copied = match &output.bytes {
            Bytes::File(file) => self.files.read(file).ok().and_then(|bytes| files::text(file, bytes).ok()),
            Bytes::Made(_) | Bytes::Shared(_) => None,
        };
        match copied.as_deref().or_else(|| text_of(output)) {
            Some(text) if ending == "css" => origins.foreign_in_sheet(text),
            Some(text) => origins.foreign_in_page(text),
            None => Vec::new(),
        }
    }
}

/// Reports addresses of other servers that the output at `path` loads something from.
pub(super) fn report_foreign(path: &str, output: &BuiltOutput, addresses: &[String], files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    let source = match &output.bytes {
        Bytes::File(file) => Some(file.to_string()),
        Bytes::Made(_) | Bytes::Shared(_) => output.source.as_ref().map(|file| format!("{CONTENT_DIR}/{file}")),
    };
    for address in addresses {
        let message = format!("`{path}` loads `{address}` from another server, which learns of every reader");
        let finding = Diagnostic::error("foreign-origin", message)
            .help("put the file into the portal, or allow the server in site.toml: `[privacy] allowed_origins`");
        let finding = match &source {
            Some(file) => finding.at(place_of_text(files, file, address)),
            None => finding,
        };
        // An image of Markdown was reported where it was written.
        if !findings.iter().any(|other| other.code == finding.code && other.place.is_some() && other.place == finding.place) {
            findings.push(finding);
        }
    }
}

/// Where a file writes something; the file as a whole where it does not, because a template does.
fn place_of_text(files: &dyn Files, path: &str, wanted: &str) -> Place {
    let text = files.read(path).ok().and_then(|bytes| files::text(path, bytes).ok());
    let found = text.and_then(|text| text.find(wanted).map(|at| Place::new(path, &text, at..at + wanted.len())));
    found.unwrap_or_else(|| Place::file(path))
}
