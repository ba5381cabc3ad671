//! What a process leaves to the one that takes its place.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::theme::{Excess, Spot};

const FILE: &str = "note.json";

/// What is known of outputs that ran away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Outputs that took too much, and of what: it is only to be found where.
    pub suspects: BTreeMap<String, Excess>,
    /// Tags that did not come to an end, and are not run at all.
    pub spots: Vec<Spot>,
    /// Outputs that did not come to an end although no tag was known to be run.
    pub outputs: Vec<(String, Excess)>,
}

impl Note {
    /// Leaves it in a folder.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(FILE), serde_json::to_vec(self)?)
    }

    /// Takes what was left in a folder out of it; nothing, where that cannot be understood.
    pub fn take(folder: &Path) -> Option<Self> {
        let path = folder.join(FILE);
        let note = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let _ = fs::remove_file(path);
        note
    }
}

/// A folder for what is left, which nobody else can look into.
pub(super) fn folder() -> io::Result<PathBuf> {
    Ok(tempfile::Builder::new().prefix("werdegang-").tempdir()?.keep())
}
