//! Words of paragraphs, taken as they stand.

use markup5ever_rcdom::{Node, NodeData};

use super::blocks::{Block, Inline, Span, What, name};

/// What the `<desc>` of a drawing says.
pub(super) fn description(drawing: &Node) -> Option<Inline> {
    let children = drawing.children.borrow();
    let desc = children.iter().find(|child| name(child) == Some("desc"))?;
    let texts = desc.children.borrow();
    let text: String = texts
        .iter()
        .filter_map(|text| match &text.data {
            NodeData::Text { contents } => Some(contents.borrow().to_string()),
            _ => None,
        })
        .collect();
    (!text.trim().is_empty()).then(|| vec![Span { text, ..Span::default() }])
}

/// The words of a span in one line.
pub(super) fn one_line(inline: &Inline) -> String {
    let text: String = inline.iter().map(|span| if span.what == What::End { " " } else { &span.text }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Spans whose white space is that of lines: one space, none where a line begins.
pub(super) fn collapsed(inline: &Inline) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(inline.len());
    let mut after_space = true;
    for span in inline {
        if span.what != What::Words {
            after_space = true;
            spans.push(span.clone());
            continue;
        }
        let mut text = String::with_capacity(span.text.len());
        for letter in span.text.chars() {
            // A space that divides no line is none of these.
            let is_space = matches!(letter, ' ' | '\n' | '\t' | '\r' | '\u{c}');
            if !(is_space && after_space) {
                text.push(if is_space { ' ' } else { letter });
            }
            after_space = is_space;
        }
        if !text.is_empty() {
            spans.push(Span { text, ..span.clone() });
        }
    }
    if let Some(last) = spans.last_mut().filter(|last| last.what == What::Words) {
        last.text.truncate(last.text.trim_end_matches(' ').len());
    }
    spans.retain(|span| span.what != What::Words || !span.text.is_empty());
    spans
}

/// An item of a list that begins with a box to tick, without the box; none where it begins otherwise.
pub(super) fn without_tick(item: &[Block]) -> Option<Vec<Block>> {
    let [Block::Paragraph { look, inline }, others @ ..] = item else { return None };
    let first = inline.iter().position(|span| span.what == What::Tick || !span.text.trim().is_empty())?;
    if inline[first].what != What::Tick {
        return None;
    }
    let inline = inline[first + 1..].to_vec();
    Some(std::iter::once(Block::Paragraph { look: *look, inline }).chain(others.iter().cloned()).collect())
}
