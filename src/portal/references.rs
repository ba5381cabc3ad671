//! References between records, and to sources: each must lead to something.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::Portal;
use super::page::Entry;
use crate::diagnostic::{About, Diagnostic, Listed, Names, Text, list, repeated, text};
use crate::limits::MOST_GUESSED;
use crate::records::{Kind, SOURCE};
use crate::schema::Mention;

/// Checks that everything is there that some pages and sections name.
pub(super) fn check(portal: &Portal, entries: &mut dyn Iterator<Item = Entry>, findings: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&'static str, Ids<'_>> = BTreeMap::new();
    for entry in entries {
        let mut wrong = 0;
        for mention in &portal.document(entry).mentions {
            let Mention { kind, id, spot } = mention;
            let record_kind = Kind::from_name(kind);
            let there = match record_kind {
                Some(kind) => portal.by_id.contains_key(&(kind, id.clone())),
                None => *kind != SOURCE || portal.sources.contains_key(id),
            };
            if there {
                continue;
            }
            let finding = match record_kind.and_then(|of| portal.left_out.records.get(&(of, id.clone()))) {
                Some(absence) => {
                    let (message, help) = absence.words(&text!("the {kind} `{id}`", kind = Text::from(*kind), id), "reference");
                    Diagnostic::new("reference", message).help(help)
                }
                None => known.entry(kind).or_insert_with(|| Ids::new(portal, record_kind)).no_such(id, wrong < MOST_GUESSED),
            };
            wrong += 1;
            findings.push(finding.at(spot.place()));
        }
    }
}

/// The ids that references of one kind can name.
pub(super) struct Ids<'p> {
    /// None for sources.
    kind: Option<Kind>,
    names: Names<'p>,
    /// All of them, as a message lists them.
    listed: Listed,
}

/// So many ids are listed, of more only the one that may have been meant.
const FEW: usize = 6;

impl<'p> Ids<'p> {
    /// The records of a kind, or the sources.
    pub(super) fn new(portal: &'p Portal, kind: Option<Kind>) -> Self {
        let names = match kind {
            Some(kind) => Names::new(portal.by_id.keys().filter(|(of, _)| *of == kind).map(|(_, id)| &**id)),
            None => Names::new(portal.sources.keys().map(|id| &**id)),
        };
        Self { kind, listed: list(names.iter()), names }
    }

    /// The finding about an id that is none; with `guess` a slip is looked for.
    pub(super) fn no_such(&self, id: &str, guess: bool) -> Diagnostic {
        let kind = self.kind.map_or(SOURCE, Kind::as_str);
        let shown = repeated(id);
        let near = if guess && self.names.count() > FEW { self.names.near(id) } else { None };
        let message = match near {
            _ if self.names.count() == 0 => text!("no {kind} `{id}`; there are none", kind = Text::from(kind), id = shown),
            Some(near) => text!("no {kind} `{id}`; did you mean `{near}`?", kind = Text::from(kind), id = shown, near),
            None => text!("no {kind} `{id}`; there are {ids}", kind = Text::from(kind), id = shown, ids = self.listed),
        };
        let (help, about) = match self.kind {
            Some(_) => (
                text!(
                    "the id of a {kind} is the slug of its page: `{id}.md` with a table `[{table}]`",
                    kind = Text::from(kind),
                    id = shown,
                    table = kind
                ),
                About::Record(id.to_owned()),
            ),
            None => (text!("add a table `[{id}]` to content/sources.toml, or use an id from it", id = shown), About::Source(id.to_owned())),
        };
        Diagnostic::new("reference", message).help(help).about(about)
    }
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
    let pages = portal.pages.numbered().map(|(number, page)| (Entry::Page(number), &page.sources));
    let sections = portal.sections.numbered().map(|(number, section)| (Entry::Section(number), &section.sources));
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
