//! Words in lines.

use super::blocks::{Span, What};
use super::fonts::{Cut, Fonts};
use super::style::Colour;
use crate::locale::{Locale, SOFT_HYPHEN, WORD_JOINER};

/// The look of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    pub cut: Cut,
    /// In points.
    pub size: f32,
    pub colour: Colour,
}

/// A piece of a word, which no line divides.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    /// The number of its span.
    span: usize,
    width: f32,
    what: What,
    /// What comes behind it.
    behind: Behind,
}

/// What stands behind a piece, and whether a line may end there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Behind {
    /// The next piece belongs to the same word.
    Word,
    /// A space of a width.
    Space(f32),
    /// Nothing, and a line may end.
    May,
    /// A hyphen where the line ends.
    Hyphen,
    /// The line ends.
    End,
}

/// Words of one look in a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    /// The number of its span.
    pub span: usize,
    /// How far from the left edge it begins.
    pub x: f32,
    pub width: f32,
    /// What is shown.
    pub text: String,
    /// Whether it ends with a hyphen that is shown only because the line ends.
    pub is_divided: bool,
    pub what: What,
    pub of: Type,
    pub raised: bool,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub runs: Vec<Run>,
    pub width: f32,
}

/// The spans of a paragraph with their looks, ready to be broken into lines.
pub(super) struct Words<'w> {
    pieces: Vec<Piece>,
    looks: Vec<(Type, bool)>,
    fonts: &'w Fonts<'w>,
}

impl<'w> Words<'w> {
    /// Takes spans; `look` says how each looks.
    pub(super) fn of(spans: &[Span], look: &dyn Fn(&Span) -> Type, fonts: &'w Fonts<'w>, locale: &Locale) -> Self {
        let looks: Vec<(Type, bool)> = spans.iter().map(|span| (look(span), span.manner.raised)).collect();
        let mut words = Self { pieces: Vec::new(), looks, fonts };
        for (number, span) in spans.iter().enumerate() {
            match span.what {
                What::Words => words.text(number, &locale.hyphenated(&span.text)),
                What::End => words.put_behind(Behind::End),
                What::Tick => {
                    let width = words.looks[number].0.size * 1.5;
                    words.pieces.push(Piece { text: String::new(), span: number, width, what: What::Tick, behind: Behind::Word });
                }
            }
        }
        if let Some(last) = words.pieces.last_mut() {
            last.behind = Behind::End;
        }
        words
    }

    fn put_behind(&mut self, behind: Behind) {
        if let Some(last) = self.pieces.last_mut() {
            last.behind = behind;
        }
    }

    fn text(&mut self, span: usize, text: &str) {
        let (of, _) = self.looks[span];
        let space = self.fonts.width(of.cut, " ") * of.size;
        let mut piece = String::new();
        let mut letters = text.chars().map(printable).peekable();
        while let Some(letter) = letters.next() {
            match letter {
                ' ' | '\n' | '\t' | '\r' | '\u{c}' => {
                    self.close(span, &mut piece, Behind::Space(space));
                    if let Some(last) = self.pieces.last_mut()
                        && last.behind != Behind::End
                    {
                        last.behind = Behind::Space(space);
                    }
                }
                SOFT_HYPHEN => self.close(span, &mut piece, Behind::Hyphen),
                // It stands for a place where no line ends.
                WORD_JOINER => {}
                '-' | '/' => {
                    let is_within = piece.chars().filter(|letter| letter.is_alphabetic()).count() >= 3;
                    let goes_on = letters.clone().take_while(|next| next.is_alphabetic()).count() >= 4;
                    piece.push(letter);
                    if is_within && goes_on && letters.peek() != Some(&WORD_JOINER) {
                        self.close(span, &mut piece, Behind::May);
                    }
                }
                letter => piece.push(letter),
            }
        }
        self.close(span, &mut piece, Behind::Word);
    }

    fn close(&mut self, span: usize, piece: &mut String, behind: Behind) {
        if piece.is_empty() {
            return;
        }
        let text = std::mem::take(piece);
        let width = self.width(span, &text);
        self.pieces.push(Piece { text, span, width, what: What::Words, behind });
    }

    fn width(&self, span: usize, text: &str) -> f32 {
        let (of, raised) = self.looks[span];
        self.fonts.width(of.cut, text) * of.size * if raised { RAISED } else { 1.0 }
    }

    /// The width of the longest piece, and that of all in one line.
    pub(super) fn widths(&self) -> (f32, f32) {
        let (mut longest, mut piece, mut all, mut widest) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for next in &self.pieces {
            piece += next.width;
            all += next.width;
            if let Behind::Space(space) = next.behind {
                all += space;
            }
            if next.behind != Behind::Word {
                let hyphen = if next.behind == Behind::Hyphen { self.width(next.span, "-") } else { 0.0 };
                longest = longest.max(piece + hyphen);
                piece = 0.0;
            }
            if next.behind == Behind::End {
                widest = widest.max(all);
                all = 0.0;
            }
        }
        (longest.max(piece), widest.max(all))
    }

    /// The lines, none wider than `measure`: each as long as it can be. A word that is longer than a line is
    /// divided where it must be.
    pub(super) fn lines(&self, measure: f32) -> Vec<Line> {
        let pieces = self.fitting(measure);
        let mut lines = Vec::new();
        let mut from = 0;
        while from < pieces.len() {
            let to = self.end_of_line(&pieces, from, measure);
            lines.push(self.line(&pieces[from..to]));
            from = to;
        }
        lines
    }

    /// Where the line that begins with a piece ends.
    fn end_of_line(&self, pieces: &[Piece], from: usize, measure: f32) -> usize {
        let mut width = 0.0;
        let mut end = None;
        for (at, piece) in pieces.iter().enumerate().skip(from) {
            width += piece.width;
            if width > measure + 0.01 && end.is_some() {
                break;
            }
            match piece.behind {
                Behind::End => return at + 1,
                Behind::Word => {}
                Behind::Hyphen if width + self.width(piece.span, "-") > measure + 0.01 => {}
                _ => end = Some(at + 1),
            }
            if width > measure + 0.01 && end.is_none() && at > from {
                // A word of several pieces, wider than the line.
                return at;
            }
            if let Behind::Space(space) = piece.behind {
                width += space;
            }
        }
        end.unwrap_or(pieces.len()).max(from + 1)
    }

    /// The pieces, those that are wider than a line in parts.
    fn fitting(&self, measure: f32) -> Vec<Piece> {
        let mut all = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            if piece.width <= measure || piece.text.chars().count() < 2 {
                all.push(piece.clone());
                continue;
            }
            let mut part = String::new();
            for letter in piece.text.chars() {
                part.push(letter);
                if part.chars().count() > 1 && self.width(piece.span, &part) > measure {
                    part.pop();
                    let width = self.width(piece.span, &part);
                    all.push(Piece { text: std::mem::take(&mut part), width, behind: Behind::May, ..piece.clone() });
                    part.push(letter);
                }
            }
            let width = self.width(piece.span, &part);
            all.push(Piece { text: part, width, ..piece.clone() });
        }
        all
    }

    fn line(&self, pieces: &[Piece]) -> Line {
        let mut line = Line::default();
        let mut x = 0.0;
        for (at, piece) in pieces.iter().enumerate() {
            let is_last = at + 1 == pieces.len();
            let mut text = piece.text.clone();
            let is_divided = is_last && piece.behind == Behind::Hyphen;
            if is_divided {
                text.push('-');
            }
            let mut width = if is_divided { self.width(piece.span, &text) } else { piece.width };
            if let (Behind::Space(space), false) = (piece.behind, is_last) {
                text.push(' ');
                width += space;
            }
            let (of, raised) = self.looks[piece.span];
            match line.runs.last_mut() {
                Some(run) if run.span == piece.span && piece.what == What::Words && run.what == What::Words => {
                    run.text.push_str(&text);
                    run.width += width;
                    run.is_divided = is_divided;
                }
                _ => line.runs.push(Run { span: piece.span, x, width, text, is_divided, what: piece.what, of, raised }),
            }
            x += width;
        }
        line.width = x;
        line
    }
}

/// How much smaller raised letters are.
pub(super) const RAISED: f32 = 0.66;

/// Letters that say how lines end, as those that fonts have.
fn printable(letter: char) -> char {
    match letter {
        '\u{202f}' | '\u{2007}' => '\u{a0}',
        '\u{2011}' | '\u{2010}' => '-',
        letter => letter,
    }
}
