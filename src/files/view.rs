//! One consistent view of the files of a portal, for one update: whatever is asked again is answered as it
//! was.
//!
//! A file is read once, and its hash is taken of the bytes that everybody gets. A file that changes meanwhile
//! is a change for the next update, which has another view. What was seen, and nothing else, is handed to
//! whoever finds out what changed since.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::pieces::{Hashing, Sink, pass_held};
use super::{Blob, Cache, Files, Listing, Memory, ordinary};
use crate::diagnostic::Text;

/// How many bytes are held after [`View::release`]: below that there is nothing to be gained.
const SPARED: usize = 4 * 1024 * 1024;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// It is not there.
    None,
    /// It cannot be read, for this reason: a pipe, a folder, a file that may not be opened, one that is being
    /// written all the time.
    Fails(io::ErrorKind),
    /// Bytes with this hash.
    Hash(u64),
}

impl Content {
    /// Of bytes that were read.
    pub fn of(bytes: &[u8]) -> Self {
        Content::Hash(xxh3_64(bytes))
    }

    /// Of an attempt to read.
    pub fn of_read<B: std::ops::Deref<Target = [u8]>>(read: &io::Result<B>) -> Self {
        read.as_ref().map_or_else(Self::of_failure, |bytes| Self::of(bytes))
    }

    fn of_failure(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Content::None,
            kind => Content::Fails(kind),
        }
    }
}

/// What was seen through a [`View`].
#[derive(Debug, Default)]
pub struct Seen {
    /// Files that were read, or tried to.
    pub contents: Vec<(String, Content)>,
    /// Folders and files that were looked at, and what lay there.
    pub listings: Vec<(String, Listing)>,
}

/// Files that answer the same question the same way for as long as the view lasts.
pub struct View {
    files: Arc<dyn Files>,
    /// None once the view is over.
    state: Mutex<Option<State>>,
}

#[derive(Default)]
struct State {
    reads: HashMap<String, Arc<Mutex<Kept>>>,
    admitted: HashMap<String, Result<(), io::Error>>,
    lists: HashMap<String, Listing>,
    looks: HashMap<String, Listing>,
}

/// What is known of a file.
#[derive(Default)]
enum Kept {
    /// Nothing yet.
    #[default]
    Unread,
    /// What it holds, and its hash.
    Bytes(Blob, u64),
    /// What it held, which is no longer kept: it can be read again for as long as it is the same.
    Hash(u64),
    /// Why it cannot be read.
    Failed(io::Error),
}

impl Kept {
    fn content(&self) -> Option<Content> {
        match self {
            Kept::Unread => None,
            Kept::Bytes(_, hash) | Kept::Hash(hash) => Some(Content::Hash(*hash)),
            Kept::Failed(error) => Some(Content::of_failure(error)),
        }
    }
}

impl View {
    /// A view of `files` that begins now.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, state: Mutex::new(Some(State::default())) }
    }

    /// Lets go of the bytes of files that nobody else holds, where they are many: most of what was read is
    /// not asked for again. What is, is read again, and has to hold what it held.
    pub fn release(&self) {
        let state = lock(&self.state);
        let held = state.iter().flat_map(|state| state.reads.values());
        let mut sole: Vec<MutexGuard<'_, Kept>> = held.map(|kept| lock(kept)).collect();
        sole.retain(|kept| matches!(&**kept, Kept::Bytes(Blob::Own(bytes), _) if Arc::strong_count(bytes) == 1));
        let length = |kept: &MutexGuard<'_, Kept>| if let Kept::Bytes(bytes, _) = &**kept { bytes.len() } else { 0 };
        if sole.iter().map(length).sum::<usize>() <= SPARED {
            return;
        }
        for kept in &mut sole {
            if let Kept::Bytes(_, hash) = **kept {
                **kept = Kept::Hash(hash);
            }
        }
    }

    /// What is known of a file.
    fn kept(&self, path: &str) -> io::Result<Arc<Mutex<Kept>>> {
        let mut state = lock(&self.state);
        let reads = &mut state.as_mut().ok_or_else(over)?.reads;
        Ok(match reads.get(path) {
            Some(kept) => kept.clone(),
            None => reads.entry(path.to_owned()).or_default().clone(),
        })
    }

    /// Ends the view, and gives what was seen. Whoever asks it from now on is told so: nothing is read
    /// between updates.
    pub fn close(&self) -> Seen {
        let Some(state) = lock(&self.state).take() else { return Seen::default() };
        let listings: Vec<(String, Listing)> = state.lists.into_iter().chain(state.looks).collect();
        let listed: HashSet<&str> = listings.iter().flat_map(|(_, listing)| &listing.files).map(String::as_str).collect();
        let content = |path: &str, kept: &Mutex<Kept>| match lock(kept).content()? {
            // It went after its folder was listed. That it is gone is news then, as much as that it is back.
            Content::None if listed.contains(path) => Some(Content::Fails(io::ErrorKind::NotFound)),
            content => Some(content),
        };
        let contents = state.reads.iter().filter_map(|(path, kept)| Some((path.clone(), content(path, kept)?))).collect();
        drop(listed);
        Seen { contents, listings }
    }
}

/// A view of nothing.
impl Default for View {
    fn default() -> Self {
        Self::new(Arc::new(Memory::new()))
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("View")
    }
}

/// Files that are copied, through a view: what it saw is as it saw it; of all else nothing is kept, however
/// large it is.
#[derive(Clone, Copy, Debug)]
pub struct Copied<'v>(pub &'v View);

impl Copied<'_> {
    fn saw(&self, path: &str) -> bool {
        lock(&self.0.state).as_ref().is_some_and(|state| state.reads.contains_key(path))
    }
}

impl Files for Copied<'_> {
    fn list(&self, dir: &str) -> Listing {
        self.0.list(dir)
    }

    fn look(&self, path: &str) -> Listing {
        self.0.look(path)
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        if self.saw(path) { self.0.read(path) } else { self.0.files.read(path) }
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        if self.saw(path) { self.0.pass(path, to) } else { self.0.files.pass(path, to) }
    }

    fn length(&self, path: &str) -> io::Result<u64> {
        self.0.length(path)
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        self.0.admit(path)
    }

    fn cache(&self) -> Option<Arc<dyn Cache>> {
        self.0.cache()
    }
}

impl Files for View {
    fn list(&self, dir: &str) -> Listing {
        if let Some(Some(listing)) = lock(&self.state).as_ref().map(|state| state.lists.get(dir).cloned()) {
            return listing;
        }
        let listing = self.files.list(dir);
        // Where two asked at once, the first answer is everybody's.
        match &mut *lock(&self.state) {
            Some(state) => state.lists.entry(dir.to_owned()).or_insert(listing).clone(),
            None => Listing::default(),
        }
    }

    fn look(&self, path: &str) -> Listing {
        if let Some(Some(listing)) = lock(&self.state).as_ref().map(|state| state.looks.get(path).cloned()) {
            return listing;
        }
        let listing = self.files.look(path);
        match &mut *lock(&self.state) {
            Some(state) => state.looks.entry(path.to_owned()).or_insert(listing).clone(),
            None => Listing::default(),
        }
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        let kept = self.kept(path)?;
        // Others who ask for this file wait for the one who reads it.
        let mut kept = lock(&kept);
        let expected = match &*kept {
            Kept::Bytes(bytes, _) => return Ok(bytes.clone()),
            Kept::Failed(error) => return Err(same(error)),
            Kept::Hash(hash) => Some(*hash),
            Kept::Unread => None,
        };
        let read = self.files.read(path).map(|bytes| (xxh3_64(&bytes), bytes));
        match (read, expected) {
            (Ok((hash, bytes)), expected) if expected.is_none_or(|expected| expected == hash) => {
                *kept = Kept::Bytes(bytes.clone(), hash);
                Ok(bytes)
            }
            (Err(error), None) => {
                let answer = same(&error);
                *kept = Kept::Failed(error);
                Err(answer)
            }
            _ => Err(torn(&mut kept)),
        }
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        let kept = self.kept(path)?;
        let mut kept = lock(&kept);
        let expected = match &*kept {
            Kept::Bytes(bytes, _) => return pass_held(bytes, to),
            Kept::Failed(error) => return Err(same(error)),
            Kept::Hash(hash) => Some(*hash),
            Kept::Unread => None,
        };
        let mut hashing = Hashing::new(to);
        match self.files.pass(path, &mut hashing) {
            Ok(()) => {
                let hash = hashing.hash.short();
                if expected.is_some_and(|expected| expected != hash) {
                    return Err(torn(&mut kept));
                }
                *kept = Kept::Hash(hash);
                Ok(())
            }
            // What is wrong where it was taken to says nothing of the file.
            Err(error) if hashing.refused => Err(error),
            Err(_) if expected.is_some() => Err(torn(&mut kept)),
            Err(error) => {
                let answer = same(&error);
                *kept = Kept::Failed(error);
                Err(answer)
            }
        }
    }

    // It says nothing of what the file holds. Whoever goes by it asks for that as well.
    fn length(&self, path: &str) -> io::Result<u64> {
        let known = lock(&self.state).as_ref().ok_or_else(over)?.reads.get(path).cloned();
        match known.as_ref().map(|kept| lock(kept)).as_deref() {
            Some(Kept::Bytes(bytes, _)) => Ok(bytes.len() as u64),
            Some(Kept::Failed(error)) => Err(same(error)),
            Some(Kept::Hash(_) | Kept::Unread) | None => self.files.length(path),
        }
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        let answer = |known: &Result<(), io::Error>| known.as_ref().copied().map_err(same);
        if let Some(known) = lock(&self.state).as_ref().ok_or_else(over)?.admitted.get(path) {
            return answer(known);
        }
        let admitted = self.files.admit(path);
        answer(lock(&self.state).as_mut().ok_or_else(over)?.admitted.entry(path.to_owned()).or_insert(admitted))
    }

    fn cache(&self) -> Option<Arc<dyn Cache>> {
        self.files.cache()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn over() -> io::Error {
    io::Error::other(Text::from("the update that reads it is over"))
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, Text::from("it changed while the site was being made"))
}

/// Notes that a file holds no longer what it held, and says so. Some of what is made has what it held and
/// some has not, so that whatever it holds later is news, also what it held at first.
fn torn(kept: &mut Kept) -> io::Error {
    *kept = Kept::Failed(changed());
    changed()
}

/// An error that says what `error` says.
fn same(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None if ordinary::is_not_ordinary(error) => ordinary::not_ordinary(),
        // What our own code says is kept as the text that it is.
        None => match error.get_ref().and_then(|inner| inner.downcast_ref::<Text>()) {
            Some(text) => io::Error::new(error.kind(), text.clone()),
            None => io::Error::new(error.kind(), error.to_string()),
        },
    }
}
