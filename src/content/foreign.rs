//! What is written in Markdown as other systems have it, and would be published as text: calls of shortcodes
//! in the form of Zola before 0.23, of Hugo and of WordPress, expressions of templates; and components as if
//! they were elements of HTML.

use std::ops::Range;

/// Something that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// Whose form it has.
    pub form: Form,
    /// The name of what is called; of an expression the expression.
    pub name: String,
    /// What it is given, each with its name if it has one; texts with their quotes.
    pub arguments: Vec<(Option<String>, String)>,
    /// Whether it has a body.
    pub has_body: bool,
}

/// The form of something that means nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{{ name(key="text") }}`, `{% name() %}…{% end %}`
    Zola,
    /// `{{< name "text" >}}`, `{{% name %}}`
    Hugo,
    /// `[gallery ids="1,2"]`
    WordPress,
    /// `{{ page.title }}`, `{% if … %}`, `{# … #}`
    Expression,
    /// `<name key="text" />`
    Element,
}

/// How long what is looked at may be, in bytes: a brace that nothing closes should not be looked for in the
/// whole file.
const LONGEST: usize = 2000;

/// Shortcodes that come with WordPress and with what nearly everybody adds to it.
///
/// Source: WordPress' documentation, "Shortcode", and the handbooks of Contact Form 7 and Jetpack.
const OF_WORDPRESS: [&str; 11] =
    ["audio", "caption", "contact-form", "contact-form-7", "embed", "gallery", "playlist", "video", "vimeo", "wp_caption", "youtube"];

/// Elements of HTML (HTML standard, "Index of elements", with those that are obsolete), and the two that hold
/// another language.
const OF_HTML: &str = "a abbr acronym address area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption center \
    cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 \
    h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noscript \
    object ol optgroup option output p param picture portal pre progress q rp rt ruby s samp script search section select slot small source span strike \
    strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp";

/// Elements without an end (HTML standard, "Void elements"), which may be written as if they were closed.
const VOID: &str = "area base br col embed hr img input link meta param source track wbr";

/// All that means nothing here in a part of a file, in order. `base` is where the part begins in the file;
/// `code` gives where it has code and comments, and is asked only where there is something to be found.
pub(super) fn find(source: &str, base: usize, code: impl FnOnce() -> Vec<Range<usize>>) -> Vec<Foreign> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = source.get(at..).and_then(|rest| memchr::memchr3(b'{', b'[', b'<', rest.as_bytes())) {
        let start = at + offset;
        let escaped = source[..start].ends_with('\\');
        let here = if escaped { None } else { read(source, start) };
        at = here.as_ref().map_or(start + 1, |found: &Foreign| found.span.end);
        found.extend(here);
    }
    if found.is_empty() {
        return found;
    }
    let mut code = code();
    code.extend(drawings(source));
    found.retain(|found| !code.iter().any(|code| code.contains(&found.span.start)));
    // What ends a call that was found is no finding of its own.
    let is_end = |found: &Foreign| found.name.starts_with('/') || found.name.starts_with("end") || found.name == "else";
    if found.iter().any(|found| !is_end(found)) {
        found.retain(|found| !is_end(found));
    }
    for found in &mut found {
        found.span = base + found.span.start..base + found.span.end;
    }
    found
}

/// Pictures and formulas written out, whose elements have names of their own.
fn drawings(source: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for (opening, closing) in [("<svg", "</svg>"), ("<math", "</math>")] {
        let starts = source.match_indices(opening).map(|(start, _)| start);
        ranges.extend(starts.map(|start| start..source[start..].find(closing).map_or(source.len(), |end| start + end)));
    }
    ranges
}

/// What begins at `start`, if it is anything.
fn read(source: &str, start: usize) -> Option<Foreign> {
    let rest = &source[start..];
    match rest.as_bytes().get(..2)? {
        b"{{" if rest.starts_with("{{<") => hugo(rest, start, ">}}"),
        b"{{" if rest.starts_with("{{%") => hugo(rest, start, "%}}"),
        b"{{" => between(rest, "{{", "}}").and_then(|(inner, length)| tera(inner, start..start + length, false)),
        b"{%" => between(rest, "{%", "%}").and_then(|(inner, length)| tera(inner, start..start + length, true)),
        b"{#" => between(rest, "{# ", " #}").map(|(inner, length)| expression(inner, start..start + length)),
        [b'[', _] => wordpress(source, start),
        [b'<', _] => element(rest, start),
        _ => None,
    }
}

/// What stands between two marks, without the hyphens that take white space away, and how long all is; not
/// across an empty line.
fn between<'s>(rest: &'s str, opening: &str, closing: &str) -> Option<(&'s str, usize)> {
    let inner = rest.strip_prefix(opening)?;
    let end = inner.find(closing).filter(|end| *end <= LONGEST)?;
    let inner = &inner[..end];
    let is_whole = !inner.lines().skip(1).any(|line| line.trim().is_empty());
    is_whole.then(|| (inner.trim_matches('-').trim(), opening.len() + end + closing.len()))
}

fn expression(inner: &str, span: Range<usize>) -> Foreign {
    Foreign { span, form: Form::Expression, name: inner.to_owned(), arguments: Vec::new(), has_body: false }
}

/// A call or an expression of Tera, Jinja, Liquid or Go's templates.
fn tera(inner: &str, span: Range<usize>, has_body: bool) -> Option<Foreign> {
    let first = inner.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '_' | '.' | '$')) {
        return None;
    }
    let name =
        inner.find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-'))).map_or(inner, |end| &inner[..end]);
    let call = inner[name.len()..].trim_start().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let Some(given) = call.filter(|_| !name.is_empty()) else { return Some(expression(inner, span)) };
    let arguments = divided(given, |character| character == ',').into_iter().map(argument).collect();
    Some(Foreign { span, form: Form::Zola, name: name.to_owned(), arguments, has_body })
}

fn hugo(rest: &str, start: usize, closing: &str) -> Option<Foreign> {
    let (inner, length) = between(rest, &rest[..3], closing)?;
    let mut words = divided(inner.trim_end_matches('/'), char::is_whitespace).into_iter();
    let name = words.next().filter(|name| !name.starts_with("/*"))?.to_owned();
    let span = start..start + length;
    let has_body = !inner.ends_with('/') && rest[length..].contains(&format!("/{name}"));
    Some(Foreign { span, form: Form::Hugo, name, arguments: words.map(argument).collect(), has_body })
}

/// A shortcode of WordPress, by its name: any other text between brackets is Markdown's.
fn wordpress(source: &str, start: usize) -> Option<Foreign> {
    let rest = &source[start..];
    let inner = &rest[1..rest.find(']').filter(|end| *end <= LONGEST)?];
    let name =
        OF_WORDPRESS.into_iter().find(|name| inner.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))?;
    let length = inner.len() + 2;
    let is_link = rest[length..].starts_with(['(', '[', ':']) || source[..start].ends_with(['!', ']']);
    let closing = format!("[/{name}]");
    let has_body = rest.contains(&closing);
    let arguments: Vec<_> = divided(&inner[name.len()..], char::is_whitespace).into_iter().map(argument).collect();
    let is_call = has_body || arguments.iter().any(|(key, _)| key.is_some());
    if is_link || !is_call {
        return None;
    }
    Some(Foreign { span: start..start + length, form: Form::WordPress, name: name.to_owned(), arguments, has_body })
}

/// An element that HTML does not have, or not so. Whether the theme has a component of that name, this room
/// cannot know.
fn element(rest: &str, start: usize) -> Option<Foreign> {
    let inner = &rest[1..];
    let name = &inner[..inner.find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '_' | '.')))?];
    let behind = &inner[name.len()..];
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') || !behind.starts_with([' ', '\n', '\t', '/', '>']) {
        return None;
    }
    let mut quote = None;
    let end = behind.char_indices().take(LONGEST).find(|(_, character)| {
        match quote {
            Some(open) if open == *character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(*character),
            _ => {}
        }
        quote.is_none() && *character == '>'
    })?;
    let attributes = &behind[..end.0];
    let is_closed = attributes.ends_with('/');
    let arguments: Vec<_> = divided(attributes.trim_end_matches('/'), char::is_whitespace).into_iter().map(argument).collect();
    let holds = |names: &str| names.split_ascii_whitespace().any(|known| name.eq_ignore_ascii_case(known));
    let has = |key: &str| arguments.iter().any(|(name, _)| name.as_deref() == Some(key));
    // `<figure … />` and `<source id="…" />` are nothing in HTML.
    let is_html = holds(OF_HTML) && if name == "source" { has("src") || has("srcset") } else { !is_closed || holds(VOID) };
    let span = start..start + 1 + name.len() + end.0 + 1;
    (!is_html).then(|| Foreign { span, form: Form::Element, name: name.to_owned(), arguments, has_body: !is_closed })
}

/// The parts of a text, without those that are empty; what stands between quotes or brackets is not divided.
fn divided(text: &str, divides: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut quote, mut depth) = (None, 0_usize);
    let parts = text.split(|character: char| {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '[' | '(' | '{') => depth += 1,
            (None, ']' | ')' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        quote.is_none() && depth == 0 && divides(character)
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// An argument, with its name if it has one.
fn argument(text: &str) -> (Option<String>, String) {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'));
    match text.split_once('=').map(|(name, value)| (name.trim(), value.trim())).filter(|(name, _)| is_name(name)) {
        Some((name, value)) => (Some(name.to_owned()), value.to_owned()),
        None => (None, text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(Form, String, usize, bool)> {
        find(source, 0, Vec::new).into_iter().map(|found| (found.form, found.name, found.arguments.len(), found.has_body)).collect()
    }

    #[test]
    fn forms_of_other_systems_are_told_apart() {
        for (source, form, name, arguments, has_body) in [
            (r#"a {{ youtube(id="x, y", w=[1, 2]) }} b"#, Form::Zola, "youtube", 2, false),
            ("{% gallery() %}x{% end %}", Form::Zola, "gallery", 0, true),
            (r#"{{< youtube "x y" >}}"#, Form::Hugo, "youtube", 1, false),
            ("{{% notice tip %}}x{{% /notice %}}", Form::Hugo, "notice", 1, true),
            (r#"[gallery ids="1,2"]"#, Form::WordPress, "gallery", 1, false),
            ("[embed]https://a.example[/embed]", Form::WordPress, "embed", 0, true),
            ("{{ page.title }}", Form::Expression, "page.title", 0, false),
            ("{{ .Title }}", Form::Expression, ".Title", 0, false),
            ("{%- if x -%}y{% endif %}", Form::Expression, "if x", 0, false),
            ("{# note #}", Form::Expression, "note", 0, false),
            (r#"<cta title="a > b" />"#, Form::Element, "cta", 1, false),
            ("<key_facts>x</key_facts>", Form::Element, "key_facts", 0, true),
            (r#"<figure src="x.png" />"#, Form::Element, "figure", 1, false),
            (r#"<source id="x">"#, Form::Element, "source", 1, true),
        ] {
            assert_eq!(found(source), [(form, name.to_owned(), arguments, has_body)], "{source}");
        }
    }

    #[test]
    fn what_is_markdown_or_html_is_none() {
        for source in [
            "[gallery](x.md) [gallery] ![video](x) [caption]: x [embed][x]",
            "<b>x</b> <br /> <https://a.example> <video src=\"x\"> <source src=\"x\" /> a < b <x-y>",
            r"\{{ page.title }} \<cta /> {{ \n\n }} {{ 1 }} {{}} { { x } }",
            "{{ a\n\nb }} # Title {#id} {{< /* x */ >}} <svg><note/></svg> {{",
        ] {
            assert_eq!(found(source), [], "{source}");
        }
    }
}
