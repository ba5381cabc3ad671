//! Amounts of money in a text that cites no source for them.

use std::ops::Range;

use pulldown_cmark::{Tag, TagEnd};

/// A block of Markdown, while it is open.
#[derive(Default)]
struct Block {
    /// Its amounts that nothing has been cited for yet.
    amounts: Vec<Range<usize>>,
    cited: bool,
    /// Whether what it cites counts for the block around it, too: a paragraph is part of its item, but an
    /// item says nothing of the next one.
    part: bool,
}

/// Goes along with the blocks of a page. An amount counts as cited where its block cites a source, or the
/// block before it under the same heading.
#[derive(Default)]
pub(super) struct Money {
    open: Vec<Block>,
    /// Whether the last block that ended cited a source.
    before: bool,
    /// The amounts that nothing was cited for: bytes of the file.
    pub(super) uncited: Vec<Range<usize>>,
}

impl Money {
    /// A block begins, if `tag` is one.
    pub(super) fn start(&mut self, tag: &Tag<'_>) {
        let part = match tag {
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::DefinitionListTitle => true,
            Tag::List(_) | Tag::Item | Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::DefinitionListDefinition => false,
            Tag::Heading { .. } => {
                self.before = false;
                return;
            }
            _ => return,
        };
        self.open.push(Block { part, ..Block::default() });
    }

    /// A block ends, if `tag` is one.
    pub(super) fn end(&mut self, tag: &TagEnd) {
        let is_block = matches!(
            tag,
            TagEnd::Paragraph
                | TagEnd::BlockQuote(_)
                | TagEnd::DefinitionListTitle
                | TagEnd::List(_)
                | TagEnd::Item
                | TagEnd::Table
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::DefinitionListDefinition
        );
        let Some(block) = is_block.then(|| self.open.pop()).flatten() else { return };
        let left = if block.cited { Vec::new() } else { block.amounts };
        match self.open.last_mut() {
            Some(around) => {
                around.amounts.extend(left);
                around.cited |= block.cited && block.part;
            }
            None => {
                if !self.before {
                    self.uncited.extend(left);
                }
                self.before = block.cited;
            }
        }
    }

    /// A source is cited here.
    pub(super) fn cite(&mut self) {
        match self.open.last_mut() {
            Some(block) => block.cited = true,
            None => self.before = true,
        }
    }

    /// An amount stands here.
    pub(super) fn amount(&mut self, span: Range<usize>) {
        match self.open.last_mut() {
            Some(block) => block.amounts.push(span),
            None => self.uncited.push(span),
        }
    }
}
