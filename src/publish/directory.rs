//! Publishing to a directory.
//!
//! The directory keeps a list of what was written into it, in `.werdegang/`. Only files on that list are ever
//! replaced or removed. New and changed files are first written there, all of them; only when all are whole
//! are they renamed into their places. So a full disk changes nothing, and a build that is killed leaves each
//! file whole. The list is extended before the first rename, so that the next build knows of every file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::fresh;
use super::same::same;
use super::written::{LIST, read_list, write_list};
use crate::diagnostic::{Diagnostic, Text, list, text};
use crate::files::{Files, Sink, ordinary};
use crate::limits::MOST_WRITE_FINDINGS;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;

/// The folder of the output directory that is the program's own.
pub(super) const OWN: &str = crate::output::RESERVED;
/// Where files are written before they are renamed.
const HALF: &str = "half";
/// The file that keeps two builds apart.
pub(super) const LOCK: &str = "lock";

/// How many files one thread renames before it takes the next.
pub(super) const TOGETHER: usize = 256;

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were as they should be, and were not touched.
    pub unchanged: usize,
    /// Files of an earlier build that are no longer there.
    pub removed: usize,
}

/// Puts the outputs into directory `to`, which is made if it is not there.
///
/// # Errors
/// Findings that name the file and what the file system said. Each file is then as it was or as it is to be;
/// running again puts things right.
pub fn publish(to: &Path, outputs: &BTreeMap<Arc<str>, BuiltOutput>, files: &dyn Files) -> Result<Published, Vec<Diagnostic>> {
    let own = to.join(OWN);
    let half = own.join(HALF);
    let failed = |what: &'static str, path: &Path| {
        let shown = path.display().to_string();
        move |error: io::Error| vec![io_finding(what, &shown, &error)]
    };
    if own.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        return Err(vec![
            Diagnostic::new("write", text!("`{path}` is no folder, and should be the program's own", path = own.display()))
                .help("remove it and run again"),
        ]);
    }
    fs::create_dir_all(&own).map_err(failed("make the folder", &own))?;
    let lock = open_lock(&own).map_err(failed("write", &own.join(LOCK)))?;
    if lock.try_lock().is_err() {
        return Err(vec![
            Diagnostic::new("locked", text!("another build is writing to `{path}`", path = to.display()))
                .help("wait for it to end, or name another directory with `--output-dir`"),
        ]);
    }
    // What a killed build left half written.
    match half.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(&half).map_err(failed("clear", &half))?,
        Ok(_) => fs::remove_file(&half).map_err(failed("clear", &half))?,
        Err(_) => {}
    }
    fs::create_dir_all(&half).map_err(failed("make the folder", &half))?;
    let before = read_list(&own).map_err(failed("read", &own.join(LIST)))?;
    // A directory that was just made holds nothing, of anybody.
    let is_new = fs::read_dir(to).is_ok_and(|entries| entries.filter_map(Result::ok).all(|entry| entry.file_name() == OWN));
    let now: BTreeSet<&str> = outputs.keys().map(|path| &**path).collect();
    if is_new {
        write_list(&own, &half, &now).map_err(failed("write", &own.join(LIST)))?;
        let placed = fresh::place(to, &half, outputs, files);
        let _ = fs::remove_dir_all(&half);
        return placed.map(|()| Published { written: outputs.len(), ..Published::default() });
    }
    refuse_to_replace(to, &before, outputs, files)?;
    let stage = Stage { to, half, files, folders: Mutex::new(HashMap::new()), next: AtomicUsize::new(0) };
    let staged = stage.all(outputs).inspect_err(|_| {
        let _ = fs::remove_dir_all(&stage.half);
    })?;
    look_ahead(to, &before, &staged).inspect_err(|_| {
        let _ = fs::remove_dir_all(&stage.half);
    })?;
    let known: BTreeSet<&str> = before.iter().map(String::as_str).chain(outputs.keys().map(|path| &**path)).collect();
    write_list(&own, &stage.half, &known).map_err(failed("write", &own.join(LIST)))?;
    let gone: Vec<&String> = before.iter().filter(|path| !outputs.contains_key(path.as_str())).collect();
    // First, so that a file can become a folder, or a folder a file.
    let removed = remove(to, &gone)?;
    put_in_place(to, &staged)?;
    write_list(&own, &stage.half, &now).map_err(failed("write", &own.join(LIST)))?;
    let _ = fs::remove_dir_all(&stage.half);
    Ok(Published { written: staged.len(), unchanged: outputs.len() - staged.len(), removed })
}

/// A full disk says the same of every file; some are enough.
pub(super) fn first_few(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let more = findings.len().saturating_sub(MOST_WRITE_FINDINGS);
    findings.truncate(MOST_WRITE_FINDINGS);
    if more > 0 {
        findings.push(
            Diagnostic::new("write", text!("{more} more files could not be written", more)).help("when the reason is gone, run again"),
        );
    }
    findings
}

pub(super) fn io_finding(what: &'static str, path: &str, error: &io::Error) -> Diagnostic {
    if ordinary::is_not_ordinary(error) {
        return Diagnostic::new("special-file", text!("cannot {what} `{path}`: {error}", what = Text::from(what), path, error))
            .help("remove it and run again");
    }
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full: make room and run again",
        io::ErrorKind::PermissionDenied => "check who may write there, or name another directory with `--output-dir`",
        io::ErrorKind::InvalidData => "remove that file and run again",
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::AlreadyExists => {
            "something else stands in its place; move it away"
        }
        _ => "when the reason is gone, run again",
    };
    Diagnostic::new("write", text!("cannot {what} `{path}`: {error}", what = Text::from(what), path, error)).help(help)
}

/// Opens the file that keeps two builds apart. Nothing is written into it, so a link in its place does no
/// harm.
fn open_lock(own: &Path) -> io::Result<File> {
    ordinary::open_with(&own.join(LOCK), File::options().write(true).create(true).truncate(false))
}

/// Files that stand where outputs are to be, differ from them, and were not written by a build are
/// somebody's.
fn refuse_to_replace(
    to: &Path,
    before: &BTreeSet<String>,
    outputs: &BTreeMap<Arc<str>, BuiltOutput>,
    files: &dyn Files,
) -> Result<(), Vec<Diagnostic>> {
    let foreign: Vec<&str> = outputs
        .iter()
        .filter(|(path, _)| !before.contains(&***path))
        .filter(|(path, output)| {
            let target = to.join(&***path);
            target.symlink_metadata().is_ok_and(|found| found.is_file()) && !same(&target, &output.bytes, files).unwrap_or(false)
        })
        .map(|(path, _)| &**path)
        .collect();
    if foreign.is_empty() {
        return Ok(());
    }
    let message = text!(
        "`{path}` holds files that no build of this portal wrote and that would be replaced: {files}",
        path = to.display(),
        files = list(foreign)
    );
    Err(vec![
        Diagnostic::new("foreign-files", message).help("move them away, empty the directory, or name another one with `--output-dir`"),
    ])
}

fn remove(to: &Path, gone: &[&String]) -> Result<usize, Vec<Diagnostic>> {
    let mut removed = 0;
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut findings = Vec::new();
    for path in gone {
        let target = to.join(path);
        if leads_through_link(to, path) {
            continue;
        }
        match fs::remove_file(&target) {
            Ok(()) => removed += 1,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => findings.push(io_finding("remove", &target.display().to_string(), &error)),
        }
        let mut folder = target.parent();
        while let Some(at) = folder.filter(|folder| *folder != to) {
            if !folders.insert(at.to_owned()) {
                break;
            }
            folder = at.parent();
        }
    }
    // The deepest first; one that still holds something stays.
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
    if findings.is_empty() { Ok(removed) } else { Err(first_few(findings)) }
}

/// Whether a folder on the way to `path` is a link, behind which lies somebody else's place.
fn leads_through_link(to: &Path, path: &str) -> bool {
    let mut at = to.to_owned();
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        if names.peek().is_none() {
            return false;
        }
        at.push(name);
        if at.symlink_metadata().is_ok_and(|found| found.file_type().is_symlink()) {
            return true;
        }
    }
    false
}

/// Where new and changed files are written before any is put in its place.
struct Stage<'s> {
    to: &'s Path,
    half: PathBuf,
    files: &'s dyn Files,
    /// Whether a folder is there.
    folders: Mutex<HashMap<PathBuf, bool>>,
    next: AtomicUsize,
}

impl Stage<'_> {
    /// Writes all files that are new or differ. Gives each with its path.
    fn all<'o>(&self, outputs: &'o BTreeMap<Arc<str>, BuiltOutput>) -> Result<Vec<(&'o str, PathBuf)>, Vec<Diagnostic>> {
        let results: Vec<Result<Option<(&str, PathBuf)>, Diagnostic>> = outputs
            .par_iter()
            .map(|(path, output)| {
                let written = self
                    .write(path, &output.bytes)
                    .map_err(|error| io_finding("write", &self.to.join(&**path).display().to_string(), &error))?;
                Ok(written.map(|half| (&**path, half)))
            })
            .collect();
        let mut staged = Vec::new();
        let mut findings = Vec::new();
        for result in results {
            match result {
                Ok(written) => staged.extend(written),
                Err(finding) => findings.push(finding),
            }
        }
        if findings.is_empty() { Ok(staged) } else { Err(first_few(findings)) }
    }

    fn write(&self, path: &str, bytes: &Bytes) -> io::Result<Option<PathBuf>> {
        let target = self.to.join(path);
        if target.parent().is_some_and(|folder| self.is_there(folder)) && same(&target, bytes, self.files)? {
            return Ok(None);
        }
        let half = self.half.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        fill(&half, bytes, self.files)?;
        Ok(Some(half))
    }

    /// Whether a folder is there: in one that is not, there is nothing to compare with.
    fn is_there(&self, folder: &Path) -> bool {
        if let Some(known) = self.folders.lock().ok().and_then(|folders| folders.get(folder).copied()) {
            return known;
        }
        let there = folder.is_dir();
        if let Ok(mut folders) = self.folders.lock() {
            folders.insert(folder.to_owned(), there);
        }
        there
    }
}

/// Writes a file.
pub(super) fn fill(half: &Path, bytes: &Bytes, files: &dyn Files) -> io::Result<()> {
    match bytes {
        Bytes::File(file) => files.pass(file, &mut Copy { to: half, file: None }),
        Bytes::Image(made) => fs::write(half, &*made.bytes(files)?),
        bytes => fs::write(half, bytes.opened().ok_or_else(|| io::Error::other(Text::from("it cannot be drawn")))?),
    }
}

/// What is passed on, written into a file.
struct Copy<'p> {
    to: &'p Path,
    file: Option<File>,
}

impl Sink for Copy<'_> {
    fn begin(&mut self, _: u64) -> io::Result<()> {
        self.file = Some(File::create(self.to)?);
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(piece))
    }
}

/// Looks for what would keep a file from its place, before the first is touched: links and files of somebody
/// where a folder is to be, folders of somebody where a file is to be.
fn look_ahead(to: &Path, before: &BTreeSet<String>, staged: &[(&str, PathBuf)]) -> Result<(), Vec<Diagnostic>> {
    let mut findings = Vec::new();
    let mut looked: BTreeSet<&str> = BTreeSet::new();
    let own_folder = |path: &str| before.range(format!("{path}/")..).next().is_some_and(|next| next.starts_with(&format!("{path}/")));
    for (path, _) in staged {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            let Ok(found) = to.join(folder).symlink_metadata() else { break };
            if !looked.insert(folder) || found.is_dir() || before.contains(folder) {
                continue;
            }
            let what = if found.file_type().is_symlink() { "a symbolic link, and nothing is written through it" } else { "a file" };
            let error = io::Error::new(
                io::ErrorKind::NotADirectory,
                text!("`{path}` is {what}", path = to.join(folder).display(), what = Text::from(what)),
            );
            findings.push(io_finding("write", &to.join(path).display().to_string(), &error));
        }
        if to.join(path).symlink_metadata().is_ok_and(|found| found.is_dir()) && !own_folder(path) {
            let error = io::Error::new(io::ErrorKind::IsADirectory, Text::from("a folder is in its place"));
            findings.push(io_finding("write", &to.join(path).display().to_string(), &error));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(first_few(findings)) }
}

/// Renames all files into their places, once all are whole.
fn put_in_place(to: &Path, staged: &[(&str, PathBuf)]) -> Result<(), Vec<Diagnostic>> {
    let findings: Vec<Diagnostic> = staged
        .par_chunks(TOGETHER)
        .flat_map_iter(|files| {
            let mut last = None;
            files.iter().filter_map(move |(path, half)| {
                let target = to.join(path);
                let folder = target.parent().unwrap_or(to).to_owned();
                // The paths are in order, so files of one folder follow each other.
                let made = match last.as_ref() {
                    Some(last) if *last == folder => Ok(()),
                    _ => make_folder(to, &folder),
                };
                match made.and_then(|()| fs::rename(half, &target)) {
                    Ok(()) => {
                        last = Some(folder);
                        None
                    }
                    Err(error) => Some(io_finding("write", &target.display().to_string(), &error)),
                }
            })
        })
        .collect();
    if findings.is_empty() { Ok(()) } else { Err(first_few(findings)) }
}

/// Makes a folder and those above it; never through a link.
fn make_folder(to: &Path, folder: &Path) -> io::Result<()> {
    let mut at = to.to_owned();
    for name in folder.strip_prefix(to).unwrap_or(folder) {
        at.push(name);
        match fs::create_dir(&at) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let found = at.symlink_metadata()?;
                if found.file_type().is_symlink() {
                    let message = text!("`{path}` is a symbolic link, and nothing is written through it", path = at.display());
                    return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
                }
                if !found.is_dir() {
                    return Err(io::Error::new(io::ErrorKind::NotADirectory, text!("`{path}` is a file", path = at.display())));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, MOST_WRITE_FINDINGS, first_few};

    #[test]
    fn a_full_disk_is_said_some_times() {
        let said = |count: usize| first_few(vec![Diagnostic::new("write", "full"); count]).len();
        assert_eq!((said(MOST_WRITE_FINDINGS), said(MOST_WRITE_FINDINGS + 7)), (MOST_WRITE_FINDINGS, MOST_WRITE_FINDINGS + 1));
        assert!(
            first_few(vec![Diagnostic::new("write", "full"); MOST_WRITE_FINDINGS + 7])[MOST_WRITE_FINDINGS].message.starts_with("7 more")
        );
    }
}
