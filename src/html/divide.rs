//! HTML whose text is made anew, piece by piece: with long words that may be divided, or with less white space.

use std::borrow::Cow;
use std::ops::Range;

use super::tags::{Tag, Visitor, Within, read};

/// Elements whose text is taken letter by letter, or drawn by itself.
const AS_IT_IS: [&str; 11] = ["code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "title", "var"];

/// A page whose `<main>` has its text as `divided` makes it, piece by piece as it is written, character
/// references and all; but for code, drawings and formulas.
pub(crate) fn main_with_text<'h>(html: &'h str, divided: &dyn Fn(&'h str) -> Cow<'h, str>) -> String {
    with_pieces(html, Pieces::default(), divided)
}

/// A page without the white space that browsers do not show either, and without comments: of white space that
/// holds lines their ends are left, since `white-space: pre-line` shows them, but for that between tags alone; of
/// other white space one blank. What stands in code, drawings and formulas stays.
pub(crate) fn minified(html: &str) -> String {
    with_pieces(html, Pieces { everywhere: true, ..Pieces::default() }, &|piece| {
        if piece.starts_with("<!--") {
            return Cow::Borrowed("");
        }
        let Some(first) = piece.find(|letter: char| !is_blank(letter)) else {
            return Cow::Borrowed(if piece.contains('\n') { "\n" } else { &piece[..piece.len().min(1)] });
        };
        let mut said = String::with_capacity(piece.len());
        let mut rest = &piece[first..];
        squeeze(&piece[..first], &mut said);
        while let Some(start) = rest.find(is_blank) {
            let end = rest[start..].find(|letter: char| !is_blank(letter)).map_or(rest.len(), |length| start + length);
            said.push_str(&rest[..start]);
            squeeze(&rest[start..end], &mut said);
            rest = &rest[end..];
        }
        said.push_str(rest);
        Cow::Owned(said)
    })
}

/// White space as HTML knows it (HTML standard, "ASCII whitespace").
fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\x0C')
}

/// White space, as short as shows the same.
fn squeeze(blank: &str, said: &mut String) {
    match blank.matches('\n').count() {
        0 if blank.is_empty() => {}
        0 => said.push(' '),
        lines => said.extend(std::iter::repeat_n('\n', lines)),
    }
}

/// A page whose pieces are as `made` makes them.
fn with_pieces<'h>(html: &'h str, mut pieces: Pieces, made: &dyn Fn(&'h str) -> Cow<'h, str>) -> String {
    read(html, &mut pieces);
    let mut said = String::with_capacity(html.len() + html.len() / 16);
    let mut done = 0;
    for place in pieces.places {
        let Some(text) = html.get(place.clone()).filter(|_| place.start >= done) else { continue };
        said.push_str(&html[done..place.start]);
        said.push_str(&made(text));
        done = place.end;
    }
    said.push_str(&html[done..]);
    said
}

/// Where text stands, and comments where all of the page is meant.
#[derive(Default)]
struct Pieces {
    places: Vec<Range<usize>>,
    /// Whether all of the page is meant, and not its `<main>` alone.
    everywhere: bool,
    /// In how many `<main>`.
    main: usize,
    /// The element that stays as it is, and how many of its name in each other.
    as_it_is: Option<(String, usize)>,
}

impl Visitor for Pieces {
    fn start(&mut self, tag: &Tag) {
        self.main += usize::from(tag.name() == "main");
        match &mut self.as_it_is {
            Some((name, depth)) => *depth += usize::from(name == tag.name()),
            None if AS_IT_IS.contains(&tag.name()) && !tag.is_self_closing() => self.as_it_is = Some((tag.name().to_owned(), 1)),
            None => {}
        }
    }

    fn end(&mut self, name: &str) {
        if name == "main" {
            self.main = self.main.saturating_sub(1);
        }
        if let Some((own, depth)) = &mut self.as_it_is {
            *depth -= usize::from(own == name);
            if *depth == 0 {
                self.as_it_is = None;
            }
        }
    }

    fn written(&mut self, within: Within, place: Range<usize>) {
        if (self.everywhere || self.main > 0) && self.as_it_is.is_none() && within == Within::Text {
            self.places.push(place);
        }
    }

    fn comment(&mut self, place: Range<usize>) {
        if self.everywhere {
            self.places.push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{main_with_text, minified};

    #[test]
    fn text_of_the_main_part_alone_is_made_anew() {
        let loud = |html: &str| {
            let page = main_with_text(&format!("a<main>{html}</main>b"), &|text| text.to_uppercase().into());
            page.strip_prefix("a<main>").and_then(|page| page.strip_suffix("</main>b")).map(str::to_owned)
        };
        for (html, said) in [
            ("a", "A"),
            ("<p title=\"a\">a <b>b</b>&auml; c</p>", "<p title=\"a\">A <b>B</b>&AUML; C</p>"),
            (
                "<pre>a <b>b</b></pre> <code>c</code> d<svg><text>e</text></svg>f",
                "<pre>a <b>b</b></pre> <code>c</code> D<svg><text>e</text></svg>F",
            ),
            ("<script>a</script><style>b</style><!-- c -->d", "<script>a</script><style>b</style><!-- c -->D"),
            ("<noscript><p>a</p></noscript>ü<br/>ß", "<noscript><p>a</p></noscript>Ü<br/>SS"),
            ("a < b & c <", "A < B & C <"),
        ] {
            assert_eq!(loud(html).as_deref(), Some(said));
        }
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        for (html, said) in [
            ("<p>\n  a  b\n  c</p>\n\n  <p>d</p> <b>e</b>", "<p>\na b\nc</p>\n<p>d</p> <b>e</b>"),
            ("<pre>  a\n\n  b</pre>  <textarea>  c  </textarea>", "<pre>  a\n\n  b</pre> <textarea>  c  </textarea>"),
            ("a<!-- b <p> -->c<!---->  d", "ac d"),
            (
                "<script>  a  </script><style>  b  </style><svg>  <text>  c</text></svg>",
                "<script>  a  </script><style>  b  </style><svg>  <text>  c</text></svg>",
            ),
            ("<noscript>  <p>  a</p></noscript>\u{a0} ä  &nbsp;  ß", "<noscript>  <p>  a</p></noscript>\u{a0} ä &nbsp; ß"),
            ("<p title=\"a  b\">a\n\nb</p>", "<p title=\"a  b\">a\n\nb</p>"),
        ] {
            assert_eq!(minified(html), said);
            assert_eq!(minified(said), said);
        }
    }
}
