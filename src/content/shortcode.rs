//! Shortcodes in Markdown: calls of Tera components, `{{ <name arg="…" /> }}` and `{% <name> %}…{% </name>
//! %}`.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::body::Call;
use super::settings::options;
use crate::diagnostic::{Text, text};

/// The arguments of a call, or of its opening tag, that are written out as texts, also in braces
/// (`url={"…"}`): names, and the bytes of `tag` of their values.
pub(super) fn text_arguments(tag: &str) -> Vec<(&str, Range<usize>)> {
    let bytes = tag.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let skip_spaces = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    // The name of the argument whose value begins here, at this depth of braces.
    let mut named: Option<(Range<usize>, usize)> = None;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' | b'`' => {
                let start = at + 1;
                let end = bytes[start..].iter().position(|other| other == byte).map_or(bytes.len(), |length| start + length);
                if let Some((name, _)) = named.take() {
                    found.push((&tag[name], start..end));
                }
                at = end + 1;
            }
            b'{' => {
                depth += 1;
                at = skip_spaces(at + 1);
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                named = None;
                at += 1;
            }
            byte if is_name(byte) => {
                let start = at;
                while bytes.get(at).is_some_and(is_name) {
                    at += 1;
                }
                let equals = skip_spaces(at);
                let is_argument = bytes.get(equals) == Some(&b'=') && bytes.get(equals + 1) != Some(&b'=');
                if is_argument {
                    named = Some((start..at, depth));
                    at = skip_spaces(equals + 1);
                } else if named.as_ref().is_some_and(|(_, of)| *of == depth) {
                    named = None;
                }
            }
            _ => at += 1,
        }
    }
    found
}

/// Quotes as programs for texts set them. An argument between them is none to Tera.
const CURLY_QUOTES: [char; 10] =
    ['\u{201e}', '\u{201c}', '\u{201d}', '\u{201a}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}', '\u{2039}', '\u{203a}'];

impl Call {
    /// The first curly quote that stands where the text of an argument begins, and its bytes in the call.
    pub fn curly_quote(&self) -> Option<(char, Range<usize>)> {
        self.source.match_indices('=').find_map(|(at, _)| {
            let rest = &self.source[at + 1..];
            let from = at + 1 + (rest.len() - rest.trim_start().len());
            let quote = self.source[from..].chars().next().filter(|first| CURLY_QUOTES.contains(first))?;
            Some((quote, from..from + quote.len_utf8()))
        })
    }

    /// The texts between straight quotes or backticks in a call, each with its bytes in the call.
    pub fn texts(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let open = at + self.source[at..].find(['"', '\'', '`'])?;
            let quote = char::from(self.source.as_bytes()[open]);
            let end = open + 1 + self.source[open + 1..].find(quote)?;
            at = end + 1;
            Some((&self.source[open + 1..end], open + 1..end))
        })
    }
}

/// A call that was found, not yet rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub name: String,
    /// The whole call.
    pub whole: Range<usize>,
    /// The call, or its opening tag.
    pub tag: Range<usize>,
    pub body: Option<Range<usize>>,
}

/// What is wrong with a call, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub span: Range<usize>,
    pub message: Text,
    pub help: Text,
}

/// The outermost calls in the bytes `range` of `text`, outside of code.
pub(super) fn find(text: &str, range: Range<usize>) -> Result<Vec<Found>, Malformed> {
    let mut found = Vec::new();
    let source = &text[range.clone()];
    if next_tag(source, 0).is_none() {
        return Ok(found);
    }
    let code = code_ranges(source);
    let mut at = 0;
    while let Some(tag) = next_tag(source, at) {
        if let Some(inside) = code.iter().find(|code| code.contains(&tag.start)) {
            at = inside.end;
            continue;
        }
        let moved = |part: Range<usize>| part.start + range.start..part.end + range.start;
        let end = tag_end(source, &tag).ok_or_else(|| Malformed {
            span: moved(tag.start..tag.name.end),
            message: text!("the call of `{name}` is not complete", name = &source[tag.name.clone()]),
            help: if tag.block { Text::from("end it with `> %}`") } else { Text::from("end it with `/> }}`") },
        })?;
        let name = source[tag.name.clone()].to_owned();
        if tag.closing {
            return Err(Malformed {
                span: moved(tag.start..end),
                message: text!("`{name}` is closed here but was not opened", name),
                help: text!("open it with `{{% <{name}> %}}`, or remove this line", name),
            });
        }
        if !tag.block {
            found.push(Found { name, whole: moved(tag.start..end), tag: moved(tag.start..end), body: None });
            at = end;
            continue;
        }
        let closing = matching_close(source, &name, end, &code).ok_or_else(|| Malformed {
            span: moved(tag.start..end),
            message: text!("`{name}` is never closed", name),
            help: text!("close it with `{{% </{name}> %}}`; a call without a body is written `{{{{ <{name} /> }}}}`", name),
        })?;
        found.push(Found { name, whole: moved(tag.start..closing.end), tag: moved(tag.start..end), body: Some(moved(end..closing.start)) });
        at = closing.end;
    }
    Ok(found)
}

struct OpenTag {
    start: usize,
    name: Range<usize>,
    block: bool,
    closing: bool,
}

/// The next `{{ <name`, `{% <name` or `{% </name` at or behind `from`.
fn next_tag(source: &str, from: usize) -> Option<OpenTag> {
    let bytes = source.as_bytes();
    let mut at = from;
    while let Some(offset) = source.get(at..)?.find('{') {
        let start = at + offset;
        let block = bytes.get(start + 1) == Some(&b'%');
        if block || bytes.get(start + 1) == Some(&b'{') {
            let mut cursor = start + 2;
            if bytes.get(cursor) == Some(&b'-') {
                cursor += 1;
            }
            while bytes.get(cursor).is_some_and(u8::is_ascii_whitespace) {
                cursor += 1;
            }
            if bytes.get(cursor) == Some(&b'<') {
                cursor += 1;
                let closing = block && bytes.get(cursor) == Some(&b'/');
                if closing {
                    cursor += 1;
                }
                let name_start = cursor;
                while bytes.get(cursor).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')) {
                    cursor += 1;
                }
                if cursor > name_start && !bytes[name_start].is_ascii_digit() {
                    return Some(OpenTag { start, name: name_start..cursor, block, closing });
                }
            }
        }
        at = start + 1;
    }
    None
}

/// The end of a tag: behind `}}` or `%}`, looking past strings.
fn tag_end(source: &str, tag: &OpenTag) -> Option<usize> {
    let bytes = source.as_bytes();
    let end: &[u8] = if tag.block { b"%}" } else { b"}}" };
    let mut quote = None;
    let mut at = tag.name.end;
    // Braces of an argument such as `n={3}` or `x={ {"a": 1} }` are counted, so that they do not end the tag.
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth > 0 => depth -= 1,
            (None, _) if depth == 0 && bytes[at..].starts_with(end) => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The closing tag that belongs to an opening tag ending at `from`, looking past calls of the same name
/// inside.
fn matching_close(source: &str, name: &str, from: usize, code: &[Range<usize>]) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let mut at = from;
    while let Some(tag) = next_tag(source, at) {
        if let Some(inside) = code.iter().find(|code| code.contains(&tag.start)) {
            at = inside.end;
            continue;
        }
        let end = tag_end(source, &tag)?;
        if tag.block && &source[tag.name.clone()] == name {
            match (tag.closing, depth) {
                (true, 0) => return Some(tag.start..end),
                (true, _) => depth -= 1,
                (false, _) => depth += 1,
            }
        }
        at = end;
    }
    None
}

/// Where Markdown has code and comments, in which calls are left as they are.
pub(super) fn code_ranges(source: &str) -> Vec<Range<usize>> {
    let is_comment = |range: &Range<usize>| source[range.clone()].trim_start().starts_with("<!--");
    Parser::new_ext(source, options(false))
        .into_offset_iter()
        .filter(|(event, range)| match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => true,
            Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => is_comment(range),
            _ => false,
        })
        .map(|(_, range)| range)
        .collect()
}
