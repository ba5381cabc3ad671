//! Data files for templates: TOML, JSON, CSV and plain text as values.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};

use tera::Value;

use super::template_errors::{Refusal, with_help};
use crate::diagnostic::{SourceText, Text, text};
use crate::files::{self, Files, is_touched, plain};
use crate::schema::{delimiter_of, parse_toml};

/// Data files that were read, by path and format.
#[derive(Debug, Default)]
pub(crate) struct DataCache(Mutex<BTreeMap<(String, String), Result<Value, Refusal>>>);

/// The formats that are understood.
const FORMATS: [&str; 4] = ["toml", "json", "csv", "plain"];

impl DataCache {
    /// The same files, but for those that changed: to go on with after a change.
    pub(crate) fn without(&self, changed: &BTreeSet<String>) -> Self {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A path may be written in several ways that lead to one file.
        let kept = cache.iter().filter(|((path, _), value)| value.is_ok() && !is_touched(changed, &plain(path)));
        Self(Mutex::new(kept.map(|(key, value)| (key.clone(), value.clone())).collect()))
    }

    /// Whether a file that was read here has another value now, in `others`. `touched` are the files that
    /// changed since.
    pub(crate) fn is_changed(&self, path: &str, touched: &BTreeSet<String>, others: &DataCache, files: &dyn Files) -> bool {
        // A path may be written in several ways; the name of the file is the same in all of them.
        let name = path.rsplit('/').next().unwrap_or(path);
        if !is_touched(touched, &plain(path)) && !touched.iter().any(|touched| touched.ends_with(name)) {
            return false;
        }
        let known = self.values(path);
        known.is_empty() || known.into_iter().any(|(format, value)| others.load(files, path, Some(&format)) != value)
    }

    /// The files that were read.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().map(|(path, _)| plain(path)).collect()
    }

    /// The values of a file that were read, by format.
    fn values(&self, path: &str) -> Vec<(String, Result<Value, Refusal>)> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.iter().filter(|((of, _), _)| of == path).map(|((_, format), value)| (format.clone(), value.clone())).collect()
    }

    /// A data file, by its path below the portal, as a value; `format` where the ending of the path does not
    /// tell. A format may name what divides cells: `csv;`.
    pub(crate) fn load(&self, files: &dyn Files, path: &str, format: Option<&str>) -> Result<Value, Refusal> {
        let format = match format {
            Some(format) => format.to_owned(),
            None => format_of(path)?.to_owned(),
        };
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

/// The format of a file by the ending of its name.
fn format_of(path: &str) -> Result<&'static str, Refusal> {
    let ending = std::path::Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let unread = |name: &str| {
        Err(text!(
            "`{path}` is {format}, which is not read as data: write it as TOML, JSON or CSV, or take it as text with `format=\"plain\"`",
            path,
            format = name
        )
        .into())
    };
    match ending.as_str() {
        "tsv" => Ok("csv"),
        "yaml" | "yml" => unread("YAML"),
        "xml" => unread("XML"),
        ending => Ok(FORMATS.into_iter().find(|format| *format == ending).unwrap_or("plain")),
    }
}

/// The format that a template names by `format` and `delimiter`; none where it names neither.
///
/// # Errors
/// That there is no such delimiter, or that the format has none.
pub(super) fn format_named(path: &str, format: Option<&str>, delimiter: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(delimiter) = delimiter else { return Ok(format.map(str::to_owned)) };
    let format = match format {
        Some(format) => format,
        None => format_of(path)?,
    };
    match delimiter.as_bytes() {
        _ if format != "csv" => Err(text!("only CSV has a delimiter, and `{path}` is read as `{format}`", path, format).into()),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(Some(format!("csv{delimiter}"))),
        _ => Err(text!("`{delimiter}` is no delimiter: it is one character such as `;` or `\\t`, and no quote", delimiter).into()),
    }
}

/// The path below the portal that a template means: `@/` is the folder of the content.
pub(super) fn data_path(written: &str) -> String {
    written.strip_prefix("@/").map_or_else(|| written.trim_start_matches('/').to_owned(), |path| format!("content/{path}"))
}

fn read(files: &dyn Files, path: &str, format: &str) -> Result<Value, Refusal> {
    let bytes = files.read_written(path).map_err(|error| {
        let message = text!("cannot read `{path}`: {error}", path, error);
        // What the system refuses has a number.
        let leads_out = error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_none();
        if leads_out { with_help(message, "only files below the portal's folder can be read") } else { message.into() }
    })?;
    let text = files::text(path, &bytes).map_err(|finding| text!("`{path}`: {message}", path, message = finding.message))?;
    match format {
        "plain" => Ok(Value::from(text)),
        "json" => serde_json::from_str::<serde_json::Value>(text)
            .map(|value| Value::from_serializable(&value))
            .map_err(|error| text!("`{path}` is no JSON: {error}", path, error).into()),
        "toml" => {
            let mut findings = Vec::new();
            let source = SourceText::new(path, text.to_owned());
            let root = parse_toml(&source, 0..source.text().len(), &mut findings);
            root.map(|root| Value::from_serializable(&root)).ok_or_else(|| {
                let first = findings.first();
                let line = first.and_then(|finding| finding.place.as_ref()).map_or(0, |place| place.line);
                text!(
                    "`{path}` is no TOML: line {line}: {message}",
                    path,
                    line,
                    message = first.map_or_else(Text::default, |finding| finding.message.clone())
                )
                .into()
            })
        }
        csv_of if csv_of.starts_with("csv") && csv_of.len() <= "csv;".len() => {
            csv(text, csv_of.as_bytes().get("csv".len()).copied()).map_err(|error| text!("`{path}` is no CSV: {error}", path, error).into())
        }
        other => {
            Err(text!("there is no format `{format}`; there are {formats}", format = other, formats = crate::diagnostic::list(FORMATS))
                .into())
        }
    }
}

fn csv(text: &str, delimiter: Option<u8>) -> Result<Value, csv::Error> {
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(text));
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let records: Vec<Vec<String>> =
        reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect::<Result<_, csv::Error>>()?;
    Ok(Value::from_serializable(&serde_json::json!({ "headers": headers, "records": records })))
}
