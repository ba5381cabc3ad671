//! A portal that is built again and again: what a change leaves as it was is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Built, BuiltOutput, Progress, Request, build};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, any_error};
use crate::files::Files;
use crate::output::Bytes;
use crate::portal::Portal;

/// Who looks at outputs while they are made: what is looked at is made first.
pub trait Audience: Sync {
    /// These outputs will soon hold something else, or something for the first time. Not called where nothing is to be made.
    fn expect(&self, paths: &[Arc<str>]);

    /// The outputs that somebody waits for or looks at now, the most urgent first. Asked for again and again.
    fn wanted(&self) -> Vec<Arc<str>>;

    /// One of the expected outputs is made. Whether the whole update is good is not known yet.
    fn made(&self, path: &Arc<str>, output: &BuiltOutput);
}

/// Nobody looks.
impl Audience for () {
    fn expect(&self, _: &[Arc<str>]) {}
    fn wanted(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn made(&self, _: &Arc<str>, _: &BuiltOutput) {}
}

/// What is different since the last update without errors.
#[derive(Debug, Default)]
pub struct Update {
    /// What was found, all of it, in the order of reports.
    pub findings: Vec<Diagnostic>,
    /// The outputs that came, that hold something else, or (`None`) that went, by path. Empty where there are errors: what changed is told
    /// by the next update without any.
    pub changes: BTreeMap<Arc<str>, Option<BuiltOutput>>,
    /// Addresses below the root that a page had and no longer has, each with the address it has now.
    pub moved: BTreeMap<String, String>,
    /// The portal, as far as it could be put together.
    pub portal: Option<Arc<Portal>>,
    /// The settings, where they could be read.
    pub config: Option<Arc<Config>>,
}

impl Update {
    /// Whether the site is whole.
    pub fn is_whole(&self) -> bool {
        !any_error(&self.findings)
    }
}

/// Builds a portal, and builds it again after changes.
pub struct Builder {
    files: Arc<dyn Files>,
    /// What is asked for; it may be changed between updates.
    pub request: Request,
    /// The outputs of the last update without errors.
    outputs: BTreeMap<Arc<str>, BuiltOutput>,
    /// Files that changed since.
    touched: BTreeSet<String>,
}

impl Builder {
    /// A builder that has built nothing yet.
    pub fn new(files: Arc<dyn Files>, request: Request) -> Self {
        Self { files, request, outputs: BTreeMap::new(), touched: BTreeSet::new() }
    }

    /// All outputs of the last update without errors, by path.
    pub fn outputs(&self) -> &BTreeMap<Arc<str>, BuiltOutput> {
        &self.outputs
    }

    /// Builds what the change of `files` (relative to the portal: changed, come or gone) changes. The first update builds everything.
    pub fn update(&mut self, files: &BTreeSet<String>, audience: &dyn Audience, progress: &Progress) -> Update {
        let _ = audience;
        self.touched.extend(files.iter().cloned());
        let Built { outputs, findings, portal, config } = build(&self.files, &self.request, progress);
        let mut update = Update { findings, portal, config, ..Update::default() };
        if !update.is_whole() {
            return update;
        }
        let now: BTreeMap<Arc<str>, BuiltOutput> = outputs.into_iter().map(|(path, output)| (path.into(), output)).collect();
        for path in self.outputs.keys().filter(|path| !now.contains_key(*path)) {
            update.changes.insert(path.clone(), None);
        }
        for (path, output) in &now {
            if self.outputs.get(path).is_none_or(|before| !self.same(&before.bytes, &output.bytes)) {
                update.changes.insert(path.clone(), Some(output.clone()));
            }
        }
        update.moved = moved(&self.outputs, &now);
        self.outputs = now;
        self.touched.clear();
        update
    }

    fn same(&self, before: &Bytes, now: &Bytes) -> bool {
        fn held(bytes: &Bytes) -> Option<&[u8]> {
            match bytes {
                Bytes::Made(bytes) => Some(bytes),
                Bytes::Shared(bytes) => Some(bytes),
                Bytes::File(_) => None,
            }
        }
        match (before, now) {
            (Bytes::File(before), Bytes::File(now)) => before == now && !self.touched.contains(&**now),
            _ => held(before).is_some() && held(before) == held(now),
        }
    }
}

/// Pages with another address than before: those of the same file.
fn moved(before: &BTreeMap<Arc<str>, BuiltOutput>, now: &BTreeMap<Arc<str>, BuiltOutput>) -> BTreeMap<String, String> {
    let address = |path: &str| format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
    let of = |outputs: &BTreeMap<Arc<str>, BuiltOutput>| -> BTreeMap<Arc<str>, Arc<str>> {
        outputs.iter().rev().filter_map(|(path, output)| Some((output.source.clone()?, path.clone()))).collect()
    };
    let (before, now) = (of(before), of(now));
    before
        .iter()
        .filter_map(|(source, path)| Some((path, now.get(source)?)))
        .filter(|(before, now)| before != now)
        .map(|(before, now)| (address(before), address(now)))
        .collect()
}
