//! The last build, as it stands in the output directory: by it the next one can tell that it would come out the same.
//!
//! Contents are compared, never times: what was read for the last build would be read again, what it wrote is still there. Of warnings the number is kept, which is
//! what a build tells people of them; who wants to read them has to build.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::directory::{LOCK, OWN};
use crate::files::{Files, Testimony, ordinary};
use crate::freshness::NextRebuild;
use crate::pipeline::BuiltOutput;

/// The file of it, in the program's own folder.
const LAST: &str = "last";

/// The file that says when to build again, in the same folder.
const NEXT_REBUILD: &str = "next-rebuild.json";

/// Writes for schedulers when the site comes out otherwise by itself: `{"date": "2027-03-02", "reasons": ["…"]}`; `null` where that is no day.
///
/// # Errors
/// That the file cannot be written.
pub fn write_next_rebuild(to: &Path, next: Option<&NextRebuild>) -> io::Result<()> {
    let mut text = serde_json::to_string(&next)?;
    text.push('\n');
    let path = to.join(OWN).join(NEXT_REBUILD);
    if ordinary::read_text(&path).is_ok_and(|there| there == text) { Ok(()) } else { put(to, NEXT_REBUILD, &text) }
}

/// What a build tells people of the portal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// What the portal is made of, on one line.
    pub census: String,
    /// How many warnings there were.
    pub warnings: usize,
    /// When it would come out otherwise by itself.
    pub next_rebuild: Option<NextRebuild>,
}

/// A build that can be told from another.
#[derive(Debug)]
pub struct Last {
    /// The program and what was asked of it, on one line.
    pub request: String,
    /// What was told of it.
    pub told: Told,
    inputs: Testimony,
    outputs: BTreeMap<String, u128>,
}

impl Last {
    /// A build that was just published.
    pub fn new(
        request: String,
        told: Told,
        inputs: Testimony,
        outputs: &BTreeMap<Arc<str>, BuiltOutput>,
        files: &dyn Files,
    ) -> Option<Self> {
        let outputs: Vec<(&Arc<str>, &BuiltOutput)> = outputs.iter().collect();
        let hash = |(path, output): &(&Arc<str>, &BuiltOutput)| {
            let hash = match &output.bytes {
                crate::output::Bytes::File(file) => xxh3_128(&files.read(file).ok()?),
                bytes => xxh3_128(bytes.held()?),
            };
            Some((path.to_string(), hash))
        };
        let outputs = outputs.par_iter().map(hash).collect::<Option<BTreeMap<_, _>>>()?;
        Some(Self { request, told, inputs, outputs })
    }

    /// The build that was published last into `to`, if it left word.
    pub fn read(to: &Path) -> Option<Self> {
        let text = ordinary::read_text(&to.join(OWN).join(LAST)).ok()?;
        let mut lines = text.lines();
        let (request, told) = (lines.next()?.to_owned(), serde_json::from_str(lines.next()?).ok()?);
        let (outputs, inputs): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("out "));
        let output = |line: &str| {
            let (hash, path) = line.strip_prefix("out ")?.split_once(' ')?;
            Some((path.to_owned(), u128::from_str_radix(hash, 16).ok()?))
        };
        let outputs = outputs.into_iter().map(output).collect::<Option<_>>()?;
        Some(Self { request, told, inputs: Testimony::parse(inputs.into_iter())?, outputs })
    }

    /// Writes it. That it cannot be written only costs the next build its time.
    pub fn write(&self, to: &Path) {
        let told = serde_json::to_string(&self.told).unwrap_or_default();
        let mut text = format!("{}\n{told}\n", self.request);
        self.inputs.write(&mut text);
        for (path, hash) in &self.outputs {
            text.push_str(&format!("out {hash:032x} {path}\n"));
        }
        let _ = put(to, LAST, &text);
    }

    /// Forgets the last build, before the next one changes anything.
    pub fn forget(to: &Path) {
        let _ = fs::remove_file(to.join(OWN).join(LAST));
    }

    /// Whether a build would find the same files now, and leave the directory `to` as it is. Gives the number of outputs.
    pub fn still_holds(&self, to: &Path, files: &dyn Files) -> Option<usize> {
        // Another build may be about to change what is looked at.
        let lock = ordinary::open(&to.join(OWN).join(LOCK)).ok()?;
        lock.try_lock().ok()?;
        if !self.inputs.holds(files) {
            return None;
        }
        let whole = self.outputs.par_iter().all(|(path, hash)| {
            let target = to.join(path);
            let is_file = target.symlink_metadata().is_ok_and(|found| found.is_file());
            is_file && ordinary::read(&target).is_ok_and(|bytes| xxh3_128(&bytes) == *hash)
        });
        whole.then_some(self.outputs.len())
    }
}

/// Writes a file of the program's own folder whole, in place of whatever lies there.
fn put(to: &Path, name: &str, text: &str) -> io::Result<()> {
    let own = to.join(OWN);
    let mut options = tempfile::Builder::new();
    // Whoever serves the directory may read it, as any other file of it.
    #[cfg(unix)]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut fresh = options.tempfile_in(&own)?;
    fresh.write_all(text.as_bytes())?;
    fresh.persist(own.join(name))?;
    Ok(())
}
