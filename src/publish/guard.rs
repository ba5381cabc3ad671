//! Output directories that would cost somebody their work.

use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Argument, Text, ToArgument, text};

/// Folders of a portal that hold what people wrote.
const SOURCES: [&str; 8] = ["content", "themes", "templates", "static", "i18n", "src", "tests", ".git"];

/// Why a directory cannot be the output directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is the portal's folder.
    IsPortal,
    /// The portal lies in it.
    HoldsPortal,
    /// It is, or lies in, a folder of sources: which one.
    InSources(String),
    /// A folder of sources lies in it: which one.
    HoldsSources(String),
    /// It is a file.
    IsFile,
}

impl ToArgument for Refusal {
    fn to_argument(&self) -> Argument {
        Argument::Text(match self {
            Refusal::IsPortal => Text::from("it is the portal's own folder"),
            Refusal::HoldsPortal => Text::from("the portal lies in it"),
            Refusal::InSources(folder) => text!("it lies in `{folder}`, which holds sources", folder),
            Refusal::HoldsSources(folder) => text!("it holds `{folder}`, which holds sources", folder),
            Refusal::IsFile => Text::from("it is a file"),
        })
    }
}

/// Refuses a directory that is, holds or lies in the sources of the portal in `root`. Links are followed, so
/// that none leads around this.
pub(crate) fn refuse(root: &Path, output: &Path) -> Result<(), Refusal> {
    let root = real(root);
    let output = real(output);
    if output.is_file() {
        return Err(Refusal::IsFile);
    }
    if output == root {
        return Err(Refusal::IsPortal);
    }
    if root.starts_with(&output) {
        return Err(Refusal::HoldsPortal);
    }
    for folder in SOURCES {
        let source = real(&root.join(folder));
        if output.starts_with(&source) {
            return Err(Refusal::InSources(folder.to_owned()));
        }
        // A folder of sources may be a link to somewhere else.
        if source.starts_with(&output) {
            return Err(Refusal::HoldsSources(folder.to_owned()));
        }
    }
    Ok(())
}

/// A path without links and `..`, whether or not all of it exists.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            other => {
                real.push(other);
                if let Ok(target) = real.canonicalize() {
                    real = target;
                }
            }
        }
    }
    real
}
