//! Same input, same bytes: whatever the number of threads, and in whatever order files are listed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::harness::{PORTAL_AS_OF, Portal, Shown};
use werdegang::api::cli::Outcome;
use werdegang::api::files::{Blob, Disk, Files, Listing};
use werdegang::api::output::Bytes;
use werdegang::api::pipeline::{Built, Progress, Request, build};

/// The portal of this repository.
fn repository() -> Arc<dyn Files> {
    Arc::new(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository is there"))
}

fn request() -> Request {
    Request { base_url: None, drafts: false, future: false, as_of: PORTAL_AS_OF.parse().expect("a date") }
}

fn bytes(built: Built, files: &dyn Files) -> BTreeMap<String, Vec<u8>> {
    assert!(built.is_whole(), "{:#?}", built.findings);
    built
        .outputs
        .into_iter()
        .map(|(path, output)| {
            let bytes = match output.bytes {
                Bytes::File(file) => files.read(&file).expect("the file is there").to_vec(),
                bytes => bytes.opened().expect("it is held, or drawn").into_owned(),
            };
            (path.to_string(), bytes)
        })
        .collect()
}

#[test]
fn threads_do_not_show() {
    let files = repository();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| bytes(build(&files, &request(), &Progress::default()), &*files))
    };
    let one = with(1);
    assert!(one.len() > 100, "the portal has {} outputs", one.len());
    assert_eq!(differing(&one, &with(7)), [""; 0]);
}

/// The paths that are not the same in both.
fn differing<'p>(a: &'p BTreeMap<String, Vec<u8>>, b: &'p BTreeMap<String, Vec<u8>>) -> Vec<&'p str> {
    a.keys().chain(b.keys()).filter(|path| a.get(*path) != b.get(*path)).map(String::as_str).collect()
}

/// Files that are listed the other way round.
struct Backwards(Arc<dyn Files>);

impl Files for Backwards {
    fn list(&self, dir: &str) -> Listing {
        let mut listing = self.0.list(dir);
        listing.files.reverse();
        listing
    }
    fn read(&self, path: &str) -> io::Result<Blob> {
        self.0.read(path)
    }
}

#[test]
fn the_order_of_directory_entries_does_not_show() {
    let files = repository();
    let backwards: Arc<dyn Files> = Arc::new(Backwards(files.clone()));
    let straight = bytes(build(&files, &request(), &Progress::default()), &*files);
    assert_eq!(differing(&straight, &bytes(build(&backwards, &request(), &Progress::default()), &*files)), [""; 0]);
}

#[test]
fn findings_come_in_one_order() {
    let portal = Portal::of(&[]);
    for number in 0..50 {
        portal.write(&format!("content/p{number}.md"), "+++\ntitle = 1\nwieght = 2\n+++\n[x](@/no.md) {{ <nothing /> }}\n");
    }
    let (outcome, first) = portal.run(&["check"]);
    assert_eq!(outcome, Outcome::SiteErrors);
    for _ in 0..5 {
        assert_eq!(first.err, portal.run(&["check"]).1.err);
    }
}

/// A person is shown the first hundred, a machine gets all.
#[test]
fn many_findings_are_not_all_shown() {
    let portal = Portal::of(&[]);
    for number in 0..120 {
        portal.write(&format!("content/p{number}.md"), "+++\ntitle = 1\n+++\n");
    }
    let (_, shown) = portal.run(&["check"]);
    assert_eq!(shown.err.matches("error[wrong-type]").count(), 100);
    assert!(shown.err.contains("and 20 more; `--format json` lists all"), "{}", shown.err);
    let (_, shown) = portal.run(&["check", "--format", "json"]);
    assert_eq!(shown.out.matches("\"wrong-type\"").count(), 120);
}

#[test]
fn the_day_is_an_input() {
    let portal = Portal::of(&[("templates/index.html", "{{ as_of() }}"), ("templates/404.html", "404")]);
    portal.run(&["build", "--as-of", "2027-01-02"]);
    let home = std::fs::read_to_string(portal.path("public/index.html")).expect("a home page");
    assert_eq!(home, "2027-01-02");
}

#[test]
fn the_program_runs_any_number_of_times_in_one_process() {
    let portal = Portal::of(&[("content/a.md", "+++\ntitle = \"A\"\n+++\n")]);
    portal.build();
    let shown: Shown = portal.build();
    assert!(shown.out.contains("0 files written"), "{}", shown.out);
}
