//! Markdown to HTML with slots.
//!
//! Parsing and HTML are pulldown-cmark's. Beside them, here: headings get ids, links to content and calls of
//! components become slots, and runs of prose are marked in which glossary entries may be linked.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, TextMergeWithOffset, html};

use super::body::Body;
use super::marks::{is_mark, next_mark, take_marks_out, token};
use super::money::Money;
use super::settings::{Settings, options};
use super::table::Table;
use super::writer::{Shared, Writer};
use super::{foreign, quotes, shortcode};
use crate::diagnostic::text;
use crate::limits::DEEPEST_SHORTCODE;
use crate::locale::Locale;
use crate::schema::Reader;

/// Renders the Markdown in the bytes `range` of the reader's file. What is wrong with it is noted in
/// `reader`.
pub fn render(range: Range<usize>, settings: Settings, reader: &mut Reader<'_>) -> Body {
    part(range, settings, reader, &mut Shared::default(), 0)
}

/// Renders a part of a page: all of it, or the body of a call.
pub(super) fn part(range: Range<usize>, settings: Settings, reader: &mut Reader<'_>, shared: &mut Shared, depth: usize) -> Body {
    let text = reader.text;
    let found = if depth > DEEPEST_SHORTCODE {
        reader.report(
            "too-deep",
            range.start..range.start,
            text!("shortcodes stand in each other more than {most} deep", most = DEEPEST_SHORTCODE),
            "take some of them apart",
        );
        Vec::new()
    } else {
        match shortcode::find(text, range.clone()) {
            Ok(found) => found,
            Err(malformed) => {
                reader.report("shortcode", malformed.span, malformed.message, malformed.help);
                return Body::default();
            }
        }
    };
    for call in found.iter().filter(|call| call.body.is_some()) {
        let line = text[range.start..call.tag.start].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with('>') {
            let message = text!("the body of `{name}` cannot stand in a quotation", name = call.name);
            reader.report(
                "shortcode",
                call.tag.clone(),
                message,
                "take the `>` away from its lines: the marks would become part of the body",
            );
        }
    }
    // Each call is replaced by a token of its very length, so that positions hold.
    let mut source = Cow::Borrowed(&text[range.clone()]);
    // A noncharacter that somebody wrote would be taken for a slot.
    if next_mark(&source).is_some() {
        source = source.chars().map(|character| if is_mark(character) { '\u{fffd}' } else { character }).collect::<String>().into();
    }
    for (index, call) in found.iter().enumerate() {
        let whole = call.whole.start - range.start..call.whole.end - range.start;
        source.to_mut().replace_range(whole.clone(), &token(index, whole.len()));
    }
    let mut writer = Writer {
        body: Body::default(),
        base: range.start,
        source: &source,
        lengths: found.iter().map(|call| call.whole.len()).collect(),
        calls: found.into_iter().map(Some).collect(),
        settings,
        reader,
        shared,
        depth,
        money: Money::default(),
        in_code: false,
        table: Table::default(),
        plain: 0,
    };
    let mut events = TextMergeWithOffset::new(events(&source, settings.smart_punctuation.then_some(settings.locale)));
    let mut out = Vec::new();
    while let Some((event, range)) = events.next() {
        writer.event(event, range, &mut events, &mut out);
    }
    let mut body = writer.body;
    body.uncited = writer.money.uncited;
    body.foreign.append(&mut foreign::find(&source, range.start, || shortcode::code_ranges(&source)));
    body.foreign.sort_by_key(|foreign| foreign.span.start);
    let mut marked = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut marked, out.into_iter());
    take_marks_out(&marked, &mut body);
    body
}

/// The events of Markdown, quotes set as the language does it where one is given.
fn events<'e>(source: &'e str, smart: Option<&'static Locale>) -> Box<dyn Iterator<Item = (Event<'e>, Range<usize>)> + 'e> {
    let events = Parser::new_ext(source, options(smart.is_some())).into_offset_iter();
    match smart {
        Some(locale) if quotes::has_quotes(source) => Box::new(quotes::set(source, events.collect(), locale).into_iter()),
        _ => Box::new(events),
    }
}

/// Markdown on its own, without slots: for short texts of templates. `smart` is the language whose quotes it
/// gets, if it gets any; `inline` leaves the paragraph out that a single one would stand in.
pub(crate) fn fragment(text: &str, smart: Option<&'static Locale>, inline: bool) -> String {
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut html, events(text, smart).map(|(event, _)| event));
    let trimmed = html.trim_end();
    match trimmed.strip_prefix("<p>").and_then(|inner| inner.strip_suffix("</p>")) {
        Some(inner) if inline && !inner.contains("<p>") => inner.to_owned(),
        _ => html,
    }
}
