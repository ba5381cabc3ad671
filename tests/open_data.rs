//! Open data: it is what its schema says, and what the pages say.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::harness::{Archive, PORTAL_AS_OF};
use werdegang::api::files::{Disk, Files, Memory};
use werdegang::api::pipeline::{Built, Progress, Request, build};
use werdegang::api::records::Kind;

/// A portal with every kind of record.
const PORTAL: &str = include_str!("structured/portal.txt");

fn built(files: Arc<dyn Files>) -> Built {
    let request = Request { base_url: None, drafts: false, future: false, as_of: PORTAL_AS_OF.parse().expect("a date") };
    let built = build(&files, &request, &Progress::default());
    assert!(built.is_whole(), "{:?}", built.findings);
    built
}

fn fixture() -> Arc<dyn Files> {
    let sections = Archive::parse(PORTAL).sections;
    Arc::new(sections.into_iter().fold(Memory::new(), |files, section| files.with(&section.name, section.text)))
}

fn text<'b>(built: &'b Built, path: &str) -> Cow<'b, str> {
    built.outputs.get(path).unwrap_or_else(|| panic!("there is no {path}")).bytes.text().expect("text")
}

fn json(built: &Built, path: &str) -> Value {
    serde_json::from_str(&text(built, path)).expect("JSON")
}

const NAMES: [(Kind, &str); 5] =
    [(Kind::Role, "roles"), (Kind::Course, "courses"), (Kind::Provider, "providers"), (Kind::Salary, "salaries"), (Kind::Term, "terms")];

fn repository() -> Arc<dyn Files> {
    Arc::new(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the portal"))
}

/// What is wrong with data, by its schema or a part of it.
fn faults(schema: &Value, part: &str, data: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("urn:schema", schema.clone()).expect("a schema");
    let index = compiler.compile(&format!("urn:schema{part}"), &mut schemas).expect("a schema");
    schemas.validate(data, index).err().map(|found| format!("{found:#}"))
}

#[test]
fn data_is_what_its_schema_says() {
    let mut checked = 0;
    for built in [built(repository()), built(fixture())] {
        for (kind, name) in NAMES {
            let schema = json(&built, &format!("data/{name}.schema.json"));
            let data = json(&built, &format!("data/{name}.json"));
            assert_eq!(faults(&schema, "", &data), None, "{name}");
            let records = data[name].as_array().expect("records");
            let pages = built.portal.as_ref().expect("a portal").of_kind.get(&kind).expect("pages").len();
            assert_eq!(records.len(), pages, "{name}");
            for record in records {
                let path = record["url"].as_str().expect("an address").split_once("://").expect("a scheme").1;
                let path = path.split_once('/').expect("a path").1;
                let mut alone = json(&built, &format!("{path}data.json"));
                let named = alone["$schema"].as_str().expect("a schema").to_owned();
                assert_eq!(named, format!("https://www.example.org/data/{name}.schema.json#/$defs/entry"));
                assert_eq!(faults(&schema, "#/$defs/entry", &alone), None, "{path}");
                assert_eq!(alone["licence"], data["licence"]);
                assert!(alone["as_of"].is_string());
                let top = alone.as_object_mut().expect("an object");
                for key in ["$schema", "licence", "as_of"] {
                    top.remove(key);
                }
                assert_eq!(alone, *record, "the file of a record says what the collection says");
                checked += 1;
            }
            // What a schema does not know it must refuse, or it would say nothing.
            let mut wrong = data.clone();
            wrong[name][0][kind.as_str()]["colour"] = Value::from("red");
            assert!(faults(&schema, "", &wrong).is_some(), "{name}");
        }
        let sources = json(&built, "data/sources.json");
        assert_eq!(faults(&json(&built, "data/sources.schema.json"), "", &sources), None);
        assert_eq!(sources["sources"].as_array().map(Vec::len), Some(built.portal.as_ref().expect("a portal").sources.len()));
    }
    assert!(checked > 60, "{checked} records");
}

/// A table and the description of its columns (W3C, Metadata Vocabulary for Tabular Data).
struct Table {
    columns: Vec<Value>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(built: &Built, name: &str) -> Self {
        let metadata = json(built, &format!("data/{name}.csv-metadata.json"));
        assert_eq!(metadata["@context"][0], "http://www.w3.org/ns/csvw");
        assert_eq!(metadata["url"], format!("https://www.example.org/data/{name}.csv"));
        let rows = text(built, &format!("data/{name}.csv"));
        let mut table = csv::Reader::from_reader(rows.as_bytes());
        let heads: Vec<Value> = table.headers().expect("headings").iter().map(Value::from).collect();
        let columns = metadata["tableSchema"]["columns"].as_array().expect("columns").clone();
        assert_eq!(columns.iter().map(|column| column["titles"].clone()).collect::<Vec<_>>(), heads, "{name}");
        let rows = table.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        Self { columns, rows }
    }

    /// All cells, each with its column.
    fn cells(&self) -> impl Iterator<Item = (&Value, &str)> {
        self.rows.iter().flat_map(|row| self.columns.iter().zip(row.iter().map(String::as_str)))
    }
}

/// Whether a cell is what its column says.
fn fits(column: &Value, cell: &str) -> bool {
    let empty = |null: &Value| null.as_array().map_or(cell.is_empty(), |nulls| nulls.iter().any(|null| null == cell));
    if empty(&column["null"]) {
        return column["required"] == false;
    }
    let datatype = &column["datatype"];
    let base = datatype.get("base").unwrap_or(datatype).as_str().expect("a datatype");
    let format = datatype.get("format").map(|format| serde_json::json!({ "type": "string", "pattern": format }));
    let right = match base {
        "number" => cell.parse::<f64>().is_ok() && !cell.ends_with(".0"),
        "integer" => cell.parse::<i64>().is_ok(),
        "boolean" => cell == "true" || cell == "false",
        "date" => cell.parse::<jiff::civil::Date>().is_ok(),
        "anyURI" => cell.starts_with("http"),
        "json" => serde_json::from_str::<Value>(cell).is_ok(),
        "string" => !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
        other => panic!("no datatype `{other}`"),
    };
    right && format.is_none_or(|format| faults(&format, "", &Value::from(cell)).is_none())
}

/// What a value says, by keys with dots; lists are one.
fn said(above: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            said(&if above.is_empty() { key.clone() } else { format!("{above}.{key}") }, value, found);
        }),
        value => found.push((above.to_owned(), value.clone())),
    }
}

#[test]
fn tables_hold_what_the_collections_hold() {
    for built in [built(repository()), built(fixture())] {
        for (kind, name) in NAMES {
            let table = Table::read(&built, name);
            assert!(
                table.cells().all(|(column, cell)| fits(column, cell)),
                "{name}: {:?}",
                table.cells().find(|(column, cell)| !fits(column, cell))
            );
            let mut rows = table.rows.iter();
            for record in json(&built, &format!("data/{name}.json"))[name].as_array().expect("records") {
                let mut inner = record[kind.as_str()].clone();
                let figures = inner.as_object_mut().and_then(|inner| inner.remove("figures"));
                for figure in figures.as_ref().and_then(Value::as_array).unwrap_or(&vec![Value::Object(serde_json::Map::new())]) {
                    let row = rows.next().expect("a row");
                    let mut all = Vec::new();
                    for (key, value) in [("id", &record["id"]), ("name", &record["name"]), ("url", &record["url"])] {
                        said(key, value, &mut all);
                    }
                    let mut of_record = Vec::new();
                    for part in [&inner, figure] {
                        said("", part, &mut of_record);
                    }
                    all.extend(of_record.into_iter().filter(|(key, _)| key != "name"));
                    let mut filled = 0;
                    for (key, value) in &all {
                        let at = table
                            .columns
                            .iter()
                            .position(|column| column["name"] == *key)
                            .unwrap_or_else(|| panic!("{name}: no column {key}"));
                        let expected = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        assert_eq!(row[at].strip_prefix('\'').unwrap_or(&row[at]), expected, "{name}: {key}");
                        filled += 1;
                    }
                    assert_eq!(row.iter().filter(|cell| !cell.is_empty()).count(), filled, "{name}: {row:?} says more than {all:?}");
                }
            }
            assert_eq!(rows.next(), None, "{name}");
        }
    }
}

#[test]
fn columns_are_those_of_the_schema() {
    let (one, other) = (built(repository()), built(fixture()));
    for (_, name) in NAMES.into_iter().chain([(Kind::Role, "sources")]) {
        assert_eq!(Table::read(&one, name).columns, Table::read(&other, name).columns, "whatever the records of {name} hold");
    }
}

#[test]
fn spreadsheets_run_nothing() {
    let built = built(fixture());
    let courses = text(&built, "data/courses.csv");
    assert!(courses.contains(",'=1+1,") && !courses.contains(",=1+1"), "{courses}");
}

#[test]
fn sources_that_are_cited_are_there() {
    for built in [built(repository()), built(fixture())] {
        let sources = Table::read(&built, "sources");
        assert!(
            sources.cells().all(|(column, cell)| fits(column, cell)),
            "{:?}",
            sources.cells().find(|(column, cell)| !fits(column, cell))
        );
        let ids: Vec<&str> = sources.rows.iter().map(|row| row[0].as_str()).collect();
        let mut cited = 0;
        for (_, name) in NAMES {
            for (column, cell) in Table::read(&built, name).cells().filter(|(_, cell)| !cell.is_empty()) {
                let key = column["name"].as_str().expect("a name").rsplit('.').next().unwrap_or_default();
                let mut found = vec![];
                match serde_json::from_str::<Value>(cell) {
                    Ok(list) if column["datatype"] == "json" => collect(&list, &mut found),
                    _ if key == "source" || key.ends_with("_source") => found.push(cell.to_owned()),
                    _ => {}
                }
                for id in found {
                    assert!(ids.contains(&id.as_str()), "{name}: {column}: {id}");
                    cited += 1;
                }
            }
        }
        assert!(cited > 5, "{cited} citations");
    }
}

/// The sources that are named in a list.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| match value {
            Value::String(id) if key == "source" => found.push(id.clone()),
            value => collect(value, found),
        }),
        _ => {}
    }
}

/// What an author, or whoever a figure is taken from, may write into a text and an address.
const HOSTILE: &str = "<script>alert(1)</script> [x](javascript:x) <!-- *a* _b_ `c` ![y](z)";
const HOSTILE_ADDRESS: &str = "/<script>alert(1)</script>(x)";

/// The portal with something hostile in every text of front matter and settings that takes it, and how many
/// those are. What is refused is left as it was.
fn hostile() -> (Built, usize) {
    let mut sections = Archive::parse(PORTAL).sections;
    let is_toml = |name: &str, fences: usize| name.ends_with(".toml") || (name.ends_with(".md") && fences == 1);
    // File and line of every text that is changed, and the line as it was.
    let mut changed: Vec<(String, usize, String)> = Vec::new();
    for section in &mut sections {
        let mut fences = 0;
        let mut lines: Vec<String> = section.text.lines().map(str::to_owned).collect();
        for (number, line) in lines.iter_mut().enumerate() {
            fences += usize::from(line == "+++");
            let hostile = if is_toml(&section.name, fences) { with_hostile(line) } else { line.clone() };
            if hostile != *line {
                changed.push((section.name.clone(), number, std::mem::replace(line, hostile)));
            }
        }
        section.text = lines.join("\n") + "\n";
    }
    let request = Request { base_url: None, drafts: false, future: false, as_of: PORTAL_AS_OF.parse().expect("a date") };
    loop {
        let files = sections.iter().fold(Memory::new(), |files, section| files.with(&section.name, section.text.clone()));
        let built = build(&(Arc::new(files) as Arc<dyn Files>), &request, &Progress::default());
        let errors: Vec<_> = built.findings.iter().filter(|finding| finding.is_error()).collect();
        if errors.is_empty() {
            return (built, changed.len());
        }
        let before = changed.len();
        changed.retain(|(file, number, line)| {
            let is_refused = |error: &&werdegang::api::diagnostic::Diagnostic| {
                error.place.as_ref().is_some_and(|place| place.file == *file && place.line == number + 1)
            };
            let refused = errors.iter().any(is_refused);
            if refused {
                let section = sections.iter_mut().find(|section| section.name == *file).expect("the file");
                let lines: Vec<&str> = section.text.lines().enumerate().map(|(at, now)| if at == *number { line } else { now }).collect();
                section.text = lines.join("\n") + "\n";
            }
            !refused
        });
        assert!(changed.len() < before, "{errors:?}");
    }
}

/// A line of TOML with something hostile at the end of each of its texts.
fn with_hostile(line: &str) -> String {
    let mut out = String::new();
    for (number, part) in line.split('"').enumerate() {
        if number > 0 {
            out.push('"');
        }
        out.push_str(part);
        if number % 2 == 1 {
            out.push_str(if part.starts_with("https://") { HOSTILE_ADDRESS } else { HOSTILE });
        }
    }
    out
}

/// Markdown holds what was written as text, whatever that was: whoever shows it as HTML runs nothing of it.
#[test]
fn no_text_is_more_than_text_in_markdown() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let (built, changed) = hostile();
    assert!(changed >= 60, "only {changed} texts were taken");
    let mut looked = 0;
    for (path, output) in built.outputs.iter().filter(|(path, _)| path.ends_with(".md") || path.ends_with("llms.txt")) {
        let text = output.bytes.text().expect("text");
        let body = match text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) {
            Some((head, body)) => {
                assert!(!head.contains('<'), "{path}: {head}");
                body
            }
            None => &*text,
        };
        for event in Parser::new_ext(body, Options::all()) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => assert_eq!(&*html, "<br>", "{path}:\n{text}"),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    assert!(!dest_url.starts_with("javascript:") && &*dest_url != "z", "{path}:\n{text}");
                }
                Event::Start(Tag::HtmlBlock) => panic!("{path}:\n{text}"),
                Event::Start(Tag::Emphasis) => panic!("emphasis in {path}:\n{text}"),
                _ => {}
            }
        }
        looked += usize::from(text.contains("alert(1)"));
    }
    assert!(looked >= 8, "only {looked} files hold something hostile");
}

/// An end of a line in a record ends no line of a calendar.
#[test]
fn no_text_ends_a_line_of_a_calendar() {
    let portal = "place = \"A\\rBEGIN:VEVENT\\r\\nX:1\\nY:2\", note = \"N\\rATTENDEE:x\"";
    let files = Memory::new()
        .with("site.toml", "base_url = \"https://www.example.org\"\ntitle = \"T\"\ndefault_language = \"en\"\n[data]\n")
        .with("content/ac.md", "+++\ntitle = \"Academy\"\n[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n+++\n")
        .with(
            "content/a.md",
            format!("+++\ntitle = \"A\"\n[course]\nprovider = \"ac\"\nsessions = [{{ start = 2026-12-01, {portal} }}]\n+++\n"),
        );
    let built = built(Arc::new(files));
    let calendar = text(&built, "a/sessions.ics");
    // Long lines go on behind a space (RFC 5545, 3.1).
    let unfolded = calendar.replace("\r\n ", "");
    assert!(unfolded.contains("\r\nLOCATION:A\\nBEGIN:VEVENT\\nX:1\\nY:2\r\n"), "{calendar}");
    assert!(unfolded.contains("\r\nDESCRIPTION:N\\nATTENDEE:x\r\n"), "{calendar}");
    assert!(unfolded.split("\r\n").all(|line| !line.contains(['\r', '\n'])), "{calendar}");
}
