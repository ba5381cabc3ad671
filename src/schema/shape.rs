//! What can be written where: the shape of a type, for schemas, templates of new pages, and messages.

use crate::diagnostic::{Text, list, text};

/// What can be written as a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// A string.
    Text,
    /// A string of a certain form: what it is, a regular expression for it, an example.
    Form(&'static str, &'static str, &'static str),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A calendar date.
    Date,
    /// One of some words, each with what it means.
    Words(&'static [(&'static str, &'static str)]),
    /// The id of a record or source of this kind.
    Reference(&'static str),
    /// A list.
    List(Box<Shape>),
    /// A table with keys of the editor's choice.
    Map(Box<Shape>),
    /// A table with fixed keys.
    Table(Table),
    /// One of several.
    OneOf(Vec<Shape>),
    /// The value, or the word `unknown`.
    Known(Box<Shape>),
}

/// A table with fixed keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What messages call it, such as `[course]`.
    pub label: &'static str,
    /// What it is, in sentences.
    pub doc: String,
    /// Its keys, in the order of their declaration.
    pub fields: Vec<Field>,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it means, in sentences.
    pub doc: String,
    /// What can be written.
    pub shape: Shape,
    /// Whether it may not be left out.
    pub required: bool,
    /// An example, as TOML.
    pub example: &'static str,
}

impl Shape {
    /// A short description for a message: `a date`, `the id of a provider`.
    pub fn in_words(&self) -> Text {
        match self {
            Shape::Any => Text::from("any value"),
            Shape::Text => Text::from("a string"),
            Shape::Form(what, _, example) => text!("{what}, such as `{example}`", what = Text::from(*what), example),
            Shape::Integer => Text::from("a whole number"),
            Shape::Number => Text::from("a number"),
            Shape::Boolean => Text::from("`true` or `false`"),
            Shape::Date => Text::from("a date, such as `2026-03-01`"),
            Shape::Words(words) => text!("one of {words}", words = list(words.iter().map(|(word, _)| *word))),
            Shape::Reference(kind) => text!("the id of a {kind}", kind = Text::from(*kind)),
            Shape::List(item) => text!("a list; each item is {item}", item = item.in_words()),
            Shape::Map(_) => Text::from("a table"),
            Shape::Table(table) => {
                let keys = table.fields.iter().filter(|field| field.required).map(|field| field.key);
                text!("a table with at least {keys}", keys = list(keys))
            }
            Shape::OneOf(shapes) => {
                let ways = shapes.iter().map(Shape::in_words);
                ways.reduce(|one, other| text!("{one}, or {other}", one, other)).unwrap_or_default()
            }
            Shape::Known(shape) => text!("{expected}, or \"unknown\"", expected = shape.in_words()),
        }
    }
}

/// The sentences of a doc comment as one paragraph a blank line: each line comes with the space that follows
/// `///`.
pub(crate) fn tidy(doc: &str) -> String {
    let mut text = String::new();
    for line in doc.lines().map(str::trim) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push(if line.is_empty() { '\n' } else { ' ' });
        }
        text.push_str(line);
    }
    text.trim().to_owned()
}
