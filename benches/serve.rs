//! From saving a file to seeing it: `werdegang serve` on a market of typed records with the default theme and
//! everything on, and on plain pages, there beside `hugo server` where it is there; over HTTP.
//!
//! `cargo bench --bench serve` runs it; `-- 1000` names another size, `HUGO=` where Hugo is. A page is asked
//! for again and again until it shows the change, so what is measured is all of it: the save, its event, the
//! rebuild, the answer.

#![allow(missing_docs, reason = "a benchmark")]

#[allow(dead_code, reason = "shared with the other benchmarks")]
mod generate;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod market;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod peer_portals;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod preview;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use generate::For;
use preview::{PATIENCE, Preview, Result, free_address};

/// How often each edit is made.
const TIMES: usize = 50;

/// A preview of a portal by one program.
fn start(of: For, root: &Path) -> Result<Preview> {
    let address = free_address()?;
    let port = address.port().to_string();
    let mut command = match of {
        For::Hugo => {
            let mut command = Command::new(std::env::var_os("HUGO").unwrap_or_else(|| "hugo".into()));
            command.args(["server", "--renderToMemory", "--disableFastRender"]).arg("--source").arg(root);
            command
        }
        _ => {
            let mut command = Command::new(env!("CARGO_BIN_EXE_werdegang"));
            command.arg("--root").arg(root).arg("serve");
            command
        }
    };
    command.args(["--port", &port]);
    Preview::start(command, address, root)
}

/// Saves `TIMES` times what `text` gives for a mark, and waits until all `pages` show the mark.
fn edits(preview: &Preview, file: &str, times: usize, pages: &[String], text: &dyn Fn(&str) -> String) -> Result<Vec<Duration>> {
    saves(preview, file, times, pages, &|time| {
        let mark = format!("mark{}x{time}", preview.started.elapsed().as_micros());
        (text(&mark), mark)
    })
}

/// Saves `times` times what `text` gives, and waits until all `pages` show what it is to be known by.
fn saves(preview: &Preview, file: &str, times: usize, pages: &[String], text: &dyn Fn(usize) -> (String, String)) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for time in 0..times {
        let (text, mark) = text(time);
        let saved = preview.save(file, &text)?;
        let shown = pages.iter().map(|page| preview.wait(page, &mark)).collect::<Result<Vec<Instant>>>()?;
        took.push(shown.into_iter().max().unwrap_or(saved) - saved);
        // So that two edits are two.
        std::thread::sleep(Duration::from_millis(40));
    }
    took.sort();
    Ok(took)
}

fn main() -> ExitCode {
    let pages = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let scratch = if Path::new("/dev/shm").is_dir() { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir() };
    let result = scratch.map_err(|error| error.to_string()).and_then(|scratch| {
        println!("{pages} pages, {} cores", std::thread::available_parallelism().map_or(1, usize::from));
        println!("{:<10} {:<44} {:>9} {:>9}", "program", "", "median", "worst");
        with_records(&scratch.path().join("market"), pages)?;
        with_findings(scratch.path(), pages)?;
        measure(For::Werdegang, "werdegang", &scratch.path().join("werdegang"), pages)?;
        match measure(For::Hugo, "hugo", &scratch.path().join("hugo"), pages) {
            Err(error) => {
                println!("hugo: left out: {error}");
                Ok(())
            }
            done => done,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Edits of what records say, in a market, until all pages show it that are looked at: of a price the course
/// and a list that has it, of the name of a provider also a course of it.
fn with_records(root: &Path, records: usize) -> Result<()> {
    market::portal(root, records, market::Shape::Skewed).map_err(|error| error.to_string())?;
    let line = |what: &str, took: &[Duration]| {
        let shown = |took: &Duration| format!("{:.1}ms", took.as_secs_f64() * 1e3);
        println!("{:<10} {what:<44} {:>9} {:>9}", "werdegang", shown(&took[took.len() / 2]), shown(&took[took.len() - 1]));
    };
    let clean = clean_build(root)?;
    line(&format!("clean build of {records} records"), &[clean]);
    let preview = start(For::Werdegang, root)?;
    let (course, provider) = ("content/kurse/kurs-10.md", "content/anbieter/anbieter-0.md");
    let page = String::from("/kurse/kurs-10/");
    let first = preview.wait(&page, "</html>")? - preview.started;
    line("start until the first page is answered", &[first]);
    println!("{:<10} that is {:.2} of a clean build", "werdegang", first.as_secs_f64() / clean.as_secs_f64());
    let text = preview.read(course)?;
    std::thread::sleep(Duration::from_secs(2));
    line("the text of a course", &edits(&preview, course, TIMES, std::slice::from_ref(&page), &|mark| format!("{text}\n{mark}\n"))?);
    preview.save(course, &text)?;
    let (before, price) = text.split_once("price = { amount = ").ok_or("the course has no price")?;
    let after = price.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let priced = |time: usize| (format!("{before}price = {{ amount = {}{after}", 20_000 + time), format!("20.{time:03}"));
    // By price, the dearest stands at the end of the list: of that of its provider all pages are looked through.
    preview.save(course, &priced(999).0)?;
    preview.wait(&page, "20.999")?;
    std::thread::sleep(Duration::from_secs(2));
    let of_list = |at: usize| match at {
        1 => String::from("/kurse/anbieter/anbieter-0/"),
        at => format!("/kurse/anbieter/anbieter-0/page/{at}/"),
    };
    let listed = (1..=40).map(of_list).find(|list| preview.get(list).is_some_and(|text| text.contains("20.999")));
    let shown = [page.clone(), listed.ok_or("no list shows the price")?];
    line("a price, on the course and in its list", &saves(&preview, course, TIMES, &shown, &priced)?);
    let text = preview.read(provider)?;
    let named = [String::from("/anbieter/anbieter-0/"), page, shown[1].clone()];
    let renamed = |mark: &str| text.replacen("title = \"", &format!("title = \"{mark} "), 1);
    line("the name of a provider of a tenth of all", &edits(&preview, provider, TIMES, &named, &renamed)?);
    let early = preview.memory();
    let text = preview.read(course)?;
    edits(&preview, course, 990, &named[1..2], &|mark| format!("{text}\n{mark}\n"))?;
    let (now, ratio) = (preview.memory() / 1024, preview.memory() as f64 / early as f64);
    println!("{:<10} memory: {now} MiB after 1,000 more edits, {ratio:.2} of that before", "werdegang");
    drop(preview);
    fs::remove_dir_all(root).map_err(|error| error.to_string())
}

/// An edit of a body in portals that say the same, of which more and more is reported.
fn with_findings(scratch: &Path, pages: usize) -> Result<()> {
    let mut medians = Vec::new();
    for findings in [0, 3_000, 60_000] {
        let root = scratch.join(format!("findings-{findings}"));
        generate::portal(&root, pages, true).map_err(|error| error.to_string())?;
        generate::uncited(&root, pages, findings).map_err(|error| error.to_string())?;
        let preview = start(For::Werdegang, &root)?;
        let number = pages / 6;
        let (section, file) = (number / 500, format!("content/section-{}/page-{number}.md", number / 500));
        let page = format!("/section-{section}/page-{number}/");
        preview.wait(&page, "</html>")?;
        let text = preview.read(&file)?;
        std::thread::sleep(Duration::from_secs(2));
        let took = edits(&preview, &file, TIMES, &[page], &|mark| format!("{text}\n{mark}\n"))?;
        let (median, worst) = (took[took.len() / 2].as_secs_f64() * 1e3, took[took.len() - 1].as_secs_f64() * 1e3);
        medians.push(median);
        let (what, ratio) = (format!("a body, with {findings} findings"), median / medians[0]);
        println!("{:<10} {what:<44} {median:>7.1}ms {worst:>7.1}ms  {ratio:.2} of that without", "werdegang");
        drop(preview);
        fs::remove_dir_all(&root).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn measure(of: For, name: &str, root: &Path, pages: usize) -> Result<()> {
    peer_portals::portal(root, pages, of).map_err(|error| error.to_string())?;
    let line = |what: &str, took: &[Duration]| {
        let shown = |took: &Duration| format!("{:.1}ms", took.as_secs_f64() * 1e3);
        println!("{name:<10} {what:<44} {:>9} {:>9}", shown(&took[took.len() / 2]), shown(&took[took.len() - 1]));
    };
    if of == For::Werdegang {
        line("clean build, for comparison", &[clean_build(root)?]);
    }
    let preview = start(of, root)?;
    let number = pages / 6;
    let (section, file) = (number / 500, format!("content/section-{}/page-{number}.md", number / 500));
    let page = format!("/section-{section}/page-{number}/");
    let first = preview.wait(&page, "</html>")?;
    line("start until the first page is answered", &[first - preview.started]);
    let text = preview.read(&file)?;
    std::thread::sleep(Duration::from_secs(2));
    line("a body, on its page", &edits(&preview, &file, TIMES, std::slice::from_ref(&page), &|mark| format!("{text}\n{mark}\n"))?);
    // The page of the list that shows it.
    let of_list = |at: usize| if at == 1 { format!("/section-{section}/") } else { format!("/section-{section}/page/{at}/") };
    let listed = (1..=11).map(of_list).find(|list| preview.get(list).is_some_and(|text| text.contains(&page)));
    let lists = vec![page.clone(), listed.ok_or("no list shows the page")?];
    line(
        "a title, on its page and in its list",
        &edits(&preview, &file, TIMES, &lists, &|mark| text.replacen("title = \"", &format!("title = \"{mark} "), 1))?,
    );
    let template = if of == For::Hugo { "layouts/baseof.html" } else { "themes/bench/templates/base.html" };
    let base = preview.read(template)?;
    let with_mark = |mark: &str| base.replacen("<main>", &format!("<b>{mark}</b><main>"), 1);
    let mut all = Vec::new();
    let mut asked = Vec::new();
    for _ in 0..5 {
        while preview.said.try_recv().is_ok() {}
        let saved = Instant::now();
        asked.append(&mut edits(&preview, template, 1, std::slice::from_ref(&page), &with_mark)?);
        if of == For::Werdegang {
            let told = preview.said.recv_timeout(PATIENCE).map_err(|error| error.to_string())?;
            all.push(told.0 - saved);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    asked.sort();
    line("a template of all pages, on the page asked for", &asked);
    if of == For::Werdegang {
        all.sort();
        line("a template of all pages, all of them", &all);
        drop(preview);
        // In a preview of its own, so that the edits are all that it did.
        let preview = start(of, root)?;
        preview.wait(&page, "</html>")?;
        std::thread::sleep(Duration::from_secs(2));
        edits(&preview, &file, 10, std::slice::from_ref(&page), &|mark| format!("{text}\n{mark}\n"))?;
        let early = preview.memory();
        edits(&preview, &file, 990, &[page], &|mark| format!("{text}\n{mark}\n"))?;
        let late = preview.memory();
        println!("{name:<10} memory: {} MiB after 10 edits, {:.2} of that after 1,000", early / 1024, late as f64 / early as f64);
    }
    Ok(())
}

fn clean_build(root: &Path) -> Result<Duration> {
    let out = root.join("public");
    let mut took = Vec::new();
    for _ in 0..3 {
        let _ = fs::remove_dir_all(&out);
        let started = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_werdegang")).arg("--root").arg(root).arg("build").stdout(Stdio::null()).status();
        status.map_err(|error| error.to_string())?;
        took.push(started.elapsed());
    }
    let _ = fs::remove_dir_all(&out);
    took.sort();
    Ok(took[1])
}
