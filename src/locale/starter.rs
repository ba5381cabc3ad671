//! Small portals to start from, one a language.

use include_dir::{Dir, DirEntry, include_dir};

static STARTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/locale/starter");

/// The files of the starter in a language, each with its path; none where there is no such starter.
pub(crate) fn starter(language: &str) -> Vec<(String, &'static [u8])> {
    let mut files = Vec::new();
    if let Some(dir) = STARTERS.get_dir(language) {
        collect(dir, language, &mut files);
    }
    files.sort();
    files
}

fn collect(dir: &'static Dir<'static>, language: &str, files: &mut Vec<(String, &'static [u8])>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, language, files),
            DirEntry::File(file) => {
                let below = file.path().strip_prefix(language).unwrap_or(file.path());
                if let Some(path) = below.to_str() {
                    files.push((path.replace('\\', "/"), file.contents()));
                }
            }
        }
    }
}
