//! The images of a portal that were looked at, from one update to the next.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use super::codec;
use super::picture::{Format, Look, Picture};
use super::recipe::VERSION;
use super::sniff;
use crate::diagnostic::text;
use crate::files::{Cache, Files, Sink, is_touched};
use crate::limits::LARGEST_IMAGE;

/// Images that were looked at, by their file.
#[derive(Debug, Default)]
pub(crate) struct Pictures(Mutex<HashMap<Arc<str>, Arc<OnceLock<Look>>>>);

impl Pictures {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<OnceLock<Look>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same images, but for those that changed: to go on with after a change.
    pub(crate) fn without(&self, changed: &BTreeSet<String>) -> Self {
        let kept =
            self.lock().iter().filter(|(file, _)| !is_touched(changed, file)).map(|(file, look)| (file.clone(), look.clone())).collect();
        Self(Mutex::new(kept))
    }

    /// What is known of the image of a file, which is read where nothing is.
    pub(crate) fn look(&self, files: &dyn Files, file: &Arc<str>) -> Look {
        let known = self.lock().entry(file.clone()).or_default().clone();
        known.get_or_init(|| look(files, file)).clone()
    }

    /// Looks at several images at once: outputs that show them then need not.
    pub(crate) fn look_at_all(&self, files: &dyn Files, all: &BTreeSet<Arc<str>>) {
        all.par_iter().for_each(|file| drop(self.look(files, file)));
    }

    /// What is known of the image of a file, if it was looked at.
    pub(crate) fn known(&self, file: &str) -> Option<Look> {
        self.lock().get(file)?.get().cloned()
    }
}

/// What a file holds, with its hash; of one that is too large the hash alone.
#[derive(Default)]
pub(super) struct Gathered {
    pub bytes: Vec<u8>,
    hash: Xxh3,
    too_large: bool,
}

impl Gathered {
    /// Reads a file.
    ///
    /// # Errors
    /// Those of [`Files::pass`].
    pub(super) fn read(files: &dyn Files, file: &str) -> io::Result<Self> {
        let mut gathered = Self::default();
        files.pass(file, &mut gathered)?;
        Ok(gathered)
    }

    /// The hash of all that was read.
    pub(super) fn hash(&self) -> u128 {
        self.hash.digest128()
    }
}

impl Sink for Gathered {
    fn begin(&mut self, length: u64) -> io::Result<()> {
        self.too_large = length > LARGEST_IMAGE;
        self.hash.reset();
        self.bytes.clear();
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.update(piece);
        if !self.too_large {
            self.bytes.extend_from_slice(piece);
        }
        Ok(())
    }
}

fn look(files: &dyn Files, file: &str) -> Look {
    let gathered = match Gathered::read(files, file) {
        Ok(gathered) => gathered,
        Err(error) => {
            return Look::faulty(
                text!("`{file}` cannot be read: {error}", file, error),
                "check that the file is there and that you may read it",
            );
        }
    };
    if gathered.too_large {
        return Look::faulty(
            text!("`{file}` is larger than {size} MiB, and is published as it is", file, size = LARGEST_IMAGE / 1024 / 1024),
            "save it smaller: no page shows so much of it",
        );
    }
    let hash = gathered.hash();
    let cache = files.cache();
    // What is wrong with an image is looked at each time: it is to be mended.
    let name = format!("{hash:032x}-{}", VERSION);
    let named = Format::of_name(file);
    if let Some(picture) = cache.as_ref().and_then(|cache| known(&**cache, &name, named)) {
        return Look::Picture(Arc::new(picture));
    }
    match understand(&gathered.bytes, hash, file) {
        Ok(picture) => {
            if let Some(cache) = cache.filter(|_| picture.still) {
                cache.put(&name, &serde_json::to_vec(&picture).unwrap_or_default());
            }
            Look::Picture(Arc::new(picture))
        }
        Err(faulty) => faulty,
    }
}

/// What was found out of an image before, and still holds for a file of such a name.
fn known(cache: &dyn Cache, name: &str, named: Option<Format>) -> Option<Picture> {
    let picture: Picture = serde_json::from_slice(&cache.get(name)?).ok()?;
    (named == Some(picture.format)).then_some(picture)
}

/// Finds out what an image is.
fn understand(bytes: &[u8], hash: u128, file: &str) -> Result<Picture, Look> {
    let named = Format::of_name(file);
    let is_svg = named == Some(Format::Svg);
    let found = if is_svg { sniff::format_of(bytes).or(Some(Format::Svg)) } else { sniff::format_of(bytes) };
    let Some(format) = found else {
        return Err(Look::faulty(text!("`{file}` is no image that browsers show", file), "save it as JPEG, PNG, WebP, AVIF or SVG"));
    };
    if named != Some(format) {
        let message = text!("`{file}` is an image of another format than its name says: it holds {kind}", file, kind = format.mime());
        return Err(Look::faulty(message, "rename it, or save it in the format of its name: servers tell browsers what the name says"));
    }
    let plain = |size| Picture { hash, format, size, still: false, alpha: true, lossy: false, profile: false };
    match format {
        Format::Svg => Ok(plain(sniff::svg_size(bytes))),
        Format::Gif => Ok(plain(sniff::gif_size(bytes))),
        Format::Avif => Ok(plain(None)),
        Format::Jpeg | Format::Png | Format::WebP => codec::look(bytes, hash, format, file),
    }
}
