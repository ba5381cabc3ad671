//! Markdown to HTML with slots.
//!
//! Parsing and HTML are pulldown-cmark's. Beside them, here: headings get ids, links to content and calls of components become slots, and runs of prose are
//! marked in which glossary entries may be linked. Slots are carried through pulldown-cmark's HTML writer as noncharacters of Unicode (U+FDD0 to
//! U+FDD5), which no text for interchange holds, and are taken out again at once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html};

use super::shortcode::{self, Call};
use crate::locale::Locale;
use crate::schema::Reader;

const LINK: char = '\u{fdd0}';
const CALL: char = '\u{fdd1}';
const PROSE: char = '\u{fdd2}';
const PROSE_END: char = '\u{fdd3}';
const MORE: char = '\u{fdd4}';
const INDEX_END: char = '\u{fdd5}';

/// How deep bodies of shortcodes may stand in each other.
pub const DEEPEST_NESTING: usize = 16;

/// How Markdown is set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Quotes, dashes and ellipses as a typesetter would.
    pub smart_punctuation: bool,
    /// The language, for ids of headings.
    pub locale: &'static Locale,
}

/// Markdown as HTML, with slots for what depends on other files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The HTML, without what goes into the slots.
    pub html: String,
    /// The slots, each with its place in `html`, in that order.
    pub slots: Vec<(usize, Slot)>,
    /// Links, images and their like that `Slot::Link` points into.
    pub links: Vec<Link>,
    /// Calls of components that `Slot::Call` points into.
    pub calls: Vec<Call>,
    /// Headings, in order; those of bodies of calls among them.
    pub headings: Vec<Heading>,
    /// How many words it has.
    pub words: usize,
    /// Where in `html` the summary ends, if `<!-- more -->` says so.
    pub more: Option<usize>,
}

/// Something that is filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The address of a link.
    Link(usize),
    /// What a component gives.
    Call(usize),
    /// Text up to this place of `html`, in which glossary entries may become links.
    Prose(usize),
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as it was written.
    pub target: String,
    /// Whether it is an image.
    pub image: bool,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id, by which it can be linked.
    pub id: String,
    /// Its text.
    pub title: String,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// Which Markdown is understood.
pub(super) fn options(smart_punctuation: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_SMART_PUNCTUATION, smart_punctuation);
    options
}

/// What the parts of one page share while they are rendered.
#[derive(Default)]
struct Shared {
    /// How often an id was wanted.
    ids: HashMap<String, usize>,
    /// How often a component was called.
    calls: HashMap<String, usize>,
}

/// Renders the Markdown in the bytes `range` of the reader's file. What is wrong with it is noted in `reader`.
pub fn render(range: Range<usize>, settings: Settings, reader: &mut Reader<'_>) -> Body {
    part(range, settings, reader, &mut Shared::default(), 0)
}

fn part(range: Range<usize>, settings: Settings, reader: &mut Reader<'_>, shared: &mut Shared, depth: usize) -> Body {
    let text = reader.text;
    let found = if depth > DEEPEST_NESTING {
        reader.error(
            "too-deep",
            range.start..range.start,
            format!("shortcodes stand in each other more than {DEEPEST_NESTING} deep"),
            "take some of them apart",
        );
        Vec::new()
    } else {
        match shortcode::find(text, range.clone()) {
            Ok(found) => found,
            Err(malformed) => {
                reader.error("shortcode", malformed.span, malformed.message, malformed.help);
                return Body::default();
            }
        }
    };
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
        calls: found.into_iter().map(Some).collect(),
        settings,
        reader,
        shared,
        depth,
        plain: 0,
    };
    let parser = Parser::new_ext(&source, options(settings.smart_punctuation));
    let mut events = TextMergeWithOffset::new(parser.into_offset_iter());
    let mut out = Vec::new();
    while let Some((event, range)) = events.next() {
        writer.event(event, range, &mut events, &mut out);
    }
    let mut body = writer.body;
    let mut marked = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut marked, out.into_iter());
    take_marks_out(&marked, &mut body);
    body
}

/// A stand-in for call number `index`, `length` bytes long: a mark, five letters, and filling.
fn token(index: usize, length: usize) -> String {
    let mut token = String::with_capacity(length);
    token.push(CALL);
    let mut rest = index;
    for _ in 0..TOKEN_LETTERS {
        token.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    while token.len() < length {
        token.push('z');
    }
    token
}

const TOKEN_LETTERS: usize = 5;

fn token_index(letters: &str) -> usize {
    letters.bytes().take(TOKEN_LETTERS).rev().fold(0, |index, letter| index * 26 + usize::from(letter.wrapping_sub(b'a')))
}

struct Writer<'w, 'r, 'f> {
    body: Body,
    /// Where the part begins in the file.
    base: usize,
    source: &'w str,
    /// Calls by the number in their token, until each is rendered.
    calls: Vec<Option<shortcode::Found>>,
    settings: Settings,
    reader: &'r mut Reader<'f>,
    shared: &'w mut Shared,
    depth: usize,
    /// In how many elements we are whose text is not for glossary links: headings, links.
    plain: usize,
}

type Out<'e> = Vec<Event<'e>>;

impl Writer<'_, '_, '_> {
    fn event<'e>(
        &mut self,
        event: Event<'e>,
        range: Range<usize>,
        events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>,
        out: &mut Out<'e>,
    ) {
        match event {
            Event::Text(text) => {
                let text = self.text(&text);
                out.push(Event::Text(text.into()));
            }
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                let at = out.len();
                out.push(Event::Start(Tag::Heading { level, id: None, classes: classes.clone(), attrs: attrs.clone() }));
                let first = self.body.headings.len();
                self.plain += 1;
                let mut title = String::new();
                for (event, inner) in events.by_ref() {
                    if matches!(event, Event::End(TagEnd::Heading(_))) {
                        out.push(event);
                        break;
                    }
                    self.heading_text(&event, &mut title);
                    self.inline(event, inner, out);
                }
                self.plain -= 1;
                let id = self.id(id.as_deref(), &title);
                out[at] = Event::Start(Tag::Heading { level, id: Some(id.clone().into()), classes, attrs });
                let span = self.base + range.start..self.base + range.end;
                self.body.headings.insert(first, Heading { level: level_number(level), id, title: title.trim().to_owned(), span });
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let mut alt = String::new();
                let mut nested = 0_usize;
                for (event, _) in events.by_ref() {
                    match event {
                        Event::Start(_) => nested += 1,
                        Event::End(_) if nested == 0 => break,
                        Event::End(_) => nested -= 1,
                        Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                        Event::SoftBreak | Event::HardBreak => alt.push(' '),
                        _ => {}
                    }
                }
                let mark = self.link(&dest_url, true, &range);
                let mut html = format!("<img src=\"{mark}\" alt=\"{}\"", escape(&alt));
                if !title.is_empty() {
                    let _ = write!(html, " title=\"{}\"", escape(&title));
                }
                html.push_str(" />");
                out.push(Event::InlineHtml(html.into()));
            }
            other => self.inline(other, range, out),
        }
    }

    /// An event that needs no others.
    fn inline<'e>(&mut self, event: Event<'e>, range: Range<usize>, out: &mut Out<'e>) {
        match event {
            Event::Text(text) => {
                let text = self.text(&text);
                out.push(Event::Text(text.into()));
            }
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                self.plain += 1;
                let dest = if dest_url.contains('@') && !dest_url.contains(['/', ':']) {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.to_string()
                };
                let mark = self.link(&dest, false, &range);
                let mut html = format!("<a href=\"{mark}\"");
                if !title.is_empty() {
                    let _ = write!(html, " title=\"{}\"", escape(&title));
                }
                html.push('>');
                out.push(Event::InlineHtml(html.into()));
            }
            Event::End(TagEnd::Link) => {
                self.plain = self.plain.saturating_sub(1);
                out.push(Event::InlineHtml("</a>".into()));
            }
            // In a heading an image cannot take its text out of the events: it stands without.
            Event::Start(Tag::Image { dest_url, .. }) => {
                let mark = self.link(&dest_url, true, &range);
                out.push(Event::InlineHtml(format!("<img src=\"{mark}\" alt=\"").into()));
            }
            Event::End(TagEnd::Image) => out.push(Event::InlineHtml("\" />".into())),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.plain += 1;
                out.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.plain = self.plain.saturating_sub(1);
                out.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if html.trim() == "<!-- more -->" {
                    out.push(Event::InlineHtml(MORE.to_string().into()));
                } else {
                    let html = self.calls_in(&html);
                    out.push(Event::InlineHtml(html.into()));
                }
            }
            other => out.push(other),
        }
    }

    /// Prose, with its words counted and its calls rendered.
    fn text(&mut self, text: &str) -> String {
        let text = self.calls_in(text);
        self.body.words += text.split_whitespace().count();
        if self.plain > 0 {
            return text;
        }
        // Marks of calls stand between runs of prose, never inside one.
        let mut out = String::with_capacity(text.len() + 2 * PROSE.len_utf8());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(CALL) {
            let end = rest[at..].find(INDEX_END).map_or(rest.len(), |end| at + end + INDEX_END.len_utf8());
            prose(&rest[..at], &mut out);
            out.push_str(&rest[at..end]);
            rest = &rest[end..];
        }
        prose(rest, &mut out);
        out
    }

    /// Renders the bodies of the calls whose tokens stand in `text`, and puts marks in place of the tokens.
    fn calls_in(&mut self, text: &str) -> String {
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some(at) = rest.find(CALL) {
            out.push_str(&rest[..at]);
            let letters = &rest[at + CALL.len_utf8()..];
            let index = token_index(letters);
            let Some(found) = self.calls.get_mut(index).and_then(Option::take) else {
                rest = letters;
                continue;
            };
            rest = &rest[at + found.whole.len()..];
            let body = found.body.clone().map(|range| {
                let mut body = part(range, self.settings, self.reader, self.shared, self.depth + 1);
                self.body.headings.append(&mut body.headings);
                self.body.words += body.words;
                body
            });
            let nth = self.shared.calls.entry(found.name.clone()).or_insert(0);
            *nth += 1;
            let _ = write!(out, "{CALL}{}{INDEX_END}", self.body.calls.len());
            let source = self.reader.text[found.tag.clone()].to_owned();
            self.body.calls.push(Call { name: found.name, span: found.tag, source, body, nth: *nth });
        }
        out.push_str(rest);
        out
    }

    fn heading_text(&self, event: &Event<'_>, title: &mut String) {
        match event {
            Event::Text(text) | Event::Code(text) => title.extend(text.chars().filter(|character| *character != CALL)),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            _ => {}
        }
    }

    /// The id of a heading: the one it was given, else made from its title; a second of the same name gets `-1`, and so on.
    fn id(&mut self, given: Option<&str>, title: &str) -> String {
        let wanted = match given {
            Some(id) => id.to_owned(),
            None => self.settings.locale.slug(title),
        };
        let wanted = if wanted.is_empty() { String::from("section") } else { wanted };
        let mut id = wanted.clone();
        // The counter of the wanted name goes on from where it stood, so that many equal headings cost no more each.
        while self.shared.ids.contains_key(&id) {
            let used = self.shared.ids.entry(wanted.clone()).or_insert(0);
            *used += 1;
            id = format!("{wanted}-{used}");
        }
        self.shared.ids.insert(id.clone(), 0);
        id
    }

    /// Notes a link and gives the mark that stands for its address.
    fn link(&mut self, target: &str, image: bool, range: &Range<usize>) -> String {
        let written = &self.source[range.clone()];
        let span = match written.rfind(target) {
            Some(at) if !target.is_empty() => self.base + range.start + at..self.base + range.start + at + target.len(),
            _ => self.base + range.start..self.base + range.end,
        };
        if target.contains(CALL) {
            self.reader.error(
                "shortcode",
                span.clone(),
                "a shortcode cannot stand in the address of a link",
                "write the address itself, or put the whole link into the shortcode",
            );
        }
        self.body.links.push(Link { target: target.to_owned(), image, span });
        format!("{LINK}{}{INDEX_END}", self.body.links.len() - 1)
    }
}

/// A run of prose between its marks.
fn prose(text: &str, out: &mut String) {
    if !text.is_empty() {
        out.push(PROSE);
        out.push_str(text);
        out.push(PROSE_END);
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Text for an attribute or element of HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut out, text);
    out
}

fn is_mark(character: char) -> bool {
    (LINK..=INDEX_END).contains(&character)
}

/// Where the next mark is. Marks begin with a byte that is rare in text of European languages, which is looked for first.
fn next_mark(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xEF, bytes).find(|at| matches!(bytes.get(at + 1..at + 3), Some([0xB7, 0x90..=0x95])))
}

/// Moves the marks out of the HTML into slots.
fn take_marks_out(marked: &str, body: &mut Body) {
    let mut html = String::with_capacity(marked.len());
    let mut slots = Vec::new();
    let mut prose: Option<usize> = None;
    let mut rest = marked;
    while let Some(at) = next_mark(rest) {
        html.push_str(&rest[..at]);
        let mark = rest[at..].chars().next().unwrap_or(INDEX_END);
        rest = &rest[at + mark.len_utf8()..];
        match mark {
            LINK | CALL => {
                let end = rest.find(INDEX_END).unwrap_or(0);
                let index: usize = rest[..end].parse().unwrap_or(usize::MAX);
                rest = rest.get(end + INDEX_END.len_utf8()..).unwrap_or_default();
                if mark == LINK {
                    slots.push((html.len(), Slot::Link(index)));
                    continue;
                }
                // A call that is alone in its paragraph stands without the paragraph.
                if html.ends_with("<p>") && rest.starts_with("</p>") {
                    html.truncate(html.len() - "<p>".len());
                    rest = &rest["</p>".len()..];
                }
                slots.push((html.len(), Slot::Call(index)));
            }
            PROSE => {
                prose = Some(slots.len());
                slots.push((html.len(), Slot::Prose(html.len())));
            }
            PROSE_END => {
                if let Some((_, Slot::Prose(end))) = prose.take().and_then(|index| slots.get_mut(index)) {
                    *end = html.len();
                }
            }
            MORE => body.more = Some(html.len()),
            _ => {}
        }
    }
    html.push_str(rest);
    body.html = html;
    body.slots = slots;
}

/// The text of some HTML that this room made: without tags, character references resolved.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// Markdown on its own, without slots: for short texts of templates. `inline` leaves the paragraph out that a single one would stand in.
pub fn fragment(text: &str, smart_punctuation: bool, inline: bool) -> String {
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut html, Parser::new_ext(text, options(smart_punctuation)));
    let trimmed = html.trim_end();
    match trimmed.strip_prefix("<p>").and_then(|inner| inner.strip_suffix("</p>")) {
        Some(inner) if inline && !inner.contains("<p>") => inner.to_owned(),
        _ => html,
    }
}
