//! Dates, as exactly as they are known.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::diagnostic::text;
use crate::schema::{Decode, Node, Reader, Shape, Value};

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Decode for Day {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match Moment::decode(node, reader)? {
            Moment::Day(date) => Some(Self(date)),
            Moment::Month(..) | Moment::Year(_) => {
                reader.report(
                    "wrong-type",
                    node.span.clone(),
                    "expected a day, found only a month or a year",
                    "write year, month and day: 2026-03-01",
                );
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Date
    }
}

/// A day, a month or a year, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// A year.
    Year(i16),
    /// A month of a year.
    Month(i16, i8),
    /// A day.
    Day(Date),
}

impl Moment {
    /// Reads `2026`, `2026-03` or `2026-03-01` (ISO 8601).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        match parts.as_slice() {
            [year] if digits(year, 4) => Some(Moment::Year(year.parse().ok()?)),
            [year, month] if digits(year, 4) && digits(month, 2) => {
                let (year, month) = (year.parse().ok()?, month.parse().ok()?);
                Date::new(year, month, 1).ok().map(|_| Moment::Month(year, month))
            }
            [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
                Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(Moment::Day)
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Moment::Year(year) => write!(formatter, "{year:04}"),
            Moment::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            Moment::Day(date) => write!(formatter, "{date}"),
        }
    }
}

crate::diagnostic::verbatim!(Moment);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Decode for Moment {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match &node.value {
            Value::String(text) | Value::Cell(text) => text.to_string(),
            // Of a date with a time only the date.
            Value::Datetime(text) => text.get(..10).unwrap_or(text).to_owned(),
            Value::Integer(year) => year.to_string(),
            _ => {
                reader.wrong_type(node, "a date", "write it as 2026-03-01");
                return None;
            }
        };
        let moment = Self::parse(&text);
        if moment.is_none() {
            let looks_right = text.len() == 10
                && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
            let message = if looks_right { text!("there is no day `{text}`", text) } else { text!("`{text}` is no date", text) };
            reader.report(
                "date",
                node.span.clone(),
                message,
                "write a date as 2026-03-01; where less is known, a month \"2026-03\" or a year \"2026\"",
            );
        }
        moment
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Date, Shape::Form("a month or a year", r"^\d{4}(-\d{2})?$", "2026-03"), Shape::Integer])
    }
}
