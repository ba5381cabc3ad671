//! `werdegang explain`: what a finding means, and how to mend it.

use super::args::Explain;
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use crate::diagnostic::{Diagnostic, codes};

pub(super) fn run(command: &Explain, ui: &mut dyn Ui) -> Outcome {
    let Some(name) = &command.code else {
        for (name, code) in codes::all() {
            ui.out(&format!("{name:<22} {:<8} {}\n", code.severity.word(), code.summary));
        }
        return Outcome::Done;
    };
    match codes::get(name) {
        Some(code) => {
            ui.out(&code.explanation(name));
            Outcome::Done
        }
        None => {
            let message = match codes::near(name) {
                Some(near) => format!("there is no finding `{name}`; did you mean `{near}`?"),
                None => format!("there is no finding `{name}`"),
            };
            let help = "a message has its code in brackets; `werdegang explain` lists all";
            cannot_run(ui, &Diagnostic::new("unknown-code", message).help(help))
        }
    }
}
