//! Static files: those of the portal under their own name, those of the theme, and those of the portal that
//! `hashed` names, under one that carries a hash of what they hold, so that they can be kept by browsers for
//! ever.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use globset::GlobSet;
use minifier::css;
use xxhash_rust::xxh3::xxh3_64;

use super::files::{ThemeFile, ThemeFiles};
use crate::diagnostic::Diagnostic;
use crate::files::{self, Blob, Files};
use crate::html::{sheet_addresses, sheet_with};

/// A file to publish as it is.
#[derive(Debug, Clone)]
pub struct Static {
    /// Where it came from, for findings.
    pub shown: String,
    /// Its address below the root: `/css/site.1a2b3c4d.css`.
    pub path: String,
    /// What it holds; none where it is too large to be held, and published from where it came.
    pub bytes: Option<Blob>,
}

impl Static {
    /// A hash of what it holds.
    ///
    /// # Errors
    /// Those of reading it.
    pub fn hash(&self, files: &dyn Files) -> io::Result<u64> {
        hash(self.bytes.as_ref(), &self.shown, files)
    }
}

/// Static files by the path that templates ask for: `css/site.css`.
#[derive(Debug, Default)]
pub struct Statics {
    files: BTreeMap<String, Static>,
}

impl Statics {
    /// Takes the static files of a theme, and those of the portal over them; of these some with a hash in their
    /// names, as those of the theme all are.
    pub(super) fn load(theme: &ThemeFiles, with_hash: &GlobSet, disk: &dyn Files, findings: &mut Vec<Diagnostic>) -> Self {
        fn statics(files: &BTreeMap<String, ThemeFile>) -> impl Iterator<Item = (String, &ThemeFile)> {
            files.iter().filter_map(|(path, file)| Some((path.strip_prefix("static/")?.to_owned(), file)))
        }
        let (of_portal, plain): (BTreeMap<_, _>, BTreeMap<_, _>) = statics(&theme.portal).partition(|(path, _)| with_hash.is_match(path));
        let named = |(path, file): (String, &ThemeFile)| {
            let published = Static { path: format!("/{path}"), shown: file.shown.clone(), bytes: file.bytes.clone() };
            (path, published)
        };
        let mut files: BTreeMap<String, Static> = plain.into_iter().map(named).collect();
        let mut own: BTreeMap<String, &ThemeFile> = statics(&theme.theme).filter(|(path, _)| !files.contains_key(path)).collect();
        own.extend(of_portal);
        // Style sheets name other files of the theme, so these get their names first.
        let (sheets, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|(path, _)| path.ends_with(".css"));
        for (path, file) in others {
            match hash(file.bytes.as_ref(), &file.shown, disk) {
                Ok(hash) => {
                    let named = Static { path: hashed(&path, hash), shown: file.shown.clone(), bytes: file.bytes.clone() };
                    files.insert(path, named);
                }
                Err(error) => findings.push(files::unreadable(&file.shown, &error)),
            }
        }
        let sheets: BTreeMap<String, _> = sheets.into_iter().collect();
        // A sheet carries the hash of what it holds, and so the names of those that it imports: these come
        // first. Of those that import each other in a circle one names the others as they were, which then is
        // a dead link.
        for path in imported_first(&sheets.iter().map(|(path, file)| (path.as_str(), file.held())).collect()) {
            let Some(file) = sheets.get(&path) else { continue };
            let bytes: Blob = match std::str::from_utf8(file.held()) {
                Ok(text) => minified(&linked(text, &path, &files)).into_bytes().into(),
                Err(_) => file.held().to_vec().into(),
            };
            files.insert(path.clone(), Static { path: hashed(&path, xxh3_64(&bytes)), shown: file.shown.clone(), bytes: Some(bytes) });
        }
        Self { files }
    }

    /// Whether the file that templates ask for as `path` has another address, or holds something else, than
    /// `before`; of one that is not held that is so where it was `touched`. The value of
    /// [`Read::Static`](crate::reads::Read::Static).
    pub fn is_changed(&self, before: &Statics, path: &str, touched: &BTreeSet<String>) -> bool {
        fn value<'s>(statics: &'s Statics, path: &str) -> Option<(&'s str, Option<&'s [u8]>)> {
            statics.get(path).map(|file| (file.path.as_str(), file.bytes.as_deref()))
        }
        let is_passed = |file: &Static| file.bytes.is_none() && files::is_touched(touched, &file.shown);
        value(self, path) != value(before, path) || self.get(path).is_some_and(is_passed)
    }

    /// The file that templates ask for as `path`.
    pub fn get(&self, path: &str) -> Option<&Static> {
        self.files.get(path.trim_start_matches('/'))
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Static> {
        self.files.values()
    }

    /// What is held, by the path that templates ask for.
    pub(super) fn held(&self) -> impl Iterator<Item = (&str, &Blob)> {
        self.files.iter().filter_map(|(path, file)| Some((path.as_str(), file.bytes.as_ref()?)))
    }

    /// The paths that templates can ask for.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// The hash of what a file holds, whether it is held or not.
fn hash(held: Option<&Blob>, path: &str, files: &dyn Files) -> io::Result<u64> {
    match held {
        Some(bytes) => Ok(xxh3_64(bytes)),
        None => files::hash_of(files, path).map(|hash| hash.short()),
    }
}

/// `css/site.css` as `/css/site.1a2b3c4d.css`.
fn hashed(path: &str, hash: u64) -> String {
    let hash = format!("{hash:016x}");
    let (folder, name) = path.rfind('/').map_or(("", path), |at| path.split_at(at + 1));
    match name.rfind('.') {
        Some(dot) if dot > 0 => format!("/{folder}{}.{}{}", &name[..dot], &hash[..8], &name[dot..]),
        _ => format!("/{folder}{name}.{}", &hash[..8]),
    }
}

/// A style sheet without white space and comments; as it is where the minifier does not understand it.
fn minified(sheet: &str) -> String {
    css::minify(sheet).map_or_else(|_| sheet.to_owned(), |small| small.to_string())
}

/// A style sheet whose relative addresses name the files as they are published.
fn linked(sheet: &str, path: &str, files: &BTreeMap<String, Static>) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    // One folder up for each of the sheet's own, so that it also holds below a base path.
    let up = "../".repeat(folder.matches('/').count());
    sheet_with(sheet, |written| {
        // What stands behind the path says which part of the file is meant, and is none of its name.
        let (relative, part) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
        let file = files.get(&joined(folder, relative)).filter(|_| !relative.is_empty() && !relative.starts_with('/'))?;
        Some(format!("{up}{}{part}", file.path.trim_start_matches('/')))
    })
}

/// Style sheets in an order in which each stands behind those that it names.
fn imported_first(sheets: &BTreeMap<&str, &[u8]>) -> Vec<String> {
    let mut order = Vec::new();
    let mut met = BTreeSet::new();
    // Each sheet is met twice: once on the way to what it names, and once on the way back.
    let mut waiting: Vec<(String, bool)> = sheets.keys().rev().map(|path| ((*path).to_owned(), false)).collect();
    while let Some((path, back)) = waiting.pop() {
        if back {
            order.push(path);
        } else if let Some(bytes) = sheets.get(path.as_str())
            && met.insert(path.clone())
        {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            let named: Vec<_> = sheet_addresses(text).iter().map(|written| (joined(folder, written), false)).collect();
            waiting.push((path, true));
            waiting.extend(named);
        }
    }
    order
}

/// A relative path, seen from a folder.
fn joined(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
