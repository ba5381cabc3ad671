//! Reports: how HTML is laid out on pages, told as text; and that reports are as new as the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::harness::{self, AS_OF, Archive, Portal, settle};
use werdegang::api::files::{Disk, Files};
use werdegang::api::locale::Locale;
use werdegang::api::output::Bytes;
use werdegang::api::pdf::told;
use werdegang::api::pipeline::{Builder, Progress, Request, build};

/// The head that a case has unless it has its own.
const HEAD: &str = "<title>Test</title><meta name=\"report:font\" content=\"fonts/figtree.woff2\">\
                    <meta name=\"report:heading-font\" content=\"fonts/bricolage-grotesque.woff2\">\
                    <meta name=\"report:head\" content=\"Portal\"><meta name=\"report:foot\" content=\"www.example.org\">";

/// A font of the theme.
fn font(path: &str) -> Option<Vec<u8>> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/karriere/static").join(path)).ok()
}

/// What becomes of some HTML: `<main>` alone, or a page with its own head.
fn shown(html: &str) -> String {
    let html = if html.contains("<head>") { html.to_owned() } else { format!("<head>{HEAD}</head><main>{html}</main>") };
    match told(&html, Locale::of("de").expect("German"), &font) {
        Ok(told) => told,
        Err(problems) => problems.into_iter().map(|(message, help)| format!("problem: {message}\nhelp: {help}\n")).collect(),
    }
}

/// Cases: `html`, of which the part between `[[` and `]]` comes as often as `repeat` says; what is told of it.
#[test]
fn html_is_laid_out_as_told() {
    settle(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports"), |_, case| {
        let mut html = case.get("html").expect("HTML").to_owned();
        if let (Some(count), Some((before, (part, after)))) = (
            case.get("repeat").map(|count| count.trim().parse::<usize>().expect("a number")),
            html.split_once("[[").and_then(|(before, rest)| Some((before, rest.split_once("]]")?))),
        ) {
            let parts: String = (1..=count).map(|number| part.replace('#', &number.to_string())).collect();
            html = format!("{before}{parts}{after}");
        }
        let mut result: Archive = case.clone();
        result.set("told", &shown(&html));
        result
    });
}

/// However long a table, each page has its head, no row is lost, and none is divided.
#[test]
fn a_long_table_has_its_head_on_each_page() {
    let rows: String = (1..=500).map(|row| format!("<tr><th>Row {row}</th><td>one line<br>another</td></tr>")).collect();
    let told = shown(&format!("<h1>Rows</h1><table><thead><tr><th>Name</th><th>Lines</th></tr></thead><tbody>{rows}</tbody></table>"));
    let pages: Vec<&str> = told.split("--- page").skip(1).collect();
    assert!(pages.len() > 10 && pages.len() < 40, "{} pages", pages.len());
    for page in &pages {
        assert!(page.contains("Name | Lines"), "{page}");
        assert_eq!(page.matches("one line").count(), page.matches("another").count(), "{page}");
    }
    for row in 1..=500 {
        assert!(told.contains(&format!(": Row {row} | one line\n")), "row {row}");
    }
}

/// A portal with a report of its own template, and a page that says what is in it.
const PORTAL: [(&str, &str); 5] = [
    ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
    (
        "content/offers.md",
        "+++\ntitle = \"Offers\"\ntemplate = \"offers.html\"\n[[reports]]\nfile = \"terms.pdf\"\ntemplate = \"reports/terms.html\"\n\
         title = \"All terms\"\n+++\n[The file](terms.pdf)\n",
    ),
    ("content/reach.md", "+++\ntitle = \"Reach\"\n[term]\nshort = \"How many people saw it.\"\n+++\n"),
    (
        "templates/offers.html",
        "{% set made = get_report(item=page, file=\"terms.pdf\") %}<main><h1>{{ page.title }}</h1><p>{{ made.pages }} {{ made.bytes }} \
         {{ made.parts | join(sep=\", \") }}</p>{{ made.picture }}{{ page.content | safe }}</main>",
    ),
    (
        "templates/reports/terms.html",
        "{% extends \"karriere/templates/reports/base.html\" %}{% block body %}{% for item in records(kind=\"term\") %}\
         <h2>{{ item.name }}</h2><p>{{ item.term.short }}</p>{% endfor %}{% endblock body %}",
    ),
];

/// What the file and the page that offers it say is what a clean build says, whatever was edited in between.
#[test]
fn a_report_is_as_new_as_the_pages() {
    let portal = Portal::of(&PORTAL);
    let files: Arc<dyn Files> = Arc::new(Disk::new(portal.root()).expect("a folder"));
    let request = Request { base_url: None, drafts: false, future: true, as_of: AS_OF.parse().expect("a day") };
    let mut builder = Builder::new(files.clone(), request.clone());
    let held = |bytes: &Bytes| bytes.held().map(|held| held.to_vec());
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
    for (path, text) in [
        ("site.toml", harness::SITE.to_owned()),
        ("content/reach.md", PORTAL[2].1.replace("people", "persons")),
        ("content/share.md", String::from("+++\ntitle = \"Share\"\n[term]\nshort = \"How often it was passed on.\"\n+++\n")),
        ("templates/reports/terms.html", PORTAL[4].1.replace("<h2>", "<hr><h2>")),
        ("content/offers.md", PORTAL[1].1.replace("All terms", "Terms")),
    ] {
        portal.write(path, &text);
        let update = builder.update(&BTreeSet::from([path.to_owned()]), &(), &Progress::default());
        assert!(update.is_whole(), "{path}");
        let clean = build(&files, &request, &Progress::default());
        for output in ["offers/terms.pdf", "offers/index.html"] {
            let now = builder.outputs().find(|(path, _)| &***path == output).and_then(|(_, made)| held(&made.bytes)).expect("an output");
            assert!(Some(&now) == clean.outputs.get(output).and_then(|made| held(&made.bytes)).as_ref(), "{output} after {path}");
            assert!(seen.insert(now), "{output} is as before {path} was changed");
        }
    }
}
