//! Addresses inside of what attributes and style sheets say, read as browsers read them.

/// Relations of `<link>` whose address the browser asks for, or whose server it connects to (HTML standard, "Link types"; the last two are those of
/// makers of browsers). The address of any other one is for programs, or for readers who follow it.
const FETCHED: [&str; 12] = [
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "prerender",
    "preconnect",
    "dns-prefetch",
    "manifest",
    "compression-dictionary",
    "apple-touch-icon",
    "mask-icon",
];

/// Functions of style sheets in which a string is an address (CSS Images 4, CSS Values 4).
const TAKE_STRINGS: [&str; 3] = ["image-set", "-webkit-image-set", "src"];

/// Whether a browser contacts the address of a `<link>` with that `rel`.
pub fn is_fetched(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|word| FETCHED.iter().any(|fetched| word.eq_ignore_ascii_case(fetched)))
}

/// Whether a browser loads a file for a `<link>` with that `rel`: of a server to be connected to it loads none.
pub fn is_loaded(rel: &str) -> bool {
    let loaded = |word: &str| is_fetched(word) && !["preconnect", "dns-prefetch"].iter().any(|other| word.eq_ignore_ascii_case(other));
    rel.split_ascii_whitespace().any(loaded)
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
        // A comma right behind the address ends the candidate; else what says its size does, in which commas may stand in parentheses.
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

/// Where `content` of `<meta http-equiv="refresh">` leads (HTML standard, "shared declarative refresh steps"); none where the page only loads itself again.
pub fn refresh(content: &str) -> Option<String> {
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

/// The addresses that a style sheet, or the value of a `style` attribute, loads something from (CSS Syntax 3).
pub fn in_sheet(sheet: &str) -> Vec<String> {
    let mut reader = Sheet { rest: sheet, rule: String::new(), functions: Vec::new(), found: Vec::new() };
    while reader.token() {}
    reader.found
}

/// A style sheet that is being read.
struct Sheet<'s> {
    rest: &'s str,
    /// The name of the at-rule that we are in the prelude of.
    rule: String,
    /// The functions that we are in, the innermost last.
    functions: Vec<String>,
    found: Vec<String>,
}

impl Sheet<'_> {
    /// Reads a token; whether there was one.
    fn token(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '/' if self.rest.starts_with("/*") => self.rest = self.rest.split_once("*/").map_or("", |(_, rest)| rest),
            '"' | '\'' => {
                let text = self.string(first);
                let in_function = self.functions.last().is_some_and(|name| TAKE_STRINGS.contains(&name.as_str()));
                if in_function || (self.rule == "import" && self.functions.is_empty()) {
                    self.found.push(text);
                }
            }
            '@' => {
                self.rest = &self.rest[1..];
                self.rule = self.name();
            }
            '(' => self.open(String::new()),
            ')' => {
                self.skip(first);
                self.functions.pop();
            }
            ';' | '{' | '}' => {
                self.skip(first);
                self.rule.clear();
                self.functions.clear();
            }
            _ if is_of_name(first) => {
                let name = self.name();
                match (self.rest.starts_with('('), name.as_str()) {
                    (true, "url") => self.url(),
                    (true, _) => self.open(name),
                    (false, _) => {}
                }
            }
            _ => self.skip(first),
        }
        true
    }

    fn skip(&mut self, character: char) {
        self.rest = &self.rest[character.len_utf8()..];
    }

    fn open(&mut self, name: String) {
        self.skip('(');
        self.functions.push(name);
    }

    /// A name, in small letters.
    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self.rest.chars().next().filter(|character| is_of_name(*character)) {
            name.push(self.character(character).to_ascii_lowercase());
        }
        name
    }

    /// The next character, which is `first` unless that begins an escape.
    fn character(&mut self, first: char) -> char {
        self.skip(first);
        if first != '\\' {
            return first;
        }
        let digits = self.rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits == 0 {
            let Some(escaped) = self.rest.chars().next() else { return '\u{FFFD}' };
            self.skip(escaped);
            return escaped;
        }
        let code = u32::from_str_radix(&self.rest[..digits], 16).ok().and_then(char::from_u32);
        self.rest = &self.rest[digits..];
        self.rest = self.rest.strip_prefix([' ', '\t', '\n']).unwrap_or(self.rest);
        code.unwrap_or('\u{FFFD}')
    }

    /// What stands between quotes.
    fn string(&mut self, quote: char) -> String {
        self.skip(quote);
        let mut text = String::new();
        while let Some(first) = self.rest.chars().next() {
            if first == quote {
                self.skip(quote);
                break;
            }
            // A line ends a string that nothing else ends.
            if first == '\n' {
                break;
            }
            if self.rest.starts_with("\\\n") {
                self.rest = &self.rest[2..];
                continue;
            }
            text.push(self.character(first));
        }
        text
    }

    /// What `url(…)` names.
    fn url(&mut self) {
        self.skip('(');
        self.rest = self.rest.trim_start();
        let address = match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let text = self.string(quote);
                self.functions.push(String::from("url"));
                text
            }
            _ => {
                let mut text = String::new();
                while let Some(first) = self.rest.chars().next() {
                    if first == ')' {
                        self.skip(first);
                        break;
                    }
                    text.push(self.character(first));
                }
                text.trim().to_owned()
            }
        };
        // Names of namespaces are asked for by nobody.
        if self.rule != "namespace" {
            self.found.push(address);
        }
    }
}

/// Whether a character can be part of a name, or begins an escape that is.
fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '\\') || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{candidates, in_sheet, is_fetched, refresh};

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
    fn a_style_sheet_loads_what_its_functions_name() {
        for (sheet, expected) in [
            ("a { background: url(a.png) }", &["a.png"][..]),
            ("a{background:URL( 'a)b.png' )}b{x:url(c.png)}", &["a)b.png", "c.png"]),
            (
                "@import 'a.css' screen; @import\"b.css\";@import url(c.css) layer(\"d\");@import/**/'e.css';",
                &["a.css", "b.css", "c.css", "e.css"],
            ),
            ("/* url(a.png) */ a { content: \"url(b.png)\" } @namespace url(http://www.w3.org/2000/svg);", &[]),
            ("a { x: image-set(\"a.png\" 1x, url(b.png) 2x, 'c.avif' type(\"image/avif\")) }", &["a.png", "b.png", "c.avif"]),
            ("@font-face { src: url(a.woff2) format(\"woff2\") } @charset \"utf-8\";", &["a.woff2"]),
            ("a { x: \\75 rl(a.png); y: url(b\\29 .png) }", &["a.png", "b).png"]),
            ("a { x: url(", &[""]),
        ] {
            assert_eq!(in_sheet(sheet), expected, "{sheet}");
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
        assert!(is_fetched("shortcut ICON") && is_fetched("preconnect") && !is_fetched("canonical") && !is_fetched("me webmention"));
    }
}
