//! File systems that do not tell of all changes.

use std::path::{Path, PathBuf};

/// Types of file systems, as Linux names them, where others than this machine write: of that the system tells
/// nobody.
const REMOTE: &[&str] =
    &["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "vboxsf", "prl_fs", "virtiofs", "lustre"];

/// The type of the remote file system that `path` lies on, if it does, given the mounts of the process as
/// `/proc/self/mountinfo` lists them (Linux, proc(5)).
pub fn remote_file_system(mounts: &str, path: &Path) -> Option<String> {
    let mut best: Option<(PathBuf, &str)> = None;
    for line in mounts.lines() {
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (before.split(' ').nth(4), after.split(' ').next()) else { continue };
        let point = PathBuf::from(unescape(point));
        // Of two at one place the later one lies on top.
        if path.starts_with(&point) && best.as_ref().is_none_or(|(other, _)| point.components().count() >= other.components().count()) {
            best = Some((point, kind));
        }
    }
    let (_, kind) = best?;
    (REMOTE.contains(&kind) || kind.starts_with("fuse.")).then(|| kind.to_owned())
}

/// Spaces and the like are written as three octal digits.
fn unescape(text: &str) -> String {
    ["040", "011", "012", "134"]
        .iter()
        .zip([" ", "\t", "\n", "\\"])
        .fold(text.to_owned(), |text, (code, character)| text.replace(&format!("\\{code}"), character))
}
