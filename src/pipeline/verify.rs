//! What only the finished outputs can decide of links: anchors that templates give, paths that may be any
//! output.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::group::Group;
use super::outputs::Outputs;
use super::policy::{Judged, Policy};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Names, Text, repeated, text};
use crate::limits::MOST_GUESSED;
use crate::output::file_of;
use crate::portal::{Entry, Followed, PendingAnchor, PendingPath, Portal};

/// Links to anchors that no heading has, from one update to the next: each must be in the page, where a
/// template gave it.
#[derive(Default)]
pub(super) struct Anchors {
    group: Group<Arc<Followed>, ()>,
    /// The paths of outputs that were rendered since they were looked at.
    new: HashSet<Arc<str>>,
}

impl Anchors {
    /// Notes that outputs are others, by their paths.
    pub(super) fn note<'o>(&mut self, rendered: impl Iterator<Item = &'o Arc<str>>) {
        // Where nothing is kept, all is looked at anyway.
        if !self.group.is_empty() {
            self.new.extend(rendered.cloned());
        }
    }

    /// Looks at those of documents that are others or lead to an output that is another. Those of menus and
    /// redirects go into `findings`.
    pub(super) fn renew(&mut self, portal: &Portal, outputs: &Outputs, policy: &Policy, findings: &mut Vec<Diagnostic>) -> Arc<Judged> {
        let new = std::mem::take(&mut self.new);
        let wanted = portal.config.reports("dead-anchor");
        let all = portal.entries().filter(|entry| wanted && !portal.links(*entry).anchors.is_empty());
        let all = all.map(|entry| (portal.document(entry).file.clone().into(), portal.links(entry).clone()));
        let leads_to_new = |pending: &PendingAnchor| new.contains(&*file_of(portal.path(pending.entry)));
        let is_same = |was: &Arc<Followed>, is: &Arc<Followed>| Arc::ptr_eq(was, is) && !is.anchors.iter().any(leads_to_new);
        // By the page, the names that a slip may have meant.
        let mut names: HashMap<Entry, Names<'_>> = HashMap::new();
        let judged = self.group.renew(all, is_same, |_, links| (dead(&links.anchors, portal, outputs, &mut names), ()), policy);
        if wanted {
            findings.append(&mut dead(&portal.pending.anchors, portal, outputs, &mut names));
        }
        judged
    }
}

/// The links of one file whose anchors are not there.
fn dead<'p>(anchors: &[PendingAnchor], portal: &'p Portal, outputs: &Outputs, names: &mut HashMap<Entry, Names<'p>>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for pending in anchors {
        let decoded = percent_encoding::percent_decode_str(&pending.anchor).decode_utf8_lossy();
        if outputs.has_anchor(&file_of(portal.path(pending.entry)), &[&*pending.anchor, &*decoded]) {
            continue;
        }
        let document = portal.document(pending.entry);
        let mut near = || {
            let ids = || document.body.headings.iter().map(|heading| heading.id.as_str());
            names.entry(pending.entry).or_insert_with(|| Names::new(ids())).near(&pending.anchor)
        };
        let help = match (findings.len() < MOST_GUESSED).then(&mut near).flatten() {
            Some(near) => text!("did you mean `#{near}`?", near),
            None => Text::from("an anchor is made from a heading: `## Your heading` is `#your-heading`"),
        };
        let message = text!("`{file}` has no anchor `#{anchor}`", file = document.file, anchor = repeated(&pending.anchor));
        findings.push(Diagnostic::new("dead-anchor", message).at(pending.at.place()).help(help));
    }
    findings
}

/// The addresses of all outputs, for links to paths.
pub(super) struct Addresses<'p> {
    pub known: &'p HashSet<String>,
    /// Made when the first slip is looked for.
    names: OnceLock<Names<'p>>,
    /// What slips may have meant: old content may hold one dead link ten thousand times.
    near: Mutex<HashMap<String, Option<&'p str>>>,
}

impl<'p> Addresses<'p> {
    pub(super) fn new(known: &'p HashSet<String>) -> Self {
        Self { known, names: OnceLock::new(), near: Mutex::default() }
    }

    fn near(&self, path: &str) -> Option<&'p str> {
        if let Some(near) = self.near.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
            return *near;
        }
        let near = self.names.get_or_init(|| Names::new(self.known.iter().map(String::as_str))).near(path);
        self.near.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), near);
        near
    }

    /// Looks at links of one file to paths below the root: each must be the address of an output.
    pub(super) fn check(&self, paths: &[PendingPath], config: &Config, findings: &mut Vec<Diagnostic>) {
        let mut wrong = 0;
        for pending in paths {
            let path = pending.path.strip_suffix("index.html").unwrap_or(&pending.path);
            let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            let code = if pending.loaded { "missing-file" } else { "dead-link" };
            if self.known.contains(&*decoded) || self.known.contains(&format!("{decoded}/")) || !config.reports(code) {
                continue;
            }
            let near = if wrong < MOST_GUESSED { self.near(&decoded) } else { None };
            wrong += 1;
            let help = match (near, pending.loaded) {
                (Some(near), true) => text!("did you mean `{near}`?", near),
                (None, true) => Text::from("put the file into `static/`, or beside the page and name it alone"),
                (Some(near), false) => text!("did you mean `{near}`? A link by file, `@/folder/page.md`, follows when a page moves", near),
                (None, false) => Text::from("link to a page by its file below content/: `@/folder/page.md`"),
            };
            let path = repeated(&pending.path);
            let message = match pending.loaded {
                true => text!("the page loads `{path}`, and nothing is published there", path),
                false => text!("nothing is published at `{path}`", path),
            };
            findings.push(Diagnostic::new(code, message).at(pending.at.place()).help(help));
        }
    }
}
