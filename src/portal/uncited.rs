//! What is said and cites no source: facts of records that could name one, and amounts of money in texts.

use super::{Page, Portal, place_of};
use crate::content::{CONTENT_DIR, Document, place_of_key};
use crate::diagnostic::{Diagnostic, Spot};
use crate::files::Files;
use crate::records::{Approval, Course, Provider, Record};
use crate::schema::Known;

/// Reports all that is said without a source.
pub(super) fn check(portal: &Portal, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for page in &portal.pages {
        match &page.document.record {
            Some(Record::Course(course)) => facts(page, &of_course(course), files, findings),
            Some(Record::Provider(provider)) => facts(page, &of_provider(provider), files, findings),
            _ => {}
        }
    }
    for entry in portal.entries() {
        let document = portal.document(entry);
        // A page may name its sources as a whole.
        let named = match entry {
            super::Entry::Page(number) => !portal.pages[number].front.sources.is_empty(),
            super::Entry::Section(number) => !portal.sections[number].front.sources.is_empty(),
        };
        if !named {
            amounts(document, files, findings);
        }
    }
}

/// A fact without a source: what it is called, and the keys where it was written.
type Fact = (&'static str, Vec<String>);

fn keys(path: &[&str]) -> Vec<String> {
    path.iter().map(|key| (*key).to_owned()).collect()
}

fn of_course(course: &Course) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(Approval::Number { source: None, .. }) = course.approval.as_ref().and_then(Known::known) {
        facts.push(("the approval", keys(&["course", "approval"])));
    }
    if let Some(credential) = course.credential.as_ref().and_then(Known::known)
        && credential.source.is_none()
    {
        facts.push(("the credential", keys(&["course", "credential"])));
    }
    for (number, funding) in course.funding.as_ref().and_then(Known::known).into_iter().flatten().enumerate() {
        if funding.source.is_none() {
            facts.push(("the funding", keys(&["course", "funding", &number.to_string()])));
        }
    }
    facts
}

fn of_provider(provider: &Provider) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (number, accreditation) in provider.accreditation.as_ref().and_then(Known::known).into_iter().flatten().enumerate() {
        if accreditation.source.is_none() {
            facts.push(("the accreditation", keys(&["provider", "accreditation", &number.to_string()])));
        }
    }
    facts
}

fn facts(page: &Page, facts: &[Fact], files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for (what, keys) in facts {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        findings.push(
            Diagnostic::new("uncited", format!("{what} names no source"))
                .at(place_of_key(files, &page.document.file, &keys))
                .help("say who says so: `source = \"…\"`, an id of content/sources.toml"),
        );
    }
}

fn amounts(document: &Document, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for span in &document.body.uncited {
        let spot = Spot { file: format!("{CONTENT_DIR}/{}", document.file).into(), range: span.clone() };
        findings.push(
            Diagnostic::new("uncited", "an amount of money stands here, and nothing near it cites a source")
                .at(place_of(files, &spot))
                .help("cite one in the same paragraph, item or row: `{{ <source id=\"…\" /> }}`"),
        );
    }
}
