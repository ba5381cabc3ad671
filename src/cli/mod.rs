//! The command line: arguments, what is shown, exit codes. No logic.
//!
//! Exit codes: 0 done; 1 the site has errors; 2 the command could not be run.

mod args;
mod build;
mod check;
mod completions;
mod explain;
mod guard;
mod images;
mod init;
mod lines;
mod list;
mod new;
mod new_question;
mod outcome;
mod schema;
mod serve;
mod terminal;
mod voice;
mod whole;

pub(crate) use args::{Args, Command};
pub use guard::LEFT;
pub use outcome::Outcome;
pub use terminal::{Terminal, Ui};

use std::ffi::OsString;

use clap::Parser;

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
    let language = voice::language(&args, ui);
    let ui = &mut voice::Voice { ui, language };
    match args.command {
        Command::Build(ref command) => build::run(&args, command, ui),
        Command::Check(ref command) => check::run(&args, command, ui),
        Command::Serve(ref command) => serve::run(&args, command, ui),
        Command::Init(ref command) => init::run(command, ui),
        Command::New(ref command) => new::run(&args, command, ui),
        Command::Explain(ref command) => explain::run(command, ui),
        Command::Schema(ref command) => schema::run(command, ui),
        Command::List(ref command) => list::run(&args, command, ui),
        Command::Completions(ref command) => completions::completions(command, ui),
        Command::Man(ref command) => completions::man(command, ui),
    }
}
