//! Data files for templates: TOML, JSON, CSV and plain text as values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use tera::Value;

use crate::diagnostic::SourceText;
use crate::files::{self, Files, plain};
use crate::schema::parse_toml;

/// Data files that were read, by path and format.
#[derive(Debug, Default)]
pub struct DataCache(Mutex<BTreeMap<(String, String), Result<Value, String>>>);

/// The formats that are understood.
const FORMATS: [&str; 4] = ["toml", "json", "csv", "plain"];

impl DataCache {
    /// The same files, but for those that changed: to go on with after a change.
    pub fn without(&self, changed: &BTreeSet<String>) -> Self {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A path may be written in several ways that lead to one file.
        let kept = cache.iter().filter(|((path, _), value)| value.is_ok() && !changed.contains(&plain(path)));
        Self(Mutex::new(kept.map(|(key, value)| (key.clone(), value.clone())).collect()))
    }

    /// The values of a file that were read, by format.
    pub fn values(&self, path: &str) -> Vec<(String, Result<Value, String>)> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.iter().filter(|((of, _), _)| of == path).map(|((_, format), value)| (format.clone(), value.clone())).collect()
    }

    /// A data file, by its path below the portal, as a value; `format` where the ending of the path does not tell.
    pub fn load(&self, files: &dyn Files, path: &str, format: Option<&str>) -> Result<Value, String> {
        let ending = std::path::Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or("plain").to_owned();
        let format = format.unwrap_or(if FORMATS.contains(&ending.as_str()) { &ending } else { "plain" }).to_owned();
        let key = (path.to_owned(), format);
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = cache.get(&key) {
            return value.clone();
        }
        let value = read(files, &key.0, &key.1);
        cache.insert(key, value.clone());
        value
    }
}

/// The path below the portal that a template means: `@/` is the folder of the content.
pub(super) fn data_path(written: &str) -> String {
    written.strip_prefix("@/").map_or_else(|| written.trim_start_matches('/').to_owned(), |path| format!("content/{path}"))
}

fn read(files: &dyn Files, path: &str, format: &str) -> Result<Value, String> {
    let bytes = files.read_written(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let text = files::text(path, &bytes).map_err(|finding| format!("`{path}`: {}", finding.message))?;
    match format {
        "plain" => Ok(Value::from(text)),
        "json" => serde_json::from_str::<serde_json::Value>(text)
            .map(|value| Value::from_serializable(&value))
            .map_err(|error| format!("`{path}` is no JSON: {error}")),
        "toml" => {
            let mut findings = Vec::new();
            let source = SourceText::new(path, text.to_owned());
            let root = parse_toml(&source, 0..source.text().len(), &mut findings);
            root.map(|root| Value::from_serializable(&root)).ok_or_else(|| {
                let first = findings.first();
                let line = first.and_then(|finding| finding.place.as_ref()).map_or(0, |place| place.line);
                format!("`{path}` is no TOML: line {line}: {}", first.map_or("", |finding| &finding.message))
            })
        }
        "csv" => csv(text).map_err(|error| format!("`{path}` is no CSV: {error}")),
        other => Err(format!("there is no format `{other}`; there are {}", crate::diagnostic::list(FORMATS))),
    }
}

fn csv(text: &str) -> Result<Value, csv::Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let records: Vec<Vec<String>> =
        reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect::<Result<_, csv::Error>>()?;
    Ok(Value::from_serializable(&serde_json::json!({ "headers": headers, "records": records })))
}
