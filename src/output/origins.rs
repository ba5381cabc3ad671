//! What a page would load from another server (LG München I, 2022-01-20, 3 O 17493/20: not without consent).
//!
//! Pages are read by a tokenizer of the HTML standard, addresses by the URL standard, as browsers do; links that a reader follows are not meant. What a
//! script would load cannot be told.

use html5gum::{StartTag, Token, Tokenizer};
use memchr::{memchr, memmem};
use url::Url;

use crate::structured::{SCRIPT, SCRIPT_END};

/// Kinds of `<link>` that fetch nothing.
const HARMLESS: [&str; 9] = ["canonical", "alternate", "author", "license", "next", "prev", "me", "help", "search"];

/// The portal's own origin, and those it may load from.
#[derive(Debug)]
pub struct Origins {
    base: Url,
    allowed: Vec<Url>,
}

impl Origins {
    /// The origin of `base_url`, and those of `allowed`. None where `base_url` is no address, which settings do not allow.
    pub fn new<'a>(base_url: &str, allowed: impl Iterator<Item = &'a str>) -> Option<Self> {
        let base = Url::parse(&format!("{base_url}/")).ok()?;
        Some(Self { base, allowed: allowed.filter_map(|origin| Url::parse(origin).ok()).collect() })
    }

    /// The addresses of other origins that an HTML or SVG page loads something from.
    pub fn foreign_in_page(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        if !self.may_hold_foreign(text) {
            return found;
        }
        let mut in_style = false;
        for Ok(token) in Tokenizer::new(text) {
            match token {
                Token::StartTag(tag) => {
                    in_style = *tag.name == b"style";
                    self.in_tag(&tag, &mut found);
                }
                Token::String(text) if in_style => found.append(&mut self.foreign_in_sheet(&String::from_utf8_lossy(&text))),
                Token::EndTag(_) => in_style = false,
                _ => {}
            }
        }
        found
    }

    /// The addresses of other origins that a style sheet loads something from.
    pub fn foreign_in_sheet(&self, sheet: &str) -> Vec<String> {
        let lower = sheet.to_ascii_lowercase();
        let mut found = Vec::new();
        for (name, end) in [("url(", ')'), ("@import", ';')] {
            for (at, _) in lower.match_indices(name) {
                let rest = &sheet[at + name.len()..];
                let written = rest.split(end).next().unwrap_or_default().trim();
                let written = match written.chars().next() {
                    Some(quote @ ('"' | '\'')) => written[1..].split(quote).next().unwrap_or_default(),
                    _ => written,
                };
                self.judge(written, &mut found);
            }
        }
        found
    }

    /// Whether a page may hold an address of another origin at all: most do not, and need no closer look. Linked data holds nothing else, and loads none
    /// of it.
    fn may_hold_foreign(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        while let Some(at) = memmem::find(rest, SCRIPT.as_bytes()) {
            let data = &rest[at + SCRIPT.len()..];
            let end = memchr(b'<', data).filter(|end| data[*end..].starts_with(SCRIPT_END.as_bytes()));
            let Some(end) = end else { return true };
            if self.part_may_hold_foreign(&rest[..at]) {
                return true;
            }
            rest = &data[end..];
        }
        self.part_may_hold_foreign(rest)
    }

    fn part_may_hold_foreign(&self, bytes: &[u8]) -> bool {
        let own = self.base.as_str().trim_end_matches('/').as_bytes();
        let scheme = self.base.scheme().len() + 1;
        let is_own = |at: usize| at >= scheme && bytes[at - scheme..].starts_with(own);
        memmem::find_iter(bytes, b"//").any(|at| !is_own(at))
            || memchr(b'\\', bytes).is_some()
            || [&b"\"&#"[..], b"'&#", b"=&#"].iter().any(|start| memmem::find(bytes, start).is_some())
            || [&b"http:"[..], b"https:", b"HTTP:", b"HTTPS:"]
                .iter()
                .any(|name| memmem::find_iter(bytes, name).any(|at| !bytes[at + name.len()..].starts_with(b"//")))
    }

    fn in_tag(&self, tag: &StartTag<()>, found: &mut Vec<String>) {
        let text = |name: &str| tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(&value.value).into_owned());
        for name in ["src", "poster", "data", "background"] {
            if let Some(value) = text(name) {
                self.judge(&value, found);
            }
        }
        for name in ["srcset", "imagesrcset"] {
            for candidate in text(name).unwrap_or_default().split(',') {
                self.judge(candidate.split_ascii_whitespace().next().unwrap_or_default(), found);
            }
        }
        for address in text("ping").unwrap_or_default().split_ascii_whitespace() {
            self.judge(address, found);
        }
        if let Some(style) = text("style") {
            found.append(&mut self.foreign_in_sheet(&style));
        }
        let fetches = match &**tag.name {
            b"link" => {
                !text("rel").unwrap_or_default().split_ascii_whitespace().all(|word| HARMLESS.contains(&word.to_ascii_lowercase().as_str()))
            }
            b"image" | b"use" | b"feimage" | b"base" => true,
            _ => false,
        };
        if fetches {
            for name in ["href", "xlink:href"] {
                if let Some(value) = text(name) {
                    self.judge(&value, found);
                }
            }
        }
        if &**tag.name == b"meta" && text("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            let content = text("content").unwrap_or_default();
            if let Some(at) = content.to_ascii_lowercase().find("url=") {
                self.judge(content[at + 4..].trim().trim_matches(['"', '\'']), found);
            }
        }
    }

    /// Notes an address if it is one of another origin.
    fn judge(&self, written: &str, found: &mut Vec<String>) {
        let Ok(url) = self.base.join(written.trim()) else { return };
        let fetched = matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp");
        if fetched && url.origin() != self.base.origin() && !self.allowed.iter().any(|allowed| allowed.origin() == url.origin()) {
            found.push(written.trim().to_owned());
        }
    }
}
