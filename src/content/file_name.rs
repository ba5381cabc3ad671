//! What the name of a file of `content/` says: whether it is a page, a file to publish, or none of a reader's
//! business; a day; a language.

use jiff::civil::Date;

use crate::locale::is_language_tag;

/// The ending of a page.
const PAGE_ENDING: &str = ".md";

/// Endings that Markdown has elsewhere.
const MARKDOWN_ENDINGS: [&str; 6] = [".markdown", ".mdown", ".mkdn", ".mdwn", ".mkd", ".mdx"];

/// Endings of what programs leave beside a file: backups, halves of merges and patches, swap files, downloads
/// that are not whole.
const LEFT_BEHIND_ENDINGS: [&str; 11] = [".bak", ".orig", ".rej", ".swp", ".swo", ".swn", ".tmp", ".temp", ".part", ".crdownload", ".lnk"];

/// Names of files that file managers leave behind.
const LEFT_BEHIND_NAMES: [&str; 3] = ["Thumbs.db", "ehthumbs.db", "desktop.ini"];

/// What a file of `content/` is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind<'n> {
    /// A page or a section.
    Page,
    /// A page by another ending, which would be published as it is. With its path without that ending.
    OtherMarkdown(&'n str),
    /// A copy of a page that somebody or some program left behind: `x.md.bak`, `x.md.txt`.
    CopyOfPage,
    /// What editors and file managers leave behind, which is for no reader.
    LeftBehind,
    /// Any other file, which is published as it is.
    Other,
}

/// What the file of a path is by its name and the names of its folders.
pub(crate) fn file_kind(path: &str) -> FileKind<'_> {
    let name = path.rsplit('/').next().unwrap_or(path);
    // These come and go by themselves while somebody works, or lie where a system puts them: nobody needs to
    // be told.
    if path.split('/').any(is_hidden) || is_of_a_program(name) {
        return FileKind::LeftBehind;
    }
    if name.ends_with(PAGE_ENDING) {
        return FileKind::Page;
    }
    if let Some(ending) = [PAGE_ENDING].iter().chain(&MARKDOWN_ENDINGS).find(|ending| ends_with(name, ending)) {
        return FileKind::OtherMarkdown(&path[..path.len() - ending.len()]);
    }
    if holds_markdown_ending(name) {
        return FileKind::CopyOfPage;
    }
    if is_left_behind(name) { FileKind::LeftBehind } else { FileKind::Other }
}

/// Whether editors and systems hide such a name, of a file or a folder: it begins with a dot, ends with `~`,
/// or stands between `#`.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.len() > 1 && name.starts_with('#') && name.ends_with('#')) || name == "__MACOSX"
}

/// Whether a file of that name is a program's own: an office's lock, what a file manager knows of a folder.
fn is_of_a_program(name: &str) -> bool {
    name.starts_with("~$") || LEFT_BEHIND_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether editors and file managers leave a file of that name behind, in a folder where names that begin
/// with a dot may be for servers.
pub(crate) fn is_left_behind(name: &str) -> bool {
    let is_backup = name.ends_with('~') || LEFT_BEHIND_ENDINGS.iter().any(|ending| ends_with(name, ending));
    is_backup || is_of_a_program(name) || name == ".DS_Store" || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.len().checked_sub(ending.len()).and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// Whether the ending of a page stands in a name with something behind it that is no letter: `x.md.bak`,
/// `x.md_old`, `x.md (1)`.
fn holds_markdown_ending(name: &str) -> bool {
    let behind = |ending: &str| {
        let dots = name.match_indices('.').map(|(at, _)| at);
        dots.filter_map(|at| name.get(at..at + ending.len()).filter(|found| found.eq_ignore_ascii_case(ending)).map(|_| at + ending.len()))
            .any(|end| name[end..].chars().next().is_some_and(|next| !next.is_alphanumeric()))
    };
    [PAGE_ENDING, ".markdown"].into_iter().any(behind)
}

/// What a page is called by its file below `content/`: the folder it stands in, with a slash at its end
/// unless it is the root, and its name without ending. `x/index.md` is the page `x` with files beside it.
pub(crate) fn name_of_page(file: &str) -> (&str, &str) {
    let (folder, name) = file.split_at(file.rfind('/').map_or(0, |at| at + 1));
    let stem = name.strip_suffix(PAGE_ENDING).unwrap_or(name);
    match folder.strip_suffix('/') {
        Some(outer) if stem == "index" => outer.split_at(outer.rfind('/').map_or(0, |at| at + 1)),
        _ => (folder, stem),
    }
}

/// The day at the beginning of a page's name, and what stands behind it: `2024-03-01-exams` is `exams` of the
/// first of March.
///
/// Source: Zola's documentation, "Page": a date, then `-` or `_`, then the slug.
pub(crate) fn day_in_name(stem: &str) -> Option<(Date, &str)> {
    const LENGTH: usize = "2024-03-01".len();
    let (day, rest) = (stem.get(..LENGTH)?, stem.get(LENGTH..)?);
    let is_day = day.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let rest = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix(['-', '_']).filter(|rest| !rest.is_empty() && !rest.starts_with(' '))?;
    if is_day { Some((day.parse().ok()?, rest)) } else { None }
}

/// The language that the name of a page or section bears, as in `exams.en.md`, and the name without it.
pub(crate) fn language_in_name(file: &str) -> Option<(&str, &str)> {
    let (before, language) = file.strip_suffix(PAGE_ENDING)?.rsplit_once('.')?;
    let named = !before.is_empty() && !before.ends_with('/');
    (named && is_language_tag(language)).then_some((before, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        for (path, kind) in [
            ("a/x.md", FileKind::Page),
            ("a/x.MD", FileKind::OtherMarkdown("a/x")),
            ("x.markdown", FileKind::OtherMarkdown("x")),
            ("x.md.bak", FileKind::CopyOfPage),
            ("x.MD.orig", FileKind::CopyOfPage),
            ("x.md.txt", FileKind::CopyOfPage),
            ("x.md_old", FileKind::CopyOfPage),
            ("x.markdown-2", FileKind::CopyOfPage),
            ("x.md~", FileKind::LeftBehind),
            (".x.md.swp", FileKind::LeftBehind),
            ("~$x.docx", FileKind::LeftBehind),
            ("Desktop.ini", FileKind::LeftBehind),
            ("#x.md#", FileKind::LeftBehind),
            ("a~/x.pdf", FileKind::LeftBehind),
            ("x.PDF.Bak", FileKind::LeftBehind),
            ("x.pdf", FileKind::Other),
            ("x.mdb", FileKind::Other),
            ("ä.md5", FileKind::Other),
            ("bak", FileKind::Other),
            ("a.bak/x.pdf", FileKind::Other),
        ] {
            assert_eq!(file_kind(path), kind, "{path}");
        }
    }

    #[test]
    fn a_day_in_a_name_is_one_that_exists() {
        let day = |text: &str| text.parse::<Date>().ok();
        for (stem, found) in [
            ("2024-03-01-exams", day("2024-03-01").map(|day| (day, "exams"))),
            ("2024-03-01_exams", day("2024-03-01").map(|day| (day, "exams"))),
            ("2024-03-01 - exams", None),
            ("2024-03-01 -exams", day("2024-03-01").map(|day| (day, "exams"))),
            ("2024-02-30-exams", None),
            ("2024-03-01-", None),
            ("2024-03-01", None),
            ("2024-3-1-exams", None),
            ("über-2024-03-01", None),
        ] {
            assert_eq!(day_in_name(stem), found, "{stem}");
        }
    }

    #[test]
    fn a_language_in_a_name_is_a_language() {
        for (file, found) in [
            ("a/x.en.md", Some(("a/x", "en"))),
            ("_index.pt-BR.md", Some(("_index", "pt-BR"))),
            ("node.js.md", None),
            ("v1.2.md", None),
            ("x.md", None),
            ("a/.en.md", None),
        ] {
            assert_eq!(language_in_name(file), found, "{file}");
        }
    }
}
