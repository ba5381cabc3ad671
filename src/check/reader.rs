//! Reads a page in one pass.

use memchr::memmem;

use super::page::{Heading, Link, Page};
use crate::html::{Tag, Use, Visitor, Within, sheet_addresses};

/// The elements that are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Element {
    #[default]
    Other,
    Html,
    Title,
    Meta,
    A,
    Area,
    Img,
    Heading(u8),
    Svg,
    Input,
    Nav,
    /// What is no text for readers, or a sample of it.
    Verbatim,
}

impl Element {
    fn of(name: &str) -> Self {
        match name.as_bytes() {
            b"a" => Self::A,
            b"html" => Self::Html,
            b"title" => Self::Title,
            b"meta" => Self::Meta,
            b"area" => Self::Area,
            b"img" => Self::Img,
            [b'h', level @ b'1'..=b'6'] => Self::Heading(level - b'0'),
            b"svg" => Self::Svg,
            b"input" => Self::Input,
            b"nav" => Self::Nav,
            b"script" | b"style" | b"code" | b"pre" | b"samp" | b"kbd" | b"textarea" => Self::Verbatim,
            _ => Self::Other,
        }
    }
}

/// Takes a page in.
#[derive(Debug, Default)]
pub(super) struct Reader<'w> {
    page: Page,
    /// The words that are looked for.
    wanted: Vec<&'w str>,
    /// How deep in drawings we are, whose titles and ids are not the page's.
    drawings: usize,
    /// How deep in lists of links: their headings are none of the text's.
    navigation: usize,
    /// How deep in code and its like.
    verbatim: usize,
    in_title: bool,
    heading: Option<Heading>,
    /// The address of the link we are in, and whether it has a name by now.
    link: Option<(String, bool)>,
    ids: std::collections::HashSet<String>,
    /// Where the page leads who has scripts, while what those see who have none is read.
    refresh: Option<String>,
}

impl<'w> Reader<'w> {
    /// A reader that looks for some words as well.
    pub(super) fn looking_for(wanted: Vec<&'w str>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// What was read.
    pub(super) fn into_page(self) -> Page {
        self.page
    }

    /// Notes what a style sheet loads.
    pub(super) fn sheet(&mut self, sheet: &str) {
        sheet_addresses(sheet).into_iter().for_each(|written| self.address(Use::Load, written, false, false));
    }

    /// Notes an address.
    fn address(&mut self, purpose: Use, written: String, turns: bool, sponsored: bool) {
        match purpose {
            // Drawings are painted with parts of themselves.
            Use::Load if written.is_empty() || written.starts_with('#') => {}
            Use::Base => self.page.base = self.page.base.take().or(Some(written)),
            Use::Refresh => self.page.refresh = Some(written),
            purpose => self.page.links.push(Link { written, purpose, turns, sponsored }),
        }
    }

    fn addresses(&mut self, tag: &Tag) {
        let says = |word: &str| tag.get("rel").unwrap_or_default().split_ascii_whitespace().any(|said| said.eq_ignore_ascii_case(word));
        tag.addresses(|purpose, written| {
            let followed = purpose == Use::Follow;
            let (turns, sponsored) = (followed && (says("prev") || says("next")), followed && says("sponsored"));
            self.address(purpose, written.to_owned(), turns, sponsored);
        });
    }

    /// Notes an image whose `alt` is missing or empty. One that can be pressed, or leads elsewhere, decorates
    /// nothing.
    fn needs_alt(&mut self, tag: &Tag, address: &str) {
        if !is_named(tag) {
            self.page.images_without_alt.push(tag.get(address).unwrap_or_default().to_owned());
        }
    }

    fn anchors(&mut self, tag: &Tag) {
        if let Some(id) = tag.get("id").filter(|id| !id.is_empty()) {
            if self.ids.insert(id.to_owned()) {
                self.page.anchors.push(id.to_owned());
            } else {
                self.page.repeated_ids.push(id.to_owned());
            }
        }
        if tag.name() == "a"
            && let Some(name) = tag.get("name").filter(|name| !name.is_empty())
        {
            self.page.anchors.push(name.to_owned());
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let content = tag.get("content").unwrap_or_default();
        if tag.is("name", "description") && self.page.description.is_none() {
            self.placeholders(content.as_bytes());
            self.page.description = Some(content.trim().to_owned());
        }
        self.page.noindex |= tag.is("name", "robots") && content.to_ascii_lowercase().contains("noindex");
    }

    fn followed(&mut self, tag: &Tag) {
        let Some(written) = tag.get("href").or_else(|| tag.get("xlink:href")) else { return };
        if tag.name() == "area" {
            self.needs_alt(tag, "href");
        } else {
            self.link = Some((written.trim().to_owned(), is_named(tag)));
        }
    }

    fn image(&mut self, tag: &Tag) {
        let address = || tag.get("src").unwrap_or_default().to_owned();
        let Some(alt) = tag.get("alt") else { return self.page.images_without_alt.push(address()) };
        if alt.is_empty() {
            self.page.images_with_empty_alt.push(address());
        }
        if let Some(link) = &mut self.link {
            link.1 |= !alt.trim().is_empty();
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(alt);
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

impl Visitor for Reader<'_> {
    fn start(&mut self, tag: &Tag) {
        self.anchors(tag);
        let opens = usize::from(!tag.is_self_closing());
        match Element::of(tag.name()) {
            Element::Svg => self.drawings += opens,
            Element::Nav => self.navigation += opens,
            Element::Verbatim => self.verbatim += opens,
            Element::Html => self.page.lang = self.page.lang.take().or_else(|| tag.get("lang").map(str::to_owned)),
            Element::Title => self.in_title = self.drawings == 0 && self.page.title.is_none(),
            Element::Meta => self.meta(tag),
            Element::Heading(level) if self.navigation == 0 => {
                self.heading = Some(Heading { level, text: String::new(), id: tag.get("id").unwrap_or_default().to_owned() });
            }
            Element::A | Element::Area => self.followed(tag),
            Element::Img => self.image(tag),
            Element::Input if tag.is("type", "image") => self.needs_alt(tag, "src"),
            Element::Input | Element::Heading(_) | Element::Other => {}
        }
        self.addresses(tag);
    }

    fn end(&mut self, name: &str) {
        match Element::of(name) {
            Element::Svg => self.drawings = self.drawings.saturating_sub(1),
            Element::Title => self.in_title = false,
            Element::Nav => self.navigation = self.navigation.saturating_sub(1),
            Element::Verbatim => self.verbatim = self.verbatim.saturating_sub(1),
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

    fn text(&mut self, within: Within, text: &str) {
        if within == Within::Style {
            return self.sheet(text);
        }
        if self.verbatim == 0 && !self.wanted.is_empty() {
            self.placeholders(text.as_bytes());
        }
        if self.in_title {
            self.page.title.get_or_insert_default().push_str(text.trim());
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        if let Some(link) = &mut self.link {
            link.1 |= !text.trim_ascii().is_empty();
        }
    }

    fn noscript(&mut self, inside: bool) {
        // Where a page leads by itself is asked for those who have scripts.
        if inside {
            self.refresh = self.page.refresh.clone();
        } else {
            self.page.refresh = self.refresh.take();
        }
    }
}

/// Whether a tag says what it is for, to those who do not see it.
fn is_named(tag: &Tag) -> bool {
    ["aria-label", "aria-labelledby", "title", "alt"].iter().any(|name| tag.get(name).is_some_and(|value| !value.trim().is_empty()))
}
