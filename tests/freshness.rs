//! When the site changes by itself: what `build` says about it is true.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use werdegang::api::files::{Files, Memory};
use werdegang::api::pipeline::{Built, Progress, Request, build};

use crate::harness::{AS_OF, Portal, SITE};

/// How many random portals are built.
const PORTALS: u64 = 100;

/// Dates lie so many days around the day of the build.
const AROUND: i64 = 40;

const TEMPLATES: [(&str, &str); 4] = [
    ("page.html", "{{ page.title }}{{ staleness(date=page.updated, of=\"page.updated\") or \"\" }}"),
    (
        "index.html",
        "{% for page in section.pages %}{{ page.title }}{% endfor %}{% for source in sources() %}{{ source.title }}{% endfor %}",
    ),
    (
        "course.html",
        "{% for session in upcoming_sessions(course=page.id) %}{{ session.start }} {% endfor %}{% if page.course.price is map %}\
         {{ staleness(date=page.course.price.as_of, of=\"course.price\") or \"fresh\" }}{% endif %}{{ staleness(date=page.course.verified, \
         of=\"course.verified\") or \"fresh\" }}{% set all = compare_courses() %}{{ all.courses[0].derived.next_start or \"\" }}",
    ),
    ("provider.html", "{{ page.title }}"),
];

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A portal with dates around the day of the build.
fn portal(random: &mut fastrand::Rng) -> Memory {
    let date = |random: &mut fastrand::Rng| day(AS_OF).checked_add(random.i64(-AROUND..=AROUND).days()).expect("a date");
    let age = |random: &mut fastrand::Rng| format!("{} days", random.i64(1..=AROUND));
    let policy = format!(
        "[freshness]\ncourse = {{ price = \"{}\", verified = \"{}\" }}\npage = {{ updated = \"1 month\" }}\nsource = {{ accessed = \"{}\" }}\n",
        age(random),
        age(random),
        age(random)
    );
    // A portal is built as long as its dead link is allowed.
    let allowed =
        format!("[[check.allow]]\ncode = \"dead-link\"\npath = \"content/d.md\"\nreason = \"a test\"\nuntil = {}\n", date(random));
    let allowed = if random.bool() { allowed } else { String::new() };
    let mut files = Memory::new().with("site.toml", format!("theme = \"mini\"\n{SITE}{policy}{allowed}"));
    for (name, text) in TEMPLATES {
        files = files.with(&format!("themes/mini/templates/{name}"), text);
    }
    files = files.with(
        "content/sources.toml",
        format!("[study]\ntitle = \"S\"\npublisher = \"P\"\npublished = \"2024\"\naccessed = {}\n", date(random)),
    );
    files = files
        .with("content/p.md", "+++\ntitle = \"P\"\nsources = [\"study\"]\n[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n+++\n");
    for page in 0..random.usize(0..3) {
        files = files.with(&format!("content/a{page}.md"), format!("+++\ntitle = \"A{page}\"\ndate = {}\n+++\n", date(random)));
    }
    if !allowed.is_empty() {
        files = files.with("content/d.md", "+++\ntitle = \"D\"\n+++\n[x](/nowhere/)\n");
    }
    for course in 0..random.usize(1..4) {
        let sessions: Vec<String> = (0..random.usize(0..4)).map(|_| format!("{{ start = {} }}", date(random))).collect();
        let price = format!("{{ amount = 1, currency = \"EUR\", vat = \"unknown\", source = \"study\", as_of = {} }}", date(random));
        files = files.with(
            &format!("content/c{course}.md"),
            format!(
                "+++\ntitle = \"C\"\nupdated = {}\n[course]\nprovider = \"p\"\nprice = {price}\nsessions = [{}]\nverified = {}\n+++\n",
                date(random),
                sessions.join(", "),
                date(random)
            ),
        );
    }
    files
}

/// The outputs by path, and the findings, as text.
type Outcome = (BTreeMap<String, Vec<u8>>, Vec<String>);

fn outcome(built: &Built) -> Outcome {
    let outputs = built.outputs.iter().map(|(path, output)| (path.to_string(), output.bytes.held().unwrap_or_default().to_vec()));
    (outputs.collect(), built.findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect())
}

#[test]
fn nothing_changes_before_the_next_rebuild_and_something_on_it() {
    let seed = std::env::var("WERDEGANG_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    println!("seed {seed}");
    let (mut known, mut days, mut stopped) = (0, 0, 0);
    for number in 0..PORTALS {
        let files: Arc<dyn Files> = Arc::new(portal(&mut fastrand::Rng::with_seed(seed + number)));
        let on = |as_of: Date| build(&files, &Request { base_url: None, drafts: false, future: false, as_of }, &Progress::default());
        let first = on(day(AS_OF));
        if !first.is_whole() {
            stopped += 1;
            continue;
        }
        let due = first.next_rebuild.as_ref().map(|next| next.date);
        known += usize::from(due.is_some());
        let first = outcome(&first);
        let last = due.unwrap_or_else(|| day(AS_OF).checked_add((4 * AROUND).days()).expect("a date"));
        let mut at = day(AS_OF).tomorrow().expect("a date");
        while at < last {
            days += 1;
            assert_eq!(outcome(&on(at)), first, "seed {seed}, portal {number}: on {at}, before {due:?}, the site is another");
            at = at.tomorrow().expect("a date");
        }
        if let Some(due) = due {
            assert_ne!(outcome(&on(due)), first, "seed {seed}, portal {number}: nothing changes on {due}");
        }
    }
    println!("{known} portals with a next rebuild, {days} days without a change; {stopped} that cannot be built");
    assert!(known > 20 && days > 100 && stopped < 30, "{known} portals, {days} days, {stopped} stopped: the test looks at too little");
}

#[test]
fn schedulers_are_told_of_the_next_rebuild() {
    let course = "+++\ntitle = \"C\"\n[course]\nprovider = \"p\"\nsessions = [{ start = 2026-11-20 }, { start = 2027-03-02 }]\n+++\n";
    let provider = "+++\ntitle = \"P\"\n[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n+++\n";
    let portal = Portal::of(&[("content/c.md", course), ("content/p.md", provider)]);
    let told = "next rebuild due 2027-03-02: session of C begins";
    let file = || std::fs::read_to_string(portal.path("public/.werdegang/next-rebuild.json")).expect("the file is there");
    for _ in 0..2 {
        let shown = portal.build();
        assert!(shown.out.contains(told), "{}", shown.out);
        assert_eq!(file(), "{\"date\":\"2027-03-02\",\"reasons\":[\"session of C begins\"]}\n");
    }
    let (_, after) = portal.run(&["build", "--as-of", "2027-03-02"]);
    assert!(!after.out.contains("next rebuild"), "{}", after.out);
    assert_eq!(file(), "null\n");
}
