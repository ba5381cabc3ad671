//! What `check` finds in the finished site.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::harness::{AS_OF, SITE};
use werdegang::build::{Built, Progress, Request, build};
use werdegang::check::Site;
use werdegang::check::external::links;
use werdegang::files::{Files, Memory};

/// A portal in memory, built.
fn built(files: &[(&str, &str)]) -> (Arc<dyn Files>, Built) {
    let memory = files.iter().fold(Memory::new().with("site.toml", SITE), |memory, (path, text)| memory.with(path, *text));
    let files: Arc<dyn Files> = Arc::new(memory);
    let request = Request { base_url: None, drafts: false, as_of: AS_OF.parse().expect("a day") };
    let built = build(&files, &request, &Progress::default());
    assert!(built.is_whole(), "{:#?}", built.findings);
    (files, built)
}

#[test]
fn links_to_other_servers_are_known_by_where_they_were_written() {
    let (files, built) = built(&[
        ("content/a.md", "+++\ntitle = \"A\"\n+++\nSee\n[there](https://one.example/x#y) and <https://two.example/>.\n"),
        ("content/b.md", "+++\ntitle = \"B\"\n[extra]\nhome = \"https://three.example/home\"\n+++\n[again](https://one.example/x#y)\n"),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
        (
            "templates/page.html",
            "<!DOCTYPE html><html lang=\"en\"><title>{{ page.title }}</title><h1>{{ page.title }}</h1>{{ page.content | safe }}\n\
             <a href=\"https://four.example/\">4</a>{% if page.extra.home %}<a href=\"{{ page.extra.home }}\">home</a>{% endif %}",
        ),
    ]);
    let site = Site::read(&built, &*files).expect("a site");
    let mut found = BTreeSet::new();
    for link in links(&site, &*files) {
        for place in &link.places {
            found.insert(format!("{} {}:{}:{} {}", link.url, place.file, place.line, place.column, place.text));
        }
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "https://four.example/ templates/page.html:2:10 <a href=\"https://four.example/\">4</a>{% if page.extra.home %}<a href=\"{{ page.extra.home }}\">home</a>{% endif %}",
            "https://one.example/x content/a.md:5:9 [there](https://one.example/x#y) and <https://two.example/>.",
            "https://one.example/x content/b.md:6:9 [again](https://one.example/x#y)",
            "https://three.example/home content/b.md:4:9 home = \"https://three.example/home\"",
            "https://two.example/ content/a.md:5:39 [there](https://one.example/x#y) and <https://two.example/>.",
        ]
    );
}

/// A portal with faults of these codes has exactly them, and all at once: also those that stop a build.
#[test]
fn thirty_faults_are_found_in_one_run() {
    let path = crate::cases::folder().join("check/thirty-faults.txt");
    let case = crate::harness::Archive::parse(&std::fs::read_to_string(path).expect("the case"));
    let shown = case.get("stderr").expect("what is found");
    let found = shown.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
    assert!(found >= 30, "only {found}");
    let codes: BTreeSet<&str> = shown.lines().filter_map(|line| line.split_once('[')?.1.split_once("]: ").map(|(code, _)| code)).collect();
    assert!(codes.len() >= 20, "only {codes:?}");
}

#[test]
fn the_portal_has_no_finding_but_the_gaps_of_its_owner_and_three_old_figures() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut shown = crate::harness::Shown::default();
    let outcome = werdegang::cli::run(["werdegang", "--root", root, "check", "--as-of", AS_OF, "--format", "json"], &mut shown);
    assert_eq!(outcome, werdegang::cli::Outcome::Done);
    let findings: serde_json::Value = serde_json::from_str(&shown.out).expect("JSON");
    let others: Vec<String> = findings
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["code"] != "placeholder")
        .map(|finding| format!("{} {}", finding["code"], finding["place"]["file"]))
        .collect();
    assert_eq!(others, ["\"stale-figure\" \"content/gehalt/social-media-manager.md\""; 3]);
}

#[test]
fn sarif_says_what_json_says_in_the_shape_of_the_standard() {
    let portal = crate::harness::Portal::of(&[
        ("content/a b.md", "+++\ntitle = \"A\"\n+++\n# One\n\n[x](/nowhere/) [y](/nowhere/)\n"),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
    ]);
    let (_, json) = portal.run(&["check", "--format", "json"]);
    let (_, shown) = portal.run(&["check", "--format", "sarif"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let log: serde_json::Value = serde_json::from_str(&shown.out).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), json.as_array().expect("a list").len());
    assert!(results.len() >= 4, "{results:#?}");
    let mut prints = BTreeSet::new();
    for (result, finding) in results.iter().zip(json.as_array().expect("a list")) {
        assert_eq!(result["ruleId"], finding["code"]);
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small")];
        assert_eq!(rule["id"], finding["code"]);
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["text"]] {
            assert!(text.as_str().is_some_and(|text| !text.is_empty()));
        }
        assert_eq!(result["level"], finding["severity"]);
        let location = &result["locations"][0]["physicalLocation"];
        let file = finding["place"]["file"].as_str().expect("a file").replace(' ', "%20");
        assert_eq!(location["artifactLocation"]["uri"], file.as_str());
        if finding["place"]["line"].as_u64() > Some(0) {
            assert_eq!(location["region"]["startLine"], finding["place"]["line"]);
            assert_eq!(location["region"]["startColumn"], finding["place"]["column"]);
        }
        assert!(prints.insert(result["partialFingerprints"]["werdegang/v1"].as_str().expect("a print").to_owned()));
    }
}
