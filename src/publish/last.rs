//! The last build, as it stands in the output directory: by it the next one can tell that it would come out
//! the same.
//!
//! Contents are compared, never times: what was read for the last build would be read again, what it wrote is
//! still there. Of warnings the number is kept, which is what a build tells people of them; who wants to read
//! them has to build.
//!
//! Its last line holds the length and the check sum of all that stands before it. What is cut short, put
//! together of two or written by hand is worth nothing, and the next build compares everything.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::directory::{LOCK, OWN, Published};
use super::guard::refuse;
use crate::files::{Disk, Files, Hash, Testimony, ordinary};
use crate::freshness::NextRebuild;
use crate::output::Bytes;
use crate::pipeline::{BuiltOutput, Request};

/// The file of it, in the program's own folder.
const LAST: &str = "last";

/// The file that says when to build again, in the same folder.
const NEXT_REBUILD: &str = "next-rebuild.json";

/// Writes for schedulers when the site comes out otherwise by itself: `{"date": "2027-03-02", "reasons":
/// ["…"]}`; `null` where that is no day.
///
/// # Errors
/// That the file cannot be written.
pub(crate) fn write_next_rebuild(to: &Path, next: Option<&NextRebuild>) -> io::Result<()> {
    let mut text = serde_json::to_string(&next)?;
    text.push('\n');
    let path = to.join(OWN).join(NEXT_REBUILD);
    if ordinary::read_text(&path).is_ok_and(|there| there == text) { Ok(()) } else { put(to, NEXT_REBUILD, &text) }
}

/// What a build tells people of the portal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// How many pages the portal has of each kind.
    pub census: Vec<(String, usize)>,
    /// How many warnings there were.
    pub warnings: usize,
    /// When it would come out otherwise by itself.
    pub next_rebuild: Option<NextRebuild>,
    /// What happens first on that day, in the language that was spoken.
    pub reason: String,
    /// The code of that language.
    pub language: String,
}

/// What makes a build the same as another, on one line: the program, and what is asked of it; none where the
/// program cannot be read.
pub(crate) fn asked(request: &Request) -> Option<String> {
    let program = std::env::current_exe().and_then(|program| Hash::of_file(&program)).ok()?;
    Some(format!("{:032x} {request:?}", program.long()))
}

/// A build that can be told from another.
#[derive(Debug)]
pub struct Last {
    /// The program and what was asked of it, on one line.
    request: String,
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
                Bytes::File(file) => crate::files::hash_of(files, file).ok()?.long(),
                Bytes::Image(made) => xxh3_128(&made.bytes(files).ok()?),
                bytes => xxh3_128(&bytes.opened()?),
            };
            Some((path.to_string(), hash))
        };
        let outputs = outputs.par_iter().map(hash).collect::<Option<BTreeMap<_, _>>>()?;
        Some(Self { request, told, inputs, outputs })
    }

    /// The build that was published last into `to`, if it left word.
    pub fn read(to: &Path) -> Option<Self> {
        let text = ordinary::read_text(&to.join(OWN).join(LAST)).ok()?;
        let mut lines = unsealed(&text)?.lines();
        let (request, told) = (lines.next()?.to_owned(), serde_json::from_str(lines.next()?).ok()?);
        let (outputs, inputs): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("out "));
        let output = |line: &str| {
            let (hash, path) = line.strip_prefix("out ")?.split_once(' ')?;
            Some((path.to_owned(), u128::from_str_radix(hash, 16).ok()?))
        };
        let outputs = outputs.into_iter().map(output).collect::<Option<_>>()?;
        Some(Self { request, told, inputs: Testimony::parse(inputs.into_iter())?, outputs })
    }

    /// The same, where the same program was asked for the same.
    pub fn of(to: &Path, asked: &str) -> Option<Self> {
        Self::read(to).filter(|last| last.request == asked)
    }

    /// Leaves the directory `to` as it is, where a build of `portal` would: nothing is different since. None
    /// where there is something to do.
    pub fn publish_again(&self, to: &Path, portal: &Disk) -> Option<Published> {
        refuse(portal.root(), to).ok()?;
        let unchanged = self.still_holds(to, portal)?;
        write_next_rebuild(to, self.told.next_rebuild.as_ref()).ok()?;
        Some(Published { unchanged, ..Published::default() })
    }

    /// Writes it.
    ///
    /// # Errors
    /// That the file cannot be written; nothing is left of it then.
    pub fn write(&self, to: &Path) -> io::Result<()> {
        let told = serde_json::to_string(&self.told).unwrap_or_default();
        let mut text = format!("{}\n{told}\n", self.request);
        self.inputs.write(&mut text);
        for (path, hash) in &self.outputs {
            text.push_str(&format!("out {hash:032x} {path}\n"));
        }
        seal(&mut text);
        put(to, LAST, &text)
    }

    /// Forgets the last build, before the next one changes anything.
    ///
    /// # Errors
    /// That the file is there and stays.
    pub fn forget(to: &Path) -> io::Result<()> {
        match fs::remove_file(to.join(OWN).join(LAST)) {
            Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether a build would find the same files now, and leave the directory `to` as it is. Gives the number
    /// of outputs.
    fn still_holds(&self, to: &Path, files: &dyn Files) -> Option<usize> {
        // Another build may be about to change what is looked at.
        let lock = ordinary::open(&to.join(OWN).join(LOCK)).ok()?;
        lock.try_lock().ok()?;
        if !self.inputs.holds(files) {
            return None;
        }
        let whole = self.outputs.par_iter().all(|(path, hash)| {
            let target = to.join(path);
            let is_file = target.symlink_metadata().is_ok_and(|found| found.is_file());
            is_file && Hash::of_file(&target).is_ok_and(|found| found.long() == *hash)
        });
        whole.then_some(self.outputs.len())
    }
}

/// What the line begins with that seals a text.
const SEAL: &str = "sum ";

/// Adds the line with the length, in bytes, and the hash of what stands before it.
fn seal(text: &mut String) {
    let line = format!("{SEAL}{} {:032x}\n", text.len(), xxh3_128(text.as_bytes()));
    text.push_str(&line);
}

/// What was sealed; none where it is not, byte for byte, what [`seal`] wrote.
fn unsealed(text: &str) -> Option<&str> {
    let before = text.strip_suffix('\n')?.rfind('\n')? + 1;
    let mut whole = text[..before].to_owned();
    seal(&mut whole);
    (whole == text).then_some(&text[..before])
}

/// Writes a file of the program's own folder whole, in place of whatever lies there.
fn put(to: &Path, name: &str, text: &str) -> io::Result<()> {
    let own = to.join(OWN);
    #[cfg_attr(any(not(unix), elsewhere), expect(unused_mut, reason = "changed on Unix alone"))]
    let mut options = tempfile::Builder::new();
    // Whoever serves the directory may read it, as any other file of it.
    #[cfg(all(unix, not(elsewhere)))]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut fresh = options.tempfile_in(&own)?;
    fresh.write_all(text.as_bytes())?;
    fresh.persist(own.join(name))?;
    Ok(())
}
