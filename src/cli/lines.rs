//! Lines that commands show, and how they count.

use std::collections::BTreeMap;

use super::terminal::Ui;
use crate::diagnostic::{Severity, Text, join, text};
use crate::portal::Portal;

/// A line on standard error.
pub(super) fn say(ui: &mut dyn Ui, text: &Text) {
    let line = format!("{}\n", text.in_language(ui.language()));
    ui.err(&line);
}

/// A line on standard output.
pub(super) fn tell_out(ui: &mut dyn Ui, text: &Text) {
    let line = format!("{}\n", text.in_language(ui.language()));
    ui.out(&line);
}

/// Pages by kind: `12 pages, 3 courses, 1 role`.
pub(super) fn census(portal: &Portal) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in &portal.pages {
        *counts.entry(page.kind_name()).or_default() += 1;
    }
    let pages = counts.into_iter().map(|(kind, count)| (kind.to_owned(), count));
    pages.chain([(String::from("section"), portal.sections.len())]).collect()
}

/// A census in words.
pub(super) fn in_words(census: &[(String, usize)]) -> Text {
    join(census.iter().map(|(kind, n)| match kind.as_str() {
        "course" => text!("{n} course" | "{n} courses", n),
        "provider" => text!("{n} provider" | "{n} providers", n),
        "role" => text!("{n} role" | "{n} roles", n),
        "salary" => text!("{n} salary" | "{n} salaries", n),
        "section" => text!("{n} section" | "{n} sections", n),
        "term" => text!("{n} term" | "{n} terms", n),
        _ => pages(*n),
    }))
}

/// How many pages.
pub(super) fn pages(n: usize) -> Text {
    text!("{n} page" | "{n} pages", n)
}

/// How many findings.
pub(super) fn counted(n: usize, severity: Severity) -> Text {
    match severity {
        Severity::Error => text!("{n} error" | "{n} errors", n),
        Severity::Warning => text!("{n} warning" | "{n} warnings", n),
    }
}
