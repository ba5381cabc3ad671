//! What updates looked at: a change of anything else needs none.
//!
//! Nothing in the crate opens a file of the portal but through [`Files`], so a list kept here is complete: it
//! names the data file that one template loads, a folder that is not there yet, and nothing of what merely
//! lies beside the portal. An update reads only what changed, so the list grows and never shrinks.
//!
//! What was read is kept as a hash: a file that holds what the last update saw in it has not changed,
//! whatever events or time stamps say. Only the view of an update (`files::View`) says what that update saw;
//! and what was told as a change counts as known until an update has seen it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files::{Blob, Cache, Content, Files, Listing, Seen, Sink, plain};
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;
use crate::portal::is_inside;

/// What updates take to lie at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Absent,
    /// A file into which no update looked.
    Unread,
    /// Something that cannot be read, for this reason.
    Fails(io::ErrorKind),
    /// A file that holds bytes with this hash.
    Holds(u64),
    /// One thing for one update and another for a later one, and nobody was told of the change: whatever lies
    /// there is news.
    Mixed,
}

impl From<Content> for State {
    fn from(content: Content) -> Self {
        match content {
            Content::None => State::Absent,
            Content::Fails(kind) => State::Fails(kind),
            Content::Hash(hash) => State::Holds(hash),
        }
    }
}

/// Files that remember what was asked of them.
pub struct Recorder {
    files: Arc<dyn Files>,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    /// Folders that were listed, with all below them.
    folders: BTreeSet<String>,
    /// Files that were looked for and lie in none of them.
    files: BTreeSet<String>,
    /// What updates take to lie where, and what they were told since.
    known: BTreeMap<String, State>,
    /// What they were told and did not read since.
    told: HashSet<String>,
    /// Files that are published as they are, which updates need not read.
    published: HashSet<Arc<str>>,
    /// Folders and files that were looked at for the first time.
    fresh: BTreeSet<String>,
}

impl Record {
    fn is_in_folder(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.folders.contains(&path[..at]))
    }

    fn note(&mut self, path: &str) {
        if !self.is_in_folder(path) && !self.files.contains(path) {
            self.files.insert(path.to_owned());
            self.fresh.insert(path.to_owned());
        }
    }

    /// These files lay at `path`, or below it, and no others.
    fn take_in_listing(&mut self, path: &str, listing: &Listing, there: &There<'_>) {
        let below = format!("{path}/");
        let inside = self.known.range_mut::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
        let inside = inside.take_while(|(known, _)| known.starts_with(&below));
        inside.filter(|(known, _)| there.lacks(known)).for_each(|(_, state)| *state = State::Absent);
        if let Some(state) = self.known.get_mut(path).filter(|_| there.lacks(path)) {
            *state = State::Absent;
        }
        for file in &listing.files {
            match self.known.get_mut(file) {
                Some(state) if *state == State::Absent => *state = State::Unread,
                Some(_) => {}
                None => {
                    self.known.insert(file.clone(), State::Unread);
                }
            }
        }
    }
}

/// What a listing says of paths within it.
struct There<'l> {
    files: HashSet<&'l str>,
    /// What it passed over with a finding: a link to a folder, a folder that may not be read. What lies there
    /// can be reached nevertheless.
    passed_over: HashSet<&'l str>,
}

impl<'l> There<'l> {
    fn new(listing: &'l Listing) -> Self {
        let passed_over = listing.findings.iter().filter_map(|finding| finding.place.as_ref()).map(|place| place.file.as_str());
        Self { files: listing.files.iter().map(String::as_str).collect(), passed_over: passed_over.collect() }
    }

    fn lacks(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]);
        !self.files.contains(path) && !folders.any(|folder| self.passed_over.contains(folder))
    }
}

impl Recorder {
    /// Records what is asked of `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, record: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the files that are published as they are.
    pub fn publish(&self, changes: &BTreeMap<Arc<str>, Option<BuiltOutput>>) {
        let files = changes.values().flatten().filter_map(|output| match &output.bytes {
            Bytes::File(file) => Some(file.clone()),
            _ => None,
        });
        self.lock().published.extend(files);
    }

    /// Counts these as looked at, for a look before the first update.
    pub(super) fn expect(&self, folders: &[&str], files: &[&str]) {
        let mut record = self.lock();
        record.folders.extend(folders.iter().map(|folder| (*folder).to_owned()));
        record.files.extend(files.iter().map(|file| (*file).to_owned()));
    }

    /// Folders that were listed; none lies in another.
    pub(super) fn folders(&self) -> Vec<String> {
        let record = self.lock();
        record.folders.iter().filter(|folder| !record.is_in_folder(folder)).cloned().collect()
    }

    /// Files that were looked for and lie in none of the folders.
    pub(super) fn files(&self) -> Vec<String> {
        let record = self.lock();
        record.files.iter().filter(|file| !record.is_in_folder(file)).cloned().collect()
    }

    /// Whether a file was looked at, or looked for.
    pub(super) fn covers(&self, path: &str) -> bool {
        let record = self.lock();
        record.files.contains(path) || record.is_in_folder(path)
    }

    /// What was looked at of a folder: all of it, or the folders and files that it holds or would hold.
    pub(super) fn below(&self, folder: &str) -> Vec<String> {
        let record = self.lock();
        if record.folders.contains(folder) || record.is_in_folder(folder) {
            return vec![folder.to_owned()];
        }
        let prefix = format!("{folder}/");
        let inside =
            |set: &BTreeSet<String>| set.range(prefix.clone()..).take_while(|path| path.starts_with(&prefix)).cloned().collect::<Vec<_>>();
        [inside(&record.folders), inside(&record.files)].concat()
    }

    /// The names at the top of the portal that lead to what was looked at.
    pub(super) fn tops(&self) -> BTreeSet<String> {
        let record = self.lock();
        record.folders.iter().chain(&record.files).filter_map(|path| path.split('/').next()).map(str::to_owned).collect()
    }

    /// What was looked at for the first time since this was last asked.
    pub(super) fn take_fresh(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.lock().fresh)
    }

    /// Takes note of what an update saw. What it saw otherwise than an earlier one, without being told, or
    /// otherwise than the listing of its folder had it, is kept as news: of what is made of both nobody knows
    /// which it was made from.
    pub fn take_in(&self, seen: &Seen) {
        let mut record = self.lock();
        let listings: HashMap<&str, There<'_>> = seen.listings.iter().map(|(path, listing)| (path.as_str(), There::new(listing))).collect();
        for (path, listing) in &seen.listings {
            record.take_in_listing(path, listing, &listings[path.as_str()]);
        }
        for (path, content) in &seen.contents {
            let now = State::from(*content);
            let is_told = record.told.remove(path);
            let agrees = is_told || record.known.get(path).is_none_or(|before| [now, State::Unread].contains(before));
            let folders = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path.as_str()]);
            let came = now != State::Absent && folders.filter_map(|folder| listings.get(folder)).any(|there| there.lacks(path));
            record.known.insert(path.clone(), if agrees && !came { now } else { State::Mixed });
        }
    }

    /// What updates take to lie at a path; none where nobody looked.
    pub(super) fn state(&self, path: &str) -> Option<State> {
        self.lock().known.get(path).copied()
    }

    /// Whether it matters what a file holds: an update read it, or it is published.
    pub(super) fn is_content(&self, path: &str) -> bool {
        let record = self.lock();
        let read = record.known.get(path).is_some_and(|state| matches!(state, State::Fails(_) | State::Holds(_) | State::Mixed));
        read || record.published.contains(path)
    }

    /// Whether what lies at a path now is something else than what updates take to lie there; if so, it
    /// counts as told. `content` is asked only where it matters what a file holds.
    pub fn is_news(&self, path: &str, is_there: bool, content: &dyn Fn() -> Content) -> bool {
        let now = match is_there {
            false => State::Absent,
            // Swap files of editors lie in folders that matter, and are nobody's business once it is known
            // that they are there.
            true if !self.is_content(path) => State::Unread,
            true => content().into(),
        };
        let news = self.state(path).map_or(now != State::Absent, |state| state != now);
        if news {
            self.tell(path, now);
        }
        news
    }

    /// A change is told to the next update: that this lies at a path.
    pub(super) fn tell(&self, path: &str, state: State) {
        let mut record = self.lock();
        record.known.insert(path.to_owned(), state);
        record.told.insert(path.to_owned());
    }

    /// What a file holds into which no update looked.
    pub(super) fn looked_into(&self, path: &str, content: Content) {
        let mut record = self.lock();
        if record.known.get(path).is_none_or(|state| *state == State::Unread) {
            record.known.insert(path.to_owned(), content.into());
        }
    }

    /// Published files that nobody looked into.
    pub(super) fn unread(&self) -> Vec<Arc<str>> {
        let record = self.lock();
        let unread = |file: &&Arc<str>| record.known.get(&***file).is_none_or(|state| *state == State::Unread);
        let mut files: Vec<Arc<str>> = record.published.iter().filter(unread).cloned().collect();
        files.sort_unstable();
        files
    }
}

impl Files for Recorder {
    fn list(&self, dir: &str) -> Listing {
        let mut record = self.lock();
        if record.folders.insert(dir.to_owned()) {
            record.fresh.insert(dir.to_owned());
        }
        drop(record);
        self.files.list(dir)
    }

    fn look(&self, path: &str) -> Listing {
        self.lock().note(path);
        self.files.look(path)
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        self.lock().note(path);
        self.files.read(path)
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        self.lock().note(path);
        self.files.pass(path, to)
    }

    fn length(&self, path: &str) -> io::Result<u64> {
        self.lock().note(path);
        self.files.length(path)
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        // One that leads out is refused, whatever lies there.
        let plain = plain(path);
        if is_inside(&plain) {
            self.lock().note(&plain);
        }
        self.files.admit(path)
    }

    fn cache(&self) -> Option<Arc<dyn Cache>> {
        self.files.cache()
    }
}
