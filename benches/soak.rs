//! Saves that come faster than updates: `cargo bench --bench soak [-- SECONDS]`, 60 by default.
//!
//! A portal of typed records, everything on, thousands of findings; 50 saves a second, in place and by
//! rename, some of them broken and mended by the next; 20 readers who ask without a pause. Then silence. What
//! the preview serves then must be what a clean build of the same files makes, byte for byte, for every file;
//! it fails otherwise.

#![allow(missing_docs, reason = "a benchmark")]

#[allow(dead_code, reason = "shared with the other benchmarks")]
mod generate;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod market;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod preview;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use market::{AS_OF, Shape};
use preview::{PATIENCE, Preview, Result, ask, free_address};

/// Records of the portal: about 400 pages.
const RECORDS: usize = 300;
const READERS: usize = 20;
/// From one save to the next.
const PAUSE: Duration = Duration::from_millis(20);
/// What `serve` writes into each page, and `build` does not.
const SCRIPT: &str = "<script src=\"/__werdegang/reload.js\"></script>";

fn main() -> ExitCode {
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(60);
    match soak(Duration::from_secs(seconds)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn soak(time: Duration) -> Result<()> {
    let scratch = if Path::new("/dev/shm").is_dir() { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir() };
    let scratch = scratch.map_err(|error| error.to_string())?;
    let (root, out) = (scratch.path().join("portal"), scratch.path().join("public"));
    market::portal(&root, RECORDS, Shape::Skewed).map_err(|error| error.to_string())?;
    let address = free_address()?;
    let mut serve = Command::new(env!("CARGO_BIN_EXE_werdegang"));
    serve.arg("--root").arg(&root).args(["serve", "--no-bar", "--as-of", AS_OF, "--port", &address.port().to_string()]);
    let preview = Preview::start(serve, address, &root)?;
    preview.wait("/", "</html>")?;
    let paths = built(&root, &out, address)?.into_keys().collect::<Vec<_>>();
    println!("{} files, {} s of a save each {} ms, {READERS} readers", paths.len(), time.as_secs(), PAUSE.as_millis());
    let (is_over, seen) = (AtomicBool::new(false), Mutex::new(Seen::default()));
    let saves = std::thread::scope(|scope| {
        for reader in 0..READERS {
            let (paths, is_over, seen) = (&paths, &is_over, &seen);
            scope.spawn(move || read(address, paths, Rng::with_seed(reader as u64), is_over, seen));
        }
        let saves = save(&root, time);
        is_over.store(true, Ordering::Relaxed);
        saves
    })?;
    println!("{saves} saves; {}", seen.into_inner().map_err(|error| error.to_string())?.told());
    compare(&preview, &root, &out)
}

/// What readers got.
#[derive(Default)]
struct Seen {
    answers: usize,
    failed: BTreeMap<String, usize>,
    slowest: Duration,
}

impl Seen {
    fn told(&self) -> String {
        let failed: Vec<String> = self.failed.iter().map(|(what, count)| format!("{count} times {what}")).collect();
        let failed = if failed.is_empty() { String::from("none failed") } else { failed.join(", ") };
        format!("{} answers, the slowest after {:.0?}; {failed}", self.answers, self.slowest)
    }
}

/// Asks for one path after another. That one is gone is an answer: pages come and go.
fn read(address: SocketAddr, paths: &[String], mut random: Rng, is_over: &AtomicBool, seen: &Mutex<Seen>) {
    let mut own = Seen::default();
    while !is_over.load(Ordering::Relaxed) {
        match ask(address, &paths[random.usize(..paths.len())]) {
            Ok((200 | 404, _, took)) => {
                own.answers += 1;
                own.slowest = own.slowest.max(took);
            }
            Ok((status, ..)) => *own.failed.entry(format!("status {status}")).or_default() += 1,
            Err(error) => *own.failed.entry(error).or_default() += 1,
        }
    }
    if let Ok(mut seen) = seen.lock() {
        seen.answers += own.answers;
        seen.slowest = seen.slowest.max(own.slowest);
        for (what, count) in own.failed {
            *seen.failed.entry(what).or_default() += count;
        }
    }
}

/// Saves one file after another, and puts right at the end what is broken. Gives how many saves there were.
fn save(root: &Path, time: Duration) -> Result<usize> {
    let files: Vec<(PathBuf, String)> = markdown(&root.join("content"))?;
    let mut random = Rng::with_seed(7);
    let mut broken: Option<(PathBuf, String)> = None;
    let (started, mut saves) = (Instant::now(), 0);
    while started.elapsed() < time {
        let (path, text) = &files[random.usize(..files.len())];
        let text = match random.usize(..10) {
            // Its title, which lists show.
            0 => text.replacen("title = \"", &format!("title = \"{saves} "), 1),
            // Another amount without a source, which is a finding.
            1 => format!("{text}\nEtwa {saves} Euro im Monat.\n"),
            _ => format!("{text}\nSave {saves}.\n"),
        };
        if let Some((path, text)) = broken.take() {
            write(&path, &text, saves)?;
        } else if random.usize(..25) == 0 {
            broken = Some((path.clone(), text.clone()));
            write(path, &text[..text.floor_char_boundary(text.len() / 3)], saves)?;
        } else {
            write(path, &text, saves)?;
        }
        saves += 1;
        let due = PAUSE * u32::try_from(saves).unwrap_or(u32::MAX);
        std::thread::sleep(due.saturating_sub(started.elapsed()));
    }
    if let Some((path, text)) = broken {
        write(&path, &text, saves)?;
    }
    Ok(saves)
}

/// As editors do: in place, or beside it and moved over it.
fn write(path: &Path, text: &str, number: usize) -> Result<()> {
    let result = if number.is_multiple_of(2) {
        fs::write(path, text)
    } else {
        let beside = path.with_extension("md.tmp");
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, path))
    };
    result.map_err(|error| format!("{}: {error}", path.display()))
}

/// All Markdown below a folder, with what it holds.
fn markdown(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    for path in below(folder)? {
        if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            files.push((path, text));
        }
    }
    Ok(files)
}

/// All files below a folder, in order.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.file_type().is_file() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The files of a clean build, by the path that they are asked for.
fn built(root: &Path, out: &Path, address: SocketAddr) -> Result<BTreeMap<String, Vec<u8>>> {
    let _ = fs::remove_dir_all(out);
    let mut build = Command::new(env!("CARGO_BIN_EXE_werdegang"));
    build.arg("--root").arg(root).args(["build", "--as-of", AS_OF, "--base-url", &format!("http://{address}"), "--output-dir"]).arg(out);
    let output = build.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the clean build failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    let mut files = BTreeMap::new();
    for path in below(out)? {
        let below = path.strip_prefix(out).map_err(|error| error.to_string())?.to_string_lossy().into_owned();
        if !below.starts_with(".werdegang/") {
            let page = below.strip_suffix("index.html").map(str::to_owned);
            files.insert(format!("/{}", page.unwrap_or(below)), fs::read(&path).map_err(|error| error.to_string())?);
        }
    }
    Ok(files)
}

/// Asks for every file until it is as a clean build makes it.
fn compare(preview: &Preview, root: &Path, out: &Path) -> Result<()> {
    let silent = Instant::now();
    let mut wanted = built(root, out, preview.address)?;
    let count = wanted.len();
    loop {
        let mut other = BTreeMap::new();
        for (path, bytes) in wanted {
            let (_, served, _) = preview.ask(&path)?;
            if without_script(&served) != bytes {
                other.insert(path, bytes);
            }
        }
        if other.is_empty() {
            println!("after {:.1?} of silence, a clean build in it, all {count} files are as that build made them", silent.elapsed());
            return Ok(());
        }
        if silent.elapsed() > PATIENCE {
            let paths: Vec<&String> = other.keys().take(20).collect();
            return Err(format!("{} of {count} files are not as a clean build makes them: {paths:?}", other.len()));
        }
        wanted = other;
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn without_script(page: &[u8]) -> Vec<u8> {
    let script = SCRIPT.as_bytes();
    match page.windows(script.len()).rposition(|bytes| bytes == script) {
        Some(at) => [&page[..at], &page[at + script.len()..]].concat(),
        None => page.to_vec(),
    }
}
