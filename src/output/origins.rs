//! What a page would load from another server (LG München I, 2022-01-20, 3 O 17493/20: not without consent).

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

/// Beginnings of what makes a browser fetch something while it shows a page.
const FETCHES: [&str; 13] = [
    " src=\"http",
    " src=\"//",
    " src='http",
    " src='//",
    " srcset=\"http",
    " srcset=\"//",
    " poster=\"http",
    " data=\"http",
    "url(http",
    "url(\"http",
    "url('http",
    "@import \"http",
    "<link ",
];

/// Kinds of `<link>` that fetch nothing.
const HARMLESS: [&str; 9] = ["canonical", "alternate", "author", "license", "next", "prev", "me", "help", "search"];

static MATCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(FETCHES));

/// The addresses of other origins that an HTML page or style sheet loads something from, beside those that begin with one of `allowed`.
/// Links that a reader follows are not among them.
pub fn foreign_origins(text: &str, allowed: &[&str]) -> Vec<String> {
    let Some(matcher) = &*MATCHER else { return Vec::new() };
    let mut found = Vec::new();
    for hit in matcher.find_iter(text) {
        let pattern = FETCHES[hit.pattern().as_usize()];
        let address = if pattern == "<link " {
            let tag = &text[hit.start()..text[hit.start()..].find('>').map_or(text.len(), |end| hit.start() + end)];
            let rel = attribute(tag, "rel").unwrap_or_default();
            if rel.split_ascii_whitespace().all(|word| HARMLESS.contains(&word)) {
                continue;
            }
            attribute(tag, "href").unwrap_or_default()
        } else {
            let start = hit.end() - if pattern.ends_with("http") { 4 } else { 2 };
            let rest = &text[start..];
            &rest[..rest.find(['"', '\'', ')', ' ', '>']).unwrap_or(rest.len())]
        };
        let foreign = address.starts_with("//") || address.starts_with("http://") || address.starts_with("https://");
        if foreign && !allowed.iter().any(|origin| begins_with_origin(address, origin)) {
            found.push(address.to_owned());
        }
    }
    found
}

/// Whether an address is one of an origin: `https://a.example` does not allow `https://a.example.org`.
fn begins_with_origin(address: &str, origin: &str) -> bool {
    address.strip_prefix(origin.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let at = tag.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &tag[at..];
    match rest.as_bytes().first()? {
        quote @ (b'"' | b'\'') => rest[1..].split(char::from(*quote)).next(),
        _ => rest.split([' ', '>']).next(),
    }
}
