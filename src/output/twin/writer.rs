//! A tree as Markdown (CommonMark 0.31, with the tables, footnotes, tasks and struck text of GitHub).

use url::Url;

use super::line::Line;
use super::tag::{Attribute, Tag};
use super::tree::Tree;

/// The most columns and rows that a cell of a table can span.
const WIDEST: usize = 100;

/// Writes a tree.
pub(super) struct Writer<'t> {
    pub tree: &'t Tree,
    /// What relative addresses begin with.
    pub base: Option<&'t Url>,
}

/// What stands by itself.
struct Block {
    text: String,
    /// Whether it is a list: whether with numbers, and whether with the other one of the two marks there are.
    list: Option<(bool, bool)>,
}

/// In what a line stands: marks are not set twice.
#[derive(Clone, Copy, Default)]
struct Within {
    strong: bool,
    em: bool,
    link: bool,
}

impl Writer<'_> {
    /// All of it.
    pub(super) fn write(&self) -> String {
        joined(self.flow(0))
    }

    /// What stands in a node, one below the other.
    fn flow(&self, number: usize) -> Vec<Block> {
        let (mut blocks, mut line) = (Vec::new(), Line::default());
        self.flow_into(number, &mut blocks, &mut line);
        end_paragraph(&mut blocks, &mut line);
        blocks
    }

    fn flow_into(&self, number: usize, blocks: &mut Vec<Block>, line: &mut Line) {
        for child in self.tree.children(number) {
            let node = self.tree.node(child);
            if node.tag.is_block() {
                end_paragraph(blocks, line);
                self.block(child, blocks);
            } else if node.has_block && node.tag != Tag::A {
                // What stands in a line, and has in it what does not, is no more than that.
                end_paragraph(blocks, line);
                blocks.extend(self.flow(child));
            } else {
                self.inline(child, line, Within::default());
            }
        }
    }

    fn block(&self, number: usize, blocks: &mut Vec<Block>) {
        let node = self.tree.node(number);
        let text = match node.tag {
            Tag::Heading(level) => {
                let title = self.line(number, Within::default()).one_line(" ");
                // Signs at its end would be taken for its mark.
                let title = title.strip_suffix('#').map_or(title.clone(), |title| format!("{title}\\#"));
                (!title.is_empty()).then(|| format!("{} {title}", "#".repeat(usize::from(level))))
            }
            Tag::Hr => Some(String::from("---")),
            Tag::Pre => Some(self.code_block(number)),
            Tag::Blockquote => Some(prefixed(&joined(self.flow(number)), "> ", "> ", ">")),
            Tag::Ul | Tag::Ol => {
                let ordered = node.tag == Tag::Ol;
                // Two lists, one after the other, would be one.
                let other = blocks.last().and_then(|last| last.list).is_some_and(|(was, other)| was == ordered && !other);
                let text = self.list(number, ordered, other);
                blocks.extend((!text.is_empty()).then_some(Block { text, list: Some((ordered, other)) }));
                None
            }
            Tag::Dl => {
                let text = self.descriptions(number);
                blocks.extend((!text.is_empty()).then_some(Block { text, list: Some((false, false)) }));
                None
            }
            Tag::Table => Some(self.table(number)),
            Tag::Svg => {
                // What the drawing is described as.
                let mut line = Line::default();
                self.below(number, &[Tag::Desc], &[], &mut |desc| line.text(&self.tree.text(desc)));
                Some(line.paragraph())
            }
            Tag::Summary => {
                let mut line = Line::default();
                line.between(self.line(number, Within { strong: true, ..Within::default() }), "**", "**");
                Some(line.one_line(" "))
            }
            Tag::Footnote => Some(self.footnote(number)),
            _ => {
                blocks.extend(self.flow(number));
                None
            }
        };
        blocks.extend(text.filter(|text| !text.is_empty()).map(|text| Block { text, list: None }));
    }

    /// What stands in a node as one line.
    fn line(&self, number: usize, within: Within) -> Line {
        let mut line = Line::default();
        self.children_in(number, &mut line, within);
        line
    }

    fn children_in(&self, number: usize, line: &mut Line, within: Within) {
        for child in self.tree.children(number) {
            self.inline(child, line, within);
        }
    }

    fn inline(&self, number: usize, line: &mut Line, within: Within) {
        let node = self.tree.node(number);
        match node.tag {
            Tag::Text => line.text(&node.text),
            Tag::Br => line.line_break(),
            Tag::Em if !within.em => line.between(self.line(number, Within { em: true, ..within }), "*", "*"),
            Tag::Strong if !within.strong => line.between(self.line(number, Within { strong: true, ..within }), "**", "**"),
            Tag::Del => line.between(self.line(number, within), "~~", "~~"),
            Tag::Sub => line.between(self.line(number, within), "<sub>", "</sub>"),
            Tag::Sup => line.between(self.line(number, within), "<sup>", "</sup>"),
            Tag::Quote => line.between(self.line(number, within), "\"", "\""),
            Tag::Code => line.raw(&code(&self.tree.text(number))),
            Tag::A if !within.link => {
                let inner = self.line(number, Within { link: true, ..within });
                match self.address(node.attribute(Attribute::Href)) {
                    Some(address) => line.between(inner, "[", &format!("]({address})")),
                    None => line.between(inner, "", ""),
                }
            }
            Tag::Img => {
                let mut alt = Line::default();
                alt.text(node.attribute(Attribute::Alt).unwrap_or_default());
                if let Some(address) = self.address(node.attribute(Attribute::Src)) {
                    line.between(alt, "![", &format!("]({address})"));
                }
            }
            Tag::Input => line.raw(if node.attribute(Attribute::Checked).is_some() { "[x] " } else { "[ ] " }),
            Tag::FootnoteReference => line.raw(&self.footnote_label(number)),
            Tag::FootnoteLabel | Tag::Desc | Tag::Svg => {}
            // A block where there is only a line: its text, apart from the rest.
            tag if tag.is_block() => {
                line.blank();
                self.children_in(number, line, within);
                line.blank();
            }
            _ => self.children_in(number, line, within),
        }
    }

    /// A whole address as a link has it; none where it leads nowhere outside of a browser.
    fn address(&self, written: Option<&str>) -> Option<String> {
        let written = written?.trim();
        let whole = match self.base {
            Some(base) => base.join(written).ok()?.to_string(),
            None => written.to_owned(),
        };
        if whole.starts_with("javascript:") || whole.starts_with("data:") {
            return None;
        }
        Some(if whole.contains(['(', ')', ' ']) { format!("<{whole}>") } else { whole })
    }

    fn code_block(&self, number: usize) -> String {
        let language = self.tree.children(number).find_map(|child| {
            let classes = self.tree.node(child).attribute(Attribute::Class)?;
            classes.split_ascii_whitespace().find_map(|class| class.strip_prefix("language-"))
        });
        let text = self.tree.text(number);
        // An end of line after the tag is not part of it (HTML, 13.1.2.5).
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end_matches('\n');
        let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
        format!("{fence}{}\n{text}\n{fence}", language.unwrap_or_default())
    }

    fn list(&self, number: usize, ordered: bool, other: bool) -> String {
        let mut at = self.tree.node(number).attribute(Attribute::Start).and_then(|start| start.parse::<u32>().ok()).unwrap_or(1);
        let items: Vec<Vec<Block>> = self
            .tree
            .children(number)
            .filter(|child| self.tree.node(*child).tag.is_block())
            .map(|child| if self.tree.node(child).tag == Tag::Li { self.flow(child) } else { self.flow_of(child) })
            .collect();
        // Items of one line each, and lists in them, stand close.
        let close = items.iter().all(|item| item.iter().skip(1).all(|block| block.list.is_some()))
            && !self.tree.children(number).any(|child| self.tree.children(child).any(|inner| self.tree.node(inner).tag == Tag::P));
        let between = if close { "\n" } else { "\n\n" };
        let items = items.into_iter().map(|item| {
            let text = item.into_iter().map(|block| block.text).collect::<Vec<_>>().join(between);
            let mark = match (ordered, other) {
                (true, false) => format!("{at}. "),
                (true, true) => format!("{at}) "),
                (false, false) => String::from("- "),
                (false, true) => String::from("* "),
            };
            at = at.saturating_add(1);
            prefixed(&text, &mark, &" ".repeat(mark.len()), "").trim_end().to_owned()
        });
        items.collect::<Vec<_>>().join(between)
    }

    /// What a node is, by itself.
    fn flow_of(&self, number: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.block(number, &mut blocks);
        blocks
    }

    /// A list of terms and their descriptions, which Markdown does not know: a list of `**term:** description`.
    fn descriptions(&self, number: usize) -> String {
        let mut text = String::new();
        let mut of_term = 0;
        self.below(number, &[Tag::Dt, Tag::Dd], &[Tag::Dl], &mut |node| {
            if self.tree.node(node).tag == Tag::Dt {
                let term = self.line(node, Within { strong: true, ..Within::default() }).one_line(" ");
                text.push_str(&format!("{}- **{}:**", if text.is_empty() { "" } else { "\n" }, term.trim_end_matches(':')));
                of_term = 0;
                return;
            }
            let blocks = self.flow(node);
            // A list in the line of the term would be another one.
            let below = blocks.first().is_some_and(|first| first.list.is_some());
            let description = prefixed(&joined(blocks), "", "  ", "");
            if text.is_empty() {
                text.push('-');
            }
            text.push_str(match of_term {
                _ if below => "\n  ",
                0 => " ",
                _ => concat!("  \n", "  "),
            });
            text.push_str(&description);
            of_term += 1;
        });
        text
    }

    /// A table: its first row is the head where that has headings only, and else the head is empty, for Markdown has no table without. Cells that span
    /// others are followed by empty ones.
    fn table(&self, number: usize) -> String {
        let mut text = String::new();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut has_head = false;
        // For how many rows each column is taken by a cell above.
        let mut taken: Vec<usize> = Vec::new();
        self.below(number, &[Tag::Caption, Tag::Row], &[Tag::Table], &mut |node| {
            if self.tree.node(node).tag == Tag::Caption {
                let mut caption = Line::default();
                caption.between(self.line(node, Within { strong: true, ..Within::default() }), "**", "**");
                text.push_str(&caption.one_line(" "));
                text.push_str("\n\n");
                return;
            }
            let (mut row, mut headings) = (Vec::new(), true);
            let mut spanned: Vec<(usize, usize)> = Vec::new();
            self.below(node, &[Tag::Cell], &[Tag::Table], &mut |cell| {
                while taken.get(row.len()).is_some_and(|rows| *rows > 0) {
                    row.push(String::new());
                }
                let cell_node = self.tree.node(cell);
                let span = |attribute| {
                    let spans = cell_node.attribute(attribute).and_then(|spans| spans.trim().parse::<usize>().ok());
                    spans.unwrap_or(1).clamp(1, WIDEST)
                };
                let said = self.cell(cell);
                headings &= cell_node.attribute(Attribute::Header).is_some() || said.is_empty();
                row.push(said);
                row.resize(row.len() + span(Attribute::Colspan) - 1, String::new());
                if span(Attribute::Rowspan) > 1 {
                    spanned.extend((row.len() - span(Attribute::Colspan)..row.len()).map(|column| (column, span(Attribute::Rowspan))));
                }
            });
            taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            for (column, rows) in spanned {
                taken.resize(taken.len().max(column + 1), 0);
                taken[column] = rows - 1;
            }
            has_head |= rows.is_empty() && headings;
            rows.push(row);
        });
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width == 0 {
            return text.trim_end().to_owned();
        }
        if !has_head {
            rows.insert(0, Vec::new());
        }
        for (number, mut row) in rows.into_iter().enumerate() {
            row.resize(width, String::new());
            text.push_str(&format!("| {} |\n", row.join(" | ")));
            if number == 0 {
                text.push_str(&format!("|{}\n", " --- |".repeat(width)));
            }
        }
        text.trim_end().to_owned()
    }

    /// A cell: in one line whatever it holds.
    fn cell(&self, number: usize) -> String {
        let blocks = self.flow(number);
        let lines = blocks.iter().flat_map(|block| block.text.lines()).map(str::trim).filter(|line| !line.is_empty());
        // A table in it has set its own marks already.
        let mut cell = String::new();
        let mut escaped = false;
        for character in lines.collect::<Vec<_>>().join("<br>").chars() {
            if character == '|' && !escaped {
                cell.push('\\');
            }
            escaped = character == '\\' && !escaped;
            cell.push(character);
        }
        cell
    }

    fn footnote(&self, number: usize) -> String {
        let mut label = String::new();
        self.below(number, &[Tag::FootnoteLabel], &[], &mut |node| label = self.footnote_label(node));
        prefixed(&joined(self.flow(number)), &format!("{label}: "), "    ", "")
    }

    /// Where a footnote belongs to, and what its text begins with.
    fn footnote_label(&self, number: usize) -> String {
        let label: String = self.tree.text(number).chars().filter(|character| character.is_alphanumeric() || *character == '-').collect();
        format!("[^{label}]")
    }

    /// The nodes of some kinds below a node, in order; not those below each other, nor below one of the kinds `but`.
    fn below(&self, number: usize, kinds: &[Tag], but: &[Tag], look: &mut dyn FnMut(usize)) {
        for child in self.tree.children(number) {
            let tag = self.tree.node(child).tag;
            if kinds.contains(&tag) {
                look(child);
            } else if !but.contains(&tag) {
                self.below(child, kinds, but, look);
            }
        }
    }
}

/// Ends the paragraph that a line is.
fn end_paragraph(blocks: &mut Vec<Block>, line: &mut Line) {
    let line = std::mem::take(line);
    if !line.is_empty() {
        blocks.push(Block { text: line.paragraph(), list: None });
    }
}

fn joined(blocks: Vec<Block>) -> String {
    blocks.into_iter().map(|block| block.text).collect::<Vec<_>>().join("\n\n")
}

/// A text with something before its first line, before the others, and before those that are empty.
fn prefixed(text: &str, first: &str, others: &str, empty: &str) -> String {
    let mut prefixed = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            prefixed.push('\n');
        }
        prefixed.push_str(match (number, line.is_empty()) {
            (0, _) => first,
            (_, true) => empty,
            _ => others,
        });
        prefixed.push_str(line);
    }
    prefixed
}

/// Code in a line, between more backticks than stand in it.
fn code(text: &str) -> String {
    let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return text;
    }
    let marks = "`".repeat(longest_run(&text, '`') + 1);
    // Backticks at its ends need a blank between them and the marks.
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{blank}{text}{blank}{marks}")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|character| character != of).map(str::len).max().unwrap_or(0)
}
