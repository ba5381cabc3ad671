//! What only the finished outputs can decide of links: anchors that templates give, paths that may be any output.

use std::collections::{HashMap, HashSet};

use super::BuiltOutput;
use crate::diagnostic::{Diagnostic, MOST_GUESSED, Names, Spot, repeated};
use crate::html::Notes;
use crate::output::file_of;
use crate::portal::Portal;

pub(super) fn text_of(output: &BuiltOutput) -> Option<&str> {
    output.bytes.held().and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Links to anchors that no heading has: each must be in the page, where a template gave it.
pub(super) fn anchors<'o>(portal: &Portal, outputs: &dyn Fn(&str) -> Option<&'o BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    // Each page is read once, however many of its anchors are asked for, and only where one is; then the names that a slip may have meant.
    let mut pages: HashMap<&str, (HashSet<String>, Option<Names<'_>>)> = HashMap::new();
    let mut guessed: HashMap<&str, usize> = HashMap::new();
    for pending in &portal.pending_anchors {
        let path = &**portal.path(pending.entry);
        let (anchors, names) = pages.entry(path).or_insert_with(|| {
            let text = outputs(&file_of(path)).and_then(text_of);
            (text.map(|text| Notes::of(text).anchors.into_iter().collect()).unwrap_or_default(), None)
        });
        let decoded = percent_encoding::percent_decode_str(&pending.anchor).decode_utf8_lossy();
        if anchors.contains(&*pending.anchor) || anchors.contains(&*decoded) {
            continue;
        }
        let document = portal.document(pending.entry);
        let names = names.get_or_insert_with(|| Names::new(document.body.headings.iter().map(|heading| heading.id.as_str())));
        let help = match may_guess(&mut guessed, &pending.at).then(|| names.near(&pending.anchor)).flatten() {
            Some(near) => format!("did you mean `#{near}`?"),
            None => String::from("an anchor is made from a heading: `## Your heading` is `#your-heading`"),
        };
        let message = format!("`{}` has no anchor `#{}`", document.file, repeated(&pending.anchor));
        findings.push(Diagnostic::new("dead-anchor", message).at(pending.at.place()).help(help));
    }
}

/// Whether a slip is looked for once more in a link of this file.
fn may_guess<'s>(guessed: &mut HashMap<&'s str, usize>, at: &'s Spot) -> bool {
    let count = guessed.entry(at.file()).or_default();
    *count += 1;
    *count <= MOST_GUESSED
}

/// Links to paths below the root: each must be the address of an output.
pub(super) fn paths(portal: &Portal, addresses: &HashSet<String>, findings: &mut Vec<Diagnostic>) {
    let mut names = None;
    let mut guessed: HashMap<&str, usize> = HashMap::new();
    let mut near: HashMap<String, Option<&str>> = HashMap::new();
    for pending in &portal.pending_paths {
        let path = pending.path.strip_suffix("index.html").unwrap_or(&pending.path);
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        if addresses.contains(&*decoded) || addresses.contains(&format!("{decoded}/")) {
            continue;
        }
        let mut near = || {
            let names = names.get_or_insert_with(|| Names::new(addresses.iter().map(String::as_str)));
            *near.entry(decoded.to_string()).or_insert_with(|| names.near(&decoded))
        };
        let near = if may_guess(&mut guessed, &pending.at) { near() } else { None };
        let help = match (near, pending.loaded) {
            (Some(near), true) => format!("did you mean `{near}`?"),
            (None, true) => String::from("put the file into `static/`, or beside the page and name it alone"),
            (Some(near), false) => format!("did you mean `{near}`? A link by file, `@/folder/page.md`, follows when a page moves"),
            (None, false) => String::from("link to a page by its file below content/: `@/folder/page.md`"),
        };
        let path = repeated(&pending.path);
        let finding = match pending.loaded {
            true => Diagnostic::new("missing-file", format!("the page loads `{path}`, and nothing is published there")),
            false => Diagnostic::new("dead-link", format!("nothing is published at `{path}`")),
        };
        findings.push(finding.at(pending.at.place()).help(help));
    }
}
