//! Which findings of finished pages are news.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::pipeline::{Built, Judged};

/// Adds what finished pages show to what a build found. What a page holds because its content says so was found there already.
pub fn take_in(built: &mut Built, mut found: Judged) {
    let mut there: HashMap<(&str, usize), Vec<&Diagnostic>> = HashMap::new();
    for finding in built.findings.iter().chain(&built.allowed) {
        there.entry(line_of(finding)).or_default().push(finding);
    }
    let is_news = |finding: &Diagnostic| {
        let beside = there.get(&line_of(finding)).into_iter().flatten();
        !beside.into_iter().any(|other| is_same(other, finding))
    };
    found.shown.retain(is_news);
    found.allowed.retain(is_news);
    built.add(found);
}

/// Whether two findings about one line are the same one, whatever their words.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && overlap(one, other)
}

/// The line that a finding is about, by file and number.
fn line_of(finding: &Diagnostic) -> (&str, usize) {
    finding.place.as_ref().map_or(("", 0), |place| (place.file.as_str(), place.line))
}

/// Whether two findings about one line are about the same part of it.
fn overlap(one: &Diagnostic, other: &Diagnostic) -> bool {
    match (&one.place, &other.place) {
        (Some(one), Some(other)) => one.line > 0 && one.column < other.column + other.length && other.column < one.column + one.length,
        _ => false,
    }
}
