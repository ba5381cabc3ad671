//! Reads a page in one pass, by a tokenizer of the HTML standard, as browsers read it.

use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use memchr::memmem;

use super::page::{Heading, Link, Page, Purpose};
use crate::output::{candidates, in_sheet, is_loaded, refresh};

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
    Input,
    /// Loads what its `href` names: `<use>`, `<image>`.
    Uses,
    Nav,
    Style,
    NoScript,
    /// What is no text for readers, or a sample of it.
    Verbatim,
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
            b"form" | b"button" => Self::Form,
            b"input" => Self::Input,
            b"nav" => Self::Nav,
            b"style" => Self::Style,
            b"noscript" => Self::NoScript,
            b"script" | b"code" | b"pre" | b"samp" | b"kbd" | b"textarea" => Self::Verbatim,
            b"use" | b"image" | b"feimage" => Self::Uses,
            _ => Self::Other,
        }
    }
}

/// The attributes that are looked at.
const ATTRIBUTES: [&[u8]; 22] = [
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
    b"style",
    b"type",
];

/// The number of an attribute among those that are looked at.
fn attribute(name: &[u8]) -> Option<usize> {
    ATTRIBUTES.iter().position(|known| *known == name)
}

/// Takes in the events of the tokenizer.
#[derive(Debug, Default)]
pub(super) struct Reader<'w> {
    page: Page,
    /// The words that are looked for.
    wanted: Vec<&'w str>,
    element: Element,
    /// The attributes of the tag that is being read, by their number; `values` holds what they say.
    given: [Option<(usize, usize)>; ATTRIBUTES.len()],
    values: Vec<u8>,
    attribute: Option<usize>,
    /// How deep in drawings we are, whose titles and ids are not the page's.
    drawings: usize,
    /// How deep in lists of links: their headings are none of the text's.
    navigation: usize,
    /// How deep in code and its like.
    verbatim: usize,
    in_style: bool,
    in_noscript: bool,
    in_title: bool,
    heading: Option<Heading>,
    /// The address of the link we are in, and whether it has a name by now.
    link: Option<(String, bool)>,
    ids: std::collections::HashSet<String>,
}

impl Callback<Infallible, ()> for &mut Reader<'_> {
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

impl<'w> Reader<'w> {
    /// A reader that looks for some words as well.
    pub fn looking_for(wanted: Vec<&'w str>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// What was read.
    pub fn into_page(self) -> Page {
        self.page
    }

    /// Reads a page, or a part of one.
    pub fn read(&mut self, html: &str) {
        let mut emitter = CallbackEmitter::new(&mut *self);
        emitter.naively_switch_states(true);
        // The events are taken in by the reader; there is nothing to iterate over.
        for Ok(_) in Tokenizer::new_with_emitter(html, emitter) {}
    }

    /// Notes what a style sheet, or a `style` attribute, loads.
    pub fn sheet(&mut self, sheet: &str) {
        let links = in_sheet(sheet).into_iter().filter(|written| !written.is_empty() && !written.starts_with('#'));
        self.page.links.extend(links.map(|written| Link { written, purpose: Purpose::Load, turns: false, sponsored: false }));
    }

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
            Element::Heading(level) if self.navigation == 0 => {
                self.heading = Some(Heading { level, text: String::new(), id: self.value("id").unwrap_or_default() });
            }
            Element::A | Element::Area => self.followed(),
            Element::Img => self.image(),
            Element::Form | Element::Input => {
                for name in ["action", "formaction"] {
                    self.address(name, Purpose::Send);
                }
                if self.element == Element::Input && self.value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")) {
                    self.needs_alt("src");
                }
            }
            Element::Nav if !self_closing => self.navigation += 1,
            Element::Verbatim if !self_closing => self.verbatim += 1,
            Element::Style if !self_closing => self.in_style = true,
            Element::NoScript if !self_closing => self.in_noscript = true,
            Element::Uses => {
                for name in ["href", "xlink:href"] {
                    self.address(name, Purpose::Load);
                }
            }
            _ => {}
        }
        if self.values.is_empty() {
            return;
        }
        for name in ["src", "poster", "data"] {
            self.address(name, Purpose::Load);
        }
        for name in ["srcset", "imagesrcset"] {
            let srcset = self.value(name).unwrap_or_default();
            let links = candidates(&srcset).into_iter().map(|written| Link {
                written: written.to_owned(),
                purpose: Purpose::Load,
                turns: false,
                sponsored: false,
            });
            self.page.links.extend(links);
        }
        if let Some(style) = self.value("style") {
            self.sheet(&style);
        }
    }

    /// Notes an image whose `alt` is missing or empty. One that can be pressed, or leads elsewhere, decorates nothing.
    fn needs_alt(&mut self, address: &str) {
        let named = ["alt", "aria-label", "aria-labelledby", "title"].iter();
        if !named.into_iter().any(|name| self.value(name).is_some_and(|text| !text.trim().is_empty())) {
            self.page.images_without_alt.push(self.value(address).unwrap_or_default());
        }
    }

    /// Notes an address of the tag.
    fn address(&mut self, name: &str, purpose: Purpose) {
        if let Some(written) = self.value(name) {
            self.page.links.push(Link { written: written.trim().to_owned(), purpose, turns: false, sponsored: false });
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
            "description" if self.page.description.is_none() => {
                self.placeholders(content.as_bytes());
                self.page.description = Some(content.trim().to_owned());
            }
            "robots" => self.page.noindex |= content.to_ascii_lowercase().contains("noindex"),
            _ => {}
        }
        if self.value("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            self.page.refresh = refresh(&content).or_else(|| self.page.refresh.take());
        }
    }

    fn relation(&mut self) {
        let loads = is_loaded(&self.value("rel").unwrap_or_default());
        self.address("href", if loads { Purpose::Load } else { Purpose::Refer });
    }

    fn followed(&mut self) {
        let Some(written) = self.value("href").or_else(|| self.value("xlink:href")).map(|href| href.trim().to_owned()) else { return };
        let named = ["aria-label", "aria-labelledby", "title", "alt"];
        let named = named.iter().any(|name| self.value(name).is_some_and(|value| !value.trim().is_empty()));
        let rel = self.value("rel").unwrap_or_default();
        let says = |word: &str| rel.split_ascii_whitespace().any(|said| said.eq_ignore_ascii_case(word));
        let (turns, sponsored) = (says("prev") || says("next"), says("sponsored"));
        self.page.links.push(Link { written: written.clone(), purpose: Purpose::Follow, turns, sponsored });
        if self.element == Element::Area {
            self.needs_alt("href");
        } else {
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
            Element::Nav => self.navigation = self.navigation.saturating_sub(1),
            Element::Verbatim => self.verbatim = self.verbatim.saturating_sub(1),
            Element::Style => self.in_style = false,
            Element::NoScript => self.in_noscript = false,
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
        if self.in_noscript {
            // Who has no scripts gets what stands there as any other part of the page.
            let refresh = self.page.refresh.clone();
            self.in_noscript = false;
            self.read(&String::from_utf8_lossy(value));
            self.in_noscript = true;
            self.page.refresh = refresh;
            return;
        }
        if self.in_style {
            return self.sheet(&String::from_utf8_lossy(value));
        }
        if self.verbatim == 0 && !self.wanted.is_empty() {
            self.placeholders(value);
        }
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

    /// Notes words of a text that are looked for.
    fn placeholders(&mut self, text: &[u8]) {
        for word in &self.wanted {
            let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
            let is_whole = |at: &usize| !is_letter(at.checked_sub(1).and_then(|at| text.get(at))) && !is_letter(text.get(at + word.len()));
            let count = memmem::find_iter(text, word).filter(is_whole).count();
            self.page.placeholders.extend(std::iter::repeat_n((*word).to_owned(), count));
        }
    }
}
