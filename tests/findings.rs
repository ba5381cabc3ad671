//! What findings cost, and where they are: an update reads what changed and nothing for what is reported of
//! all else.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::symlink;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use werdegang::api::diagnostic::{Place, SourceText};
use werdegang::api::files::{Blob, Disk, Files, Listing};
use werdegang::api::pipeline::{Builder, Progress, Request, Update};

use crate::harness::{AS_OF, Portal, SITE};

/// Files that remember what was asked of them.
struct Asked(Disk, Mutex<Vec<String>>);

impl Asked {
    fn note(&self, what: &str, path: &str) {
        self.1.lock().expect("a lock").push(format!("{what} {path}"));
    }
}

impl Files for Asked {
    fn list(&self, dir: &str) -> Listing {
        self.note("list", dir);
        self.0.list(dir)
    }
    fn look(&self, path: &str) -> Listing {
        self.0.look(path)
    }
    fn read(&self, path: &str) -> io::Result<Blob> {
        self.note("read", path);
        self.0.read(path)
    }
    fn admit(&self, path: &str) -> io::Result<()> {
        self.0.admit(path)
    }
}

/// A portal that is edited.
struct Edited {
    portal: Portal,
    files: Arc<Asked>,
    builder: Builder,
}

impl Edited {
    fn new(files: &[(&str, &str)], prepare: impl FnOnce(&Portal)) -> Self {
        let portal = Portal::of(files);
        prepare(&portal);
        let files = Arc::new(Asked(Disk::new(portal.root()).expect("a folder"), Mutex::default()));
        let request = Request { base_url: None, drafts: false, future: false, as_of: AS_OF.parse().expect("a date") };
        let builder = Builder::new(files.clone(), request);
        let mut edited = Self { portal, files, builder };
        edited.update(&[]);
        edited
    }

    fn update(&mut self, touched: &[&str]) -> Update {
        self.files.1.lock().expect("a lock").clear();
        let touched: BTreeSet<String> = touched.iter().map(|path| (*path).to_owned()).collect();
        self.builder.update(&touched, &(), &Progress::default())
    }

    fn write(&mut self, path: &str, text: &str) -> Update {
        self.portal.write(path, text);
        self.update(&[path])
    }

    fn asked(&self) -> Vec<String> {
        self.files.1.lock().expect("a lock").clone()
    }
}

fn codes(update: &Update) -> Vec<&'static str> {
    update.findings.to_vec().iter().map(|finding| finding.code).collect()
}

const HOME: &str = "+++\ntitle = \"Home\"\n+++\n[nurse](@/nurse.md), [manager](@/manager.md)\n";
const NURSE: &str =
    "+++\ntitle = \"Nurse\"\n[role]\nname = \"Nurse\"\nnext = [\"manager\"]\nreviewed = 2020-01-01\n+++\nIt costs 2,490 euros.\n";
const MANAGER: &str = "+++\ntitle = \"Manager\"\n[role]\nname = \"Manager\"\n+++\n";
const COURSE: &str = "+++\ntitle = \"Course\"\n[course]\nprovider = \"school\"\nleads_to = [\"manager\"]\n\
sessions = [{ start = 2020-01-01 }]\nfunding = [{ name = \"Voucher\" }]\n+++\n";
const SCHOOL: &str = "+++\ntitle = \"School\"\n[provider]\nlegal_name = \"School\"\nkind = \"academy\"\n\
accreditation = [{ name = \"AZAV\", valid_until = \"2020\" }]\n+++\n";

#[test]
fn an_edit_reads_what_changed_alone_whatever_is_reported() {
    let site = format!("{SITE}\n[freshness.role]\nreviewed = \"1 year\"\n");
    let files = [
        ("site.toml", site.as_str()),
        ("content/_index.md", HOME),
        ("content/nurse.md", NURSE),
        ("content/manager.md", MANAGER),
        ("content/course.md", COURSE),
        ("content/school.md", SCHOOL),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\nBefore.\n"),
        ("forms/a.pdf", "%PDF"),
    ];
    let mut edited = Edited::new(&files, |portal| symlink("../forms", portal.path("content/forms")).expect("a link"));
    let update = edited.write("content/about.md", "+++\ntitle = \"About\"\n+++\nAfter.\n");
    let expected = [
        "linked-folder",
        "past-sessions",
        "uncited",
        "path-dead-end",
        "path-no-start",
        "stale-review",
        "uncited",
        "uncited",
        "expired-accreditation",
    ];
    let mut found = codes(&update);
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(edited.asked(), ["read content/about.md"]);
    assert_eq!(update.changes.keys().map(|path| &**path).collect::<Vec<_>>(), ["about/index.html"]);
}

#[test]
fn what_is_reported_of_links_does_not_put_the_portal_together_anew() {
    let site = format!(
        "{SITE}\n[check.severity]\nforeign-origin = \"warning\"\ndead-link = \"warning\"\nmissing-file = \"warning\"\ndead-anchor = \"warning\"\n"
    );
    let links = "[a](@/none.md) [b](/none/) [c](none.pdf) [d](#none) ![E](https://pictures.example/e.png)\n";
    let page = |text: &str| format!("+++\ntitle = \"Page\"\n+++\n{links}{text}");
    let files = [
        ("site.toml", site.as_str()),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n[one](@/one.md), [two](@/two.md)\n"),
        ("content/one.md", &page("")),
        ("content/two.md", &page("<img src=\"https://pictures.example/f.png\" alt=\"\">\n")),
    ];
    let mut edited = Edited::new(&files, |_| ());
    let before = edited.write("content/one.md", &page("Once more.\n"));
    let after = edited.write("content/one.md", &page("[more](@/nothing.md)\n"));
    let of = |update: &Update| update.portal.as_ref().expect("a portal").pages.get(1).expect("a page").clone();
    assert!(Arc::ptr_eq(&of(&before), &of(&after)), "the other page was made again");
    assert_eq!(edited.asked(), ["read content/one.md"]);
    assert!(after.is_whole());
    let request = Request { base_url: None, drafts: false, future: false, as_of: AS_OF.parse().expect("a date") };
    let mut clean = Builder::new(edited.files.clone(), request);
    let clean = clean.update(&BTreeSet::new(), &(), &Progress::default());
    assert_eq!(after.findings.to_vec(), clean.findings.to_vec());
    assert_eq!(after.findings.count(), 12, "{:?}", codes(&after));
}

#[test]
fn what_a_section_comes_to_cite_is_cited() {
    let files = [
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
        ("content/sources.toml", "[study]\ntitle = \"Study\"\npublisher = \"Publisher\"\npublished = \"2026\"\n"),
    ];
    let mut edited = Edited::new(&files, |_| ());
    assert_eq!(codes(&edited.update(&[])), ["unused-source"]);
    let update = edited.write("content/_index.md", "+++\ntitle = \"Home\"\n+++\n{{ <source id=\"study\" /> }}\n");
    assert_eq!(codes(&update), Vec::<&str>::new());
}

#[test]
fn a_link_that_leads_elsewhere_is_noticed_though_it_is_what_it_was() {
    let files = [("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"), ("page/a.txt", "")];
    let mut edited = Edited::new(&files, |portal| symlink("../page", portal.path("content/page.md")).expect("a link"));
    std::fs::remove_dir_all(edited.portal.path("page")).expect("the folder is gone");
    let update = edited.write("page", "+++\ntitle = \"Page\"\n+++\n");
    assert_eq!(codes(&update), Vec::<&str>::new());
    assert!(update.changes.contains_key("page/index.html"), "{:?}", update.changes.keys());
}

/// The place of some bytes, found in the plainest way.
fn plain_place(text: &str, range: std::ops::Range<usize>) -> (usize, usize, usize) {
    let start = text.floor_char_boundary(range.start);
    let line = text[..start].matches('\n').count() + 1;
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = line_start + text[line_start..].split('\n').next().unwrap_or_default().trim_end_matches('\r').len();
    let start = start.min(line_end);
    let end = text.floor_char_boundary(range.end).clamp(start, line_end);
    (line, text[line_start..start].chars().count() + 1, text[start..end].chars().count().clamp(1, 100))
}

proptest! {
    #[test]
    fn places_are_found_in_any_text(text in "(a|ä|€|𝄞|\r|\n|long line ){0,900}", at in 0_usize..4000, length in 0_usize..50) {
        let place = SourceText::new("file", text.clone()).place(at..at + length);
        prop_assert_eq!((place.line, place.column, place.length), plain_place(&text, at..at + length));
        let line = text.split('\n').nth(place.line - 1).unwrap_or_default().trim_end_matches('\r');
        let shown: String = line.chars().skip(place.text_starts - 1).take(200).collect();
        prop_assert_eq!(&place.text, &shown);
        prop_assert_eq!(place, Place::new("file", &text, at..at + length));
    }
}

/// What `check` says as JSON about a portal with one page, how often each code.
fn counted(page: &str, more: &[(&str, &str)]) -> std::collections::BTreeMap<String, usize> {
    let mut files = vec![("content/_index.md", "+++\ntitle = \"Home\"\n+++\n[a](@/a.md)\n"), ("content/a.md", page)];
    files.extend(more);
    let (_, shown) = Portal::of(&files).run(&["check", "--format", "json"]);
    let findings: Vec<serde_json::Value> = serde_json::from_str(&shown.out).expect("JSON");
    let mut counts = std::collections::BTreeMap::new();
    for finding in findings {
        let guessed = finding["message"].as_str().is_some_and(|text| text.contains("did you mean"))
            || finding["help"].as_str().is_some_and(|text| text.contains("did you mean"));
        let code = finding["code"].as_str().unwrap_or_default().to_owned();
        *counts.entry(if guessed { format!("{code}, guessed") } else { code }).or_default() += 1;
    }
    counts
}

#[test]
fn slips_are_looked_for_a_hundred_times_a_file_and_all_are_reported() {
    let page = |text: String| format!("+++\ntitle = \"A\"\ndescription = \"{}\"\n+++\n{text}", "d".repeat(60));
    let times = |text: &dyn Fn(usize) -> String| (0..150).map(text).collect::<String>();
    let of = |counts: &std::collections::BTreeMap<String, usize>, code: &str| {
        (counts.get(&format!("{code}, guessed")).copied().unwrap_or(0), counts.get(code).copied().unwrap_or(0))
    };
    let dead = counted(&page(times(&|at| format!("[x](@/ab{at}.md)\n\n"))), &[("content/ab1234.md", "+++\ntitle = \"B\"\n+++\n")]);
    assert_eq!(of(&dead, "dead-link").0 + of(&dead, "dead-link").1, 150);
    assert!(of(&dead, "dead-link").0 <= 100, "{dead:?}");
    let anchors = counted(&page(format!("## Heading\n\n{}", times(&|at| format!("[x](#headin{at})\n\n")))), &[]);
    assert_eq!(of(&anchors, "dead-anchor"), (100, 50), "{anchors:?}");
    let keys = counted(&format!("+++\ntitle = \"A\"\n{}+++\n", times(&|at| format!("description{at} = 1\n"))), &[]);
    assert_eq!(of(&keys, "unknown-key"), (100, 50), "{keys:?}");
    let long = counted(&page(format!("[x](@/{}.md)\n", "a".repeat(2_000_000))), &[]);
    assert_eq!(of(&long, "dead-link"), (0, 1), "{long:?}");
}
