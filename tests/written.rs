//! What people write into heads, CSV files, `sources.toml` and `site.toml`, put together at random: whatever
//! is wrong with it, nothing panics, and what is said of it points to what stands in the file. The seed is
//! printed.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::subsequence;
use werdegang::api::diagnostic::{Diagnostic, Place};
use werdegang::api::files::{Files, Memory};
use werdegang::api::pipeline::{Progress, Request, build};

use crate::parsers::{holds, texts};

const SITE: &str = "base_url = \"https://a.example\"\ntitle = \"A\"\ndefault_language = \"de\"\ntheme = \"mini\"\n";

const SOURCES: &str = "[study]\ntitle = \"Study\"\npublisher = \"P\"\npublished = \"2026\"\n";

/// Keys and values of records, right and wrong ones.
const HEAD: &[&str] = &[
    "draft = false\n",
    "[course]\n",
    "provider = \"b\"\n",
    "role = \"b\"\n",
    "leads_to = [\"b\", 1, \"\"]\n",
    "duration = \"12 Monate\"\n",
    "duration = { months = 12 }\n",
    "duration = { months = { low = 12, high = 6 } }\n",
    "price = { amount = 2490, currency = \"EUR\", source = \"study\" }\n",
    "[[course.sessions]]\n",
    "start = 2026-03-01\n",
    "[salary]\n",
    "role = \"nobody\"\n",
    "[[salary.figures]]\n",
    "amount = 30000\n",
    "[[salary.figures]]\n",
    "amount = \"30.000 €\"\n",
    "amount = -1\n",
    "low = 40000\nhigh = 30000\n",
    "low = 30000\n",
    "median = 1\np10 = 2\np90 = 0\n",
    "currency = \"EUR\"\n",
    "currency = \"Euro\"\n",
    "period = \"year\"\n",
    "gross = \"brutto\"\n",
    "source = \"studie\"\n",
    "as_of = \"2026-13\"\n",
    "as_of = 2026-02-30\n",
    "[provider]\n",
    "[extra]\n",
    "tags = [\"ä\", \"\\u0000\"]\n",
    "titel = \"B\"\n",
];

/// What has a meaning in TOML or CSV, in places where it has none.
const SIGNS: &[&str] = &[
    "„typografisch“ = 1\n",
    "price = { amount = 2.490,00 }\n",
    " = ",
    "\"",
    "'''",
    "\"\"\"\n",
    "[",
    "]]",
    "{",
    "#",
    "\t",
    "\r\n",
    "\u{a0}",
    "\u{feff}",
    "+++\n",
    ",",
    ";",
    "\"\"",
    "\n",
    "ä",
    ",,,,,\n",
];

#[test]
fn what_is_said_of_a_head_stands_in_it() {
    holds(lines(HEAD), |head| {
        let text = format!("+++\ntitle = \"A\"\n{head}\n+++\nText.\n");
        findings_quote(&[("content/a.md", text)])
    });
}

const ROWS: &[&str] = &[
    "amount,currency,period,gross,source,as_of\n",
    "low,high,share,currency,period,gross,source,as_of\n",
    "31000,EUR,year,gross,study,2026-05\n",
    "\"31.000\",EUR,year,gross,study,2026-05\n",
    "31000;EUR;year\n",
    "\"a\nb\",EUR\n",
    "2,1,\"one in ten\",EUR,year,gross,study,2026\n",
    "unknown,EUR,year,gross,study,2026\n",
    "31000,EUR,year,brutto,study,2026\n",
    "31000,€,year,gross,studie,26\n",
    "31000,EUR\n",
];

#[test]
fn what_is_said_of_figures_in_csv_stands_in_them() {
    holds(lines(ROWS), |rows| {
        let head = String::from("+++\ntitle = \"A\"\n[salary]\nrole = \"b\"\nfigures = \"pay.csv\"\n+++\n");
        findings_quote(&[("content/a.md", head), ("content/pay.csv", rows)])
    });
}

const SETTINGS: &[&str] = &[
    "[study]\n",
    "[check]\n",
    "[[check.allow]]\n",
    "[menus]\n",
    "[finder]\n",
    "[data]\n",
    "[freshness]\n",
    "[markdown]\n",
    "[privacy]\n",
    "code = \"orphan-page\"\n",
    "publisher = 1\n",
    "published = \"gestern\"\n",
    "url = \"ftp:\\\\x\"\n",
    "facets = [\"mode\", \"mood\"]\n",
    "severity = { imprint = \"loud\" }\n",
    "course = { sessions = \"3 moons\" }\n",
    "allowed_origins = [\"https://a b\"]\n",
];

#[test]
fn what_is_said_of_settings_and_sources_stands_in_them() {
    holds(lines(SETTINGS), |text| {
        findings_quote(&[("site.toml", format!("{SITE}{text}")), ("content/sources.toml", format!("{SOURCES}{text}"))])
    });
}

/// Some lines in their order, so that most of what there is to say is about values; one time in five with
/// signs among them.
fn lines(lines: &'static [&'static str]) -> impl Strategy<Value = String> {
    let signs = prop_oneof![4 => Just(String::new()), 1 => texts(SIGNS)];
    (subsequence(lines, 0..=8), signs, any::<prop::sample::Index>()).prop_map(|(lines, signs, at)| {
        let (before, after) = lines.split_at(at.index(lines.len() + 1));
        [&before.concat(), signs.as_str(), &after.concat()].concat()
    })
}

/// Builds a small portal with these files beside a role, and looks up each place that is told.
fn findings_quote(files: &[(&str, String)]) -> Result<(), TestCaseError> {
    let mut portal = Memory::new()
        .with("site.toml", SITE)
        .with("content/sources.toml", SOURCES)
        .with("themes/mini/i18n/de.toml", "")
        .with("content/b.md", "+++\ntitle = \"B\"\n[role]\nname = \"B\"\n+++\n")
        .with("themes/mini/templates/page.html", "{{ page.title }}{{ page.content | safe }}");
    for template in ["index", "section", "404", "taxonomy_list", "taxonomy_single"] {
        portal = portal.with(&format!("themes/mini/templates/{template}.html"), "{{ config.title }}");
    }
    for (path, text) in files {
        portal = portal.with(path, text.as_str());
    }
    let files: Arc<dyn Files> = Arc::new(portal);
    let request = Request { base_url: None, drafts: false, future: false, as_of: "2026-11-23".parse().expect("a date") };
    let built = build(&files, &request, &Progress::default());
    for finding in &built.findings {
        for place in finding.place.iter().chain(finding.related.iter().map(|related| &related.place)) {
            quotes(&*files, place, finding)?;
        }
    }
    Ok(())
}

/// Whether the line that a place shows is that of the file, and what it marks lies in it.
fn quotes(files: &dyn Files, place: &Place, finding: &Diagnostic) -> Result<(), TestCaseError> {
    // A file as a whole, or one of the program's own.
    let Ok(bytes) = files.read(&place.file) else { return Ok(()) };
    if place.line == 0 {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let line = text.split('\n').nth(place.line - 1).map(|line| line.strip_suffix('\r').unwrap_or(line));
    prop_assert!(line.is_some_and(|line| line.contains(place.text.as_str())), "{finding:?} quotes no line of {text:?}");
    let end = place.text_starts - 1 + place.text.chars().count();
    // Where something is missing, the end of the line is meant.
    prop_assert!(place.length > 0 && place.column >= place.text_starts && place.column <= end + 1, "{finding:?} in {text:?}");
    prop_assert!(place.column + place.length <= end + 2, "{finding:?} marks more than the line in {text:?}");
    Ok(())
}
