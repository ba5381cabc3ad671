//! Addresses: from files, slugs and `path` to places in the output, none of which can lie outside it.

use crate::diagnostic::{Text, text};
use crate::limits::{LONGEST_PART, LONGEST_PATH};
use crate::locale::{Locale, composed, is_slug};

/// Endings that make the last part of a written address a file. They are those of what a template can write
/// and a server sends as what it is; any other dot belongs to the name of a page: `/2021/05/06/Rust-1.52.0/`.
pub(super) const FILE_ENDINGS: [&str; 9] = ["html", "htm", "xhtml", "xml", "txt", "json", "csv", "ics", "webmanifest"];

/// A folder or file name as part of an address: kept where it is one already, else made into one.
pub(super) fn part(name: &str, locale: &Locale) -> String {
    if is_slug(name) { name.to_owned() } else { locale.slug(name) }
}

/// The folders of `dir` as the beginning of an address: `/a/b/`, or `/`.
pub(super) fn folder(dir: &str, locale: &Locale) -> String {
    let mut path = String::from("/");
    for name in dir.split('/').filter(|name| !name.is_empty()) {
        path.push_str(&part(name, locale));
        path.push('/');
    }
    path
}

/// A path that somebody wrote as an address: `/some/where/`, or, with one of the endings of files,
/// `/some/file.html`.
///
/// # Errors
/// Why it cannot be one.
pub fn clean_path(written: &str) -> Result<String, Text> {
    clean(written, &is_slug, "is not made of ASCII letters, digits, `-`, `_`, `.` and `~`")
}

/// A path that a page once had, elsewhere and under other rules: it may have letters of any language, as they
/// are or percent-encoded.
///
/// # Errors
/// Why it cannot be one.
pub(super) fn clean_old_path(written: &str) -> Result<String, Text> {
    let decoded =
        percent_encoding::percent_decode_str(written).decode_utf8().map_err(|_| Text::from("its percent-encoding is not UTF-8"))?;
    let sound =
        |name: &str| !name.contains(|character: char| character.is_control() || r#"\:*?"<>|#%"#.contains(character)) && name.trim() == name;
    clean(&composed(&decoded), &sound, "has a character that no file system takes")
}

fn clean(written: &str, sound: &dyn Fn(&str) -> bool, problem: &'static str) -> Result<String, Text> {
    let mut path = String::from("/");
    let trimmed = written.trim_start_matches('/');
    for name in trimmed.trim_end_matches('/').split('/').filter(|_| !trimmed.is_empty()) {
        if name == ".." || name == "." {
            return Err(Text::from("it may not lead upwards"));
        }
        if name.is_empty() || !sound(name) {
            return Err(text!("`{name}` {problem}", name, problem = Text::from(problem)));
        }
        if name.len() > LONGEST_PART {
            return Err(text!("a part of it is longer than {most} bytes", most = LONGEST_PART));
        }
        path.push_str(name);
        path.push('/');
    }
    if path.len() > LONGEST_PATH {
        return Err(text!("it is longer than {most} bytes", most = LONGEST_PATH));
    }
    let ending = path.trim_end_matches('/').rsplit('/').next().and_then(|last| last.rsplit_once('.')).map_or("", |(_, ending)| ending);
    let is_file = FILE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if is_file && !written.ends_with('/') {
        path.pop();
    }
    Ok(path)
}

/// Whether the parts of a relative output path all stay inside.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && path.split('/').all(|name| !name.is_empty() && name != "." && name != ".." && !name.contains(['\\', '\0']))
}

/// The folder of a file below `content/`, with a slash at its end unless it is the root.
pub(super) fn folder_of(file: &str) -> &str {
    file.rfind('/').map_or("", |at| &file[..=at])
}
