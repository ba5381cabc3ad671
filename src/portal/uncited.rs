//! What is said and cites no source: facts of records that could name one, and amounts of money in texts.

use super::model::Portal;
use super::page::Entry;
use crate::diagnostic::{Diagnostic, Text, text};

/// Reports all that a page or section says without a source.
pub(super) fn check(portal: &Portal, entry: Entry, findings: &mut Vec<Diagnostic>) {
    if !portal.config.reports("uncited") {
        return;
    }
    let document = portal.document(entry);
    for fact in &document.annotations.uncited {
        findings.push(
            Diagnostic::new("uncited", text!("{what} names no source", what = Text::from(fact.what)))
                .at(fact.spot.place())
                .help("say who says so: `source = \"…\"`, an id of content/sources.toml"),
        );
    }
    // A page may name its sources as a whole.
    let named = match entry {
        Entry::Page(number) => !portal.pages[number].front.sources.is_empty(),
        Entry::Section(number) => !portal.sections[number].front.sources.is_empty(),
    };
    if named {
        return;
    }
    for span in &document.body.uncited {
        findings.push(
            Diagnostic::new("uncited", "an amount of money stands here, and nothing near it cites a source")
                .at(document.source.place(span.clone()))
                .help("cite one in the same paragraph, item or row: `{{ <source id=\"…\" /> }}`"),
        );
    }
}
