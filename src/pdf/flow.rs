//! Blocks become rows: what no page divides. Each knows what is drawn in it, from its own left upper corner.

use std::rc::Rc;

use markup5ever_rcdom::Node;

use super::blocks::{Block, Bullets, Frame, Inline, Look, Span, What};
use super::drawing::drawing;
use super::fonts::{Cut, Fonts};
use super::lines::{Line, Run, Type, Words};
use super::making::Making;
use super::marks::{Heading, Mark, Row, beside_each_other};
use super::problem::Problem;
use super::spans::{collapsed, description, one_line, without_tick};
use super::structure::{DOCUMENT, Role, Structure};
use super::style::{Colour, MEASURE, Style};

/// Where words stand, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The left edge.
    pub left: f32,
    pub width: f32,
    /// The size of text, in points.
    pub size: f32,
    pub frame: Option<Frame>,
    /// The number of that frame.
    pub nth: usize,
    /// The element that what is said belongs to.
    pub parent: usize,
    /// Whether paragraphs stand close, as in lists and cells.
    pub close: bool,
}

/// The size of text, in points.
const TEXT: f32 = 10.0;
/// The height of a line, in its size.
const LEADING: f32 = 1.42;
/// What a frame leaves free inside.
const INSIDE: f32 = 12.0;

/// Where in the structure a span belongs: its slot, and the element and address of its link.
type Slot = (usize, Option<(usize, String)>);

/// What becomes rows.
pub(super) struct Flow<'f> {
    pub(super) style: &'f Style,
    pub(super) fonts: &'f Fonts<'f>,
    pub(super) making: &'f Making<'f>,
    pub(super) rows: Vec<Row>,
    pub(super) structure: Structure,
    pub(super) headings: Vec<Heading>,
    pub(super) problems: Vec<Problem>,
    /// How many tables there are.
    pub(super) tables: usize,
    /// How many frames there are.
    frames: usize,
    /// The room that the next row has above it at least.
    space: f32,
    begins_page: bool,
}

impl<'f> Flow<'f> {
    pub(super) fn new(style: &'f Style, fonts: &'f Fonts<'f>, making: &'f Making<'f>) -> Self {
        let (structure, rows, headings, problems) = (Structure::new(), Vec::new(), Vec::new(), Vec::new());
        Self { style, fonts, making, rows, structure, headings, problems, tables: 0, frames: 0, space: 0.0, begins_page: false }
    }

    /// Lays out a document.
    pub(super) fn lay(&mut self, blocks: &[Block]) {
        self.blocks(blocks, Place { left: 0.0, width: MEASURE, size: TEXT, frame: None, nth: 0, parent: DOCUMENT, close: false });
    }

    pub(super) fn blocks(&mut self, blocks: &[Block], place: Place) {
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, place);
            // What leads up to a table, a list or a drawing stands with it.
            let leads = matches!(block, Block::Paragraph { .. });
            let follows = matches!(blocks.get(at + 1), Some(Block::Table(_) | Block::List { .. } | Block::Figure { .. }));
            if let Some(last) = self.rows.last_mut().filter(|_| leads && follows) {
                last.keep = true;
            }
        }
    }

    fn block(&mut self, block: &Block, place: Place) {
        match block {
            Block::Heading { level, id, inline } => self.heading(*level, id.as_ref(), inline, place),
            Block::Paragraph { look, inline } => {
                let element = self.structure.add(place.parent, Role::Paragraph);
                let (of, around) = self.look(*look, place);
                let around = if place.close { place.size * 0.3 } else { around };
                self.apart(around);
                self.paragraph(inline, of, element, place);
                self.apart(around);
            }
            Block::List { bullets, items } => self.list(*bullets, items, place),
            Block::Facts(facts) => self.facts(facts, place),
            Block::Table(table) => self.table(table, place),
            Block::Framed(frame, blocks) => self.framed(*frame, blocks, place),
            Block::Figure { drawing, caption } => self.figure(drawing, caption.as_ref(), place),
            Block::Rule => self.across(0.6, place, 12.0),
            Block::Line => self.across(0.5, place, 22.0),
            Block::Break => self.begins_page = !self.rows.is_empty(),
        }
    }

    /// The next row stands at least so far below the last one.
    pub(super) fn apart(&mut self, space: f32) {
        self.space = self.space.max(space);
    }

    /// Adds a row below the others.
    pub(super) fn put(&mut self, row: Row, place: Place) {
        let before = if self.rows.is_empty() { 0.0 } else { self.space };
        let ground = place.frame.map(|frame| (frame, place.nth)).or(row.ground);
        self.rows.push(Row { before, ground, begins_page: std::mem::take(&mut self.begins_page), ..row });
        self.space = 0.0;
    }

    pub(super) fn ink(&self, place: Place) -> Colour {
        if place.frame == Some(Frame::Cover) { self.style.on_accent } else { self.style.ink }
    }

    fn muted(&self, place: Place) -> Colour {
        if place.frame == Some(Frame::Cover) { self.style.on_accent } else { self.style.muted }
    }

    fn look(&self, look: Look, place: Place) -> (Type, f32) {
        let of = |cut, size, colour| Type { cut, size, colour };
        match look {
            Look::Text => (of(Cut::Text, place.size, self.ink(place)), place.size * 0.6),
            Look::Lead => (of(Cut::Text, place.size * 1.25, self.ink(place)), place.size * 0.9),
            Look::Small => (of(Cut::Text, place.size * 0.85, self.muted(place)), place.size * 0.4),
            Look::Kicker => {
                let colour = if place.frame == Some(Frame::Cover) { self.style.on_accent } else { self.style.accent };
                (of(Cut::Bold, place.size * 0.9, colour), place.size * 0.5)
            }
        }
    }

    fn heading(&mut self, level: u8, id: Option<&String>, inline: &Inline, place: Place) {
        let (size, above, below) = match level {
            1 => (26.0, 10.0, 10.0),
            2 => (16.0, 22.0, 6.0),
            3 => (12.0, 15.0, 4.0),
            _ => (10.5, 10.0, 3.0),
        };
        let text = one_line(inline);
        let element = self.structure.add(place.parent, Role::Heading(u16::from(level), text.clone()));
        let number = self.headings.len();
        self.headings.push(Heading { level, text, id: id.cloned() });
        let colour = if level == 2 && place.frame.is_none() { self.style.accent } else { self.ink(place) };
        self.apart(above);
        let first = self.rows.len();
        self.paragraph(inline, Type { cut: Cut::Heading, size, colour }, element, place);
        for row in &mut self.rows[first..] {
            row.keep = true;
        }
        if let Some(row) = self.rows.get_mut(first) {
            row.heading = Some(number);
        }
        self.apart(below);
    }

    /// Words in lines below each other, kept so that no line of a paragraph stands alone.
    pub(super) fn paragraph(&mut self, inline: &Inline, of: Type, element: usize, place: Place) {
        let (spans, slots) = self.slots(inline, element);
        let style = self.style;
        let look = |span: &Span| look_of(span, of, place, style);
        let words = Words::of(&spans, &look, self.fonts, self.making.locale);
        let lines = words.lines(place.width);
        let leading = of.size * if of.cut == Cut::Heading { 1.16 } else { LEADING };
        let count = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let keep = count > 1 && (at == 0 || at + 2 == count);
            let marks = self.line(&line, &slots, leading, place);
            self.put(Row { height: leading, marks, keep, ..Row::default() }, place);
        }
    }

    /// The spans of a paragraph without white space around it, and where in the structure each belongs: the
    /// slot, and the element of its link.
    fn slots(&mut self, inline: &Inline, element: usize) -> (Vec<Span>, Vec<Slot>) {
        let spans = collapsed(inline);
        let mut slots: Vec<Slot> = Vec::with_capacity(spans.len());
        let mut link: Option<(usize, String)> = None;
        for span in &spans {
            if link.as_ref().map(|(_, to)| to) != span.manner.link.as_ref() {
                link = span.manner.link.as_ref().map(|to| (self.structure.add(element, Role::Link), to.clone()));
            }
            let parent = link.as_ref().map_or(element, |(link, _)| *link);
            let parent = match (span.manner.strong, span.manner.emphasis) {
                (true, _) => self.structure.add(parent, Role::Strong),
                (false, true) => self.structure.add(parent, Role::Emphasis),
                _ => parent,
            };
            slots.push((self.structure.add(parent, Role::Slot), link.clone()));
        }
        (spans, slots)
    }

    fn line(&self, line: &Line, slots: &[Slot], leading: f32, place: Place) -> Vec<Mark> {
        let mut marks = Vec::with_capacity(line.runs.len());
        for run in &line.runs {
            let Some((slot, link)) = slots.get(run.span) else { continue };
            let x = place.left + run.x;
            let y = leading * 0.5 + run.of.size * 0.35 - if run.raised { run.of.size * 0.3 } else { 0.0 };
            if run.what == What::Tick {
                let size = run.of.size * 0.9;
                marks.push(Mark::Edge { x, y: y - size * 0.9, size, colour: run.of.colour, slot: Some(*slot) });
                continue;
            }
            if let Some((element, to)) = link {
                let (width, to) = (run.width, self.whole(to));
                let shown = run.text.trim_end();
                let line = self.fonts.width(run.of.cut, shown) * run.of.size;
                marks.push(Mark::Fill { x, y: y + run.of.size * 0.14, width: line, height: 0.5, colour: run.of.colour });
                marks.push(Mark::Link { x, y: 0.0, width, height: leading, to, element: *element });
            }
            marks.push(Mark::Text { x, y, run: run.clone(), slot: Some(*slot) });
        }
        marks
    }

    /// An address, made whole; one within the document stays as it is.
    fn whole(&self, to: &str) -> String {
        if to.starts_with('#') {
            return to.to_owned();
        }
        let base = url::Url::parse(self.making.base).ok();
        base.and_then(|base| base.join(to).ok()).map_or_else(|| to.to_owned(), String::from)
    }

    fn list(&mut self, bullets: Bullets, items: &[Vec<Block>], place: Place) {
        let list = self.structure.add(place.parent, Role::List(matches!(bullets, Bullets::From(_))));
        let around = place.size * if place.close { 0.2 } else { 0.6 };
        self.apart(around);
        for (at, item) in items.iter().enumerate() {
            let element = self.structure.add(list, Role::Item);
            let ticked = without_tick(item);
            let is_marked = ticked.is_some() || bullets != Bullets::None;
            let slot = is_marked.then(|| {
                let label = self.structure.add(element, Role::Label);
                self.structure.add(label, Role::Slot)
            });
            let parent = self.structure.add(element, Role::Body);
            let indent = if is_marked { place.size * 1.5 } else { 0.0 };
            let first = self.rows.len();
            let within = Place { left: place.left + indent, width: (place.width - indent).max(1.0), parent, close: true, ..place };
            self.blocks(ticked.as_deref().unwrap_or(item), within);
            let baseline = place.size * (LEADING * 0.5 + 0.35);
            let text = match bullets {
                Bullets::From(from) => format!("{}.", from.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))),
                Bullets::Dots | Bullets::None => String::from("•"),
            };
            let mark = if ticked.is_some() {
                let size = place.size * 0.9;
                Mark::Edge { x: place.left, y: baseline - size * 0.9, size, colour: self.style.accent, slot }
            } else {
                let cut = if bullets == Bullets::Dots { Cut::Text } else { Cut::Bold };
                let of = Type { cut, size: place.size, colour: self.style.accent };
                Mark::Text { x: place.left, y: baseline, run: Run { text, of, ..Run::plain() }, slot }
            };
            if let Some(row) = self.rows.get_mut(first).filter(|_| is_marked) {
                row.marks.insert(0, mark);
            }
            self.space = place.size * 0.3;
        }
        self.apart(around);
    }

    /// Terms, each with what is said of it beside it.
    fn facts(&mut self, facts: &[(Inline, Vec<Block>)], place: Place) {
        let list = self.structure.add(place.parent, Role::List(false));
        let side = place.width * 0.3;
        self.apart(place.size * 0.6);
        for (term, said) in facts {
            let item = self.structure.add(list, Role::Item);
            let (label, body) = (self.structure.add(item, Role::Label), self.structure.add(item, Role::Body));
            let of = Type { cut: Cut::Bold, size: place.size, colour: self.ink(place) };
            let terms = self.apart_from_rows(|flow| flow.paragraph(term, of, label, Place { width: side - 8.0, ..place }));
            let beside = Place { left: place.left + side, width: place.width - side, parent: body, close: true, ..place };
            let rows = self.apart_from_rows(|flow| flow.blocks(said, beside));
            let row = beside_each_other([terms, rows]);
            self.put(row, place);
            self.apart(place.size * 0.35);
        }
        self.apart(place.size * 0.6);
    }

    /// What some work lays out, kept for itself.
    pub(super) fn apart_from_rows(&mut self, work: impl FnOnce(&mut Self)) -> Vec<Row> {
        let rows = std::mem::take(&mut self.rows);
        let (space, begins_page) = (std::mem::take(&mut self.space), std::mem::take(&mut self.begins_page));
        work(self);
        (self.space, self.begins_page) = (space, begins_page);
        std::mem::replace(&mut self.rows, rows)
    }

    fn framed(&mut self, frame: Frame, blocks: &[Block], place: Place) {
        let role = if frame == Frame::Quote { Role::Quote } else { Role::Note };
        let parent = if frame == Frame::Cover { place.parent } else { self.structure.add(place.parent, role) };
        let inside = match frame {
            Frame::Cover => 0.0,
            Frame::Note | Frame::Quote => INSIDE,
        };
        self.frames += 1;
        let (width, nth) = ((place.width - 2.0 * inside).max(1.0), self.frames);
        let within = Place { left: place.left + inside, width, frame: Some(frame), nth, parent, ..place };
        let around = if frame == Frame::Cover { 20.0 } else { 11.0 };
        self.apart(around);
        let padding = if frame == Frame::Quote { 2.0 } else { 9.0 };
        let edge = |keep| Row { height: padding, keep, ..Row::default() };
        self.put(edge(true), within);
        self.blocks(blocks, within);
        if let Some(last) = self.rows.last_mut() {
            last.keep = true;
        }
        self.space = 0.0;
        self.put(edge(false), within);
        self.apart(around);
    }

    fn figure(&mut self, node: &Rc<Node>, caption: Option<&Inline>, place: Place) {
        let mut problems = Vec::new();
        let drawn = drawing(node, self.ink(place), self.style, &mut problems);
        // A chart that needs a browser is told in its own words.
        if let (false, Some(said)) = (problems.is_empty(), description(node)) {
            return self.block(&Block::Paragraph { look: Look::Text, inline: said }, place);
        }
        self.problems.append(&mut problems);
        let Some(drawn) = drawn else { return };
        let scale = (place.width / drawn.width).min(1.0);
        let drawn = drawn.scaled(scale);
        let slot = drawn.says.clone().map(|says| {
            let figure = self.structure.add(place.parent, Role::Figure(says));
            self.structure.add(figure, Role::Slot)
        });
        self.apart(8.0);
        let height = drawn.height;
        let keep = caption.is_some();
        self.put(Row { height, marks: vec![Mark::Drawn { x: place.left, y: 0.0, drawn, slot }], keep, ..Row::default() }, place);
        if let Some(caption) = caption {
            let element = self.structure.add(place.parent, Role::Caption);
            let (of, around) = self.look(Look::Small, place);
            self.apart(around);
            self.paragraph(caption, of, element, place);
        }
        self.apart(8.0);
    }

    fn across(&mut self, height: f32, place: Place, around: f32) {
        self.apart(around);
        let colour = if height < 0.6 { self.style.muted } else { self.style.line };
        let mark = Mark::Fill { x: place.left, y: 0.0, width: place.width, height, colour };
        self.put(Row { height, marks: vec![mark], keep: true, ..Row::default() }, place);
        self.apart(if height < 0.6 { 4.0 } else { around });
    }
}

/// How a span looks in a paragraph.
fn look_of(span: &Span, of: Type, place: Place, style: &Style) -> Type {
    let mut look = of;
    if (span.manner.strong || span.manner.emphasis) && look.cut == Cut::Text {
        look.cut = Cut::Bold;
    }
    if span.manner.small {
        look.size *= 0.86;
        if look.cut == Cut::Bold && !span.manner.strong {
            look.cut = Cut::Text;
        }
        if place.frame != Some(Frame::Cover) {
            look.colour = style.muted;
        }
    }
    if span.manner.link.is_some() && place.frame != Some(Frame::Cover) {
        look.colour = style.accent;
    }
    look
}
