//! How fast a portal of N pages is built, and how much memory that takes, beside a bare loop over the same
//! crates.
//!
//! `cargo bench` runs it; `cargo bench -- 1000 10000` names the sizes. Each measurement is a process of its
//! own, so that its peak memory is its own; the times are the median of several runs, one way after the
//! other, in one go. Nothing is asserted.

mod bare_loop;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod generate;
#[allow(dead_code, reason = "shared with the other benchmarks")]
mod market;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// How often each measurement is made.
const RUNS: usize = 5;

const USAGE: &str = "usage: cargo bench -- [PAGES]...";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["one", way, root, output] => measure_here(way, Path::new(root), Path::new(output)),
        ["write", root, records, shape] => {
            let shape = if *shape == "skewed" { market::Shape::Skewed } else { market::Shape::Even };
            match records.parse().map(|records| market::portal(Path::new(root), records, shape)) {
                Ok(Ok(())) => ExitCode::SUCCESS,
                other => {
                    eprintln!("{other:?}");
                    ExitCode::from(2)
                }
            }
        }
        sizes => {
            let sizes: Result<Vec<usize>, _> = sizes.iter().map(|size| size.parse()).collect();
            match sizes {
                Ok(sizes) if sizes.is_empty() => compare(&[1_000, 10_000]),
                Ok(sizes) => compare(&sizes),
                Err(_) => {
                    eprintln!("{USAGE}");
                    ExitCode::from(2)
                }
            }
        }
    }
}

/// Builds once, in this process, and prints milliseconds and peak memory in KiB.
fn measure_here(way: &str, root: &Path, output: &Path) -> ExitCode {
    let started = Instant::now();
    let done = match way {
        "loop" => bare_loop::build(root, output).map_err(|error| error.to_string()),
        command => {
            let (root, output) = (root.to_string_lossy(), output.to_string_lossy());
            let mut args = vec!["werdegang", "--root", &root, command, "--as-of", "2026-11-23"];
            if command == "build" {
                args.extend(["-o", &output]);
            }
            match werdegang::api::cli::run(args, &mut Silent) {
                werdegang::api::cli::Outcome::Done => Ok(()),
                other => Err(format!("{other:?}")),
            }
        }
    };
    if let Err(error) = done {
        eprintln!("{way}: {error}");
        return ExitCode::FAILURE;
    }
    println!("{} {}", started.elapsed().as_micros(), peak_memory().unwrap_or(0));
    ExitCode::SUCCESS
}

struct Silent;

impl werdegang::api::cli::Ui for Silent {
    fn out(&mut self, _: &str) {}
    fn err(&mut self, text: &str) {
        eprint!("{text}");
    }
    fn color(&self) -> bool {
        false
    }
    fn live(&self) -> bool {
        false
    }
}

/// The most memory this process has held, in KiB (Linux, `VmHWM` of proc(5)).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn compare(sizes: &[usize]) -> ExitCode {
    let base = scratch();
    println!("{} cores, scratch in {}", std::thread::available_parallelism().map_or(1, usize::from), base.display());
    println!("{:>8}  {:<28} {:>9} {:>11} {:>9}  {:>6}", "pages", "way", "time", "pages/s", "memory", "ratio");
    let result = sizes.iter().try_for_each(|pages| compare_one(&base, *pages));
    let _ = std::fs::remove_dir_all(&base);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare_one(base: &Path, pages: usize) -> Result<(), String> {
    let (market, skewed) = (base.join(format!("market-{pages}")), base.join(format!("skewed-{pages}")));
    market::portal(&market, pages, market::Shape::Even).map_err(|error| error.to_string())?;
    market::portal(&skewed, pages, market::Shape::Skewed).map_err(|error| error.to_string())?;
    let (plain, themed) = (base.join(format!("plain-{pages}")), base.join(format!("themed-{pages}")));
    generate::portal(&plain, pages, true).map_err(|error| error.to_string())?;
    generate::portal(&themed, pages, false).map_err(|error| error.to_string())?;
    let ways: [(&str, &str, &Path, bool); 9] = [
        ("loop", "bare loop", &plain, true),
        ("build", "build, typed records", &market, true),
        ("build", "build, typed, skewed", &skewed, true),
        ("check", "check, typed records", &market, true),
        ("build", "build, the loop's templates", &plain, true),
        ("check", "check, the loop's templates", &plain, true),
        ("build", "build, default theme", &themed, true),
        ("check", "check, default theme", &themed, true),
        ("build", "build again, nothing changed", &plain, false),
    ];
    let mut bare = None;
    for (way, name, root, clean) in ways {
        let output = base.join("out");
        let mut times = Vec::new();
        let mut memory = 0;
        if !clean {
            let _ = std::fs::remove_dir_all(&output);
            one(way, root, &output)?;
        }
        for _ in 0..RUNS {
            if clean {
                let _ = std::fs::remove_dir_all(&output);
            }
            let (micros, kib) = one(way, root, &output)?;
            times.push(micros);
            memory = memory.max(kib);
        }
        times.sort_unstable();
        let median = times[RUNS / 2] as f64 / 1e6;
        let bare = *bare.get_or_insert(median);
        println!(
            "{pages:>8}  {name:<28} {:>7.0}ms {:>11.0} {:>6}MiB  {:>6.2}",
            median * 1e3,
            pages as f64 / median,
            memory / 1024,
            median / bare
        );
    }
    Ok(())
}

fn one(way: &str, root: &Path, output: &Path) -> Result<(u64, u64), String> {
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let run = Command::new(exe).args(["one", way]).arg(root).arg(output).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&run.stdout);
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(micros)), Some(Ok(kib))) if run.status.success() => Ok((micros, kib)),
        _ => Err(format!("{way} failed: {}", String::from_utf8_lossy(&run.stderr))),
    }
}

/// A folder to work in: in memory where the system has such a place, so that the disk is not what is
/// measured.
fn scratch() -> PathBuf {
    let shared = Path::new("/dev/shm");
    let base = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    base.join(format!("werdegang-bench-{}", std::process::id()))
}
