//! Exact rebuilds: whatever is edited, what the preview holds is what a clean build gives, every path and every byte, and the same findings.
//!
//! `WERDEGANG_SEQUENCES` and `WERDEGANG_SEED` set how long the random test runs, and on what. What fails is shrunk to the fewest steps.

mod edits;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, RwLock};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use edits::{Edit, Random, Shelf, apply, edit};
use werdegang::files::{Files, Listing, Memory};
use werdegang::output::Bytes;
use werdegang::pipeline::{Audience, Builder, BuiltOutput, Progress, Request, build};
use werdegang::reads::Read;

use crate::harness::Archive;

const PORTAL: &str = include_str!("rebuilds/portal.txt");

/// Files that can be changed while a builder reads them.
#[derive(Default)]
struct Changing(RwLock<Memory>);

impl Changing {
    fn set(&self, files: &Shelf) {
        let bytes =
            |text: &str| text.chars().flat_map(|c| if c == '\u{1}' { vec![0xE4] } else { c.to_string().into_bytes() }).collect::<Vec<u8>>();
        *self.0.write().expect("a lock") = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, bytes(text)));
    }
}

impl Files for Changing {
    fn list(&self, dir: &str) -> Listing {
        self.0.read().expect("a lock").list(dir)
    }
    fn look(&self, path: &str) -> Listing {
        self.0.read().expect("a lock").look(path)
    }
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.read().expect("a lock").read(path)
    }
    fn read_written(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.read().expect("a lock").read_written(path)
    }
}

fn base() -> Shelf {
    Archive::parse(PORTAL).sections.into_iter().map(|section| (section.name, section.text)).collect()
}

fn request() -> Request {
    Request { base_url: None, drafts: false, as_of: "2026-11-23".parse().expect("a date") }
}

/// A portal that is edited: its files, its builder, and what was served last.
struct Session {
    files: Arc<Changing>,
    shelf: Shelf,
    builder: Builder,
    served: BTreeMap<Arc<str>, Vec<u8>>,
}

impl Session {
    fn new(blind: Option<fn(&Read) -> bool>) -> Self {
        let files = Arc::new(Changing::default());
        let shelf = base();
        files.set(&shelf);
        let mut builder = Builder::new(files.clone(), request());
        if let Some(blind) = blind {
            builder.blind_to(blind);
        }
        let mut session = Self { files, shelf, builder, served: BTreeMap::new() };
        session.check(&BTreeSet::new()).expect("the portal is sound");
        session
    }

    fn held(&self, bytes: &Bytes) -> Vec<u8> {
        match bytes {
            Bytes::File(file) => self.files.read(file).unwrap_or_default(),
            bytes => bytes.held().unwrap_or_default().to_vec(),
        }
    }

    /// Does a step, and compares with a clean build. Gives whether the portal is whole.
    fn step(&mut self, step: &[Edit]) -> Result<bool, String> {
        let mut touched = BTreeSet::new();
        for edit in step {
            touched.append(&mut apply(&mut self.shelf, edit));
            match edit {
                Edit::Day(day) => self.builder.request.as_of = format!("2026-11-{day:02}").parse().expect("a date"),
                Edit::Drafts(drafts) => self.builder.request.drafts = *drafts,
                _ => {}
            }
        }
        self.files.set(&self.shelf);
        self.check(&touched)
    }

    fn check(&mut self, touched: &BTreeSet<String>) -> Result<bool, String> {
        let update = self.builder.update(touched, &(), &Progress::default());
        let files: Arc<dyn Files> = self.files.clone();
        let clean = build(&files, &self.builder.request, &Progress::default());
        if update.findings != clean.findings {
            return Err(format!("findings differ:\n{:#?}\nin a clean build:\n{:#?}", update.findings, clean.findings));
        }
        for (path, output) in update.changes {
            let now = output.as_ref().map(|output| self.held(&output.bytes));
            let before = match &now {
                Some(bytes) => self.served.insert(path.clone(), bytes.clone()),
                None => self.served.remove(&path),
            };
            // Of a copied file it is not known what it held.
            let copied = output.is_some_and(|output| matches!(output.bytes, Bytes::File(_)));
            if before == now && !copied {
                return Err(format!("`{path}` is told to have changed, and did not"));
            }
        }
        if !clean.is_whole() {
            return Ok(false);
        }
        let paths: BTreeSet<&Arc<str>> = self.served.keys().chain(clean.outputs.keys()).collect();
        for path in paths {
            let (served, built) = (self.served.get(path), clean.outputs.get(path).map(|output| self.held(&output.bytes)));
            if served != built.as_ref() {
                let shown = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                return Err(format!("`{path}` is served as\n{:?}\nand built as\n{:?}", shown(served), shown(built.as_ref())));
            }
        }
        Ok(true)
    }
}

/// One step of a run: random edits, or what puts the portal right again that they broke.
fn random_step(seed: u64, shelf: &Shelf, good: &Shelf) -> Vec<Edit> {
    let mut random = Random::new(seed);
    if shelf != good && random.one_in(2) {
        let gone = shelf.keys().filter(|path| !good.contains_key(*path)).map(|path| Edit::Remove(path.clone()));
        let other = good.iter().filter(|(path, text)| shelf.get(*path) != Some(text));
        return gone.chain(other.map(|(path, text)| Edit::Write(path.clone(), text.clone()))).collect();
    }
    let mut shelf = shelf.clone();
    let count = if random.one_in(4) { 1 + random.below(4) } else { 1 };
    let mut step = Vec::new();
    for _ in 0..count {
        let edit = edit(&mut random, &shelf);
        apply(&mut shelf, &edit);
        step.push(edit);
    }
    step
}

/// Runs random steps, one for each seed. Gives after how many of them the portal was whole, or what is wrong and the steps that led there.
fn run(seeds: &[u64], blind: Option<fn(&Read) -> bool>) -> Result<usize, String> {
    let mut session = Session::new(blind);
    let mut good = session.shelf.clone();
    let (mut done, mut whole) = (Vec::new(), 0);
    for seed in seeds {
        let step = random_step(*seed, &session.shelf, &good);
        done.push(step.clone());
        if session.step(&step).map_err(|wrong| format!("{wrong}\nafter {done:#?}"))? {
            good.clone_from(&session.shelf);
            whole += 1;
        }
    }
    Ok(whole)
}

/// Sequences of steps are tried that `seed` gives; one that fails is shrunk at most that often.
fn runner(seed: u64, sequences: u32, shrink: u32) -> TestRunner {
    let config = Config { cases: sequences, max_shrink_iters: shrink, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// The seeds of a sequence of steps.
fn sequences() -> impl Strategy<Value = Vec<u64>> {
    vec(any::<u64>(), 1..120)
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn a_rebuild_is_a_clean_build() {
    let (seed, count) = (setting("WERDEGANG_SEED", 1), setting("WERDEGANG_SEQUENCES", 40));
    println!("seed {seed}, {count} sequences of up to 120 steps");
    let (steps, whole) = (Cell::new(0), Cell::new(0));
    let result = runner(seed, u32::try_from(count).unwrap_or(u32::MAX), 4096).run(&sequences(), |seeds| {
        steps.set(steps.get() + seeds.len());
        whole.set(whole.get() + run(&seeds, None).map_err(TestCaseError::fail)?);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("seed {seed}: {failure}");
    }
    println!("{} of {} steps left a portal that can be built", whole.get(), steps.get());
    assert!(whole.get() > steps.get() / 3, "of {} steps only {} left a portal that can be built", steps.get(), whole.get());
}

/// A kind of read, by its name.
type Blind = (&'static str, fn(&Read) -> bool);

const KINDS: [Blind; 28] = [
    ("Summary", |read| matches!(read, Read::Summary(_))),
    ("Content", |read| matches!(read, Read::Content(_))),
    ("Place", |read| matches!(read, Read::Place(_))),
    ("Mentions", |read| matches!(read, Read::Mentions(_))),
    ("Listing", |read| matches!(read, Read::Listing(_))),
    ("Part", |read| matches!(read, Read::Part(..))),
    ("Newest", |read| matches!(read, Read::Newest(_))),
    ("Records", |read| matches!(read, Read::Records(..))),
    ("Source", |read| matches!(read, Read::Source(_))),
    ("Sources", |read| matches!(read, Read::Sources)),
    ("Terms", |read| matches!(read, Read::Terms(_))),
    ("Term", |read| matches!(read, Read::Term(..))),
    ("Finder", |read| matches!(read, Read::Finder)),
    ("Sitemap", |read| matches!(read, Read::Sitemap)),
    ("Data", |read| matches!(read, Read::Data(_))),
    ("File", |read| matches!(read, Read::File(_))),
    ("Static", |read| matches!(read, Read::Static(_))),
    ("Address", |read| matches!(read, Read::Address(_))),
    ("Word", |read| matches!(read, Read::Word(_))),
    ("Template", |read| matches!(read, Read::Template(_))),
    ("Component", |read| matches!(read, Read::Component(_))),
    ("Sessions", |read| matches!(read, Read::Sessions(_))),
    ("Freshness", |read| matches!(read, Read::Freshness(..))),
    ("Expiry", |read| matches!(read, Read::Expiry(_))),
    ("DataAsOf", |read| matches!(read, Read::DataAsOf(_))),
    ("AsOf", |read| matches!(read, Read::AsOf)),
    ("Privacy", |read| matches!(read, Read::Privacy)),
    ("Config", |read| matches!(read, Read::Config)),
];

#[test]
fn every_kind_of_read_is_needed() {
    // Without a kind of read the same test fails, for each of them.
    let noticed = |blind: fn(&Read) -> bool| {
        let tried = |seeds: Vec<u64>| run(&seeds, Some(blind)).map(drop).map_err(TestCaseError::fail);
        runner(1000, 60, 0).run(&sequences(), tried).is_err()
    };
    let unnoticed: Vec<&str> = KINDS.iter().filter(|(_, blind)| !noticed(*blind)).map(|(name, _)| *name).collect();
    assert_eq!(unnoticed, [""; 0], "without these reads nothing went wrong in 60 sequences of up to 120 random steps");
}

/// Who remembers which outputs are rendered.
#[derive(Default)]
struct Rendered(Mutex<Vec<String>>);

impl Audience for Rendered {
    fn expect(&self, paths: &[Arc<str>]) {
        *self.0.lock().expect("a lock") = paths.iter().map(ToString::to_string).collect();
    }
    fn wanted(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn made(&self, _: &Arc<str>, _: &BuiltOutput) {}
}

/// What an edit is, the file, what is replaced in it by what, and the outputs that are rendered.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CASES: [Case; 17] = [
    ("a save without a change", "content/a/first.md", "First", "First", ""),
    ("a comment in the settings", "site.toml", "theme =", "# a comment\ntheme =", ""),
    ("a comment among the sources", "content/sources.toml", "[study]", "# a comment\n[study]", ""),
    ("a word that nobody asks for", "themes/mini/i18n/en.toml", "more =", "other = \"other\"\nmore =", ""),
    ("a template that nobody uses", "themes/mini/templates/unused.html", "", "unused", ""),
    (
        "a text, and who shows it",
        "content/a/first.md",
        "and a",
        "and the",
        "a/atom.xml a/first/index.html atom.xml b/second/index.html topic/red/atom.xml",
    ),
    (
        "a text with another heading",
        "content/academy.md",
        "kind = \"academy\"\n+++\n",
        "kind = \"academy\"\n+++\n# New\n",
        "academy/data.json academy/index.html course/index.html data/providers.csv data/providers.json index.html llms.txt",
    ),
    (
        "a title, and every list with it",
        "content/b/second.md",
        "\"Second\"",
        "\"Zweite\"",
        "atom.xml b/index.html b/second/index.html llms.txt",
    ),
    (
        "a title that moves in its list",
        "content/terms/reach.md",
        "\"Reach\"",
        "\"Zones\"",
        "data/terms.csv data/terms.json llms.txt terms/index.html terms/reach/data.json terms/reach/index.html",
    ),
    (
        "an address, and who links to it",
        "content/b/second.md",
        "+++\ntitle",
        "+++\nslug = \"other\"\ntitle",
        "a/atom.xml a/first/index.html atom.xml b/index.html b/other/index.html llms.txt sitemap.xml topic/red/atom.xml",
    ),
    (
        "a source that is cited",
        "content/sources.toml",
        "\"Study\"",
        "\"The study\"",
        "a/first/index.html data/salaries.json data/sources.csv data/sources.json index.html pay/data.json pay/index.html work/index.html",
    ),
    ("a source that nobody cites", "content/sources.toml", "\"Survey\"", "\"The survey\"", "data/sources.csv data/sources.json index.html"),
    ("a row of data", "data/table.csv", "one,1", "one,2", "index.html"),
    ("a template of one kind", "themes/mini/templates/provider.html", "<h1>", "<h1 class=x>", "academy/index.html"),
    (
        "a component of content",
        "themes/mini/templates/components/lists.html",
        "<aside>",
        "<aside class=x>",
        "a/index.html academy/index.html atom.xml b/by-provider/academy/index.html b/index.html b/second/index.html course/index.html index.html terms/index.html topic/red/index.html",
    ),
    (
        "a style sheet",
        "themes/mini/static/css/site.css",
        "black",
        "blue",
        "404.html a/first/index.html a/index.html academy/index.html b/by-provider/academy/index.html b/index.html b/second/index.html compared/index.html course/index.html css/site.940e9946.css found/index.html index.html pay/index.html terms/index.html terms/reach/index.html topic/index.html topic/red/index.html topics/index.html work/index.html",
    ),
    (
        "a new page",
        "content/b/new.md",
        "",
        "+++\ntitle = \"New\"\n+++\nNew.\n",
        "atom.xml b/index.html b/new/index.html b/second/index.html llms.txt sitemap.xml",
    ),
];

#[test]
fn a_change_renders_what_it_changes() {
    let mut wrong = Vec::new();
    for (about, path, from, to, expected) in CASES {
        let mut session = Session::new(None);
        let text = session.shelf.get(path).cloned().unwrap_or_default();
        assert!(text.contains(from), "{about}: `{from}` is not in {path}");
        apply(&mut session.shelf, &Edit::Write(path.to_owned(), text.replacen(from, to, 1)));
        session.files.set(&session.shelf);
        let rendered = Rendered::default();
        let update = session.builder.update(&[path.to_owned()].into(), &rendered, &Progress::default());
        assert!(update.is_whole(), "{about}: {:?}", update.findings);
        // A page and its Markdown are made of the same, and are not told apart here.
        let (twins, rendered): (Vec<String>, Vec<String>) =
            rendered.0.into_inner().expect("a lock").into_iter().partition(|path| path.ends_with(".html.md"));
        let pages = rendered.iter().filter(|path| path.ends_with(".html") && *path != "404.html");
        assert_eq!(twins, pages.map(|path| format!("{path}.md")).collect::<Vec<_>>(), "{about}");
        let rendered = rendered.join(" ");
        if rendered != expected {
            wrong.push(format!("{about}:\n{rendered}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}
