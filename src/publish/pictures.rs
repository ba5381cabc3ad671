//! Pictures that were drawn, kept between builds beside the portal: each under a name that says what it was
//! drawn from and what it holds, so that what is damaged is known and drawn again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::files::ordinary;
use crate::limits::MOST_KEPT_PICTURES;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;
use crate::raster::Drawing;

/// The folder of what is kept, in that of the portal.
const FOLDER: &str = ".werdegang/cache/share";

/// Draws all pictures among some outputs that were not drawn before, and has each published from where it is
/// kept: so no build holds them. What cannot be kept is held.
pub(crate) fn draw_all(root: &Path, outputs: &mut BTreeMap<Arc<str>, BuiltOutput>) {
    if !outputs.values().any(|output| matches!(output.bytes, Bytes::Drawn(_))) {
        return;
    }
    let kept = Kept::of(root);
    let names: Vec<Option<String>> = outputs
        .par_iter_mut()
        .map(|(_, output)| {
            let Bytes::Drawn(drawing) = &output.bytes else { return None };
            let (name, bytes) = kept.get(drawing)?;
            output.bytes = match &name {
                Some(name) => Bytes::File(format!("{FOLDER}/{name}").into()),
                None => Bytes::Made(bytes.into()),
            };
            name
        })
        .collect();
    kept.tidy(&names.iter().flatten().map(String::as_str).collect());
}

/// What a picture holds: as it is kept, or drawn, and kept.
pub(crate) fn picture(root: &Path, drawing: &Drawing) -> Option<Vec<u8>> {
    let kept = Kept { folder: root.join(FOLDER), names: BTreeMap::new() };
    let name = name_of(drawing.key());
    let found = fs::read_dir(&kept.folder).ok().into_iter().flatten().filter_map(Result::ok);
    let found = found.filter_map(|entry| entry.file_name().into_string().ok()).find(|other| other.starts_with(&name));
    let kept = Kept { names: found.into_iter().map(|found| (name.clone(), found)).collect(), ..kept };
    kept.get(drawing).map(|(_, bytes)| bytes)
}

/// How the name of a file begins that holds a drawing with this key.
fn name_of(key: u128) -> String {
    format!("{key:032x}-")
}

/// What is kept.
struct Kept {
    folder: PathBuf,
    /// The names of the files, by how they begin.
    names: BTreeMap<String, String>,
}

impl Kept {
    fn of(root: &Path) -> Self {
        let folder = root.join(FOLDER);
        let names = fs::read_dir(&folder).ok().into_iter().flatten().filter_map(Result::ok);
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let names = names.filter_map(|name| Some((name.split_inclusive('-').next()?.to_owned(), name))).collect();
        Self { folder, names }
    }

    /// The name of the file that holds a drawing, and what it holds; no name where it could not be kept. None
    /// where it cannot be drawn.
    fn get(&self, drawing: &Drawing) -> Option<(Option<String>, Vec<u8>)> {
        let begins = name_of(drawing.key());
        if let Some(name) = self.names.get(&begins)
            && let Ok(bytes) = read(&self.folder.join(name))
            && *name == full_name(&begins, &bytes)
        {
            return Some((Some(name.clone()), bytes));
        }
        let bytes = drawing.draw()?;
        let name = full_name(&begins, &bytes);
        let is_kept = self.put(&name, &bytes).is_ok();
        Some((is_kept.then_some(name), bytes))
    }

    /// Writes a file whole or not at all.
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut fresh = tempfile::Builder::new().prefix(".half").tempfile_in(&self.folder)?;
        fresh.write_all(bytes)?;
        fresh.persist(self.folder.join(name))?;
        Ok(())
    }

    /// Removes what is too much, of what `used` does not name.
    fn tidy(&self, used: &BTreeSet<&str>) {
        let names = self.names.values().map(String::as_str);
        for name in too_many(names, used, MOST_KEPT_PICTURES) {
            let _ = fs::remove_file(self.folder.join(name));
        }
    }
}

/// Of some names those that are not used and more than `most`, with those that are.
fn too_many<'n>(names: impl Iterator<Item = &'n str>, used: &BTreeSet<&str>, most: usize) -> impl Iterator<Item = &'n str> {
    names.filter(|name| !used.contains(name)).skip(most.saturating_sub(used.len()))
}

fn full_name(begins: &str, bytes: &[u8]) -> String {
    format!("{begins}{:016x}", xxh3_64(bytes))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut ordinary::open(path)?, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{MOST_KEPT_PICTURES, too_many};

    #[test]
    fn so_many_pictures_are_kept() {
        let names: Vec<String> = (0..=MOST_KEPT_PICTURES).map(|number| format!("{number:08}")).collect();
        let used = BTreeSet::from([names[MOST_KEPT_PICTURES].as_str()]);
        let gone = |names: &[String]| too_many(names.iter().map(String::as_str), &used, MOST_KEPT_PICTURES).count();
        assert_eq!((gone(&names), gone(&names[1..])), (1, 0));
    }
}
