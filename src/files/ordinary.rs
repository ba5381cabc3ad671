//! Opening ordinary files alone: a pipe, a device or a socket under the name of a file is an error, and
//! nobody waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::diagnostic::{Text, text};
use crate::limits::LARGEST_FILE;

/// How often a file is tried to be opened while this process has no file descriptor left, and how long to
/// wait between: other threads give theirs back.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// Why a file is not read: it is none.
const NOT_ORDINARY: &str = "it is a pipe, a device or a socket, and no ordinary file";

/// Whether an error says that what lies there is neither a file nor a folder.
pub(crate) fn is_not_ordinary(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Text>()).is_some_and(|text| *text == NOT_ORDINARY)
}

/// Opens a file to read it, or a link to one.
///
/// # Errors
/// Those of the file system, and one by which [`is_not_ordinary`] knows a pipe, a device and a socket.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    open_with(path, OpenOptions::new().read(true))
}

/// Opens a file as `options` say. Whether it is an ordinary one is asked of what was opened, so that nothing
/// can take its place meanwhile.
///
/// # Errors
/// Those of [`open`].
pub(crate) fn open_with(path: &Path, options: &OpenOptions) -> io::Result<File> {
    #[cfg_attr(any(not(unix), elsewhere), expect(unused_mut, reason = "changed on Unix alone"))]
    let mut options = options.clone();
    #[cfg(all(unix, not(elsewhere)))]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;
        // A pipe would have to be opened from its other end first. Ordinary files never wait, so this changes
        // nothing for them.
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    }
    let opened = patiently(|| options.open(path));
    match opened {
        Ok(file) => {
            let found = file.metadata()?;
            if found.is_file() {
                Ok(file)
            } else if found.is_dir() {
                Err(is_folder())
            } else {
                Err(not_ordinary())
            }
        }
        // A socket, and a pipe that nobody reads, cannot even be opened so.
        Err(error) => match std::fs::metadata(path) {
            Ok(found) if !found.is_file() && !found.is_dir() => Err(not_ordinary()),
            _ => Err(error),
        },
    }
}

/// What a file holds.
///
/// # Errors
/// Those of [`open`]; [`io::ErrorKind::FileTooLarge`] above [`LARGEST_FILE`].
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_at_most(path, LARGEST_FILE)
}

/// What a file holds, where that is so many bytes or fewer.
fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > most {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
    // It may grow while it is read.
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}

/// How many bytes a file holds, where they may be read.
///
/// # Errors
/// Those of [`read`].
pub(crate) fn length(path: &Path) -> io::Result<u64> {
    let length = open(path)?.metadata()?.len();
    if length > LARGEST_FILE { Err(too_large()) } else { Ok(length) }
}

/// What a file holds, as text.
///
/// # Errors
/// Those of [`read`]; [`io::ErrorKind::InvalidData`] where it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// What the system says where a folder is read.
fn is_folder() -> io::Error {
    #[cfg(all(unix, not(elsewhere)))]
    return rustix::io::Errno::ISDIR.into();
    #[cfg(any(not(unix), elsewhere))]
    return io::ErrorKind::IsADirectory.into();
}

pub(super) fn not_ordinary() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, Text::from(NOT_ORDINARY))
}

pub(super) fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, text!("it is larger than {size} MiB", size = LARGEST_FILE / 1024 / 1024))
}

/// Opens something; where no file descriptor is left, again in a moment.
fn patiently<T>(open: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let mut opened = open();
    for _ in 1..ATTEMPTS {
        match &opened {
            Err(error) if is_out_of_descriptors(error) => thread::sleep(PAUSE),
            _ => break,
        }
        opened = open();
    }
    opened
}

#[cfg(all(unix, not(elsewhere)))]
fn is_out_of_descriptors(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

#[cfg(any(not(unix), elsewhere))]
fn is_out_of_descriptors(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::ErrorKind;

    use super::{LARGEST_FILE, read, read_at_most};

    #[test]
    fn a_file_is_read_up_to_the_limit_and_none_beyond_it() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let path = file.path();
        std::fs::write(path, b"12345").expect("written");
        assert_eq!(read_at_most(path, 5).ok().as_deref(), Some(&b"12345"[..]));
        assert_eq!(read_at_most(path, 4).map_err(|error| error.kind()), Err(ErrorKind::FileTooLarge));
        // A file with a hole, so that no disk is filled.
        file.as_file().set_len(LARGEST_FILE + 1).expect("longer");
        assert_eq!(read(path).map_err(|error| error.kind()), Err(ErrorKind::FileTooLarge));
    }
}
