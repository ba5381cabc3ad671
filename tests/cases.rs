//! Runs the cases of `tests/cases`, and reports all that fail at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Archive, Portal, Reply, SITE, Server, normal, tree};
use werdegang::cli::Outcome;

/// Sections that are not files of the portal.
const EXPECTATIONS: [&str; 6] = ["code", "stdout", "stderr", "outputs", "setup", "server"];

/// What stands for the port of the case's server. Ports are as long as this, so that columns stay.
const PORT: &str = "NNNNN";

/// Where the cases are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// All cases, each with its name and text.
pub fn all() -> Vec<(PathBuf, Archive)> {
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(folder()).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|ending| ending == "txt") {
            let text = fs::read_to_string(entry.path()).expect("a case is text");
            cases.push((entry.path().to_owned(), Archive::parse(&text)));
        }
    }
    cases
}

#[test]
fn cases_show_what_they_expect() {
    let update = std::env::var_os("UPDATE").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut ran = 0;
    for (path, case) in all() {
        let name = path.strip_prefix(folder()).expect("a case").display().to_string();
        if !name.contains(&only) {
            continue;
        }
        ran += 1;
        let found = run_case(&case);
        if update {
            fs::write(&path, found.write()).expect("the case is written");
        } else if let Some(difference) = difference(&case, &found) {
            failures.push(format!("---- {name}\n{difference}"));
        }
    }
    assert!(ran > 0, "no case is named like `{only}`");
    assert!(failures.is_empty(), "{} of {ran} cases differ; UPDATE=1 accepts what was found\n\n{}", failures.len(), failures.join("\n"));
}

/// The same case with what was found in place of what is expected.
fn run_case(case: &Archive) -> Archive {
    let portal = Portal::empty();
    if case.get("site.toml").is_none() {
        portal.write("site.toml", SITE);
    }
    let server = case.get("server").map(server);
    let port = server.as_ref().map(|server| format!("{:05}", server.port)).unwrap_or_default();
    for section in &case.sections {
        let expectation = EXPECTATIONS.contains(&section.name.as_str()) || section.name == "cmd" || section.name.starts_with("output ");
        if !expectation {
            let text = if server.is_some() { section.text.replace(PORT, &port) } else { section.text.clone() };
            portal.write(&section.name, text);
        }
    }
    for line in case.get("setup").unwrap_or_default().lines() {
        set_up(&portal, line);
    }
    let command = case.get("cmd").unwrap_or("build").trim().to_owned();
    let arguments: Vec<&str> = command.split_whitespace().collect();
    let (outcome, shown) = portal.run(&arguments);
    let mut found = case.clone();
    let code = match outcome {
        Outcome::Done => "0",
        Outcome::SiteErrors => "1",
        Outcome::CannotRun => "2",
    };
    found.set("code", code);
    let is_asked = |name: &str| case.get(name).is_some() || !case.sections.iter().any(|section| section.name.starts_with("output"));
    for (name, text) in [("stdout", &shown.out), ("stderr", &shown.err)] {
        if is_asked(name) {
            let text = if server.is_some() { text.replace(&port, PORT) } else { text.clone() };
            found.set(name, &normal(&text, portal.root()));
        }
    }
    let outputs = tree(&portal.path("public"));
    if case.get("outputs").is_some() {
        let paths: Vec<String> = outputs.iter().map(|(path, _)| without_hash(path)).collect();
        found.set("outputs", &paths.join("\n"));
    }
    for section in case.sections.iter().filter(|section| section.name.starts_with("output ")) {
        let wanted = &section.name["output ".len()..];
        let bytes = outputs.iter().find(|(path, _)| path == wanted).map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        found.set(&section.name, &String::from_utf8_lossy(&bytes));
    }
    found
}

/// A server of the case: a line each, `PATH REPLY`.
fn server(lines: &str) -> Server {
    let replies = lines.lines().filter_map(|line| line.split_once(' '));
    Server::of(replies.map(|(path, reply)| (path.to_owned(), Reply::parse(reply))).collect(), PORT)
}

/// `css/site.1a2b3c4d.css` as `css/site.[HASH].css`: what the theme's files hold is no matter of a case.
fn without_hash(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let is_hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.iter().map(|part| if is_hash(part) { "[HASH]" } else { part }).collect::<Vec<_>>().join(".")
}

/// A line of the section `setup`: what a text cannot hold.
fn set_up(portal: &Portal, line: &str) {
    // Spaces in a path are written as `%20`.
    let words: Vec<String> = line.splitn(4, ' ').map(|word| word.replace("%20", " ")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bytes", path, hex] => {
            let bytes: Vec<u8> = hex
                .as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex"))
                .collect();
            portal.write(path, bytes);
        }
        ["crlf", path] => {
            let text = fs::read_to_string(portal.path(path)).expect("the file is there");
            portal.write(path, text.replace('\n', "\r\n"));
        }
        ["bom", path] => {
            let text = fs::read_to_string(portal.path(path)).expect("the file is there");
            portal.write(path, format!("\u{feff}{text}"));
        }
        ["repeat", path, count, line] => {
            let mut text = fs::read_to_string(portal.path(path)).unwrap_or_default();
            let line = line.replace("\\n", "\n");
            for _ in 0..count.parse::<usize>().expect("a number") {
                text.push_str(&line);
            }
            portal.write(path, text);
        }
        ["remove", path] => {
            let _ = fs::remove_dir_all(portal.path(path));
            let _ = fs::remove_file(portal.path(path));
        }
        ["folder", path] => fs::create_dir_all(portal.path(path)).expect("the folder is made"),
        #[cfg(unix)]
        ["pipe", path] => {
            let made = std::process::Command::new("mkfifo").arg(portal.path(path)).status().expect("mkfifo runs");
            assert!(made.success());
        }
        #[cfg(unix)]
        ["not-utf-8-name", folder] => {
            use std::os::unix::ffi::OsStrExt;
            fs::write(portal.path(folder).join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "").expect("the file is written");
        }
        #[cfg(unix)]
        ["symlink", path, target] => {
            let link = portal.path(path);
            fs::create_dir_all(link.parent().expect("a folder")).expect("the folder is made");
            std::os::unix::fs::symlink(target, link).expect("the link is made");
        }
        other => panic!("no such line of setup: {other:?}"),
    }
}

/// The sections that differ, both ways.
fn difference(wanted: &Archive, found: &Archive) -> Option<String> {
    let names: BTreeSet<&str> = wanted.sections.iter().chain(&found.sections).map(|section| section.name.as_str()).collect();
    let mut text = String::new();
    for name in names {
        let (wanted, found) = (wanted.get(name).unwrap_or_default(), found.get(name).unwrap_or_default());
        if wanted.trim_end() != found.trim_end() {
            text.push_str(&format!("{name}, expected:\n{wanted}\n{name}, found:\n{found}\n"));
        }
    }
    (!text.is_empty()).then_some(text)
}

#[test]
fn every_code_is_pinned() {
    let mut pinned = String::new();
    for (_, case) in all() {
        pinned.push_str(case.get("stderr").unwrap_or_default());
    }
    let mut missing = BTreeSet::new();
    for code in werdegang::diagnostic::codes::all().map(|(code, _)| code.to_owned()).chain(codes()) {
        if !pinned.contains(&format!("[{code}]")) {
            missing.insert(code);
        }
    }
    // What no test can bring about on every machine is held by tests of its own, or cannot happen.
    for elsewhere in ["locked", "write", "sitemap", "static", "port", "server", "internal"] {
        missing.remove(elsewhere);
    }
    assert!(missing.is_empty(), "codes that no case pins: {missing:?}");
}

#[test]
fn every_code_is_in_the_table_and_no_other() {
    let known: BTreeSet<String> = werdegang::diagnostic::codes::all().map(|(name, _)| name.to_owned()).collect();
    let unknown: Vec<String> = codes().difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "codes that src/diagnostic/codes.toml lacks: {unknown:?}");
    // Some codes are chosen first and handed on.
    let sources = sources();
    let idle: Vec<&String> = known.iter().filter(|code| !sources.contains(&format!("\"{code}\""))).collect();
    assert!(idle.is_empty(), "codes that nothing reports: {idle:?}");
}

/// docs/findings.md: each code with what it means, how to mend it, and the first case that raises it as its example.
#[test]
fn every_code_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let cases = all();
    let example = |code: &str| {
        let start = format!("[{code}]: ");
        cases.iter().find_map(|(_, case)| {
            let shown = case.get("stderr")?;
            shown.split("\n\n").map(str::trim).find(|part| part.lines().next().is_some_and(|line| line.contains(&start))).map(str::to_owned)
        })
    };
    let mut text = String::from(
        "# Findings\n\nAll that `werdegang build`, `check` and the preview can report, by code. `werdegang explain CODE` prints an entry.\n\n\
         Made from `src/diagnostic/codes.toml` and the first case of `tests/cases` that raises each: `UPDATE=1 cargo test documented`.\n\n\
         Where an entry says *may be allowed*, a site can be built with it: `[check] severity` in `site.toml` changes how much it matters, and\n\
         `[[check.allow]]` there, or `[[allow]]` in the front matter of a page, allows single findings, with a reason and, if wanted, a last day.\n",
    );
    for (name, code) in werdegang::diagnostic::codes::all() {
        let may = if code.allow { ", may be allowed" } else { "" };
        text.push_str(&format!("\n## {name}\n\n*{}{may}.* {}\n\n**Mend it:** {}\n", code.severity.word(), code.meaning, code.mend));
        if let Some(example) = example(name) {
            text.push_str(&format!("\n```text\n{example}\n```\n"));
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, &text).expect("docs are written");
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "docs/findings.md differs from the table; UPDATE=1 writes it anew");
}

#[test]
fn at_least_forty_messages_are_pinned_whole() {
    let mut messages = BTreeSet::new();
    for (_, case) in all() {
        for line in case.get("stderr").unwrap_or_default().lines() {
            if line.starts_with("error[") || line.starts_with("warning[") {
                messages.insert(line.to_owned());
            }
        }
    }
    assert!(messages.len() >= 40, "only {} messages are pinned", messages.len());
}

/// All sources, one after the other.
fn sources() -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(src).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    files.map(|entry| fs::read_to_string(entry.path()).expect("a source is text")).collect()
}

/// The codes of findings in the sources.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let text = sources();
    for call in ["Diagnostic::error(", "Diagnostic::warning(", ".error("] {
        for part in text.split(call).skip(1) {
            let quoted = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.extend(
                quoted
                    .filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()))
                    .map(str::to_owned),
            );
        }
    }
    codes
}
