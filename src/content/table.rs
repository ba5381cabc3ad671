//! Tables of Markdown: cells of the head say that they are heads of columns, and a table that is wider than
//! the screen can be moved with the keyboard (WCAG 2.2, 1.3.1 and 2.1.1).

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// The table that is being written.
#[derive(Debug, Default)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    /// The number of the next cell of the row.
    cell: usize,
    in_head: bool,
}

impl Table {
    /// The HTML of an event that is one of a table; none of any other. `heading` is the id of the heading
    /// above it, which names it.
    pub(super) fn html(&mut self, event: &Event<'_>, heading: Option<&str>) -> Option<String> {
        Some(match event {
            Event::Start(Tag::Table(alignments)) => {
                *self = Self { alignments: alignments.clone(), ..Self::default() };
                let named = heading.map_or_else(String::new, |id| format!(" role=\"group\" aria-labelledby=\"{}\"", super::escape(id)));
                format!("<div class=\"scroll\" tabindex=\"0\"{named}>\n<table>\n")
            }
            Event::Start(Tag::TableHead) => {
                (self.cell, self.in_head) = (0, true);
                String::from("<thead><tr>")
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                String::from("</tr></thead>\n<tbody>\n")
            }
            Event::Start(Tag::TableRow) => {
                self.cell = 0;
                String::from("<tr>")
            }
            Event::End(TagEnd::TableRow) => String::from("</tr>\n"),
            Event::Start(Tag::TableCell) => {
                let style = match self.alignments.get(self.cell) {
                    Some(Alignment::Left) => " style=\"text-align: left\"",
                    Some(Alignment::Center) => " style=\"text-align: center\"",
                    Some(Alignment::Right) => " style=\"text-align: right\"",
                    Some(Alignment::None) | None => "",
                };
                self.cell += 1;
                if self.in_head { format!("<th scope=\"col\"{style}>") } else { format!("<td{style}>") }
            }
            Event::End(TagEnd::TableCell) => String::from(if self.in_head { "</th>" } else { "</td>" }),
            Event::End(TagEnd::Table) => String::from("</tbody>\n</table>\n</div>\n"),
            _ => return None,
        })
    }
}
