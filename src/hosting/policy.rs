//! The Content-Security-Policy of a site (CSP Level 3): what its pages load, run and send, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use url::Url;

use crate::html::{Tag, Use, Visitor, Within, read, sheet_addresses};
use crate::limits::MOST_POLICY_HASHES;
use crate::pipeline::BuiltOutput;
use crate::portal::Portal;

/// What pages do, by directive: the sources that they need beside their own server.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    by: BTreeMap<&'static str, BTreeSet<String>>,
    /// The address that relative ones belong to.
    base: Option<Url>,
    /// The text of the script or style sheet that is being read.
    inline: String,
    open: Option<&'static str>,
}

/// Directives that every page has, in order, each with what it allows at least.
const ALWAYS: [(&str, &str); 11] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("font-src", "'self'"),
    ("media-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("form-action", "'self'"),
    ("base-uri", "'none'"),
    ("frame-ancestors", "'none'"),
];

/// The policy of all pages of a site.
pub(super) fn policy(portal: &Portal, outputs: &BTreeMap<Arc<str>, BuiltOutput>) -> String {
    let needs: Needs = outputs
        .par_iter()
        .filter_map(|(path, output)| {
            let is_page = path.ends_with(".html");
            if !is_page && !path.ends_with(".css") {
                return None;
            }
            let base = Url::parse(&portal.config.permalink(&format!("/{path}"))).ok();
            let mut needs = Needs { base, ..Needs::default() };
            let text = output.bytes.text()?;
            match is_page {
                true => read(&text, &mut needs),
                false => needs.sheet(&text),
            }
            Some(needs)
        })
        .reduce(Needs::default, Needs::and);
    needs.with_settings(portal).into_text()
}

impl Needs {
    fn and(mut self, other: Self) -> Self {
        for (directive, sources) in other.by {
            self.by.entry(directive).or_default().extend(sources);
        }
        self
    }

    fn add(&mut self, directive: &'static str, source: impl Into<String>) {
        self.by.entry(directive).or_default().insert(source.into());
    }

    /// What scripts of the portal itself are said to need: the index of the search is a program in
    /// WebAssembly, and `[privacy]` names the servers that a script may ask.
    fn with_settings(mut self, portal: &Portal) -> Self {
        if portal.search.is_some() && cfg!(feature = "search") {
            self.add("script-src", "'wasm-unsafe-eval'");
        }
        for service in portal.config.site.privacy.iter().flat_map(|privacy| &privacy.services) {
            self.add("connect-src", service.origin.origin.clone());
        }
        self
    }

    fn address(&mut self, directive: &'static str, written: &str) {
        let Some(url) = self.base.as_ref().and_then(|base| base.join(written).ok()) else { return };
        match url.scheme() {
            "http" | "https" if self.base.as_ref().is_some_and(|base| base.origin() == url.origin()) => {}
            "http" | "https" => self.add(directive, url.origin().ascii_serialization()),
            "data" => self.add(directive, "data:"),
            "mailto" => {}
            scheme => self.add(directive, format!("{scheme}:")),
        }
    }

    /// What a style sheet loads: pictures, typefaces, and other sheets.
    fn sheet(&mut self, text: &str) {
        for written in sheet_addresses(text) {
            for directive in ["img-src", "font-src", "style-src"] {
                self.address(directive, &written);
            }
        }
    }

    fn into_text(mut self) -> String {
        let mut all: Vec<(&str, String)> = Vec::new();
        for (directive, least) in ALWAYS {
            let mut sources = vec![least.to_owned()];
            let more = self.by.remove(directive).unwrap_or_default();
            let (hashes, others): (Vec<String>, Vec<String>) = more.into_iter().partition(|source| source.starts_with("'sha256-"));
            // A hash beside it would have browsers pass it over.
            let unsafe_inline = others.iter().any(|source| source == "'unsafe-inline'") || hashes.len() > MOST_POLICY_HASHES;
            sources.extend(others.into_iter().filter(|source| source != "'unsafe-inline'"));
            match unsafe_inline {
                true => sources.push(String::from("'unsafe-inline'")),
                false => sources.extend(hashes),
            }
            all.push((directive, sources.join(" ")));
        }
        all.extend(self.by.into_iter().map(|(directive, sources)| (directive, sources.into_iter().collect::<Vec<_>>().join(" "))));
        all.into_iter().map(|(directive, sources)| format!("{directive} {sources}")).collect::<Vec<_>>().join("; ")
    }
}

/// The directives for what an element loads.
fn loads(tag: &Tag) -> &'static [&'static str] {
    let says = |attribute: &str, word: &str| {
        tag.get(attribute).unwrap_or_default().split_ascii_whitespace().any(|said| said.eq_ignore_ascii_case(word))
    };
    match tag.name() {
        "script" => &["script-src"],
        "link" if says("rel", "stylesheet") || says("as", "style") => &["style-src"],
        "link" if says("as", "font") => &["font-src"],
        "link" if says("rel", "modulepreload") || says("as", "script") => &["script-src"],
        "link" if says("rel", "manifest") => &["manifest-src"],
        "video" | "audio" | "track" => &["media-src", "img-src"],
        "source" => &["media-src", "img-src"],
        "iframe" | "frame" => &["frame-src"],
        "embed" | "object" => &["object-src"],
        _ => &["img-src"],
    }
}

impl Visitor for Needs {
    fn start(&mut self, tag: &Tag) {
        let mut found = Vec::new();
        tag.addresses(|purpose, written| found.push((purpose, written.to_owned())));
        for (purpose, written) in found {
            match purpose {
                Use::Load => loads(tag).iter().for_each(|directive| self.address(directive, &written)),
                Use::Contact => self.address("connect-src", &written),
                Use::Send => self.address("form-action", &written),
                Use::Follow | Use::Refer | Use::Refresh | Use::Base => {}
            }
        }
        for (name, _) in tag.attributes() {
            if name == "style" {
                self.add("style-src", "'unsafe-inline'");
            } else if name.starts_with("on") {
                self.add("script-src", "'unsafe-inline'");
            }
        }
        let directive = match tag.name() {
            "script" if tag.get("src").is_none() => Some("script-src"),
            "style" => Some("style-src"),
            _ => None,
        };
        (self.open, self.inline) = (directive, String::new());
    }

    fn text(&mut self, within: Within, text: &str) {
        // Data is never run.
        if self.open.is_some() && !matches!(within, Within::Text | Within::Data) {
            self.inline.push_str(text);
        }
    }

    fn end(&mut self, _: &str) {
        let text = std::mem::take(&mut self.inline);
        if let Some(directive) = self.open.take().filter(|_| !text.is_empty()) {
            if directive == "style-src" {
                self.sheet(&text);
            }
            self.add(directive, format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes()))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        let mut needs = Needs { base: Url::parse("https://www.example.org/a/").ok(), ..Needs::default() };
        read(html, &mut needs);
        needs.into_text()
    }

    #[test]
    fn a_page_that_loads_from_its_own_server_alone_may_do_no_more() {
        let html = r#"<img src="/x.png"><a href="https://other.example/">a</a><script type="application/ld+json">{}</script>"#;
        assert_eq!(
            of(html),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; connect-src 'self'; \
             manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
    }

    #[test]
    fn what_pages_use_is_allowed_where_it_is_used() {
        for (html, said) in [
            (r#"<img src="https://img.example/a.png" alt="">"#, "img-src 'self' https://img.example;"),
            (r#"<iframe src="https://film.example/1"></iframe>"#, "frame-src https://film.example"),
            (r#"<form action="https://form.example/ask"></form>"#, "form-action 'self' https://form.example;"),
            (r#"<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">"#, "img-src 'self' data:;"),
            // The hash of `1`, as base64 of SHA-256.
            ("<script>1</script>", "script-src 'self' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=';"),
            ("<style>a{background:url(https://img.example/b.png)}</style>", "img-src 'self' https://img.example;"),
            (r#"<p style="color:red">a</p><style>b{}</style>"#, "style-src 'self' 'unsafe-inline';"),
            (r#"<button onclick="go()">a</button>"#, "script-src 'self' 'unsafe-inline';"),
        ] {
            let policy = of(html);
            assert!(policy.contains(said), "{html}: {policy}");
        }
    }

    #[test]
    fn so_many_hashes_are_listed() {
        let sheets = |count: usize| (0..count).map(|number| format!("<style>a{{top:{number}px}}</style>")).collect::<String>();
        assert_eq!(of(&sheets(MOST_POLICY_HASHES)).matches("sha256").count(), MOST_POLICY_HASHES);
        let more = of(&sheets(MOST_POLICY_HASHES + 1));
        assert!(more.contains("style-src 'self' 'unsafe-inline'") && !more.contains("sha256"), "{more}");
    }
}
