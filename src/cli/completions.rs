//! `werdegang completions` and `werdegang man`: what shells and `man` want to know of the commands.

use std::path::Path;

use clap::CommandFactory;

use super::args::{Args, Completions, Man};
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use super::whole::write_whole;
use crate::diagnostic::{Diagnostic, text};

/// Prints what a shell completes the commands by.
pub(super) fn completions(command: &Completions, ui: &mut dyn Ui) -> Outcome {
    let mut said = Vec::new();
    clap_complete::generate(command.shell, &mut Args::command(), "werdegang", &mut said);
    ui.out(&String::from_utf8_lossy(&said));
    Outcome::Done
}

/// Writes a page of the manual for the program, and one for each of its commands.
pub(super) fn man(command: &Man, ui: &mut dyn Ui) -> Outcome {
    let mut program = Args::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help");
    let pages = commands.map(|command| (format!("werdegang-{}", command.get_name()), command.clone()));
    let pages: Vec<_> = std::iter::once((String::from("werdegang"), program.clone())).chain(pages).collect();
    for (name, page) in pages {
        let mut said = Vec::new();
        let to = command.dir.join(format!("{name}.1"));
        let written = clap_mangen::Man::new(page).render(&mut said).and_then(|()| write(&to, &said));
        if let Err(error) = written {
            let finding = Diagnostic::new("write", text!("cannot write `{path}`: {error}", path = to.display(), error));
            return cannot_run(ui, &finding.help("name a folder that is there and that you may write in"));
        }
        ui.out(&format!("{}\n", to.display()));
    }
    Outcome::Done
}

fn write(to: &Path, said: &[u8]) -> std::io::Result<()> {
    write_whole(to, &String::from_utf8_lossy(said))
}
