//! Whether an output lies in its place already: bytes are compared, and what passes through piece by piece.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use crate::files::{Files, Sink, ordinary};
use crate::output::Bytes;

/// Whether a file holds these bytes already.
pub(super) fn same(target: &Path, bytes: &Bytes, files: &dyn Files) -> io::Result<bool> {
    let Ok(found) = target.symlink_metadata() else { return Ok(false) };
    if !found.is_file() {
        return Ok(false);
    }
    match bytes {
        Bytes::File(file) => {
            let mut compared = Compared { target: ordinary::open(target)?, length: found.len(), same: true, piece: Vec::new() };
            files.pass(file, &mut compared)?;
            Ok(compared.same)
        }
        Bytes::Image(made) => {
            let bytes = made.bytes(files)?;
            Ok(found.len() == bytes.len() as u64 && ordinary::read(target)? == *bytes)
        }
        Bytes::Drawn(drawing) => holds(target, found.len(), &Bytes::Made(drawing.draw().unwrap_or_default().into())),
        bytes => holds(target, found.len(), bytes),
    }
}

fn holds(target: &Path, length: u64, bytes: &Bytes) -> io::Result<bool> {
    if bytes.length().is_none_or(|its| its as u64 != length) {
        return Ok(false);
    }
    let mut found = Vec::with_capacity(bytes.length().unwrap_or_default() + 1);
    ordinary::open(target)?.read_to_end(&mut found)?;
    Ok(bytes.held().is_some_and(|bytes| bytes == found))
}

/// What is passed on, compared with what a file holds.
struct Compared {
    target: File,
    length: u64,
    same: bool,
    /// What the file holds in the place of the last piece.
    piece: Vec<u8>,
}

impl Sink for Compared {
    fn begin(&mut self, length: u64) -> io::Result<()> {
        self.same = length == self.length;
        self.target.rewind()
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.same {
            self.piece.resize(piece.len(), 0);
            match self.target.read_exact(&mut self.piece) {
                Ok(()) => self.same = self.piece == piece,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.same = false,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
