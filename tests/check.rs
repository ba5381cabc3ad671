//! What `check` finds in the finished site.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::harness::{AS_OF, SITE};
use werdegang::build::{Built, Progress, Request, build};
use werdegang::check::Site;
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
    for external in site.external() {
        for mention in &external.mentions {
            let place = site.place(mention).expect("a place");
            found.insert(format!("{} {}:{}:{} {}", external.url, place.file, place.line, place.column, place.text));
        }
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "https://four.example/ templates/page.html:2:10 <a href=\"https://four.example/\">4</a>{% if page.extra.home %}<a href=\"{{ page.extra.home }}\">home</a>{% endif %}",
            "https://one.example/x#y content/a.md:5:9 [there](https://one.example/x#y) and <https://two.example/>.",
            "https://one.example/x#y content/b.md:6:9 [again](https://one.example/x#y)",
            "https://three.example/home content/b.md:4:9 home = \"https://three.example/home\"",
            "https://two.example/ content/a.md:5:39 [there](https://one.example/x#y) and <https://two.example/>.",
        ]
    );
}
