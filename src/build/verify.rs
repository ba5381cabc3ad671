//! What only the finished outputs can decide: anchors that templates give, paths that may be any output, foreign origins.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::BuiltOutput;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::files::{self, Files};
use crate::output::{Bytes, Origins, file_of};
use crate::portal::Portal;

/// Looks at the finished outputs.
pub(super) fn verify(portal: &Portal, files: &dyn Files, outputs: &BTreeMap<String, BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    anchors(portal, files, outputs, findings);
    origins(portal, files, outputs, findings);
}

fn text_of(output: &BuiltOutput) -> Option<&str> {
    match &output.bytes {
        Bytes::Made(bytes) => std::str::from_utf8(bytes).ok(),
        Bytes::Shared(bytes) => std::str::from_utf8(bytes).ok(),
        Bytes::File(_) => None,
    }
}

fn anchors(portal: &Portal, files: &dyn Files, outputs: &BTreeMap<String, BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    // Pages are searched once for each anchor that is asked for, however often.
    let mut known: HashMap<(&str, &str), bool> = HashMap::new();
    for pending in &portal.pending_anchors {
        let path = &**portal.path(pending.entry);
        let there = *known.entry((path, &pending.anchor)).or_insert_with(|| {
            let text = outputs.get(&file_of(path)).and_then(text_of);
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

/// Addresses of other servers that outputs load something from; copied files are looked into as well.
fn origins(portal: &Portal, files: &dyn Files, outputs: &BTreeMap<String, BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    let Some(origins) = Origins::new(&portal.config.base_url, portal.config.allowed_origins()) else { return };
    let found: Vec<_> = outputs
        .par_iter()
        .filter_map(|(path, output)| {
            let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            if !["html", "htm", "svg", "css"].contains(&ending.as_str()) {
                return None;
            }
            let copied = match &output.bytes {
                Bytes::File(file) => Some((file.to_string(), files::text(file, files.read(file).ok()?).ok()?)),
                Bytes::Made(_) | Bytes::Shared(_) => None,
            };
            let text = match &copied {
                Some((_, text)) => text,
                None => text_of(output)?,
            };
            let foreign = if ending == "css" { origins.foreign_in_sheet(text) } else { origins.foreign_in_page(text) };
            let source =
                copied.as_ref().map(|(file, _)| file.clone()).or_else(|| Some(format!("{CONTENT_DIR}/{}", output.source.as_ref()?)));
            (!foreign.is_empty()).then_some((path, source, foreign))
        })
        .collect();
    for (path, source, foreign) in found {
        for address in foreign {
            let finding = Diagnostic::error(
                "foreign-origin",
                format!("`{path}` loads `{address}` from another server, which learns of every reader"),
            );
            let finding = finding.help("put the file into the portal, or allow the server in site.toml: `[privacy] allowed_origins`");
            findings.push(match source {
                Some(ref file) => finding.at(place_of_text(files, file, &address)),
                None => finding,
            });
        }
    }
}

/// Where a file writes something; the file as a whole where it does not, because a template does.
fn place_of_text(files: &dyn Files, path: &str, wanted: &str) -> Place {
    let text = files.read(path).ok().and_then(|bytes| files::text(path, bytes).ok());
    let found = text.and_then(|text| text.find(wanted).map(|at| Place::new(path, &text, at..at + wanted.len())));
    found.unwrap_or_else(|| Place::file(path))
}
