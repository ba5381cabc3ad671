//! What a finished page says of itself: read in one pass by a tokenizer of the HTML standard, as browsers read it.

use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// What a page holds that findings are about.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The language that its root element names.
    pub lang: Option<String>,
    /// Its title: the text of the first `<title>` outside of drawings.
    pub title: Option<String>,
    /// Its description for search engines.
    pub description: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
    /// Where it leads at once (`<meta http-equiv="refresh">`).
    pub refresh: Option<String>,
    /// What its relative addresses begin with (`<base href>`).
    pub base: Option<String>,
    /// All addresses in it, in order.
    pub links: Vec<Link>,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// Its anchors, in order: each `id`, and each `name` of an `<a>`.
    pub anchors: Vec<String>,
    /// Each `id` that an earlier element has already.
    pub repeated_ids: Vec<String>,
    /// The addresses of images without an `alt`.
    pub images_without_alt: Vec<String>,
    /// The addresses of images whose `alt` is empty.
    pub images_with_empty_alt: Vec<String>,
    /// The addresses of links that have no name: no text, no image with a text, no `aria-label`.
    pub nameless_links: Vec<String>,
}

/// An address in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As the page writes it, character references resolved.
    pub written: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether the page says that somebody pays for it (`rel="sponsored"`).
    pub sponsored: bool,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// A reader follows it: `<a>`, `<area>`.
    Follow,
    /// A form is sent to it.
    Send,
    /// The browser loads it: an image, a script, a style sheet.
    Load,
    /// Programs read it: `<link rel="canonical">`, feeds.
    Refer,
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// Its id, or none.
    pub id: String,
}

impl Page {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        let mut reader = Reader::default();
        let mut emitter = CallbackEmitter::new(&mut reader);
        emitter.naively_switch_states(true);
        // The events are taken in by the reader; there is nothing to iterate over.
        for Ok(_) in Tokenizer::new_with_emitter(html, emitter) {}
        reader.page
    }
}

/// The elements that are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Element {
    #[default]
    Other,
    Html,
    Title,
    Meta,
    Link,
    Base,
    A,
    Area,
    Img,
    Heading(u8),
    Svg,
    Form,
    /// Loads what its `href` names: `<use>`, `<image>`.
    Uses,
}

impl Element {
    fn of(name: &[u8]) -> Self {
        match name {
            b"a" => Self::A,
            b"html" => Self::Html,
            b"title" => Self::Title,
            b"meta" => Self::Meta,
            b"link" => Self::Link,
            b"base" => Self::Base,
            b"area" => Self::Area,
            b"img" => Self::Img,
            [b'h', level @ b'1'..=b'6'] => Self::Heading(level - b'0'),
            b"svg" => Self::Svg,
            b"form" | b"button" | b"input" => Self::Form,
            b"use" | b"image" | b"feimage" => Self::Uses,
            _ => Self::Other,
        }
    }
}

/// The attributes that are looked at.
const ATTRIBUTES: [&[u8]; 20] = [
    b"id",
    b"href",
    b"src",
    b"srcset",
    b"alt",
    b"lang",
    b"content",
    b"name",
    b"property",
    b"http-equiv",
    b"rel",
    b"aria-label",
    b"aria-labelledby",
    b"title",
    b"action",
    b"formaction",
    b"poster",
    b"data",
    b"imagesrcset",
    b"xlink:href",
];

/// The number of an attribute among those that are looked at.
fn attribute(name: &[u8]) -> Option<usize> {
    ATTRIBUTES.iter().position(|known| *known == name)
}

/// Takes in the events of the tokenizer.
#[derive(Debug, Default)]
struct Reader {
    page: Page,
    element: Element,
    /// The attributes of the tag that is being read, by their number; `values` holds what they say.
    given: [Option<(usize, usize)>; ATTRIBUTES.len()],
    values: Vec<u8>,
    attribute: Option<usize>,
    /// How deep in drawings we are, whose titles and ids are not the page's.
    drawings: usize,
    in_title: bool,
    heading: Option<Heading>,
    /// The address of the link we are in, and whether it has a name by now.
    link: Option<(String, bool)>,
    ids: std::collections::HashSet<String>,
}

impl Callback<Infallible, ()> for &mut Reader {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.element = Element::of(name);
                self.given = [None; ATTRIBUTES.len()];
                self.values.clear();
                self.attribute = None;
            }
            CallbackEvent::AttributeName { name } => {
                // Of two attributes with one name the first holds.
                self.attribute = attribute(name).filter(|number| self.given[*number].is_none());
                if let Some(number) = self.attribute {
                    self.given[number] = Some((self.values.len(), self.values.len()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(number) = self.attribute.take() {
                    self.given[number] = Some((self.values.len(), self.values.len() + value.len()));
                    self.values.extend_from_slice(value);
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => self.end(Element::of(name)),
            CallbackEvent::String { value } => self.string(value),
            _ => {}
        }
        None
    }
}

impl Reader {
    /// What an attribute of the tag says; none where it is not there.
    fn value(&self, name: &str) -> Option<String> {
        let (start, end) = self.given[attribute(name.as_bytes())?]?;
        Some(String::from_utf8_lossy(&self.values[start..end]).into_owned())
    }

    fn start(&mut self, self_closing: bool) {
        self.anchors();
        match self.element {
            Element::Svg if !self_closing => self.drawings += 1,
            Element::Html => self.page.lang = self.page.lang.take().or_else(|| self.value("lang")),
            Element::Title => self.in_title = self.drawings == 0 && self.page.title.is_none(),
            Element::Meta => self.meta(),
            Element::Base => self.page.base = self.page.base.take().or_else(|| self.value("href")),
            Element::Link => self.relation(),
            Element::Heading(level) => {
                self.heading = Some(Heading { level, text: String::new(), id: self.value("id").unwrap_or_default() });
            }
            Element::A | Element::Area => self.followed(),
            Element::Img => self.image(),
            Element::Form => {
                for name in ["action", "formaction"] {
                    self.address(name, Purpose::Send);
                }
            }
            Element::Uses => {
                for name in ["href", "xlink:href"] {
                    self.address(name, Purpose::Load);
                }
            }
            _ => {}
        }
        for name in ["src", "poster", "data"] {
            self.address(name, Purpose::Load);
        }
        for name in ["srcset", "imagesrcset"] {
            self.candidates(name);
        }
    }

    /// Notes an address of the tag.
    fn address(&mut self, name: &str, purpose: Purpose) {
        if let Some(written) = self.value(name) {
            self.page.links.push(Link { written: written.trim().to_owned(), purpose, sponsored: false });
        }
    }

    /// The addresses of a `srcset`, each with its width or density behind it.
    fn candidates(&mut self, name: &str) {
        let Some(value) = self.value(name) else { return };
        // A comma ends an address only where white space follows: addresses with data in them hold commas as well.
        for candidate in value.split_inclusive(|character: char| character.is_ascii_whitespace()).collect::<String>().split(", ") {
            if let Some(written) = candidate.split_ascii_whitespace().next() {
                self.page.links.push(Link { written: written.trim_end_matches(',').to_owned(), purpose: Purpose::Load, sponsored: false });
            }
        }
    }

    fn anchors(&mut self) {
        if let Some(id) = self.value("id").filter(|id| !id.is_empty()) {
            if self.ids.insert(id.clone()) {
                self.page.anchors.push(id);
            } else {
                self.page.repeated_ids.push(id);
            }
        }
        if self.element == Element::A
            && let Some(name) = self.value("name").filter(|name| !name.is_empty())
        {
            self.page.anchors.push(name);
        }
    }

    fn meta(&mut self) {
        let content = self.value("content").unwrap_or_default();
        let name = self.value("name").unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "description" if self.page.description.is_none() => self.page.description = Some(content.trim().to_owned()),
            "robots" => self.page.noindex |= content.to_ascii_lowercase().contains("noindex"),
            _ => {}
        }
        if self.value("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            let content = self.value("content").unwrap_or_default();
            if let Some(at) = content.to_ascii_lowercase().find("url=") {
                self.page.refresh = content.get(at + 4..).map(|url| url.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
    }

    fn relation(&mut self) {
        let rel = self.value("rel").unwrap_or_default().to_ascii_lowercase();
        let loads = rel.split_ascii_whitespace().any(|word| {
            matches!(word, "stylesheet" | "icon" | "preload" | "modulepreload" | "manifest" | "apple-touch-icon" | "mask-icon")
        });
        self.address("href", if loads { Purpose::Load } else { Purpose::Refer });
    }

    fn followed(&mut self) {
        let Some(written) = self.value("href").or_else(|| self.value("xlink:href")).map(|href| href.trim().to_owned()) else { return };
        let named = ["aria-label", "aria-labelledby", "title", "alt"];
        let named = named.iter().any(|name| self.value(name).is_some_and(|value| !value.trim().is_empty()));
        let sponsored =
            self.value("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored")));
        self.page.links.push(Link { written: written.clone(), purpose: Purpose::Follow, sponsored });
        if self.element == Element::A {
            self.link = Some((written, named));
        }
    }

    fn image(&mut self) {
        match self.value("alt") {
            None => self.page.images_without_alt.push(self.value("src").unwrap_or_default()),
            Some(alt) => {
                if alt.is_empty() {
                    self.page.images_with_empty_alt.push(self.value("src").unwrap_or_default());
                }
                if let Some(link) = &mut self.link {
                    link.1 |= !alt.trim().is_empty();
                }
                if let Some(heading) = &mut self.heading {
                    heading.text.push_str(&alt);
                }
            }
        }
    }

    fn end(&mut self, element: Element) {
        match element {
            Element::Svg => self.drawings = self.drawings.saturating_sub(1),
            Element::Title => self.in_title = false,
            Element::Heading(_) => {
                if let Some(mut heading) = self.heading.take() {
                    heading.text = heading.text.split_whitespace().collect::<Vec<_>>().join(" ");
                    self.page.headings.push(heading);
                }
            }
            Element::A => {
                if let Some((written, false)) = self.link.take() {
                    self.page.nameless_links.push(written);
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, value: &[u8]) {
        if self.in_title {
            let text = String::from_utf8_lossy(value).trim().to_owned();
            self.page.title.get_or_insert_default().push_str(&text);
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(&String::from_utf8_lossy(value));
        }
        if let Some(link) = &mut self.link {
            link.1 |= !value.trim_ascii().is_empty();
        }
    }
}
