//! `werdegang init`: a small portal to start from.

use std::fs;
use std::io;
use std::path::Path;

use super::args::Init;
use super::lines::tell_out;
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use crate::diagnostic::{Diagnostic, list, text};
use crate::locale::{LANGUAGES, starter};

/// What git is to leave out: what is made can be made again.
const GITIGNORE: &str = ".gitignore";

pub(super) fn run(command: &Init, ui: &mut dyn Ui) -> Outcome {
    let mut files = starter(&command.language);
    if files.is_empty() {
        let finding = Diagnostic::new("language", text!("there is no portal to start from in `{language}`", language = command.language))
            .help(text!(
                "use one of {languages}",
                languages = list(LANGUAGES.iter().copied().filter(|language| !starter(language).is_empty()))
            ));
        return cannot_run(ui, &finding);
    }
    // Where there is one already, somebody has said what is not to be kept.
    files.retain(|(path, _)| path != GITIGNORE || command.dir.join(path).symlink_metadata().is_err());
    // Looked at before the first is written, so that nothing is left half done.
    let taken: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| command.dir.join(path).symlink_metadata().is_ok()).collect();
    if !taken.is_empty() {
        let finding = Diagnostic::new("exists", text!("`{dir}` already has {files}", dir = command.dir.display(), files = list(taken)))
            .help("name a new folder: `werdegang init my-portal`");
        return cannot_run(ui, &finding);
    }
    for (path, bytes) in &files {
        if let Err(error) = write(&command.dir.join(path), bytes) {
            let finding = Diagnostic::new("write", text!("cannot write `{path}`: {error}", path = command.dir.join(path).display(), error))
                .help("check that you may write there and that the disk has room");
            return cannot_run(ui, &finding);
        }
    }
    let go_there = if command.dir == Path::new(".") { String::new() } else { format!("cd {} && ", command.dir.display()) };
    let (n, dir) = (files.len(), command.dir.display());
    tell_out(ui, &text!("{n} file written in {dir}" | "{n} files written in {dir}", n, dir));
    ui.out(&format!("\n    {go_there}werdegang serve\n"));
    Outcome::Done
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
