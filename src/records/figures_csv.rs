//! Figures from a CSV file beside a salary page.

use std::collections::BTreeSet;
use std::ops::Range;

use super::annotations::{Annotations, WrittenAt};
use super::salary::SalaryFigure;
use crate::diagnostic::{Diagnostic, Place, Text, did_you_mean, list, list_all, text};
use crate::limits::{MOST_ROW_FINDINGS, MOST_ROWS};
use crate::schema::{Decode, Entry, Node, Reader, Shape, Value, delimiter_of};

/// Reads figures from a CSV file: its first row names the keys (`share.percent` for a key of a table in a
/// table), each further row is a figure, an empty cell is a key left out. As of when each is, is noted. Cells
/// are divided by commas or, where the first row has more of them, by semicolons or tabs.
pub(crate) fn csv_figures(reader: &mut Reader<'_>, notes: &mut Annotations) -> Option<Vec<SalaryFigure>> {
    let text = reader.text;
    let delimiter = delimiter_of(text);
    refuse_open_quote(reader)?;
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut headers: Option<Vec<String>> = None;
    let mut figures = Vec::new();
    let mut sound = true;
    let mut row = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let at = error.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
                reader.report(
                    "csv",
                    at..at,
                    text!("this is no CSV: {error}", error),
                    "save the table as CSV with UTF-8 and one heading row",
                );
                return None;
            }
        }
        let start = row_start(text, row.position());
        let Some(headers) = &headers else {
            let mut names: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
            sound = check_headers(&mut names, &cell_spans(text, start, delimiter, row.len()), reader)?;
            headers = Some(names);
            continue;
        };
        if figures.len() >= MOST_ROWS {
            let message = text!("the file has more than {most} rows", most = MOST_ROWS);
            reader.report("too-large", start..start, message, "keep the figures that the page is to show");
            return None;
        }
        if row.len() > headers.len() {
            let message = text!("the row has {cells} cells, the heading {headings}", cells = row.len(), headings = headers.len());
            reader.report("csv", start..start + 1, message, "put text with a comma into double quotes");
            sound = false;
            continue;
        }
        let node = row_node(headers, &row, text, start, delimiter);
        match SalaryFigure::decode(&node, reader) {
            Some(figure) => {
                figure.annotate(WrittenAt { node: Some(&node), source: reader.source }, notes);
                figures.push(figure);
            }
            None => sound = false,
        }
        if reader.findings.len() > MOST_ROW_FINDINGS {
            let message = text!("the findings after the first {most} of this file are not shown", most = MOST_ROW_FINDINGS);
            let hidden = reader.findings.split_off(MOST_ROW_FINDINGS);
            let place = hidden.into_iter().find_map(|finding| finding.place).unwrap_or_else(|| Place::file(reader.source.file()));
            reader.findings.push(Diagnostic::new("too-many", message).at(place).help("mend those shown and run again"));
            return None;
        }
    }
    if headers.is_none() {
        reader.report("csv", 0..0, "the file is empty", "its first row names the keys, each further row is a figure");
        return None;
    }
    sound.then_some(figures)
}

/// Where a row begins: behind ends of lines and empty lines before it.
fn row_start(text: &str, position: Option<&csv::Position>) -> usize {
    let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0)).min(text.len());
    start + text[start..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// A quote that is opened and never closed would swallow the rest of the file.
fn refuse_open_quote(reader: &mut Reader<'_>) -> Option<()> {
    let mut opened = None;
    for (at, _) in reader.text.match_indices('"') {
        opened = if opened.is_some() { None } else { Some(at) };
    }
    match opened {
        None => Some(()),
        Some(at) => {
            reader.report(
                "csv",
                at..at + 1,
                "a quote is opened and never closed",
                "close it with `\"`, or take it out; a quote inside of a cell is written twice",
            );
            None
        }
    }
}

/// The names that columns can have; those of a table within a figure with a dot.
fn columns() -> Vec<String> {
    fn names(shape: &Shape, prefix: &str) -> Vec<String> {
        match shape {
            Shape::Known(shape) => names(shape, prefix),
            Shape::Table(table) => table
                .fields
                .iter()
                .flat_map(|field| {
                    let name = if prefix.is_empty() { field.key.to_owned() } else { format!("{prefix}.{}", field.key) };
                    names(&field.shape, &name)
                })
                .collect(),
            _ => vec![prefix.to_owned()],
        }
    }
    names(&SalaryFigure::shape(), "")
}

/// Looks at the headings. One that is no column is reported once, and its cells are passed over. Gives
/// whether all are right; none where the rows could not be understood.
fn check_headers(headers: &mut [String], spans: &[Range<usize>], reader: &mut Reader<'_>) -> Option<bool> {
    let known = columns();
    let names = || known.iter().map(String::as_str);
    let before = reader.findings.len();
    if let ([only], [span]) = (&*headers, spans)
        && !known.contains(only)
    {
        reader.report(
            "csv",
            span.clone(),
            "the heading is a single cell",
            "divide cells with commas, semicolons or tabs, and save the table as CSV",
        );
        return None;
    }
    let mut seen = BTreeSet::new();
    for (header, span) in headers.iter_mut().zip(spans) {
        let inner: Vec<&str> = names().filter(|name| name.starts_with(&format!("{header}."))).collect();
        if !seen.insert(header.clone()) {
            reader.report("csv", span.clone(), text!("the column `{header}` stands twice", header), "remove or rename one");
            header.clear();
        } else if !inner.is_empty() {
            reader.report(
                "csv",
                span.clone(),
                text!("`{header}` has several parts", header),
                text!("use the columns {columns}", columns = list(inner)),
            );
            header.clear();
        } else if !known.contains(header) {
            let near = did_you_mean(header, names()).map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
            let help = text!("the columns are {columns}", columns = list_all(names()));
            reader.report("csv", span.clone(), text!("unknown column `{header}`{near}", header, near), help);
            header.clear();
        }
    }
    Some(reader.findings.len() == before)
}

/// A row as a table whose values are cells, each with its place in the file.
fn row_node<'a>(headers: &'a [String], row: &'a csv::StringRecord, text: &str, start: usize, delimiter: u8) -> Node<'a> {
    let spans = cell_spans(text, start, delimiter, row.len());
    let end = spans.last().map_or(start, |span| span.end);
    let mut table: Vec<Entry<'a>> = Vec::new();
    for ((header, cell), span) in headers.iter().zip(row.iter()).zip(spans) {
        if cell.trim().is_empty() || header.is_empty() {
            continue;
        }
        let node = Node { span: span.clone(), value: Value::Cell(cell.trim().into()) };
        let (outer, inner) = header.split_once('.').map_or((header.as_str(), None), |(outer, inner)| (outer, Some(inner)));
        let Some(inner) = inner else {
            table.push(Entry { key: outer.into(), key_span: span, node });
            continue;
        };
        let entry = Entry { key: inner.into(), key_span: span.clone(), node };
        match table.iter_mut().find(|entry| entry.key == outer) {
            Some(Entry { node: Node { value: Value::Table(entries), span: whole }, .. }) => {
                whole.end = span.end;
                entries.push(entry);
            }
            _ => table.push(Entry { key: outer.into(), key_span: span.clone(), node: Node { span, value: Value::Table(vec![entry]) } }),
        }
    }
    Node { span: start..end, value: Value::Table(table) }
}

/// The bytes of the cells of the row that starts at `start`.
fn cell_spans(text: &str, start: usize, delimiter: u8, cells: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut spans = Vec::with_capacity(cells);
    let (mut at, mut begin, mut quoted) = (start, start, false);
    while spans.len() < cells {
        match bytes.get(at) {
            Some(b'"') => quoted = !quoted,
            Some(byte) if !quoted && (*byte == delimiter || *byte == b'\n') => {
                spans.push(begin..at);
                begin = at + 1;
            }
            None => {
                spans.push(begin.min(at)..at);
                begin = at;
            }
            _ => {}
        }
        at = (at + 1).min(bytes.len() + 1);
    }
    spans
}
