//! JSON Schema of a shape, so that editors complete and check front matter while it is written.

use serde_json::{Map, Value, json};

use super::shape::{Shape, Table};

/// The JSON Schema (draft 2020-12, the form that TOML language servers read) of a table, with `title` as its
/// title.
pub(crate) fn json_schema(title: &str, table: &Table) -> Value {
    let mut schema = self::table(table);
    if let Some(object) = schema.as_object_mut() {
        object.insert(String::from("$schema"), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert(String::from("title"), json!(title));
    }
    schema
}

fn table(table: &Table) -> Value {
    let mut properties = Map::new();
    for field in &table.fields {
        let mut property = shape(&field.shape);
        if let Some(object) = property.as_object_mut() {
            object.insert(String::from("description"), json!(field.doc));
        }
        properties.insert(field.key.to_owned(), property);
    }
    let required: Vec<&str> = table.fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    json!({ "type": "object", "description": table.doc, "properties": properties, "required": required, "additionalProperties": false })
}

fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Text => json!({ "type": "string" }),
        Shape::Form(_, pattern, example) => json!({ "type": "string", "pattern": pattern, "examples": [example] }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Date => json!({ "type": "string", "format": "date", "examples": ["2026-03-01"] }),
        Shape::Words(words) => json!({
            "oneOf": words.iter().map(|(word, doc)| json!({ "const": word, "description": doc.trim() })).collect::<Vec<_>>()
        }),
        Shape::Reference(kind) => json!({ "type": "string", "pattern": "^[^/]+$", "$comment": format!("the id of a {kind}") }),
        Shape::List(item) => json!({ "type": "array", "items": self::shape(item) }),
        Shape::Map(item) => json!({ "type": "object", "additionalProperties": self::shape(item) }),
        Shape::Table(fields) => table(fields),
        Shape::OneOf(shapes) => json!({ "anyOf": shapes.iter().map(self::shape).collect::<Vec<_>>() }),
        Shape::Known(known) => json!({ "anyOf": [self::shape(known), { "const": "unknown", "description": "nobody knows" }] }),
    }
}
