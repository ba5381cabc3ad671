//! What a change costs at N pages, from the moment that it is told: `cargo bench --bench rebuild [-- PAGES]`.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs, reason = "a benchmark fails by panicking")]

#[allow(dead_code, reason = "shared with the other benchmarks")]
mod generate;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use werdegang::api::files::Disk;
use werdegang::api::pipeline::{Builder, Progress, Request, build};

/// How often each change is made.
const TIMES: usize = 50;

fn main() {
    let pages: usize = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let scratch = if Path::new("/dev/shm").is_dir() { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir() }.expect("a folder");
    let root = scratch.path();
    generate::portal(root, pages, false).expect("the portal is written");
    let request = Request { base_url: None, drafts: false, future: false, as_of: "2026-11-23".parse().expect("a date") };
    let mut builder = Builder::new(Arc::new(Disk::new(root).expect("the folder is there")), request);
    let update = |builder: &mut Builder, files: &[&str]| {
        let files: BTreeSet<String> = files.iter().map(|file| (*file).to_owned()).collect();
        let (started, progress) = (Instant::now(), Progress::default());
        let update = builder.update(&files, &(), &progress);
        assert!(update.is_whole(), "{:?}", update.findings.errors());
        (started.elapsed(), progress.planned.into_inner(), update.changes.len())
    };
    let (clean, outputs, _) = update(&mut builder, &[]);
    println!("{pages} pages, {outputs} outputs: first build {clean:.0?}");
    println!("{:<28} {:>9} {:>9} {:>9} {:>9}", "change", "median", "worst", "rendered", "changed");
    let page = "content/section-3/page-1600.md";
    let text = fs::read_to_string(root.join(page)).expect("a page");
    let mut measure = |name: &str, file: &str, times: usize, content: &dyn Fn(usize) -> String| {
        let mut took: Vec<(Duration, usize, usize)> = Vec::new();
        for time in 0..times {
            fs::create_dir_all(root.join(file).parent().expect("a folder")).expect("a folder");
            fs::write(root.join(file), content(time)).expect("it is written");
            took.push(update(&mut builder, &[file]));
        }
        took.sort();
        let (median, rendered, changed) = took[took.len() / 2];
        println!("{name:<28} {median:>9.1?} {:>9.1?} {rendered:>9} {changed:>9}", took[took.len() - 1].0);
    };
    measure("nothing", page, TIMES, &|_| text.clone());
    measure("body of a page", page, TIMES, &|time| format!("{text}\nChange {time}.\n"));
    measure("title of a page", page, TIMES, &|time| text.replacen("title = \"", &format!("title = \"{time} "), 1));
    measure("date of a page", page, TIMES, &|time| text.replacen("date = ", &format!("date = 2026-01-{:02} # ", 1 + time % 28), 1));
    measure("a new page", "content/section-3/new.md", 1, &|_| String::from("+++\ntitle = \"New\"\ndate = 2020-05-05\n+++\nNew.\n"));
    measure("a word of the theme", "i18n/en.toml", 2, &|time| format!("toc = \"Contents {time}\"\n"));
    measure("a template of all pages", "templates/page.html", 3, &|time| {
        format!("<!DOCTYPE html><title>{{{{ page.title }}}}</title>{{{{ page.content | safe }}}}{time}\n")
    });
    drop(builder);
    println!("\n{:<28} {:>9} {:>9} {:>9}", "findings", "clean", "body", "worst");
    for findings in [0, 3_000, 60_000] {
        with_findings(&findings.to_string(), pages, &|root| generate::uncited(root, pages, findings));
    }
    with_findings("60,000 that are off", pages, &|root| {
        generate::uncited(root, pages, 60_000)?;
        let site = fs::read_to_string(root.join("site.toml"))?;
        fs::write(root.join("site.toml"), format!("{site}\n[check]\nseverity = {{ uncited = \"off\" }}\n"))
    });
    with_findings("six links to nowhere a page", pages, &|root| generate::dead_links(root, pages));
}

/// A clean build, and an edit of a page, of a portal in which something is to be reported.
fn with_findings(name: &str, pages: usize, add: &dyn Fn(&Path) -> std::io::Result<()>) {
    let scratch = if Path::new("/dev/shm").is_dir() { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir() }.expect("a folder");
    let root = scratch.path();
    generate::portal(root, pages, true).expect("the portal is written");
    add(root).expect("the pages are written");
    let path = |number: usize| format!("content/section-{}/page-{number}.md", number / 500);
    let request = Request { base_url: None, drafts: false, future: false, as_of: "2026-11-23".parse().expect("a date") };
    let files: Arc<dyn werdegang::api::files::Files> = Arc::new(Disk::new(root).expect("the folder is there"));
    let mut clean: Vec<Duration> = Vec::new();
    let mut found = 0;
    for _ in 0..3 {
        let started = Instant::now();
        let built = build(&files, &request, &Progress::default());
        clean.push(started.elapsed());
        found = built.findings.len();
    }
    clean.sort();
    let mut builder = Builder::new(files, request);
    builder.update(&BTreeSet::new(), &(), &Progress::default());
    let page = path(pages / 6);
    let text = fs::read_to_string(root.join(&page)).expect("a page");
    let mut took = Vec::new();
    // What is served holds on to what the last update found.
    let mut held = None;
    for time in 0..TIMES {
        fs::write(root.join(&page), format!("{text}\nChange {time}.\n")).expect("it is written");
        let started = Instant::now();
        let update = builder.update(&BTreeSet::from([page.clone()]), &(), &Progress::default());
        took.push(started.elapsed());
        assert_eq!(update.findings.count(), found);
        held = Some(update.findings);
    }
    drop(held);
    took.sort();
    println!("{name:<28} {:>9.1?} {:>9.1?} {:>9.1?}", clean[1], took[TIMES / 2], took[TIMES - 1]);
}
