//! Events of Markdown to events of HTML: headings get ids, links and calls become marks, prose is marked for
//! glossary links.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::body::{Body, Heading, Image, Link};
use super::escape::escape;
use super::fence::Fence;
use super::marks::{CALL, IMAGE, INDEX_END, LINK, MORE, PROSE, PROSE_END, next_mark};
use super::money::Money;
use super::raw_html::Raw;
use super::settings::Settings;
use super::shortcode;
use super::table::Table;
use crate::diagnostic::{list, text};
use crate::records::{is_image_itself, refuse_scheme};
use crate::schema::Reader;

/// What the parts of one page share while they are rendered.
#[derive(Default)]
pub(super) struct Shared {
    /// How often an id was wanted.
    ids: HashMap<String, usize>,
    /// How often a component was called.
    pub(super) calls: HashMap<String, usize>,
}

/// Goes through the events of one part of a page.
pub(super) struct Writer<'w, 'r, 'f> {
    pub(super) body: Body,
    /// Where the part begins in the file.
    pub(super) base: usize,
    pub(super) source: &'w str,
    /// Calls by the number in their token, until each is rendered.
    pub(super) calls: Vec<Option<shortcode::Found>>,
    /// The lengths of their tokens.
    pub(super) lengths: Vec<usize>,
    pub(super) settings: Settings,
    pub(super) reader: &'r mut Reader<'f>,
    pub(super) shared: &'w mut Shared,
    pub(super) depth: usize,
    pub(super) money: Money,
    pub(super) in_code: bool,
    pub(super) table: Table,
    /// In how many elements we are whose text is not for glossary links: headings, links.
    pub(super) plain: usize,
}

type Out<'e> = Vec<Event<'e>>;

impl Writer<'_, '_, '_> {
    /// Passes an event on, with those that belong to it.
    pub(super) fn event<'e>(
        &mut self,
        event: Event<'e>,
        range: Range<usize>,
        events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>,
        out: &mut Out<'e>,
    ) {
        match &event {
            Event::Text(_) => self.amounts(&range),
            Event::Start(tag) => self.money.start(tag),
            Event::End(tag) => self.money.end(tag),
            _ => {}
        }
        match event {
            Event::Text(text) => {
                out.push(Event::Text(self.text(text)));
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
                self.body.headings.insert(
                    first,
                    Heading { level: level_number(level), id, title: title.split_whitespace().collect::<Vec<_>>().join(" "), span },
                );
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let mut alt = String::new();
                let mut nested = 0_usize;
                for (event, _) in events.by_ref() {
                    match event {
                        Event::Start(_) => nested += 1,
                        Event::End(_) if nested == 0 => break,
                        Event::End(_) => nested -= 1,
                        Event::Text(text) | Event::Code(text) => alt.push_str(&self.without_calls(&text)),
                        Event::SoftBreak | Event::HardBreak => alt.push(' '),
                        _ => {}
                    }
                }
                if next_mark(&self.source[range.clone()]).is_some() {
                    self.no_call_in("the text of an image", &range);
                }
                let title = self.without_calls(&title);
                self.link(&dest_url, true, true, &range);
                let link = self.body.links.len() - 1;
                self.body.images.push(Image { link, alt, title, alone: false });
                out.push(Event::InlineHtml(format!("{IMAGE}{}{INDEX_END}", self.body.images.len() - 1).into()));
            }
            Event::Start(Tag::HtmlBlock) => {
                let mut raw = Raw::default();
                for (event, inner) in events.by_ref() {
                    match event {
                        Event::Html(line) if !is_more(&line) => {
                            let line = self.calls_in(&line);
                            raw.push(&line, &inner, self.source);
                        }
                        Event::End(TagEnd::HtmlBlock) => break,
                        other => {
                            out.push(Event::InlineHtml(self.links_in(std::mem::take(&mut raw)).into()));
                            self.inline(other, inner, out);
                        }
                    }
                }
                self.money.end(&TagEnd::HtmlBlock);
                out.push(Event::InlineHtml(self.links_in(raw).into()));
            }
            other => self.inline(other, range, out),
        }
    }

    /// A piece of HTML with marks in place of the addresses of links and images.
    fn links_in(&mut self, raw: Raw) -> String {
        let source = self.source;
        raw.marked(source, |target, image, loaded, place| self.link_of(target, image, loaded, true, place))
    }

    /// An event that needs no others.
    fn inline<'e>(&mut self, event: Event<'e>, range: Range<usize>, out: &mut Out<'e>) {
        match event {
            Event::Text(text) => {
                out.push(Event::Text(self.text(text)));
            }
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                self.plain += 1;
                let dest = if dest_url.contains('@') && !dest_url.contains(['/', ':']) {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.to_string()
                };
                if next_mark(&title).is_some() {
                    self.no_call_in("the title of a link", &range);
                }
                let title = self.without_calls(&title);
                let mark = self.link(&dest, false, false, &range);
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
                let mark = self.link(&dest_url, true, true, &range);
                out.push(Event::InlineHtml(format!("<img src=\"{mark}\" alt=\"").into()));
            }
            Event::End(TagEnd::Image) => out.push(Event::InlineHtml("\" />".into())),
            Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) if self.depth > 0 => {
                let span = self.base + range.start..self.base + range.end;
                self.reader.report(
                    "shortcode",
                    span,
                    "a footnote cannot stand in the body of a shortcode",
                    "put it into the text outside: its number belongs to the page",
                );
                out.push(event);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.in_code = true;
                self.plain += 1;
                out.push(self.code_block(kind, &range));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                self.plain = self.plain.saturating_sub(1);
                out.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if is_more(&html) {
                    out.push(Event::InlineHtml(MORE.to_string().into()));
                } else {
                    let raw = Raw::of(self.calls_in(&html), &range, self.source);
                    out.push(Event::InlineHtml(self.links_in(raw).into()));
                }
            }
            other => match self.table.html(&other, self.body.headings.last().map(|heading| heading.id.as_str())) {
                Some(html) => out.push(Event::InlineHtml(html.into())),
                None => out.push(other),
            },
        }
    }

    /// The beginning of a block of code. What is annotated becomes attributes.
    fn code_block<'e>(&mut self, kind: CodeBlockKind<'e>, range: &Range<usize>) -> Event<'e> {
        let CodeBlockKind::Fenced(info) = &kind else { return Event::Start(Tag::CodeBlock(kind)) };
        let fence = Fence::new(info);
        if !fence.unknown.is_empty() {
            let line = self.source[range.clone()].lines().next().map_or(0, str::len);
            let span = self.base + range.start..self.base + range.start + line;
            let unknown = list(fence.unknown.iter().copied());
            let message = text!("behind the language of a block of code, {annotations} means nothing here", annotations = unknown);
            let help = text!(
                "take it out; what is understood are {known}, divided by commas: `rust,linenos,hl_lines=2-4`",
                known = Fence::known()
            );
            self.reader.report("code-annotation", span, message, help);
        }
        if fence.attributes.is_empty() {
            return Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(fence.language.to_owned().into())));
        }
        let class = match fence.language {
            "" => String::new(),
            language => format!(" class=\"language-{}\"", escape(language)),
        };
        Event::InlineHtml(format!("<pre{}><code{class}>", fence.attributes).into())
    }

    /// Notes the first amount of money in a run of text, as it was written.
    fn amounts(&mut self, range: &Range<usize>) {
        // In code nothing is said of pay.
        if !self.in_code
            && let Some(found) = self.settings.locale.money_in(&self.source[range.clone()])
        {
            let start = self.base + range.start;
            self.money.amount(start + found.start..start + found.end);
        }
    }

    /// Prose, with its words counted and its calls rendered.
    fn text<'e>(&mut self, text: CowStr<'e>) -> CowStr<'e> {
        let text = if next_mark(&text).is_some() { self.calls_in(&text).into() } else { text };
        self.body.words += words(&text);
        if self.plain > 0 || !self.settings.prose {
            return text;
        }
        // Marks of calls stand between runs of prose, never inside one.
        let mut out = String::with_capacity(text.len() + 2 * PROSE.len_utf8());
        let mut rest = &*text;
        while let Some(at) = rest.find(CALL) {
            let end = rest[at..].find(INDEX_END).map_or(rest.len(), |end| at + end + INDEX_END.len_utf8());
            prose(&rest[..at], &mut out);
            out.push_str(&rest[at..end]);
            rest = &rest[end..];
        }
        prose(rest, &mut out);
        out.into()
    }

    fn heading_text(&self, event: &Event<'_>, title: &mut String) {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(&self.without_calls(text)),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            _ => {}
        }
    }

    /// The id of a heading: the one it was given, else made from its title; a second of the same name gets
    /// `-1`, and so on.
    fn id(&mut self, given: Option<&str>, title: &str) -> String {
        let wanted = match given {
            Some(id) => id.to_owned(),
            None => self.settings.locale.slug(title),
        };
        let wanted = if wanted.is_empty() { String::from("section") } else { wanted };
        let mut id = wanted.clone();
        // The counter of the wanted name goes on from where it stood, so that many equal headings cost no
        // more each.
        while self.shared.ids.contains_key(&id) {
            let used = self.shared.ids.entry(wanted.clone()).or_insert(0);
            *used += 1;
            id = format!("{wanted}-{used}");
        }
        self.shared.ids.insert(id.clone(), 0);
        id
    }

    /// Notes a link of Markdown and gives the mark that stands for its address.
    fn link(&mut self, target: &str, image: bool, loaded: bool, range: &Range<usize>) -> String {
        self.link_of(target, image, loaded, false, range)
    }

    /// The same for a link of Markdown or of raw HTML. In HTML an image may stand in its address itself.
    pub(super) fn link_of(&mut self, target: &str, image: bool, loaded: bool, raw: bool, range: &Range<usize>) -> String {
        let written = &self.source[range.clone()];
        let span = match written.rfind(target) {
            Some(at) if !target.is_empty() => self.base + range.start + at..self.base + range.start + at + target.len(),
            _ => self.base + range.start..self.base + range.end,
        };
        if target.contains(CALL) {
            self.reader.report(
                "shortcode",
                span.clone(),
                "a shortcode cannot stand in the address of a link",
                "write the address itself, or put the whole link into the shortcode",
            );
            self.body.links.push(Link { target: String::from("#"), image, loaded, span });
            return format!("{LINK}{}{INDEX_END}", self.body.links.len() - 1);
        }
        let is_fine = (raw && loaded && is_image_itself(target)) || refuse_scheme(target, span.clone(), self.reader).is_some();
        // One that was refused is not looked for as well.
        let target = if is_fine { target.to_owned() } else { String::from("#") };
        self.body.links.push(Link { target, image, loaded, span });
        format!("{LINK}{}{INDEX_END}", self.body.links.len() - 1)
    }
}

/// Whether a piece of HTML says where the summary ends.
fn is_more(html: &str) -> bool {
    let comment = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    comment.is_some_and(|comment| comment.trim() == "more")
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

/// How many words a text has.
fn words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    // Most texts, and many times as fast: a word begins where white space, or nothing, stands before
    // something else.
    let white = |byte: u8| byte == b' ' || (b'\t'..=b'\r').contains(&byte);
    let bytes = text.as_bytes();
    let first = usize::from(bytes.first().is_some_and(|byte| !white(*byte)));
    first + bytes.iter().zip(bytes.iter().skip(1)).filter(|(before, byte)| white(**before) & !white(**byte)).count()
}
