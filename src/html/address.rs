//! The addresses of tags: which attribute of which element names one, and what for.

use super::sheet;
use super::tags::Tag;

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// The browser loads it with the page: an image, a script, a style sheet.
    Load,
    /// The browser connects to its server, and loads nothing that is shown: `preconnect`, `ping`.
    Contact,
    /// A reader follows it: `<a>`, `<area>`.
    Follow,
    /// A form is sent to it.
    Send,
    /// Programs read it: `<link rel="canonical">`, feeds.
    Refer,
    /// The browser goes there by itself: `<meta http-equiv="refresh">`.
    Refresh,
    /// What relative addresses begin with: `<base>`.
    Base,
}

/// Relations of `<link>` whose address the browser asks for (HTML standard, "Link types"; the last two are
/// those of makers of browsers). The address of any other one is for programs, or for readers who follow it.
const LOADED: [&str; 10] = [
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "prerender",
    "manifest",
    "compression-dictionary",
    "apple-touch-icon",
    "mask-icon",
];

/// Relations of `<link>` whose server the browser connects to.
const CONTACTED: [&str; 2] = ["preconnect", "dns-prefetch"];

/// Attributes of drawings that name what they are painted with (SVG 2, "presentation attributes").
const PAINTED_WITH: [&str; 10] =
    ["fill", "stroke", "filter", "mask", "clip-path", "marker", "marker-start", "marker-mid", "marker-end", "cursor"];

impl Tag {
    /// Hands on the addresses that the attributes of the tag name, without white space around them: all but
    /// those in `srcdoc` of a frame, which is a page of its own.
    pub(crate) fn addresses(&self, mut note: impl FnMut(Use, &str)) {
        for (name, value) in self.attributes() {
            match name {
                "src" | "poster" | "data" | "background" => note(Use::Load, value.trim()),
                "srcset" | "imagesrcset" => candidates(value).into_iter().for_each(|written| note(Use::Load, written)),
                "ping" => value.split_ascii_whitespace().for_each(|written| note(Use::Contact, written)),
                "style" => sheet::addresses(value).iter().for_each(|written| note(Use::Load, written)),
                "href" | "xlink:href" => {
                    if let Some(purpose) = self.leads() {
                        note(purpose, value.trim());
                    }
                }
                "action" | "formaction" if matches!(self.name(), "form" | "button" | "input") => note(Use::Send, value.trim()),
                "content" if self.name() == "meta" && self.is("http-equiv", "refresh") => {
                    refresh(value).iter().for_each(|written| note(Use::Refresh, written));
                }
                // Most say a colour.
                _ if PAINTED_WITH.contains(&name) && value.contains('(') => {
                    sheet::addresses(value).iter().for_each(|written| note(Use::Load, written));
                }
                _ => {}
            }
        }
    }

    /// What the `href` of the tag is for; nothing where it says nothing.
    pub(crate) fn leads(&self) -> Option<Use> {
        match self.name() {
            "a" | "area" => Some(Use::Follow),
            "link" => {
                let rel = self.get("rel").unwrap_or_default();
                let says =
                    |words: &[&str]| rel.split_ascii_whitespace().any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word)));
                Some(match (says(&LOADED), says(&CONTACTED)) {
                    (true, _) => Use::Load,
                    (false, true) => Use::Contact,
                    (false, false) => Use::Refer,
                })
            }
            "image" | "use" | "feimage" | "script" => Some(Use::Load),
            "base" => Some(Use::Base),
            _ => None,
        }
    }
}

/// The addresses of a `srcset` (HTML standard, "parsing a srcset attribute").
pub fn candidates(srcset: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(|character: char| character.is_ascii_whitespace()).unwrap_or(rest.len());
        let (written, behind) = rest.split_at(end);
        let address = written.trim_end_matches(',');
        found.push(address);
        // A comma right behind the address ends the candidate; else what says its size does, in which commas
        // may stand in parentheses.
        rest = if address.len() < written.len() { behind } else { &behind[end_of_descriptors(behind)..] };
    }
}

/// Where the sizes of a candidate end.
fn end_of_descriptors(text: &str) -> usize {
    let mut inside = false;
    for (at, character) in text.char_indices() {
        match character {
            '(' => inside = true,
            ')' => inside = false,
            ',' if !inside => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where `content` of `<meta http-equiv="refresh">` leads (HTML standard, "shared declarative refresh
/// steps"); none where the page only loads itself again.
pub(crate) fn refresh(content: &str) -> Option<String> {
    let white = |character: char| character.is_ascii_whitespace();
    let rest = content.trim_start_matches(white);
    let rest = rest.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    let rest = rest.strip_prefix([';', ',']).or_else(|| rest.strip_prefix(white))?.trim_start_matches(white);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start_matches(white);
    let named =
        rest.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).and_then(|_| rest[3..].trim_start_matches(white).strip_prefix('='));
    let url = named.unwrap_or(rest).trim_start_matches(white);
    let url = match url.chars().next() {
        Some(quote @ ('"' | '\'')) => url[1..].split(quote).next().unwrap_or_default(),
        _ => url,
    };
    let url = url.trim_matches(white);
    (!url.is_empty()).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{candidates, refresh};

    #[test]
    fn a_srcset_is_read_as_the_standard_says() {
        for (srcset, expected) in [
            ("a.png", &["a.png"][..]),
            ("a.png 1x, b.png 2x", &["a.png", "b.png"]),
            ("a.png,b.png 2x", &["a.png,b.png"]),
            ("a.png, b.png", &["a.png", "b.png"]),
            ("a.png 1x,b.png 2x", &["a.png", "b.png"]),
            ("a,b.png 100w,\n\tc.png 200w", &["a,b.png", "c.png"]),
            ("data:image/png;base64,AA== 1x, b.png 2x", &["data:image/png;base64,AA==", "b.png"]),
            ("a.png calc(1x, 2x), b.png", &["a.png", "b.png"]),
            (" , ,a.png,, ", &["a.png"]),
            ("", &[]),
        ] {
            assert_eq!(candidates(srcset), expected, "{srcset}");
        }
    }

    #[test]
    fn a_refresh_leads_where_browsers_go() {
        for (content, expected) in [
            ("0; url=/a/", Some("/a/")),
            ("0;URL='/a/'", Some("/a/")),
            ("0; /a/", Some("/a/")),
            ("5 url = \"/a/\" x", Some("/a/")),
            ("0, /a/", Some("/a/")),
            ("5", None),
            ("5;", None),
        ] {
            assert_eq!(refresh(content).as_deref(), expected, "{content}");
        }
    }
}
