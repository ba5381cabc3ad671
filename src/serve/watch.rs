//! When to build again.
//!
//! Events of the file system only say when to look; the look says what changed. So nothing depends on how an editor saves, on which events a
//! platform gives, on a queue that overflowed, or on noise such as the reads of our own builds. Without any event a look is taken from time
//! to time as well, for file systems that tell nothing (network shares, containers).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{EventKind, MetadataKind, ModifyKind};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::recorder::Seen;
use super::scan::{self, Stamps};

/// How long nothing may happen before a change counts as complete.
const QUIET: Duration = Duration::from_millis(20);
/// How long a look is put off at most while things go on happening.
const LONGEST: Duration = Duration::from_millis(200);
/// How often a look is taken beside the events.
const BESIDE_EVENTS: Duration = Duration::from_secs(2);
/// How often a look is taken where there are no events.
const WITHOUT_EVENTS: Duration = Duration::from_millis(300);
/// Looks take at most one part in this of the time, however large the portal.
const SHARE: u32 = 100;

/// What the watcher of the platform says.
enum Signal {
    /// Something happened at these paths.
    Happened(EventKind, Vec<PathBuf>),
    /// Events were lost: why.
    Failed(String),
}

/// Watches what a build looked at.
pub struct Watch {
    root: PathBuf,
    watcher: Option<RecommendedWatcher>,
    signals: Receiver<Signal>,
    /// The folders at the top of the portal that are watched, with all below them.
    watched: BTreeSet<String>,
    /// Those that are to be, when they are there.
    wanted: BTreeSet<String>,
    seen: Seen,
    stamps: Stamps,
    next_look: Instant,
    /// Why there may be no events, once that is known.
    failure: Option<String>,
    notice: Option<String>,
}

impl Watch {
    /// Begins to watch the portal in `root`, an absolute path without links. What changes from now on is told.
    pub fn start(root: &Path) -> Self {
        let (sender, signals) = channel();
        let mut watch = Self {
            root: root.to_owned(),
            watcher: None,
            signals,
            watched: BTreeSet::new(),
            wanted: BTreeSet::new(),
            seen: Seen::default(),
            stamps: Stamps::new(),
            next_look: Instant::now(),
            failure: None,
            notice: None,
        };
        // Links to folders are not followed by the build either.
        let config = Config::default().with_follow_symlinks(false);
        match RecommendedWatcher::new(move |event| forward(&sender, event), config) {
            Ok(mut watcher) => {
                let root = watcher.watch(root, RecursiveMode::NonRecursive);
                watch.watcher = Some(watcher);
                if let Err(error) = root {
                    watch.fail(&reason(&error));
                }
            }
            Err(error) => watch.fail(&reason(&error)),
        }
        watch.expect(Seen::usual());
        watch.look(BTreeSet::new());
        watch
    }

    /// Says what the last build looked at: from now on that is what matters.
    pub fn expect(&mut self, seen: Seen) {
        if seen != self.seen {
            self.wanted.extend(seen.tops().into_iter().map(str::to_owned));
            self.seen = seen;
            // What was not looked at before may have changed while it was built.
            self.next_look = Instant::now();
        }
    }

    /// Waits for a change, at most for `patience`. Gives the files that changed, came or went.
    pub fn wait(&mut self, patience: Duration) -> Option<Vec<String>> {
        let mut named = BTreeSet::new();
        let until_look = self.next_look.saturating_duration_since(Instant::now());
        match self.signals.recv_timeout(patience.min(until_look)) {
            Ok(signal) => {
                self.take(signal, &mut named);
                self.settle(&mut named);
            }
            Err(error) => {
                // Without a watcher nothing can be received, and nothing waits either.
                if matches!(error, std::sync::mpsc::RecvTimeoutError::Disconnected) {
                    std::thread::sleep(patience.min(until_look));
                }
                if Instant::now() < self.next_look {
                    return None;
                }
            }
        }
        let changed = self.look(named);
        (!changed.is_empty()).then(|| changed.into_iter().collect())
    }

    /// A line for the person in front, where there is something new to say about the watching itself.
    pub fn notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    /// Takes signals until there is a pause.
    fn settle(&mut self, named: &mut BTreeSet<String>) {
        let end = Instant::now() + LONGEST;
        while Instant::now() < end {
            let Ok(signal) = self.signals.recv_timeout(QUIET) else { return };
            self.take(signal, named);
        }
    }

    fn take(&mut self, signal: Signal, named: &mut BTreeSet<String>) {
        let (kind, paths) = match signal {
            Signal::Happened(kind, paths) => (kind, paths),
            Signal::Failed(reason) => return self.fail(&reason),
        };
        // A folder that was moved away or made anew is no longer the one that is watched.
        let moved = matches!(kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        for path in paths {
            let Some(name) = scan::relative(&self.root, &path) else { continue };
            if let Some(watcher) = &mut self.watcher
                && moved
                && self.watched.remove(&name)
            {
                // The watch may have ended with the folder.
                let _ = watcher.unwatch(&path);
            }
            named.insert(name);
        }
    }

    /// Finds out what changed since the last look. `named` are files that were written, even if they look as before.
    fn look(&mut self, named: BTreeSet<String>) -> BTreeSet<String> {
        // First, so that nothing falls between watching and looking.
        self.watch_wanted();
        let started = Instant::now();
        let now = scan::look(&self.root, &self.seen);
        let mut changed = scan::differences(&self.stamps, &now, &self.seen);
        changed.extend(named.into_iter().filter(|path| now.contains_key(path)));
        self.stamps.retain(|path, _| !self.seen.covers(path));
        self.stamps.extend(now);
        let pause = if self.failure.is_some() { WITHOUT_EVENTS } else { BESIDE_EVENTS };
        self.next_look = Instant::now() + pause.max(started.elapsed() * SHARE);
        changed
    }

    fn watch_wanted(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        let mut failure = None;
        for top in &self.wanted {
            let path = self.root.join(top);
            if !path.is_dir() || self.watched.contains(top) {
                continue;
            }
            match watcher.watch(&path, RecursiveMode::Recursive) {
                Ok(()) => {
                    self.watched.insert(top.clone());
                }
                // It went away at this moment, which is an event of its own.
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) => failure = Some(reason(&error)),
            }
        }
        if let Some(failure) = failure {
            self.fail(&failure);
        }
    }

    fn fail(&mut self, reason: &str) {
        if self.failure.is_none() {
            self.notice = Some(format!("{reason}; looking for changes every {} ms instead", WITHOUT_EVENTS.as_millis()));
            self.failure = Some(reason.to_owned());
            self.next_look = Instant::now();
        }
    }
}

/// Hands an event on, unless it is noise. Called by the thread of the watcher.
fn forward(sender: &Sender<Signal>, event: notify::Result<Event>) {
    let signal = match event {
        // Reads, our own among them, and rights; a look would show nothing.
        Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
        Ok(event) if matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime))) => return,
        // Lost events come without paths; the look finds what they were about.
        Ok(event) => Signal::Happened(event.kind, event.paths),
        Err(error) => Signal::Failed(reason(&error)),
    };
    // Nobody to hear it: the preview has ended.
    let _ = sender.send(signal);
}

/// Why there are no events, for people.
fn reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => {
            String::from("the system watches no more folders (raise `fs.inotify.max_user_watches` with sysctl to change that)")
        }
        _ => format!("the system tells of no changes here ({error})"),
    }
}
