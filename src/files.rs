//! The files of a portal, through an interface: on disk, or in memory for tests.
//!
//! Every path is relative to the portal's folder, with `/` between names. Nothing else in the crate opens a
//! file of the portal.

mod cache;
mod disk;
mod memory;
pub(crate) mod ordinary;
mod pieces;
mod view;
mod whole;
mod witness;

pub use cache::{Cache, DiskCache};
pub use disk::Disk;
pub use memory::Memory;
pub(crate) use pieces::Hash;
pub use pieces::Sink;
pub(crate) use view::Seen;
pub use view::{Content, Copied, View};
pub(crate) use witness::Testimony;
pub use witness::Witness;

use std::collections::BTreeSet;
use std::io;
use std::ops::Deref;
use std::path::{Component, Path};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, SourceText, Text, text};

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

    /// Where what is made of the files is kept from one run to the next; nowhere, where that is none.
    fn cache(&self) -> Option<Arc<dyn Cache>> {
        None
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

fn refuse_way_out(path: &str) -> io::Result<()> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside && !path.contains(['\\', '\0']) { Ok(()) } else { Err(way_out()) }
}

/// That a path leads out of the portal.
fn way_out() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, Text::from("it leads out of the portal"))
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
                Diagnostic::new(
                    "not-utf-8",
                    text!("byte 0x{byte} is not UTF-8", byte = format!("{:02X}", bytes.get(valid).copied().unwrap_or_default())),
                )
                .at(place)
                .help("save the file with the encoding UTF-8"),
            ))
        }
    }
}

/// The text of a file, as places of findings are made from it.
///
/// # Errors
/// Those of [`text()`].
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
    Diagnostic::new("unreadable", text!("cannot read `{path}`: {error}", path, error)).at(Place::file(path)).help(help)
}

/// The finding for a pipe, a device or a socket.
fn special(path: &str) -> Diagnostic {
    Diagnostic::new("special-file", text!("`{path}` is no ordinary file", path))
        .at(Place::file(path))
        .help("take it out of the portal: a pipe or a device has no content to publish")
}
