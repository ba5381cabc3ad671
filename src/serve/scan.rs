//! The state of the files that updates looked at, by which a change is told from noise.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use super::recorder::{Content, Recorder};
use crate::files::ordinary;

/// The largest file that is looked into to find out whether it changed, in bytes; of a larger one the time stamp decides.
const LARGEST: u64 = 16 * 1024 * 1024;

/// How old a time of modification must be to be trusted: two writes in one tick of a file system's clock look alike.
const TICK: Duration = Duration::from_secs(2);

/// By which a file is known to be as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    /// Changes as well when a file takes the place of another and keeps its time of modification.
    changed: (i64, i64),
    length: u64,
}

impl From<&Metadata> for Stamp {
    fn from(found: &Metadata) -> Self {
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            (found.ctime(), found.ctime_nsec())
        };
        #[cfg(not(unix))]
        let changed = (0, 0);
        Self { modified: found.modified().ok(), changed, length: found.len() }
    }
}

/// A stamp, and whether it can be trusted.
#[derive(Clone, Copy, Debug)]
struct Known {
    stamp: Stamp,
    sure: bool,
}

impl Known {
    fn new(stamp: Stamp) -> Self {
        let age = stamp.modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        Self { stamp, sure: age.is_some_and(|age| age > TICK) }
    }
}

/// All files that matter, by their path relative to the portal.
pub(super) struct Scan {
    root: PathBuf,
    known: Mutex<BTreeMap<String, Known>>,
}

impl Scan {
    /// Knows nothing yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), known: Mutex::default() }
    }

    /// Takes note of everything that `recorder` names.
    pub fn learn(&self, recorder: &Recorder) {
        for path in self.differing(recorder) {
            if let Some(stamp) = self.stamp(&path) {
                self.lock().insert(path, Known::new(stamp));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stamp of a file; none where there is none. A link counts as what it leads to, or as itself where that is nothing.
    fn stamp(&self, path: &str) -> Option<Stamp> {
        let mut full = self.root.join(path);
        if path.contains(char::REPLACEMENT_CHARACTER) {
            // A name that is not UTF-8, as `relative` made it.
            let entries = fs::read_dir(full.parent()?).ok()?.filter_map(Result::ok);
            full = entries.map(|entry| entry.path()).find(|found| relative(&self.root, found).as_deref() == Some(path))?;
        }
        let found = fs::metadata(&full).or_else(|_| fs::symlink_metadata(&full)).ok()?;
        (!found.is_dir()).then(|| (&found).into())
    }

    /// Files that look different than they did, came or went. Nothing is taken note of.
    pub fn differing(&self, recorder: &Recorder) -> Vec<String> {
        let folders = recorder.folders();
        let mut found: Vec<String> = folders.iter().flat_map(|folder| self.differing_in(folder)).collect();
        for file in recorder.files() {
            let stamp = self.stamp(&file);
            if self.lock().get(&file).map(|known| known.stamp) != stamp {
                found.push(file);
            }
        }
        found
    }

    /// The same of one folder with all below it.
    pub fn differing_in(&self, folder: &str) -> Vec<String> {
        let mut there = BTreeMap::new();
        for entry in WalkDir::new(self.root.join(folder)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                continue;
            }
            let found = if entry.path_is_symlink() {
                fs::metadata(entry.path()).or_else(|_| fs::symlink_metadata(entry.path()))
            } else {
                fs::symlink_metadata(entry.path())
            };
            if let (Ok(found), Some(path)) = (found, relative(&self.root, entry.path())) {
                there.insert(path, Stamp::from(&found));
            }
        }
        let known = self.lock();
        let gone = below(&known, folder).filter(|path| !there.contains_key(*path)).cloned().collect::<Vec<_>>();
        let differs = |(path, stamp): &(&String, &Stamp)| known.get(*path).is_none_or(|known| known.stamp != **stamp);
        let mut found: Vec<String> = there.iter().filter(differs).map(|(path, _)| path.clone()).collect();
        found.extend(gone);
        found
    }

    /// Known files at or below a path.
    pub fn known_below(&self, path: &str) -> Vec<String> {
        let known = self.lock();
        let own = known.contains_key(path).then(|| path.to_owned());
        own.into_iter().chain(below(&known, path).cloned()).collect()
    }

    /// Whether a file changed, came or went since it was last looked into, here or by an update; takes note of what it is now.
    pub fn is_changed(&self, path: &str, recorder: &Recorder) -> bool {
        let Some(stamp) = self.stamp(path) else {
            let known = self.lock().remove(path).is_some();
            let seen = recorder.content(path).is_some_and(|seen| seen != Content::None);
            if seen {
                recorder.saw(path, Content::None);
            }
            return known || seen;
        };
        let before = self.lock().insert(path.to_owned(), Known::new(stamp));
        if before.is_some_and(|before| before.sure && before.stamp == stamp) {
            return false;
        }
        // Swap files of editors lie in folders that matter, and are nobody's business once it is known that they are there.
        if !recorder.matters(path) {
            return before.is_none();
        }
        let seen = recorder.content(path);
        if stamp.length > LARGEST {
            return before.is_none_or(|before| before.stamp != stamp);
        }
        let now = Content::of_read(&ordinary::read(&self.root.join(path)));
        if seen == Some(now) {
            return false;
        }
        recorder.saw(path, now);
        // Nobody looked into it so far, and it looks as it did.
        seen.is_some() || before.is_none_or(|before| before.stamp != stamp)
    }

    /// Looks into published files that nobody looked into, so that a change can be told from a touch.
    pub fn look_into(&self, recorder: &Recorder) {
        for path in recorder.unread() {
            let before = self.lock().get(&*path).map(|known| known.stamp);
            if before.is_none() || before.is_some_and(|stamp| stamp.length > LARGEST) || self.stamp(&path) != before {
                continue;
            }
            let Ok(bytes) = ordinary::read(&self.root.join(&*path)) else { continue };
            if self.stamp(&path) == before && recorder.content(&path).is_none() {
                recorder.saw(&path, Content::of(&bytes));
            }
        }
    }
}

fn below<'k>(known: &'k BTreeMap<String, Known>, folder: &str) -> impl Iterator<Item = &'k String> {
    let prefix = format!("{folder}/");
    known.range(prefix.clone()..).map(|(path, _)| path).take_while(move |path| path.starts_with(&prefix))
}

/// A path below the root with `/` between names. One that is not UTF-8 is made so: it is only compared and shown.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let names: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|name| name.to_string_lossy()).collect();
    (!names.is_empty()).then(|| names.join("/"))
}
