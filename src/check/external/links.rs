//! The addresses of other servers that a finished site names, and where they were written.

use std::collections::BTreeMap;

use url::Url;

use crate::check::Site;
use crate::config::{Config, SITE_FILE};
use crate::content::CONTENT_DIR;
use crate::diagnostic::Place;
use crate::files::{self, Files};

/// An address, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address, without a fragment.
    pub url: Url,
    /// The places, in the order of reports.
    pub places: Vec<Place>,
}

/// The addresses of other servers that a finished site names, and those of `content/sources.toml`, in order.
pub fn links(site: &Site<'_>, files: &dyn Files) -> Vec<Link> {
    let mut found: BTreeMap<Url, Vec<Place>> = BTreeMap::new();
    // Where it was written is looked for below; the page stands for what only a template writes.
    let mut add = |url: Url, file: &str| {
        let places = found.entry(url).or_default();
        if places.last().is_none_or(|place| place.file != file) {
            places.push(Place::file(file));
        }
    };
    for (mut url, page) in site.away() {
        url.set_fragment(None);
        add(url, page.file().as_deref().unwrap_or(SITE_FILE));
    }
    let config = &site.portal.config;
    for url in site.portal.sources.values().filter_map(|source| address(&source.url.as_ref()?.known()?.0)) {
        if is_foreign(config, &url) {
            found.entry(url).or_default();
        }
    }
    let mut written = written(&found, files);
    let with_places = |(url, pages): (Url, Vec<Place>)| {
        let mut places = written.remove(&url).unwrap_or(pages);
        places.sort();
        places.dedup();
        Link { url, places }
    };
    found.into_iter().map(with_places).collect()
}

/// A web address without its fragment; none for any other.
fn address(written: &str) -> Option<Url> {
    let mut url = Url::parse(written.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    url.set_fragment(None);
    Some(url)
}

fn is_foreign(config: &Config, url: &Url) -> bool {
    let rest = url.as_str().strip_prefix(&*config.base_url);
    rest.is_none_or(|rest| !(rest.is_empty() || rest.starts_with(['/', '?'])))
}

/// Where files of the portal write the addresses of `wanted`.
fn written(wanted: &BTreeMap<Url, Vec<Place>>, files: &dyn Files) -> BTreeMap<Url, Vec<Place>> {
    let mut places: BTreeMap<Url, Vec<Place>> = BTreeMap::new();
    let endings = [
        (CONTENT_DIR, &["md", "toml", "csv", "html", "css"][..]),
        ("static", &["html", "css"]),
        ("templates", &["html"]),
        ("themes", &["html", "css"]),
    ];
    let in_folders = endings.iter().flat_map(|(folder, endings)| {
        let has_text = |file: &String| file.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending));
        files.list(folder).files.into_iter().filter(has_text)
    });
    for file in in_folders.chain([SITE_FILE.to_owned()]) {
        let Some(source) = files.read(&file).ok().and_then(|bytes| files::source(&file, &bytes).ok()) else { continue };
        let text = source.text();
        for (at, _) in text.match_indices("http") {
            if let Some((url, length)) = at_start(&text[at..], wanted) {
                places.entry(url).or_default().push(source.place(at..at + length));
            }
        }
    }
    places
}

/// What may stand behind an address, and may be part of one.
const CLOSING: [char; 9] = [')', ']', '}', ',', ';', '|', '\'', '*', '\\'];

/// The wanted address that a text begins with, and its length as it is written. Where an address ends in
/// prose only the list of those that are wanted can tell: `(https://a.example/b)` may be with or without the
/// bracket.
fn at_start(text: &str, wanted: &BTreeMap<Url, Vec<Place>>) -> Option<(Url, usize)> {
    let end = text.find(|character: char| character.is_whitespace() || matches!(character, '"' | '<' | '>' | '`')).unwrap_or(text.len());
    // What a fragment ends with cannot be told by the list.
    let end = text[..end].find('#').map_or(end, |hash| text[hash..end].find(CLOSING).map_or(end, |length| hash + length));
    let mut written = &text[..end];
    if !written.starts_with("http://") && !written.starts_with("https://") {
        return None;
    }
    loop {
        let sentence = written.trim_end_matches(['.', ',', ':', ';', '!', '?', '*', '_', '\'']);
        for candidate in [written, sentence] {
            let found = address(&candidate.replace("&amp;", "&")).filter(|url| wanted.contains_key(url));
            if let Some(url) = found {
                return Some((url, candidate.len()));
            }
        }
        written = &written[..written.rfind(CLOSING)?];
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{address, at_start};
    use std::collections::BTreeMap;

    #[test]
    fn an_address_in_prose_ends_where_the_site_says() {
        let wanted = ["https://a.example/b", "https://a.example/b_(c)", "https://a.example/?x=1&y=2", "https://a.example/%C3%BC"];
        let wanted = wanted.iter().map(|url| (address(url).expect("an address"), Vec::new())).collect::<BTreeMap<_, _>>();
        let found = |text: &str| at_start(text, &wanted).map(|(url, length)| (url.to_string(), text[..length].to_owned()));
        for (text, url, written) in [
            ("https://a.example/b", "https://a.example/b", "https://a.example/b"),
            ("https://a.example/b#part) and", "https://a.example/b", "https://a.example/b#part"),
            ("https://a.example/b). And", "https://a.example/b", "https://a.example/b"),
            ("https://a.example/b**,", "https://a.example/b", "https://a.example/b"),
            ("https://a.example/b_(c))", "https://a.example/b_(c)", "https://a.example/b_(c)"),
            ("https://a.example/b,2024,x", "https://a.example/b", "https://a.example/b"),
            ("https://a.example/?x=1&amp;y=2\">", "https://a.example/?x=1&y=2", "https://a.example/?x=1&amp;y=2"),
            ("https://A.example/ü.", "https://a.example/%C3%BC", "https://A.example/ü"),
        ] {
            assert_eq!(found(text), Some((url.to_owned(), written.to_owned())), "{text}");
        }
        for text in ["https://a.example/bc", "https://a.example/b.html", "https://a.example/b/c", "http-equiv", "https://a.example"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
