//! The index by which readers search: its files, and the words by which pages are found beside their own.

use std::collections::BTreeMap;
use std::fs;

use werdegang::api::cli::Outcome;

use crate::harness::{Portal, tree};
use crate::serve::{Folder, Preview};

const SITE: &str =
    "base_url = \"https://www.example.org\"\ntitle = \"Portal\"\ndefault_language = \"de\"\n[search]\npage = \"@/suche.md\"\n";

const PAGE: &str = "+++\ntitle = \"Suche\"\ntemplate = \"search.html\"\n+++\n";

fn portal(more: &[(&str, &str)]) -> Portal {
    let files = [("site.toml", SITE), ("content/suche.md", PAGE), ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n")];
    Portal::of(&[&files[..], more].concat())
}

/// The files of the index, by name.
fn index(portal: &Portal) -> BTreeMap<String, Vec<u8>> {
    tree(&portal.path("public/pagefind")).into_iter().collect()
}

#[test]
fn an_index_is_made_where_a_page_for_it_is_named() {
    let with = portal(&[("content/a.md", "+++\ntitle = \"Gehalt\"\n+++\nJahresgehalt und Jahr.\n")]);
    with.build();
    let files = index(&with);
    for name in ["pagefind.js", "pagefind-entry.json", "words.json"] {
        assert!(files.contains_key(name), "{name} is missing: {:?}", files.keys());
    }
    assert!(files.keys().all(|name| !name.contains("-ui") && !name.contains("highlight")), "{:?}", files.keys());
    let entry = String::from_utf8_lossy(&files["pagefind-entry.json"]).into_owned();
    assert!(entry.contains("\"page_count\":2"), "the page for searching itself is not found: {entry}");
    assert!(String::from_utf8_lossy(&files["words.json"]).contains("gehalt"));
    let html = fs::read_to_string(with.path("public/a/index.html")).expect("a page");
    assert!(html.contains("action=\"https://www.example.org/suche/\"") && html.contains("opensearch.xml"), "{html}");
    let described = fs::read_to_string(with.path("public/opensearch.xml")).expect("a description");
    assert!(described.contains("template=\"https://www.example.org/suche/?q={searchTerms}\""), "{described}");

    let without = Portal::of(&[("content/a.md", "+++\ntitle = \"A\"\n+++\n")]);
    without.build();
    assert!(!without.path("public/pagefind").exists() && !without.path("public/opensearch.xml").exists());
}

#[test]
fn the_same_pages_have_the_same_index_and_a_changed_one_another() {
    let texts = [("content/a.md", "+++\ntitle = \"A\"\n+++\nErster Text.\n"), ("content/b.md", "+++\ntitle = \"B\"\n+++\nZweiter.\n")];
    let (one, other) = (portal(&texts), portal(&texts));
    one.build();
    other.build();
    assert_eq!(index(&one), index(&other));
    one.write("content/b.md", "+++\ntitle = \"B\"\n+++\nZweiter, mit Krisenkommunikation.\n");
    one.build();
    assert_ne!(index(&one), index(&other));
    one.write("content/b.md", texts[1].1);
    one.build();
    assert_eq!(index(&one), index(&other), "what an earlier index was made of is gone");
}

#[test]
fn a_file_of_the_portal_stays_in_its_place() {
    let portal = portal(&[("static/pagefind/words.json", "[]"), ("static/opensearch.xml", "<own/>")]);
    portal.build();
    assert_eq!(index(&portal)["words.json"], b"[]");
    assert_eq!(fs::read(portal.path("public/opensearch.xml")).expect("a file"), b"<own/>");
}

#[test]
fn a_page_that_is_not_there_is_an_error() {
    let portal = Portal::of(&[("site.toml", SITE), ("content/a.md", "+++\ntitle = \"A\"\n+++\n")]);
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::SiteErrors);
    assert!(shown.err.contains("site.toml:5:8") && shown.err.contains("suche.md"), "{}", shown.err);
}

#[test]
fn the_preview_searches_what_it_serves() {
    let folder = Folder::portal();
    folder.write("site.toml", SITE);
    folder.write("content/suche.md", PAGE);
    let preview = Preview::of(folder);
    let known = preview.get("/pagefind/words.json");
    assert_eq!(known.status, 200, "{}", known.head);
    assert!(!known.text().contains("krisenkommunikation"));
    preview.folder.write("content/guide/first.md", "+++\ntitle = \"Krisenkommunikation\"\n+++\nText.\n");
    preview.until_served("/guide/first/", 200, "Krisenkommunikation");
    // A search begins with the list of what the index has.
    assert_eq!(preview.get("/pagefind/pagefind-entry.json").status, 200);
    preview.until_served("/pagefind/words.json", 200, "krisenkommunikation");
    assert_eq!(preview.get("/pagefind/nothing.js").status, 404);
}
