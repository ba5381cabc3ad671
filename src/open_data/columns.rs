//! What columns the CSV of a collection has, whatever its entries say, and their description (W3C, Metadata
//! Vocabulary for Tabular Data).

use serde_json::{Value, json};

use super::names::{DataForm, licence};
use super::schema::table;
use crate::portal::Portal;
use crate::records::{Collection, SalaryFigure};
use crate::schema::{Decode, Field, Shape};

/// A column.
pub(super) struct Column {
    /// Its heading: the key, below those of the tables that it stands in, with dots.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// What its cells hold, as a datatype of CSVW.
    pub datatype: Value,
    /// Whether no cell of it is empty.
    pub required: bool,
    /// Whether `unknown` in a cell is no value of the datatype.
    pub unknown: bool,
}

/// What `unknown` in the cell of a table means whose keys are columns of their own.
const OF_TABLE: &str = "\"unknown\" where nobody knows; what is known stands in the columns whose names begin with this one.";

/// The columns of a collection, in the order of its schema.
pub(super) fn columns(of: Collection) -> Vec<Column> {
    let text = |name: &str, doc: &str| Column {
        name: name.to_owned(),
        doc: doc.to_owned(),
        datatype: json!("string"),
        required: true,
        unknown: false,
    };
    let mut columns = vec![text("id", "The id by which others refer to it.")];
    if let Collection::Records(_) = of {
        columns.push(text("name", "What it is called."));
        columns.push(Column { datatype: json!("anyURI"), ..text("url", "The page about it.") });
    }
    for field in table(of).fields {
        match (of, field.key) {
            // The name of the page stands there: the record has it from the page, or gave it.
            (Collection::Records(_), "name") => {}
            // Of what a role pays each figure has a row.
            (Collection::Records(_), FIGURES) => add_table(&mut columns, "", &SalaryFigure::shape(), true),
            _ => add(&mut columns, field.key, &field, true, false),
        }
    }
    columns
}

/// The key of the figures of a salary.
pub(super) const FIGURES: &str = "figures";

fn add_table(columns: &mut Vec<Column>, above: &str, shape: &Shape, needed: bool) {
    let Shape::Table(table) = shape else { return };
    for field in &table.fields {
        let name = if above.is_empty() { field.key.to_owned() } else { format!("{above}.{}", field.key) };
        add(columns, &name, field, needed, false);
    }
}

/// Adds the column of a key, or those of its table. It is needed where all tables are that it stands in.
fn add(columns: &mut Vec<Column>, name: &str, field: &Field, needed: bool, unknown: bool) {
    let mut column =
        Column { name: name.to_owned(), doc: field.doc.clone(), datatype: json!("string"), required: needed && field.required, unknown };
    match &field.shape {
        Shape::Known(inner) => {
            let inner = Field { shape: (**inner).clone(), ..field.clone() };
            add(columns, name, &inner, needed, true);
            return;
        }
        Shape::Table(_) => {
            let needed = column.required && !unknown;
            if unknown {
                column.doc = format!("{} {OF_TABLE}", column.doc);
                column.datatype = json!({ "base": "string", "format": "unknown" });
                (column.required, column.unknown) = (false, false);
                columns.push(column);
            }
            add_table(columns, name, &field.shape, needed);
            return;
        }
        shape => column.datatype = datatype(shape),
    }
    // A cell that may be `unknown` is none to programs, and so may not be needed.
    column.required &= !unknown;
    columns.push(column);
}

/// The datatype of cells.
fn datatype(shape: &Shape) -> Value {
    match shape {
        Shape::Text | Shape::Reference(_) | Shape::Known(_) => json!("string"),
        Shape::Form(_, pattern, _) if pattern.starts_with("^http") => json!("anyURI"),
        Shape::Form(_, pattern, _) => json!({ "base": "string", "format": pattern }),
        Shape::Integer => json!("integer"),
        Shape::Number => json!("number"),
        Shape::Boolean => json!("boolean"),
        Shape::Date => json!("date"),
        Shape::Words(words) => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            json!({ "base": "string", "format": format!("^({})$", words.join("|")) })
        }
        // Dates as exactly as they are known.
        Shape::OneOf(shapes) if shapes.contains(&Shape::Date) => json!({ "base": "string", "format": r"^\d{4}(-\d{2}(-\d{2})?)?$" }),
        Shape::OneOf(_) | Shape::Any | Shape::List(_) | Shape::Map(_) | Shape::Table(_) => json!("json"),
    }
}

/// The description of the CSV of a collection.
pub(super) fn metadata(portal: &Portal, of: Collection) -> Value {
    let columns = columns(of).into_iter().map(|column| {
        let mut described = json!({
            "name": column.name,
            "titles": column.name,
            "dc:description": column.doc,
            "datatype": column.datatype,
            "required": column.required,
        });
        if column.unknown {
            described["null"] = json!(["", "unknown"]);
        }
        described
    });
    let mut metadata = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": portal.config.permalink(&DataForm::Csv.path(of)),
        "dc:title": of.name(),
        "dc:description": "An empty cell: not said. \"unknown\": nobody knows. Lists are JSON. Text that a spreadsheet would take for a formula has an apostrophe before it.",
        "dialect": { "encoding": "utf-8", "header": true, "delimiter": ",", "quoteChar": "\"", "doubleQuote": true },
        "tableSchema": { "columns": columns.collect::<Vec<_>>() },
    });
    if let Some(licence) = licence(portal) {
        metadata["dc:license"] = json!(licence);
    }
    metadata
}
