//! Files of other systems beside `site.toml`, or in its place: nothing reads them, and whoever brought them
//! is told.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::SITE_FILE;
use crate::diagnostic::{Diagnostic, Place, Text, text};
use crate::files::Files;

#[derive(Default, Deserialize)]
struct Foreign {
    settings: BTreeMap<String, String>,
    folders: BTreeMap<String, String>,
    templates: BTreeMap<String, String>,
}

static FOREIGN: LazyLock<Foreign> = LazyLock::new(|| toml::from_str(include_str!("foreign.toml")).unwrap_or_default());

/// Why there is no portal: no `site.toml`, perhaps the settings of another system.
pub(crate) fn no_portal(files: &dyn Files) -> Diagnostic {
    match FOREIGN.settings.iter().find(|(file, _)| files.read(file).is_ok()) {
        Some((file, system)) => {
            Diagnostic::new("no-portal", text!("there is no `{site_file}` here, but a `{file}`: this looks like a site of {system}", site_file = SITE_FILE, file, system)).help(
                text!("write a `{site_file}` with its settings, at least `base_url` and `title`; `werdegang check` says which of them are called otherwise here", site_file = SITE_FILE),
            )
        }
        None => Diagnostic::new("no-portal", text!("there is no `{site_file}` here", site_file = SITE_FILE))
            .help("run `werdegang init` to make a portal, or name its folder with `--root`"),
    }
}

/// Whether a file that changed may be one of another system.
pub(crate) fn is_foreign(path: &str, theme: &str) -> bool {
    let top = path.split('/').next().unwrap_or(path);
    FOREIGN.settings.contains_key(path) || FOREIGN.folders.contains_key(top) || path == theme_file(theme)
}

/// Reports files and folders of other systems.
pub(crate) fn unread(files: &dyn Files, theme: &str) -> Vec<Diagnostic> {
    let unread =
        |file: &str, help: Text| Diagnostic::new("unread-file", text!("nothing reads `{file}`", file)).at(Place::file(file)).help(help);
    let settings = FOREIGN.settings.iter().filter(|(file, _)| files.read(file).is_ok());
    let settings = settings.map(|(file, system)| {
        unread(
            file,
            text!(
                "these are settings of {system}: those of the portal stand in `{site_file}`",
                system = Text::from(system.as_str()),
                site_file = SITE_FILE
            ),
        )
    });
    let folders = FOREIGN.folders.iter().filter_map(|(folder, help)| {
        let first = files.list(folder).files.into_iter().next()?;
        Some(unread(&first, help.as_str().into()))
    });
    let theme = Some(theme_file(theme)).filter(|file| files.read(file).is_ok());
    let theme = theme.map(|file| {
        unread(&file, text!("write what its `[extra]` says into `[extra]` of `{site_file}`, and take the file out", site_file = SITE_FILE))
    });
    settings.chain(folders).chain(theme).collect()
}

/// What to do about a template of another system that nothing uses here.
pub(crate) fn instead_of_template(name: &str) -> Option<&'static str> {
    let folder = name.split_inclusive('/').next().unwrap_or(name);
    FOREIGN.templates.get(name).or_else(|| FOREIGN.templates.get(folder)).map(String::as_str)
}

/// What a theme of Zola says of itself.
fn theme_file(theme: &str) -> String {
    format!("themes/{theme}/theme.toml")
}
