//! References between records, and to sources: each must lead to something.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Entry, Portal};
use crate::diagnostic::{Diagnostic, did_you_mean, list};
use crate::records::{Kind, SOURCE};
use crate::schema::Mention;

/// Checks that everything is there that some pages and sections name. `drafts` are the records that are left out of this build.
pub(super) fn check(
    portal: &Portal,
    entries: &mut dyn Iterator<Item = Entry>,
    drafts: &BTreeSet<(Kind, Arc<str>)>,
    findings: &mut Vec<Diagnostic>,
) {
    for entry in entries {
        for mention in &portal.document(entry).mentions {
            if let Some(finding) = missing(portal, drafts, mention) {
                findings.push(finding.at(mention.spot.place()));
            }
        }
    }
}

fn missing(portal: &Portal, drafts: &BTreeSet<(Kind, Arc<str>)>, mention: &Mention) -> Option<Diagnostic> {
    let Mention { kind, id, .. } = mention;
    if *kind == SOURCE {
        if portal.sources.contains_key(id) {
            return None;
        }
        let names: Vec<&str> = portal.sources.keys().map(|id| &**id).collect();
        return Some(no_such(kind, id, &names, format!("add a table `[{id}]` to content/sources.toml, or use an id from it")));
    }
    let record_kind = Kind::from_name(kind)?;
    if portal.by_id.contains_key(&(record_kind, id.clone())) {
        return None;
    }
    if drafts.contains(&(record_kind, id.clone())) {
        return Some(
            Diagnostic::new("reference", format!("the {kind} `{id}` is a draft"))
                .help("publish that page (`draft = false`), or take the reference out"),
        );
    }
    let names: Vec<&str> = portal.by_id.keys().filter(|(of, _)| *of == record_kind).map(|(_, id)| &**id).collect();
    let help = format!("the id of a {kind} is the slug of its page: `{id}.md` with a table `[{kind}]`");
    Some(no_such(kind, id, &names, help))
}

pub(super) fn no_such(kind: &str, id: &str, names: &[&str], help: String) -> Diagnostic {
    let message = match (did_you_mean(id, names.iter().copied()), names) {
        (_, []) => format!("no {kind} `{id}`; there are none"),
        (Some(near), names) if names.len() > 6 => format!("no {kind} `{id}`; did you mean `{near}`?"),
        (_, names) => format!("no {kind} `{id}`; there are {}", list(names.iter().copied())),
    };
    Diagnostic::new("reference", message).help(help)
}

/// The sources that a document cites, in order of first use.
pub(super) fn cited(mentions: &[Mention]) -> Vec<Arc<str>> {
    let mut ids: Vec<Arc<str>> = Vec::new();
    let mut seen = BTreeSet::new();
    for mention in mentions {
        if mention.kind == SOURCE && seen.insert(&mention.id) {
            ids.push(mention.id.clone());
        }
    }
    ids
}

/// Who cites each source.
pub(super) fn cited_by(portal: &Portal) -> BTreeMap<Arc<str>, Vec<Entry>> {
    let mut cited_by: BTreeMap<Arc<str>, Vec<Entry>> = BTreeMap::new();
    let pages = portal.pages.iter().enumerate().map(|(number, page)| (Entry::Page(number), &page.sources));
    let sections = portal.sections.iter().enumerate().map(|(number, section)| (Entry::Section(number), &section.sources));
    for (entry, sources) in sections.chain(pages) {
        for id in sources {
            cited_by.entry(id.clone()).or_default().push(entry);
        }
    }
    for entries in cited_by.values_mut() {
        entries.sort_by(|a, b| portal.document(*a).file.cmp(&portal.document(*b).file));
    }
    cited_by
}
