//! The default theme, in the program.

use include_dir::{Dir, include_dir};

static KARRIERE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/karriere");

/// The files of the theme of that name that is in the program, each with its path below the theme's folder;
/// none where there is none.
pub(super) fn theme(name: &str) -> Vec<(String, &'static [u8])> {
    if name != crate::config::DEFAULT_THEME {
        return Vec::new();
    }
    let mut files = Vec::new();
    collect(&KARRIERE, &mut files);
    files.sort();
    files
}

fn collect(dir: &'static Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            files.push((path.replace('\\', "/"), file.contents()));
        }
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}
