//! Media: files that are published as they are, and pass through without being held in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use werdegang::api::files::{Blob, Copied, Disk, Files, Listing, Sink};
use werdegang::api::freshness::NextRebuild;
use werdegang::api::limits::LARGEST_HELD;
use werdegang::api::pipeline::{self, Builder, Built, BuiltOutput, Progress, Request};
use werdegang::api::publish::{Last, Told, publish};

use crate::harness::{AS_OF, Portal, SITE};

/// The size of pieces.
const PIECE: usize = 64 * 1024;

/// Files that know the most that was read of one at once.
struct Counting {
    disk: Disk,
    most_read: AtomicUsize,
    most_passed: AtomicUsize,
}

/// What passes, with the largest piece.
struct Measured<'s>(&'s mut dyn Sink, &'s AtomicUsize);

impl Sink for Measured<'_> {
    fn begin(&mut self, length: u64) -> io::Result<()> {
        self.0.begin(length)
    }
    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        self.1.fetch_max(piece.len(), Ordering::Relaxed);
        self.0.take(piece)
    }
}

impl Files for Counting {
    fn list(&self, dir: &str) -> Listing {
        self.disk.list(dir)
    }
    fn look(&self, path: &str) -> Listing {
        self.disk.look(path)
    }
    fn read(&self, path: &str) -> io::Result<Blob> {
        let read = self.disk.read(path);
        self.most_read.fetch_max(read.as_ref().map_or(0, |bytes| bytes.len()), Ordering::Relaxed);
        read
    }
    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        self.disk.pass(path, &mut Measured(to, &self.most_passed))
    }
    fn length(&self, path: &str) -> io::Result<u64> {
        self.disk.length(path)
    }
    fn admit(&self, path: &str) -> io::Result<()> {
        self.disk.admit(path)
    }
}

fn request() -> Request {
    Request { base_url: None, drafts: false, future: false, as_of: AS_OF.parse().expect("a date") }
}

/// So many bytes, which are not all the same.
fn bytes(count: usize, seed: usize) -> Vec<u8> {
    (0..count).map(|at| (at.wrapping_mul(31) + at / 251 + seed) as u8).collect()
}

/// A portal with a small file and large ones, at each of the places where they can stand.
fn portal() -> Portal {
    let template = "{{ get_url(path=\"film.bin\", cachebust=true) }} {{ get_url(path=\"font.bin\") }} {{ page.title }}";
    let portal = Portal::of(&[("templates/page.html", template), ("content/a/index.md", "+++\ntitle = \"A\"\n+++\n")]);
    let held = usize::try_from(LARGEST_HELD).expect("a size");
    portal.write("static/small.bin", bytes(held, 0));
    portal.write("static/film.bin", bytes(held + 1, 1));
    portal.write("themes/karriere/static/font.bin", bytes(held + PIECE, 2));
    portal.write("content/a/beside.bin", bytes(PIECE * 40 + 1, 3));
    portal
}

fn published(built: &Built, to: &Path) -> (usize, usize) {
    let published = publish(to, &built.outputs, &Copied(&built.view)).expect("published");
    (published.written, published.unchanged)
}

/// However large it were: of what is held, and of each piece, the largest is known.
#[test]
fn what_is_large_is_never_held() {
    let portal = portal();
    let disk = Disk::new(portal.root()).expect("a folder");
    let counting = Arc::new(Counting { disk, most_read: AtomicUsize::new(0), most_passed: AtomicUsize::new(0) });
    let files: Arc<dyn Files> = counting.clone();
    let built = pipeline::build(&files, &request(), &Progress::default());
    assert!(built.is_whole(), "{:?}", built.findings);
    let (to, count) = (portal.path("public"), built.outputs.len());
    assert_eq!(published(&built, &to), (count, 0));
    assert_eq!(published(&built, &to), (0, count));
    let told =
        Told { census: Vec::new(), warnings: 0, next_rebuild: None::<NextRebuild>, reason: String::new(), language: String::from("en") };
    let testimony = werdegang::api::files::Witness::new(files.clone()).testimony().expect("nothing was asked");
    let last = Last::new(String::from("asked"), told, testimony, &built.outputs, &Copied(&built.view)).expect("all can be read");
    last.write(&to).expect("written");
    assert!(last.publish_again(&to, &counting.disk).is_some());
    let most = (counting.most_read.load(Ordering::Relaxed) as u64, counting.most_passed.load(Ordering::Relaxed));
    assert_eq!(most, (LARGEST_HELD, PIECE));
    let font = built.outputs.keys().find(|path| path.starts_with("font.")).expect("the font of the theme");
    let copies = [("static/small.bin", "small.bin"), ("static/film.bin", "film.bin"), ("content/a/beside.bin", "a/beside.bin")];
    for (from, path) in copies.into_iter().chain([("themes/karriere/static/font.bin", &**font)]) {
        assert!(fs::read(portal.path(from)).expect("it is there") == fs::read(to.join(path)).expect("it is published"), "{path}");
    }
    // One byte is another, or one more is there.
    for (at, change) in [bytes(PIECE * 40 + 1, 4), bytes(PIECE * 40 + 2, 3), bytes(PIECE * 40, 3)].into_iter().enumerate() {
        portal.write("content/a/beside.bin", &change);
        assert_eq!(published(&built, &to), (1, count - 1), "{at}");
        assert!(fs::read(to.join("a/beside.bin")).expect("it is published") == change);
    }
    // It is one for the next build as well, which is not left out.
    assert!(last.publish_again(&to, &counting.disk).is_none());
}

/// All that is published, with what it holds.
fn contents(outputs: &BTreeMap<Arc<str>, BuiltOutput>, files: &dyn Files) -> BTreeMap<String, Vec<u8>> {
    let content = |output: &BuiltOutput| match &output.bytes {
        werdegang::api::output::Bytes::File(file) => files.read(file).expect("it is there").to_vec(),
        bytes => bytes.opened().expect("it is held, or drawn").to_vec(),
    };
    outputs.iter().map(|(path, output)| (path.to_string(), content(output))).collect()
}

#[test]
fn an_edit_of_what_is_large_is_published_and_changes_what_names_it() {
    let portal = portal();
    let files: Arc<dyn Files> = Arc::new(Disk::new(portal.root()).expect("a folder"));
    let mut builder = Builder::new(files.clone(), request());
    let mut outputs: BTreeMap<Arc<str>, BuiltOutput> = BTreeMap::new();
    let mut update = |touched: &[&str]| {
        let touched = touched.iter().map(|path| (*path).to_owned()).collect();
        let update = builder.update(&touched, &(), &Progress::default());
        assert!(update.is_whole(), "{:?}", update.findings);
        let changed: Vec<String> = update.changes.keys().map(ToString::to_string).collect();
        for (path, output) in update.changes {
            match output {
                Some(output) => drop(outputs.insert(path, output)),
                None => drop(outputs.remove(&path)),
            }
        }
        let clean = pipeline::build(&files, &request(), &Progress::default());
        assert!(contents(&outputs, &*files) == contents(&clean.outputs, &*files), "not as a clean build gives it");
        changed
    };
    update(&[]);
    let held = usize::try_from(LARGEST_HELD).expect("a size");
    let edits: [(&str, usize, &[&str]); 5] = [
        ("static/film.bin", held + 1, &["a/index.html", "film.bin"]),
        ("static/film.bin", held + 7, &["a/index.html", "film.bin"]),
        ("static/film.bin", held, &["a/index.html", "film.bin"]),
        ("static/film.bin", held + 1, &["a/index.html", "film.bin"]),
        ("content/a/beside.bin", 7, &["a/beside.bin"]),
    ];
    for (number, (path, length, changes)) in edits.into_iter().enumerate() {
        portal.write(path, bytes(length, number + 10));
        assert_eq!(update(&[path]), changes, "{number}");
    }
    portal.write("themes/karriere/static/font.bin", bytes(held + 1, 20));
    let changed = update(&["themes/karriere/static/font.bin"]);
    assert!(changed.len() == 3 && changed[0] == "a/index.html" && changed[1].starts_with("font."), "{changed:?}");
}

/// Takes what passes, and writes more into the file when the first piece comes.
struct Meddling {
    file: PathBuf,
    taken: Vec<u8>,
    begun: usize,
    meddled: bool,
}

impl Sink for Meddling {
    fn begin(&mut self, _: u64) -> io::Result<()> {
        self.begun += 1;
        self.taken.clear();
        Ok(())
    }
    fn take(&mut self, piece: &[u8]) -> io::Result<()> {
        if !std::mem::replace(&mut self.meddled, true) {
            fs::File::options().append(true).open(&self.file)?.write_all(b"more")?;
        }
        self.taken.extend_from_slice(piece);
        Ok(())
    }
}

#[test]
fn what_is_written_to_while_it_passes_passes_whole() {
    let portal = Portal::of(&[("site.toml", SITE)]);
    portal.write("static/film.bin", bytes(PIECE * 3, 0));
    let disk = Disk::new(portal.root()).expect("a folder").settled();
    let mut meddling = Meddling { file: portal.path("static/film.bin"), taken: Vec::new(), begun: 0, meddled: false };
    disk.pass("static/film.bin", &mut meddling).expect("it passes");
    assert!(meddling.begun > 1);
    assert!(meddling.taken == fs::read(&meddling.file).expect("it is there"));
    let hash = werdegang::api::files::hash_of(&disk, "static/film.bin").expect("it is read");
    assert_eq!(hash.short(), xxhash_rust::xxh3::xxh3_64(&meddling.taken));
    assert_eq!(hash.long(), xxhash_rust::xxh3::xxh3_128(&meddling.taken));
}
