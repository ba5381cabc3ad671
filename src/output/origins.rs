//! What a page would load from another server (LG München I, 2022-01-20, 3 O 17493/20: not without consent).
//!
//! Addresses are read by the URL standard, as browsers do; links that a reader follows are not meant. What a script would load cannot be told, but
//! for the modules that it imports by name.

use memchr::{memchr, memmem};
use url::Url;

use crate::html::{Notes, Use, sheet_addresses};
use crate::structured::{SCRIPT, SCRIPT_END};

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
        if self.may_hold_foreign(text) { self.foreign_of(Notes::of(text)) } else { Vec::new() }
    }

    /// Those of a page that was read.
    pub fn foreign_of(&self, notes: Notes) -> Vec<String> {
        let asked = notes.addresses.into_iter().filter(|(purpose, written)| contacts(*purpose) && self.is_foreign(written));
        asked.map(|(_, written)| written).collect()
    }

    /// The addresses of other origins that a style sheet loads something from.
    pub fn foreign_in_sheet(&self, sheet: &str) -> Vec<String> {
        let written = sheet_addresses(sheet).into_iter().map(|written| written.trim().to_owned());
        written.filter(|written| self.is_foreign(written)).collect()
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

    /// Whether an address is one of another origin that a browser would ask for it.
    fn is_foreign(&self, written: &str) -> bool {
        let Ok(url) = self.base.join(written) else { return false };
        let fetched = matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp");
        fetched && url.origin() != self.base.origin() && !self.allowed.iter().any(|allowed| allowed.origin() == url.origin())
    }
}

/// Whether a browser contacts an address without anybody following it.
fn contacts(purpose: Use) -> bool {
    match purpose {
        Use::Load | Use::Contact | Use::Refresh | Use::Base => true,
        Use::Follow | Use::Send | Use::Refer => false,
    }
}
