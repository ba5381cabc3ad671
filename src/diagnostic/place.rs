//! Positions in the files of a portal.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::limits::LONGEST_SHOWN_LINE;
use serde::Serialize;

/// The most characters of a line that a place means.
pub(crate) const LONGEST_PLACE: usize = LONGEST_SHOWN_LINE / 2;

/// A stretch of one line of one file, with the line itself, so that it can be shown long after the file was
/// read.
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

/// What a file held when it was read, from which the places of findings are made: however often the file
/// changes afterwards, they show what was read.
pub struct SourceText {
    file: Arc<str>,
    text: String,
    /// Made when the first place is asked for: of most files none is.
    index: OnceLock<Index>,
}

impl SourceText {
    /// The text of `file`, which is relative to the portal.
    pub fn new(file: impl Into<Arc<str>>, text: String) -> Arc<Self> {
        Arc::new(Self { file: file.into(), text, index: OnceLock::new() })
    }

    /// The file, relative to the portal.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// What it held.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of some of its bytes. A range that reaches over the end of a line is cut there; one outside
    /// the text is moved into it.
    pub fn place(&self, range: Range<usize>) -> Place {
        self.index.get_or_init(|| Index::new(&self.text)).place(&self.file, &self.text, range)
    }
}

impl std::fmt::Debug for SourceText {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "SourceText({:?})", self.file)
    }
}

/// Where the lines of a text begin, and how many characters stand before places in it: so that a place costs
/// the same in a long text, or in a long line, as in a short one.
struct Index {
    /// The byte that each line begins with.
    lines: Vec<usize>,
    /// How many characters stand before each block of [`BLOCK`] bytes; none where each character is one byte.
    blocks: Vec<usize>,
}

/// How many bytes are counted together.
const BLOCK: usize = 1024;

impl Index {
    fn new(text: &str) -> Self {
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let mut blocks = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                blocks.push(before);
                before += characters(block);
            }
        }
        Self { lines, blocks }
    }

    /// How many characters stand before byte `at`.
    fn before(&self, text: &str, at: usize) -> usize {
        match self.blocks.get(at / BLOCK) {
            Some(before) => before + characters(&text.as_bytes()[at / BLOCK * BLOCK..at]),
            None if self.blocks.is_empty() => at,
            None => self.blocks.last().map_or(0, |before| before + characters(&text.as_bytes()[(self.blocks.len() - 1) * BLOCK..at])),
        }
    }

    /// The byte that a character begins with, by how many stand before it.
    fn byte_of(&self, text: &str, character: usize) -> usize {
        if self.blocks.is_empty() {
            return character.min(text.len());
        }
        let block = self.blocks.partition_point(|before| *before <= character).saturating_sub(1);
        // A character may begin in one block and end in the next.
        let start = text.ceil_char_boundary(block * BLOCK);
        text[start..].char_indices().nth(character - self.blocks[block]).map_or(text.len(), |(at, _)| start + at)
    }

    fn place(&self, file: &str, text: &str, range: Range<usize>) -> Place {
        let start = floor(text, range.start);
        let number = self.lines.partition_point(|line| *line <= start).saturating_sub(1);
        let line_start = self.lines.get(number).copied().unwrap_or(0);
        let next = self.lines.get(number + 1).map_or(text.len(), |next| next - 1);
        let line_end = line_start + text[line_start..next].trim_end_matches('\r').len();
        let start = start.min(line_end);
        let end = floor(text, range.end).clamp(start, line_end);
        let first = self.before(text, line_start);
        let before = self.before(text, start) - first;
        let length = (self.before(text, end) - first - before).max(1);
        let skipped =
            if self.before(text, line_end) - first > LONGEST_SHOWN_LINE { before.saturating_sub(LONGEST_SHOWN_LINE / 2) } else { 0 };
        let shown = self.byte_of(text, first + skipped)..line_end;
        Place {
            file: file.to_owned(),
            line: number + 1,
            column: before + 1,
            length: length.min(LONGEST_PLACE),
            text: text[shown].chars().take(LONGEST_SHOWN_LINE).collect(),
            text_starts: skipped + 1,
        }
    }
}

/// How many characters begin in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A position that is kept cheaply until it is needed: a byte range of what a file held when it was read.
#[derive(Clone, Debug)]
pub struct Spot {
    /// What was read.
    pub source: Arc<SourceText>,
    /// The bytes meant.
    pub range: Range<usize>,
}

impl Spot {
    /// The file, relative to the portal.
    pub fn file(&self) -> &Arc<str> {
        self.source.file()
    }

    /// The place, with its line.
    pub fn place(&self) -> Place {
        self.source.place(self.range.clone())
    }
}

/// Two spots are the same where they are the same bytes of the same file, whatever it held.
impl PartialEq for Spot {
    fn eq(&self, other: &Self) -> bool {
        self.file() == other.file() && self.range == other.range
    }
}

impl Eq for Spot {}

impl Place {
    /// The place of bytes `range` of `text`, which is what `file` holds. A range that reaches over the end of
    /// a line is cut there; one outside the text is moved into it. Many places in one text are asked of its
    /// [`SourceText`].
    pub fn new(file: &str, text: &str, range: Range<usize>) -> Self {
        Index::new(text).place(file, text, range)
    }

    /// A file as a whole.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, length: 0, text: String::new(), text_starts: 1 }
    }

    /// Whether `text` is only a part of the line.
    pub fn is_cut(&self) -> bool {
        self.text_starts > 1 || self.text.chars().count() == LONGEST_SHOWN_LINE
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
