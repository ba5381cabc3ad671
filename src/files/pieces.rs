//! What a file holds, piece by piece: media may be too large to be held.

use std::io::{self, Read};
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::ordinary;

/// The size of a piece, in bytes.
const PIECE: usize = 64 * 1024;

/// Takes what a file holds.
pub trait Sink {
    /// From here on comes what the file holds, which is so many bytes. What was taken before is worth
    /// nothing: the file was written to meanwhile.
    ///
    /// # Errors
    /// Those of where it is taken to.
    fn begin(&mut self, length: u64) -> io::Result<()>;

    /// Takes the next piece.
    ///
    /// # Errors
    /// Those of where it is taken to.
    fn take(&mut self, piece: &[u8]) -> io::Result<()>;
}

/// Passes on what can be read, and gives how many bytes that were.
pub(super) fn pour(mut from: impl Read, length: u64, to: &mut dyn Sink) -> io::Result<u64> {
    // One more than there is, so that the end is found without another piece.
    let size = usize::try_from(length).unwrap_or(PIECE).saturating_add(1).min(PIECE);
    let mut piece = vec![0; size];
    let mut poured = 0;
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(poured),
            Ok(count) => {
                to.take(&piece[..count])?;
                poured += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Passes on bytes that are held.
pub(super) fn pass_held(bytes: &[u8], to: &mut dyn Sink) -> io::Result<()> {
    to.begin(bytes.len() as u64)?;
    to.take(bytes)
}

/// The hash of what a file holds. It is the one of the same bytes where they are held.
#[derive(Default)]
pub struct Hash(Xxh3);

impl Hash {
    /// Of an ordinary file anywhere.
    ///
    /// # Errors
    /// Those of [`ordinary::open`].
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let file = ordinary::open(path)?;
        let mut hash = Self::default();
        pour(&file, file.metadata()?.len(), &mut hash)?;
        Ok(hash)
    }

    /// In 64 bits.
    pub fn short(&self) -> u64 {
        self.0.digest()
    }

    /// In 128 bits.
    pub fn long(&self) -> u128 {
        self.0.digest128()
    }
}

impl Sink for Hash {
    fn begin(&mut self, _: u64) -> io::Result<()> {
        self.0.reset();
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.0.update(piece);
        Ok(())
    }
}

/// Hashes what it passes on.
pub(super) struct Hashing<'s> {
    pub hash: Hash,
    /// Whether it could not be taken where it was passed on to.
    pub refused: bool,
    to: &'s mut dyn Sink,
}

impl<'s> Hashing<'s> {
    pub(super) fn new(to: &'s mut dyn Sink) -> Self {
        Self { hash: Hash::default(), refused: false, to }
    }
}

impl Sink for Hashing<'_> {
    fn begin(&mut self, length: u64) -> io::Result<()> {
        self.hash.begin(length)?;
        self.to.begin(length).inspect_err(|_| self.refused = true)
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.take(piece)?;
        self.to.take(piece).inspect_err(|_| self.refused = true)
    }
}
