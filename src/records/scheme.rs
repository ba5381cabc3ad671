//! Schemes of addresses that a link may have.

use std::ops::Range;

use crate::diagnostic::{Text, text};
use crate::schema::Reader;

/// The schemes that lead somewhere without doing anything in the page: to the web, to files, and to programs
/// for writing and speaking with somebody.
const KNOWN: [&str; 19] = [
    "http", "https", "mailto", "tel", "sms", "callto", "geo", "webcal", "webcals", "ftp", "ftps", "sip", "sips", "xmpp", "matrix", "skype",
    "msteams", "whatsapp", "tg",
];

/// The scheme of an address, as a browser reads it (URL Standard, "basic URL parser"): spaces and controls
/// before it are left out, tabs and ends of lines everywhere, and capitals are small letters. None where the
/// address has no scheme.
fn scheme(address: &str) -> Option<String> {
    let address = address.trim_start_matches(|character: char| character <= ' ');
    let mut scheme = String::new();
    for character in address.chars().filter(|character| !matches!(character, '\t' | '\n' | '\r')) {
        match character {
            ':' if !scheme.is_empty() => return Some(scheme),
            'a'..='z' | 'A'..='Z' => scheme.push(character.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(character),
            _ => return None,
        }
    }
    None
}

/// The scheme of an address that no link may have; none where there is nothing against it.
fn refused(address: &str) -> Option<String> {
    // Most addresses, told faster.
    if address.starts_with("https://") || !address.contains(':') {
        return None;
    }
    scheme(address).filter(|scheme| !KNOWN.contains(&scheme.as_str()))
}

/// Whether an address holds an image itself (RFC 2397). A browser shows it, and runs nothing in it.
pub(crate) fn is_image_itself(address: &str) -> bool {
    scheme(address).as_deref() == Some("data")
        && address
            .split_once(':')
            .is_some_and(|(_, rest)| rest.trim_start().get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("image/")))
}

/// Notes that an address is none for a link, where its scheme has a browser run it, show what it holds
/// itself, or do who knows what.
pub(crate) fn refuse_scheme(address: &str, span: Range<usize>, reader: &mut Reader<'_>) -> Option<()> {
    let Some(scheme) = refused(address) else { return Some(()) };
    let (what, help) = match scheme.as_str() {
        "javascript" | "vbscript" => {
            ("is a program, and no address", Text::from("write where the link leads; programs belong into a template"))
        }
        "data" => ("holds what it leads to itself", Text::from("put the file beside the page, and write its name")),
        "file" => ("leads to a file of one's own computer", Text::from("put the file beside the page, and write its name")),
        _ => ("has a scheme that is not known", text!("the schemes are {schemes}", schemes = crate::diagnostic::list(KNOWN))),
    };
    reader.report("unsafe-url", span, text!("an address with `{scheme}:` {what}", scheme, what = Text::from(what)), help);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser takes for a scheme is one, however it is disguised.
    #[test]
    fn a_scheme_is_what_a_browser_takes_for_one() {
        for address in ["javascript:x", "JavaScript:x", " \u{1}javascript:x", "java\nscr\tipt\r:x", "javascript\n:x", "JAVASCRIPT:"] {
            assert_eq!(refused(address).as_deref(), Some("javascript"), "{address:?}");
            assert_eq!(url::Url::parse(address).map(|url| url.scheme().to_owned()).ok().as_deref(), Some("javascript"), "{address:?}");
        }
        for address in
            ["https://a", "HTTP://a", "/a:b", "./a:b", "#a:b", "?a:b", "a", "", "@/a.md", "//a:1", "mailto:a@b", "ä:b", "1:2", ":a"]
        {
            assert_eq!(refused(address), None, "{address:?}");
        }
        assert!(is_image_itself("data:image/png;base64,AA") && !is_image_itself("data:text/html,x") && !is_image_itself("image/png"));
    }
}
