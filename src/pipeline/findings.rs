//! Findings that are kept: those about a document are made when it was read, and again only when it changes. So an update costs the same
//! however many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::inputs::{Inputs, Loaded};
use super::policy::{Judged, Policy};
use crate::content::CONTENT_DIR;
use crate::diagnostic::{self, Diagnostic, codes};
use crate::freshness::{self, Due, NextRebuild};
use crate::portal::{self, Entry, Portal};

/// All findings of an update, judged. Cheap to clone; put into the order of a report only when they are shown.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Those about one document, by its file; none without any.
    documents: Arc<BTreeMap<Arc<str>, Arc<OfDocument>>>,
    /// All others.
    rest: Arc<Judged>,
}

/// The findings about one document, judged, in the order of reports.
#[derive(Debug, Default, PartialEq)]
struct OfDocument {
    judged: Judged,
    /// How many of those shown are errors.
    errors: usize,
    /// Whether no site at all can be made with one of them.
    fatal: bool,
    /// Whether some stand in another file, about which another document may say the same: its CSV.
    elsewhere: bool,
}

impl Findings {
    /// With those that are about no single document.
    pub(super) fn new(kept: &Kept, rest: Judged) -> Self {
        Self { documents: kept.documents.clone(), rest: Arc::new(rest) }
    }

    /// Whether any of them is an error: then the site is not whole.
    pub fn any_error(&self) -> bool {
        diagnostic::any_error(&self.rest.shown) || self.documents.values().any(|of| of.errors > 0)
    }

    /// How many are to be shown.
    pub fn count(&self) -> usize {
        if self.documents.values().any(|of| of.elsewhere) {
            return self.in_order(|_| true).len();
        }
        self.rest.shown.len() + self.documents.values().map(|of| of.judged.shown.len()).sum::<usize>()
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
        let all = own.chain(&self.rest.shown).filter(|finding| finding.place.as_ref().is_some_and(|place| place.file == file));
        ordered(all.collect())
    }

    fn in_order(&self, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<&Diagnostic> {
        let all = self.documents.values().flat_map(|of| &of.judged.shown).chain(&self.rest.shown);
        ordered(all.filter(|finding| wanted(finding)).collect())
    }

    /// Those to be shown and those allowed, in the order of a report, for whoever wants them all.
    pub(super) fn into_judged(self) -> Judged {
        let Judged { mut shown, mut allowed } = Arc::unwrap_or_clone(self.rest);
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
        let same = |((file, of), (other_file, other)): ((&Arc<str>, &Arc<OfDocument>), (&Arc<str>, &Arc<OfDocument>))| {
            file == other_file && (Arc::ptr_eq(of, other) || of == other)
        };
        let documents = Arc::ptr_eq(&self.documents, &other.documents)
            || (self.documents.len() == other.documents.len() && self.documents.iter().zip(&*other.documents).all(same));
        documents && self.rest.shown == other.rest.shown
    }
}

impl From<Vec<Diagnostic>> for Findings {
    fn from(shown: Vec<Diagnostic>) -> Self {
        Self { documents: Arc::default(), rest: Arc::new(Judged { shown, allowed: Vec::new() }) }
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
}

/// From what the findings about a document were made.
struct Known {
    loaded: Arc<Loaded>,
    /// Whether it was in the portal: no draft that is left out.
    placed: bool,
    /// When they come out otherwise by themselves.
    due: Option<NextRebuild>,
}

impl Kept {
    /// Takes in a portal, and the documents it was made of. Where only some of them (`changed`, below `content/`) can be different, no other is
    /// looked at.
    pub fn renew<'c>(
        &mut self,
        portal: &Portal,
        inputs: &Inputs,
        policy: &Policy,
        changed: Option<impl IntoIterator<Item = &'c Arc<str>>>,
    ) {
        let same_policy = self.policy.as_ref().is_some_and(|known| known.judges_alike(policy));
        let stale: Vec<(Arc<str>, Option<Arc<Loaded>>, Option<Entry>)> = match changed.filter(|_| same_policy) {
            Some(changed) => changed.into_iter().map(|file| (path_of(file), inputs.loaded(file).cloned(), portal.of_file(file))).collect(),
            None => self.stale(portal, inputs, same_policy),
        };
        if !same_policy {
            self.policy = Some(policy.clone());
        }
        let made: Vec<_> = stale
            .into_par_iter()
            .map(|(path, loaded, entry)| {
                let made = loaded.as_ref().map(|loaded| of_document(&path, loaded, entry, portal, policy));
                (path, loaded, entry.is_some(), made)
            })
            .collect();
        for (path, loaded, placed, made) in made {
            let (of, due) = made.unwrap_or_default();
            match loaded {
                Some(loaded) => self.known.insert(path.clone(), Known { loaded, placed, due }),
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
    fn stale(&self, portal: &Portal, inputs: &Inputs, same_policy: bool) -> Vec<(Arc<str>, Option<Arc<Loaded>>, Option<Entry>)> {
        let mut stale: Vec<_> = inputs
            .all_loaded()
            .filter_map(|(path, loaded)| {
                let entry = path.strip_prefix(CONTENT_DIR).and_then(|file| portal.of_file(file.strip_prefix('/')?));
                let same = |known: &Known| same_policy && Arc::ptr_eq(&known.loaded, loaded) && known.placed == entry.is_some();
                (!self.known.get(path).is_some_and(same)).then(|| (Arc::from(path), Some(loaded.clone()), entry))
            })
            .collect();
        stale.extend(self.known.keys().filter(|path| !inputs.has(path)).map(|path| (path.clone(), None, None)));
        stale
    }

    /// Whether any of them stops a build; with `thorough` only those do that no site can be made with.
    pub fn stops(&self, thorough: bool) -> bool {
        self.documents.values().any(|of| if thorough { of.fatal } else { of.errors > 0 })
    }

    /// Notes when they come out otherwise by themselves.
    pub fn note_ends(&self, due: &Due) {
        self.known.values().filter_map(|known| known.due.as_ref()).for_each(|next| due.join(next));
    }
}

fn path_of(file: &str) -> Arc<str> {
    format!("{CONTENT_DIR}/{file}").into()
}

/// What is wrong with a document, if anything is, and when that comes out otherwise.
fn of_document(
    path: &str,
    loaded: &Loaded,
    entry: Option<Entry>,
    portal: &Portal,
    policy: &Policy,
) -> (Option<OfDocument>, Option<NextRebuild>) {
    let due = Due::default();
    let mut findings = loaded.findings.clone();
    if let Some(entry) = entry {
        if let Entry::Page(number) = entry {
            freshness::check_page(portal, &portal.pages[number], &due, &mut findings);
        }
        portal::review_document(portal, entry, &mut findings);
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
        elsewhere: judged.shown.iter().any(|finding| finding.place.as_ref().is_none_or(|place| place.file != path)),
        judged,
    };
    (Some(of).filter(|of| !of.judged.shown.is_empty() || !of.judged.allowed.is_empty()), due.next())
}
