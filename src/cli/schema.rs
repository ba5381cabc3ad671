//! `werdegang schema`: JSON Schema for editors.

use super::args::Schema;
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use crate::config::Site;
use crate::content::{PageFront, SectionFront};
use crate::diagnostic::{Diagnostic, did_you_mean, list, text};
use crate::records::{Kind, Source};
use crate::schema::{Decode, Shape, Table, json_schema};

const OTHERS: [&str; 4] = ["page", "section", "source", "site"];

pub(super) fn run(command: &Schema, ui: &mut dyn Ui) -> Outcome {
    let name = command.kind.as_deref().unwrap_or("page");
    let Some(table) = table_of(name) else { return cannot_run(ui, &unknown_kind(name, &OTHERS)) };
    let text = serde_json::to_string_pretty(&json_schema(name, &table)).unwrap_or_default();
    ui.out(&format!("{text}\n"));
    Outcome::Done
}

/// The finding about a kind that does not exist.
pub(super) fn unknown_kind(name: &str, others: &[&str]) -> Diagnostic {
    let names: Vec<&str> = others.iter().copied().chain(Kind::ALL.map(Kind::as_str)).collect();
    let message = match did_you_mean(name, names.iter().copied()) {
        Some(near) => text!("there is no kind `{name}`; did you mean `{near}`?", name, near),
        None => text!("there is no kind `{name}`", name),
    };
    Diagnostic::new("kind", message).help(text!("use one of {names}", names = list(names.iter().copied())))
}

fn table_of(name: &str) -> Option<Table> {
    let shape = match name {
        "page" => PageFront::shape(),
        "section" => SectionFront::shape(),
        "source" => Source::shape(),
        "site" => Site::shape(),
        kind => return page_with(Kind::from_name(kind)?),
    };
    match shape {
        Shape::Table(table) => Some(table),
        _ => None,
    }
}

/// The front matter of a page that has a record of one kind.
fn page_with(kind: Kind) -> Option<Table> {
    let Shape::Table(mut table) = PageFront::shape() else { return None };
    table.fields.retain(|field| Kind::from_name(field.key).is_none_or(|other| other == kind));
    for field in &mut table.fields {
        if field.key == kind.as_str() {
            field.required = true;
        }
    }
    Some(table)
}
