//! What Markdown becomes: HTML with slots.

use std::ops::Range;

use super::shortcode::Call;

/// Markdown as HTML, with slots for what depends on other files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The HTML, without what goes into the slots.
    pub html: String,
    /// The slots, each with its place in `html`, in that order.
    pub slots: Vec<(usize, Slot)>,
    /// Links, images and their like that `Slot::Link` points into.
    pub links: Vec<Link>,
    /// Calls of components that `Slot::Call` points into.
    pub calls: Vec<Call>,
    /// Headings, in order; those of bodies of calls among them.
    pub headings: Vec<Heading>,
    /// How many words it has.
    pub words: usize,
    /// Amounts of money for which nothing near them cites a source: bytes of the file.
    pub uncited: Vec<Range<usize>>,
    /// Where in `html` the summary ends, if `<!-- more -->` says so.
    pub more: Option<usize>,
}

impl Body {
    /// Whether it gives the same as another: all but where things stand in the file.
    pub fn gives_the_same(&self, other: &Body) -> bool {
        let same_call = |(a, b): (&Call, &Call)| {
            let same_body = match (&a.body, &b.body) {
                (None, None) => true,
                (Some(a), Some(b)) => a.gives_the_same(b),
                _ => false,
            };
            (&a.name, &a.source, a.nth) == (&b.name, &b.source, b.nth) && same_body
        };
        self.html == other.html
            && self.slots == other.slots
            && self.more == other.more
            && self.links.len() == other.links.len()
            && self.links.iter().zip(&other.links).all(|(a, b)| a.target == b.target)
            && self.calls.len() == other.calls.len()
            && self.calls.iter().zip(&other.calls).all(same_call)
    }

    /// Takes the paragraph away that a body of one line stands in, so that it can stand in a line itself. Gives whether it can.
    pub(super) fn in_a_line(&mut self) -> bool {
        const START: &str = "<p>";
        let inner = self.html.strip_prefix(START).and_then(|rest| rest.trim_end().strip_suffix("</p>"));
        let Some(inner) = inner.filter(|inner| !inner.contains("<p>")).map(str::to_owned) else {
            return self.html.trim().is_empty() || !self.html.trim_start().starts_with('<');
        };
        for (at, slot) in &mut self.slots {
            *at = at.saturating_sub(START.len());
            if let Slot::Prose(end) = slot {
                *end = end.saturating_sub(START.len());
            }
        }
        self.html = inner;
        true
    }
}

/// Something that is filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The address of a link.
    Link(usize),
    /// What a component gives.
    Call(usize),
    /// Text up to this place of `html`, in which glossary entries may become links.
    Prose(usize),
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as it was written.
    pub target: String,
    /// Whether it is an image.
    pub image: bool,
    /// Whether a browser loads it with the page: an image, a script, a film.
    pub loaded: bool,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id, by which it can be linked.
    pub id: String,
    /// Its text.
    pub title: String,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// Text for an attribute or element of HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut out, text);
    out
}
