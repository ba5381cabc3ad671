//! What updates looked at: a change of anything else needs none.
//!
//! Nothing in the crate opens a file of the portal but through [`Files`], so a list kept here is complete: it names the data file that one
//! template loads, a folder that is not there yet, and nothing of what merely lies beside the portal. An update reads only what changed, so the
//! list grows and never shrinks.
//!
//! What was read is kept as a hash: a file that holds what the last update saw in it has not changed, whatever events or time stamps say.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::files::{Files, Listing};
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;
use crate::portal::is_inside;

/// What a file held when it was last looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// It is not there.
    None,
    /// It cannot be read, for this reason: a pipe, a folder, a file that may not be opened.
    Unread(io::ErrorKind),
    /// Bytes with this hash.
    Hash(u64),
}

impl Content {
    pub fn of(bytes: &[u8]) -> Self {
        Content::Hash(xxh3_64(bytes))
    }

    pub fn of_read(read: &io::Result<Vec<u8>>) -> Self {
        match read {
            Ok(bytes) => Self::of(bytes),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Content::None,
            Err(error) => Content::Unread(error.kind()),
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
    /// What was last seen in a file.
    contents: HashMap<String, Content>,
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
            Bytes::Made(_) | Bytes::Shared(_) => None,
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

    /// Whether it matters what a file holds: an update read it, or it is published.
    pub(super) fn matters(&self, path: &str) -> bool {
        let record = self.lock();
        record.contents.contains_key(path) || record.published.contains(path)
    }

    /// What was last seen in a file; none where nobody looked.
    pub(super) fn content(&self, path: &str) -> Option<Content> {
        self.lock().contents.get(path).copied()
    }

    /// Takes note of what a file holds now.
    pub(super) fn saw(&self, path: &str, content: Content) {
        self.lock().contents.insert(path.to_owned(), content);
    }

    /// Published files that nobody looked into.
    pub(super) fn unread(&self) -> Vec<Arc<str>> {
        let record = self.lock();
        let mut files: Vec<Arc<str>> = record.published.iter().filter(|file| !record.contents.contains_key(&***file)).cloned().collect();
        files.sort_unstable();
        files
    }

    fn note(&self, path: &str, read: &io::Result<Vec<u8>>) {
        let content = Content::of_read(read);
        let mut record = self.lock();
        record.note(path);
        record.contents.insert(path.to_owned(), content);
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

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let read = self.files.read(path);
        self.note(path, &read);
        read
    }

    fn read_written(&self, path: &str) -> io::Result<Vec<u8>> {
        // One that leads out is refused, whatever lies there.
        let plain = path.split('/').filter(|name| *name != ".").collect::<Vec<_>>().join("/");
        let read = self.files.read_written(path);
        if is_inside(&plain) {
            self.note(&plain, &read);
        }
        read
    }
}
