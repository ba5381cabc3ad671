//! Reading a file of the disk whole: nothing of it may be written meanwhile.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use super::ordinary;
use super::pieces::{Sink, pour};
use crate::diagnostic::Text;
use crate::limits::LARGEST_FILE;

/// How often a file is read that is written to meanwhile, and the pause after the first time; each further
/// one is longer by that.
const ATTEMPTS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(3);

/// The coarsest clock that file systems take their time stamps from: two writes within one of its ticks look
/// alike.
const TICK: Duration = Duration::from_millis(20);

/// By which two states of an open file are told apart.
#[derive(PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Changes as well when the file loses its name to another one.
    changed: (i64, i64),
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
        Self { length: found.len(), modified: found.modified().ok(), changed }
    }
}

impl Stamp {
    /// How long it takes until the last write lies a tick back; none where it does, or where the time stamp
    /// is from the future and tells nothing.
    fn until_settled(&self) -> Option<Duration> {
        let age = SystemTime::now().duration_since(self.modified?).ok()?;
        TICK.checked_sub(age)
    }
}

/// Reads a file. Where it was written to while it was read, it is read again. With `settled` it is first
/// waited until the last write lies so far back that another one would show: a file whose time stamp is as
/// young as the clock is coarse may be written to unnoticed.
///
/// # Errors
/// Those of [`ordinary::open`]; [`io::ErrorKind::FileTooLarge`] above [`LARGEST_FILE`];
/// [`io::ErrorKind::ResourceBusy`] where it is written to all the time.
pub(super) fn read(path: &Path, settled: bool) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    until_whole(path, settled, |file, length| {
        bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
        file.take(length + 1).read_to_end(&mut bytes).map(|count| count as u64)
    })?;
    Ok(bytes)
}

/// The same, piece by piece: nothing of it is held.
///
/// # Errors
/// Those of [`read`], and those of `to`.
pub(super) fn pass(path: &Path, settled: bool, to: &mut dyn Sink) -> io::Result<()> {
    until_whole(path, settled, |file, length| {
        to.begin(length)?;
        pour(file.take(length + 1), length, to)
    })
}

/// Has `read` read a file of that length, and again where it was written to meanwhile. It gives how many
/// bytes it has read; of one that has grown one more is enough to tell.
fn until_whole(path: &Path, settled: bool, mut read: impl FnMut(&File, u64) -> io::Result<u64>) -> io::Result<()> {
    for attempt in 1..=ATTEMPTS {
        let file = ordinary::open(path)?;
        let mut before = Stamp::from(&file.metadata()?);
        if settled && let Some(pause) = before.until_settled() {
            thread::sleep(pause);
            before = Stamp::from(&file.metadata()?);
        }
        if before.length > LARGEST_FILE {
            return Err(ordinary::too_large());
        }
        let count = read(&file, before.length)?;
        let after = Stamp::from(&file.metadata()?);
        if before == after && count == before.length {
            return Ok(());
        }
        thread::sleep(PAUSE * attempt);
    }
    Err(io::Error::new(io::ErrorKind::ResourceBusy, Text::from("it is being written to all the time")))
}
