//! What HTML says as text.

use super::tags::{Tag, Visitor, Within, read};

/// Elements whose text stands apart from what is before and behind (HTML standard, "rendering: flow content",
/// "tables").
const APART: [&str; 43] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "ul",
];

/// Elements that say nothing to readers.
const SILENT: [&str; 3] = ["script", "style", "template"];

/// The text of a piece of HTML: without tags, comments, scripts and styles, character references resolved.
/// Where an element begins or ends that stands apart, as paragraphs and cells do, there is a line break, so
/// that no words run together.
pub fn plain_text(html: &str) -> String {
    // Most titles and sentences need no closer look.
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let mut text = Text::default();
    read(html, &mut text);
    text.text
}

/// A heading with an id, and the text below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// 1 to 6.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// The text from behind it up to the next heading that has an id and is not below it, as [`plain_text`]
    /// gives it.
    pub text: String,
}

/// The headings of a page that have an id, in order, each with the text below it; without footnotes, as the
/// Markdown writer marks them: neither what they say nor where they are called.
pub(crate) fn sections(html: &str) -> Vec<Section> {
    let mut sections = Sections::default();
    read(html, &mut sections);
    sections.close(0);
    let mut done = sections.done;
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, section)| section).collect()
}

/// Gathers text.
#[derive(Default)]
struct Text {
    text: String,
    /// How deep in elements that say nothing.
    silent: usize,
}

impl Text {
    fn apart(&mut self, name: &str) {
        if APART.contains(&name) && !self.text.ends_with('\n') && !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

impl Visitor for Text {
    fn start(&mut self, tag: &Tag) {
        self.apart(tag.name());
        if SILENT.contains(&tag.name()) && !tag.is_self_closing() {
            self.silent += 1;
        }
    }

    fn end(&mut self, name: &str) {
        self.apart(name);
        if SILENT.contains(&name) {
            self.silent = self.silent.saturating_sub(1);
        }
    }

    fn text(&mut self, _: Within, text: &str) {
        if self.silent == 0 {
            self.text.push_str(text);
        }
    }
}

/// Gathers the text below headings.
#[derive(Default)]
struct Sections {
    text: Text,
    /// Headings whose text goes on, the outermost first: their number, and where in `text` it begins; none
    /// while the heading itself goes on.
    open: Vec<(usize, u8, String, Option<usize>)>,
    done: Vec<(usize, Section)>,
    count: usize,
    /// The element of a footnote that we are in, and how many of its name in each other.
    footnote: Option<(String, usize)>,
}

impl Sections {
    /// Ends the sections of headings that are not above one of that level.
    fn close(&mut self, level: u8) {
        while let Some((number, own, id, start)) = self.open.pop_if(|(_, own, ..)| *own >= level) {
            let text = self.text.text.get(start.unwrap_or(self.text.text.len())..).unwrap_or_default().to_owned();
            self.done.push((number, Section { level: own, id, text }));
        }
    }
}

impl Visitor for Sections {
    fn start(&mut self, tag: &Tag) {
        if let Some((name, depth)) = &mut self.footnote {
            *depth += usize::from(tag.name() == name);
            return;
        }
        let is_footnote = match tag.name() {
            "sup" => tag.get("class") == Some("footnote-reference"),
            "div" => tag.get("class") == Some("footnote-definition"),
            _ => false,
        };
        if is_footnote {
            self.footnote = Some((tag.name().to_owned(), 1));
            return;
        }
        if let (Some(level), Some(id)) = (heading(tag.name()), tag.get("id")) {
            self.close(level);
            self.open.push((self.count, level, id.to_owned(), None));
            self.count += 1;
        }
        self.text.start(tag);
    }

    fn end(&mut self, name: &str) {
        if let Some((footnote, depth)) = &mut self.footnote {
            *depth -= usize::from(name == footnote);
            if *depth == 0 {
                self.footnote = None;
            }
            return;
        }
        self.text.end(name);
        if heading(name).is_some()
            && let Some((.., start @ None)) = self.open.last_mut()
        {
            *start = Some(self.text.text.len());
        }
    }

    fn text(&mut self, within: Within, text: &str) {
        if self.footnote.is_none() {
            self.text.text(within, text);
        }
    }
}

/// The level of a heading, by the name of its element.
fn heading(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{plain_text, sections};

    #[test]
    fn text_is_what_readers_see() {
        for (html, expected) in [
            ("plain", "plain"),
            ("<p title=\"a > b\">One&nbsp;two &eacute;</p>", "One\u{a0}two é\n"),
            ("a &amp;lt; b &#x27;c&#39; &unknown; 5 < 6", "a &lt; b 'c' &unknown; 5 < 6"),
            ("<ul><li>one<li>two</ul><p>three<br>four", "one\ntwo\nthree\nfour"),
            ("<b>o</b>ne<!-- two --><script>x('<p>')</script><style>p{}</style>", "one"),
        ] {
            assert_eq!(plain_text(html), expected, "{html}");
        }
    }

    #[test]
    fn a_section_is_the_text_below_its_heading() {
        let html = "<p>before</p><h2 id=\"a\">A &lt;</h2><p>one<sup class=\"footnote-reference\"><a href=\"#1\">1</a></sup></p>\
                    <h3 id=\"b\">B</h3>two<h4>none</h4><h2 id=\"c\">C</h2>three\
                    <div class=\"footnote-definition\" id=\"1\"><sup>1</sup><div>note</div></div><p>four</p>";
        let found: Vec<_> = sections(html).into_iter().map(|section| (section.level, section.id, section.text)).collect();
        let expected = [(2, "a", "one\nB\ntwo\nnone\n"), (3, "b", "two\nnone\n"), (2, "c", "three\nfour\n")];
        assert_eq!(found, expected.map(|(level, id, text)| (level, id.to_owned(), text.to_owned())));
    }
}
