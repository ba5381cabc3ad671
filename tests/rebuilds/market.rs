//! A small market of courses, as the benchmarks build it large, and edits of what its records say.

use std::fs;

use walkdir::WalkDir;

use super::edits::{Edit, Random, Shelf};
use crate::market::{Shape, portal};

/// How many records the market has.
const RECORDS: usize = 40;

/// The files of the market. Lists are short, so that courses move from page to page.
pub fn shelf() -> Shelf {
    let folder = tempfile::tempdir().expect("a folder");
    portal(folder.path(), RECORDS, Shape::Skewed).expect("it is written");
    let files =
        WalkDir::new(folder.path()).into_iter().map(|entry| entry.expect("it is listed")).filter(|entry| entry.file_type().is_file());
    let relative = |path: &std::path::Path| {
        let path = path.strip_prefix(folder.path()).expect("it is inside");
        path.components().map(|part| part.as_os_str().to_str().expect("text")).collect::<Vec<_>>().join("/")
    };
    files
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("text");
            (relative(entry.path()), text.replace("paginate_by = 48", "paginate_by = 3"))
        })
        .collect()
}

/// Keys of records, and where records that have them lie.
const KEYS: [(&str, &str); 14] = [
    ("price", "content/kurse/"),
    ("duration", "content/kurse/"),
    ("workload", "content/kurse/"),
    ("sessions", "content/kurse/"),
    ("provider", "content/kurse/"),
    ("leads_to", "content/kurse/"),
    ("approval", "content/kurse/"),
    ("funding", "content/kurse/"),
    ("mode", "content/kurse/"),
    ("verified", "content/kurse/"),
    ("accreditation", "content/anbieter/"),
    ("kind", "content/anbieter/"),
    ("related", "content/rollen/"),
    ("next", "content/rollen/"),
];

/// One edit of what the market says.
pub fn edit(random: &mut Random, files: &Shelf) -> Edit {
    let below = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).cloned().collect::<Vec<_>>();
    let one = |random: &mut Random, folder: &str| {
        let paths = below(folder);
        paths.get(random.below(paths.len())).cloned().unwrap_or_else(|| format!("{folder}x.md"))
    };
    let text_of = |path: &str| files.get(path).cloned().unwrap_or_default();
    match random.below(12) {
        // A key says what it says of another record of its kind.
        0..=4 => {
            let (key, folder) = KEYS[random.below(KEYS.len())];
            let (path, other) = (one(random, folder), one(random, folder));
            let line = text_of(&other).lines().find(|line| line.starts_with(&format!("{key} = "))).map(str::to_owned);
            Edit::Write(path.clone(), with_line(&text_of(&path), key, line.as_deref()))
        }
        // It is no longer said.
        5 => {
            let (key, folder) = KEYS[random.below(KEYS.len())];
            let path = one(random, folder);
            Edit::Write(path.clone(), with_line(&text_of(&path), key, None))
        }
        // Numbers and names: of a record, a figure, a source.
        6 | 7 => {
            let folder = random.pick(&["content/kurse/", "content/gehalt/", "content/sources.toml", "content/anbieter/"]);
            let path = one(random, folder);
            let text = text_of(&path);
            Edit::Write(path, other_number(random, &text))
        }
        8 => {
            let folder = random.pick(&["content/kurse/", "content/rollen/", "content/anbieter/", "content/glossar/", "content/"]);
            let path = one(random, folder);
            let text = text_of(&path);
            let named = random.pick(&["title = \"", "name = \"", "legal_name = \"", "gender_fair = \""]);
            Edit::Write(path, text.replacen(named, &format!("{named}{} ", random.pick(&["Aal", "Zoo", "Ärger"])), 1))
        }
        // A record comes, as a copy of another, and one goes.
        9 => {
            let folder = random.pick(&["content/kurse/kurs", "content/ratgeber/beitrag"]);
            let path = one(random, folder);
            let text = text_of(&path);
            let copy = path.replace(".md", &format!("-{}.md", random.below(4)));
            Edit::Write(copy, text)
        }
        10 => {
            let folder = random.pick(&["content/kurse/kurs", "content/ratgeber/beitrag", "content/gehalt/", "content/anbieter/"]);
            Edit::Remove(one(random, folder))
        }
        _ => {
            let path = one(random, "content/");
            let text = text_of(&path);
            Edit::Write(path, format!("{text}\nEin Satz mehr über die Prüfung.\n"))
        }
    }
}

/// A text in which the line of a key is another, or is gone.
fn with_line(text: &str, key: &str, line: Option<&str>) -> String {
    let lines = text.lines().filter_map(|its| if its.starts_with(&format!("{key} = ")) { line } else { Some(its) });
    lines.map(|line| format!("{line}\n")).collect()
}

/// A text in which one of the digits is another.
fn other_number(random: &mut Random, text: &str) -> String {
    let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let Some(at) = digits.get(random.below(digits.len())) else { return text.to_owned() };
    format!("{}{}{}", &text[..*at], random.below(10), &text[at + 1..])
}
