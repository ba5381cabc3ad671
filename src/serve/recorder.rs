//! What a build looked at: a change of anything else needs no build.
//!
//! Nothing in the crate opens a file of the portal but through [`Files`], so a list kept here is complete: it names the data file that one
//! template loads, a folder that is not there yet, and nothing of what merely lies beside the portal.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files::{Files, Listing};
use crate::portal::is_inside;

/// What was looked at, whether or not it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Folders that were listed, with all below them.
    folders: BTreeSet<String>,
    /// Files that were read and lie in none of them.
    files: BTreeSet<String>,
}

impl Seen {
    /// What every portal has, for a look before the first build.
    pub fn usual() -> Self {
        let folders = ["content", "i18n", "static", "templates", "themes"].map(str::to_owned).into();
        Self { folders, files: [crate::config::SITE_FILE.to_owned()].into() }
    }

    /// Folders with all below them; none lies in another.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str).filter(|folder| !self.in_folder(folder))
    }

    /// Files that lie in none of the folders.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str).filter(|file| !self.in_folder(file))
    }

    /// Whether a file was looked at, or looked for.
    pub fn covers(&self, path: &str) -> bool {
        self.files.contains(path) || self.in_folder(path)
    }

    /// The names at the top of the portal that lead to what was looked at.
    pub fn tops(&self) -> BTreeSet<&str> {
        self.folders.iter().chain(&self.files).filter_map(|path| path.split('/').next()).collect()
    }

    fn in_folder(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.folders.contains(&path[..at]))
    }
}

/// Files that remember what was asked of them.
pub struct Recorder {
    files: Arc<dyn Files>,
    seen: Mutex<Seen>,
}

impl Recorder {
    /// Records what is asked of `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, seen: Mutex::new(Seen::default()) }
    }

    /// What was looked at since this was last asked.
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &str) {
        let mut seen = self.lock();
        if !seen.in_folder(path) && !seen.files.contains(path) {
            seen.files.insert(path.to_owned());
        }
    }
}

impl Files for Recorder {
    fn list(&self, dir: &str) -> Listing {
        self.lock().folders.insert(dir.to_owned());
        self.files.list(dir)
    }

    fn look(&self, path: &str) -> Listing {
        self.note(path);
        self.files.look(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.note(path);
        self.files.read(path)
    }

    fn read_written(&self, path: &str) -> io::Result<Vec<u8>> {
        // One that leads out is refused, whatever lies there.
        let plain = path.split('/').filter(|name| *name != ".").collect::<Vec<_>>().join("/");
        if is_inside(&plain) {
            self.note(&plain);
        }
        self.files.read_written(path)
    }
}
