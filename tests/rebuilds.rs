//! Exact rebuilds: whatever is edited, what the preview holds is what a clean build gives, every path and
//! every byte, and the same findings.
//!
//! `WERDEGANG_SEQUENCES` and `WERDEGANG_SEED` set how long the random test runs, and on what. What fails is
//! shrunk to the fewest steps.

mod edits;
mod market;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use edits::{Edit, Random, Shelf, apply, edit};
use werdegang::api::diagnostic::Diagnostic;
use werdegang::api::files::{Blob, Content, Files, Listing, Memory};
use werdegang::api::output::Bytes;
use werdegang::api::pipeline::{Audience, Builder, BuiltOutput, Progress, Request, build};
use werdegang::api::reads::Read;
use werdegang::api::serve::Recorder;

use crate::harness::Archive;

const PORTAL: &str = include_str!("rebuilds/portal.txt");

/// Files that are read by updates alone, and that somebody may change while one reads them.
#[derive(Default)]
struct Changing {
    shelf: RwLock<Shelf>,
    /// Who changes them, during an update.
    meddler: Mutex<Option<Meddler>>,
    is_open: AtomicBool,
}

/// Changes files between one question of an update and the next, always the same ones for the same seed.
struct Meddler {
    random: Random,
    /// What it changed; a watcher would be told of these.
    changed: BTreeSet<String>,
    /// What it changed only for a while, and what was there.
    for_a_while: Vec<(String, Option<String>)>,
}

impl Meddler {
    fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), changed: BTreeSet::new(), for_a_while: Vec::new() }
    }

    /// Something happens to the files, as `asked` is about to be read or was just read.
    fn meddle(&mut self, asked: &str, shelf: &mut Shelf) {
        if !self.random.one_in(5) {
            return;
        }
        let edit = match self.random.below(8) {
            // Another edit of whatever kind.
            0 => edit(&mut self.random, shelf),
            // The file goes, and may come back.
            1 => Edit::Remove(asked.to_owned()),
            // It gets other bytes, which may be taken back.
            2 | 3 => match altered(&mut self.random, shelf.get(asked)) {
                Some(text) => Edit::Write(asked.to_owned(), text),
                None => return,
            },
            // What was changed for a while is as it was.
            _ => match self.for_a_while.pop() {
                Some((path, Some(text))) => Edit::Write(path, text),
                Some((path, None)) => Edit::Remove(path),
                None => return,
            },
        };
        if let Edit::Write(path, _) | Edit::Remove(path) = &edit
            && !self.random.one_in(4)
        {
            self.for_a_while.push((path.clone(), shelf.get(path).cloned()));
        }
        self.change(&edit, shelf);
    }

    fn change(&mut self, edit: &Edit, shelf: &mut Shelf) {
        self.changed.append(&mut events(shelf, edit));
        apply(shelf, edit);
    }

    /// The update is over. Mostly all is as it was by now.
    fn leave(&mut self, shelf: &mut Shelf) {
        while !self.random.one_in(8)
            && let Some((path, text)) = self.for_a_while.pop()
        {
            let edit = text.map_or(Edit::Remove(path.clone()), |text| Edit::Write(path, text));
            self.change(&edit, shelf);
        }
    }
}

/// A file with something more in it.
fn altered(random: &mut Random, text: Option<&String>) -> Option<String> {
    let text = text?;
    Some(match random.below(3) {
        0 => text.replacen("title = \"", "title = \"Other ", 1),
        1 => text.replace("one", "two"),
        _ => format!("{text}\n# more\n"),
    })
}

/// The files that an edit is about to change; of a folder that is moved, all in it.
fn events(shelf: &Shelf, edit: &Edit) -> BTreeSet<String> {
    let mut after = shelf.clone();
    let mut paths = apply(&mut after, edit);
    if let Edit::Move(..) = edit {
        paths = shelf.keys().chain(after.keys()).filter(|path| shelf.get(*path) != after.get(*path)).cloned().collect();
    }
    paths
}

/// What stands for a byte that is not UTF-8 is made one.
fn bytes(text: &str) -> Vec<u8> {
    if let Some(picture) = picture(text) {
        return picture;
    }
    text.chars().flat_map(|c| if c == '\u{1}' { vec![0xE4] } else { c.to_string().into_bytes() }).collect()
}

/// The picture that a text stands for: `picture 6x4 1`, the last number being its seed.
fn picture(text: &str) -> Option<Vec<u8>> {
    let mut words = text.strip_prefix("picture ")?.split_whitespace();
    let (width, height) = words.next()?.split_once('x')?;
    let (width, height, seed): (u32, u32, u8) = (width.parse().ok()?, height.parse().ok()?, words.next()?.parse().ok()?);
    #[cfg(feature = "images")]
    return Some(crate::harness::pictures::picture("png", width, height, seed));
    #[cfg(not(feature = "images"))]
    return Some([width, height, seed.into()].iter().flat_map(|number| number.to_le_bytes()).collect());
}

fn memory<'s>(files: impl IntoIterator<Item = (&'s String, &'s String)>) -> Memory {
    files.into_iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, bytes(text)))
}

impl Changing {
    /// Answers a question, before and after which something may happen.
    fn ask<T>(&self, asked: &str, answer: impl FnOnce(&Memory) -> T) -> T {
        assert!(self.is_open.load(Ordering::Relaxed), "`{asked}` is read between updates");
        let meddle = || {
            if let Some(meddler) = self.meddler.lock().expect("a lock").as_mut() {
                meddler.meddle(asked, &mut self.shelf.write().expect("a lock"));
            }
        };
        meddle();
        let inside = |path: &str| path.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let shelf = self.shelf.read().expect("a lock");
        let asked_for = memory(shelf.iter().filter(|(path, _)| inside(path)));
        drop(shelf);
        let answer = answer(&asked_for);
        meddle();
        answer
    }
}

impl Files for Changing {
    fn list(&self, dir: &str) -> Listing {
        self.ask(dir, |memory| memory.list(dir))
    }
    fn look(&self, path: &str) -> Listing {
        self.ask(path, |memory| memory.look(path))
    }
    fn read(&self, path: &str) -> io::Result<Blob> {
        self.ask(path, |memory| memory.read(path))
    }
}

fn base() -> Shelf {
    Archive::parse(PORTAL).sections.into_iter().map(|section| (section.name, section.text)).collect()
}

fn request() -> Request {
    Request { base_url: None, drafts: false, future: false, as_of: "2026-11-23".parse().expect("a date") }
}

/// A portal that is edited: its files, its builder, and what was served last.
struct Session {
    files: Arc<Changing>,
    recorder: Arc<Recorder>,
    builder: Builder,
    served: BTreeMap<Arc<str>, Bytes>,
    /// What was changed since the builder was last told of changes.
    changed: BTreeSet<String>,
}

impl Session {
    fn new(blind: Option<fn(&Read) -> bool>) -> Self {
        Self::of(base(), blind)
    }

    fn of(shelf: Shelf, blind: Option<fn(&Read) -> bool>) -> Self {
        let files = Arc::new(Changing { shelf: RwLock::new(shelf), ..Changing::default() });
        let recorder = Arc::new(Recorder::new(files.clone()));
        let mut builder = Builder::new(recorder.clone(), request());
        if let Some(blind) = blind {
            builder.blind_to(blind);
        }
        let mut session = Self { files, recorder, builder, served: BTreeMap::new(), changed: BTreeSet::new() };
        session.check(None).expect("the portal is sound");
        session
    }

    fn shelf(&self) -> Shelf {
        self.files.shelf.read().expect("a lock").clone()
    }

    /// Does a step, and compares with a clean build. Gives whether the portal is whole.
    fn step(&mut self, step: &[Edit]) -> Result<bool, String> {
        let touched = self.edit(step);
        self.check(Some(touched))
    }

    /// Does some edits. Gives the paths that they are told by.
    fn edit(&mut self, step: &[Edit]) -> BTreeSet<String> {
        let mut touched = BTreeSet::new();
        let mut shelf = self.files.shelf.write().expect("a lock");
        for edit in step {
            self.changed.append(&mut events(&shelf, edit));
            touched.append(&mut apply(&mut shelf, edit));
            match edit {
                Edit::Day(day) => self.builder.request.as_of = format!("2026-11-{day:02}").parse().expect("a date"),
                Edit::Drafts(drafts) => self.builder.request.drafts = *drafts,
                _ => {}
            }
        }
        touched
    }

    /// What the watch would tell: of the files at which something happened those that are news.
    fn news(&mut self) -> BTreeSet<String> {
        let shelf = self.shelf();
        let changed = std::mem::take(&mut self.changed);
        let is_news = |path: &String| {
            let content = shelf.get(path).map(|text| Content::of(&bytes(text)));
            self.recorder.is_news(path, content.is_some(), &|| content.unwrap_or(Content::None))
        };
        changed.into_iter().filter(is_news).collect()
    }

    /// Updates, and takes in what is told. Gives what was found, and outputs that are said to be other ones
    /// and are not.
    fn update(&mut self, touched: &BTreeSet<String>, meddler: Option<Meddler>) -> (Vec<Diagnostic>, Vec<Arc<str>>) {
        *self.files.meddler.lock().expect("a lock") = meddler;
        self.files.is_open.store(true, Ordering::Relaxed);
        let update = self.builder.update(touched, &(), &Progress::default());
        self.files.is_open.store(false, Ordering::Relaxed);
        if let Some(mut meddler) = self.files.meddler.lock().expect("a lock").take() {
            meddler.leave(&mut self.files.shelf.write().expect("a lock"));
            self.changed.extend(meddler.changed);
        }
        self.recorder.take_in(&update.seen);
        self.recorder.publish(&update.changes);
        let mut same = Vec::new();
        for (path, output) in update.changes {
            let now = output.map(|output| output.bytes);
            let before = match now.clone() {
                Some(bytes) => self.served.insert(path.clone(), bytes),
                None => self.served.remove(&path),
            };
            // Of a copied file it is not known what it held.
            let is_same = match (&before, &now) {
                (Some(before), Some(now)) => before.is_same(now),
                (before, now) => before.is_none() && now.is_none(),
            };
            if is_same {
                same.push(path);
            }
        }
        (update.findings.to_vec(), same)
    }

    /// Updates, told of `touched` or else of what is news, and compares with a clean build.
    fn check(&mut self, touched: Option<BTreeSet<String>>) -> Result<bool, String> {
        let touched = match touched {
            Some(touched) => {
                // They are told as they are now, and that is all that happened.
                self.news();
                touched
            }
            None => self.news(),
        };
        let (findings, same) = self.update(&touched, None);
        if let Some(path) = same.first() {
            return Err(format!("`{path}` is told to have changed, and did not"));
        }
        let shelf = self.shelf();
        let files: Arc<dyn Files> = Arc::new(memory(&shelf));
        let clean = build(&files, &self.builder.request, &Progress::default());
        if findings != clean.findings {
            return Err(format!("findings differ:\n{findings:#?}\nin a clean build:\n{:#?}", clean.findings));
        }
        if !clean.is_whole() {
            return Ok(false);
        }
        let held = |of: &Bytes| match of {
            Bytes::File(file) => shelf.get(&**file).map(|text| bytes(text)).unwrap_or_default(),
            Bytes::Image(made) => made.bytes(&*files).map(|bytes| bytes.to_vec()).unwrap_or_default(),
            // Two with the same key are drawn the same.
            Bytes::Drawn(drawing) => drawing.key().to_le_bytes().to_vec(),
            bytes => bytes.held().unwrap_or_default().to_vec(),
        };
        let paths: BTreeSet<&Arc<str>> = self.served.keys().chain(clean.outputs.keys()).collect();
        for path in paths {
            let (served, built) = (self.served.get(path).map(held), clean.outputs.get(path).map(|output| held(&output.bytes)));
            if served != built {
                let shown = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                return Err(format!("`{path}` is served as\n{:?}\nand built as\n{:?}", shown(served.as_ref()), shown(built.as_ref())));
            }
        }
        Ok(true)
    }
}

/// One step of a run: random edits, or what puts the portal right again that they broke.
fn random_step(seed: u64, shelf: &Shelf, good: &Shelf, edit: fn(&mut Random, &Shelf) -> Edit) -> Vec<Edit> {
    let mut random = Random::new(seed);
    if shelf != good && !random.one_in(3) {
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

/// Runs random steps, one for each seed. Gives after how many of them the portal was whole, or what is wrong
/// and the steps that led there.
fn run(mut session: Session, seeds: &[u64], edit: fn(&mut Random, &Shelf) -> Edit) -> Result<usize, String> {
    let mut good = session.shelf();
    let (mut done, mut whole) = (Vec::new(), 0);
    for seed in seeds {
        let step = random_step(*seed, &session.shelf(), &good, edit);
        done.push(step.clone());
        if session.step(&step).map_err(|wrong| format!("{wrong}\nafter {done:#?}"))? {
            good = session.shelf();
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

/// How often what failed is tried shorter: 0 to see it at once.
fn shrinks() -> u32 {
    u32::try_from(setting("WERDEGANG_SHRINKS", 512)).unwrap_or(u32::MAX)
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
    let result = runner(seed, u32::try_from(count).unwrap_or(u32::MAX), shrinks()).run(&sequences(), |seeds| {
        steps.set(steps.get() + seeds.len());
        whole.set(whole.get() + run(Session::new(None), &seeds, edit).map_err(TestCaseError::fail)?);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("seed {seed}: {failure}");
    }
    println!("{} of {} steps left a portal that can be built", whole.get(), steps.get());
    assert!(whole.get() > steps.get() / 3, "of {} steps only {} left a portal that can be built", steps.get(), whole.get());
}

/// The market is built anew for each step, by the default theme, so steps are few.
#[test]
fn a_market_is_rebuilt_as_it_is_built() {
    let (seed, count) = (setting("WERDEGANG_SEED", 1), setting("WERDEGANG_SEQUENCES", 40) / 20);
    println!("seed {seed}, {count} sequences of up to 40 steps on a market");
    let market = market::shelf();
    let (steps, whole) = (Cell::new(0), Cell::new(0));
    let result = runner(seed, u32::try_from(count).unwrap_or(u32::MAX), shrinks() / 32).run(&vec(any::<u64>(), 20..40), |seeds| {
        steps.set(steps.get() + seeds.len());
        let session = Session::of(market.clone(), None);
        whole.set(whole.get() + run(session, &seeds, market::edit).map_err(TestCaseError::fail)?);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("seed {seed}: {failure}");
    }
    println!("{} of {} steps left a market that can be built", whole.get(), steps.get());
    assert!(whole.get() > steps.get() / 2, "of {} steps only {} left a market that can be built", steps.get(), whole.get());
}

/// Runs random steps while somebody else changes files as they are read. After each such update another one
/// is told what changed since, and nobody meddles: that one has to put everything right.
fn run_disturbed(seeds: &[u64]) -> Result<usize, String> {
    let mut session = Session::new(None);
    let mut good = session.shelf();
    let mut whole = 0;
    for (number, seed) in seeds.iter().enumerate() {
        let step = random_step(*seed, &session.shelf(), &good, edit);
        session.edit(&step);
        let touched = session.news();
        session.update(&touched, Some(Meddler::new(seed.rotate_left(17))));
        if session.check(None).map_err(|wrong| format!("{wrong}\nafter step {number}: {step:#?}"))? {
            good = session.shelf();
            whole += 1;
        }
    }
    Ok(whole)
}

#[test]
fn what_changes_while_an_update_reads_is_a_change_for_the_next() {
    let (seed, count) = (setting("WERDEGANG_SEED", 1), setting("WERDEGANG_SEQUENCES", 40) / 2);
    println!("seed {seed}, {count} sequences of up to 120 disturbed steps");
    // On one thread, so that the same seed disturbs at the same moments.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (steps, whole) = (Cell::new(0), Cell::new(0));
    let result = runner(seed, u32::try_from(count).unwrap_or(u32::MAX), shrinks()).run(&sequences(), |seeds| {
        steps.set(steps.get() + seeds.len());
        whole.set(whole.get() + pool.install(|| run_disturbed(&seeds)).map_err(TestCaseError::fail)?);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("seed {seed}: {failure}");
    }
    println!("{} of {} steps left a portal that can be built", whole.get(), steps.get());
    assert!(whole.get() > steps.get() / 4, "of {} steps only {} left a portal that can be built", steps.get(), whole.get());
}

/// A kind of read, by its name.
type Blind = (&'static str, fn(&Read) -> bool);

/// Lists kinds of read. A kind that is not in the list does not compile.
macro_rules! kinds {
    ($($name:ident $(($($any:tt)*))?),* $(,)?) => {
        const KINDS: &[Blind] = &[$((stringify!($name), |read| matches!(read, Read::$name $(($($any)*))?))),*];
        const _: fn(&Read) = |read| match read {
            $(Read::$name $(($($any)*))? => {})*
        };
    };
}

kinds! {
    Summary(_), Content(_), Place(_), Mentions(_), Listing(_), Part(..), Newest(_), Records(..), Source(_), Sources, Terms(_), Term(..), First(..), Count(..),
    Finder, FinderList(..), FinderNavigation(_), FinderValues(..), FinderAddress(..), FinderOrders, Sitemap,
    Data(_), File(_), Picture(_), ImageFile(_), Made(_), Static(_), Fonts, Address(_), Word(..), Template(_), Component(_), Config, Privacy, Missing(_), Sessions(_), Freshness(..), Expiry(_), DataAsOf(_), AsOf,
}

/// How many sequences are tried to notice that a kind of read is missing; nearly all are noticed in the first.
const TRIES: u32 = 100;

// With images and pictures among the edits it takes longer than all other tests together: some kinds are noticed
// only after many sequences.
#[test]
#[ignore = "it takes ten minutes: run it with `cargo test every_kind -- --ignored` after a change to reads"]
fn every_kind_of_read_is_needed() {
    // Without a kind of read the same test fails, for each of them.
    let noticed = |blind: fn(&Read) -> bool| {
        let tried = |seeds: Vec<u64>| run(Session::new(Some(blind)), &seeds, edit).map(drop).map_err(TestCaseError::fail);
        runner(1000, TRIES, 0).run(&sequences(), tried).is_err()
    };
    let unnoticed: Vec<&str> = KINDS.iter().filter(|(_, blind)| !noticed(*blind)).map(|(name, _)| *name).collect();
    assert_eq!(unnoticed, [""; 0], "without these reads nothing went wrong in {TRIES} sequences of up to 120 random steps");
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
        "academy/data.json academy/index.html academy/share.png course/index.html data/providers.csv data/providers.json index.html llms.txt",
    ),
    (
        "a title, and every list with it",
        "content/b/second.md",
        "\"Second\"",
        "\"Zweite\"",
        "atom.xml b/index.html b/second/index.html b/second/share.png llms.txt",
    ),
    (
        "a title that moves in its list",
        "content/terms/reach.md",
        "\"Reach\"",
        "\"Zones\"",
        "data/terms.csv data/terms.json llms.txt terms/index.html terms/reach/data.json terms/reach/index.html terms/reach/share.png",
    ),
    (
        "an address, and who links to it",
        "content/b/second.md",
        "+++\ntitle",
        "+++\nslug = \"other\"\ntitle",
        "a/atom.xml a/first/index.html atom.xml b/index.html b/other/index.html b/other/share.png llms.txt sitemap.xml topic/red/atom.xml",
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
        "a/index.html academy/index.html atom.xml b/index.html b/second/index.html course/index.html index.html terms/index.html topic/red/index.html",
    ),
    (
        "a style sheet",
        "themes/mini/static/css/site.css",
        "black",
        "blue",
        "404.html a/first/index.html a/index.html academy/index.html address/index.html b/by-provider/academy/index.html b/index.html b/second/index.html compared/index.html counted/index.html course/index.html css/site.940e9946.css found/index.html index.html pay/index.html some/index.html terms/index.html terms/reach/index.html topic/index.html topic/red/index.html topics/index.html work/index.html",
    ),
    (
        "a new page",
        "content/b/new.md",
        "",
        "+++\ntitle = \"New\"\n+++\nNew.\n",
        "atom.xml b/index.html b/new/index.html b/new/share.png b/second/index.html b/second/share.png llms.txt sitemap.xml",
    ),
];

#[test]
fn a_change_renders_what_it_changes() {
    let mut wrong = Vec::new();
    for (about, path, from, to, expected) in CASES {
        let mut session = Session::new(None);
        let text = session.shelf().get(path).cloned().unwrap_or_default();
        assert!(text.contains(from), "{about}: `{from}` is not in {path}");
        session.edit(&[Edit::Write(path.to_owned(), text.replacen(from, to, 1))]);
        session.files.is_open.store(true, Ordering::Relaxed);
        let rendered = Rendered::default();
        let update = session.builder.update(&[path.to_owned()].into(), &rendered, &Progress::default());
        assert!(update.is_whole(), "{about}: {:?}", update.findings);
        // A page and its Markdown are made of the same, and are not told apart here.
        let (twins, rendered): (Vec<String>, Vec<String>) =
            rendered.0.into_inner().expect("a lock").into_iter().partition(|path| path.ends_with(".html.md"));
        // The lists of the course finder say nothing that open data does not.
        let is_list = |path: &str| path.starts_with("b/by-") || path.starts_with("b/ordered/");
        let pages = rendered.iter().filter(|path| path.ends_with(".html") && *path != "404.html" && !is_list(path));
        assert_eq!(twins, pages.map(|path| format!("{path}.md")).collect::<Vec<_>>(), "{about}");
        let rendered = rendered.join(" ");
        if rendered != expected {
            wrong.push(format!("{about}:\n{rendered}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}
