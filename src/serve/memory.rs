//! What is served: the last good site, the errors of the last update, and, while an update is under way, what
//! it has made already.
//!
//! An update is taken in as what it changes, in one step. A request takes the bytes of its moment by
//! reference and lets go of the lock before it writes one, so that a slow reader holds up neither the next
//! update nor other readers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::page::is_page;
use super::searched::Searched;
use super::state::{Found, Held, Outputs, State, Status, UnderWay};
use crate::limits::{MOST_MOVES, UPDATE_PATIENCE};
use crate::pipeline::{Audience, BuiltOutput, Findings, Update};
use crate::portal::{Coming, Portal};
use crate::search::FOLDER;

/// What an update did to what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Whether the update was whole.
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
    state: Mutex<State>,
    /// There is something to say to open pages.
    said: Condvar,
    /// An output was made, or the update ended.
    made: Condvar,
    closed: AtomicBool,
    /// The index by which readers search.
    search: Searched,
    /// What tells the versions of this process from those of an earlier one on the same port.
    start: u128,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// Memory before the first update.
    pub fn new() -> Self {
        let start = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let state = State {
            status: Status { serial: 0, version: version(start, 0), errors: Arc::default() },
            site: false,
            outputs: BTreeMap::new(),
            pages: 0,
            moved: BTreeMap::new(),
            portal: None,
            findings: Findings::default(),
            under_way: None,
            waiting: BTreeMap::new(),
            open: BTreeMap::new(),
            next: 0,
        };
        Self {
            state: Mutex::new(state),
            said: Condvar::new(),
            made: Condvar::new(),
            closed: AtomicBool::new(false),
            search: Searched::default(),
            start,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self, output: &BuiltOutput, serial: u64) -> Held {
        Held { bytes: output.bytes.clone(), source: output.source.clone(), since: (self.start, serial) }
    }

    /// An update begins: what it makes is waited for from now on, until [`Memory::publish`].
    pub fn begin(&self) {
        self.lock().under_way = Some(UnderWay::default());
    }

    /// Serves what an update changed; where it has errors, the last good site, and the errors beside it. With
    /// `anew` the update comes from a builder that knows nothing of what is served: what it does not name is
    /// gone.
    pub fn publish(&self, update: Update, anew: bool) -> Effect {
        let whole = update.is_whole();
        let Update { findings, changes, moved, portal, config: _, policy: _, seen: _ } = update;
        let errors = findings.errors();
        // What is replaced is taken apart where nobody waits for that.
        let mut dropped: Vec<Option<Held>> = Vec::with_capacity(changes.len());

        let mut old_portal = None;

        let mut state = self.lock();
        let serial = state.status.serial + 1;
        let under_way = state.under_way.take();
        let news = *state.status.errors != errors || (!state.site && whole);
        let mut changed = 0;
        if whole {
            if anew {
                let gone: Vec<Arc<str>> = state.outputs.keys().filter(|path| !changes.contains_key(*path)).cloned().collect();
                changed += gone.len();
                dropped.extend(gone.into_iter().map(|path| state.put(path, None)));
            }
            for (path, output) in changes {
                let before = if anew { state.outputs.get(&path) } else { None };
                let same = output.as_ref().is_some_and(|now| before.is_some_and(|before| before.bytes.is_same(&now.bytes)));
                changed += usize::from(!same);
                let now = output.map(|output| self.held(&output, serial));
                dropped.push(state.put(path, now));
            }
            state.moved.extend(moved);
            state.site = true;
            old_portal = std::mem::replace(&mut state.portal, portal);
        }
        // A page that was served before the update failed is an old one again.
        let taken_back = !whole && under_way.as_ref().is_some_and(|update| !update.made.is_empty());
        let other_coming = whole && !is_same_coming(old_portal.as_deref(), state.portal.as_deref());
        if news || changed > 0 || taken_back || other_coming || state.findings != findings {
            // Without a site the errors themselves are the page.
            if changed > 0 || !state.site {
                state.status.version = version(self.start, serial);
            }
            state.status.serial = serial;
            state.status.errors = Arc::new(errors);
        }
        let old_findings = std::mem::replace(&mut state.findings, findings);
        let pages = state.pages;
        drop(state);
        self.said.notify_all();
        self.made.notify_all();
        drop((dropped, old_portal, old_findings, under_way));
        Effect { whole, news, pages, changed }
    }

    /// The last good site, with the addresses that pages had; none where there was none yet.
    pub(super) fn site(&self) -> Option<(Outputs, BTreeMap<String, String>)> {
        let state = self.lock();
        let output = |held: &Held| BuiltOutput { bytes: held.bytes.clone(), source: held.source.clone() };
        state.site.then(|| (state.outputs.iter().map(|(path, held)| (path.clone(), output(held))).collect(), state.moved.clone()))
    }

    /// Serves the site of an earlier process, before the first update.
    pub(super) fn serve_site(&self, outputs: Outputs, moved: BTreeMap<String, String>) {
        let mut state = self.lock();
        let serial = state.status.serial;
        for (path, output) in outputs {
            let held = self.held(&output, serial);
            state.put(path, Some(held));
        }
        state.moved = moved;
        state.site = true;
    }

    /// What lies at a path, which begins without `/`. Where an update is about to make it, that is waited
    /// for, but not for long.
    pub(super) fn find(&self, path: &str) -> Found {
        let end = Instant::now() + UPDATE_PATIENCE;
        let mut state = self.lock();
        let mut ticket = None;
        let found = loop {
            let left = end.saturating_duration_since(Instant::now());
            if state.made(path).is_some() || !state.is_awaited(path) || left.is_zero() || self.is_closed() {
                break self.now(&state, path);
            }
            if ticket.is_none() {
                let number = state.number();
                state.waiting.insert(number, path.into());
                ticket = Some(number);
            }
            state = self.made.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        };
        if let Some(ticket) = ticket {
            state.waiting.remove(&ticket);
        }
        found
    }

    /// A file of the index by which readers search, made of the pages as they are served.
    pub(super) fn searched(&self, path: &str) -> Option<Held> {
        let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
        let bytes = self.search.file(name, || {
            let state = self.lock();
            let pages = state.outputs.iter().filter(|(path, _)| is_page(path));
            Some((
                state.status.version.clone(),
                state.portal.clone()?,
                pages.map(|(path, held)| (path.clone(), held.bytes.clone())).collect(),
            ))
        })?;
        Some(Held { bytes, source: None, since: (self.start, 0) })
    }

    /// What lies at a path now.
    pub(super) fn peek(&self, path: &str) -> Found {
        let state = self.lock();
        self.now(&state, path)
    }

    fn now(&self, state: &State, path: &str) -> Found {
        match state.made(path).or_else(|| state.outputs.get(path)) {
            Some(held) => Found::Output(held.clone()),
            None if state.site => Found::Nothing,
            None => Found::NoSite(state.status.errors.clone()),
        }
    }

    /// Whether something lies at a path, or soon will.
    pub(super) fn has(&self, path: &str) -> bool {
        let state = self.lock();
        state.outputs.contains_key(path) || (state.site && state.is_awaited(path))
    }

    /// What is to be said to open pages.
    pub(super) fn status(&self) -> Status {
        self.lock().status.clone()
    }

    /// The portal of the last whole update, and the findings of the last.
    pub(super) fn portal(&self) -> (Option<Arc<Portal>>, Findings) {
        let state = self.lock();
        (state.portal.clone(), state.findings.clone())
    }

    /// The address of the page that once was at `address`, if it has another one now.
    pub(super) fn moved(&self, address: &str) -> Option<String> {
        let state = self.lock();
        let mut to = state.moved.get(address)?;
        // A page that was moved there and back has moved nowhere.
        for _ in 0..MOST_MOVES {
            match state.moved.get(to).filter(|next| *next != address && !state.outputs.contains_key(&*crate::output::file_of(to))) {
                Some(next) => to = next,
                None => break,
            }
        }
        state.outputs.contains_key(&*crate::output::file_of(to)).then(|| to.clone())
    }

    /// Somebody has these pages open. Gives the number by which that ends.
    pub(super) fn opened(&self, paths: Vec<Arc<str>>) -> u64 {
        let mut state = self.lock();
        let number = state.number();
        state.open.insert(number, paths);
        number
    }

    /// They are open no more.
    pub(super) fn left(&self, number: u64) {
        self.lock().open.remove(&number);
    }

    /// Waits until there is more to say than `serial`, `given_up` is set, or `patience` is over. Gives what
    /// is to be said then.
    pub(super) fn wait(&self, serial: u64, patience: Duration, given_up: &AtomicBool) -> Status {
        let waiting = |state: &mut State| state.status.serial == serial && !self.is_closed() && !given_up.load(Ordering::Relaxed);
        let guard = self.lock();
        self.said.wait_timeout_while(guard, patience, waiting).unwrap_or_else(PoisonError::into_inner).0.status.clone()
    }

    /// Has all that wait look again whether they are to go on.
    pub(super) fn wake(&self) {
        // Under the lock, so that nobody is between looking and waiting.
        let _guard = self.lock();
        self.said.notify_all();
        self.made.notify_all();
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

impl Audience for Memory {
    fn expect(&self, paths: &[Arc<str>]) {
        let expected = paths.iter().cloned().collect();
        if let Some(update) = &mut self.lock().under_way {
            update.expected = expected;
        }
        // Of those who waited for anything, some need not.
        self.made.notify_all();
    }

    fn wanted(&self) -> Vec<Arc<str>> {
        let state = self.lock();
        let Some(update) = &state.under_way else { return Vec::new() };
        let open = state.open.values().rev().flatten();
        state
            .waiting
            .values()
            .chain(open)
            .filter(|path| update.expected.contains(*path) && !update.made.contains_key(*path))
            .cloned()
            .collect()
    }

    fn made(&self, path: &Arc<str>, output: &BuiltOutput) {
        let mut state = self.lock();
        let held = self.held(output, state.status.serial + 1);
        let wanted = state.waiting.values().any(|waiting| waiting == path);
        let open = state.open.values().flatten().any(|open| open == path);
        if let Some(update) = &mut state.under_way {
            update.made.insert(path.clone(), held);
        }
        if open {
            // Its page need not wait for all others.
            state.status.serial += 1;
        }
        drop(state);
        if wanted {
            self.made.notify_all();
        }
        if open {
            self.said.notify_all();
        }
    }
}

fn version(start: u128, serial: u64) -> Arc<str> {
    format!("{start:x}-{serial}").into()
}

/// Whether the same pages are held back until the same days.
fn is_same_coming(one: Option<&Portal>, other: Option<&Portal>) -> bool {
    fn told(portal: Option<&Portal>) -> &[Coming] {
        portal.map_or(&[], |portal| &portal.coming)
    }
    let parts = |page: &Coming| (page.document.file.clone(), page.title.clone(), page.date);
    told(one).iter().map(parts).eq(told(other).iter().map(parts))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::{MOST_MOVES, Memory};
    use crate::output::Bytes;
    use crate::pipeline::{BuiltOutput, Update};

    #[test]
    fn a_page_is_followed_through_so_many_moves() {
        let found = |moves: usize| {
            let memory = Memory::new();
            memory.begin();
            let changes =
                BTreeMap::from([(Arc::from("last/index.html"), Some(BuiltOutput { bytes: Bytes::Made((*b"x").into()), source: None }))]);
            let to = |number: usize| if number == moves { String::from("/last/") } else { format!("/{number}/") };
            let moved = (0..moves).map(|number| (format!("/{number}/"), to(number + 1))).collect();
            memory.publish(Update { changes, moved, ..Update::default() }, true);
            memory.moved("/0/")
        };
        assert_eq!(found(MOST_MOVES + 1).as_deref(), Some("/last/"));
        assert_eq!(found(MOST_MOVES + 2), None);
    }
}
