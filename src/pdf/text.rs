//! A document as text: page by page, line by line, each with what it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::laid::Laid;
use super::marks::Mark;
use super::structure::{Role, Structure};

/// Words on a page: where they begin and end from left, what they say, and their slot.
type Words = (f32, f32, String, Option<usize>);

/// What a document says. Words on one height are one line, parted by ` | ` where there is room between them;
/// before it stands what its first words are: a repeated one is an artifact.
pub(super) fn told(laid: &Laid<'_>) -> String {
    let mut told = format!("title: {}\nlanguage: {}\n", laid.title, laid.language);
    let parents = parents(&laid.flow.structure);
    for (number, page) in laid.pages.iter().enumerate() {
        let _ = writeln!(told, "--- page {} of {}", number + 1, laid.pages.len());
        for mark in page.marks.iter().filter(|mark| matches!(mark, Mark::Drawn { .. })) {
            let Mark::Drawn { drawn, .. } = mark else { continue };
            let _ = writeln!(told, "drawing: {}", drawn.says.as_deref().unwrap_or("decoration"));
        }
        let mut lines: BTreeMap<i64, Vec<Words>> = BTreeMap::new();
        for mark in page.marks.iter().chain(&super::picture::around(laid, number)) {
            let (x, y, width, text, slot) = match mark {
                Mark::Text { x, y, run, slot } => (*x, *y, run.width, run.text.clone(), *slot),
                Mark::Edge { x, y, size, slot, .. } => (*x, y + size * 0.9, size * 1.5, String::from("[ ] "), *slot),
                _ => continue,
            };
            lines.entry((y * 2.0).round() as i64).or_default().push((x, x + width, text, slot));
        }
        for (_, mut words) in lines {
            words.sort_by(|a, b| a.0.total_cmp(&b.0));
            let what =
                words.first().and_then(|(.., slot)| *slot).map_or_else(|| String::from("artifact"), |slot| path(slot, &parents, laid));
            let mut line = String::new();
            let mut end = None;
            for (from, to, text, _) in words {
                if end.is_some_and(|end| from > end + 2.0) {
                    line.push_str(" | ");
                }
                line.push_str(&text);
                end = Some(to);
            }
            let _ = writeln!(told, "{}", format!("{what}: {line}").trim_end());
        }
        for mark in &page.marks {
            if let Mark::Link { to, .. } = mark {
                let _ = writeln!(told, "link: {to}");
            }
        }
    }
    told
}

fn parents(structure: &Structure) -> Vec<usize> {
    let mut parents = vec![0; structure.0.len()];
    for (number, element) in structure.0.iter().enumerate() {
        for child in &element.children {
            parents[*child] = number;
        }
    }
    parents
}

/// What an element is, from the outside in.
fn path(mut slot: usize, parents: &[usize], laid: &Laid<'_>) -> String {
    let mut names = Vec::new();
    while slot != 0 {
        names.extend(laid.flow.structure.0.get(slot).and_then(|element| name(&element.role)));
        slot = parents.get(slot).copied().unwrap_or(0);
    }
    names.reverse();
    names.join(" ")
}

fn name(role: &Role) -> Option<String> {
    let word = match role {
        Role::Heading(level, _) => return Some(format!("H{level}")),
        Role::HeadCell(_, span) if *span > 1 => return Some(format!("TH({span})")),
        Role::Cell(span) if *span > 1 => return Some(format!("TD({span})")),
        Role::Document | Role::Slot => return None,
        Role::Paragraph => "P",
        Role::List(true) => "OL",
        Role::List(false) => "L",
        Role::Item => "LI",
        Role::Label => "Lbl",
        Role::Body => "LBody",
        Role::Table => "Table",
        Role::Head => "THead",
        Role::Rows => "TBody",
        Role::Row => "TR",
        Role::HeadCell(..) => "TH",
        Role::Cell(_) => "TD",
        Role::Caption => "Caption",
        Role::Link => "Link",
        Role::Figure(_) => "Figure",
        Role::Quote => "BlockQuote",
        Role::Note => "Note",
        Role::Strong => "Strong",
        Role::Emphasis => "Em",
    };
    Some(word.to_owned())
}
