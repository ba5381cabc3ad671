//! HTML in whose text long words may be divided.

use std::borrow::Cow;
use std::ops::Range;

use super::tags::{Tag, Visitor, Within, read};

/// Elements whose text is taken letter by letter, or drawn by itself.
const AS_IT_IS: [&str; 11] = ["code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "title", "var"];

/// A page whose `<main>` has its text as `divided` makes it, piece by piece as it is written, character
/// references and all; but for code, drawings and formulas.
pub(crate) fn main_with_text<'h>(html: &'h str, divided: &dyn Fn(&'h str) -> Cow<'h, str>) -> String {
    let mut pieces = Pieces::default();
    read(html, &mut pieces);
    let mut said = String::with_capacity(html.len() + html.len() / 16);
    let mut done = 0;
    for place in pieces.places {
        let Some(text) = html.get(place.clone()).filter(|_| place.start >= done) else { continue };
        said.push_str(&html[done..place.start]);
        said.push_str(&divided(text));
        done = place.end;
    }
    said.push_str(&html[done..]);
    said
}

/// Where text stands.
#[derive(Default)]
struct Pieces {
    places: Vec<Range<usize>>,
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
        if self.main > 0 && self.as_it_is.is_none() && within == Within::Text {
            self.places.push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::main_with_text;

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
}
