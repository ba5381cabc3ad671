//! What can be written where: the shape of a type, for schemas, templates of new pages, and messages.

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
    pub fn in_words(&self) -> String {
        match self {
            Shape::Any => String::from("any value"),
            Shape::Text => String::from("a string"),
            Shape::Form(what, _, example) => format!("{what}, such as `{example}`"),
            Shape::Integer => String::from("a whole number"),
            Shape::Number => String::from("a number"),
            Shape::Boolean => String::from("`true` or `false`"),
            Shape::Date => String::from("a date, such as `2026-03-01`"),
            Shape::Words(words) => format!("one of {}", crate::diagnostic::list(words.iter().map(|(word, _)| *word))),
            Shape::Reference(kind) => format!("the id of a {kind}"),
            Shape::List(item) => format!("a list; each item is {}", item.in_words()),
            Shape::Map(_) => String::from("a table"),
            Shape::Table(table) => {
                let keys = table.fields.iter().filter(|field| field.required).map(|field| field.key);
                format!("a table with at least {}", crate::diagnostic::list(keys))
            }
            Shape::OneOf(shapes) => shapes.iter().map(Shape::in_words).collect::<Vec<_>>().join(", or "),
            Shape::Known(shape) => format!("{}, or \"unknown\"", shape.in_words()),
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
