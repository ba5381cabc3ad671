//! The files of open data.

use serde_json::{Map, Value, json};

use super::names::{DataForm, licence, newest, newest_of_page};
use super::{columns, llms, schema, table};
use crate::diagnostic::{Diagnostic, text};
use crate::portal::{PageId, Portal};
use crate::reads::{Read, note, note_summaries};
use crate::records::{Collection, Moment};

/// A file of open data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFile {
    /// All entries of a collection, or what describes them.
    Of(Collection, DataForm),
    /// `llms.txt`.
    Llms,
}

/// The record of a page, with the sources that it cites.
pub(crate) fn record(portal: &Portal, number: PageId) -> Vec<u8> {
    note_summaries(portal, &[number]);
    let top = portal.pages[number].kind().map(|kind| top(portal, Collection::Records(kind), schema::ENTRY, newest_of_page(portal, number)));
    let mut record = top.unwrap_or_default();
    record.extend(value(portal, number));
    record.insert(SOURCES.to_owned(), cited(portal, number));
    format!("{}\n", Value::Object(record)).into_bytes()
}

/// A file of open data.
///
/// # Errors
/// None in practice: writing CSV to memory does not fail.
pub(crate) fn file(portal: &Portal, file: DataFile) -> Result<Vec<u8>, Vec<Diagnostic>> {
    match file {
        DataFile::Of(of, DataForm::Json) => {
            let top = top(portal, of, "", newest(portal, of));
            Ok(by_lines(&top, of.name(), entries(portal, of, true)))
        }
        DataFile::Of(of, DataForm::Csv) => table::csv(of, entries(portal, of, false))
            .map_err(|error| vec![Diagnostic::new("internal", text!("CSV cannot be written: {error}", error))]),
        DataFile::Of(of, DataForm::Columns) => {
            note(Read::Config);
            Ok(pretty(&columns::metadata(portal, of)))
        }
        DataFile::Of(of, DataForm::Schema) => Ok(pretty(&schema::schema(of))),
        DataFile::Llms => Ok(llms::llms(portal).into_bytes()),
    }
}

/// What stands above entries: where they are described, their licence, and of when the newest is.
fn top(portal: &Portal, of: Collection, part: &str, newest: Option<Moment>) -> Map<String, Value> {
    note(Read::Config);
    let schema = portal.config.permalink(&DataForm::Schema.path(of));
    let as_of = newest.map_or_else(|| String::from("unknown"), |moment| moment.to_string());
    let top = [("$schema", format!("{schema}{part}")), ("as_of", as_of), ("licence", licence(portal).unwrap_or("unknown").to_owned())];
    top.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text))).collect()
}

/// The entries of a collection, records with the sources that they cite or without. They count as read.
fn entries(portal: &Portal, of: Collection, with_sources: bool) -> Vec<Map<String, Value>> {
    match of {
        Collection::Records(kind) => {
            note(Read::Records(kind, None, None));
            let pages = portal.of_kind.get(&kind).map_or(&[][..], Vec::as_slice);
            note_summaries(portal, pages);
            let records = pages.iter().map(|number| {
                let mut record = value(portal, *number);
                if with_sources {
                    record.insert(SOURCES.to_owned(), cited(portal, *number));
                }
                record
            });
            records.collect()
        }
        Collection::Sources => {
            note(Read::Sources);
            let sources = portal.sources.iter().map(|(id, source)| {
                let mut entry = Map::from_iter([(String::from("id"), json!(&**id))]);
                if let Value::Object(said) = said(json!(source)) {
                    entry.extend(said);
                }
                entry
            });
            sources.collect()
        }
    }
}

/// A value without what it does not say; numbers that are whole without a fraction.
fn said(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, said(value))).collect(),
        Value::Array(items) => items.into_iter().map(said).collect(),
        Value::Number(number) => match number.as_f64() {
            // Cast: whole, and far below where numbers grow inexact.
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => json!(float as i64),
            _ => Value::Number(number),
        },
        value => value,
    }
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// JSON of a collection: an entry a line, so that files of thousands stay small and can still be compared
/// line by line.
fn by_lines(top: &Map<String, Value>, name: &str, entries: Vec<Map<String, Value>>) -> Vec<u8> {
    let mut text = String::from("{\n");
    for (key, value) in top {
        text.push_str(&format!("  {}: {value},\n", Value::from(key.as_str())));
    }
    text.push_str(&format!("  {}: [", Value::from(name)));
    for (number, entry) in entries.into_iter().enumerate() {
        text.push_str(if number == 0 { "\n    " } else { ",\n    " });
        text.push_str(&Value::Object(entry).to_string());
    }
    text.push_str("\n  ]\n}\n");
    text.into_bytes()
}

/// The key of the sources that a record cites.
const SOURCES: &str = "sources";

/// The sources that a page cites, by id. They count as read.
fn cited(portal: &Portal, number: PageId) -> Value {
    let sources = portal.pages[number].sources.iter().filter_map(|id| {
        note(Read::Source(id.clone()));
        Some((id.to_string(), said(json!(portal.sources.get(id)?))))
    });
    Value::Object(sources.collect())
}

/// The record of a page.
fn value(portal: &Portal, number: PageId) -> Map<String, Value> {
    let page = &portal.pages[number];
    let parts = [
        ("kind", json!(page.kind_name())),
        ("id", json!(&*page.slug)),
        ("name", json!(&*page.name)),
        ("url", json!(&*page.permalink)),
        (page.kind_name(), said(json!(page.document.record))),
    ];
    parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
