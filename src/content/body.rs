//! What Markdown becomes: HTML with slots.

use std::ops::Range;

use super::escape::escape;
use super::foreign::Foreign;

/// Markdown as HTML, with slots for what depends on other files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The HTML, without what goes into the slots.
    pub html: String,
    /// The slots, each with its place in `html`, in that order.
    pub slots: Vec<(usize, Slot)>,
    /// Links, images and their like that `Slot::Link` points into.
    pub links: Vec<Link>,
    /// Images of Markdown that `Slot::Image` points into.
    pub images: Vec<Image>,
    /// Calls of components that `Slot::Call` points into.
    pub calls: Vec<Call>,
    /// Headings, in order; those of bodies of calls among them.
    pub headings: Vec<Heading>,
    /// How many words it has.
    pub words: usize,
    /// Amounts of money for which nothing near them cites a source: bytes of the file.
    pub uncited: Vec<Range<usize>>,
    /// Calls and expressions in the form of other systems, and elements that HTML does not have; those of
    /// bodies of calls among them.
    pub foreign: Vec<Foreign>,
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
            && self.images == other.images
            && self.calls.len() == other.calls.len()
            && self.calls.iter().zip(&other.calls).all(same_call)
    }

    /// Takes the paragraph away that a body of one line stands in, so that it can stand in a line itself.
    /// Gives whether it can.
    pub(super) fn in_a_line(&mut self) -> bool {
        const START: &str = "<p>";
        if let Some(first) = self.images.iter().position(|image| image.alone) {
            let is_all = self.html.trim().is_empty() && self.slots.len() == 1;
            self.images[first].alone = !is_all;
            return is_all;
        }
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
    /// An image of Markdown, as a whole; with its paragraph, where it is alone in it.
    Image(usize),
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

/// An image of Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The number of its link.
    pub link: usize,
    /// What stands for it where it cannot be seen.
    pub alt: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Whether it is alone in its paragraph, which is not written then.
    pub alone: bool,
}

impl Image {
    /// The image as it is, with its paragraph; `address` is ready for an attribute, and `more` are attributes.
    pub fn plain(&self, address: &str, more: &str) -> String {
        let title = if self.title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(&self.title)) };
        let image = format!("<img src=\"{address}\" alt=\"{}\"{title}{more} />", escape(&self.alt));
        if self.alone { format!("<p>{image}</p>") } else { image }
    }
}

/// A call of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The component's name.
    pub name: String,
    /// Bytes of the file of the call, or of its opening tag where it has a body.
    pub span: Range<usize>,
    /// The call as Tera is to render it; of one with a body, the opening tag.
    pub source: String,
    /// The body, as Markdown.
    pub body: Option<Body>,
    /// How often the component was called on this page before, from 1.
    pub nth: usize,
}

impl Call {
    /// The value of an argument that is written out as a text.
    pub fn text_argument(&self, name: &str) -> Option<&str> {
        let start = format!("{name}=");
        let mut found = self.source.match_indices(&start).filter(|(at, _)| self.source[..*at].ends_with(char::is_whitespace));
        let rest = &self.source[found.next()?.0 + start.len()..];
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(value, _)| value)
    }
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
