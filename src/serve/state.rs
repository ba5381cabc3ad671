//! What is known of what is served: outputs, errors, the update that is under way, and who waits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::page::is_page;
use crate::content::ContentPath;
use crate::diagnostic::Diagnostic;
use crate::output::Bytes;
use crate::pipeline::{BuiltOutput, Findings};
use crate::portal::Portal;

/// All outputs of a site, each with its path.
pub(super) type Outputs = Vec<(Arc<str>, BuiltOutput)>;

/// What lies at a path.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub bytes: Bytes,
    /// The file below `content/` that it is the page of.
    pub source: Option<ContentPath>,
    /// When it came: the start of the process, and the serial number of the update.
    pub since: (u128, u64),
}

impl Held {
    /// What tells it from everything else that was ever served at its path.
    pub(super) fn tag(&self) -> String {
        match self.bytes.held() {
            Some(bytes) => format!("{:016x}", xxh3_64(&bytes)),
            // A copied file is as large as it likes; it is another whenever an update says so.
            None => format!("{:x}-{}", self.since.0, self.since.1),
        }
    }
}

/// What is said to open pages.
#[derive(Clone, Debug)]
pub(super) struct Status {
    /// Counts everything there was to say in this process.
    pub serial: u64,
    /// What is served. It changes when a page may look different, and with every start of the program.
    pub version: Arc<str>,
    /// The errors of the last update; none where it was whole.
    pub errors: Arc<Vec<Diagnostic>>,
}

/// What is found at a path.
pub(super) enum Found {
    /// This.
    Output(Held),
    /// Nothing.
    Nothing,
    /// No update was whole yet; these are the errors.
    NoSite(Arc<Vec<Diagnostic>>),
}

/// All that is known of what is served, under one lock.
#[derive(Debug)]
pub(super) struct State {
    pub status: Status,
    /// Whether an update was whole yet.
    pub site: bool,
    pub outputs: BTreeMap<Arc<str>, Held>,
    pub pages: usize,
    /// Addresses that pages had, and those that they had next.
    pub moved: BTreeMap<String, String>,
    /// The portal of the last whole update.
    pub portal: Option<Arc<Portal>>,
    /// The findings of the last update.
    pub findings: Findings,
    /// The update that is under way.
    pub under_way: Option<UnderWay>,
    /// Paths that requests wait for, the oldest first.
    pub waiting: BTreeMap<u64, Arc<str>>,
    /// Paths of the pages that are open, by who told of them.
    pub open: BTreeMap<u64, Vec<Arc<str>>>,
    /// Numbers those that wait and look.
    pub next: u64,
}

/// An update that is under way.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    /// Outputs that it will make.
    pub expected: HashSet<Arc<str>>,
    /// Those that it has made.
    pub made: HashMap<Arc<str>, Held>,
}

impl State {
    /// Whether something else may soon lie at a path. Before the first site that is so everywhere.
    pub(super) fn is_awaited(&self, path: &str) -> bool {
        self.under_way.as_ref().is_some_and(|update| !self.site || update.expected.contains(path))
    }

    pub(super) fn made(&self, path: &str) -> Option<&Held> {
        self.under_way.as_ref().and_then(|update| update.made.get(path))
    }

    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Puts an output in its place. Gives what was there, so that it can be dropped where nobody waits for
    /// that.
    pub(super) fn put(&mut self, path: Arc<str>, now: Option<Held>) -> Option<Held> {
        let page = is_page(&path);
        let there = now.is_some();
        let before = match now {
            Some(held) => self.outputs.insert(path, held),
            None => self.outputs.remove(&path),
        };
        if page {
            self.pages = self.pages + usize::from(there) - usize::from(before.is_some());
        }
        before
    }
}
