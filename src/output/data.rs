//! Open data: the records as JSON and CSV, with their schema, and `llms.txt` (llmstxt.org).
//!
//! All of it is made from the records as templates see them. What nobody knows is `"unknown"`; what a record does not say is left out, in CSV an empty cell.

use serde_json::{Map, Value, json};

use super::job::Job;
use super::plan::Planner;
use crate::diagnostic::Diagnostic;
use crate::portal::{Collection, LLMS, Portal, plural};
use crate::records::{Kind, Record, Source, Span, Unit};
use crate::schema::{Decode, Field, Shape, Table, json_schema};
use crate::theme::{List, Read, note, note_summaries};

/// A file of open data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFile {
    /// All records of a kind, as JSON.
    Json(Kind),
    /// All records of a kind, as CSV.
    Csv(Kind),
    /// What the records of a kind can hold, as JSON Schema.
    Schema(Kind),
    /// `llms.txt`.
    Llms,
}

impl Planner<'_> {
    /// Plans what `[data]` in site.toml asks for.
    pub(super) fn data(&mut self) {
        let portal = self.portal;
        let Some(setting) = &portal.config.site.data else { return };
        for Collection { kind, paths } in portal.collections() {
            for (path, file) in paths.iter().zip([DataFile::Json(kind), DataFile::Csv(kind), DataFile::Schema(kind)]) {
                self.add(path, format!("the data of all {}", plural(kind)), Job::Data(file));
            }
            for page in portal.of_kind.get(&kind).into_iter().flatten() {
                let page_path = &portal.pages[*page].path;
                // A page whose `path` names a file has no folder for more.
                if page_path.ends_with('/') {
                    let origin = format!("the data of content/{}", portal.pages[*page].document.file);
                    self.add(&format!("{page_path}data.json"), origin, Job::Record(*page));
                }
            }
        }
        if setting.llms != Some(false) && !self.theme.statics.iter().any(|file| file.path == LLMS) {
            self.add(LLMS, "llms.txt of every portal", Job::Data(DataFile::Llms));
        }
    }
}

/// The record of a page, with the sources that it cites.
pub(super) fn record(portal: &Portal, number: usize) -> Vec<u8> {
    note_summaries(portal, &[number]);
    pretty(&value(portal, number))
}

/// A file of open data.
///
/// # Errors
/// None in practice: writing CSV to memory does not fail.
pub(super) fn file(portal: &Portal, file: DataFile) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let all = |kind: Kind| {
        note(Read::Records(kind, None, None));
        let pages = portal.of_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        note_summaries(portal, pages);
        pages
    };
    match file {
        DataFile::Json(kind) => {
            let records: Vec<Value> = all(kind).iter().map(|number| value(portal, *number)).collect();
            let schema = portal.config.permalink(&format!("/data/{}.schema.json", plural(kind)));
            note(Read::Config);
            let as_of = portal.newest(kind).map_or_else(|| String::from("unknown"), |moment| moment.to_string());
            Ok(pretty(
                &json!({ "$schema": schema, "licence": portal.data_licence().unwrap_or("unknown"), "as_of": as_of, plural(kind): records }),
            ))
        }
        DataFile::Csv(kind) => {
            csv(portal, all(kind)).map_err(|error| vec![Diagnostic::error("internal", format!("CSV cannot be written: {error}"))])
        }
        DataFile::Schema(kind) => Ok(pretty(&schema(kind))),
        DataFile::Llms => Ok(llms(portal).into_bytes()),
    }
}

/// What the JSON of a kind holds (JSON Schema, draft 2020-12). A record is written as in front matter, but for durations: `{value, unit}`.
fn schema(kind: Kind) -> Value {
    let mut table = kind.table();
    durations(&mut table);
    let mut record = json_schema(kind.as_str(), &table);
    if let Some(record) = record.as_object_mut() {
        record.remove("$schema");
    }
    let source = match Source::shape() {
        Shape::Table(table) => json_schema("source", &table),
        _ => json!({}),
    };
    let one = json!({
        "type": "object",
        "properties": {
            "kind": { "const": kind.as_str() },
            "id": { "type": "string", "description": "The id by which other records refer to it." },
            "name": { "type": "string" },
            "url": { "type": "string", "format": "uri", "description": "The page about it." },
            kind.as_str(): record,
            "sources": { "type": "object", "description": "What it cites, by id.", "additionalProperties": source },
        },
        "required": ["kind", "id", "name", "url", kind.as_str(), "sources"],
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": plural(kind),
        "type": "object",
        "properties": {
            "licence": { "type": "string", "description": "The licence of the data, or \"unknown\"." },
            "as_of": { "type": "string", "description": "The newest date that a record or its page names, as a day, a month or a year, or \"unknown\"." },
            plural(kind): { "type": "array", "items": one },
        },
        "required": ["licence", "as_of", plural(kind)],
    })
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
            for (key, doc, shape) in [("value", "How many units.", Shape::Number), ("unit", "Of which unit.", Unit::shape())] {
                table.fields.push(Field { key, doc: doc.to_owned(), shape, required: true, example: "12" });
            }
        }
        Shape::Table(table) => durations(table),
        _ => {}
    }
}

/// A value without what it does not say.
fn said(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, said(value))).collect(),
        Value::Array(items) => items.into_iter().map(said).collect(),
        value => value,
    }
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn value(portal: &Portal, number: usize) -> Value {
    let page = &portal.pages[number];
    let sources: Map<String, Value> = page
        .sources
        .iter()
        .filter_map(|id| {
            note(Read::Source(id.clone()));
            Some((id.to_string(), said(serde_json::to_value(portal.sources.get(id)?).ok()?)))
        })
        .collect();
    json!({
        "kind": page.kind_name(),
        "id": &*page.slug,
        "name": &*page.name,
        "url": &*page.permalink,
        page.kind_name(): said(json!(page.document.record)),
        "sources": sources,
    })
}

/// A row a record, and of salaries a row a figure; keys of inner tables with dots, lists as JSON.
fn csv(portal: &Portal, pages: &[usize]) -> csv::Result<Vec<u8>> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for number in pages {
        let page = &portal.pages[*number];
        let Some(record) = &page.document.record else { continue };
        let mut row = Map::new();
        for (key, text) in [("id", &*page.slug), ("name", &*page.name), ("url", &*page.permalink)] {
            row.insert(key.to_owned(), json!(text));
        }
        let mut written = said(json!(record));
        let figures = match (record, &mut written) {
            (Record::Salary(_), Value::Object(map)) => map.shift_remove("figures"),
            _ => None,
        };
        // What the page is called, not what the record may call itself.
        flatten("", &written, &mut row);
        match figures {
            Some(Value::Array(figures)) => rows.extend(figures.iter().map(|figure| {
                let mut row = row.clone();
                flatten("", figure, &mut row);
                row
            })),
            _ => rows.push(row),
        }
    }
    let mut heads: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for row in &rows {
        heads.extend(row.keys().filter(|key| known.insert((*key).clone())).cloned());
    }
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(&heads)?;
    for row in &rows {
        writer.write_record(heads.iter().map(|head| row.get(head).map(cell).unwrap_or_default()))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// The values of a table, by their keys with dots.
fn flatten(above: &str, value: &Value, row: &mut Map<String, Value>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        match value {
            Value::Object(_) => flatten(&path, value, row),
            // The name of the page stays: the record has it from there, or gave it.
            _ if path == "name" => {}
            _ => {
                row.insert(path, value.clone());
            }
        }
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// What the portal holds, for machines that read text: sections with those of their pages that the sitemap lists, as Markdown where there is that.
fn llms(portal: &Portal) -> String {
    note(Read::Config);
    // Which sections have such pages.
    note(Read::Sitemap);
    let mut text = format!("# {}\n", line(&portal.config.site.title));
    if let Some(description) = &portal.config.site.description {
        text.push_str(&format!("\n> {}\n", line(description)));
    }
    for section in portal.sections.iter().filter(|section| section.redirect.is_none()) {
        let mut pages =
            section.pages.iter().map(|number| &portal.pages[*number]).filter(|page| page.front.in_sitemap != Some(false)).peekable();
        if pages.peek().is_none() {
            continue;
        }
        note(Read::Summary(section.document.file.clone()));
        note(Read::Listing(List::Section(section.document.file.clone())));
        note_summaries(portal, &section.pages);
        text.push_str(&format!("\n## {}\n\n", line(&section.title)));
        for page in pages {
            let markdown = portal.markdown_path(&page.path).map(|path| portal.config.permalink(&path));
            text.push_str(&format!("- [{}]({})", line(&page.front.title), markdown.as_deref().unwrap_or(&page.permalink)));
            if let Some(description) = &page.front.description {
                text.push_str(&format!(": {}", line(description)));
            }
            text.push('\n');
        }
    }
    text
}

/// A text that stands in a line of Markdown and opens no link.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('[', "\\[").replace(']', "\\]")
}
