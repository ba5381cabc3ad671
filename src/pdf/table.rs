//! Tables: columns as wide as what they hold asks for, rows that no page divides.

use super::blocks::{Block, Bullets, Cell, Inline, Look, Span, Table};
use super::flow::{Flow, Place};
use super::fonts::Cut;
use super::lines::{Run, Type, Words};
use super::marks::{Mark, Row, below_each_other};
use super::problem::Problem;
use super::structure::Role;
use crate::diagnostic::text;

/// What a cell leaves free left and right.
const SIDE: f32 = 6.0;
/// What it leaves free above and below.
const ABOVE: f32 = 4.5;
/// The narrowest column whose words can be read, in points.
const NARROWEST: f32 = 34.0;
/// The size of text, in that of the text around.
const SIZE: f32 = 0.88;
/// The height of a row that is to be filled in.
const TO_FILL: f32 = 31.0;

impl Flow<'_> {
    pub(super) fn table(&mut self, table: &Table, place: Place) {
        let element = self.structure.add(place.parent, Role::Table);
        self.apart(place.size * 0.8);
        if let Some(caption) = table.caption.as_ref().filter(|caption| !caption.is_empty()) {
            self.caption(caption, element, place);
        }
        let columns = table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.span).sum()).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        let size = place.size * SIZE;
        let Some(widths) = self.widths(table, columns, Place { size, ..place }) else {
            let message = text!("a table of {columns} columns is too wide for a page", columns);
            self.problems.push(Problem::new(message, "show fewer columns, or part it into several tables"));
            return;
        };
        let number = self.tables;
        self.tables += 1;
        let head = table.rows.iter().any(|row| row.is_head).then(|| self.structure.add(element, Role::Head));
        let body = self.structure.add(element, Role::Rows);
        let count = table.rows.len();
        for (at, row) in table.rows.iter().enumerate() {
            let parent = if row.is_head { head.unwrap_or(body) } else { body };
            let parent = self.structure.add(parent, Role::Row);
            let mut laid = self.row(&row.cells, &widths, row.is_head, Place { size, parent, ..place });
            if table.to_fill && !row.is_head {
                laid.height = laid.height.max(TO_FILL);
            }
            let (thick, colour) = if row.is_head { (1.2, self.style.accent) } else { (0.6, self.style.line) };
            laid.marks.push(Mark::Fill { x: place.left, y: laid.height - thick, width: place.width, height: thick, colour });
            if table.to_fill {
                self.uprights(&mut laid, &widths, place);
            }
            // A head stands with a row below it; neither the first nor the last row stands alone.
            let is_first = !row.is_head && (at == 0 || table.rows[at - 1].is_head);
            laid.keep = row.is_head || count > 3 && (is_first && at + 1 < count || at + 2 == count);
            laid.table = Some(number);
            laid.is_head = row.is_head;
            self.put(laid, place);
        }
        self.apart(place.size * 1.1);
    }

    fn caption(&mut self, caption: &Inline, table: usize, place: Place) {
        let element = self.structure.add(table, Role::Caption);
        let of = Type { cut: Cut::Bold, size: place.size, colour: self.ink(place) };
        let first = self.rows.len();
        self.paragraph(caption, of, element, place);
        for row in &mut self.rows[first..] {
            row.keep = true;
        }
        self.apart(4.0);
    }

    /// Lines between the columns of a table that is to be filled in.
    fn uprights(&self, row: &mut Row, widths: &[f32], place: Place) {
        let mut x = place.left;
        for width in &widths[..widths.len().saturating_sub(1)] {
            x += width;
            row.marks.push(Mark::Fill { x, y: 0.0, width: 0.6, height: row.height, colour: self.style.line });
        }
    }

    fn row(&mut self, cells: &[Cell], widths: &[f32], is_head: bool, place: Place) -> Row {
        let mut all = Row::default();
        let (mut left, mut column) = (place.left, 0);
        for cell in cells {
            let width: f32 = widths.iter().skip(column).take(cell.span).sum();
            column += cell.span;
            let span = u32::try_from(cell.span).unwrap_or(1);
            let role = if cell.is_head { Role::HeadCell(is_head, span) } else { Role::Cell(span) };
            let parent = self.structure.add(place.parent, role);
            let within = Place { left: left + SIDE, width: (width - 2.0 * SIDE).max(1.0), parent, close: true, ..place };
            let rows = self.apart_from_rows(|flow| flow.cell(cell, within));
            let one = below_each_other(rows);
            all.height = all.height.max(one.height);
            all.marks.extend(one.marks.into_iter().map(|mark| mark.moved(0.0, ABOVE)));
            left += width;
        }
        all.height += 2.0 * ABOVE;
        if is_head {
            let ground = Mark::Fill { x: place.left, y: 0.0, width: place.width, height: all.height, colour: self.style.shade };
            all.marks.insert(0, ground);
        }
        all
    }

    fn cell(&mut self, cell: &Cell, place: Place) {
        if cell.blocks.is_empty() {
            // A cell that says nothing is one all the same: readers of tables count them.
            let slot = self.structure.add(place.parent, Role::Slot);
            let run = Run { text: String::from(" "), ..Run::plain() };
            let marks = vec![Mark::Text { x: place.left, y: place.size, run, slot: Some(slot) }];
            self.put(Row { height: place.size, marks, ..Row::default() }, place);
            return;
        }
        for block in &cell.blocks {
            match block {
                Block::Paragraph { look: Look::Text, inline } if cell.is_head => {
                    let of = Type { cut: Cut::Bold, size: place.size, colour: self.ink(place) };
                    self.paragraph(inline, of, place.parent, place);
                }
                Block::Paragraph { look: Look::Text, inline } => {
                    let of = Type { cut: Cut::Text, size: place.size, colour: self.ink(place) };
                    self.apart(place.size * 0.3);
                    self.paragraph(inline, of, place.parent, place);
                }
                other => self.blocks(std::slice::from_ref(other), place),
            }
        }
    }

    /// How wide each column is (CSS 2.2, 17.5.2.2, "automatic table layout"); none where there are too many
    /// for a page.
    fn widths(&self, table: &Table, columns: usize, place: Place) -> Option<Vec<f32>> {
        if place.width / (columns as f32) < NARROWEST {
            return None;
        }
        if table.to_fill && columns > 1 {
            // Questions, and beside them as much room for each answer.
            let first = place.width * if columns > 2 { 0.4 } else { 0.5 };
            let mut widths = vec![(place.width - first) / (columns - 1) as f32; columns];
            widths[0] = first;
            return Some(widths);
        }
        let mut least = vec![NARROWEST; columns];
        let mut most = vec![NARROWEST; columns];
        for row in &table.rows {
            let mut column = 0;
            for cell in &row.cells {
                if cell.span == 1 && column < columns {
                    let (narrow, wide) = self.cell_widths(cell, place);
                    least[column] = least[column].max(narrow + 2.0 * SIDE);
                    most[column] = most[column].max(wide + 2.0 * SIDE);
                }
                column += cell.span;
            }
        }
        let (all_least, all_most): (f32, f32) = (least.iter().sum(), most.iter().sum());
        let widths: Vec<f32> = if all_most <= place.width {
            most.iter().map(|width| width * place.width / all_most).collect()
        } else if all_least <= place.width {
            let (free, asked) = (place.width - all_least, (all_most - all_least).max(0.001));
            least.iter().zip(&most).map(|(least, most)| least + (most - least) * free / asked).collect()
        } else {
            // Long words are divided where they must be.
            let free = place.width - NARROWEST * columns as f32;
            let asked = (all_least - NARROWEST * columns as f32).max(0.001);
            least.iter().map(|least| NARROWEST + (least - NARROWEST) * free / asked).collect()
        };
        Some(widths)
    }

    /// The widths of the longest word in a cell and of its longest line.
    fn cell_widths(&self, cell: &Cell, place: Place) -> (f32, f32) {
        let mut widths = (0.0_f32, 0.0_f32);
        for inline in inlines(&cell.blocks) {
            let cut = if cell.is_head { Cut::Bold } else { Cut::Text };
            let of = |span: &Span| Type {
                cut: if span.manner.strong { Cut::Bold } else { cut },
                size: place.size * if span.manner.small { 0.86 } else { 1.0 },
                colour: self.style.ink,
            };
            let (narrow, wide) = Words::of(inline, &of, self.fonts, self.making.locale).widths();
            widths = (widths.0.max(narrow), widths.1.max(wide));
        }
        for block in &cell.blocks {
            if let Block::Figure { drawing, .. } = block {
                let width = super::blocks::attribute(drawing, "width").and_then(|width| width.parse().ok()).unwrap_or(NARROWEST);
                widths = (widths.0.max(width), widths.1.max(width));
            }
        }
        // Room for the marks of lists.
        let inset = if cell.blocks.iter().any(|block| matches!(block, Block::List { bullets, .. } if *bullets != Bullets::None)) {
            place.size * 1.5
        } else {
            0.0
        };
        (widths.0 + inset, widths.1 + inset)
    }
}

/// All words in some blocks.
fn inlines(blocks: &[Block]) -> Vec<&Inline> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { inline, .. } | Block::Paragraph { inline, .. } => all.push(inline),
            Block::List { items, .. } => all.extend(items.iter().flat_map(|item| inlines(item))),
            Block::Facts(facts) => all.extend(facts.iter().flat_map(|(term, said)| std::iter::once(term).chain(inlines(said)))),
            Block::Framed(_, blocks) => all.extend(inlines(blocks)),
            Block::Table(_) | Block::Figure { .. } | Block::Rule | Block::Line | Block::Break => {}
        }
    }
    all
}
