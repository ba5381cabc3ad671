//! Findings as text: for people, as JSON, and as annotations of GitHub Actions.

use std::fmt::Write;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Language, Place, Severity, Text};

/// For people: each finding with its line, as rustc draws them, and an empty line behind each.
pub(crate) fn human(findings: &[Diagnostic], color: bool, language: Language) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(DEFAULT_TERM_WIDTH);
    let word = |word: &'static str| Text::from(word).in_language(language).into_owned();
    let (help_name, note_name) = (word("help"), word("note"));
    let mut text = String::new();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.with_name(word(finding.severity.word())).primary_title(finding.message.in_language(language)).id(finding.code);
        let mut group = show(title, finding.place.as_ref());
        if let Some(help) = &finding.help {
            group = group.element(Level::HELP.with_name(help_name.as_str()).message(help.in_language(language)));
        }
        let mut groups = vec![group];
        for related in &finding.related {
            let note = Level::NOTE.with_name(note_name.as_str()).secondary_title(related.message.in_language(language));
            groups.push(show(note, Some(&related.place)));
        }
        text.push_str(renderer.render(&groups).trim_end());
        text.push_str("\n\n");
    }
    text
}

fn show<'a>(title: annotate_snippets::Title<'a>, place: Option<&'a Place>) -> Group<'a> {
    match place {
        None => Group::with_title(title),
        Some(place) if place.line == 0 => title.element(Origin::path(place.file.as_str())),
        Some(place) => title.element(
            Snippet::source(place.text.as_str())
                .line_start(place.line)
                .path(place.file.as_str())
                .annotation(AnnotationKind::Primary.span(place.range_in_text())),
        ),
    }
}

/// As JSON: an array of objects with `severity`, `code`, `message`, `place` (`file`, `line`, `column`,
/// `length`, `text`; `text_starts`, the column of its first character, where it does not begin with the
/// line), `help`, `related`.
pub(crate) fn json(findings: &[Diagnostic]) -> String {
    let mut text = serde_json::to_string_pretty(findings).unwrap_or_else(|_| String::from("[]"));
    text.push('\n');
    text
}

/// As workflow commands of GitHub Actions, one line a finding, which it shows beside the changed lines.
///
/// Source: GitHub documentation, "Workflow commands for GitHub Actions".
pub(crate) fn github(findings: &[Diagnostic]) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for finding in findings {
        let mut properties = Vec::new();
        if let Some(place) = &finding.place {
            properties.push(format!("file={}", property(&place.file)));
            if place.line > 0 {
                properties.push(format!("line={},col={},endColumn={}", place.line, place.column, place.column + place.length));
            }
        }
        properties.push(format!("title={}", property(finding.code)));
        let message = match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.to_string(),
        };
        let _ = writeln!(text, "::{} {}::{}", finding.severity.word(), properties.join(","), data(&message));
    }
    text
}
