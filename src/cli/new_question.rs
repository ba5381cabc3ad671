//! `werdegang new question`: a question of a reader, at the end of a page's front matter.

use std::fs;

use jiff::civil::Date;

use super::lines::tell_out;
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use super::whole::write_whole;
use crate::content::end_of_front_matter;
use crate::diagnostic::{Diagnostic, text};
use crate::files::Disk;

/// Adds a question to a page of the portal, for an editor to fill in. Every other byte of the file stays.
pub(super) fn run(disk: &Disk, path: &str, ui: &mut dyn Ui) -> Outcome {
    let file = disk.root().join(path);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => {
            let finding = Diagnostic::new("unreadable", text!("cannot read `{path}`: {error}", path, error))
                .help("name a page that there is: `new question courses/some-course`");
            return cannot_run(ui, &finding);
        }
    };
    let at = match end_of_front_matter(&text) {
        Ok(at) => at,
        Err((message, help)) => {
            return cannot_run(ui, &Diagnostic::new("front-matter", text!("`{path}`: {message}", path, message)).help(help));
        }
    };
    let added = with_question(&text, at, ui.today());
    match write_whole(&file, &added) {
        Ok(()) => {
            let line = text[..at].lines().count() + 2;
            tell_out(ui, &text!("a question added to {path}, in line {line}", path, line));
            Outcome::Done
        }
        Err(error) => {
            let finding = Diagnostic::new("write", text!("cannot write `{path}`: {error}", path, error))
                .help("check that you may write there and that the disk has room");
            cannot_run(ui, &finding)
        }
    }
}

/// The text of a file with a question at that place, in its ends of lines.
fn with_question(text: &str, at: usize, today: Date) -> String {
    let question = format!(
        "\n[[questions]]\n# name = \"\"   # left out: without a name\ndate = {today}\ntext = \"\"\n\
         # answers = [{{ by = \"\", date = {today}, text = \"\" }}]\n"
    );
    let question = if text[..at].ends_with("\r\n") { question.replace('\n', "\r\n") } else { question };
    format!("{}{question}{}", &text[..at], &text[at..])
}
