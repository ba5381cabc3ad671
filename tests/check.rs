//! What `check` finds in the finished site.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::harness::{AS_OF, PORTAL_AS_OF, SITE};
use werdegang::api::check::Site;
use werdegang::api::check::external::links;
use werdegang::api::files::{Files, Memory};
use werdegang::api::pipeline::{Built, Progress, Request, build};

/// A portal in memory, built.
fn built(files: &[(&str, &str)]) -> (Arc<dyn Files>, Built) {
    let memory = files.iter().fold(Memory::new().with("site.toml", SITE), |memory, (path, text)| memory.with(path, *text));
    let files: Arc<dyn Files> = Arc::new(memory);
    let request = Request { base_url: None, drafts: false, future: false, as_of: AS_OF.parse().expect("a day") };
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
    assert!(codes.len() >= 30, "only {}: {codes:?}", codes.len());
}

#[test]
fn the_portal_has_no_finding_but_the_gaps_of_its_owner_and_three_old_figures() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut shown = crate::harness::Shown::default();
    let outcome = werdegang::api::cli::run(["werdegang", "--root", root, "check", "--as-of", PORTAL_AS_OF, "--format", "json"], &mut shown);
    assert_eq!(outcome, werdegang::api::cli::Outcome::Done);
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

/// The findings of a portal as JSON or SARIF.
fn found(root: &str, format: &str) -> (werdegang::api::cli::Outcome, serde_json::Value) {
    let mut shown = crate::harness::Shown::default();
    let outcome = werdegang::api::cli::run(["werdegang", "--root", root, "check", "--as-of", PORTAL_AS_OF, "--format", format], &mut shown);
    (outcome, serde_json::from_str(&shown.out).expect("JSON"))
}

#[test]
fn a_portal_that_is_not_there_is_reported_in_the_format_that_was_asked_for() {
    let (outcome, json) = found("nowhere-at-all", "json");
    assert_eq!(outcome, werdegang::api::cli::Outcome::CannotRun);
    assert_eq!(json[0]["code"], "no-portal");
    let (outcome, sarif) = found("nowhere-at-all", "sarif");
    assert_eq!(outcome, werdegang::api::cli::Outcome::CannotRun);
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "no-portal");
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

/// Code hosts know files from where the command runs, people and JSON from the portal.
#[test]
fn paths_for_code_hosts_begin_where_the_command_runs() {
    let here = std::env::current_dir().expect("a folder");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("below here");
    std::fs::create_dir_all(folder.join("content")).expect("a folder");
    std::fs::write(folder.join("site.toml"), format!("{SITE}\n[check]\nseverity = {{ no-description = \"error\", no-h1 = \"off\" }}\n"))
        .expect("a file");
    let long = "word ".repeat(60);
    std::fs::write(folder.join("content/_index.md"), format!("+++\ntitle = \"Home\"\n+++\n{long}[x](/gone/)\n")).expect("a file");
    let Ok(relative) = folder.strip_prefix(&here) else { return };
    let roots = [relative.to_path_buf(), std::path::Path::new(".").join(relative), relative.join("content/.."), folder.clone()];
    let expected = relative.join("content/_index.md").to_str().expect("a path").replace(' ', "%20");
    for root in roots {
        let (_, sarif) = found(root.to_str().expect("a path"), "sarif");
        let run = &sarif["runs"][0];
        let results = run["results"].as_array().expect("results");
        assert_eq!(results.len(), 2, "{results:#?}");
        for result in results {
            assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], expected);
        }
        let overrides = run["invocations"][0]["ruleConfigurationOverrides"].as_array().expect("overrides");
        assert_eq!(overrides.len(), 2);
        assert!(overrides.iter().any(|set| set["descriptor"]["id"] == "no-h1" && set["configuration"]["enabled"] == false));
        assert!(overrides.iter().any(|set| set["descriptor"]["id"] == "no-description" && set["configuration"]["level"] == "error"));
        let dead = results.iter().find(|result| result["ruleId"] == "dead-link").expect("a dead link");
        let place = &dead["locations"][0]["physicalLocation"];
        assert_eq!(place["region"]["snippet"]["text"], "/gone/");
        let context = place["contextRegion"]["snippet"]["text"].as_str().expect("a line");
        let (column, begins) = (place["region"]["startColumn"].as_u64(), place["contextRegion"]["startColumn"].as_u64());
        let at = usize::try_from(column.expect("a column") - begins.expect("a column")).expect("small");
        assert!(context[at..].starts_with("/gone/"), "{context}");
    }
    let (_, json) = found(relative.to_str().expect("a path"), "json");
    let dead = json.as_array().expect("a list").iter().find(|finding| finding["code"] == "dead-link").expect("a dead link");
    assert_eq!(dead["place"]["file"], "content/_index.md");
    let starts =
        usize::try_from(dead["place"]["column"].as_u64().expect("a column") - dead["place"]["text_starts"].as_u64().expect("a column"));
    assert!(dead["place"]["text"].as_str().expect("a text")[starts.expect("small")..].starts_with("/gone/"));
}
