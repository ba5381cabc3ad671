//! The sizes of images that a build shows, made before anything is written; and where they are kept.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::build::while_showing;
use super::terminal::Ui;
use crate::diagnostic::{Diagnostic, Place, Text, text};
use crate::files::{Disk, DiskCache};
use crate::images::make_all;
use crate::output::Bytes;
use crate::pipeline::Built;

/// Where sizes of images are kept, below the folder of the portal.
const CACHE_DIR: &str = ".werdegang/cache/images";

/// The folder in which sizes of images are kept: the one that was named, else one of the portal.
pub(super) fn cache_of(root: &Path, named: Option<&PathBuf>) -> DiskCache {
    DiskCache::new(named.cloned().unwrap_or_else(|| root.join(CACHE_DIR)))
}

/// The same files, with what is made of images kept.
pub(super) fn with_cache(disk: Disk, named: Option<&PathBuf>) -> Disk {
    let cache = cache_of(disk.root(), named);
    disk.with_cache(cache)
}

/// Makes the sizes that a site shows.
///
/// # Errors
/// A finding for each image of which one could not be made.
pub(super) fn make(built: &Built, ui: &mut dyn Ui) -> Result<(), Vec<Diagnostic>> {
    let sizes: Vec<_> = built
        .outputs
        .values()
        .filter_map(|output| match &output.bytes {
            Bytes::Image(made) => Some(made.clone()),
            _ => None,
        })
        .collect();
    if sizes.is_empty() {
        return Ok(());
    }
    let done = AtomicUsize::new(0);
    let shown = || text!("Making image {number} of {all} …", number = done.load(Ordering::Relaxed), all = sizes.len());
    let failed = while_showing(ui, &shown, || make_all(&sizes, &*built.view, &done));
    // In the order of files, whichever was done first.
    let said = |(file, error): (Arc<str>, std::io::Error)| (file.clone(), text!("no sizes can be made of `{file}`: {error}", file, error));
    let found: BTreeSet<(Arc<str>, Text)> = failed.into_iter().map(said).collect();
    if found.is_empty() {
        return Ok(());
    }
    let finding = |(file, message): (Arc<str>, Text)| {
        Diagnostic::new("unreadable", message)
            .at(Place::file(&file))
            .help("run it again; if it stays, save the image again, or set `process = false` in `[images]` of site.toml")
    };
    Err(found.into_iter().map(finding).collect())
}
