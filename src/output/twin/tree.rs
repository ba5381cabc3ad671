//! What a finished page says, as a tree: its title, its description, and what stands in `<main>`, without what says nothing as text.
//!
//! It is read by a tokenizer of the HTML standard. Of how a browser builds its tree, what text depends on is done here: which end tags may be left out.

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::tag::{Attribute, Tag, is_void};

/// How deep elements may stand in each other; of what stands deeper only the text is taken, so that no page exhausts the stack.
const DEEPEST: usize = 100;

/// How far up an element is looked for that an end tag, or another element, ends.
const FARTHEST: usize = 256;

/// An element, or text.
#[derive(Debug)]
pub(super) struct Node {
    pub tag: Tag,
    /// Of text, what it says.
    pub text: String,
    /// Whether anything below it stands by itself.
    pub has_block: bool,
    attributes: Vec<(Attribute, String)>,
    first: Option<usize>,
    last: Option<usize>,
    next: Option<usize>,
}

impl Node {
    fn new(tag: Tag) -> Self {
        Self { tag, text: String::new(), has_block: false, attributes: Vec::new(), first: None, last: None, next: None }
    }

    /// What an attribute says; none where it is not there.
    pub(super) fn attribute(&self, wanted: Attribute) -> Option<&str> {
        self.attributes.iter().find(|(attribute, _)| *attribute == wanted).map(|(_, value)| value.as_str())
    }
}

/// A page.
pub(super) struct Tree {
    pub title: Option<String>,
    pub description: Option<String>,
    /// The first is `<main>`, or all of a page that has none.
    nodes: Vec<Node>,
}

impl Tree {
    /// Reads a finished page.
    pub(super) fn read(html: &str) -> Self {
        let mut reader = Reader::new();
        match main(html) {
            Some(main) => {
                reader.in_head = true;
                reader.read(html);
                reader = Reader { title: reader.title, description: reader.description, ..Reader::new() };
                // An element about every forty bytes.
                reader.nodes.reserve(main.len() / 40);
                reader.read(main);
            }
            None => reader.read(html),
        }
        Self { title: reader.title, description: reader.description, nodes: reader.nodes }
    }

    /// A node.
    pub(super) fn node(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    /// The nodes in a node, in order.
    pub(super) fn children(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.nodes[number].first, |child| self.nodes[*child].next)
    }

    /// The text below a node, as it is written.
    pub(super) fn text(&self, number: usize) -> String {
        let mut text = String::new();
        let mut open = vec![number];
        while let Some(number) = open.pop() {
            text.push_str(&self.nodes[number].text);
            if self.nodes[number].tag == Tag::Br {
                text.push('\n');
            }
            let at = open.len();
            open.extend(self.children(number));
            open[at..].reverse();
        }
        text
    }
}

/// A page from its `<main>` on, where that is written once: what stands before it need not be read. None where it has to be read to know.
fn main(html: &str) -> Option<&str> {
    let mut starts = memchr::memmem::find_iter(html.as_bytes(), "<main");
    let (at, None) = (starts.next()?, starts.next()) else { return None };
    let is_whole = html[at + "<main".len()..].starts_with(|next: char| next == '>' || next.is_ascii_whitespace());
    let mut ends = memchr::memmem::find_iter(html.as_bytes(), "</main>");
    let ends = (ends.next()? > at && ends.next().is_none()).then_some(());
    ends.filter(|()| is_whole).map(|()| &html[at..])
}

/// Text of a page: all of it was text before.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open {
    /// Length and first bytes of its name: what an end tag is compared with.
    name: u64,
    tag: Tag,
    node: usize,
}

fn short(name: &[u8]) -> u64 {
    // Cast: names are short.
    name.iter().take(7).fold(name.len() as u64, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Takes in the events of the tokenizer.
struct Reader {
    title: Option<String>,
    description: Option<String>,
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// How many paragraphs are open, and how many drawings.
    paragraphs: usize,
    drawings: usize,
    /// The tag that is being read.
    name: Vec<u8>,
    given: [Option<(usize, usize)>; Attribute::NUMBER],
    values: Vec<u8>,
    attribute: Option<Attribute>,
    /// Whether only title and description are sought.
    in_head: bool,
}

impl Callback<(), ()> for &mut Reader {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.name.clear();
                self.name.extend_from_slice(name);
                self.given = [None; Attribute::NUMBER];
                self.values.clear();
                self.attribute = None;
            }
            CallbackEvent::AttributeName { name } => {
                // Of two attributes with one name the first holds.
                self.attribute = Attribute::of(name).filter(|attribute| self.given[*attribute as usize].is_none());
                if let Some(attribute) = self.attribute {
                    self.given[attribute as usize] = Some((self.values.len(), self.values.len()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(attribute) = self.attribute.take() {
                    self.given[attribute as usize] = Some((self.values.len(), self.values.len() + value.len()));
                    self.values.extend_from_slice(value);
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                self.start(self_closing);
                return (self.in_head && self.head_is_read()).then_some(());
            }
            CallbackEvent::EndTag { name } => return self.end(name).then_some(()),
            CallbackEvent::String { value } => self.string(value),
            _ => {}
        }
        None
    }
}

impl Reader {
    fn new() -> Self {
        Self {
            title: None,
            description: None,
            nodes: vec![Node::new(Tag::Block)],
            open: Vec::new(),
            paragraphs: 0,
            drawings: 0,
            name: Vec::new(),
            given: [None; Attribute::NUMBER],
            values: Vec::new(),
            attribute: None,
            in_head: false,
        }
    }

    /// Reads a page up to the end of what is looked at.
    fn read(&mut self, html: &str) {
        let mut emitter = CallbackEmitter::new(self);
        emitter.naively_switch_states(true);
        // Where the reader has enough there is one token, and else none.
        let _: Option<Result<(), Infallible>> = Tokenizer::new_with_emitter(html, emitter).next();
    }

    /// Whether nothing more is sought before `<main>`.
    fn head_is_read(&self) -> bool {
        let in_title = self.open.last().is_some_and(|open| open.tag == Tag::Title);
        self.name == b"body" || (!in_title && self.title.is_some() && self.description.is_some())
    }

    /// What an attribute of the tag says; none where it is not there.
    fn value(&self, attribute: Attribute) -> Option<String> {
        let (start, end) = self.given[attribute as usize]?;
        Some(text_of(&self.values[start..end]).into_owned())
    }

    fn start(&mut self, self_closing: bool) {
        let mut tag = Tag::of(&self.name);
        if let Some(class) = self.value(Attribute::Class) {
            tag = match class.as_str() {
                "footnote-definition" => Tag::Footnote,
                "footnote-definition-label" => Tag::FootnoteLabel,
                "footnote-reference" => Tag::FootnoteReference,
                _ => tag,
            };
        }
        let is_out = match tag {
            // A task that is done or not.
            Tag::Input => self.value(Attribute::Type).as_deref() != Some("checkbox"),
            Tag::Meta => {
                if self.value(Attribute::Name).as_deref() == Some("description") {
                    self.description = self.description.take().or_else(|| self.value(Attribute::Content));
                }
                true
            }
            Tag::Main if self.open.iter().all(|open| open.tag != Tag::Main) => {
                *self = Self { title: self.title.take(), description: self.description.take(), ..Self::new() };
                self.name.extend_from_slice(b"main");
                self.push(tag, 0);
                return;
            }
            Tag::Title if self.title.is_some() => {
                tag = Tag::Out;
                true
            }
            Tag::Out | Tag::Title | Tag::Head => true,
            _ => self.given[Attribute::Hidden as usize].is_some() || self.value(Attribute::AriaHidden).as_deref() == Some("true"),
        };
        self.end_what_it_ends(tag);
        let void = is_void(&self.name) || (self_closing && self.drawings > 0);
        if is_out {
            if !void {
                // It is nowhere in the tree.
                self.nodes.push(Node::new(tag));
                self.push(tag, self.nodes.len() - 1);
            }
            return;
        }
        let node = self.add(tag);
        if !void {
            self.push(tag, node);
        }
    }

    fn push(&mut self, tag: Tag, node: usize) {
        self.paragraphs += usize::from(tag == Tag::P);
        self.drawings += usize::from(tag == Tag::Svg);
        self.open.push(Open { name: short(&self.name), tag, node });
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.paragraphs -= usize::from(open.tag == Tag::P);
        self.drawings -= usize::from(open.tag == Tag::Svg);
        Some(open)
    }

    /// Adds a node to the element that is open. Gives that element where it stands too deep.
    fn add(&mut self, tag: Tag) -> usize {
        let above = self.open.last().map_or(0, |open| open.node);
        if self.open.len() >= DEEPEST && tag != Tag::Text {
            return above;
        }
        let number = self.nodes.len();
        let mut node = Node::new(tag);
        for attribute in tag.attributes() {
            let value = match attribute {
                Attribute::Header => (self.name == b"th").then(String::new),
                attribute => self.value(*attribute),
            };
            node.attributes.extend(value.map(|value| (*attribute, value)));
        }
        self.nodes.push(node);
        match self.nodes[above].last.replace(number) {
            Some(last) => self.nodes[last].next = Some(number),
            None => self.nodes[above].first = Some(number),
        }
        if tag.is_block() {
            for open in self.open.iter().rev() {
                if std::mem::replace(&mut self.nodes[open.node].has_block, true) {
                    break;
                }
            }
        }
        number
    }

    /// Ends what may be left without an end tag before this element (HTML, 13.1.2.4).
    fn end_what_it_ends(&mut self, tag: Tag) {
        match tag {
            Tag::Li => self.end_up_to(&[Tag::Li], &[Tag::Ul, Tag::Ol, Tag::Cell]),
            Tag::Dt | Tag::Dd => self.end_up_to(&[Tag::Dt, Tag::Dd], &[Tag::Dl, Tag::Cell]),
            Tag::Cell => self.end_up_to(&[Tag::Cell], &[Tag::Table]),
            Tag::Row => self.end_up_to(&[Tag::Row], &[Tag::Table]),
            Tag::TablePart => self.end_up_to(&[Tag::TablePart], &[Tag::Table]),
            _ => {}
        }
        if tag.is_block() && tag != Tag::Svg && self.paragraphs > 0 {
            self.end_up_to(&[Tag::P], &[Tag::Table, Tag::Cell, Tag::Caption]);
        }
    }

    /// Ends the nearest open element of some kinds, unless one of others stands between.
    fn end_up_to(&mut self, kinds: &[Tag], but: &[Tag]) {
        let near = self.open.iter().rev().take(FARTHEST).position(|open| kinds.contains(&open.tag) || but.contains(&open.tag));
        if let Some(near) = near.map(|near| self.open.len() - 1 - near)
            && kinds.contains(&self.open[near].tag)
        {
            while self.open.len() > near {
                self.pop();
            }
        }
    }

    /// Takes in an end tag; tells whether it is that of `<main>`.
    fn end(&mut self, name: &[u8]) -> bool {
        let name = short(name);
        let Some(near) = self.open.iter().rev().take(FARTHEST).position(|open| open.name == name) else { return false };
        let mut is_main = false;
        for _ in 0..=near {
            is_main |= self.pop().is_some_and(|open| open.tag == Tag::Main);
        }
        is_main
    }

    fn string(&mut self, value: &[u8]) {
        let text = text_of(value);
        match self.open.last() {
            Some(Open { tag: Tag::Title, .. }) if self.drawings == 0 => self.title.get_or_insert_default().push_str(&text),
            Some(Open { tag: Tag::Out | Tag::Head, .. }) => {}
            open => {
                // Text may come in pieces.
                let above = open.map_or(0, |open| open.node);
                let last = self.nodes[above].last.filter(|last| self.nodes[*last].tag == Tag::Text);
                let number = last.unwrap_or_else(|| self.add(Tag::Text));
                self.nodes[number].text.push_str(&text);
            }
        }
    }
}
