//! `werdegang check`: all findings, and nothing is written.

use std::sync::Arc;

use super::args::{Args, Check, Format};
use super::build::{build_with_progress, census, failed, open, request, show, summarize_findings};
use super::{Outcome, Ui, cannot_run};
use crate::files::Files;

pub(super) fn run(args: &Args, command: &Check, ui: &mut dyn Ui) -> Outcome {
    let disk = match open(&args.root) {
        Ok(disk) => disk,
        Err(finding) => return cannot_run(ui, &finding),
    };
    let files: Arc<dyn Files> = Arc::new(disk);
    let request = match request(&command.request, None) {
        Ok(request) => request,
        Err(finding) => return cannot_run(ui, &finding),
    };
    let built = build_with_progress(&files, &request, ui);
    show(&built.findings, command.format, ui);
    if command.format == Format::Human {
        if let Some(portal) = &built.portal
            && built.is_whole()
        {
            ui.out(&format!("{}\n", census(portal)));
        }
        summarize_findings(&built, ui);
    }
    if built.is_whole() { Outcome::Done } else { failed(&built) }
}
