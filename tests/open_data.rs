//! Open data: it is what its schema says, and what the pages say.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::harness::{AS_OF, Archive};
use werdegang::build::{Built, Progress, Request, build};
use werdegang::files::{Disk, Files, Memory};
use werdegang::records::Kind;

/// A portal with every kind of record.
const PORTAL: &str = include_str!("structured/portal.txt");

fn built(files: Arc<dyn Files>) -> Built {
    let request = Request { base_url: None, drafts: false, as_of: AS_OF.parse().expect("a date") };
    let built = build(&files, &request, &Progress::default());
    assert!(built.is_whole(), "{:?}", built.findings);
    built
}

fn fixture() -> Arc<dyn Files> {
    let sections = Archive::parse(PORTAL).sections;
    Arc::new(sections.into_iter().fold(Memory::new(), |files, section| {
        let text = if section.name == "site.toml" { format!("{}\n[data]\n", section.text) } else { section.text };
        files.with(&section.name, text)
    }))
}

fn text<'b>(built: &'b Built, path: &str) -> &'b str {
    let bytes = built.outputs.get(path).unwrap_or_else(|| panic!("there is no {path}")).bytes.held().expect("bytes");
    std::str::from_utf8(bytes).expect("text")
}

fn json(built: &Built, path: &str) -> Value {
    serde_json::from_str(text(built, path)).expect("JSON")
}

const NAMES: [(Kind, &str); 5] =
    [(Kind::Role, "roles"), (Kind::Course, "courses"), (Kind::Provider, "providers"), (Kind::Salary, "salaries"), (Kind::Term, "terms")];

#[test]
fn data_is_what_its_schema_says() {
    let portal: Arc<dyn Files> = Arc::new(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the portal"));
    let mut checked = 0;
    for built in [built(portal), built(fixture())] {
        for (kind, name) in NAMES {
            let schema = json(&built, &format!("data/{name}.schema.json"));
            let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
            compiler.add_resource("urn:schema", schema).expect("a schema");
            let index = compiler.compile("urn:schema", &mut schemas).expect("a schema");
            let data = json(&built, &format!("data/{name}.json"));
            let found = schemas.validate(&data, index);
            assert!(found.is_ok(), "{name}: {:#}", found.expect_err("problems"));
            let records = data[name].as_array().expect("records");
            let pages = built.portal.as_ref().expect("a portal").of_kind.get(&kind).expect("pages").len();
            assert_eq!(records.len(), pages, "{name}");
            for record in records {
                let path = record["url"].as_str().expect("an address").split_once("://").expect("a scheme").1;
                let path = path.split_once('/').expect("a path").1;
                assert_eq!(json(&built, &format!("{path}data.json")), *record, "the file of a record says what the collection says");
                checked += 1;
            }
            // What a schema does not know it must refuse, or it would say nothing.
            let mut wrong = data.clone();
            wrong[name][0][kind.as_str()]["colour"] = Value::from("red");
            assert!(schemas.validate(&wrong, index).is_err(), "{name}");
        }
    }
    assert!(checked > 60, "{checked} records");
}

#[test]
fn tables_hold_what_the_collections_hold() {
    let built = built(fixture());
    for (_, name) in NAMES {
        let records = json(&built, &format!("data/{name}.json"))[name].as_array().expect("records").clone();
        let rows: usize = records.iter().map(|record| record["salary"]["figures"].as_array().map_or(1, Vec::len)).sum();
        let mut table = csv::Reader::from_reader(text(&built, &format!("data/{name}.csv")).as_bytes());
        let heads: Vec<String> = table.headers().expect("headings").iter().map(str::to_owned).collect();
        assert_eq!(heads[..3], ["id", "name", "url"], "{name}");
        let read: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().expect("rows");
        assert_eq!(read.len(), rows, "{name}");
        assert!(read.iter().all(|row| records.iter().any(|record| record["id"] == row[0] && record["url"] == row[2])), "{name}");
    }
}
