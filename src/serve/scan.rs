//! The state of the files that a build looked at, by which a change is told from noise.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use walkdir::WalkDir;

use super::recorder::Seen;

/// By which a file is known to be as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    /// Changes as well when a file takes the place of another and keeps its time of modification.
    changed: (i64, i64),
    length: u64,
}

impl From<Metadata> for Stamp {
    fn from(found: Metadata) -> Self {
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

/// Files by their path relative to the portal.
pub(super) type Stamps = BTreeMap<String, Stamp>;

/// Looks at everything in `seen` that is there.
pub(super) fn look(root: &Path, seen: &Seen) -> Stamps {
    let mut stamps = Stamps::new();
    for folder in seen.folders() {
        for entry in WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                continue;
            }
            // A link counts as what it leads to, or as itself where that is nothing.
            let found = if entry.path_is_symlink() {
                fs::metadata(entry.path()).or_else(|_| fs::symlink_metadata(entry.path()))
            } else {
                fs::symlink_metadata(entry.path())
            };
            if let (Ok(found), Some(path)) = (found, relative(root, entry.path())) {
                stamps.insert(path, found.into());
            }
        }
    }
    for file in seen.files() {
        if let Ok(found) = fs::metadata(root.join(file)) {
            stamps.insert(file.to_owned(), found.into());
        }
    }
    stamps
}

/// What changed between two looks, of what is in `seen` now.
pub(super) fn differences(before: &Stamps, now: &Stamps, seen: &Seen) -> BTreeSet<String> {
    let touched = now.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path);
    let gone = before.keys().filter(|path| !now.contains_key(*path) && seen.covers(path));
    touched.chain(gone).cloned().collect()
}

/// A path below the root with `/` between names. One that is not UTF-8 is made so: it is only compared and shown.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let names: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|name| name.to_string_lossy()).collect();
    (!names.is_empty()).then(|| names.join("/"))
}
