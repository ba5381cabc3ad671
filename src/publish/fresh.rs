//! Publishing into a directory in which nothing is yet: the whole tree is written beside it and moved in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::directory::{TOGETHER, fill, first_few, io_finding};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::pipeline::BuiltOutput;

/// Writes all outputs below the folder `half`, and moves what is at the top of them into `to`: a few renames
/// instead of one for every file.
///
/// # Errors
/// What the file system said. Nothing is in place then, or only whole files.
pub(super) fn place(to: &Path, half: &Path, outputs: &BTreeMap<Arc<str>, BuiltOutput>, files: &dyn Files) -> Result<(), Vec<Diagnostic>> {
    let tree = half.join("tree");
    let shown = |path: &str| to.join(path).display().to_string();
    fs::create_dir(&tree).map_err(|error| vec![io_finding("make the folder", &tree.display().to_string(), &error)])?;
    let outputs: Vec<(&Arc<str>, &BuiltOutput)> = outputs.iter().collect();
    let findings: Vec<Diagnostic> = outputs
        .par_chunks(TOGETHER)
        .flat_map_iter(|outputs| {
            let mut last = PathBuf::new();
            outputs
                .iter()
                .filter_map(|(path, output)| {
                    write(&tree, path, output, files, &mut last).err().map(|error| io_finding("write", &shown(path), &error))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    if !findings.is_empty() {
        return Err(first_few(findings));
    }
    let mut tops: Vec<&str> = outputs.iter().filter_map(|(path, _)| path.split('/').next()).collect();
    tops.dedup();
    let moved = |top: &str| fs::rename(tree.join(top), to.join(top)).map_err(|error| vec![io_finding("write", &shown(top), &error)]);
    tops.into_iter().try_for_each(moved)
}

/// Writes one file, and makes its folder, unless that is the `last` that was made: files of one folder follow
/// each other.
fn write(tree: &Path, path: &str, output: &BuiltOutput, files: &dyn Files, last: &mut PathBuf) -> std::io::Result<()> {
    let target = tree.join(path);
    let folder = target.parent().unwrap_or(tree);
    if last != folder {
        // Most folders are made in one that was made before.
        fs::create_dir(folder).or_else(|_| fs::create_dir_all(folder))?;
        folder.clone_into(last);
    }
    fill(&target, &output.bytes, files)
}
