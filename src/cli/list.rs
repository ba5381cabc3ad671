//! `werdegang list`: what is to be done on the portal, as a table or as JSON.

use std::sync::Arc;

use serde::Serialize;

use super::args::{Args, Format, List, Listed};
use super::build::{Reporter, open, request, with_progress};
use super::guard::Guard;
use super::lines::{counted, say};
use super::outcome::Outcome;
use super::terminal::Ui;
use crate::check::{self, Site};
use crate::diagnostic::{Diagnostic, Language, Severity, Text, text};
use crate::files::Files;
use crate::pipeline::{self, Built};

/// One thing of a list.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    /// Which list it is of.
    list: &'static str,
    /// A day, where the list is about days: `2026-03-01`.
    day: Option<String>,
    /// The file, relative to the portal, with the line where there is one: `content/a.md:3`.
    file: String,
    /// What is so: the title of a page, or what a finding says.
    what: Text,
}

/// Findings that say that something has grown old, that something is missing which only the publisher knows, and
/// that nothing leads to a page.
const STALE: [&str; 6] = ["past-sessions", "replacement-older", "stale-figure", "stale-review", "stale-source", "superseded-source"];
const GAPS: [&str; 2] = ["missing-statement", "placeholder"];
const ORPHANS: [&str; 1] = ["orphan-page"];

pub(super) fn run(args: &Args, command: &List, ui: &mut dyn Ui) -> Outcome {
    let reporter = Reporter { format: Format::Human, root: &args.root };
    let disk = match open(&args.root) {
        Ok(disk) => disk,
        Err(finding) => return reporter.cannot_run(finding, ui),
    };
    let files: Arc<dyn Files> = Arc::new(disk.settled());
    let mut request = match request(&command.request, None) {
        Ok(request) => request,
        Err(finding) => return reporter.cannot_run(finding, ui),
    };
    // What is not published yet is what is asked about.
    (request.drafts, request.future) = (true, true);
    let guard = Guard::start(&command.request, false, ui);
    let built = with_progress(ui, &guard.watchdog, |progress| {
        let mut built = pipeline::look_over(&files, &request, progress);
        let view = built.view.clone();
        let found = Site::read(&built, &*view).map(|site| check::findings(&site));
        check::take_in(&mut built, found.unwrap_or_default());
        built
    });
    let mut rows = of_pages(&built, &request.as_of.to_string());
    rows.extend(built.findings.iter().filter_map(of_finding));
    rows.retain(|row| command.what.map_or(row.list != Listed::Changed.name(), |what| what.name() == row.list));
    sort(&mut rows);
    if command.json {
        let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
        ui.out(&format!("{text}\n"));
    } else {
        let shown = table(&rows, ui.language());
        ui.out(&shown);
    }
    let errors = built.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    std::mem::forget(built);
    if errors == 0 {
        return Outcome::Done;
    }
    let errors = counted(errors, Severity::Error);
    say(ui, &text!("{errors}; `werdegang check` shows them, and the lists may lack what they hide", errors));
    Outcome::SiteErrors
}

/// Drafts, what is dated ahead of `as_of`, and when each page was last changed, as its front matter says.
fn of_pages(built: &Built, as_of: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for page in built.portal.iter().flat_map(|portal| &portal.pages) {
        let file = format!("content/{}", page.document.file);
        let row =
            |list: Listed, day: Option<String>| Row { list: list.name(), day, file: file.clone(), what: page.front.title.clone().into() };
        let day = page.front.date.as_ref().map(|day| day.0.to_string());
        if page.front.draft == Some(true) {
            rows.push(row(Listed::Drafts, day.clone()));
        }
        if day.as_deref().is_some_and(|day| day > as_of) {
            rows.push(row(Listed::Coming, day.clone()));
        }
        let changed = page.front.updated.as_ref().map(|day| day.0.to_string()).or(day);
        if changed.is_some() {
            rows.push(row(Listed::Changed, changed));
        }
    }
    rows
}

fn of_finding(finding: &Diagnostic) -> Option<Row> {
    let list = match finding.code {
        code if STALE.contains(&code) => Listed::Stale,
        code if GAPS.contains(&code) => Listed::Gaps,
        code if ORPHANS.contains(&code) => Listed::Orphans,
        _ => return None,
    };
    let file = match &finding.place {
        Some(place) if place.line > 0 => format!("{}:{}", place.file, place.line),
        Some(place) => place.file.clone(),
        None => String::new(),
    };
    Some(Row { list: list.name(), day: None, file, what: finding.message.clone() })
}

/// By list; what was changed last first, all else by day and in the order of reports.
fn sort(rows: &mut [Row]) {
    rows.sort_by_key(|row| row.list);
    let newest_first = |a: &Row, b: &Row| b.day.cmp(&a.day).then_with(|| a.file.cmp(&b.file));
    for list in rows.chunk_by_mut(|a, b| a.list == b.list) {
        match list.first().map(|row| row.list) {
            Some(name) if name == Listed::Changed.name() => list.sort_by(newest_first),
            _ => list.sort_by(|a, b| a.day.cmp(&b.day)),
        }
    }
}

/// The rows in columns, each list under its name.
fn table(rows: &[Row], language: Language) -> String {
    let mut said = String::new();
    for list in rows.chunk_by(|a, b| a.list == b.list) {
        let width = list.iter().map(|row| row.file.chars().count()).max().unwrap_or(0);
        if let Some(row) = list.first() {
            said.push_str(&format!("{} ({})\n", row.list, list.len()));
        }
        for row in list {
            let day = row.day.as_ref().map(|day| format!("{day}  ")).unwrap_or_default();
            said.push_str(&format!("  {day}{:<width$}  {}\n", row.file, row.what.in_language(language)));
        }
    }
    if said.is_empty() { format!("{}\n", Text::from("nothing").in_language(language)) } else { said }
}
