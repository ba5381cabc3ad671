//! What HTML says, in the forms that a document has: paragraphs, lists, tables and the like.

use std::rc::Rc;

use markup5ever_rcdom::{Node, NodeData};

/// What stands below what went before.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Heading {
        level: u8,
        id: Option<String>,
        inline: Inline,
    },
    Paragraph {
        look: Look,
        inline: Inline,
    },
    /// A list, and what stands before its items.
    List {
        bullets: Bullets,
        items: Vec<Vec<Block>>,
    },
    /// Terms and what is said of each.
    Facts(Vec<(Inline, Vec<Block>)>),
    Table(Table),
    Framed(Frame, Vec<Block>),
    Figure {
        drawing: Rc<Node>,
        caption: Option<Inline>,
    },
    /// A line across.
    Rule,
    /// A line to write on.
    Line,
    /// The next page begins here.
    Break,
}

/// What stands before the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bullets {
    Dots,
    /// Numbers, from one on.
    From(u32),
    None,
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Text,
    Lead,
    Small,
    /// A few words above a heading.
    Kicker,
}

/// What stands around blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A note, on a shade.
    Note,
    Quote,
    /// The head of the document, from edge to edge.
    Cover,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub caption: Option<Inline>,
    pub rows: Vec<Row>,
    /// Whether it is to be filled in by hand, so that its rows have room for it.
    pub to_fill: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Whether it is repeated at the top of each page.
    pub is_head: bool,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub is_head: bool,
    pub span: usize,
    pub blocks: Vec<Block>,
}

/// Words in a line.
pub(super) type Inline = Vec<Span>;

/// Words that look alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Span {
    pub text: String,
    pub manner: Manner,
    pub what: What,
}

/// How words look, and where they lead.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Manner {
    pub strong: bool,
    pub emphasis: bool,
    pub small: bool,
    pub raised: bool,
    pub link: Option<String>,
}

/// What stands in a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum What {
    #[default]
    Words,
    /// The line ends here.
    End,
    /// A box to tick.
    Tick,
}

/// The name of an element; none of what is none.
pub(super) fn name(node: &Node) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

/// What an attribute says.
pub(super) fn attribute(node: &Node, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| attribute.value.to_string())
}
