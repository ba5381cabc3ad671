//! Quotes and apostrophes as a typesetter of the portal's language sets them.
//!
//! pulldown-cmark says which `"` and `'` of a text are to be set (not those in code, not those behind a
//! backslash), and knows English alone. What each is, an opening or a closing mark, an apostrophe or a
//! measure, is decided here, for a whole block of text at a time: across emphasis, links and line ends.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, TagEnd};

use crate::locale::Locale;

const APOSTROPHE: &str = "’";
/// Minutes and feet.
const PRIME: &str = "′";
/// Seconds and inches.
const DOUBLE_PRIME: &str = "″";

/// Events with the bytes of Markdown that they come from.
pub(super) type Events<'e> = Vec<(Event<'e>, Range<usize>)>;

/// Whether a text has anything to be set.
pub(super) fn has_quotes(source: &str) -> bool {
    memchr::memchr2(b'"', b'\'', source.as_bytes()).is_some()
}

/// Sets the quotes of all blocks of text in `events`, which were read from `source`.
pub(super) fn set<'e>(source: &str, mut events: Events<'e>, locale: &'static Locale) -> Events<'e> {
    let mut block = Block { source, locale, marks: Vec::new(), last: Neighbour::Nothing };
    for at in 0..events.len() {
        let (event, range) = &events[at];
        match event {
            Event::Text(text) => match quote(source, range, text) {
                Some(double) => block.mark(at, range.end, double),
                None => block.text(text),
            },
            Event::Code(_) | Event::InlineMath(_) => block.text("x"),
            // A number above the line stands behind what is quoted.
            Event::FootnoteReference(_) => block.text("."),
            Event::SoftBreak | Event::HardBreak | Event::TaskListMarker(_) => block.text(" "),
            Event::InlineHtml(html) if html.starts_with("<br") => block.text(" "),
            Event::InlineHtml(_) => {}
            Event::Start(tag) if is_inline(&tag.to_end()) => {}
            Event::End(tag) if is_inline(tag) => {}
            _ => block.settle(&mut events),
        }
    }
    block.settle(&mut events);
    events
}

/// Whether an event is one quote to be set, and then whether it is a double one.
fn quote(source: &str, range: &Range<usize>, text: &str) -> Option<bool> {
    match source.get(range.clone())? {
        written @ ("\"" | "'") if written != text => Some(written == "\""),
        _ => None,
    }
}

/// Whether an element stands in a line of text, so that quotes reach across it.
fn is_inline(tag: &TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong, Subscript, Superscript};
    matches!(tag, Emphasis | Strong | Strikethrough | Link | Image | Superscript | Subscript)
}

/// What stands beside a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Neighbour {
    /// The block begins or ends.
    Nothing,
    /// A letter, a digit, a sign, a blank.
    Character(char),
    /// Another mark, by its number.
    Mark(usize),
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Undecided,
    Opening,
    Closing,
    Apostrophe,
    Prime,
    /// It stays as it was written.
    Straight,
}

/// A quote that is to be set.
struct Mark {
    /// The number of its event.
    event: usize,
    /// Where what follows it begins in the source.
    end: usize,
    double: bool,
    before: Neighbour,
    after: Neighbour,
    role: Role,
}

/// The quotes of one block of text.
struct Block<'s> {
    source: &'s str,
    locale: &'static Locale,
    marks: Vec<Mark>,
    /// What stands before what comes next.
    last: Neighbour,
}

impl Block<'_> {
    /// Takes in a quote.
    fn mark(&mut self, event: usize, end: usize, double: bool) {
        let number = self.marks.len();
        if let Neighbour::Mark(before) = self.last {
            self.marks[before].after = Neighbour::Mark(number);
        }
        self.marks.push(Mark { event, end, double, before: self.last, after: Neighbour::Nothing, role: Role::Undecided });
        self.last = Neighbour::Mark(number);
    }

    /// Takes in other text.
    fn text(&mut self, text: &str) {
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return };
        if let Neighbour::Mark(before) = self.last {
            self.marks[before].after = Neighbour::Character(first);
        }
        self.last = Neighbour::Character(last);
    }

    /// The block ends: decides what each of its quotes is, and sets them.
    fn settle(&mut self, events: &mut Events<'_>) {
        self.decide();
        for mark in self.marks.drain(..) {
            let text = match (mark.role, mark.double) {
                (Role::Opening, true) => self.locale.quotes().double[0].as_str(),
                (Role::Closing, true) => &self.locale.quotes().double[1],
                (Role::Opening, false) => &self.locale.quotes().single[0],
                (Role::Closing, false) => &self.locale.quotes().single[1],
                (Role::Prime, true) => DOUBLE_PRIME,
                (Role::Prime, false) => PRIME,
                (Role::Apostrophe | Role::Undecided, false) => APOSTROPHE,
                (Role::Straight | Role::Apostrophe | Role::Undecided, true) => "\"",
                (Role::Straight, false) => "'",
            };
            events[mark.event].0 = Event::Text(CowStr::Borrowed(text));
        }
        self.last = Neighbour::Nothing;
    }

    fn decide(&mut self) {
        // Opening marks that nothing has closed yet, the innermost last.
        let mut open: Vec<usize> = Vec::new();
        for number in 0..self.marks.len() {
            // Set together with the one before it.
            if self.marks[number].role != Role::Undecided {
                continue;
            }
            let role = if self.marks[number].double { self.double(number, &mut open) } else { self.single(number, &mut open) };
            self.marks[number].role = role;
            if role == Role::Opening {
                open.push(number);
            }
        }
        // A quotation of several paragraphs is opened in each and closed in the last one. A single mark that
        // nothing closes stood for letters.
        for number in open {
            if !self.marks[number].double {
                self.marks[number].role = Role::Apostrophe;
            }
        }
    }

    /// What a `"` is.
    fn double(&mut self, number: usize, open: &mut Vec<usize>) -> Role {
        let (can_open, can_close) = (self.can_open(number), self.can_close(number));
        let is_measure = self.before(number).is_some_and(|before| before.is_ascii_digit());
        let innermost = open.iter().rposition(|open| self.marks[*open].double);
        if let Some(at) = innermost.filter(|_| can_close && !(is_measure && self.is_closed_later(number))) {
            for inside in open.drain(at..).skip(1) {
                self.marks[inside].role = Role::Apostrophe;
            }
            return Role::Closing;
        }
        if can_open && self.stands_free(number) {
            Role::Opening
        } else if is_measure {
            Role::Prime
        } else if can_close {
            Role::Closing
        } else if can_open {
            Role::Opening
        } else {
            Role::Straight
        }
    }

    /// What a `'` is.
    fn single(&mut self, number: usize, open: &mut Vec<usize>) -> Role {
        let (before, after) = (self.before(number), self.after(number));
        let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        if is_digit(before) && is_digit(after) {
            // 1'000 francs, but 5'10" tall.
            let digits = self.source[self.marks[number].end..].bytes().take_while(u8::is_ascii_digit).count();
            return if digits == 3 { Role::Apostrophe } else { Role::Prime };
        }
        let is_inside_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        if is_inside_word || self.stands_for_letters(number) {
            return Role::Apostrophe;
        }
        if self.can_close(number) {
            if open.last().is_some_and(|open| !self.marks[*open].double) {
                open.pop();
                return Role::Closing;
            }
            if is_digit(before) {
                return Role::Prime;
            }
        }
        if self.can_open(number) && self.stands_free(number) { Role::Opening } else { Role::Apostrophe }
    }

    /// Whether a `'` before a word stands for letters that are left out, as the language does it, or for a
    /// century: `'68`. That of `'n'` closes none.
    fn stands_for_letters(&mut self, number: usize) -> bool {
        if !self.stands_free(number) {
            return false;
        }
        let behind = &self.source[self.marks[number].end..];
        let word = &behind[..behind.find(|character: char| !character.is_alphanumeric()).unwrap_or(behind.len())];
        let is_closed = behind[word.len()..].starts_with('\'');
        if word.eq_ignore_ascii_case("n") && is_closed {
            if let Some(next) = self.marks.get_mut(number + 1) {
                next.role = Role::Apostrophe;
            }
            return true;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        !is_closed && (digits == 2 || self.locale.elisions().iter().any(|known| known.eq_ignore_ascii_case(word)))
    }

    /// Whether a `"` behind a mark is there to close what the mark does not: then the mark, behind a digit,
    /// can be a measure.
    fn is_closed_later(&self, number: usize) -> bool {
        let next = (number + 1..self.marks.len()).find(|next| self.marks[*next].double);
        next.is_some_and(|next| {
            self.can_close(next) && !self.before(next).is_some_and(|before| before.is_ascii_digit()) && !self.before(next).is_none_or(opens)
        })
    }

    /// The character before a mark; of another mark one that is like it.
    fn before(&self, number: usize) -> Option<char> {
        match self.marks[number].before {
            Neighbour::Nothing => None,
            Neighbour::Character(character) => Some(character),
            Neighbour::Mark(before) => Some(if self.marks[before].role == Role::Opening { '(' } else { ')' }),
        }
    }

    /// The character behind a mark, and behind the marks behind it.
    fn after(&self, number: usize) -> Option<char> {
        let mut at = number;
        loop {
            match self.marks[at].after {
                Neighbour::Nothing => return None,
                Neighbour::Character(character) => return Some(character),
                Neighbour::Mark(next) => at = next,
            }
        }
    }

    fn can_open(&self, number: usize) -> bool {
        self.after(number).is_some_and(|after| !after.is_whitespace() && !".,;:!?)]}".contains(after) && !self.is_set(after, 1))
    }

    fn can_close(&self, number: usize) -> bool {
        self.before(number).is_some_and(|before| !before.is_whitespace() && !"([{".contains(before) && !self.is_set(before, 0))
    }

    /// Whether no word stands right before a mark.
    fn stands_free(&self, number: usize) -> bool {
        self.before(number).is_none_or(|before| opens(before) || self.is_set(before, 0))
    }

    /// Whether somebody set a character by hand that opens (0) or closes (1) a quotation in this language.
    fn is_set(&self, character: char, side: usize) -> bool {
        let quotes = self.locale.quotes();
        let is = |mark: &str| mark.chars().eq([character]);
        is(&quotes.double[side]) || (is(&quotes.single[side]) && !is(APOSTROPHE))
    }
}

/// Whether a word begins behind a character.
fn opens(before: char) -> bool {
    before.is_whitespace() || "([{<-–—/=+*|:…".contains(before)
}
