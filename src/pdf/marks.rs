//! What is drawn, and what holds it: rows, which no page divides.

use super::blocks::{Frame, What};
use super::drawing::Drawn;
use super::fonts::Cut;
use super::lines::{Run, Type};
use super::style::Colour;

/// What is drawn.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// Words; `slot` is where in the structure they belong, none of what is repeated.
    Text { x: f32, y: f32, run: Run, slot: Option<usize> },
    /// A rectangle, filled.
    Fill { x: f32, y: f32, width: f32, height: f32, colour: Colour },
    /// The edge of a rectangle: a box to tick.
    Edge { x: f32, y: f32, size: f32, colour: Colour, slot: Option<usize> },
    /// A drawing.
    Drawn { x: f32, y: f32, drawn: Drawn, slot: Option<usize> },
    /// Where a click leads; the element is that of the link.
    Link { x: f32, y: f32, width: f32, height: f32, to: String, element: usize },
}

/// What no page divides.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The room above it, unless it is the first on its page.
    pub before: f32,
    pub height: f32,
    pub marks: Vec<Mark>,
    /// Whether the next one stands on the same page.
    pub keep: bool,
    /// What it stands on, and which of these it is.
    pub ground: Option<(Frame, usize)>,
    /// The table it belongs to.
    pub table: Option<usize>,
    /// Whether it is the head of that, and repeated on each page.
    pub is_head: bool,
    /// Whether it begins a page.
    pub begins_page: bool,
    /// The heading in it.
    pub heading: Option<usize>,
}

/// A heading, for the outline and for links to it.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub level: u8,
    pub text: String,
    pub id: Option<String>,
}

/// Some rows below each other, beside others: as one.
pub(super) fn beside_each_other<const N: usize>(columns: [Vec<Row>; N]) -> Row {
    let mut all = Row::default();
    for rows in columns {
        let one = below_each_other(rows);
        all.height = all.height.max(one.height);
        all.marks.extend(one.marks);
    }
    all
}

/// Rows below each other, as one.
pub(super) fn below_each_other(rows: Vec<Row>) -> Row {
    let mut all = Row::default();
    for (at, row) in rows.into_iter().enumerate() {
        let top = all.height + if at == 0 { 0.0 } else { row.before };
        all.marks.extend(row.marks.into_iter().map(|mark| mark.moved(0.0, top)));
        all.height = top + row.height;
    }
    all
}

impl Mark {
    /// The same, elsewhere.
    pub(super) fn moved(mut self, right: f32, down: f32) -> Self {
        let (Mark::Text { x, y, .. }
        | Mark::Fill { x, y, .. }
        | Mark::Edge { x, y, .. }
        | Mark::Drawn { x, y, .. }
        | Mark::Link { x, y, .. }) = &mut self;
        *x += right;
        *y += down;
        self
    }

    /// How far down it goes, nearly.
    pub(super) fn bottom(&self) -> f32 {
        match self {
            Mark::Text { y, .. } => *y,
            Mark::Fill { y, height, .. } | Mark::Link { y, height, .. } => y + height,
            Mark::Edge { y, size, .. } => y + size,
            Mark::Drawn { y, drawn, .. } => y + drawn.height,
        }
    }
}

impl Run {
    /// A run of nothing.
    pub(super) fn plain() -> Self {
        let of = Type { cut: Cut::Text, size: 10.0, colour: [0, 0, 0] };
        Self { span: 0, x: 0.0, width: 0.0, text: String::new(), is_divided: false, what: What::Words, of, raised: false }
    }
}
