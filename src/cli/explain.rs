//! `werdegang explain`: what a finding means, and how to mend it.

use super::args::Explain;
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use crate::diagnostic::{Diagnostic, Text, codes, text};

pub(super) fn run(command: &Explain, ui: &mut dyn Ui) -> Outcome {
    let Some(name) = &command.code else {
        for (name, code) in codes::all_in(ui.language()) {
            let severity = Text::from(code.severity.word());
            ui.out(&format!("{name:<22} {:<8} {}\n", severity.in_language(ui.language()), code.summary));
        }
        return Outcome::Done;
    };
    match codes::get_in(ui.language(), name) {
        Some(code) => {
            ui.out(&code.explanation(name, ui.language()));
            Outcome::Done
        }
        None => {
            let message = match codes::near(name) {
                Some(near) => text!("there is no finding `{name}`; did you mean `{near}`?", name, near),
                None => text!("there is no finding `{name}`", name),
            };
            let help = "a message has its code in brackets; `werdegang explain` lists all";
            cannot_run(ui, &Diagnostic::new("unknown-code", message).help(help))
        }
    }
}
