//! The trait, and the types that every file uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::node::{Node, Value};
use super::reader::Reader;
use super::shape::Shape;
use crate::diagnostic::text;

/// The word for a value that nobody knows, which is not the same as one that was left out.
pub(crate) const UNKNOWN: &str = "unknown";

/// A type that can be read from front matter, `site.toml` or a CSV file.
pub(crate) trait Decode: Sized {
    /// Reads a value. None means that it is wrong, and that why was noted in `reader`.
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self>;

    /// What can be written here.
    fn shape() -> Shape;

    /// What it is where the key is left out; none where it must not be.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value that may be unknown, which is said openly: `price = "unknown"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// Nobody knows, or whoever knows does not say.
    Unknown,
    /// It is known.
    Known(T),
}

/// What is known of a value that may be left out, and may be unknown.
pub(crate) fn known<T>(value: &Option<Known<T>>) -> Option<&T> {
    value.as_ref().and_then(Known::known)
}

impl<T> Known<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Known::Unknown => None,
            Known::Known(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Known<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Known::Unknown => serializer.serialize_str(UNKNOWN),
            Known::Known(value) => value.serialize(serializer),
        }
    }
}

impl<T: Decode> Decode for Known<T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::String(text) | Value::Cell(text) if text == UNKNOWN => Some(Known::Unknown),
            _ => T::decode(node, reader).map(Known::Known),
        }
    }

    fn shape() -> Shape {
        Shape::Known(Box::new(T::shape()))
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        T::decode(node, reader).map(Some)
    }

    fn shape() -> Shape {
        T::shape()
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Array(items) => {
                // All items are read before any is missed, so that each mistake is reported.
                let items: Vec<Option<T>> = items.iter().map(|item| T::decode(item, reader)).collect();
                items.into_iter().collect()
            }
            _ => {
                reader.wrong_type(node, "a list", "write it in brackets: `[…, …]`");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            reader.wrong_type(node, "a table", "write `name = value` lines under its heading");
            return None;
        };
        let entries: Vec<Option<(String, T)>> =
            entries.iter().map(|entry| Some((entry.key.to_string(), T::decode(&entry.node, reader)?))).collect();
        entries.into_iter().collect()
    }

    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }

    fn absent() -> Option<Self> {
        Some(BTreeMap::new())
    }
}

impl Decode for String {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::String(text) | Value::Cell(text) if text.chars().any(is_control) => {
                reader.report(
                    "control-character",
                    node.span.clone(),
                    "the text holds a control character",
                    "delete it and type the text anew: neither HTML nor feeds may hold it",
                );
                None
            }
            Value::String(text) | Value::Cell(text) => Some(text.to_string()),
            _ => {
                reader.wrong_type(node, "a string", "put it in double quotes");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// Whether a character may stand neither in XML 1.0 nor, sensibly, in HTML: all controls but tab and ends of
/// lines.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

impl Decode for Arc<str> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        String::decode(node, reader).map(Arc::from)
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Decode for bool {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Boolean(flag) => Some(*flag),
            Value::Cell(text) if text == "true" || text == "false" => Some(text == "true"),
            _ => {
                reader.wrong_type(node, "`true` or `false`", "write it without quotes");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Boolean
    }
}

impl Decode for i64 {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = match &node.value {
            Value::Integer(number) => Some(*number),
            Value::Cell(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            reader.wrong_type(node, "a whole number", "write it in digits, without quotes and without a point between thousands");
        }
        number
    }

    fn shape() -> Shape {
        Shape::Integer
    }
}

impl Decode for u32 {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = i64::decode(node, reader)?;
        let small = u32::try_from(number).ok();
        if small.is_none() {
            reader.report(
                "out-of-range",
                node.span.clone(),
                text!("{number} is out of range", number),
                text!("write a number from 0 to {most}", most = u32::MAX),
            );
        }
        small
    }

    fn shape() -> Shape {
        Shape::Integer
    }
}

impl Decode for f64 {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = match &node.value {
            // Cast: no quantity of this domain reaches 2^53.
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Cell(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if number.is_finite() => Some(number),
            _ => {
                reader.wrong_type(node, "a number", "write it in digits, with a point before the fraction and without quotes");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

/// Whatever is written, as templates see it: `[extra]`.
impl Decode for serde_json::Value {
    fn decode(node: &Node<'_>, _: &mut Reader<'_>) -> Option<Self> {
        serde_json::to_value(node).ok()
    }

    fn shape() -> Shape {
        Shape::Any
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        T::decode(node, reader).map(Box::new)
    }

    fn shape() -> Shape {
        T::shape()
    }
}
