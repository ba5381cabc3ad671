//! `werdegang new`: the front matter of a page, with every key explained.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::sync::Arc;

use super::args::{Args, New};
use super::build::open;
use super::lines::tell_out;
use super::new_question;
use super::outcome::{Outcome, cannot_run};
use super::schema::unknown_kind;
use super::terminal::Ui;
use crate::config::{SITE_FILE, no_portal};
use crate::content::{CONTENT_DIR, PageFront, SECTION_FILE, SectionFront};
use crate::diagnostic::{Diagnostic, text};
use crate::files::Files;
use crate::limits::LONGEST_PART;
use crate::pipeline;
use crate::portal::is_inside;
use crate::records::Kind;
use crate::schema::{Decode, LEGEND, Shape, Table, scaffold};

/// Kinds of page that have no record.
const PLAIN: [&str; 3] = ["page", "section", QUESTION];

/// No page, but something that one gets.
const QUESTION: &str = "question";

pub(super) fn run(args: &Args, command: &New, ui: &mut dyn Ui) -> Outcome {
    let kind = Kind::from_name(&command.kind);
    if kind.is_none() && !PLAIN.contains(&command.kind.as_str()) {
        return cannot_run(ui, &unknown_kind(&command.kind, &PLAIN));
    }
    let disk = match open(&args.root) {
        Ok(disk) => disk,
        Err(finding) => return cannot_run(ui, &finding),
    };
    if !disk.root().join(SITE_FILE).is_file() {
        return cannot_run(ui, &no_portal(&disk));
    }
    let Some(path) = file_path(&command.path, &command.kind) else {
        let finding = Diagnostic::new("path", text!("`{path}` is no file below `{content}/`", path = command.path, content = CONTENT_DIR))
            .help(text!("write it as `new {kind} folder/name`", kind = command.kind));
        return cannot_run(ui, &finding);
    };
    if command.kind == QUESTION {
        return new_question::run(&disk, &path, ui);
    }
    let title = command.title.clone().unwrap_or_else(|| title_of(&path));
    let files: Arc<dyn Files> = Arc::new(disk.clone());
    let text = match kind {
        Some(kind) => page(&title, Some(&record(kind, &title, &files))),
        None if command.kind == "section" => section(&title),
        None => page(&title, None),
    };
    let target = disk.root().join(&path);
    let made = target.parent().map_or(Ok(()), fs::create_dir_all);
    let written = made.and_then(|()| OpenOptions::new().write(true).create_new(true).open(&target)?.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            tell_out(ui, &text!("{path} written", path));
            Outcome::Done
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let finding = Diagnostic::new("exists", text!("`{path}` already exists", path)).help("choose another name");
            cannot_run(ui, &finding)
        }
        Err(error) => {
            let finding = Diagnostic::new("write", text!("cannot write `{path}`: {error}", path, error))
                .help("check that you may write there and that the disk has room");
            cannot_run(ui, &finding)
        }
    }
}

/// The file of a page: `kurse/x` is `content/kurse/x.md`, of a section `content/kurse/x/_index.md`.
fn file_path(written: &str, kind: &str) -> Option<String> {
    let written = written.strip_prefix("content/").unwrap_or(written).trim_end_matches('/');
    let name = written.strip_suffix(".md").unwrap_or(written);
    let file = match (kind, name.rsplit('/').next()) {
        ("section", Some("_index")) => format!("{name}.md"),
        ("section", _) => format!("{name}/{SECTION_FILE}"),
        (_, Some("_index")) => return None,
        _ => format!("{name}.md"),
    };
    let has_name = name.rsplit('/').next().is_some_and(|last| last.chars().any(char::is_alphanumeric));
    let sound = has_name && is_inside(&file) && !file.contains(char::is_control) && file.split('/').all(|part| part.len() <= LONGEST_PART);
    sound.then(|| format!("{CONTENT_DIR}/{file}"))
}

/// A title from a file's name: `mein-kurs` is `Mein kurs`.
fn title_of(path: &str) -> String {
    let stem = path.trim_end_matches(".md").trim_end_matches("/_index").trim_end_matches("/index");
    let words = stem.rsplit('/').next().unwrap_or(stem).replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| String::from("\"\""))
}

fn table_of(shape: Shape, leave_out: impl Fn(&str) -> bool) -> Table {
    match shape {
        Shape::Table(mut table) => {
            table.fields.retain(|field| !leave_out(field.key));
            table
        }
        _ => Table { label: "", doc: String::new(), fields: Vec::new() },
    }
}

/// Keys without a heading: those of the page itself.
fn head(table: &Table, title: &str, draft: bool) -> String {
    let text = scaffold("", table, &|key| match key {
        "title" => Some(quoted(title)),
        "draft" if draft => Some(String::from("true")),
        _ => None,
    });
    text.strip_prefix("[]\n").unwrap_or(&text).to_owned()
}

fn page(title: &str, record: Option<&str>) -> String {
    let table = table_of(PageFront::shape(), |key| Kind::from_name(key).is_some());
    let record = record.map_or_else(String::new, |record| format!("\n{record}"));
    format!("+++\n{LEGEND}{}{record}+++\n\n", head(&table, title, true))
}

fn section(title: &str) -> String {
    format!("+++\n{LEGEND}{}+++\n\n", head(&table_of(SectionFront::shape(), |_| false), title, false))
}

/// The table of a record; what it must refer to is the first of its kind that the portal has.
fn record(kind: Kind, title: &str, files: &Arc<dyn Files>) -> String {
    let known = pipeline::ids(&**files);
    scaffold(kind.as_str(), &kind.table(), &|key| match key {
        "name" => Some(quoted(title)),
        "legal_name" | "kind" if kind == Kind::Provider => Some(quoted("unknown")),
        "leads_to" => known.get(&Kind::Role).and_then(|ids| ids.first()).map(|id| format!("[{}]", quoted(id))),
        "short" if kind == Kind::Term => Some(quoted("…")),
        "provider" | "role" => {
            let of = Kind::from_name(key)?;
            known.get(&of).and_then(|ids| ids.first()).map(|id| quoted(id))
        }
        _ => None,
    })
}
