//! The files of a portal on disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::pieces::Sink;
use super::{Blob, Cache, DiskCache, Files, Listing, ordinary, refuse_way_out, special, way_out, whole};
use crate::diagnostic::{Diagnostic, Place, Text, text};

/// Files on disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    settled: bool,
    cache: Option<DiskCache>,
}

impl Disk {
    /// The portal in folder `root`.
    ///
    /// # Errors
    /// That of the file system where the folder cannot be found.
    pub fn new(root: &Path) -> io::Result<Self> {
        Ok(Self { root: root.canonicalize()?, settled: false, cache: None })
    }

    /// The same files, each read only when it has been left alone for a moment: for whoever reads once and is
    /// not told of what is written next.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { settled: true, ..self }
    }

    /// The same files, and what is made of them kept in `cache`.
    #[must_use]
    pub fn with_cache(self, cache: DiskCache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// The folder, absolute and free of links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root with `/` between names, or none if it is not UTF-8.
    fn relative(&self, path: &Path) -> Option<String> {
        let names: Option<Vec<&str>> = path.strip_prefix(&self.root).ok()?.iter().map(|name| name.to_str()).collect();
        Some(names?.join("/"))
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// Lists `start`, the file or folder `dir`, with all below it; where it is a link, what it leads to if
    /// `through` says so.
    fn walk(&self, start: &Path, dir: &str, through: bool, listing: &mut Listing) {
        for entry in WalkDir::new(start).follow_links(false).follow_root_links(through).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or_else(|| dir.to_owned(), |path| self.shown(path));
                    let reason = error.io_error().map_or_else(|| Text::from("it cannot be listed"), |error| text!("{error}", error));
                    listing.findings.push(
                        Diagnostic::new("unreadable", text!("cannot read `{path}`: {reason}", path, reason))
                            .at(Place::file(&path))
                            .help("check that the file exists and that you may read it"),
                    );
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let shown = self.shown(entry.path());
            // Emacs marks a file with unsaved changes by a link that leads nowhere.
            if entry.file_name().to_string_lossy().starts_with(".#") {
                continue;
            }
            if entry.path_is_symlink() {
                let target = entry.path().canonicalize().ok();
                match target {
                    Some(target) if target.starts_with(&self.root) && target.is_file() => {}
                    Some(target) if target.starts_with(&self.root) && !target.is_dir() => {
                        listing.findings.push(special(&shown));
                        continue;
                    }
                    Some(target) if target.starts_with(&self.root) => {
                        listing.findings.push(
                            Diagnostic::new("linked-folder", text!("`{path}` is a link to a folder and is not followed", path = shown))
                                .at(Place::file(&shown))
                                .help("link single files, or move the folder here"),
                        );
                        continue;
                    }
                    _ => {
                        listing.findings.push(
                            Diagnostic::new(
                                "symbolic-link",
                                text!("`{path}` is a link that leads out of the portal, or nowhere", path = shown),
                            )
                            .at(Place::file(&shown))
                            .help("copy the file into the portal instead of linking to it"),
                        );
                        continue;
                    }
                }
            }
            let is_file = entry.file_type().is_file() || entry.path_is_symlink();
            if !is_file {
                listing.findings.push(special(&shown));
                continue;
            }
            match self.relative(entry.path()) {
                Some(path) if path.contains(char::is_control) => listing.findings.push(
                    Diagnostic::new("file-name", text!("the name of `{path}` has a control character", path = path.escape_debug()))
                        .at(Place::file(&path.escape_debug().to_string()))
                        .help("rename the file"),
                ),
                Some(path) => listing.files.push(path),
                None => listing.findings.push(
                    Diagnostic::new("file-name", text!("the name of `{path}` is not valid UTF-8", path = shown))
                        .at(Place::file(&shown))
                        .help("rename the file; letters such as ä are fine when the name is stored as UTF-8"),
                ),
            }
        }
        listing.files.sort();
    }
}

impl Files for Disk {
    fn list(&self, dir: &str) -> Listing {
        let mut listing = Listing::default();
        let start = self.root.join(dir);
        if start.exists() && !start.is_dir() {
            listing.findings.push(
                Diagnostic::new("unreadable", text!("`{path}` is a file, and should be a folder", path = dir))
                    .at(Place::file(dir))
                    .help("move the file away"),
            );
        }
        if start.is_dir() {
            self.walk(&start, dir, true, &mut listing);
        }
        listing
    }

    fn look(&self, path: &str) -> Listing {
        let mut listing = Listing::default();
        let start = self.root.join(path);
        if start.symlink_metadata().is_ok() {
            self.walk(&start, path, false, &mut listing);
        }
        listing
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        whole::read(&self.root.join(path), self.settled).map(Blob::from)
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        whole::pass(&self.root.join(path), self.settled, to)
    }

    fn length(&self, path: &str) -> io::Result<u64> {
        ordinary::length(&self.root.join(path))
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        refuse_way_out(path)?;
        let target = self.root.join(path).canonicalize()?;
        if target.starts_with(&self.root) { Ok(()) } else { Err(way_out()) }
    }

    fn cache(&self) -> Option<Arc<dyn Cache>> {
        self.cache.clone().map(|cache| Arc::new(cache) as Arc<dyn Cache>)
    }
}
