//! A case, run: see `tests/cases/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Archive, Portal, Reply, SITE, Server, normal, tree};
use werdegang::api::cli::Outcome;

/// Sections that are not files of the portal.
const EXPECTATIONS: [&str; 7] = ["code", "stdout", "stderr", "outputs", "setup", "server", "env"];

/// What stands for the port of the case's server. Ports are as long as this, so that columns stay.
const PORT: &str = "NNNNN";

/// Runs all cases of a folder, and expects each to be as `run` finds it; the environment variable `UPDATE`
/// accepts what was found, `CASE` names those to run.
#[track_caller]
pub fn settle(folder: &Path, run: impl Fn(&str, &Archive) -> Archive) {
    let update = std::env::var_os("UPDATE").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut ran = 0;
    for (path, case) in archives(folder) {
        let name = path.strip_prefix(folder).expect("a case").display().to_string();
        if !name.contains(&only) {
            continue;
        }
        ran += 1;
        let found = run(&name, &case);
        if update {
            fs::write(&path, found.write()).expect("the case is written");
        } else if let Some(difference) = case.difference(&found) {
            failures.push(format!("---- {name}\n{difference}"));
        }
    }
    assert!(ran > 0, "no case is named like `{only}`");
    assert!(failures.is_empty(), "{} of {ran} cases differ; UPDATE=1 accepts what was found\n\n{}", failures.len(), failures.join("\n"));
}

/// All cases of a folder, each with its path.
pub fn archives(folder: &Path) -> Vec<(PathBuf, Archive)> {
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|ending| ending == "txt") {
            let text = fs::read_to_string(entry.path()).expect("a case is text");
            cases.push((entry.path().to_owned(), Archive::parse(&text)));
        }
    }
    cases
}

/// The same case with what was found in place of what is expected.
pub fn run_case(case: &Archive) -> Archive {
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
    // Its lines are `NAME=value`; without them messages are English.
    let environment: Vec<(&str, &str)> =
        case.get("env").unwrap_or("WERDEGANG_LANG=en").lines().filter_map(|line| line.split_once('=')).collect();
    let (outcome, shown) = portal.run_in(&environment, &arguments);
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
        let bytes = outputs
            .iter()
            .find(|(path, _)| path == wanted || without_hash(path) == wanted)
            .map(|(_, bytes)| bytes.clone())
            .unwrap_or_default();
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
        #[cfg(feature = "images")]
        ["picture", path, size, how @ ..] => {
            let (width, height) = size.split_once('x').expect("a size");
            let (width, height) = (width.parse().expect("a width"), height.parse().expect("a height"));
            let picture = super::pictures::picture(path.rsplit('.').next().expect("an ending"), width, height, 0);
            let cut = |bytes: &[u8]| bytes[..bytes.len() * 2 / 3].to_vec();
            portal.write(
                path,
                match how {
                    [] => picture,
                    ["turned"] => super::pictures::with_exif(&picture, 6),
                    ["cut"] => cut(&picture),
                    other => panic!("no such picture: {other:?}"),
                },
            );
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
        ["size", path, bytes] => {
            fs::create_dir_all(portal.path(path).parent().expect("a folder")).expect("the folder is made");
            let file = fs::OpenOptions::new().create(true).append(true).open(portal.path(path)).expect("the file is there");
            file.set_len(bytes.parse().expect("a number")).expect("it has that length");
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
