//! What the parts of a document are, for screen readers: the tree that is written beside what is drawn.

/// What an element is (ISO 32000-1, 14.8.4).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    Document,
    Paragraph,
    /// A heading of a level, with its text.
    Heading(u16, String),
    /// A list; numbered, or not.
    List(bool),
    Item,
    Label,
    Body,
    Table,
    Head,
    Rows,
    Row,
    /// A heading of a column, or else of a row; how many columns it spans.
    HeadCell(bool, u32),
    Cell(u32),
    Caption,
    Link,
    /// A drawing, and what it shows.
    Figure(String),
    Quote,
    Note,
    Strong,
    Emphasis,
    /// Where drawn content goes.
    Slot,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    pub role: Role,
    pub children: Vec<usize>,
}

/// All elements; the first is the document.
#[derive(Debug)]
pub(super) struct Structure(pub Vec<Element>);

/// The number of the document.
pub(super) const DOCUMENT: usize = 0;

impl Structure {
    pub(super) fn new() -> Self {
        Self(vec![Element { role: Role::Document, children: Vec::new() }])
    }

    /// Adds an element below another one. Gives its number.
    pub(super) fn add(&mut self, parent: usize, role: Role) -> usize {
        let number = self.0.len();
        self.0.push(Element { role, children: Vec::new() });
        if let Some(parent) = self.0.get_mut(parent) {
            parent.children.push(number);
        }
        number
    }
}
