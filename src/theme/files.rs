//! The files of a theme and those that a portal puts over them.

use std::collections::BTreeMap;
use std::io;

use super::embedded;
use crate::config::{Config, SITE_FILE};
use crate::content::is_left_behind;
use crate::diagnostic::{Diagnostic, Place, Spot, list, text};
use crate::files::{self, Blob, Files};
use crate::limits::LARGEST_HELD;
use crate::words::{Given, WordsFile, language_of, path_of};

/// The files of a theme, of the portal's own `templates/`, `static/` and `i18n/`.
#[derive(Debug, Default)]
pub(crate) struct ThemeFiles {
    /// The theme's name.
    pub name: String,
    /// Files of the theme by their path below its folder. Those on disk take the place of those in the
    /// program.
    pub theme: BTreeMap<String, ThemeFile>,
    /// Files of the portal by their path: `templates/page.html`, `static/logo.svg`, `i18n/de.toml`.
    pub portal: BTreeMap<String, ThemeFile>,
}

/// A file, and what findings call it.
#[derive(Debug, Clone)]
pub(crate) struct ThemeFile {
    /// Its path for findings: relative to the portal.
    pub shown: String,
    /// What it holds; none of a static file that is too large to be held.
    pub bytes: Option<Blob>,
}

impl ThemeFile {
    /// What it holds, of what is held always: templates and words.
    pub(crate) fn held(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }

    fn words(&self) -> WordsFile<'_> {
        WordsFile { shown: &self.shown, bytes: self.held() }
    }
}

/// The folders of a theme.
const FOLDERS: [&str; 3] = ["templates", STATIC, "i18n"];
const STATIC: &str = "static";

impl ThemeFiles {
    /// Reads them all.
    pub(crate) fn load(config: &Config, files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Self {
        let name = config.theme.clone();
        let dir = format!("themes/{name}");
        let mut theme = BTreeMap::new();
        for (path, bytes) in embedded::theme(&name) {
            theme.insert(path.clone(), ThemeFile { shown: format!("{dir}/{path}"), bytes: Some(Blob::Fixed(bytes)) });
        }
        for folder in FOLDERS {
            for (path, file) in read_all(&format!("{dir}/{folder}"), folder == STATIC, files, findings) {
                theme.insert(path[dir.len() + 1..].to_owned(), file);
            }
        }
        if theme.is_empty() {
            findings.push(
                Diagnostic::new("theme", text!("there is no theme `{name}`", name))
                    .at(config.theme_spot.as_ref().map_or_else(|| Place::file(SITE_FILE), Spot::place))
                    .help(text!("put it into `{dir}`, or use {themes}", dir, themes = list([crate::config::DEFAULT_THEME]))),
            );
        }
        let portal = FOLDERS.iter().flat_map(|folder| read_all(folder, *folder == STATIC, files, findings)).collect();
        Self { name, theme, portal }
    }

    /// Those that hold words in a language.
    pub(crate) fn words(&self, language: &str) -> Given<'_> {
        let path = path_of(language);
        Given {
            of_theme: self.theme.get(&path).map(ThemeFile::words),
            of_portal: self.portal.get(&path).map(ThemeFile::words),
            languages: (!self.theme.is_empty()).then(|| self.theme.keys().filter_map(|path| language_of(path)).collect()),
        }
    }
}

/// Reads all files of a folder; with `large_pass` those not that are too large to be held.
fn read_all(dir: &str, large_pass: bool, files: &dyn Files, findings: &mut Vec<Diagnostic>) -> Vec<(String, ThemeFile)> {
    let mut listing = files.list(dir);
    findings.append(&mut listing.findings);
    let mut read = Vec::with_capacity(listing.files.len());
    let is_wanted = |path: &String| !is_left_behind(path.rsplit('/').next().unwrap_or(path));
    let bytes = |path: &str| -> io::Result<Option<Blob>> {
        // A style sheet is published with other addresses in it.
        let is_passed = large_pass && !path.ends_with(".css") && files.length(path)? > LARGEST_HELD;
        if is_passed { Ok(None) } else { files.read(path).map(Some) }
    };
    for path in listing.files.into_iter().filter(is_wanted) {
        match bytes(&path) {
            Ok(bytes) => read.push((path.clone(), ThemeFile { shown: path, bytes })),
            Err(error) => findings.push(files::unreadable(&path, &error)),
        }
    }
    read
}
