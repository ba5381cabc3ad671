//! Findings as SARIF 2.1.0 (OASIS standard), which code hosts show beside the lines.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::{Diagnostic, Place, Severity, codes};

/// The schema that the text is valid by.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What addresses cannot hold (RFC 3986).
const NOT_IN_PATHS: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'#').add(b'?').add(b'{').add(b'}').add(b'%');

/// Findings as one run of SARIF. A finding about the portal as a whole is put at `whole`: code hosts show
/// none without a place. `set` holds the codes that settings give another severity, or none.
///
/// What is allowed is left out: GitHub does not know `suppressions` (its "SARIF support for code scanning"),
/// and would list it as open.
pub(crate) fn sarif(findings: &[Diagnostic], whole: &str, set: &BTreeMap<&str, Option<Severity>>) -> String {
    let rules: Vec<Value> = codes::all().map(|(name, code)| rule(name, code)).collect();
    let index: BTreeMap<&str, usize> = codes::all().enumerate().map(|(at, (name, _))| (name, at)).collect();
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let print = fingerprint(finding);
            // The same line may be found twice in a file.
            let nth = seen.entry(print).or_insert(0);
            *nth += 1;
            result(finding, index.get(finding.code).copied(), whole, &format!("{print:016x}:{nth}"))
        })
        .collect();
    let overrides: Vec<Value> = set
        .iter()
        .filter_map(|(code, severity)| {
            let configuration = match severity {
                Some(severity) => json!({ "level": severity.word() }),
                None => json!({ "enabled": false }),
            };
            Some(json!({ "descriptor": { "id": code, "index": index.get(code)? }, "configuration": configuration }))
        })
        .collect();
    let could_not_run = |finding: &Diagnostic| matches!(finding.code, "no-portal" | "usage" | "output-directory");
    let mut invocation = json!({ "executionSuccessful": !findings.iter().any(could_not_run) });
    if !overrides.is_empty() {
        invocation["ruleConfigurationOverrides"] = json!(overrides);
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "werdegang", "version": env!("CARGO_PKG_VERSION"), "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(name: &str, code: &codes::Code) -> Value {
    let text = format!("{}\n\n{}", code.meaning, code.mend);
    let markdown = format!("**What it means.** {}\n\n**What to do.** {}", code.meaning, code.mend);
    json!({
        "id": name,
        "shortDescription": { "text": code.summary },
        "fullDescription": { "text": code.meaning },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": code.severity.word() },
    })
}

fn result(finding: &Diagnostic, index: Option<usize>, whole: &str, print: &str) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.to_string(),
    };
    let everything = Place::file(whole);
    let mut result = json!({
        "ruleId": finding.code,
        "level": finding.severity.word(),
        "message": { "text": text },
        "locations": [location(finding.place.as_ref().unwrap_or(&everything))],
        "partialFingerprints": { "werdegang/v1": print },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let mut location = location(&related.place);
            location["message"] = json!({ "text": related.message });
            location
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

fn location(place: &Place) -> Value {
    let uri = utf8_percent_encode(&place.file, NOT_IN_PATHS).to_string();
    let mut physical = json!({ "artifactLocation": { "uri": uri } });
    if place.line > 0 {
        physical["region"] = json!({
            "startLine": place.line,
            "startColumn": place.column,
            "endColumn": place.column + place.length,
            "snippet": { "text": &place.text[place.range_in_text()] },
        });
        // The line itself, or what is shown of a long one.
        let mut context = json!({ "startLine": place.line, "snippet": { "text": place.text } });
        if place.is_cut() {
            context["startColumn"] = json!(place.text_starts);
            context["endColumn"] = json!(place.text_starts + place.text.chars().count());
        }
        physical["contextRegion"] = context;
    }
    json!({ "physicalLocation": physical })
}

/// What makes a finding the same one in the next run, though lines before it come or go: its code, its file
/// and the line itself.
fn fingerprint(finding: &Diagnostic) -> u64 {
    let (file, text) = finding.place.as_ref().map_or(("", ""), |place| (place.file.as_str(), place.text.trim()));
    // Without a line the message tells findings of a file apart.
    let message = if text.is_empty() { &*finding.message } else { "" };
    xxh3_64(format!("{}\0{file}\0{text}\0{message}", finding.code).as_bytes())
}
