//! A tree of values with the place of each, from TOML or from the cells of a CSV file.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, SourceText, Text, text};

/// A value and the bytes of the file that it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// Byte range in the file.
    pub span: Range<usize>,
    /// What was written.
    pub value: Value<'a>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A string.
    String(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, time or both, as TOML writes it.
    Datetime(String),
    /// A list.
    Array(Vec<Node<'a>>),
    /// A table, in the order of the file.
    Table(Vec<Entry<'a>>),
    /// A cell of a CSV file: its type is decided by what it is read as.
    Cell(Cow<'a, str>),
}

/// A key of a table and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// Byte range of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node<'a>,
}

impl Node<'_> {
    /// What kind of value it is, with an article, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::String(_) => "a string",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::Datetime(_) => "a date",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
            Value::Cell(_) => "a cell",
        }
    }
}

impl<'a> Node<'a> {
    /// The value under a key, under a key of that, and so on.
    pub fn find(&self, keys: &[&str]) -> Option<&Node<'a>> {
        let [key, rest @ ..] = keys else { return Some(self) };
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|entry| entry.key == *key).and_then(|entry| entry.node.find(rest))
    }

    /// The items of a list under a key; none where there is no list.
    pub fn items(&self, key: &str) -> &[Node<'a>] {
        match self.find(&[key]).map(|node| &node.value) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::String(text) | Value::Cell(text) => serializer.serialize_str(text),
            Value::Datetime(text) => serializer.serialize_str(text),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Boolean(flag) => serializer.serialize_bool(*flag),
            Value::Array(items) => serializer.collect_seq(items),
            Value::Table(entries) => serializer.collect_map(entries.iter().map(|entry| (&entry.key, &entry.node))),
        }
    }
}

/// The tree of a TOML document that is the bytes `range` of a file. Every error of syntax is reported; what
/// could be read in spite of them is given back only where there are none.
pub(crate) fn parse_toml<'a>(source: &'a SourceText, range: Range<usize>, findings: &mut Vec<Diagnostic>) -> Option<Node<'a>> {
    let (node, errors) = recover_toml(source, range, findings);
    errors.is_empty().then_some(node)
}

/// The same, with what could be read in spite of errors, and the bytes where these are.
pub(crate) fn recover_toml<'a>(source: &'a SourceText, range: Range<usize>, findings: &mut Vec<Diagnostic>) -> (Node<'a>, Vec<usize>) {
    let (table, errors) = DeTable::parse_recoverable(&source.text()[range.clone()]);
    let node = Node { span: moved(table.span(), range.start), value: entries(table.get_ref(), range.start) };
    let mut places = Vec::with_capacity(errors.len());
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        places.push(range.start + at.start);
        let place = source.place(range.start + at.start..range.start + at.end);
        let mut finding = Diagnostic::new("toml", in_words(error.message())).at(place);
        let line = finding.place.as_ref().map_or("", |place| place.text.as_str());
        let help = help_for(error.message(), line);
        finding = finding.help(help);
        findings.push(finding);
    }
    (node, places)
}

/// What the TOML parser says most, by how it begins.
const KNOWN: [&str; 21] = [
    "duplicate key",
    "extra `=`",
    "extra comma in array",
    "extra comma in inline table",
    "invalid basic string",
    "invalid date",
    "invalid float",
    "invalid unquoted key",
    "key with no value",
    "missing assignment between key-value pairs",
    "missing comma between array elements",
    "missing comma between key-value pairs",
    "missing opening quote",
    "missing value",
    "string values must be quoted",
    "unclosed array",
    "unclosed inline table",
    "unclosed table",
    "unexpected key or value",
    "unexpected leading zero",
    "unquoted keys cannot be empty",
];

/// An error of the TOML parser: its own words in English; in other languages ours, or a frame around its own.
fn in_words(message: &str) -> Text {
    let whole = message.replace('\n', ", ");
    let said = message.split(['\n', ',']).next().unwrap_or_default();
    match KNOWN.iter().find(|known| **known == said) {
        Some(known) => Text::known(known, whole),
        None => text!("{toml}", toml = whole),
    }
}

/// What to do about an error of the TOML parser, by the words it uses.
fn help_for(message: &str, line: &str) -> &'static str {
    let key = line.split(['=', ':']).next().unwrap_or_default().trim();
    let plain_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    if line.contains(['“', '”', '„', '‟']) {
        "text stands between straight quotes: \""
    } else if plain_key && line.trim_start().get(key.len()..).is_some_and(|rest| rest.trim_start().starts_with(':')) {
        "between a key and its value stands `=`, not `:`"
    } else if line.contains('=') && value.is_empty() {
        "write a value behind the `=`, or take the line out"
    } else if value.split('.').count() == 3 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        "a date is written 2026-03-01, year first"
    } else if value.split(',').count() == 2 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b',') {
        "a number has a point before its fraction: 1.5"
    } else if message.contains("duplicate") {
        "each key may stand once in a table; remove or rename one"
    } else if message.contains("date") || message.contains("day") || message.contains("month") {
        "a date is written 2026-03-01, and must exist"
    } else if message.contains("string") || message.contains("quote") {
        "text stands in double quotes and ends on its line; \"\"\" opens and closes text of several lines"
    } else {
        "the front matter and site.toml are TOML: `key = \"text\"`, `key = 12`, `key = [\"a\", \"b\"]`, tables as `[name]`"
    }
}

fn entries<'a>(table: &DeTable<'a>, offset: usize) -> Value<'a> {
    let mut entries: Vec<Entry<'a>> = table
        .iter()
        .map(|(key, value)| Entry { key: key.get_ref().clone(), key_span: moved(key.span(), offset), node: node(value, offset) })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Table(entries)
}

fn node<'a>(spanned: &Spanned<DeValue<'a>>, offset: usize) -> Node<'a> {
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::String(text.clone()),
        DeValue::Integer(number) => {
            match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Value::Integer(number),
                // Too large for any field: keep it a number, so that the message speaks of its size.
                Err(_) => Value::Float(number.as_str().parse().unwrap_or(f64::INFINITY)),
            }
        }
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Datetime(moment) => Value::Datetime(moment.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| node(item, offset)).collect()),
        DeValue::Table(table) => entries(table, offset),
    };
    Node { span: moved(spanned.span(), offset), value }
}

fn moved(span: Range<usize>, offset: usize) -> Range<usize> {
    span.start + offset..span.end + offset
}
