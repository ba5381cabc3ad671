//! The list of what builds wrote into a directory.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::files::ordinary;
use crate::output::RESERVED;

/// The file of it, in the program's own folder.
pub(super) const LIST: &str = "written";

/// What earlier builds wrote. Where there is no list, that is nothing.
///
/// # Errors
/// Those of the system.
pub(super) fn read_list(own: &Path) -> io::Result<BTreeSet<String>> {
    match ordinary::read_text(&own.join(LIST)) {
        // A path that could lead out was not written by a build.
        Ok(text) => Ok(text
            .lines()
            .filter(|path| crate::portal::is_inside(path) && path.split('/').next() != Some(RESERVED))
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// Writes the list whole, in place of the one before, if it is another.
///
/// # Errors
/// Those of the system.
pub(super) fn write_list(own: &Path, half: &Path, paths: &BTreeSet<&str>) -> io::Result<()> {
    let mut text = String::new();
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    let target = own.join(LIST);
    if ordinary::read(&target).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    let fresh = half.join(LIST);
    fs::write(&fresh, text)?;
    fs::rename(fresh, target)
}
