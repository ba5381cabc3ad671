//! What an update is told of: files that changed.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::files;

/// Which files changed, came or went.
pub(super) enum Touched<'t> {
    /// Whatever there is.
    All,
    /// These, relative to the portal.
    Files(&'t BTreeSet<String>),
}

impl Touched<'_> {
    /// Whether a file, or a folder that it lies in, is among them.
    pub(super) fn holds(&self, path: &str) -> bool {
        match self {
            Touched::All => true,
            Touched::Files(files) => files::is_touched(files, path),
        }
    }

    /// Whether any of them is meant.
    pub(super) fn any(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        match self {
            Touched::All => true,
            Touched::Files(files) => files.iter().any(|path| is_meant(path)),
        }
    }
}

/// Whether the theme may be another: its own files, or those that the portal puts over it.
pub(super) fn is_theme_touched(config: &Config, touched: &Touched<'_>) -> bool {
    let Touched::Files(touched) = touched else { return true };
    let own = format!("themes/{}", config.theme);
    let folders = ["templates", "static", "i18n", "themes", &own];
    let of_theme = |path: &String| {
        folders.iter().any(|folder| path == folder)
            || [&*own, "templates", "static", "i18n"]
                .iter()
                .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    touched.iter().any(of_theme)
}
