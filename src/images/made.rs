//! Sizes of images: their bytes, made where they are asked for.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::codec::{self, Pixels};
use super::picture::Format;
use super::pictures::Gathered;
use super::recipe::Recipe;
use crate::diagnostic::Text;
use crate::files::{Blob, Files};

/// A size of an image. Its bytes are made when somebody asks for them: who looks at one page should not wait
/// for the images of all others, and whoever checks a portal needs none of them.
#[derive(Debug)]
pub struct Made {
    pub(crate) recipe: Arc<Recipe>,
    /// What was made, where no cache keeps it. It is locked while it is made: what two ask for at once is
    /// made once.
    held: Mutex<Option<Blob>>,
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        self.recipe == other.recipe
    }
}

impl Made {
    /// What is made by a recipe.
    pub(crate) fn new(recipe: Arc<Recipe>) -> Self {
        Self { recipe, held: Mutex::default() }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// Those of reading the image; [`io::ErrorKind::ResourceBusy`] where that is another by now.
    /// [`io::ErrorKind::PermissionDenied`] where its path leads out of the portal by now.
    pub fn bytes(&self, files: &dyn Files) -> io::Result<Blob> {
        self.bytes_of(files, || pixels(files, &self.recipe))
    }

    fn bytes_of(&self, files: &dyn Files, pixels: impl FnOnce() -> io::Result<Arc<Pixels>>) -> io::Result<Blob> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = &*held {
            return Ok(bytes.clone());
        }
        let (cache, name) = (files.cache(), self.recipe.key());
        if let Some(bytes) = cache.as_ref().and_then(|cache| cache.get(&name)) {
            return Ok(bytes.into());
        }
        let pixels = pixels()?;
        let bytes = codec::make(&pixels, &self.recipe).map_err(io::Error::other)?;
        let is_kept = cache.is_some_and(|cache| cache.put(&name, &bytes));
        let bytes = Blob::from(bytes);
        if !is_kept {
            *held = Some(bytes.clone());
        }
        Ok(bytes)
    }

    /// Whether its bytes need not be made.
    fn is_made(&self, files: &dyn Files) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        held || files.cache().is_some_and(|cache| cache.get(&self.recipe.key()).is_some())
    }
}

/// The image of a recipe, decoded.
fn pixels(files: &dyn Files, recipe: &Recipe) -> io::Result<Arc<Pixels>> {
    files.admit(&recipe.file)?;
    let gathered = Gathered::read(files, &recipe.file)?;
    if gathered.hash() != recipe.hash {
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, Text::from("it changed while the site was being made")));
    }
    let format = Format::of_name(&recipe.file).unwrap_or(Format::Png);
    codec::open(&gathered.bytes, format).map(Arc::new).map_err(io::Error::other)
}

/// Makes what is not made yet, on all cores, and decodes each image once. `done` counts. Gives, of what could
/// not be made, the file of the image and why.
pub(crate) fn make_all(all: &[Arc<Made>], files: &dyn Files, done: &AtomicUsize) -> Vec<(Arc<str>, io::Error)> {
    let mut by_image: BTreeMap<(&Arc<str>, u128), Vec<&Arc<Made>>> = BTreeMap::new();
    for made in all {
        by_image.entry((&made.recipe.file, made.recipe.hash)).or_default().push(made);
    }
    let by_image: Vec<Vec<&Arc<Made>>> = by_image.into_values().collect();
    let of_image = |of_one: Vec<&Arc<Made>>| {
        let missing: Vec<&Arc<Made>> = of_one.iter().copied().filter(|made| !made.is_made(files)).collect();
        done.fetch_add(of_one.len() - missing.len(), Ordering::Relaxed);
        let first = missing.first()?;
        let pixels = match pixels(files, &first.recipe) {
            Ok(pixels) => pixels,
            Err(error) => return Some((first.recipe.file.clone(), error)),
        };
        let failed: Vec<io::Error> = missing
            .par_iter()
            .filter_map(|made| {
                let failed = made.bytes_of(files, || Ok(pixels.clone())).err();
                done.fetch_add(1, Ordering::Relaxed);
                failed
            })
            .collect();
        failed.into_iter().next().map(|error| (first.recipe.file.clone(), error))
    };
    by_image.into_par_iter().filter_map(of_image).collect()
}
