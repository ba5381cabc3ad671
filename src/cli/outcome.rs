//! How a command ended.

use std::process::ExitCode;

use super::terminal::Ui;
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

/// Says why a command could not be run.
pub(super) fn cannot_run(ui: &mut dyn Ui, finding: &Diagnostic) -> Outcome {
    let text = crate::diagnostic::render::human(std::slice::from_ref(finding), ui.color(), ui.language());
    ui.err(&text);
    Outcome::CannotRun
}
