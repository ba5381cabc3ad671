//! What decoding carries along: the file, what was found wrong, and what was referred to.

use std::ops::Range;
use std::sync::Arc;

use super::decode::Decode;
use super::foreign;
use super::node::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Names, Place, SourceText, Spot, Text, list_all, repeated, text};
use crate::limits::{LONGEST_SHOWN_VALUE, MOST_GUESSED};

/// The file that is being decoded, and what decoding it has brought up.
#[derive(Debug)]
pub struct Reader<'f> {
    /// The file and what it holds.
    pub source: &'f Arc<SourceText>,
    /// What it holds.
    pub text: &'f str,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// Names of other records or sources that it uses; whether they exist is known only when everything is
    /// loaded.
    pub mentions: Vec<Mention>,
}

/// A reference to something that must exist elsewhere in the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What kind of thing: `role`, `provider`, `source`, ...
    pub kind: &'static str,
    /// Its id.
    pub id: Arc<str>,
    /// Where it was written.
    pub spot: Spot,
}

impl<'f> Reader<'f> {
    /// A reader of a file.
    pub fn new(source: &'f Arc<SourceText>) -> Self {
        Self { source, text: source.text(), findings: Vec::new(), mentions: Vec::new() }
    }

    /// Some bytes of the file.
    pub fn spot(&self, span: Range<usize>) -> Spot {
        Spot { source: self.source.clone(), range: span }
    }

    /// The place of some bytes of the file.
    pub fn place(&self, span: Range<usize>) -> Place {
        self.source.place(span)
    }

    /// Notes a finding at some bytes of the file.
    pub fn report(&mut self, code: &'static str, span: Range<usize>, message: impl Into<Text>, help: impl Into<Text>) {
        let finding = Diagnostic::new(code, message).at(self.place(span)).help(help);
        self.findings.push(finding);
    }

    /// Notes that something else is used here.
    pub fn mention(&mut self, kind: &'static str, id: &Arc<str>, span: Range<usize>) {
        let spot = self.spot(span);
        self.mentions.push(Mention { kind, id: id.clone(), spot });
    }

    /// Notes that a value is of the wrong type.
    pub fn wrong_type(&mut self, node: &Node<'_>, expected: impl Into<Text>, help: impl Into<Text>) {
        let expected = expected.into();
        let found = match &node.value {
            Value::Cell(text) => Text::from(format!("`{}`", text.chars().take(LONGEST_SHOWN_VALUE).collect::<String>())),
            _ => Text::from(node.kind()),
        };
        self.report("wrong-type", node.span.clone(), text!("expected {expected}, found {found}", expected, found), help);
    }
}

/// Refuses a text of several lines, and one with a tab, under `key` of a table: it stands where one line
/// does, in lists, feeds, calendars and the titles of windows.
pub(crate) fn one_line(key: &str, text: &str, table: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if !text.contains(char::is_control) {
        return Some(());
    }
    let span = table.find(&[key]).map_or_else(|| table.span.clone(), |node| node.span.clone());
    reader.report("control-character", span, text!("the {key} is not one line", key), "write it in one line, without tabs");
    None
}

/// Reads the keys of one table, and at the end reports those that nobody asked for.
#[derive(Debug)]
pub(crate) struct TableReader<'n> {
    entries: &'n [Entry<'n>],
    span: Range<usize>,
    label: &'static str,
    asked: Vec<&'static str>,
}

impl<'n> TableReader<'n> {
    /// Opens a table; `label` names it in messages, such as `[course]`.
    pub(crate) fn open(node: &'n Node<'n>, label: &'static str, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Table(entries) => Some(Self { entries, span: node.span.clone(), label, asked: Vec::new() }),
            _ => {
                let help =
                    text!("{label} is a table: `{{ key = value }}`, or lines of `key = value` under a heading", label = Text::from(label));
                reader.wrong_type(node, "a table", help);
                None
            }
        }
    }

    /// The value under `key`, unread.
    pub(crate) fn node(&mut self, key: &'static str) -> Option<&'n Node<'n>> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value under `key`; none if it is wrong or missing where it must not be, which is reported.
    pub(crate) fn get<T: Decode>(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<T> {
        match self.node(key) {
            Some(node) => T::decode(node, reader),
            None => match T::absent() {
                Some(value) => Some(value),
                None => {
                    let help = text!("add `{key} = …`; it is {expected}", key, expected = T::shape().in_words());
                    reader.report(
                        "missing-key",
                        self.span.clone(),
                        text!("{label} lacks the key `{key}`", label = Text::from(self.label), key),
                        help,
                    );
                    None
                }
            },
        }
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self, reader: &mut Reader<'_>) {
        let unknown = self.entries.iter().filter(|entry| !self.asked.iter().any(|key| *key == entry.key));
        let mut names = None;
        for (number, entry) in unknown.enumerate() {
            if let Some(instead) = foreign::instead_of(self.label, &entry.key) {
                reader.report("unknown-key", entry.key_span.clone(), text!("unknown key `{key}`", key = entry.key), instead);
                continue;
            }
            let names = names.get_or_insert_with(|| Names::new(self.asked.iter().copied()));
            let key = repeated(&entry.key);
            let near = if number < MOST_GUESSED { names.near(&entry.key) } else { None };
            let message = match near {
                Some(name) => text!("unknown key `{key}`; did you mean `{near}`?", key, near = name),
                None => text!("unknown key `{key}`", key),
            };
            let help = text!("the keys of {label} are {keys}", label = Text::from(self.label), keys = list_all(self.asked.iter().copied()));
            reader.report("unknown-key", entry.key_span.clone(), message, help);
        }
    }
}
