//! What a page would load from another server (LG München I, 2022-01-20, 3 O 17493/20: not without consent),
//! where its forms send what readers type, and what its scripts keep in their browsers (§ 25 TDDDG).
//!
//! Addresses are read by the URL standard, as browsers do; links that a reader follows are not meant. What a
//! script would load cannot be told, but for the modules that it imports by name.

use memchr::{memchr, memchr_iter, memmem};
use url::Url;

use crate::html::{Notes, Use, imports, sheet_addresses};
use crate::structured::{SCRIPT, SCRIPT_END};

/// Names by which scripts reach what browsers keep for them; reading it is meant as well as writing.
const STORES: [&str; 5] = ["document.cookie", "cookieStore", "localStorage", "sessionStorage", "indexedDB"];

/// What an output does beyond the portal's own server. Which servers are allowed is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contacts {
    /// Addresses of other origins that it loads something from, as they were written.
    pub loads: Vec<String>,
    /// Addresses of other origins that its forms lead to.
    pub forms: Vec<String>,
    /// By which names its scripts reach what browsers keep, each once.
    pub stores: Vec<&'static str>,
    /// Names of servers that stand in its scripts, each once: what a script would load cannot be told.
    pub named: Vec<String>,
}

impl Contacts {
    /// Whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes in what a script says.
    fn in_script(&mut self, script: &str) {
        for name in STORES {
            if !self.stores.contains(&name) && has_word(script, name) {
                self.stores.push(name);
            }
        }
        for (at, slashes) in script.match_indices("//") {
            let rest = &script[at + slashes.len()..];
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '-')).unwrap_or(rest.len());
            let host = rest[..end].to_ascii_lowercase();
            if host.contains('.') && !self.named.contains(&host) {
                self.named.push(host);
            }
        }
    }
}

/// Whether a text holds a word, not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let continues = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(continues) && !text[at + word.len()..].starts_with(continues))
}

/// The portal's own origin.
#[derive(Debug)]
pub(crate) struct Origins {
    base: Url,
}

impl Origins {
    /// The origin of `base_url`. None where that is no address, which settings do not allow.
    pub(crate) fn new(base_url: &str) -> Option<Self> {
        Url::parse(&format!("{base_url}/")).ok().map(|base| Self { base })
    }

    /// The origin of an address as a page would write it.
    pub(crate) fn of(&self, written: &str) -> Option<String> {
        self.base.join(written.trim()).ok().map(|url| url.origin().ascii_serialization())
    }

    /// What an HTML or SVG page does.
    pub(crate) fn in_html(&self, text: &str) -> Contacts {
        if self.may_contact(text) { self.in_notes(Notes::of(text)) } else { Contacts::default() }
    }

    /// Whether an HTML or SVG page may do anything: most do not, and need not be read.
    pub(crate) fn may_contact(&self, text: &str) -> bool {
        self.may_hold_foreign(text) || may_store(text)
    }

    /// What a page does that was read.
    pub(crate) fn in_notes(&self, notes: Notes) -> Contacts {
        let mut found = Contacts::default();
        for (purpose, written) in notes.addresses {
            match purpose {
                Use::Load | Use::Contact | Use::Refresh | Use::Base => self.judge(&written, &mut found.loads),
                Use::Send => self.judge(&written, &mut found.forms),
                Use::Follow | Use::Refer => {}
            }
        }
        notes.scripts.iter().for_each(|script| found.in_script(script));
        found
    }

    /// What a style sheet does.
    pub(crate) fn in_css(&self, sheet: &str) -> Contacts {
        let mut found = Contacts::default();
        sheet_addresses(sheet).iter().for_each(|written| self.judge(written, &mut found.loads));
        found
    }

    /// What a script of its own does.
    pub(crate) fn in_js(&self, script: &str) -> Contacts {
        let mut found = Contacts::default();
        imports(script).for_each(|written| self.judge(written, &mut found.loads));
        found.in_script(script);
        found
    }

    /// Whether a page may hold an address of another origin at all: most do not, and need no closer look.
    /// Linked data holds nothing else, and loads none of it.
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
            || hides_slashes(bytes)
            || names_scheme(bytes)
    }

    /// Notes an address if it is one of another origin.
    fn judge(&self, written: &str, found: &mut Vec<String>) {
        let Ok(url) = self.base.join(written.trim()) else { return };
        let fetched = matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp");
        if fetched && url.origin() != self.base.origin() {
            found.push(written.trim().to_owned());
        }
    }
}

/// Whether a page may hold a script that reaches what browsers keep: most do not, and need no closer look.
fn may_store(text: &str) -> bool {
    ["ookie", "Storage", "indexedDB"].iter().any(|part| memmem::find(text.as_bytes(), part.as_bytes()).is_some())
}

/// Whether slashes may be written as character references, or have line breaks between them, which addresses
/// lose (URL standard, "URL parsing").
fn hides_slashes(bytes: &[u8]) -> bool {
    // Quotes, which are written so in texts, are none.
    let harmless = |rest: &[u8]| [&b"39;"[..], b"34;", b"x27;", b"x22;"].iter().any(|known| rest.starts_with(known));
    let broken = |rest: &[u8]| rest.iter().find(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')) == Some(&b'/');
    memmem::find_iter(bytes, b"&#").any(|at| !harmless(&bytes[at + 2..]))
        || [&b"&sol;"[..], b"&bsol;", b"&colon;", b"&Tab;", b"&NewLine;"].iter().any(|name| memmem::find(bytes, name).is_some())
        || [&b"/\t"[..], b"/\n", b"/\r"].iter().any(|start| memmem::find_iter(bytes, start).any(|at| broken(&bytes[at + 1..])))
}

/// Whether a scheme is named without slashes behind it, which needs none.
fn names_scheme(bytes: &[u8]) -> bool {
    let named = |at: usize| {
        let ends = |name: &&[u8]| at.checked_sub(name.len()).is_some_and(|start| bytes[start..at].eq_ignore_ascii_case(name));
        [&b"http"[..], b"https", b"ws", b"wss", b"ftp"].iter().any(ends)
    };
    memchr_iter(b':', bytes).any(|at| !bytes[at + 1..].starts_with(b"//") && named(at))
}
