//! What a page would load from another server (LG München I, 2022-01-20, 3 O 17493/20: not without consent), where its forms send what readers type, and
//! what its scripts keep in their browsers (§ 25 TDDDG).
//!
//! Pages are read by a tokenizer of the HTML standard, addresses by the URL standard, as browsers do; links that a reader follows are not meant. What a
//! script would load cannot be told, but for the modules that it imports by name.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer, naive_next_state};
use memchr::{memchr, memmem};
use serde_json::Value;
use url::Url;

use super::addresses::{candidates, in_sheet, is_fetched, refresh};
use crate::structured::{SCRIPT, SCRIPT_END};

/// Attributes of drawings that name what they are painted with (SVG 2, "presentation attributes").
const PAINTED_WITH: [&str; 10] =
    ["fill", "stroke", "filter", "mask", "clip-path", "marker", "marker-start", "marker-mid", "marker-end", "cursor"];

/// Frames in frames that are looked into; browsers stop nowhere, people long before.
const DEEPEST_FRAME: usize = 8;

/// Names by which scripts reach what browsers keep for them; reading it is meant as well as writing.
const STORES: [&str; 5] = ["document.cookie", "cookieStore", "localStorage", "sessionStorage", "indexedDB"];

/// What an output does beyond the portal's own server. Which servers are allowed is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
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
    pub fn is_empty(&self) -> bool {
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
pub struct Origins {
    base: Url,
}

impl Origins {
    /// The origin of `base_url`. None where that is no address, which settings do not allow.
    pub fn new(base_url: &str) -> Option<Self> {
        Url::parse(&format!("{base_url}/")).ok().map(|base| Self { base })
    }

    /// The origin of an address as a page would write it.
    pub fn of(&self, written: &str) -> Option<String> {
        self.base.join(written.trim()).ok().map(|url| url.origin().ascii_serialization())
    }

    /// What an HTML or SVG page does.
    pub fn in_html(&self, text: &str) -> Contacts {
        let mut found = Contacts::default();
        self.in_page(text, 0, &mut found);
        found
    }

    /// What a style sheet does.
    pub fn in_css(&self, sheet: &str) -> Contacts {
        let mut found = Contacts::default();
        self.in_sheet(sheet, &mut found.loads);
        found
    }

    /// What a script of its own does.
    pub fn in_js(&self, script: &str) -> Contacts {
        let mut found = Contacts::default();
        imports(script).for_each(|written| self.judge(written, &mut found.loads));
        found.in_script(script);
        found
    }

    fn in_page(&self, text: &str, depth: usize, found: &mut Contacts) {
        if (self.may_hold_foreign(text) || may_store(text)) && !self.in_tokens(text, true, depth, found) {
            self.in_tokens(text, false, depth, found);
        }
    }

    /// Looks through a page; with `texts` what stands in a script, a style sheet or a field is text. Gives up where that cannot be told: in drawings such
    /// elements may be empty, and the tokenizer does not know where it is.
    fn in_tokens(&self, text: &str, texts: bool, depth: usize, found: &mut Contacts) -> bool {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(texts);
        let mut inside = Inside::Text;
        for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
            match token {
                Token::StartTag(tag) if texts && tag.self_closing && naive_next_state(&tag.name).is_some() => return false,
                Token::StartTag(tag) => {
                    inside = Inside::of(&tag);
                    self.in_tag(&tag, depth, found);
                }
                Token::String(text) => {
                    let text = String::from_utf8_lossy(&text);
                    match inside {
                        Inside::Style => self.in_sheet(&text, &mut found.loads),
                        // Who has no scripts gets what stands there as any other part of the page.
                        Inside::NoScript if depth < DEEPEST_FRAME => self.in_page(&text, depth + 1, found),
                        Inside::Script => found.in_script(&text),
                        Inside::Module => {
                            imports(&text).for_each(|written| self.judge(written, &mut found.loads));
                            found.in_script(&text);
                        }
                        Inside::ImportMap => mapped(&text).iter().for_each(|written| self.judge(written, &mut found.loads)),
                        Inside::NoScript | Inside::Text => {}
                    }
                }
                Token::EndTag(_) => inside = Inside::Text,
                _ => {}
            }
        }
        true
    }

    fn in_sheet(&self, sheet: &str, found: &mut Vec<String>) {
        in_sheet(sheet).iter().for_each(|written| self.judge(written, found));
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

    fn in_tag(&self, tag: &StartTag<()>, depth: usize, found: &mut Contacts) {
        let text = |name: &str| tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(&value.value).into_owned());
        for name in ["src", "poster", "data", "background"] {
            if let Some(value) = text(name) {
                self.judge(&value, &mut found.loads);
            }
        }
        for name in ["srcset", "imagesrcset"] {
            candidates(&text(name).unwrap_or_default()).into_iter().for_each(|written| self.judge(written, &mut found.loads));
        }
        for address in text("ping").unwrap_or_default().split_ascii_whitespace() {
            self.judge(address, &mut found.loads);
        }
        for name in ["style"].iter().chain(&PAINTED_WITH) {
            if let Some(style) = text(name) {
                self.in_sheet(&style, &mut found.loads);
            }
        }
        let sends = match &**tag.name {
            b"form" => Some("action"),
            b"button" | b"input" => Some("formaction"),
            _ => None,
        };
        if let Some(target) = sends.and_then(text) {
            self.judge(&target, &mut found.forms);
        }
        for (name, value) in &tag.attributes {
            // What an element does when something happens to it.
            if name.starts_with(b"on") {
                found.in_script(&String::from_utf8_lossy(&value.value));
            }
        }
        let fetches = match &**tag.name {
            b"link" => is_fetched(&text("rel").unwrap_or_default()),
            b"image" | b"use" | b"feimage" | b"base" | b"script" => true,
            b"iframe" => {
                if let Some(page) = text("srcdoc").filter(|_| depth < DEEPEST_FRAME) {
                    self.in_page(&page, depth + 1, found);
                }
                false
            }
            _ => false,
        };
        if fetches {
            for name in ["href", "xlink:href"] {
                if let Some(value) = text(name) {
                    self.judge(&value, &mut found.loads);
                }
            }
        }
        if &**tag.name == b"meta"
            && text("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"))
            && let Some(target) = refresh(&text("content").unwrap_or_default())
        {
            self.judge(&target, &mut found.loads);
        }
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

/// What a text of a page stands in.
#[derive(Clone, Copy, Debug)]
enum Inside {
    Text,
    Style,
    NoScript,
    Script,
    Module,
    ImportMap,
}

impl Inside {
    fn of(tag: &StartTag<()>) -> Self {
        let is_script_of = |name: &[u8]| tag.attributes.get(&b"type"[..]).is_some_and(|value| value.value.eq_ignore_ascii_case(name));
        match &**tag.name {
            b"style" => Self::Style,
            b"noscript" => Self::NoScript,
            b"script" if is_script_of(b"module") => Self::Module,
            b"script" if is_script_of(b"importmap") => Self::ImportMap,
            b"script" if !is_script_of(b"application/ld+json") => Self::Script,
            _ => Self::Text,
        }
    }
}

/// The modules that a script names in full: `import "https://…"`, `… from "https://…"`, `import("https://…")`.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    let starts = script.match_indices("import").chain(script.match_indices("from"));
    starts.filter_map(|(at, word)| {
        if script[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '$' | '.')) {
            return None;
        }
        let rest = script[at + word.len()..].trim_start();
        let rest = rest.strip_prefix('(').map_or(rest, str::trim_start);
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
        let written = rest[1..].split(quote).next()?;
        // Any other name is that of an import map, or a path beside the page.
        (written.contains("//") && !written.contains('\n')).then_some(written)
    })
}

/// The addresses of an import map (HTML standard, "import maps").
fn mapped(text: &str) -> Vec<String> {
    let map: Value = serde_json::from_str(text).unwrap_or_default();
    let scopes = map["scopes"].as_object().into_iter().flat_map(|scopes| scopes.values());
    let tables = [&map["imports"]].into_iter().chain(scopes).filter_map(Value::as_object);
    tables.flat_map(|table| table.values()).filter_map(Value::as_str).map(str::to_owned).collect()
}
