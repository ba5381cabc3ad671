//! What is dear to make and can be made again, kept from one run to the next: entries by name, each whole or
//! not there.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;
use xxhash_rust::xxh3::xxh3_128;

use super::ordinary;
use crate::limits::CACHE_PATIENCE;

/// How old the mark of the last use may become before it is set anew: not every reading has to be a writing.
const USED_AGAIN: Duration = Duration::from_secs(24 * 60 * 60);

/// How many bytes the seal of an entry takes, which stands behind what it holds.
const SEAL: usize = 16;

/// Keeps what can be made again. The name of an entry says all that it was made of.
pub trait Cache: Send + Sync {
    /// What an entry holds; none where there is none, or it is not as it was written.
    fn get(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps an entry. Gives whether it is kept: a full disk is no reason to end a build.
    fn put(&self, name: &str, bytes: &[u8]) -> bool;
}

/// A folder of entries, for any number of programs at once.
#[derive(Clone, Debug)]
pub struct DiskCache {
    folder: PathBuf,
}

impl DiskCache {
    /// The entries in a folder, which is made when the first is kept.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Removes the entries that nobody has used for [`CACHE_PATIENCE`].
    pub fn clear_out(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            let unused = entry.metadata().ok().filter(fs::Metadata::is_file).and_then(|found| found.modified().ok()?.elapsed().ok());
            if unused.is_some_and(|unused| unused > CACHE_PATIENCE) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.write_all(&xxh3_128(bytes).to_le_bytes())?;
        file.persist(self.folder.join(name))?;
        Ok(())
    }
}

impl Cache for DiskCache {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let mut bytes = ordinary::read(&path).ok()?;
        let seal = bytes.split_off(bytes.len().checked_sub(SEAL)?);
        if xxh3_128(&bytes).to_le_bytes() != *seal {
            return None;
        }
        let file = File::options().append(true).open(&path).ok();
        let used = file.as_ref().and_then(|file| file.metadata().ok()?.modified().ok()?.elapsed().ok());
        if let Some(file) = file.filter(|_| used.is_some_and(|used| used > USED_AGAIN)) {
            let _ = file.set_modified(SystemTime::now());
        }
        Some(bytes)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> bool {
        self.write(name, bytes).is_ok()
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::{CACHE_PATIENCE, Cache, DiskCache};

    #[test]
    fn an_entry_is_as_it_was_written_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = DiskCache::new(folder.path().join("deep/images"));
        assert_eq!(cache.get("a"), None);
        assert!(cache.put("a", b"picture"));
        assert_eq!(cache.get("a").as_deref(), Some(&b"picture"[..]));
        let entry = folder.path().join("deep/images/a");
        let whole = fs::read(&entry).expect("an entry");
        let altered: Vec<u8> = whole.iter().enumerate().map(|(at, byte)| if at == 3 { byte ^ 1 } else { *byte }).collect();
        for other in [&whole[..whole.len() - 1], &whole[1..], &whole[..3], &[], &altered] {
            fs::write(&entry, other).expect("written");
            assert_eq!(cache.get("a"), None, "{other:?}");
        }
        assert!(cache.put("a", b"again"));
        assert_eq!(cache.get("a").as_deref(), Some(&b"again"[..]));
    }

    #[test]
    fn what_nobody_uses_goes_and_what_is_used_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = DiskCache::new(folder.path().to_owned());
        let long_ago = SystemTime::now() - CACHE_PATIENCE - Duration::from_secs(60);
        for name in ["used", "unused"] {
            assert!(cache.put(name, b"x"));
            let file = File::options().append(true).open(folder.path().join(name)).expect("an entry");
            file.set_modified(long_ago).expect("a time");
        }
        assert!(cache.get("used").is_some());
        cache.clear_out();
        assert!(cache.get("used").is_some() && cache.get("unused").is_none());
    }
}
