//! HTML in Markdown: the addresses in it are checked and resolved like those of Markdown.

use std::ops::Range;

use super::marks::is_mark;
use crate::html::{Tag, Use, Visitor, read};

/// A piece of HTML, gathered line by line: what one line opens another may close.
#[derive(Default)]
pub(super) struct Raw {
    html: String,
    lines: Vec<Line>,
}

/// A line of it.
struct Line {
    /// Where it begins in the piece.
    at: usize,
    /// Its bytes in the part of the file.
    range: Range<usize>,
    /// Whether it is in the piece as it was written: in place of calls there are marks.
    same: bool,
}

/// An address in it.
struct Address {
    target: String,
    written: Range<usize>,
    image: bool,
    loaded: bool,
}

/// Gathers the addresses of tags, in order.
#[derive(Default)]
struct Addresses(Vec<Address>);

impl Visitor for Addresses {
    fn start(&mut self, tag: &Tag) {
        for (name, value) in tag.attributes().filter(|(name, _)| matches!(*name, "href" | "src")) {
            let target = value.trim();
            if let Some(written) = tag.written(name).filter(|_| !target.is_empty() && !target.contains(is_mark)) {
                let loaded = name == "src" || tag.leads() == Some(Use::Load);
                self.0.push(Address { target: target.to_owned(), written, image: tag.name() == "img", loaded });
            }
        }
    }
}

impl Raw {
    /// A piece of one line.
    pub(super) fn of(html: String, range: &Range<usize>, source: &str) -> Self {
        let mut raw = Self::default();
        raw.push(&html, range, source);
        raw
    }

    /// Adds a line.
    pub(super) fn push(&mut self, html: &str, range: &Range<usize>, source: &str) {
        self.lines.push(Line { at: self.html.len(), range: range.clone(), same: source.get(range.clone()) == Some(html) });
        self.html.push_str(html);
    }

    /// Where an address stands in the part of the file; the line where that cannot be told.
    fn place(&self, address: &Address, source: &str) -> Range<usize> {
        let line = self.lines.iter().rfind(|line| line.at <= address.written.start);
        let Some(line) = line.or(self.lines.first()) else { return 0..0 };
        let (found, length) = if line.same {
            let value = &self.html[address.written.clone()];
            (Some(address.written.start - line.at + value.len() - value.trim_start().len()), value.trim().len())
        } else {
            (source[line.range.clone()].find(&address.target), address.target.len())
        };
        match found.map(|at| line.range.start + at) {
            Some(start) => start..start + length,
            None => line.range.clone(),
        }
    }

    /// The piece with what `mark` gives in place of the addresses of links and images. `mark` is told of each
    /// address, whether it is an image, whether it is loaded with the page, and where it stands in the part
    /// of the file.
    pub(super) fn marked(self, source: &str, mut mark: impl FnMut(&str, bool, bool, &Range<usize>) -> String) -> String {
        if !self.html.contains('=') {
            return self.html;
        }
        let mut found = Addresses::default();
        read(&self.html, &mut found);
        let mut marked = String::with_capacity(self.html.len());
        let mut from = 0;
        for address in found.0 {
            let place = self.place(&address, source);
            let mark = mark(&address.target, address.image, address.loaded, &place);
            let before = self.html[..address.written.start].chars().next_back();
            // Without quotes an address ends where white space begins, which what it resolves to may hold.
            if matches!(before, Some('"' | '\'')) {
                marked.push_str(&self.html[from..address.written.start]);
                marked.push_str(&mark);
                from = address.written.end;
            }
        }
        marked.push_str(&self.html[from..]);
        marked
    }
}
