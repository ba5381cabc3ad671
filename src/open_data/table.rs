//! The entries of a collection as CSV.

use serde_json::{Map, Value};

use super::columns::{Column, FIGURES, columns};
use crate::records::Collection;

/// What a cell of text begins with that a spreadsheet takes for a formula (OWASP, CSV Injection).
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A row an entry, and of salaries a row a figure.
pub(super) fn csv(of: Collection, entries: Vec<Map<String, Value>>) -> csv::Result<Vec<u8>> {
    let columns = columns(of);
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| &column.name))?;
    for mut entry in entries {
        let mut row = entry.clone();
        if let Some(Value::Object(said)) = entry.shift_remove(of.kind()) {
            // The name of the page stays: the record has it from there, or gave it.
            row = said;
            row.extend(["id", "name", "url"].into_iter().filter_map(|key| entry.shift_remove_entry(key)));
        }
        let figures = match row.shift_remove(FIGURES) {
            Some(Value::Array(figures)) => figures,
            _ => vec![Value::Null],
        };
        let row = Value::Object(row);
        for figure in figures {
            writer.write_record(columns.iter().map(|column| cell(at(&figure, &column.name).or_else(|| at(&row, &column.name)), column)))?;
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// What stands under a key, or below it under keys with dots.
fn at<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    name.split('.').try_fold(value, |value, key| value.get(key))
}

/// A value as a cell: numbers as they are, text so that no spreadsheet runs it, lists as JSON. What a table
/// says stands in columns of its own.
fn cell(value: Option<&Value>, column: &Column) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Object(_)) if column.datatype != "json" => String::new(),
        Some(Value::String(text)) if text.starts_with(FORMULA) => format!("'{text}"),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
