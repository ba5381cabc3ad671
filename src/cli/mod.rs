//! The command line: arguments, what is shown, exit codes. No logic.
//!
//! Exit codes: 0 done; 1 the site has errors; 2 the command could not be run.

mod args;
mod build;
mod check;
mod explain;
mod guard;
mod init;
mod new;
mod schema;
mod serve;
mod terminal;

pub use args::{Args, Command, Format};
pub use guard::LEFT;
pub use terminal::{Replace, Terminal, Ui};

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::Diagnostic;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The site has errors.
    SiteErrors,
    /// The command could not be run.
    CannotRun,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::SiteErrors => ExitCode::from(1),
            Outcome::CannotRun => ExitCode::from(2),
        }
    }
}

/// Runs the command that the arguments name. It can be called any number of times in one process.
pub fn run<I, T>(args: I, ui: &mut dyn Ui) -> Outcome
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            let text = error.render();
            if error.use_stderr() {
                ui.err(&if ui.color() { text.ansi().to_string() } else { text.to_string() });
                return Outcome::CannotRun;
            }
            ui.out(&if ui.color() { text.ansi().to_string() } else { text.to_string() });
            return Outcome::Done;
        }
    };
    match args.command {
        Command::Build(ref command) => build::run(&args, command, ui),
        Command::Check(ref command) => check::run(&args, command, ui),
        Command::Serve(ref command) => serve::run(&args, command, ui),
        Command::Init(ref command) => init::run(command, ui),
        Command::New(ref command) => new::run(&args, command, ui),
        Command::Explain(ref command) => explain::run(command, ui),
        Command::Schema(ref command) => schema::run(command, ui),
    }
}

/// Says why a command could not be run.
fn cannot_run(ui: &mut dyn Ui, finding: &Diagnostic) -> Outcome {
    let text = crate::diagnostic::render::human(std::slice::from_ref(finding), ui.color());
    ui.err(&text);
    Outcome::CannotRun
}
