//! Style sheets: the addresses that they load something from (CSS Syntax 3, CSS Values 4, CSS Images 4).

use std::ops::Range;

use cssparser::{Parser, Token, serialize_string};

/// Functions in which a string is an address. In `url()` it is one as well.
const TAKE_STRINGS: [&str; 4] = ["image-set", "-webkit-image-set", "src", "url"];

/// The addresses that a style sheet, or the value of a `style` attribute, loads something from, in order,
/// escapes resolved.
pub fn addresses(sheet: &str) -> Vec<String> {
    let mut found = Vec::new();
    each(sheet, |written, _| found.push(written.to_owned()));
    found
}

/// A style sheet with other addresses: `new` is given each, and says what stands there instead; nothing where
/// it stays. All else stays byte by byte: comments, strings that are no addresses, white space.
pub fn rewritten(sheet: &str, mut new: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut from = 0;
    each(sheet, |written, place| {
        let Some(new) = new(written) else { return };
        let bare = place.bare;
        out.push_str(&sheet[from..place.range.start]);
        if bare {
            out.push_str("url(");
        }
        // Writing to a String cannot fail.
        let _ = serialize_string(&new, &mut out);
        if bare {
            out.push(')');
        }
        from = place.range.end;
    });
    out.push_str(&sheet[from..]);
    out
}

/// Where an address stands in a style sheet.
struct Place {
    /// Its bytes: those of the string with its quotes, or those of the whole `url(…)` without any.
    range: Range<usize>,
    /// Whether it stands without quotes.
    bare: bool,
}

/// Hands on each address, with its place.
fn each(sheet: &str, mut note: impl FnMut(&str, Place)) {
    // The name of the at-rule that we are in the prelude of, and the functions and brackets that we are in,
    // the innermost last.
    let mut rule = String::new();
    let mut inside: Vec<String> = Vec::new();
    tokens(sheet, |token, range| match token {
        Token::AtKeyword(name) => rule = name.to_ascii_lowercase(),
        Token::Function(name) => inside.push(name.to_ascii_lowercase()),
        Token::ParenthesisBlock | Token::SquareBracketBlock => inside.push(String::new()),
        Token::CloseParenthesis | Token::CloseSquareBracket => {
            inside.pop();
        }
        Token::Semicolon | Token::CurlyBracketBlock | Token::CloseCurlyBracket => {
            rule.clear();
            inside.clear();
        }
        // The name of a namespace is an address that nobody asks for.
        Token::UnquotedUrl(_) | Token::QuotedString(_) if rule == "namespace" => {}
        Token::UnquotedUrl(written) => note(written, Place { range, bare: true }),
        Token::QuotedString(written) => {
            let is_address = match inside.last() {
                Some(function) => TAKE_STRINGS.contains(&function.as_str()),
                None => rule == "import",
            };
            if is_address {
                note(written, Place { range, bare: false });
            }
        }
        _ => {}
    });
}

/// Hands on all tokens of a style sheet, with their bytes, those in blocks as well.
fn tokens(sheet: &str, mut take: impl FnMut(&Token<'_>, Range<usize>)) {
    let mut from = 0;
    loop {
        let mut parser = Parser::new(&sheet[from..]);
        let opened = loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            let end = parser.position().byte_index();
            take(&token, from + start..from + end);
            if matches!(token, Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock) {
                break end;
            }
        };
        // The parser would pass over the block, or want a call of its own for it. Starting anew behind the
        // bracket gives the same tokens, and no depth of brackets exhausts the stack.
        from += opened;
    }
}

#[cfg(test)]
mod tests {
    use super::{addresses, rewritten};

    #[test]
    fn a_style_sheet_loads_what_its_functions_name() {
        for (sheet, expected) in [
            ("a { background: url(a.png) }", &["a.png"][..]),
            ("a{background:URL( 'a)b.png' )}b{x:url(c.png)}", &["a)b.png", "c.png"]),
            (
                "@import 'a.css' screen; @import\"b.css\";@import url(c.css) layer(\"d\");@import/**/'e.css';",
                &["a.css", "b.css", "c.css", "e.css"],
            ),
            ("/* url(a.png) */ a { content: \"url(b.png)\" } @namespace url(http://www.w3.org/2000/svg);", &[]),
            ("@namespace svg \"http://www.w3.org/2000/svg\"; a { x: url(b.png) }", &["b.png"]),
            ("a { x: image-set(\"a.png\" 1x, url(b.png) 2x, 'c.avif' type(\"image/avif\")) }", &["a.png", "b.png", "c.avif"]),
            ("@font-face { src: url(a.woff2) format(\"woff2\") } @charset \"utf-8\";", &["a.woff2"]),
            ("a { x: \\75 rl(a.png); y: url(b\\29 .png) }", &["a.png", "b).png"]),
            ("a { x: url(", &[""]),
            ("a { x: url(\"a\\\nb.png\"); y: 'a\n; z: url(c.png) }", &["ab.png", "c.png"]),
            ("@media (min-width: 1px) { @supports (x: y) { a { x: url(a.png) } } } b { y: src('b.png') }", &["a.png", "b.png"]),
        ] {
            assert_eq!(addresses(sheet), expected, "{sheet}");
        }
    }

    #[test]
    fn brackets_in_brackets_exhaust_nothing() {
        let sheet = format!("{}url(a.png){}url(b.png)", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(addresses(&sheet), ["a.png", "b.png"]);
    }

    #[test]
    fn only_addresses_are_rewritten() {
        let new = |written: &str| (written != "stays.png").then(|| format!("n/{written}"));
        for (sheet, expected) in [
            ("a{x:url(a.png)}", "a{x:url(\"n/a.png\")}"),
            ("a{x:url( 'a.png' )/**/}", "a{x:url( \"n/a.png\" )/**/}"),
            ("a{x:url(stays.png)}", "a{x:url(stays.png)}"),
            ("/* url(a.png) */a{content:\"url(a.png)\";x:url(b\\29.png)}", "/* url(a.png) */a{content:\"url(a.png)\";x:url(\"n/b).png\")}"),
            ("@import 'a.css' print;", "@import \"n/a.css\" print;"),
            ("a{x:image-set(\"a.png\" 1x)}", "a{x:image-set(\"n/a.png\" 1x)}"),
            ("a{x:url(q\\\"t.png)}", "a{x:url(\"n/q\\\"t.png\")}"),
        ] {
            assert_eq!(rewritten(sheet, new), expected, "{sheet}");
        }
    }
}
