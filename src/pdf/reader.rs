//! HTML to blocks.

use std::rc::Rc;

use markup5ever_rcdom::{Node, NodeData};

use super::blocks::{Block, Bullets, Cell, Frame, Inline, Look, Manner, Row, Span, Table, What, attribute, name};
use super::problem::Problem;
use crate::diagnostic::{Text, text};
use crate::limits::{DEEPEST_MARKDOWN, WIDEST_CELL};

/// All elements that can be shown, for findings.
const SHOWN: &str = "headings, paragraphs, lists, tables, links, notes (`<aside>`), quotations, rules, boxes to tick \
                     (`<input type=\"checkbox\">`) and drawings (`<svg>`)";

/// Elements that hold others and are nothing themselves.
const AROUND: [&str; 15] = [
    "html", "body", "main", "section", "article", "div", "footer", "hgroup", "address", "details", "figure", "header", "tbody", "form",
    "fieldset",
];

/// Elements within a line that look like the words around them.
const PLAIN: [&str; 15] = ["span", "abbr", "time", "code", "q", "cite", "data", "dfn", "var", "kbd", "samp", "bdi", "label", "wbr", "u"];

/// Elements that say nothing to a reader.
const SILENT: [&str; 8] = ["head", "script", "style", "template", "title", "meta", "link", "noscript"];

/// Reads what stands below a node.
pub(super) fn blocks(node: &Rc<Node>, problems: &mut Vec<Problem>) -> Vec<Block> {
    let mut reader = Reader { problems, depth: 0, in_cell: false };
    reader.blocks(node)
}

struct Reader<'p> {
    problems: &'p mut Vec<Problem>,
    depth: usize,
    /// Whether it stands in a cell of a table, where small words have a line of their own.
    in_cell: bool,
}

/// Blocks, and words that are in none yet.
#[derive(Default)]
struct Growing {
    blocks: Vec<Block>,
    words: Inline,
}

impl Growing {
    fn close(&mut self) {
        let words = std::mem::take(&mut self.words);
        if says(&words) {
            self.blocks.push(Block::Paragraph { look: Look::Text, inline: words });
        }
    }
}

impl Reader<'_> {
    fn blocks(&mut self, node: &Rc<Node>) -> Vec<Block> {
        let mut growing = Growing::default();
        self.below(node, &mut growing);
        growing.close();
        growing.blocks
    }

    fn below(&mut self, node: &Rc<Node>, growing: &mut Growing) {
        if self.depth >= DEEPEST_MARKDOWN {
            self.problems.push(Problem::new("the elements of the report stand too deep in each other", "write it with fewer of them"));
            return;
        }
        self.depth += 1;
        for child in node.children.borrow().iter() {
            self.block(child, growing);
        }
        self.depth -= 1;
    }

    fn block(&mut self, node: &Rc<Node>, growing: &mut Growing) {
        let name = name(node).unwrap_or_default();
        if is_hidden(node) || SILENT.contains(&name) {
            return;
        }
        if !is_block(name) {
            self.inline(node, &Manner::default(), &mut growing.words);
            return;
        }
        growing.close();
        if has_class(node, "break-before") {
            growing.blocks.push(Block::Break);
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(1, |digit| digit - b'0');
                let inline = self.words(node);
                if says(&inline) {
                    growing.blocks.push(Block::Heading { level, id: attribute(node, "id"), inline });
                }
            }
            "p" | "summary" | "legend" | "pre" | "figcaption" => self.paragraph(node, growing),
            "ul" | "menu" => {
                let bullets = if has_class(node, "plain") { Bullets::None } else { Bullets::Dots };
                growing.blocks.push(Block::List { bullets, items: self.items(node) });
            }
            "ol" => {
                let from = attribute(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1);
                growing.blocks.push(Block::List { bullets: Bullets::From(from), items: self.items(node) });
            }
            "dl" => growing.blocks.push(Block::Facts(self.facts(node))),
            "table" => {
                let table = self.table(node);
                if !table.rows.is_empty() {
                    growing.blocks.push(Block::Table(table));
                }
            }
            "aside" => growing.blocks.push(Block::Framed(Frame::Note, self.blocks(node))),
            "blockquote" => growing.blocks.push(Block::Framed(Frame::Quote, self.blocks(node))),
            "header" if has_class(node, "cover") => growing.blocks.push(Block::Framed(Frame::Cover, self.blocks(node))),
            "hr" if has_class(node, "write") => growing.blocks.push(Block::Line),
            "hr" => growing.blocks.push(Block::Rule),
            "svg" => growing.blocks.push(Block::Figure { drawing: node.clone(), caption: None }),
            "figure" => self.figure(node, growing),
            _ => {
                self.below(node, growing);
                growing.close();
            }
        }
    }

    fn paragraph(&mut self, node: &Rc<Node>, growing: &mut Growing) {
        let classes = [("lead", Look::Lead), ("small", Look::Small), ("kicker", Look::Kicker)];
        let look = classes.into_iter().find(|(class, _)| has_class(node, class)).map_or(Look::Text, |(_, look)| look);
        let inline = self.words(node);
        if says(&inline) {
            growing.blocks.push(Block::Paragraph { look, inline });
        }
    }

    /// A figure: its drawing with its caption, or else what is in it.
    fn figure(&mut self, node: &Rc<Node>, growing: &mut Growing) {
        let children = node.children.borrow();
        let of = |wanted: &str| children.iter().find(|child| name(child) == Some(wanted));
        match of("svg").filter(|drawing| !is_hidden(drawing)) {
            Some(drawing) => {
                let caption = of("figcaption").map(|caption| self.words(caption));
                growing.blocks.push(Block::Figure { drawing: drawing.clone(), caption });
            }
            None => {
                self.below(node, growing);
                growing.close();
            }
        }
    }

    fn items(&mut self, list: &Rc<Node>) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        for child in list.children.borrow().iter().filter(|child| !is_hidden(child)) {
            match name(child) {
                Some("li") => items.push(self.blocks(child)),
                Some(other) => self.refuse(other),
                None => {}
            }
        }
        items
    }

    /// Terms and descriptions, also where a `<div>` holds each pair.
    fn facts(&mut self, list: &Rc<Node>) -> Vec<(Inline, Vec<Block>)> {
        let mut facts: Vec<(Inline, Vec<Block>)> = Vec::new();
        for child in list.children.borrow().iter().filter(|child| !is_hidden(child)) {
            match name(child) {
                Some("dt") => facts.push((self.words(child), Vec::new())),
                Some("dd") => {
                    let said = self.blocks(child);
                    match facts.last_mut() {
                        Some((_, all)) => all.extend(said),
                        None => facts.push((Vec::new(), said)),
                    }
                }
                Some("div") => facts.extend(self.facts(child)),
                Some(other) => self.refuse(other),
                None => {}
            }
        }
        facts
    }

    fn table(&mut self, node: &Rc<Node>) -> Table {
        let mut table = Table { to_fill: has_class(node, "write"), ..Table::default() };
        for part in node.children.borrow().iter().filter(|child| !is_hidden(child)) {
            match name(part) {
                Some("caption") => table.caption = Some(self.words(part)),
                Some(part_name @ ("thead" | "tbody" | "tfoot")) => {
                    for row in part.children.borrow().iter().filter(|row| name(row) == Some("tr") && !is_hidden(row)) {
                        let row = self.row(row, part_name == "thead");
                        table.rows.push(row);
                    }
                }
                _ => {}
            }
        }
        table
    }

    fn row(&mut self, row: &Rc<Node>, is_head: bool) -> Row {
        let mut cells = Vec::new();
        for cell in row.children.borrow().iter().filter(|cell| !is_hidden(cell)) {
            let is_head = match name(cell) {
                Some("th") => true,
                Some("td") => false,
                _ => continue,
            };
            if attribute(cell, "rowspan").is_some_and(|rows| rows.trim() != "1") {
                self.problems.push(Problem::new("a cell of a table spans several rows", "write what it says in each of the rows"));
            }
            let span = attribute(cell, "colspan").and_then(|span| span.trim().parse::<usize>().ok()).unwrap_or(1);
            let outer = std::mem::replace(&mut self.in_cell, true);
            cells.push(Cell { is_head, span: span.clamp(1, WIDEST_CELL), blocks: self.blocks(cell) });
            self.in_cell = outer;
        }
        Row { is_head, cells }
    }

    fn words(&mut self, node: &Rc<Node>) -> Inline {
        let mut words = Vec::new();
        for child in node.children.borrow().iter() {
            self.inline(child, &Manner::default(), &mut words);
        }
        words
    }

    fn inline(&mut self, node: &Rc<Node>, manner: &Manner, into: &mut Inline) {
        if let NodeData::Text { contents } = &node.data {
            into.push(Span { text: contents.borrow().to_string(), manner: manner.clone(), what: What::Words });
            return;
        }
        let Some(name) = name(node) else { return };
        if is_hidden(node) || SILENT.contains(&name) {
            return;
        }
        let mut manner = manner.clone();
        match name {
            "br" => return into.push(Span { what: What::End, ..Span::default() }),
            "input" if attribute(node, "type").as_deref() == Some("checkbox") => {
                return into.push(Span { what: What::Tick, ..Span::default() });
            }
            "a" => manner.link = attribute(node, "href").or(manner.link),
            "strong" | "b" | "dt" => manner.strong = true,
            "em" | "i" | "mark" => manner.emphasis = true,
            "small" => {
                if self.in_cell && says(into) {
                    into.push(Span { what: What::End, ..Span::default() });
                }
                manner.small = true;
            }
            "sup" => manner.raised = true,
            // A block where words are expected, as a paragraph in a heading: its words.
            name if PLAIN.contains(&name) || is_block(name) && !["table", "svg", "ul", "ol", "dl"].contains(&name) => {}
            _ => return self.refuse(name),
        }
        if has_class(node, "small") {
            manner.small = true;
        }
        if self.depth >= DEEPEST_MARKDOWN {
            self.problems.push(Problem::new("the elements of the report stand too deep in each other", "write it with fewer of them"));
            return;
        }
        self.depth += 1;
        for child in node.children.borrow().iter() {
            self.inline(child, &manner, into);
        }
        self.depth -= 1;
    }

    fn refuse(&mut self, name: &str) {
        let help = text!("it can show {shown}", shown = Text::from(SHOWN));
        self.problems.push(Problem::new(text!("a report cannot show `<{name}>` here", name), help));
    }
}

fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 21] = [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "summary",
        "legend",
        "pre",
        "figcaption",
        "ul",
        "menu",
        "ol",
        "dl",
        "table",
        "aside",
        "blockquote",
        "hr",
        "svg",
        "figure",
    ];
    BLOCKS.contains(&name) || AROUND.contains(&name)
}

/// Whether there is anything to be seen.
fn says(words: &Inline) -> bool {
    words.iter().any(|span| span.what == What::Tick || !span.text.trim().is_empty())
}

fn is_hidden(node: &Rc<Node>) -> bool {
    let is_drawing = name(node) == Some("svg");
    attribute(node, "hidden").is_some() || !is_drawing && attribute(node, "aria-hidden").as_deref() == Some("true")
}

fn has_class(node: &Rc<Node>, class: &str) -> bool {
    attribute(node, "class").is_some_and(|classes| classes.split_whitespace().any(|other| other == class))
}
