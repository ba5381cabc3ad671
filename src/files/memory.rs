//! The files of a portal in memory.

use std::collections::BTreeMap;
use std::io;

use super::{Blob, Files, Listing};

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
