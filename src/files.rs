//! The files of a portal, through an interface: on disk, or in memory for tests.
//!
//! Every path is relative to the portal's folder, with `/` between names. Nothing else in the crate opens a
//! file of the portal.

pub(crate) mod ordinary;
mod pieces;
mod view;
mod whole;
mod witness;

pub(crate) use pieces::Hash;
pub use pieces::Sink;
pub(crate) use view::Seen;
pub use view::{Content, Copied, View};
pub(crate) use witness::Testimony;
pub use witness::Witness;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Deref;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place, SourceText};

/// Where the files of a portal are.
pub trait Files: Send + Sync {
    /// All files below folder `dir`, in the order of their paths; none where there is no such folder. Files
    /// that cannot be used (a name that is not UTF-8, a symbolic link that leads out of the portal) are
    /// reported instead.
    fn list(&self, dir: &str) -> Listing;

    /// What [`Files::list`] says of one path: of a file, or of a folder with all below it; nothing where
    /// there is neither.
    fn look(&self, path: &str) -> Listing {
        let top = path.split('/').next().unwrap_or(path);
        let below = format!("{path}/");
        let mut listing = self.list(top);
        listing.files.retain(|file| file == path || file.starts_with(&below));
        listing
    }

    /// What a file holds. `path` is one that [`Files::list`] gave, or a fixed name.
    ///
    /// # Errors
    /// Those of the file system; [`io::ErrorKind::FileTooLarge`] above
    /// [`LARGEST_FILE`](crate::limits::LARGEST_FILE); [`io::ErrorKind::ResourceBusy`] where it was written to
    /// however often it was read; where it is no ordinary file, one that [`ordinary`] knows.
    fn read(&self, path: &str) -> io::Result<Blob>;

    /// Passes on what a file holds, piece by piece, so that nobody holds all of it: media may be large.
    ///
    /// # Errors
    /// Those of [`Files::read`], and those of `to`.
    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        pieces::pass_held(&self.read(path)?, to)
    }

    /// How many bytes a file holds now.
    ///
    /// # Errors
    /// Those of [`Files::read`].
    fn length(&self, path: &str) -> io::Result<u64> {
        self.read(path).map(|bytes| bytes.len() as u64)
    }

    /// Whether a file may be read whose path somebody wrote in content or a template: it may not lead out of
    /// the portal, by `..` or by a link.
    ///
    /// # Errors
    /// [`io::ErrorKind::PermissionDenied`] for a path that leads out; where nothing lies there, what the file
    /// system says.
    fn admit(&self, path: &str) -> io::Result<()> {
        refuse_way_out(path)
    }

    /// What a file holds whose path somebody wrote in content or a template.
    ///
    /// # Errors
    /// Those of [`Files::admit`] and of [`Files::read`].
    fn read_written(&self, path: &str) -> io::Result<Blob> {
        self.admit(path)?;
        self.read(&plain(path))
    }
}

/// Whether a file is among those that were touched, or below a folder that was: of a folder that was moved
/// only its name is told.
pub(crate) fn is_touched(touched: &BTreeSet<String>, path: &str) -> bool {
    touched.contains(path) || path.match_indices('/').any(|(at, _)| touched.contains(&path[..at]))
}

/// The hash of what a file of a portal holds.
///
/// # Errors
/// Those of [`Files::pass`].
pub fn hash_of(files: &dyn Files, path: &str) -> io::Result<Hash> {
    let mut hash = Hash::default();
    files.pass(path, &mut hash)?;
    Ok(hash)
}

/// A path without its `.` and empty parts.
pub(crate) fn plain(path: &str) -> String {
    path.split('/').filter(|name| !matches!(*name, "." | "")).collect::<Vec<_>>().join("/")
}

/// What a file holds, shared by all that show it.
#[derive(Clone, Debug)]
pub enum Blob {
    /// Bytes in the program.
    Fixed(&'static [u8]),
    /// Bytes that were read or made.
    Own(Arc<[u8]>),
}

impl std::ops::Deref for Blob {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Blob::Fixed(bytes) => bytes,
            Blob::Own(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Blob::Own(bytes.into())
    }
}

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Paths of the files, sorted.
    pub files: Vec<String>,
    /// What could not be used.
    pub findings: Vec<Diagnostic>,
}

/// Files on disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    settled: bool,
}

impl Disk {
    /// The portal in folder `root`.
    ///
    /// # Errors
    /// That of the file system where the folder cannot be found.
    pub fn new(root: &Path) -> io::Result<Self> {
        Ok(Self { root: root.canonicalize()?, settled: false })
    }

    /// The same files, each read only when it has been left alone for a moment: for whoever reads once and is
    /// not told of what is written next.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { settled: true, ..self }
    }

    /// The folder, absolute and free of links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root with `/` between names, or none if it is not UTF-8.
    fn relative(&self, path: &Path) -> Option<String> {
        let names: Option<Vec<&str>> = path.strip_prefix(&self.root).ok()?.iter().map(|name| name.to_str()).collect();
        Some(names?.join("/"))
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// Lists `start`, the file or folder `dir`, with all below it; where it is a link, what it leads to if
    /// `through` says so.
    fn walk(&self, start: &Path, dir: &str, through: bool, listing: &mut Listing) {
        for entry in WalkDir::new(start).follow_links(false).follow_root_links(through).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or_else(|| dir.to_owned(), |path| self.shown(path));
                    let reason = error.io_error().map_or_else(|| String::from("it cannot be listed"), ToString::to_string);
                    listing.findings.push(
                        Diagnostic::new("unreadable", format!("cannot read `{path}`: {reason}"))
                            .at(Place::file(&path))
                            .help("check that the file exists and that you may read it"),
                    );
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let shown = self.shown(entry.path());
            // Emacs marks a file with unsaved changes by a link that leads nowhere.
            if entry.file_name().to_string_lossy().starts_with(".#") {
                continue;
            }
            if entry.path_is_symlink() {
                let target = entry.path().canonicalize().ok();
                match target {
                    Some(target) if target.starts_with(&self.root) && target.is_file() => {}
                    Some(target) if target.starts_with(&self.root) && !target.is_dir() => {
                        listing.findings.push(special(&shown));
                        continue;
                    }
                    Some(target) if target.starts_with(&self.root) => {
                        listing.findings.push(
                            Diagnostic::new("linked-folder", format!("`{shown}` is a link to a folder and is not followed"))
                                .at(Place::file(&shown))
                                .help("link single files, or move the folder here"),
                        );
                        continue;
                    }
                    _ => {
                        listing.findings.push(
                            Diagnostic::new("symbolic-link", format!("`{shown}` is a link that leads out of the portal, or nowhere"))
                                .at(Place::file(&shown))
                                .help("copy the file into the portal instead of linking to it"),
                        );
                        continue;
                    }
                }
            }
            let is_file = entry.file_type().is_file() || entry.path_is_symlink();
            if !is_file {
                listing.findings.push(special(&shown));
                continue;
            }
            match self.relative(entry.path()) {
                Some(path) if path.contains(char::is_control) => listing.findings.push(
                    Diagnostic::new("file-name", format!("the name of `{}` has a control character", path.escape_debug()))
                        .at(Place::file(&path.escape_debug().to_string()))
                        .help("rename the file"),
                ),
                Some(path) => listing.files.push(path),
                None => listing.findings.push(
                    Diagnostic::new("file-name", format!("the name of `{shown}` is not valid UTF-8"))
                        .at(Place::file(&shown))
                        .help("rename the file; letters such as ä are fine when the name is stored as UTF-8"),
                ),
            }
        }
        listing.files.sort();
    }
}

impl Files for Disk {
    fn list(&self, dir: &str) -> Listing {
        let mut listing = Listing::default();
        let start = self.root.join(dir);
        if start.exists() && !start.is_dir() {
            listing.findings.push(
                Diagnostic::new("unreadable", format!("`{dir}` is a file, and should be a folder"))
                    .at(Place::file(dir))
                    .help("move the file away"),
            );
        }
        if start.is_dir() {
            self.walk(&start, dir, true, &mut listing);
        }
        listing
    }

    fn look(&self, path: &str) -> Listing {
        let mut listing = Listing::default();
        let start = self.root.join(path);
        if start.symlink_metadata().is_ok() {
            self.walk(&start, path, false, &mut listing);
        }
        listing
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        whole::read(&self.root.join(path), self.settled).map(Blob::from)
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        whole::pass(&self.root.join(path), self.settled, to)
    }

    fn length(&self, path: &str) -> io::Result<u64> {
        ordinary::length(&self.root.join(path))
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        refuse_way_out(path)?;
        let target = self.root.join(path).canonicalize()?;
        if target.starts_with(&self.root) { Ok(()) } else { Err(way_out()) }
    }
}

/// Files in memory, for tests and for what is rendered without a disk.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Blob>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same files, with one more or one changed.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), Blob::from(bytes.into()));
        self
    }
}

impl Files for Memory {
    fn look(&self, path: &str) -> Listing {
        let prefix = format!("{path}/");
        let below = self.files.range(prefix.clone()..).map(|(path, _)| path).take_while(|path| path.starts_with(&prefix));
        let own = self.files.get_key_value(path).map(|(path, _)| path);
        Listing { files: own.into_iter().chain(below).cloned().collect(), findings: Vec::new() }
    }

    fn list(&self, dir: &str) -> Listing {
        let prefix = format!("{dir}/");
        let files = self.files.keys().filter(|path| path.starts_with(&prefix)).cloned().collect();
        Listing { files, findings: Vec::new() }
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

fn refuse_way_out(path: &str) -> io::Result<()> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside && !path.contains(['\\', '\0']) { Ok(()) } else { Err(way_out()) }
}

fn way_out() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it leads out of the portal")
}

/// The text of a file: UTF-8, a byte order mark at its beginning left out.
///
/// # Errors
/// A finding at the first byte that is not UTF-8.
pub(crate) fn text<'b>(path: &str, bytes: &'b [u8]) -> Result<&'b str, Box<Diagnostic>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let valid = error.valid_up_to();
            let shown = String::from_utf8_lossy(bytes);
            // Everything before the first bad byte is the same in both, so the offset holds.
            let place = Place::new(path, &shown, valid..valid + 1);
            Err(Box::new(
                Diagnostic::new("not-utf-8", format!("byte 0x{:02X} is not UTF-8", bytes.get(valid).copied().unwrap_or_default()))
                    .at(place)
                    .help("save the file with the encoding UTF-8"),
            ))
        }
    }
}

/// The text of a file, as places of findings are made from it.
///
/// # Errors
/// Those of [`text`].
pub(crate) fn source(path: &str, bytes: &[u8]) -> Result<Arc<SourceText>, Box<Diagnostic>> {
    Ok(SourceText::new(path, text(path, bytes)?.to_owned()))
}

/// The text of a file as it was `read`. That it cannot be read, or is no text, is reported.
pub(crate) fn read_text(
    path: &str,
    read: io::Result<impl Deref<Target = [u8]>>,
    findings: &mut Vec<Diagnostic>,
) -> Option<Arc<SourceText>> {
    let problem = match read.map(|bytes| source(path, &bytes)) {
        Ok(Ok(source)) => return Some(source),
        Ok(Err(finding)) => *finding,
        Err(error) => unreadable(path, &error),
    };
    findings.push(problem);
    None
}

/// The finding for a file that cannot be read.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    if ordinary::is_not_ordinary(error) {
        return special(path);
    }
    let help = match error.kind() {
        io::ErrorKind::ResourceBusy => "wait until the program that writes it is done, and run again",
        _ => "check that the file exists and that you may read it",
    };
    Diagnostic::new("unreadable", format!("cannot read `{path}`: {error}")).at(Place::file(path)).help(help)
}

/// The finding for a pipe, a device or a socket.
fn special(path: &str) -> Diagnostic {
    Diagnostic::new("special-file", format!("`{path}` is no ordinary file"))
        .at(Place::file(path))
        .help("take it out of the portal: a pipe or a device has no content to publish")
}
