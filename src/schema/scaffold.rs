//! Front matter to start from: every key of a table, explained.

use std::fmt::Write;

use super::shape::{Shape, Table};

/// The width that explanations are wrapped at, in characters.
const WIDTH: usize = 100;

/// What stands at the top of a page that [`scaffold`] fills.
pub(crate) const LEGEND: &str = "# Lines that begin with # are explanations, and keys that may be left out: take the # away to use one.\n";

/// The keys of `table` as TOML lines under the heading `[name]`. Keys that must be there stand as they are,
/// with `values` in place of the examples where it has one; the others are comments with an example, ready to
/// be uncommented.
pub(crate) fn scaffold(name: &str, table: &Table, values: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = format!("[{name}]\n");
    for field in &table.fields {
        let mut doc = field.doc.trim_end_matches('.').to_owned();
        if let Some(words) = words(&field.shape) {
            let _ = write!(doc, ": {words}");
        }
        if matches!(field.shape, Shape::Known(_)) {
            doc.push_str("; \"unknown\" is allowed");
        }
        for line in wrap(&doc) {
            let _ = writeln!(text, "# {line}");
        }
        for line in inner(&field.shape) {
            let _ = writeln!(text, "#   {line}");
        }
        match values(field.key) {
            Some(value) => {
                let _ = writeln!(text, "{} = {value}", field.key);
            }
            None if field.required => {
                let _ = writeln!(text, "{} = {}", field.key, field.example);
            }
            None => {
                let _ = writeln!(text, "# {} = {}", field.key, field.example);
            }
        }
    }
    text
}

/// The keys of a table within a table, a line each.
fn inner(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Known(shape) | Shape::List(shape) => inner(shape),
        Shape::OneOf(shapes) => shapes.iter().map(inner).find(|lines| !lines.is_empty()).unwrap_or_default(),
        Shape::Table(table) => table
            .fields
            .iter()
            .flat_map(|field| {
                let needed = if field.required { " (needed)" } else { "" };
                let words = words(&field.shape).map_or_else(String::new, |words| format!(": {words}"));
                wrap(&format!("{} – {}{needed}{words}", field.key, field.doc.trim_end_matches('.')))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn words(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Words(words) => Some(words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")),
        Shape::Known(shape) | Shape::List(shape) => words(shape),
        _ => None,
    }
}

fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            if line.is_empty() {
                line.push_str(word);
                continue;
            }
            if line.chars().count() + 1 + word.chars().count() <= WIDTH {
                line.push(' ');
                line.push_str(word);
                continue;
            }
        }
        lines.push(word.to_owned());
    }
    lines
}
