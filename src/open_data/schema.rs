//! What the JSON of a collection holds, as JSON Schema (draft 2020-12).

use serde_json::{Value, json};

use crate::records::{Collection, Source, Span, Unit};
use crate::schema::{Decode, Field, Shape, Table, json_schema};

/// Where the schema of one entry stands in that of its collection.
pub(super) const ENTRY: &str = "#/$defs/entry";

/// What can be said of an entry. It is written as in front matter, but for durations: `{value, unit}`.
pub(super) fn table(of: Collection) -> Table {
    let mut table = match of {
        Collection::Records(kind) => kind.table(),
        Collection::Sources => match Source::shape() {
            Shape::Table(table) => table,
            _ => Table { label: "a source", doc: String::new(), fields: Vec::new() },
        },
    };
    durations(&mut table);
    table
}

/// The schema of a collection.
pub(super) fn schema(of: Collection) -> Value {
    let (name, kind) = (of.name(), of.kind());
    let mut entry = match of {
        Collection::Records(_) => record(of),
        Collection::Sources => source(),
    };
    // The file of one entry beside its page has what the file of all has at the top.
    let top = json!({
        "$schema": { "type": "string", "format": "uri", "description": "This schema." },
        "licence": { "type": "string", "description": "The licence of the data, or \"unknown\"." },
        "as_of": { "type": "string", "description": "The newest date that is named, as a day, a month or a year, or \"unknown\"." },
    });
    let merged = |more: &Value| {
        let parts = [&top, more].into_iter().filter_map(Value::as_object);
        Value::Object(parts.flatten().map(|(key, value)| (key.clone(), value.clone())).collect())
    };
    entry["properties"] = merged(&entry["properties"]);
    let all = json!({ name: { "type": "array", "items": { "$ref": ENTRY } } });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "type": "object",
        "properties": merged(&all),
        "required": ["$schema", "licence", "as_of", name],
        "additionalProperties": false,
        "$defs": { "entry": entry, kind: inner(of) },
    })
}

/// The schema of what can be said of an entry.
fn inner(of: Collection) -> Value {
    let mut schema = json_schema(of.kind(), &table(of));
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
    }
    schema
}

fn record(of: Collection) -> Value {
    let kind = of.kind();
    json!({
        "type": "object",
        "properties": {
            "kind": { "const": kind },
            "id": { "type": "string", "description": "The id by which other records refer to it." },
            "name": { "type": "string" },
            "url": { "type": "string", "format": "uri", "description": "The page about it." },
            kind: { "$ref": format!("#/$defs/{kind}") },
            "sources": { "type": "object", "description": "What it cites, by id.", "additionalProperties": inner(Collection::Sources) },
        },
        "required": ["kind", "id", "name", "url", kind, "sources"],
        "additionalProperties": false,
    })
}

fn source() -> Value {
    let mut schema = inner(Collection::Sources);
    schema["properties"]["id"] = json!({ "type": "string", "description": "The id by which records cite it." });
    if let Some(required) = schema["required"].as_array_mut() {
        required.insert(0, json!("id"));
    }
    schema
}

/// Writes durations as they are published.
fn durations(table: &mut Table) {
    for field in &mut table.fields {
        duration(&mut field.shape);
    }
}

fn duration(shape: &mut Shape) {
    match shape {
        Shape::Known(inner) | Shape::List(inner) | Shape::Map(inner) => duration(inner),
        Shape::OneOf(all) => all.iter_mut().for_each(duration),
        Shape::Table(table) if Shape::Table(table.clone()) == Span::shape() => {
            table.fields.retain(|field| matches!(field.key, "source" | "as_of"));
            let said = [("value", "How many units.", Shape::Number), ("unit", "Of which unit.", Unit::shape())];
            let said = said.map(|(key, doc, shape)| Field { key, doc: doc.to_owned(), shape, required: true, example: "12" });
            table.fields.splice(0..0, said);
        }
        Shape::Table(table) => durations(table),
        _ => {}
    }
}
