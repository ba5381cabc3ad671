//! Positions in the files of a portal.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// The longest stretch of one line that a finding carries, in characters; a longer line is cut around the position.
const SHOWN_CHARACTERS: usize = 200;

/// A stretch of one line of one file, with the line itself, so that it can be shown long after the file was read.
///
/// Ordered by file, line and column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, relative to the portal, with `/` between folders.
    pub file: String,
    /// The line, from 1; 0 where the finding is about the file as a whole.
    pub line: usize,
    /// The column in characters, from 1; 0 where the finding is about the file as a whole.
    pub column: usize,
    /// How many characters of the line are meant (at least 1 where there is a line).
    pub length: usize,
    /// The line, without its end; a very long line is cut.
    pub text: String,
    /// The column of the first character of `text`: 1 unless the line was cut; only then it is said.
    #[serde(skip_serializing_if = "is_first")]
    pub text_starts: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_first(column: &usize) -> bool {
    *column <= 1
}

/// A position that is kept cheaply until it is needed: a file and a byte range of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file, relative to the portal.
    pub file: Arc<str>,
    /// The bytes meant.
    pub range: Range<usize>,
}

impl Spot {
    /// The place, given what the file holds.
    pub fn place(&self, text: &str) -> Place {
        Place::new(&self.file, text, self.range.clone())
    }
}

impl Place {
    /// The place of bytes `range` of `text`, which is what `file` holds. A range that reaches over the end of a line is cut there;
    /// one outside the text is moved into it.
    pub fn new(file: &str, text: &str, range: Range<usize>) -> Self {
        let start = floor(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let line_end = line_start + line.len();
        let start = start.min(line_end);
        let end = floor(text, range.end).clamp(start, line_end);
        let before = text[line_start..start].chars().count();
        let length = text[start..end].chars().count().max(1);
        let skipped = if line.chars().count() > SHOWN_CHARACTERS { before.saturating_sub(SHOWN_CHARACTERS / 2) } else { 0 };
        Self {
            file: file.to_owned(),
            line: 1 + text[..line_start].bytes().filter(|byte| *byte == b'\n').count(),
            column: before + 1,
            length: length.min(SHOWN_CHARACTERS / 2),
            text: line.chars().skip(skipped).take(SHOWN_CHARACTERS).collect(),
            text_starts: skipped + 1,
        }
    }

    /// A file as a whole.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, length: 0, text: String::new(), text_starts: 1 }
    }

    /// Whether `text` is only a part of the line.
    pub fn is_cut(&self) -> bool {
        self.text_starts > 1 || self.text.chars().count() == SHOWN_CHARACTERS
    }

    /// The bytes of `text` that are meant.
    pub fn range_in_text(&self) -> Range<usize> {
        let skip = self.column.saturating_sub(self.text_starts);
        let byte = |characters: usize| self.text.char_indices().nth(characters).map_or(self.text.len(), |(at, _)| at);
        byte(skip)..byte(skip + self.length)
    }
}

/// The last character boundary of `text` at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
