//! The state of the files that updates looked at, by which a change is told from noise.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use super::recorder::{Recorder, State};
use crate::files::{Content, ordinary};
use crate::limits::LARGEST_COMPARED;

/// How old a time of modification must be to be trusted: two writes in one tick of a file system's clock look
/// alike.
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
        #[cfg(all(unix, not(elsewhere)))]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            (found.ctime(), found.ctime_nsec())
        };
        #[cfg(any(not(unix), elsewhere))]
        let changed = (0, 0);
        Self { modified: found.modified().ok(), changed, length: found.len() }
    }
}

/// A stamp, and whether it can be trusted: that the file holds the same for as long as it has it.
#[derive(Clone, Copy, Debug)]
struct Known {
    stamp: Stamp,
    sure: bool,
    /// What the file held then, where somebody looked.
    content: Option<Content>,
}

impl Known {
    fn new(stamp: Stamp) -> Self {
        let age = stamp.modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        Self { stamp, sure: age.is_some_and(|age| age > TICK), content: None }
    }

    fn with(self, content: Content) -> Self {
        Self { content: Some(content), ..self }
    }
}

/// All files that matter, by their path relative to the portal.
pub(super) struct Scan {
    root: PathBuf,
    known: Mutex<BTreeMap<String, Known>>,
}

impl Scan {
    /// Knows nothing yet.
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), known: Mutex::default() }
    }

    /// Takes note of everything that `recorder` names.
    pub(super) fn learn(&self, recorder: &Recorder) {
        for path in self.differing(recorder) {
            if let Some(stamp) = self.stamp(&path) {
                self.lock().insert(path, Known::new(stamp));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stamp of a file; none where there is none. A link counts as what it leads to, or as itself where
    /// that is nothing.
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
    pub(super) fn differing(&self, recorder: &Recorder) -> Vec<String> {
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
    pub(super) fn differing_in(&self, folder: &str) -> Vec<String> {
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
    pub(super) fn known_below(&self, path: &str) -> Vec<String> {
        let known = self.lock();
        let own = known.contains_key(path).then(|| path.to_owned());
        own.into_iter().chain(below(&known, path).cloned()).collect()
    }

    /// Whether a file changed, came or went since updates were last told of it or saw it; if so, it counts as
    /// told.
    pub(super) fn is_changed(&self, path: &str, recorder: &Recorder) -> bool {
        let state = recorder.state(path);
        let Some(stamp) = self.stamp(path) else {
            let known = self.lock().remove(path).is_some();
            if state.is_none() && known {
                // No update came so far as to look for it.
                recorder.tell(path, State::Absent);
                return true;
            }
            return recorder.is_news(path, false, &|| Content::None);
        };
        // The stamp may be older than what is read below, never younger.
        let now = Known::new(stamp);
        let alike = self.lock().insert(path.to_owned(), now).filter(|before| before.stamp == stamp);
        if stamp.length > LARGEST_COMPARED && recorder.is_content(path) {
            let known = alike.is_some() && !matches!(state, None | Some(State::Absent | State::Mixed));
            if !known {
                recorder.tell(path, State::Unread);
            }
            return !known;
        }
        let trusted = alike.filter(|before| before.sure);
        if trusted.is_some_and(|before| before.content.is_none()) && matches!(state, Some(State::Holds(_) | State::Unread)) {
            // Nobody wrote to it since it was seen.
            return false;
        }
        let content = || {
            let content = trusted.and_then(|before| before.content).unwrap_or_else(|| self.content(path));
            self.lock().insert(path.to_owned(), now.with(content));
            content
        };
        if alike.is_some() && state == Some(State::Unread) && recorder.is_content(path) {
            // Nobody looked into it so far, and it looks as it did.
            recorder.looked_into(path, content());
            return false;
        }
        recorder.is_news(path, true, &content)
    }

    fn content(&self, path: &str) -> Content {
        Content::of_read(&ordinary::read(&self.root.join(path)))
    }

    /// Files that look as they did, but were looked at so soon after they were written that this says
    /// nothing, and hold something else now than updates take them to.
    pub(super) fn doubtful(&self, recorder: &Recorder) -> Vec<String> {
        let unsure: Vec<(String, Stamp)> =
            self.lock().iter().filter(|(_, known)| !known.sure).map(|(path, known)| (path.clone(), known.stamp)).collect();
        let mut found = Vec::new();
        for (path, stamp) in unsure {
            // One that looks different is found anyway, and for one that is still young it is too soon.
            let now = Known::new(stamp);
            if !now.sure || self.stamp(&path) != Some(stamp) {
                continue;
            }
            let looked_into = stamp.length <= LARGEST_COMPARED && recorder.is_content(&path);
            let now = if looked_into { now.with(self.content(&path)) } else { now };
            let state = recorder.state(&path);
            if now.content.is_some_and(|content| state != Some(content.into()) && state != Some(State::Unread)) {
                found.push(path);
            } else if let Some(known) = self.lock().get_mut(&path).filter(|known| known.stamp == stamp) {
                *known = now;
            }
        }
        found
    }

    /// Looks into published files that nobody looked into, so that a change can be told from a touch.
    pub(super) fn look_into(&self, recorder: &Recorder) {
        for path in recorder.unread() {
            let before = self.lock().get(&*path).map(|known| known.stamp);
            if before.is_none() || before.is_some_and(|stamp| stamp.length > LARGEST_COMPARED) || self.stamp(&path) != before {
                continue;
            }
            let Ok(bytes) = ordinary::read(&self.root.join(&*path)) else { continue };
            if self.stamp(&path) == before {
                recorder.looked_into(&path, Content::of(&bytes));
            }
        }
    }
}

fn below<'k>(known: &'k BTreeMap<String, Known>, folder: &str) -> impl Iterator<Item = &'k String> {
    let prefix = format!("{folder}/");
    known.range(prefix.clone()..).map(|(path, _)| path).take_while(move |path| path.starts_with(&prefix))
}

/// A path below the root with `/` between names. One that is not UTF-8 is made so: it is only compared and
/// shown.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let names: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|name| name.to_string_lossy()).collect();
    (!names.is_empty()).then(|| names.join("/"))
}
