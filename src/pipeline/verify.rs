//! What only the finished outputs can decide of links: anchors that templates give, paths that may be any output.

use std::collections::{HashMap, HashSet};

use super::BuiltOutput;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::html::Notes;
use crate::output::file_of;
use crate::portal::Portal;

pub(super) fn text_of(output: &BuiltOutput) -> Option<&str> {
    output.bytes.held().and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Links to anchors that no heading has: each must be in the page, where a template gave it.
pub(super) fn anchors<'o>(portal: &Portal, outputs: &dyn Fn(&str) -> Option<&'o BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    // Each page is read once, however many of its anchors are asked for, and only where one is.
    let mut known: HashMap<&str, HashSet<String>> = HashMap::new();
    for pending in &portal.pending_anchors {
        let path = &**portal.path(pending.entry);
        let anchors = known.entry(path).or_insert_with(|| {
            let text = outputs(&file_of(path)).and_then(text_of);
            text.map(|text| Notes::of(text).anchors.into_iter().collect()).unwrap_or_default()
        });
        let decoded = percent_encoding::percent_decode_str(&pending.anchor).decode_utf8_lossy();
        let there = anchors.contains(&*pending.anchor) || anchors.contains(&*decoded);
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
        findings.push(Diagnostic::new("dead-anchor", message).at(pending.at.place()).help(help));
    }
}

/// Links to paths below the root: each must be the address of an output.
pub(super) fn paths(portal: &Portal, addresses: &HashSet<String>, findings: &mut Vec<Diagnostic>) {
    let mut known: Vec<&str> = addresses.iter().map(String::as_str).collect();
    known.sort_unstable();
    let mut helps: HashMap<(String, bool), String> = HashMap::new();
    for pending in &portal.pending_paths {
        let path = pending.path.strip_suffix("index.html").unwrap_or(&pending.path);
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        if addresses.contains(&*decoded) || addresses.contains(&format!("{decoded}/")) {
            continue;
        }
        let near = || did_you_mean(&decoded, known.iter().copied());
        let help = helps.entry((decoded.to_string(), pending.loaded)).or_insert_with(|| match (near(), pending.loaded) {
            (Some(near), true) => format!("did you mean `{near}`?"),
            (None, true) => String::from("put the file into `static/`, or beside the page and name it alone"),
            (Some(near), false) => format!("did you mean `{near}`? A link by file, `@/folder/page.md`, follows when a page moves"),
            (None, false) => String::from("link to a page by its file below content/: `@/folder/page.md`"),
        });
        let finding = match pending.loaded {
            true => Diagnostic::new("missing-file", format!("the page loads `{}`, and nothing is published there", pending.path)),
            false => Diagnostic::new("dead-link", format!("nothing is published at `{}`", pending.path)),
        };
        findings.push(finding.at(pending.at.place()).help(help.clone()));
    }
}
