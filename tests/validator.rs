//! Linked data, judged by somebody else: a validator of schema.org that knows nothing of this program and has
//! the whole vocabulary (release 30.0).
//!
//! It is handed finished pages, finds in them what consumers would find, follows references, and tells which
//! types and properties there are not, which do not belong together, and which nodes a property cannot hold.
//! It says nothing of numbers and dates in the wrong place: `structured.rs` does.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemaorg_rs::{ProfileRegistry, Severity, extract_all, validation};

use crate::harness::PORTAL_AS_OF;
use crate::structured::{fixture, repository};
use werdegang::api::files::Files;
use werdegang::api::pipeline::{Progress, Request, build};

/// What the validator says and is not right about: how the finding begins, and why it is passed over.
const PASSED_OVER: [(&str, &str); 4] = [
    (
        "SearchAction.query-input: Unknown property",
        "what somebody is asked for carries the name of what it becomes (schema.org, \"Potential Actions\")",
    ),
    ("Course.timeRequired: 'P", DURATION),
    ("MonetaryAmountDistribution.duration: 'P", DURATION),
    ("Schedule.duration: 'P", DURATION),
];

const DURATION: &str = "`Duration` is written as text (ISO 8601): the validator takes it for an enumeration";

/// What the validator says of a page. Types and properties that are pending are no fault, and of what Google
/// asks for only what it calls required.
fn said(html: &str) -> Vec<String> {
    let graph = extract_all(html).expect("a page");
    let words = validation::validate(&graph).diagnostics;
    let shown = ProfileRegistry::with_google().evaluate("google", &graph, &words).expect("profiles").diagnostics;
    let words = words.into_iter().filter(|found| found.severity != Severity::Info);
    let shown = shown.into_iter().filter(|found| found.severity == Severity::Error);
    let extracted = graph.warnings.into_iter().map(|warning| warning.message);
    // Of the path only the node and its property: the entry of a list has a number.
    let told = words.chain(shown).map(|found| {
        let mut parts: Vec<&str> = found.path.rsplitn(3, '.').take(2).collect();
        parts.reverse();
        format!("{}: {}", parts.join("."), found.message)
    });
    extracted.chain(told).collect()
}

/// The pages with linked data.
fn pages(files: &Arc<dyn Files>) -> Vec<(String, String)> {
    let request = Request { base_url: None, drafts: false, future: false, as_of: PORTAL_AS_OF.parse().expect("a day") };
    let built = build(files, &request, &Progress::default());
    assert!(built.is_whole(), "{:#?}", built.findings);
    let pages = built.outputs.iter().filter(|(path, _)| path.ends_with(".html"));
    let pages = pages.map(|(path, output)| (path.to_string(), output.bytes.text().expect("a page").into_owned()));
    // An address relative to the page is the same one (JSON-LD 1.1, 3.2); the validator follows no others.
    let pages = pages.map(|(path, html)| (path, html.replace("\"@id\":\"https://www.example.org/", "\"@id\":\"/")));
    pages.filter(|(_, html)| html.contains("application/ld+json")).collect()
}

#[test]
fn somebody_else_accepts_the_linked_data() {
    let (mut passed, mut faults) = (BTreeSet::new(), Vec::new());
    for (name, files, enough) in [("fixture", fixture(), 10), ("repository", repository(), 50)] {
        let pages = pages(&files);
        assert!(pages.len() >= enough, "{name} has {} pages with linked data", pages.len());
        for (path, html) in pages {
            for said in said(&html) {
                match PASSED_OVER.iter().find(|(begins, _)| said.starts_with(begins)) {
                    Some((begins, _)) => drop(passed.insert(*begins)),
                    None => faults.push(format!("{name}: {path}: {said}")),
                }
            }
        }
    }
    assert_eq!(faults, [""; 0]);
    for (begins, reason) in PASSED_OVER {
        assert!(passed.contains(begins), "nothing begins with `{begins}` any more ({reason}): take it out of the list");
    }
}

#[test]
fn somebody_else_sees_faults() {
    for (graph, fault) in [
        (r#"{"@type":"Corse","name":"A"}"#, "Unknown type 'Corse'"),
        (r#"{"@type":"Course","prise":1}"#, "Unknown property 'prise'"),
        (r#"{"@type":"Course","median":1}"#, "Property 'median' is not valid for type 'Course'"),
        (r#"{"@type":"Course","provider":{"@type":"Offer"}}"#, "Property 'provider' expects 'Organization', 'Person', got 'Offer'"),
        (r#"{"@type":"Course","provider":{"@id":"/offer"}},{"@type":"Offer","@id":"/offer"}"#, "Property 'provider' expects"),
        (r#"{"@type":"Course","timeRequired":"a year"}"#, "'a year' is not a valid value"),
        (r#"{"@type":"Course","name":{"@type":"Offer"}}"#, "Property 'name' expects Text, not a nested object"),
        (r#"{"@type":"Course","@id":"/a"},{"@type":"Course","@id":"/a"}"#, "duplicate @id: /a"),
        (r#"{"@type":"BreadcrumbList"}"#, "Required field 'itemListElement' is missing"),
        (r#"{"@type":"Course""#, "failed to parse JSON-LD"),
    ] {
        let html = format!("<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@graph\":[{graph}]}}</script>");
        let said = said(&html);
        assert!(said.iter().any(|said| said.contains(fault)), "{graph}: {said:?}");
    }
}
