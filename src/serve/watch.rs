//! When to build again.
//!
//! Events of the file system name files to look at; the look says whether they changed. So nothing depends on
//! how an editor saves, on which events a platform gives, or on noise such as the reads of our own updates.
//! Where events were lost everything is looked at, and beside the events a thread of its own looks at
//! everything from time to time, for file systems that tell nothing (network shares, containers).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::mounts;
use super::recorder::Recorder;
use super::scan::{self, Scan};
use crate::config::SITE_FILE;
use crate::diagnostic::{Text, text};
use crate::limits::MANY_CHANGES;

/// How long nothing may happen before a change counts as complete.
const QUIET: Duration = Duration::from_millis(5);
/// The same where a file was written to and not closed yet.
const QUIET_OPEN: Duration = Duration::from_millis(30);
/// The same where many files change: somebody copies, moves or checks out.
const QUIET_MANY: Duration = Duration::from_millis(80);
/// How long a change is put off at most while things go on happening.
const LONGEST: Duration = Duration::from_millis(200);
/// The same for many.
const LONGEST_MANY: Duration = Duration::from_secs(3);
/// When a folder that came is looked into again: what was put into it before the system watched it, nobody
/// told of.
const AGAIN: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1)];
/// How often everything is looked at beside the events.
const BESIDE_EVENTS: Duration = Duration::from_secs(2);
/// How often everything is looked at where there are no events.
const WITHOUT_EVENTS: Duration = Duration::from_millis(300);
/// Such looks take at most one part in this of the time, however large the portal: beside events, and
/// without.
const SHARES: (u32, u32) = (100, 5);

/// What the watcher of the platform calls.
pub type Tell = Box<dyn FnMut(notify::Result<Event>) + Send>;

/// How changes are learned of.
pub enum Source<'s> {
    /// As the platform tells of them.
    Events,
    /// By looking.
    Poll,
    /// By a watcher that this makes.
    Watcher(&'s dyn Fn(Tell) -> notify::Result<Box<dyn Watcher + Send>>),
}

enum Signal {
    /// Something happened at these paths.
    Happened(EventKind, Vec<PathBuf>),
    /// A file that was written to is closed.
    Closed(PathBuf),
    /// Events were lost.
    Lost,
    /// There may be no events any more: why.
    Failed(Text),
    /// These files, relative to the portal, look different.
    Differ(Vec<String>),
}

/// Watches what updates look at.
pub struct Watch {
    root: PathBuf,
    recorder: Arc<Recorder>,
    scan: Arc<Scan>,
    watcher: Option<Box<dyn Watcher + Send>>,
    signals: Receiver<Signal>,
    /// The folders at the top of the portal that are watched, with all below them.
    watched: BTreeSet<String>,
    /// Folders to look into again.
    again: Vec<(Instant, String)>,
    scout: Sender<Order>,
    /// When many files changed last.
    many: Option<Instant>,
    notice: Option<Text>,
    /// Whether it was said that there may be no events.
    failed: bool,
}

/// What happened since a first signal.
#[derive(Default)]
struct Batch {
    /// Paths relative to the portal.
    named: BTreeSet<String>,
    /// Files that are being written.
    open: BTreeSet<PathBuf>,
    lost: bool,
}

impl Watch {
    /// Begins to watch the portal in `root`, an absolute path without links. What changes from now on is
    /// told, as far as `recorder` says that it was looked at.
    pub fn start(root: &Path, recorder: &Arc<Recorder>, source: Source<'_>) -> Self {
        let (sender, signals) = channel();
        recorder.expect(&["content", "i18n", "static", "templates", "themes"], &[SITE_FILE]);
        let teller = sender.clone();
        let tell: Tell = Box::new(move |event| forward(&teller, event));
        // Links to folders are not followed by the build either.
        let config = Config::default().with_follow_symlinks(false);
        let watcher = match source {
            Source::Poll => None,
            Source::Events => Some(RecommendedWatcher::new(tell, config).map(|watcher| Box::new(watcher) as Box<dyn Watcher + Send>)),
            Source::Watcher(make) => Some(make(tell)),
        };
        let polls = watcher.is_none();
        let (watcher, mut failure) = match watcher {
            Some(Ok(mut watcher)) => {
                let failure = watcher.watch(root, RecursiveMode::NonRecursive).err().map(|error| reason(&error));
                (Some(watcher), failure)
            }
            Some(Err(error)) => (None, Some(reason(&error))),
            None => (None, None),
        };
        if !polls && failure.is_none() {
            let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
            let remote = mounts::remote_file_system(&mounts, root);
            failure = remote.map(|kind| text!("the portal lies on a file system ({kind}) that does not tell of all changes", kind));
        }
        let (scout, orders) = channel();
        let mut watch = Self {
            root: root.to_owned(),
            recorder: recorder.clone(),
            scan: Arc::new(Scan::new(root)),
            watcher,
            signals,
            watched: BTreeSet::new(),
            again: Vec::new(),
            scout,
            many: None,
            notice: None,
            failed: false,
        };
        // In this order, so that nothing falls between watching and looking.
        watch.watch_tops(&mut Batch::default());
        watch.scan.learn(recorder);
        if let Some(failure) = failure {
            watch.fail(&failure);
        }
        if polls {
            let _ = watch.scout.send(Order::Poll);
        }
        let (scan, recorder) = (watch.scan.clone(), recorder.clone());
        // Without the thread there are still the events.
        let _ = thread::Builder::new().name(String::from("scout")).spawn(move || look_around(&scan, &recorder, &orders, &sender));
        watch
    }

    /// Waits for a change, at most for `patience`. Gives the files that changed, came or went.
    pub fn wait(&mut self, patience: Duration) -> Option<BTreeSet<String>> {
        let mut batch = Batch::default();
        let soonest = self.again.iter().map(|(at, _)| at.saturating_duration_since(Instant::now())).min();
        match self.signals.recv_timeout(patience.min(soonest.unwrap_or(patience))) {
            Ok(signal) => {
                self.take(signal, &mut batch);
                self.settle(&mut batch);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // All threads that tell have ended.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(patience),
        }
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut self.again).into_iter().partition(|(at, _)| *at <= now);
        self.again = later;
        let due: Vec<(Instant, String)> = due;
        batch.named.extend(due.into_iter().map(|(_, folder)| folder));
        let changed = self.look(batch);
        (!changed.is_empty()).then_some(changed)
    }

    /// An update has ended, and may have looked at files for the first time. Gives those that changed
    /// meanwhile.
    pub fn updated(&mut self) -> BTreeSet<String> {
        let _ = self.scout.send(Order::LookInto);
        let fresh = self.recorder.take_fresh();
        if fresh.is_empty() {
            return BTreeSet::new();
        }
        self.look(Batch { named: fresh, ..Batch::default() })
    }

    /// A line for the person in front, where there is something new to say about the watching itself.
    pub fn notice(&mut self) -> Option<Text> {
        self.notice.take()
    }

    /// Takes signals until there is a pause.
    fn settle(&mut self, batch: &mut Batch) {
        let start = Instant::now();
        loop {
            // A burst that an update interrupted goes on as one.
            let many = batch.named.len() > MANY_CHANGES
                || batch.lost
                || self.many.is_some_and(|at| at.elapsed() < LONGEST_MANY && batch.named.len() > 1);
            let (quiet, longest) = match many {
                true => (QUIET_MANY, LONGEST_MANY),
                false if batch.open.is_empty() => (QUIET, LONGEST),
                false => (QUIET_OPEN, LONGEST),
            };
            let left = longest.saturating_sub(start.elapsed());
            match self.signals.recv_timeout(quiet.min(left)) {
                Ok(signal) => self.take(signal, batch),
                Err(_) => {
                    if many {
                        self.many = Some(Instant::now());
                    }
                    return;
                }
            }
        }
    }

    fn take(&mut self, signal: Signal, batch: &mut Batch) {
        let (kind, paths) = match signal {
            Signal::Happened(kind, paths) => (kind, paths),
            Signal::Closed(path) => {
                batch.open.remove(&path);
                return;
            }
            Signal::Lost => {
                batch.lost = true;
                return;
            }
            Signal::Failed(reason) => return self.fail(&reason),
            Signal::Differ(paths) => {
                batch.named.extend(paths);
                return;
            }
        };
        // A folder that was moved away or made anew is no longer the one that is watched.
        let moved = matches!(kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        // Only here is the end of writing told.
        let opened = cfg!(target_os = "linux") && matches!(kind, EventKind::Modify(ModifyKind::Data(_)));
        for path in paths {
            let Some(name) = scan::relative(&self.root, &path) else { continue };
            if let Some(watcher) = &mut self.watcher
                && moved
                && self.watched.remove(&name)
            {
                // The watch may have ended with the folder.
                let _ = watcher.unwatch(&path);
            }
            if moved && path.is_dir() {
                self.again.extend(AGAIN.iter().map(|pause| (Instant::now() + *pause, name.clone())));
            }
            if opened {
                batch.open.insert(path);
            }
            batch.named.insert(name);
        }
    }

    /// Finds out what changed of all that may have.
    fn look(&mut self, mut batch: Batch) -> BTreeSet<String> {
        // First, so that nothing falls between watching and looking.
        self.watch_tops(&mut batch);
        if batch.lost {
            batch.named.extend(self.scan.differing(&self.recorder));
        }
        let files: BTreeSet<String> = batch.named.iter().flat_map(|path| self.files_at(path)).collect();
        files.into_iter().filter(|path| self.scan.is_changed(path, &self.recorder)).collect()
    }

    /// The files to look at where something happened at a path: itself, or all of a folder that came or went.
    fn files_at(&self, path: &str) -> Vec<String> {
        let mut files = self.scan.known_below(path);
        if self.root.join(path).is_dir() {
            for seen in self.recorder.below(path) {
                if self.root.join(&seen).is_dir() {
                    files.extend(self.scan.differing_in(&seen));
                } else {
                    files.push(seen);
                }
            }
        } else if self.recorder.covers(path) {
            files.push(path.to_owned());
        }
        files
    }

    /// Watches the folders at the top that matter and are there; those that are new are looked into.
    fn watch_tops(&mut self, batch: &mut Batch) {
        let Some(watcher) = &mut self.watcher else { return };
        let mut failure = None;
        for top in self.recorder.tops() {
            let path = self.root.join(&top);
            if self.watched.contains(&top) || !path.is_dir() {
                continue;
            }
            match watcher.watch(&path, RecursiveMode::Recursive) {
                Ok(()) => {
                    batch.named.insert(top.clone());
                    self.watched.insert(top);
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

    fn fail(&mut self, reason: &Text) {
        if !std::mem::replace(&mut self.failed, true) {
            self.notice =
                Some(text!("{reason}; looking for changes every {interval} ms as well", reason, interval = WITHOUT_EVENTS.as_millis()));
            let _ = self.scout.send(Order::Poll);
        }
    }
}

/// What the thread that looks around is told.
enum Order {
    /// There may be no events.
    Poll,
    /// There may be files that nobody looked into.
    LookInto,
}

/// Looks at everything from time to time, until nobody gives orders any more.
fn look_around(scan: &Scan, recorder: &Recorder, orders: &Receiver<Order>, to: &Sender<Signal>) {
    let (mut cadence, mut share) = (BESIDE_EVENTS, SHARES.0);
    let mut next = Instant::now() + cadence;
    loop {
        match orders.recv_timeout(next.saturating_duration_since(Instant::now())) {
            Ok(Order::Poll) => {
                (cadence, share) = (WITHOUT_EVENTS, SHARES.1);
                next = Instant::now() + cadence;
                continue;
            }
            Ok(Order::LookInto) => {
                scan.look_into(recorder);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let started = Instant::now();
        let mut differing = scan.differing(recorder);
        differing.append(&mut scan.doubtful(recorder));
        if !differing.is_empty() && to.send(Signal::Differ(differing)).is_err() {
            return;
        }
        next = Instant::now() + cadence.max(started.elapsed() * share);
    }
}

/// Hands an event on, unless it is noise. Called by the thread of the watcher.
fn forward(sender: &Sender<Signal>, event: notify::Result<Event>) {
    let signal = match event {
        Ok(event) if event.need_rescan() => Signal::Lost,
        Ok(mut event) if event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write)) => match event.paths.pop() {
            Some(path) => Signal::Closed(path),
            None => return,
        },
        // Reads, our own among them; a look would show nothing.
        Ok(event) if matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime))) => {
            return;
        }
        Ok(event) => Signal::Happened(event.kind, event.paths),
        Err(error) => Signal::Failed(reason(&error)),
    };
    // Nobody to hear it: the preview has ended.
    let _ = sender.send(signal);
}

/// Why there are no events, for people.
fn reason(error: &notify::Error) -> Text {
    match error.kind {
        ErrorKind::MaxFilesWatch => {
            Text::from("the system watches no more folders (raise `fs.inotify.max_user_watches` with sysctl to change that)")
        }
        _ => text!("the system tells of no changes here ({error})", error = error.to_string()),
    }
}
