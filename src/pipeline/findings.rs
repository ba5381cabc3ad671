//! Findings that are kept: those about a document are made when it was read, and again only when it changes.
//! So an update costs the same however many there are.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::broken::Broken;
use super::foreign;
use super::inputs::{Inputs, Loaded};
use super::policy::{Judged, Policy};
use super::verify::Addresses;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{self, Diagnostic, codes};
use crate::freshness::{self, Due, NextRebuild};
use crate::output::Planned;
use crate::portal::{self, Entry, Followed, Portal};
use crate::theme::Theme;

/// All findings of an update, judged. Cheap to clone; put into the order of a report only when they are
/// shown.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Those about one document, by its file; none without any.
    documents: Arc<BTreeMap<Arc<str>, Arc<OfDocument>>>,
    /// All others, in parts of which some are the same as before.
    rest: Vec<Arc<Judged>>,
}

/// The findings about one document, judged, in the order of reports.
#[derive(Debug, Default, PartialEq)]
struct OfDocument {
    judged: Judged,
    /// How many of those shown are errors.
    errors: usize,
    /// Whether no site at all can be made with one of them.
    fatal: bool,
    /// The other files in which some stand: its CSV, about which another document may say the same.
    elsewhere: BTreeSet<String>,
}

impl Findings {
    /// With those that are about no single document.
    pub(super) fn new(kept: &Kept, rest: Vec<Arc<Judged>>) -> Self {
        Self { documents: kept.documents.clone(), rest }
    }

    /// Whether any of them is an error: then the site is not whole.
    pub fn any_error(&self) -> bool {
        self.rest.iter().any(|rest| diagnostic::any_error(&rest.shown)) || self.documents.values().any(|of| of.errors > 0)
    }

    /// How many are to be shown.
    pub fn count(&self) -> usize {
        let mut elsewhere = BTreeSet::new();
        if !self.documents.values().flat_map(|of| &of.elsewhere).all(|file| elsewhere.insert(file)) {
            // Two documents may say the same of one file, which is shown once.
            return self.in_order(|_| true).len();
        }
        let rest = self.rest.iter().map(|rest| rest.shown.len()).sum::<usize>();
        rest + self.documents.values().map(|of| of.judged.shown.len()).sum::<usize>()
    }

    /// The errors, in the order of a report.
    pub fn errors(&self) -> Vec<Diagnostic> {
        if self.any_error() { self.in_order(Diagnostic::is_error).into_iter().cloned().collect() } else { Vec::new() }
    }

    /// All that are to be shown, in the order of a report.
    pub fn to_vec(&self) -> Vec<Diagnostic> {
        self.in_order(|_| true).into_iter().cloned().collect()
    }

    /// Those that stand in a file.
    pub fn in_file(&self, file: &str) -> Vec<&Diagnostic> {
        let own = self.documents.get(file).into_iter().flat_map(|of| &of.judged.shown);
        let all = own
            .chain(self.rest.iter().flat_map(|rest| &rest.shown))
            .filter(|finding| finding.place.as_ref().is_some_and(|place| place.file == file));
        ordered(all.collect())
    }

    fn in_order(&self, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<&Diagnostic> {
        let all = self.documents.values().flat_map(|of| &of.judged.shown).chain(self.rest.iter().flat_map(|rest| &rest.shown));
        ordered(all.filter(|finding| wanted(finding)).collect())
    }

    /// Those to be shown and those allowed, in the order of a report, for whoever wants them all.
    pub(super) fn into_judged(self) -> Judged {
        let (mut shown, mut allowed) = (Vec::new(), Vec::new());
        for rest in self.rest {
            let mut rest = Arc::unwrap_or_clone(rest);
            shown.append(&mut rest.shown);
            allowed.append(&mut rest.allowed);
        }
        for of in Arc::unwrap_or_clone(self.documents).into_values() {
            match Arc::try_unwrap(of) {
                Ok(mut of) => {
                    shown.append(&mut of.judged.shown);
                    allowed.append(&mut of.judged.allowed);
                }
                Err(of) => {
                    shown.extend_from_slice(&of.judged.shown);
                    allowed.extend_from_slice(&of.judged.allowed);
                }
            }
        }
        diagnostic::sort(&mut shown);
        diagnostic::sort(&mut allowed);
        Judged { shown, allowed }
    }
}

fn ordered(mut findings: Vec<&Diagnostic>) -> Vec<&Diagnostic> {
    findings.sort_by(|a, b| diagnostic::order(a, b));
    findings.dedup();
    findings
}

/// What is the same object is not looked into: nearly all documents say what they said.
impl PartialEq for Findings {
    fn eq(&self, other: &Self) -> bool {
        type Entry<'f> = (&'f Arc<str>, &'f Arc<OfDocument>);
        let same =
            |((file, of), (other_file, other)): (Entry<'_>, Entry<'_>)| file == other_file && (Arc::ptr_eq(of, other) || of == other);
        let documents = Arc::ptr_eq(&self.documents, &other.documents)
            || (self.documents.len() == other.documents.len() && self.documents.iter().zip(&*other.documents).all(same));
        let same_rest = |(rest, other): (&Arc<Judged>, &Arc<Judged>)| Arc::ptr_eq(rest, other) || rest.shown == other.shown;
        documents && self.rest.len() == other.rest.len() && self.rest.iter().zip(&other.rest).all(same_rest)
    }
}

impl From<Vec<Diagnostic>> for Findings {
    fn from(shown: Vec<Diagnostic>) -> Self {
        Self { documents: Arc::default(), rest: vec![Arc::new(Judged { shown, allowed: Vec::new() })] }
    }
}

/// The findings about documents, from one update to the next.
#[derive(Default)]
pub(super) struct Kept {
    documents: Arc<BTreeMap<Arc<str>, Arc<OfDocument>>>,
    /// From what they were made, of all documents.
    known: BTreeMap<Arc<str>, Known>,
    /// By what they were judged.
    policy: Option<Policy>,
    /// By which theme.
    theme: Option<Arc<Theme>>,
    /// By which outputs.
    addresses: Arc<HashSet<String>>,
}

/// From what the findings about a document were made.
struct Known {
    loaded: Arc<Loaded>,
    /// What came of its links; none where it was not in the portal, such as a draft that is left out.
    links: Option<Arc<Followed>>,
    /// When they come out otherwise by themselves.
    due: Option<NextRebuild>,
}

/// What findings about documents are made from.
pub(super) struct LookedAt<'l> {
    pub portal: &'l Portal,
    pub inputs: &'l Inputs,
    pub policy: &'l Policy,
    pub theme: &'l Arc<Theme>,
    pub planned: &'l Planned,
    pub addresses: Addresses<'l>,
    pub broken: &'l Broken,
}

/// A document whose findings may be others: its path below the portal; what was read, none where it is gone;
/// which page or section it is.
type Stale = (Arc<str>, Option<Arc<Loaded>>, Option<Entry>);

/// What is the same of all that findings are made from, beside the documents.
struct Same {
    policy: bool,
    theme: bool,
    addresses: bool,
}

impl Same {
    /// Whether the findings of a document that was not read again, and whose links lead where they led, are
    /// the same.
    fn holds_for(&self, known: &Known) -> bool {
        let calls = known.loaded.document.as_ref().is_some_and(|document| !document.body.foreign.is_empty());
        let paths = known.links.as_ref().is_some_and(|links| !links.paths.is_empty());
        self.policy && (self.theme || !calls) && (self.addresses || !paths)
    }
}

impl Kept {
    /// Takes in a portal, and the documents it was made of. Where only some of them (`changed`, below
    /// `content/`) can be different, no other is looked at.
    pub(super) fn renew<'c>(&mut self, looked_at: &LookedAt<'_>, changed: Option<impl IntoIterator<Item = &'c Arc<str>>>) {
        let LookedAt { portal, inputs, policy, theme, planned, .. } = looked_at;
        let same = Same {
            policy: self.policy.as_ref().is_some_and(|known| known.judges_alike(policy)),
            theme: self.theme.as_ref().is_some_and(|known| Arc::ptr_eq(known, theme)),
            addresses: Arc::ptr_eq(&self.addresses, &planned.addresses) || self.addresses == planned.addresses,
        };
        let stale: Vec<Stale> = match changed.filter(|_| same.policy && same.theme && same.addresses) {
            Some(changed) => changed.into_iter().map(|file| (path_of(file), inputs.loaded(file).cloned(), portal.of_file(file))).collect(),
            None => self.stale(portal, inputs, &same),
        };
        if !same.policy {
            self.policy = Some((*policy).clone());
        }
        (self.theme, self.addresses) = (Some((*theme).clone()), planned.addresses.clone());
        let make = |(path, loaded, entry): Stale| {
            let made = loaded.as_ref().map(|loaded| of_document(&path, loaded, entry, looked_at));
            (path, loaded, entry, made)
        };
        let made: Vec<_> = match stale.len() {
            // A page alone is not worth waking other threads for.
            0 | 1 => stale.into_iter().map(make).collect(),
            _ => stale.into_par_iter().map(make).collect(),
        };
        for (path, loaded, entry, made) in made {
            let (of, due) = made.unwrap_or_default();
            match loaded {
                Some(loaded) => {
                    let links = entry.map(|entry| portal.links(entry).clone());
                    self.known.insert(path.clone(), Known { loaded, links, due })
                }
                None => self.known.remove(&path),
            };
            match of {
                Some(of) => {
                    Arc::make_mut(&mut self.documents).insert(path, Arc::new(of));
                }
                None if self.documents.contains_key(&path) => {
                    Arc::make_mut(&mut self.documents).remove(&path);
                }
                None => {}
            }
        }
    }

    /// The documents whose findings may be others, and those that are gone.
    fn stale(&self, portal: &Portal, inputs: &Inputs, same: &Same) -> Vec<Stale> {
        let mut stale: Vec<Stale> = inputs
            .all_loaded()
            .filter_map(|(path, loaded)| {
                let entry = path.strip_prefix(CONTENT_DIR).and_then(|file| portal.of_file(file.strip_prefix('/')?));
                let is_same = |known: &Known| {
                    let same_links = match (&known.links, entry.map(|entry| portal.links(entry))) {
                        (Some(links), Some(now)) => Arc::ptr_eq(links, now) || (links.is_empty() && now.is_empty()),
                        (links, now) => links.is_none() && now.is_none(),
                    };
                    same_links && Arc::ptr_eq(&known.loaded, loaded) && same.holds_for(known)
                };
                (!self.known.get(path).is_some_and(is_same)).then(|| (Arc::from(path), Some(loaded.clone()), entry))
            })
            .collect();
        stale.extend(self.known.keys().filter(|path| !inputs.has(path)).map(|path| (path.clone(), None, None)));
        stale
    }

    /// Whether any of them stops a build; with `thorough` only those do that no site can be made with.
    pub(super) fn stops(&self, thorough: bool) -> bool {
        self.documents.values().any(|of| if thorough { of.fatal } else { of.errors > 0 })
    }

    /// Notes when they come out otherwise by themselves.
    pub(super) fn note_ends(&self, due: &Due) {
        self.known.values().filter_map(|known| known.due.as_ref()).for_each(|next| due.join(next));
    }
}

fn path_of(file: &str) -> Arc<str> {
    format!("{CONTENT_DIR}/{file}").into()
}

/// What is wrong with a document, if anything is, and when that comes out otherwise.
fn of_document(path: &str, loaded: &Loaded, entry: Option<Entry>, looked_at: &LookedAt<'_>) -> (Option<OfDocument>, Option<NextRebuild>) {
    let LookedAt { portal, policy, theme, addresses, broken, .. } = looked_at;
    let due = Due::default();
    let config = &portal.config;
    let mut findings: Vec<Diagnostic> = loaded.findings.iter().filter(|finding| config.reports(finding.code)).cloned().collect();
    if let Some(entry) = entry {
        if let Entry::Page(number) = entry {
            freshness::check_page(portal, &portal.pages[number], &due, &mut findings);
        }
        portal::review_document(portal, entry, &mut findings);
        foreign::check(portal.document(entry), config, theme, &mut findings);
        let links = portal.links(entry);
        findings.extend(links.findings.iter().filter(|finding| !broken.explains(finding)).cloned());
        addresses.check(&links.paths, config, &mut findings);
    }
    if findings.is_empty() {
        return (None, due.next());
    }
    let mut judged = policy.judge(findings);
    diagnostic::sort(&mut judged.shown);
    diagnostic::sort(&mut judged.allowed);
    let errors = judged.shown.iter().filter(|finding| finding.is_error());
    let of = OfDocument {
        fatal: errors.clone().any(|finding| !codes::is_allowable(finding.code)),
        errors: errors.count(),
        elsewhere: judged
            .shown
            .iter()
            .filter_map(|finding| finding.place.as_ref())
            .map(|place| &place.file)
            .filter(|file| *file != path)
            .cloned()
            .collect(),
        judged,
    };
    (Some(of).filter(|of| !of.judged.shown.is_empty() || !of.judged.allowed.is_empty()), due.next())
}
