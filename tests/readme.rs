//! What README.md shows works as it stands there.

use std::fs;
use std::path::Path;

use crate::harness::{PORTAL_AS_OF, Portal, SITE, Shown};
use werdegang::api::cli::{Outcome, run};

const README: &str = include_str!("../README.md");

/// The part of README.md under a heading, up to the next one of any level.
fn under(heading: &str) -> &'static str {
    let (_, part) = README.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let end = ["\n## ", "\n### "].iter().filter_map(|next| part.find(next)).min().unwrap_or(part.len());
    &part[..end]
}

/// The indented blocks of a part, each without its indent.
fn blocks(part: &str) -> Vec<String> {
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut open = false;
    for line in part.lines() {
        let indent = line.len() - line.trim_start().len();
        match blocks.last_mut() {
            Some((depth, lines)) if open && (indent >= *depth || line.trim().is_empty()) => {
                lines.push(line.get(*depth..).unwrap_or_default())
            }
            _ if indent >= 4 => {
                open = true;
                blocks.push((indent, vec![line.trim_start()]));
            }
            _ => open = false,
        }
    }
    blocks.into_iter().map(|(_, lines)| lines.join("\n").trim_end().to_owned() + "\n").collect()
}

/// This repository's portal, in a folder of its own.
fn repository() -> Portal {
    let portal = Portal::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    portal.write("site.toml", fs::read(root.join("site.toml")).expect("site.toml"));
    for entry in walkdir::WalkDir::new(root.join("content")).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        portal.write(&path, fs::read(entry.path()).expect("a file"));
    }
    portal
}

#[test]
fn the_first_course_page_works_as_pasted() {
    let portal = repository();
    let part = under("### A course page in two minutes");
    let (_, command) = part.split_once("`werdegang ").expect("a command");
    let command: Vec<&str> = command.split('`').next().expect("its end").split(' ').collect();
    let (outcome, shown) = portal.run(&command);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    let page = blocks(part).into_iter().find(|block| block.starts_with("+++")).expect("a page");
    let path = part.split('`').find(|code| code.starts_with("content/")).expect("its file");
    assert!(portal.path(path).is_file(), "`{}` makes no {path}", command.join(" "));
    portal.write(path, page);
    let (outcome, shown) = portal.run(&["check", "--drafts", "--as-of", PORTAL_AS_OF]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
}

#[test]
fn a_portal_of_ones_own_starts_as_described() {
    let folder = Portal::empty();
    let part = under("## Start your own portal");
    let all = blocks(part);
    let mut root = folder.root().to_owned();
    for line in all.iter().flat_map(|block| block.lines()) {
        if let Some(folder) = line.strip_prefix("cd ") {
            root.push(folder);
        }
        let Some(command) = line.strip_prefix("werdegang ").filter(|command| !command.starts_with("serve")) else { continue };
        let mut arguments: Vec<String> = vec!["werdegang".into(), "--root".into(), root.display().to_string()];
        arguments.extend(
            command.split(' ').map(|word| if word == "mein-portal" { root.join(word).display().to_string() } else { word.to_owned() }),
        );
        let mut shown = Shown::default();
        assert_eq!(run(&arguments, &mut shown), Outcome::Done, "{line}: {}", shown.err);
    }
    let template = all.iter().find(|block| block.starts_with("{% extends")).expect("a template");
    for (path, text) in [("templates/base.html", template.as_str()), ("static/css/own.css", "body { color: #111 }")] {
        folder.write(&format!("mein-portal/{path}"), text);
    }
    for (page, name) in [("impressum", "imprint.html"), ("datenschutz", "privacy.html")] {
        let path = format!("mein-portal/content/{page}.md");
        let text = fs::read_to_string(folder.path(&path)).expect("the page");
        assert!(part.contains(&format!("`template = \"{name}\"`")));
        folder.write(&path, text.replacen("+++\n", &format!("+++\ntemplate = \"{name}\"\n"), 1));
    }
    let mut shown = Shown::default();
    let check = ["werdegang", "--root", &root.display().to_string(), "check", "--drafts"].map(str::to_owned);
    assert_eq!(run(check, &mut shown), Outcome::Done, "{}", shown.err);
}

#[test]
fn calls_of_shortcodes_work_as_shown() {
    let portal = repository();
    // Each stands between single backticks; which of all backticks open and which close cannot be told beside
    // fences.
    let starts = README.match_indices("`{{ <").map(|(at, _)| &README[at + 1..]);
    let calls: Vec<&str> =
        starts.filter_map(|rest| rest.split('`').next()).filter(|call| call.ends_with("/> }}") && !call.contains('…')).collect();
    assert!(calls.len() >= 3, "{calls:?}");
    portal.write("content/calls.md", format!("+++\ntitle = \"Calls\"\n+++\n{}\n", calls.join("\n\n")));
    let (outcome, shown) = portal.run(&["check", "--as-of", PORTAL_AS_OF]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
}

#[test]
fn settings_work_as_shown() {
    let examples: Vec<&str> = README.split("\n```toml\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let portal = Portal::of(&[("site.toml", &format!("{SITE}{example}\n")), ("content/_index.md", "+++\ntitle = \"a\"\n+++\n")]);
        let (outcome, shown) = portal.run(&["check"]);
        assert_eq!(outcome, Outcome::Done, "{example}\n{}", shown.err);
    }
}

#[test]
fn commands_are_described_and_have_their_options() {
    let help = |arguments: &[&str]| {
        let mut shown = Shown::default();
        run(["werdegang"].iter().chain(arguments), &mut shown);
        shown.out + &shown.err
    };
    let (_, listed) =
        help(&["--help"]).split_once("Commands:\n").map(|(before, rest)| (before.to_owned(), rest.to_owned())).expect("commands");
    let commands = listed.lines().take_while(|line| !line.trim().is_empty()).filter_map(|line| line.split_whitespace().next());
    for command in commands.filter(|command| *command != "help") {
        let row = README.lines().find(|line| line.starts_with(&format!("| `{command}"))).unwrap_or_else(|| panic!("no row for {command}"));
        let help = help(&[command, "--help"]);
        for option in row.split(['`', ' ', '/', '|', '\\']).filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "{command} has no {option}");
        }
    }
}
