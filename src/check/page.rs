//! What a finished page says of itself: what findings are about.

use memchr::memmem;

use super::reader::Reader;
use crate::html::{Use, read};

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
    /// The words in its text that stand for something to be written; each as often as it is there.
    pub placeholders: Vec<String>,
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
    pub purpose: Use,
    /// Whether it only leads to the page before or after this one (`rel="prev"`, `rel="next"`).
    pub turns: bool,
    /// Whether the page says that somebody pays for it (`rel="sponsored"`).
    pub sponsored: bool,
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
    /// Reads a page, and looks in its text for some words.
    pub fn read(html: &str, placeholders: &[String]) -> Self {
        // Nearly no page has any of them, and needs to be looked through word by word.
        let wanted =
            placeholders.iter().filter(|word| memmem::find(html.as_bytes(), word.as_bytes()).is_some()).map(String::as_str).collect();
        let mut reader = Reader::looking_for(wanted);
        read(html, &mut reader);
        reader.into_page()
    }

    /// What a style sheet loads.
    pub fn of_sheet(sheet: &str) -> Self {
        let mut reader = Reader::default();
        reader.sheet(sheet);
        reader.into_page()
    }
}
