//! What a page says, as a tree, for whoever writes it down in another form.
//!
//! Tags come from the one reading of the page; what they make of each other (what ends a paragraph, where a
//! table may hold what) decides the tree builder of html5ever, as the HTML standard does ("tree
//! construction"). Only `<main>` becomes a tree: the rest of a page is the same on all.

use std::ops::Range;
use std::rc::Rc;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, Tag as Token, TagKind, Token as Piece, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, ns};
use markup5ever_rcdom::{Node, NodeData, RcDom};

use super::tags::{Tag, Visitor, Within, read};
use crate::locale::whole_words;

/// What a page says of itself, and what it is about.
pub(crate) struct Said {
    /// The text of its title.
    pub title: Option<String>,
    /// Its description for search engines.
    pub description: Option<String>,
    /// Its first `<main>`; all of it, where there is none.
    pub main: Rc<Node>,
    /// When the document goes, so does all below it.
    _document: Rc<Node>,
}

/// Reads a page; what else is to be known of it, `beside` is told as well.
pub(crate) fn said(html: &str, beside: Option<&mut dyn Visitor>) -> Said {
    let mut reader = Growing::new(Stage::Before);
    match beside {
        Some(beside) => read(html, &mut Both(&mut reader, beside)),
        None => read(html, &mut reader),
    }
    if reader.stage == Stage::Before {
        let (title, description) = (reader.title.take(), reader.description.take());
        let mut whole = Growing::new(Stage::Whole);
        read(html, &mut whole);
        return Said { title, description, ..whole.finish() };
    }
    reader.finish()
}

/// Tells two visitors.
struct Both<'v>(&'v mut Growing, &'v mut dyn Visitor);

impl Visitor for Both<'_> {
    fn start(&mut self, tag: &Tag) {
        self.0.start(tag);
        self.1.start(tag);
    }

    fn end(&mut self, name: &str) {
        self.0.end(name);
        self.1.end(name);
    }

    fn text(&mut self, within: Within, text: &str) {
        self.0.text(within, text);
        self.1.text(within, text);
    }

    fn written(&mut self, within: Within, place: Range<usize>) {
        self.0.written(within, place.clone());
        self.1.written(within, place);
    }

    fn noscript(&mut self, inside: bool) {
        self.0.noscript(inside);
        self.1.noscript(inside);
    }
}

/// How far the reading of a page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before its `<main>`.
    Before,
    /// In it, so many others of its name deep.
    Within(usize),
    /// Behind it.
    Behind,
    /// In a page that has none, all of which becomes a tree.
    Whole,
}

struct Growing {
    stage: Stage,
    title: Option<String>,
    description: Option<String>,
    in_head: bool,
    in_title: bool,
    in_noscript: bool,
    builder: TreeBuilder<Rc<Node>, RcDom>,
    /// The element that the builder takes to hold nothing but text. It must be ended before anything else
    /// comes; where the reading takes something else for text than the builder does, that has to be done
    /// here.
    raw: Option<LocalName>,
}

impl Growing {
    fn new(stage: Stage) -> Self {
        let builder = TreeBuilder::new(RcDom::default(), TreeBuilderOpts::default());
        let (title, description, raw) = (None, None, None);
        let growing = Self { stage, title, description, in_head: true, in_title: false, in_noscript: false, builder, raw };
        // Without it tables would stand in paragraphs, as in pages of another age.
        growing.put(Piece::DoctypeToken(Doctype { name: Some("html".into()), ..Doctype::default() }));
        growing
    }

    fn grows(&self) -> bool {
        matches!(self.stage, Stage::Within(_) | Stage::Whole) && !self.in_noscript
    }

    /// Hands a piece on. Gives whether what follows, up to the end tag, is taken for text.
    fn put(&self, piece: Piece) -> bool {
        // Lines are for errors, which nobody asks for here.
        matches!(self.builder.process_token(piece, 1), TokenSinkResult::RawData(_))
    }

    /// Ends an element of text that should have ended by now.
    fn settle(&mut self) {
        if let Some(name) = self.raw.take() {
            self.put(end_tag(name));
        }
    }

    fn finish(mut self) -> Said {
        self.settle();
        self.put(Piece::EOFToken);
        self.builder.end();
        let Self { title, description, stage, builder, .. } = self;
        let document = builder.sink.document;
        let main = if stage == Stage::Whole { None } else { main_of(&document) };
        Said { title, description, main: main.unwrap_or_else(|| document.clone()), _document: document }
    }
}

impl Visitor for Growing {
    fn start(&mut self, tag: &Tag) {
        match (self.stage, tag.name()) {
            (Stage::Before, "main") if !self.in_noscript => self.stage = Stage::Within(0),
            (Stage::Within(depth), "main") => self.stage = Stage::Within(depth + 1),
            (Stage::Before, "body" | "svg") => self.in_head = false,
            (Stage::Before, "title") => self.in_title = self.in_head && self.title.is_none(),
            (Stage::Before, "meta") if self.description.is_none() && tag.get("name") == Some("description") => {
                self.description = tag.get("content").map(str::to_owned);
            }
            _ => {}
        }
        if self.grows() {
            self.settle();
            let attribute = |(name, value): (&str, &str)| Attribute {
                name: QualName::new(None, ns!(), LocalName::from(name)),
                value: StrTendril::from_slice(value),
            };
            let (name, attrs) = (LocalName::from(tag.name()), tag.attributes().map(attribute).collect());
            let token = Token { kind: TagKind::StartTag, name: name.clone(), self_closing: tag.is_self_closing(), attrs };
            if self.put(Piece::TagToken(token)) {
                self.raw = Some(name);
            }
        }
    }

    fn end(&mut self, name: &str) {
        self.in_title = false;
        if self.grows() {
            if self.raw.as_deref() == Some(name) {
                self.raw = None;
            }
            self.settle();
            self.put(end_tag(LocalName::from(name)));
        }
        match self.stage {
            Stage::Within(0) if name == "main" => self.stage = Stage::Behind,
            Stage::Within(depth) if name == "main" => self.stage = Stage::Within(depth - 1),
            _ => {}
        }
    }

    fn text(&mut self, within: Within, text: &str) {
        if self.in_title {
            self.title.get_or_insert_default().push_str(text);
        }
        // Scripts and styles say nothing; a character that is none has no place in a tree, and where a line
        // may end is said to browsers alone.
        if self.grows() && within == Within::Text {
            let text = whole_words(text);
            for part in text.split('\0').filter(|part| !part.is_empty()) {
                self.put(Piece::CharacterTokens(StrTendril::from_slice(part)));
            }
        }
    }

    fn noscript(&mut self, inside: bool) {
        self.in_noscript = inside;
    }
}

fn end_tag(name: LocalName) -> Piece {
    Piece::TagToken(Token { kind: TagKind::EndTag, name, self_closing: false, attrs: Vec::new() })
}

/// The first `<main>` of a tree; it stands near its top.
fn main_of(document: &Rc<Node>) -> Option<Rc<Node>> {
    let mut open = vec![document.clone()];
    while let Some(node) = open.pop() {
        if matches!(&node.data, NodeData::Element { name, .. } if &*name.local == "main") {
            return Some(node);
        }
        open.extend(node.children.borrow().iter().rev().cloned());
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::Notes;
    use super::{Node, NodeData, Rc, said};

    /// A tree, written with all its end tags.
    fn written(node: &Rc<Node>) -> String {
        let below: String = node.children.borrow().iter().map(written).collect();
        match &node.data {
            NodeData::Element { name, .. } => format!("<{0}>{below}</{0}>", &*name.local),
            NodeData::Text { contents } => contents.borrow().to_string(),
            _ => below,
        }
    }

    #[test]
    fn what_a_page_is_about_becomes_the_tree_of_the_standard() {
        for (html, expected) in [
            ("<main><p>a<p>b</main>", "<main><p>a</p><p>b</p></main>"),
            ("<nav><p>no</nav><main id=x><ul><li>a<li>b</ul></main><p>no", "<main><ul><li>a</li><li>b</li></ul></main>"),
            ("<main><p>a<table><tr><td>b</table></main>", "<main><p>a</p><table><tbody><tr><td>b</td></tr></tbody></table></main>"),
            ("<main><table>a<tr></table></main>", "<main>a<table><tbody><tr></tr></tbody></table></main>"),
            ("<main><main>a</main>b</main>c", "<main><main>a</main>b</main>"),
            ("<main><style>a{}</style><script>x<y</script>b&amp;c\0</main>", "<main><style></style><script></script>b&c</main>"),
            ("<main><svg><title>a</title><desc>b</desc></svg>c</main>", "<main><svg><title>a</title><desc>b</desc></svg>c</main>"),
            ("<main><textarea><p>a</textarea><noscript><p>b</noscript>c", "<main><textarea><p>a</textarea><noscript></noscript>c</main>"),
            // What the builder takes for text, and the reading does not.
            ("<main><svg></p><title><b>a</title></main>", "<main><svg></svg><p></p><title></title><b>a</b></main>"),
        ] {
            assert_eq!(written(&said(html, None).main), expected, "{html}");
        }
        let whole = said("<title>a&lt;b</title><p>c", None);
        assert_eq!(whole.title.as_deref(), Some("a<b"));
        assert_eq!(written(&whole.main), "<html><head><title>a<b</title></head><body><p>c</p></body></html>");
    }

    #[test]
    fn of_itself_a_page_says_what_stands_in_its_head() {
        let page = "<head><meta name=description content='a &amp; b'><title>T</title></head><body><svg><title>no</title></svg><main><title>no</title>";
        let mut notes = Notes::default();
        let said = said(page, Some(&mut notes));
        assert_eq!((said.title.as_deref(), said.description.as_deref()), (Some("T"), Some("a & b")));
        assert_eq!(notes, Notes::of(page));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        /// Whatever the reading and the builder make of a tag, neither is led to where it cannot go on.
        #[test]
        fn any_page_becomes_a_tree(pieces in prop::collection::vec(select(PIECES), 0..40)) {
            let html = pieces.concat();
            let said = said(&html, None);
            prop_assert!(written(&said.main).chars().count() < 40 * 200);
        }
    }

    const PIECES: &[&str] = &[
        "<main>",
        "</main>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<math>",
        "</math>",
        "<mi>",
        "<desc>",
        "<foreignObject>",
        "<noscript>",
        "</noscript>",
        "<select>",
        "</select>",
        "<option>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<caption>",
        "<p>",
        "</p>",
        "</br>",
        "<br>",
        "<li>",
        "<a href=x>",
        "</a>",
        "<b>",
        "<i>",
        "</b>",
        "<template>",
        "</template>",
        "<iframe>",
        "</iframe>",
        "<xmp>",
        "<plaintext>",
        "<frameset>",
        "<head>",
        "</head>",
        "<body>",
        "</body>",
        "</html>",
        "<form>",
        "<button>",
        "<noembed>",
        "<noframes>",
        "</noframes>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "a",
        " ",
        "&lt;",
        "\0",
    ];
}
