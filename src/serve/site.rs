//! What is served: the last good site and the errors of the last build, swapped as one.
//!
//! A request takes the [`Snapshot`] of its moment and lets go of the lock before it writes a byte, so that a slow reader holds up neither
//! the next build nor other readers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::build::Built;
use crate::diagnostic::Diagnostic;
use crate::output::Bytes;

/// A whole site.
#[derive(Debug, Default)]
pub struct Site {
    outputs: BTreeMap<String, Bytes>,
}

impl Site {
    /// The output at a path, which begins without `/`.
    pub fn output(&self, path: &str) -> Option<&Bytes> {
        self.outputs.get(path)
    }

    /// How many of the outputs are pages.
    pub fn pages(&self) -> usize {
        self.outputs.keys().filter(|path| super::page::is_page(path)).count()
    }

    /// How many outputs came, went or hold something else than before. A copied file holds something else where its source is in `touched`.
    fn differences(&self, before: &Site, touched: &BTreeSet<String>) -> usize {
        let gone = before.outputs.keys().filter(|path| !self.outputs.contains_key(*path)).count();
        let differs = |path: &str, now: &Bytes| before.outputs.get(path).is_none_or(|then| !same(then, now, touched));
        gone + self.outputs.iter().filter(|(path, now)| differs(path, now)).count()
    }
}

fn same(then: &Bytes, now: &Bytes, touched: &BTreeSet<String>) -> bool {
    fn held(bytes: &Bytes) -> Option<&[u8]> {
        match bytes {
            Bytes::Made(bytes) => Some(bytes),
            Bytes::Shared(bytes) => Some(bytes),
            Bytes::File(_) => None,
        }
    }
    match (then, now) {
        (Bytes::File(then), Bytes::File(now)) => then == now && !touched.contains(&**now),
        _ => held(then).is_some() && held(then) == held(now),
    }
}

/// What is served at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Counts every snapshot of a process.
    pub serial: u64,
    /// What a page was served from. It changes when a page may look different, and with every start of the program.
    pub version: Arc<str>,
    /// The last good site, if there was one.
    pub site: Option<Arc<Site>>,
    /// The errors of the last build; none where it was whole.
    pub errors: Arc<Vec<Diagnostic>>,
}

/// What publishing a build did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// Whether the build was whole.
    pub whole: bool,
    /// Whether the errors, or their absence, are news.
    pub news: bool,
    /// Pages of the site that is served now.
    pub pages: usize,
    /// Outputs that came, went or changed.
    pub changed: usize,
}

/// The memory that is served from, shared by the builder and all requests.
#[derive(Debug)]
pub struct Memory {
    current: Mutex<Arc<Snapshot>>,
    changed: Condvar,
    /// Files that changed since the last whole build.
    touched: Mutex<BTreeSet<String>>,
    closed: AtomicBool,
    /// What tells the versions of this process from those of an earlier one on the same port.
    start: u128,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// Memory before the first build.
    pub fn new() -> Self {
        let start = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let first = Snapshot { version: version(start, 0), ..Snapshot::default() };
        Self {
            current: Mutex::new(Arc::new(first)),
            changed: Condvar::new(),
            touched: Mutex::default(),
            closed: AtomicBool::new(false),
            start,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Snapshot>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is served now.
    pub fn current(&self) -> Arc<Snapshot> {
        self.lock().clone()
    }

    /// Serves what was built; where it has errors, the last good site and the errors beside it. `touched` are the files that changed
    /// since the build before.
    pub fn publish(&self, built: Built, touched: &[String]) -> Update {
        let mut all_touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        all_touched.extend(touched.iter().cloned());
        let before = self.current();
        let whole = built.is_whole();
        // What the pages were made of is taken apart here, before anybody is told of them.
        let Built { outputs, findings, portal, .. } = built;
        let errors: Vec<Diagnostic> = findings.into_iter().filter(Diagnostic::is_error).collect();
        let (site, changed) = if whole {
            let now = Site { outputs: outputs.into_iter().map(|(path, output)| (path.to_string(), output.bytes)).collect() };
            let changed = now.differences(before.site.as_deref().unwrap_or(&Site::default()), &all_touched);
            all_touched.clear();
            // The old site stays where nothing changed, so that its pages need not be loaded again.
            let site = if changed == 0 && before.site.is_some() { before.site.clone() } else { Some(Arc::new(now)) };
            (site, changed)
        } else {
            (before.site.clone(), 0)
        };
        let news = *before.errors != errors || (before.site.is_none() && whole);
        let pages = site.as_deref().map_or(0, Site::pages);
        if news || changed > 0 {
            let serial = before.serial + 1;
            // Without a site the errors themselves are the page.
            let redrawn = changed > 0 || before.site.is_none();
            let version = if redrawn { version(self.start, serial) } else { before.version.clone() };
            let snapshot = Arc::new(Snapshot { serial, version, site, errors: Arc::new(errors) });
            *self.lock() = snapshot;
            self.changed.notify_all();
        }
        drop(portal);
        Update { whole, news, pages, changed }
    }

    /// Waits until something else than snapshot `serial` is served, `given_up` is set, or `patience` is over. Gives what is served then.
    pub(super) fn wait(&self, serial: u64, patience: Duration, given_up: &AtomicBool) -> Arc<Snapshot> {
        let waiting = |current: &mut Arc<Snapshot>| current.serial == serial && !self.is_closed() && !given_up.load(Ordering::Relaxed);
        let guard = self.lock();
        self.changed.wait_timeout_while(guard, patience, waiting).unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Has all that wait look again whether they are to go on.
    pub(super) fn wake(&self) {
        // Under the lock, so that nobody is between looking and waiting.
        let _guard = self.lock();
        self.changed.notify_all();
    }

    /// Ends the preview for all that wait.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// Whether the preview has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

fn version(start: u128, serial: u64) -> Arc<str> {
    format!("{start:x}-{serial}").into()
}
