//! Headers and redirects, as the files that common servers read.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::portal::Portal;

/// How long what has the hash of its content in its name may be kept: a year, and never asked for again.
const LASTING: &str = "public, max-age=31536000, immutable";

/// What would end an address in `_headers` and `_redirects`, or mean something else there.
const WRITTEN: AsciiSet = CONTROLS.add(b' ').add(b'"').add(b'\\').add(b'#').add(b'*').add(b':');

/// What servers are told.
pub(super) struct Site {
    /// Headers of every answer: name and value.
    pub headers: Vec<(&'static str, String)>,
    /// Paths of files whose names carry a hash of their content, as people read them.
    pub lasting: Vec<String>,
    /// Paths that once were, as people read them, each with where it leads now.
    pub moved: Vec<(String, String)>,
}

/// The headers of every answer.
pub(super) fn headers(policy: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Security-Policy", policy.to_owned()),
        ("X-Content-Type-Options", String::from("nosniff")),
        ("X-Frame-Options", String::from("DENY")),
        ("Referrer-Policy", String::from("strict-origin-when-cross-origin")),
        ("Permissions-Policy", String::from("camera=(), geolocation=(), microphone=(), payment=()")),
        ("Cross-Origin-Opener-Policy", String::from("same-origin")),
    ]
}

/// Whether a name carries a hash of what the file holds: `css/site.1c9a3b7e.css`.
fn is_named_by_content(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
    name.split('.').rev().nth(1).is_some_and(is_hash) && name.split('.').count() > 2
}

/// The path of the portal's root, without its last slash.
fn root(portal: &Portal) -> String {
    Url::parse(&portal.config.base_url).map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default()
}

/// The paths of those files whose names carry a hash of their content.
pub(super) fn lasting<'p>(portal: &Portal, files: impl Iterator<Item = &'p Arc<str>>) -> Vec<String> {
    let root = root(portal);
    files.filter(|path| is_named_by_content(path)).map(|path| format!("{root}/{path}")).collect()
}

/// The addresses that pages and sections once had, and sections that lead elsewhere.
pub(super) fn moved(portal: &Portal) -> Vec<(String, String)> {
    let root = root(portal);
    let pages = portal.pages.iter().flat_map(|page| page.aliases.iter().map(|alias| (alias.as_str(), &*page.permalink)));
    let sections = portal.sections.iter().flat_map(|section| section.aliases.iter().map(|alias| (alias.as_str(), &*section.permalink)));
    let leading = portal.sections.iter().filter_map(|section| Some((&*section.path, &**section.redirect.as_ref()?)));
    let mut all: Vec<(String, String)> =
        pages.chain(sections).chain(leading).map(|(from, to)| (format!("{root}{from}"), to.to_owned())).collect();
    all.sort();
    all.dedup_by(|one, other| one.0 == other.0);
    all
}

fn written(address: &str) -> String {
    utf8_percent_encode(address, &WRITTEN).to_string()
}

impl Site {
    /// `_headers`, as Netlify and Cloudflare Pages read it.
    pub(super) fn list_of_headers(&self) -> String {
        let mut text = String::from("/*\n");
        for (name, value) in &self.headers {
            text.push_str(&format!("  {name}: {value}\n"));
        }
        for path in &self.lasting {
            text.push_str(&format!("\n{}\n  Cache-Control: {LASTING}\n", written(path)));
        }
        text
    }

    /// `_redirects`, as Netlify and Cloudflare Pages read it. At Netlify an exclamation mark has it go before
    /// the page that lies in that place.
    pub(super) fn list_of_redirects(&self, status: &str) -> String {
        self.moved.iter().map(|(from, to)| format!("{} {to} {status}\n", written(from))).collect()
    }

    /// `.htaccess`, as Apache reads it.
    pub(super) fn apache(&self) -> String {
        let mut text = String::from("<IfModule mod_headers.c>\n");
        for (name, value) in &self.headers {
            text.push_str(&format!("    Header always set {name} \"{value}\"\n"));
        }
        text.push_str(&format!(
            "    <FilesMatch \"\\.[0-9a-f]{{8}}\\.[a-z0-9]+$\">\n        Header set Cache-Control \"{LASTING}\"\n    </FilesMatch>\n\
             </IfModule>\n<IfModule mod_alias.c>\n"
        ));
        for (from, to) in &self.moved {
            let from = from.strip_suffix('/').map_or_else(|| escaped(from), |from| format!("{}/?", escaped(from)));
            text.push_str(&format!("    RedirectMatch 301 {} {}\n", quoted(&format!("^{from}$")), quoted(to)));
        }
        text.push_str("</IfModule>\nErrorDocument 404 /404.html\n");
        text
    }

    /// A part of a `server` of nginx.
    pub(super) fn nginx(&self) -> String {
        let mut text = String::from("# Within `server { … }`: include hosting/nginx.conf;\n");
        let headers: String = self.headers.iter().map(|(name, value)| format!("add_header {name} \"{value}\" always;\n")).collect();
        text.push_str(&headers);
        text.push_str("error_page 404 /404.html;\ngzip_static on;\n# Those of a `location` take the place of all above.\n");
        let inner: String = headers.lines().map(|line| format!("    {line}\n")).collect();
        text.push_str(&format!(
            "location ~ \"\\.[0-9a-f]{{8}}\\.[a-z0-9]+$\" {{\n{inner}    add_header Cache-Control \"{LASTING}\";\n}}\n"
        ));
        for (from, to) in &self.moved {
            text.push_str(&format!("location = {} {{ return 301 {}; }}\n", quoted(from), quoted(to)));
        }
        text
    }

    /// A part of a site of Caddy.
    pub(super) fn caddy(&self) -> String {
        let mut text = String::from("# Within the block of the site: import hosting/Caddyfile\nheader {\n");
        for (name, value) in &self.headers {
            text.push_str(&format!("    {name} \"{value}\"\n"));
        }
        text.push_str(&format!(
            "}}\n@lasting path_regexp \\.[0-9a-f]{{8}}\\.[a-z0-9]+$\nheader @lasting Cache-Control \"{LASTING}\"\n\
             handle_errors {{\n    rewrite * /404.html\n    file_server\n}}\n"
        ));
        for (from, to) in &self.moved {
            text.push_str(&format!("redir {} {} 301\n", quoted(from), quoted(to)));
        }
        text
    }
}

/// A text in quotes, as Apache, nginx and Caddy read them. They compare paths with what people read, not with
/// how it is sent.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// A path as a regular expression that is it alone.
fn escaped(path: &str) -> String {
    let mut said = String::with_capacity(path.len());
    for letter in path.chars() {
        if r"\.+*?()[]{}|^$".contains(letter) {
            said.push('\\');
        }
        said.push(letter);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_named_by_content};

    #[test]
    fn names_with_a_hash_are_told_from_others() {
        assert!(["css/site.1c9a3b7e.css", "fonts/a.b.00000000.woff2"].iter().all(|path| is_named_by_content(path)));
        assert!(!["css/site.css", "1c9a3b7e.css", "a/site.1C9A3B7E.css", "a.1c9a3b7/x.css"].iter().any(|path| is_named_by_content(path)));
    }

    #[test]
    fn a_path_in_a_regular_expression_is_itself() {
        assert_eq!(escaped("/a.b/(c)"), "/a\\.b/\\(c\\)");
    }
}
