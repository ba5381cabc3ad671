//! Exact rebuilds: whatever is edited, what the preview holds is what a clean build gives, every path and every byte, and the same findings.
//!
//! `WERDEGANG_STEPS` and `WERDEGANG_SEED` set how long the random test runs, and on what.

mod edits;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, RwLock};

use edits::{Edit, Random, Shelf, apply, edit};
use werdegang::build::{Builder, Progress, Request, build};
use werdegang::files::{Files, Listing, Memory};
use werdegang::output::Bytes;
use werdegang::theme::Read;

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

/// A run of random steps, or why it stopped: the steps so far, and what is wrong.
fn run(seed: u64, steps: usize, blind: Option<fn(&Read) -> bool>) -> Result<usize, (Vec<Vec<Edit>>, String)> {
    let mut random = Random::new(seed);
    let mut session = Session::new(blind);
    let mut good = session.shelf.clone();
    let (mut done, mut whole) = (Vec::new(), 0);
    for _ in 0..steps {
        let step: Vec<Edit> = if session.shelf != good && random.one_in(2) {
            // What was broken is put right again.
            let gone = session.shelf.keys().filter(|path| !good.contains_key(*path)).map(|path| Edit::Remove(path.clone()));
            let other = good.iter().filter(|(path, text)| session.shelf.get(*path) != Some(text));
            gone.chain(other.map(|(path, text)| Edit::Write(path.clone(), text.clone()))).collect()
        } else {
            let mut shelf = session.shelf.clone();
            let count = if random.one_in(4) { 1 + random.below(4) } else { 1 };
            let mut step = Vec::new();
            for _ in 0..count {
                let edit = edit(&mut random, &shelf);
                apply(&mut shelf, &edit);
                step.push(edit);
            }
            step
        };
        done.push(step.clone());
        match session.step(&step) {
            Ok(true) => {
                good.clone_from(&session.shelf);
                whole += 1;
            }
            Ok(false) => {}
            Err(wrong) => return Err((done, wrong)),
        }
    }
    Ok(whole)
}

fn fails(steps: &[Vec<Edit>]) -> Option<String> {
    let mut session = Session::new(None);
    steps.iter().find_map(|step| session.step(step).err())
}

/// The shortest sequence that still fails, found by leaving out more and more.
fn shrunk(mut steps: Vec<Vec<Edit>>) -> Vec<Vec<Edit>> {
    let mut size = steps.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            if fails(&fewer).is_some() { steps = fewer } else { at += size }
        }
        size /= 2;
    }
    steps
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn a_rebuild_is_a_clean_build() {
    let (seed, steps) = (setting("WERDEGANG_SEED", 1), setting("WERDEGANG_STEPS", 2000));
    println!("seed {seed}, {steps} steps");
    let mut whole = 0;
    // Several portals: one that was edited a thousand times is a heap of leftovers.
    for seed in seed..seed + steps.div_ceil(100) {
        match run(seed, 100, None) {
            Ok(count) => whole += count,
            Err((steps, wrong)) => {
                let steps = shrunk(steps);
                let wrong = fails(&steps).unwrap_or(wrong);
                panic!("seed {seed}: after {} steps {wrong}\n{steps:#?}", steps.len());
            }
        }
    }
    assert!(whole as u64 > steps / 3, "of {steps} steps only {whole} left a portal that can be built");
}

/// A kind of read, by its name.
type Blind = (&'static str, fn(&Read) -> bool);

const KINDS: [Blind; 23] = [
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
    ("AsOf", |read| matches!(read, Read::AsOf)),
    ("Config", |read| matches!(read, Read::Config)),
];

#[test]
fn every_kind_of_read_is_needed() {
    let noticed = |blind: fn(&Read) -> bool| (0..60).any(|seed| run(1000 + seed, 60, Some(blind)).is_err());
    let unnoticed: Vec<&str> = KINDS.iter().filter(|(_, blind)| !noticed(*blind)).map(|(name, _)| *name).collect();
    assert_eq!(unnoticed, [""; 0], "without these reads nothing went wrong in 3,600 random steps");
}
