//! How long a clean build takes, and how much memory, beside Hugo and Zola on the same portal.
//!
//! `cargo bench --bench peers` runs it; `-- 1000 10000` names the sizes. `HUGO=` and `ZOLA=` name the
//! programs; without them they are looked for on the PATH, and one that is not there is left out, which is
//! said. The programs take turns, so that all are measured under the same load.

#![allow(missing_docs, reason = "a benchmark")]

#[allow(dead_code, reason = "shared with the other benchmarks")]
mod generate;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod market;
mod peer_portals;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use generate::For;

/// How often each program builds.
const RUNS: usize = 5;

/// A program that builds the portal.
struct Program {
    name: &'static str,
    of: For,
    path: PathBuf,
    builds: Builds,
}

/// What a program builds.
#[derive(Clone, Copy)]
enum Builds {
    /// Plain pages, the same for all programs.
    Pages,
    /// Typed records with the default theme and everything on: so many in a hundred of the number of pages. No
    /// other program has the like; it stands beside their plain pages.
    Records(usize),
}

/// What one build took: time, and peak memory in KiB.
type Took = (Duration, u64);

fn main() -> ExitCode {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000] } else { sizes };
    let own = |name, builds| Program { name, of: For::Werdegang, path: PathBuf::from(env!("CARGO_BIN_EXE_werdegang")), builds };
    let mut programs =
        vec![own("werdegang", Builds::Pages), own("records", Builds::Records(100)), own("records, 40 %", Builds::Records(40))];
    for (name, of, variable) in [("hugo", For::Hugo, "HUGO"), ("zola", For::Zola, "ZOLA")] {
        let path = std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from);
        match Command::new(&path).arg(if of == For::Hugo { "version" } else { "--version" }).output() {
            Ok(output) if output.status.success() => {
                let text = String::from_utf8_lossy(&output.stdout);
                println!("{}", text.lines().next_back().unwrap_or(name));
                programs.push(Program { name, of, path, builds: Builds::Pages });
            }
            _ => println!("{name} is not here: left out (`{variable}=` names where it is)"),
        }
    }
    println!("{} cores", std::thread::available_parallelism().map_or(1, usize::from));
    println!(
        "{:>7}  {:<13} {:>9} {:>9} {:>9} {:>9} {:>7} {:>8}",
        "pages", "program", "clean", "memory", "HTML", "MiB", "to hugo", "memory"
    );
    let scratch = if Path::new("/dev/shm").is_dir() { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir() };
    let result = scratch
        .map_err(|error| error.to_string())
        .and_then(|scratch| sizes.iter().try_for_each(|pages| compare(scratch.path(), *pages, &programs)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(scratch: &Path, pages: usize, programs: &[Program]) -> Result<(), String> {
    let place = |program: &Program| (scratch.join(format!("{}-{pages}", program.name)), scratch.join(format!("{}-out", program.name)));
    for program in programs {
        let root = place(program).0;
        let written = match program.builds {
            Builds::Pages => peer_portals::portal(&root, pages, program.of),
            Builds::Records(percent) => market::portal(&root, pages * percent / 100, market::Shape::Even),
        };
        written.map_err(|error| error.to_string())?;
    }
    let mut took: Vec<Vec<Took>> = programs.iter().map(|_| Vec::new()).collect();
    let runs = if pages > 20_000 { 1 } else { RUNS };
    for _ in 0..runs {
        for (program, took) in programs.iter().zip(&mut took) {
            let (root, out) = place(program);
            let _ = std::fs::remove_dir_all(&out);
            took.push(build(program, &root, &out)?);
        }
    }
    let mut again = Vec::new();
    for _ in 0..runs {
        let (root, out) = place(&programs[0]);
        again.push(build(&programs[0], &root, &out)?);
    }
    let median = |took: &mut Vec<Took>| {
        took.sort();
        (took[took.len() / 2].0.as_secs_f64(), took.iter().map(|(_, memory)| *memory).max().unwrap_or(0))
    };
    let results: Vec<(f64, u64)> = took.iter_mut().map(median).collect();
    let hugo = programs.iter().position(|program| program.of == For::Hugo).map(|at| results[at]);
    for (program, (time, memory)) in programs.iter().zip(&results) {
        let (html, bytes) = output_of(&place(program).1);
        let ratio = hugo.map_or_else(|| String::from("-"), |(hugo, _)| format!("{:.2}", time / hugo));
        let memory_ratio = hugo.map_or_else(|| String::from("-"), |(_, hugo)| format!("{:.2}", *memory as f64 / hugo as f64));
        println!(
            "{pages:>7}  {:<13} {:>7.0}ms {:>6}MiB {html:>9} {:>9} {ratio:>7} {memory_ratio:>8}",
            program.name,
            time * 1e3,
            memory / 1024,
            bytes / 1024 / 1024
        );
    }
    let (again, _) = median(&mut again);
    println!("{pages:>7}  werdegang again, nothing changed: {:.0}ms, {:.2} of a clean build", again * 1e3, again / results[0].0);
    for program in programs {
        let (root, out) = place(program);
        let _ = (std::fs::remove_dir_all(root), std::fs::remove_dir_all(out));
    }
    Ok(())
}

fn build(program: &Program, root: &Path, out: &Path) -> Result<Took, String> {
    let mut command = Command::new(&program.path);
    match program.of {
        For::Werdegang => command.arg("--root").arg(root).args(["build", "--as-of", "2026-11-23", "-o"]).arg(out),
        For::Hugo => command.arg("--source").arg(root).arg("--destination").arg(out).args(["--quiet", "--noBuildLock"]),
        For::Zola => command.arg("--root").arg(root).args(["build", "--force", "-o"]).arg(out),
    };
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(|error| format!("{}: {error}", program.name))?;
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_memory(child.id()));
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let took = started.elapsed();
    if !status.success() {
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr {
            let _ = std::io::Read::read_to_string(&mut stderr, &mut said);
        }
        return Err(format!("{} failed: {said}", program.name));
    }
    Ok((took, peak))
}

/// The most memory that a process and those it started have held, in KiB (Linux, `VmHWM` of proc(5)).
fn peak_memory(process: u32) -> u64 {
    let own = std::fs::read_to_string(format!("/proc/{process}/status")).ok().and_then(|status| {
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    own.unwrap_or(0).max(children.split_whitespace().filter_map(|child| child.parse().ok()).map(peak_memory).max().unwrap_or(0))
}

/// How many HTML files there are, and how many bytes in all.
fn output_of(out: &Path) -> (usize, u64) {
    let files = walkdir::WalkDir::new(out).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files.fold((0, 0), |(html, bytes), entry| {
        let is_html = entry.path().extension().is_some_and(|ending| ending == "html");
        (html + usize::from(is_html), bytes + entry.metadata().map_or(0, |found| found.len()))
    })
}
