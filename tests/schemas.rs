//! The schema, the templates of new pages, and the decoder agree; no value of any key makes the program fall
//! over.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::harness::{Portal, Shown};
use werdegang::api::cli::{Outcome, run};

const KINDS: [&str; 5] = ["role", "course", "provider", "salary", "term"];

fn schema(kind: &str) -> Value {
    let mut shown = Shown::default();
    assert_eq!(run(["werdegang", "schema", kind], &mut shown), Outcome::Done);
    serde_json::from_str(&shown.out).expect("the schema is JSON")
}

/// A portal with one record of each kind to refer to.
fn portal() -> Portal {
    // New pages have neither a description nor a link to them yet.
    let settings = format!("{}[check]\nseverity = {{ no-description = \"off\", orphan-page = \"off\" }}\n", crate::harness::SITE);
    Portal::of(&[
        ("site.toml", &settings),
        ("content/role.md", "+++\ntitle = \"Role\"\n[role]\nname = \"Role\"\n+++\n"),
        ("content/ac.md", "+++\ntitle = \"Academy\"\n[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n+++\n"),
    ])
}

#[test]
fn new_pages_build() {
    let portal = portal();
    for kind in KINDS.iter().chain(&["page", "section"]) {
        let (outcome, shown) = portal.run(&["new", kind, &format!("new/{kind}-one")]);
        assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    }
    let (outcome, shown) = portal.run(&["check", "--drafts"]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    assert_eq!(shown.err, "no findings\n");
}

#[test]
fn foreign_keys_are_none_of_ours() {
    let site = schema("site");
    let foreign: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("../src/schema/foreign.toml")).expect("tables of texts");
    for (table, keys) in &foreign {
        let ours = match table.as_str() {
            "site.toml" => &site["properties"],
            "[markdown]" => &site["properties"]["markdown"]["properties"],
            "a taxonomy" => &site["properties"]["taxonomies"]["items"]["properties"],
            _ => panic!("no message calls a table {table}"),
        };
        let ours = ours.as_object().expect("properties");
        assert!(keys.keys().all(|key| !ours.contains_key(key)), "{table}: {keys:?}");
    }
}

#[test]
fn starters_build_without_a_finding() {
    for language in ["de", "en"] {
        let portal = Portal::empty();
        let target = portal.path("start").display().to_string();
        let mut shown = Shown::default();
        assert_eq!(run(["werdegang", "init", &target, "--language", language], &mut shown), Outcome::Done, "{}", shown.err);
        let mut shown = Shown::default();
        assert_eq!(run(["werdegang", "--root", &target, "check"], &mut shown), Outcome::Done, "{}", shown.err);
        assert_eq!(shown.err, "no findings\n");
        // A second time there is something to lose.
        let before = fs::read(portal.path("start/site.toml")).expect("site.toml");
        let mut shown = Shown::default();
        assert_eq!(run(["werdegang", "init", &target], &mut shown), Outcome::CannotRun);
        assert_eq!(before, fs::read(portal.path("start/site.toml")).expect("site.toml"));
    }
}

/// Values of every type, as TOML.
const VALUES: [&str; 14] = [
    "\"text\"",
    "\"\"",
    "\"unknown\"",
    "3",
    "-1",
    "9223372036854775807",
    "0.5",
    "nan",
    "true",
    "2026-03-01",
    "2026-03-01T10:00:00Z",
    "[]",
    "[1, \"a\", {}]",
    "{}",
];

/// Each key of each record with each value: done or errors, never anything else, and each finding in that
/// file has its line.
#[test]
fn any_value_of_any_key_is_answered() {
    let mut tried = 0;
    for kind in KINDS {
        let schema = schema(kind);
        let keys: Vec<String> = schema["properties"][kind]["properties"].as_object().expect("keys").keys().cloned().collect();
        assert!(!keys.is_empty());
        let portal = portal();
        for key in keys {
            for value in VALUES {
                portal.write("content/x.md", format!("+++\ntitle = \"X\"\n[{kind}]\n{key} = {value}\n+++\n"));
                let (outcome, shown) = portal.run(&["check", "--format", "json"]);
                assert_ne!(outcome, Outcome::CannotRun, "{kind}.{key} = {value}: {}", shown.err);
                let findings: Value = serde_json::from_str(&shown.out).expect("JSON");
                for finding in findings.as_array().expect("a list") {
                    assert_eq!(finding["place"]["file"], "content/x.md", "{kind}.{key} = {value}: {finding}");
                    assert!(finding["place"]["line"].as_u64() >= Some(1), "{kind}.{key} = {value}: {finding}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "only {tried} were tried");
}

/// What the schema calls needed is what the decoder misses.
#[test]
fn needed_keys_are_those_of_the_schema() {
    for kind in KINDS {
        let schema = schema(kind);
        let mut needed: Vec<String> = schema["properties"][kind]["required"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|key| key.as_str().expect("a key").to_owned())
            .collect();
        let portal = portal();
        portal.write("content/x.md", format!("+++\ntitle = \"X\"\n[{kind}]\n+++\n"));
        let (_, shown) = portal.run(&["check", "--format", "json"]);
        let findings: Value = serde_json::from_str(&shown.out).expect("JSON");
        let mut missed: Vec<String> = findings
            .as_array()
            .expect("a list")
            .iter()
            .filter(|finding| finding["code"] == "missing-key")
            .map(|finding| finding["message"].as_str().expect("a message").split('`').nth(1).expect("a key").to_owned())
            .collect();
        needed.sort();
        missed.sort();
        assert_eq!(needed, missed, "{kind}");
    }
}

/// Every key of `site.toml` stands in the README.
#[test]
fn the_readme_names_every_setting() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let settings = readme.split("## site.toml").nth(1).expect("a chapter on settings");
    for key in schema("site")["properties"].as_object().expect("keys").keys() {
        assert!(settings.contains(&format!("`{key}`")) || settings.contains(&format!("[{key}]")), "README lacks `{key}`");
    }
}

/// Markdown that is made to be slow is not.
#[test]
fn hard_markdown_ends() {
    let portal = portal();
    let hard = [
        "> ".repeat(50_000),
        "[a](<b".repeat(20_000),
        "## heading\n\n".repeat(20_000),
        "* ".repeat(5_000),
        "{{ <".repeat(20_000),
        "{% <x> %}".repeat(3_000),
        "[^1]: x\n\n[^".repeat(5_000),
        "\u{fdd0}\u{fdd1}\u{fdd2}\u{fdd5}".repeat(1_000),
    ];
    for (number, text) in hard.iter().enumerate() {
        portal.write(&format!("content/hard{number}.md"), format!("+++\ntitle = \"X\"\n+++\n{text}\n"));
    }
    let (outcome, _) = portal.run(&["check"]);
    assert_ne!(outcome, Outcome::CannotRun);
}
