//! Rows on pages.

use super::blocks::Frame;
use super::flow::Flow;
use super::marks::{Mark, Row};
use super::style::{ABOVE, BELOW, HEIGHT, MEASURE, SIDE, WIDTH};

/// The lowest that a row reaches.
const BOTTOM: f32 = HEIGHT - BELOW;
/// What the head of the document leaves free above.
const COVER: f32 = 30.0;
/// The highest that what is left of a row may be when the page ends.
const ROOM: f32 = BOTTOM - ABOVE;

/// A page: what is drawn on it, in its own measures.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub marks: Vec<Mark>,
    /// The headings that begin on it, each with how far down.
    pub headings: Vec<(usize, f32)>,
}

/// Puts the rows of a document on pages: none is divided that finds room on one.
pub(super) fn pages(flow: &Flow<'_>) -> Vec<Page> {
    let has_cover = flow.rows.first().is_some_and(|row| matches!(row.ground, Some((Frame::Cover, _))));
    let top = if has_cover { COVER } else { ABOVE };
    let mut setter = Setter { flow, pages: vec![Page::default()], y: top, ground: None, is_empty: true };
    let mut at = 0;
    while at < flow.rows.len() {
        let end = end_of_group(&flow.rows, at);
        setter.group(&flow.rows[at..end]);
        at = end;
    }
    setter.pages
}

/// The rows from one on that stand on the same page; what is higher than a page is none.
fn end_of_group(rows: &[Row], from: usize) -> usize {
    let mut height = 0.0;
    for (at, row) in rows.iter().enumerate().skip(from) {
        height += row.height + if at == from { 0.0 } else { row.before };
        if height > ROOM {
            return at.max(from + 1);
        }
        if !row.keep {
            return at + 1;
        }
    }
    rows.len()
}

struct Setter<'s> {
    flow: &'s Flow<'s>,
    pages: Vec<Page>,
    y: f32,
    /// What the row above stands on.
    ground: Option<(Frame, usize)>,
    /// Whether nothing stands on the page yet but what is repeated.
    is_empty: bool,
}

impl Setter<'_> {
    fn group(&mut self, rows: &[Row]) {
        let Some(first) = rows.first() else { return };
        let height: f32 = rows.iter().enumerate().map(|(at, row)| row.height + if at == 0 { 0.0 } else { row.before }).sum();
        let fits = self.y + first.before + height <= BOTTOM + 0.01;
        // What is higher than a page begins where there is room for a good part of it.
        let begins_here = height > ROOM && BOTTOM - self.y > ROOM / 3.0;
        if !self.is_empty && (first.begins_page || !fits && !begins_here) {
            self.next_page(first);
        }
        for row in rows {
            self.row(row);
        }
    }

    fn next_page(&mut self, row: &Row) {
        self.pages.push(Page::default());
        self.y = ABOVE;
        self.ground = None;
        self.is_empty = true;
        let Some(table) = row.table.filter(|_| !row.is_head) else { return };
        let heads = self.flow.rows.iter().filter(|other| other.table == Some(table) && other.is_head);
        for head in heads.map(repeated).collect::<Vec<_>>() {
            if head.height < ROOM / 2.0 {
                self.place(&head, head.height);
            }
        }
    }

    fn row(&mut self, row: &Row) {
        if !self.is_empty {
            // What stands on the same ground is not parted by what is between.
            if let Some((ground, _)) = row.ground.filter(|ground| self.ground == Some(*ground)) {
                self.draw_ground(ground, row.before);
            }
            self.y += row.before;
        }
        if row.height <= ROOM {
            self.place(row, row.height)
        } else {
            self.divided(row)
        }
        self.is_empty = false;
    }

    /// Puts a row on the page, and goes on below it.
    fn place(&mut self, row: &Row, height: f32) {
        if let Some((ground, _)) = row.ground {
            self.draw_ground(ground, height);
        }
        self.ground = row.ground;
        let (y, Some(page)) = (self.y, self.pages.last_mut()) else { return };
        page.headings.extend(row.heading.map(|heading| (heading, y)));
        page.marks.extend(row.marks.iter().map(|mark| mark.clone().moved(SIDE, y)));
        self.y += height;
    }

    /// A row that is higher than a page: what is in it goes on where the next page begins.
    fn divided(&mut self, row: &Row) {
        let mut rest: Vec<Mark> = row.marks.clone();
        let mut height = row.height;
        while height > ROOM {
            let room = BOTTOM - self.y;
            let (here, later): (Vec<Mark>, Vec<Mark>) = rest.into_iter().partition(|mark| mark.bottom() <= room);
            let part = Row { marks: here, height: room, heading: None, ..row.clone() };
            self.place(&part, room);
            let from = later.iter().map(top).fold(room, f32::min).max(0.0);
            rest = later.into_iter().map(|mark| mark.moved(0.0, -from)).collect();
            height -= from.max(1.0);
            self.next_page(row);
        }
        self.place(&Row { marks: rest, heading: None, ..row.clone() }, height);
    }

    /// Draws what a row stands on.
    fn draw_ground(&mut self, ground: Frame, height: f32) {
        let style = self.flow.style;
        let (y, Some(page)) = (self.y, self.pages.last_mut()) else { return };
        // A hair more than its height: between two that only touch, some programs show a line.
        let height = height + 0.3;
        let mark = match ground {
            Frame::Note => Mark::Fill { x: SIDE, y, width: MEASURE, height, colour: style.shade },
            Frame::Quote => Mark::Fill { x: SIDE, y, width: 2.4, height, colour: style.accent },
            Frame::Cover => {
                // From the edges of the page.
                let top = if y <= ABOVE { 0.0 } else { y };
                Mark::Fill { x: 0.0, y: top, width: WIDTH, height: height + y - top, colour: style.accent }
            }
        };
        page.marks.push(mark);
    }
}

/// How far down something begins, nearly.
fn top(mark: &Mark) -> f32 {
    match mark {
        Mark::Text { y, run, .. } => y - run.of.size,
        Mark::Fill { y, .. } | Mark::Edge { y, .. } | Mark::Drawn { y, .. } | Mark::Link { y, .. } => *y,
    }
}

/// A head of a table as it stands on the pages behind the first: it was said already.
fn repeated(row: &Row) -> Row {
    let mut row = Row { keep: false, heading: None, ..row.clone() };
    row.marks.retain(|mark| !matches!(mark, Mark::Link { .. }));
    for mark in &mut row.marks {
        if let Mark::Text { slot, .. } | Mark::Edge { slot, .. } | Mark::Drawn { slot, .. } = mark {
            *slot = None;
        }
    }
    row
}
