//! The values that figures are made of: money, dates, durations.

use std::sync::Arc;

use iso_currency::Currency;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::reference::Reference;
use super::source::Source;
use crate::diagnostic::did_you_mean;
use crate::schema::{Decode, Known, Node, Reader, Shape, TableReader, Value, words};

/// The largest amount of money, in whole units of its currency: far above any pay or price, far below where a computer's numbers grow inexact.
const LARGEST_AMOUNT: f64 = 1e12;

/// The most of one unit of time that a duration has: no course takes longer, and beyond it figures are slips.
const LONGEST_SPAN: f64 = 100_000.0;

/// An amount of money of at least zero, in hundredths of its currency's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub i64);

impl Amount {
    /// The amount in whole units, with its fraction.
    // Cast: amounts stay below 10^14 hundredths.
    pub fn units(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.units()) }
    }
}

impl Decode for Amount {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = f64::decode(node, reader)?;
        let hundredths = number * 100.0;
        // As it was written: `2.490` is 2.49 to a computer and two thousand to a German.
        let written = reader.text.get(node.span.clone()).unwrap_or_default().trim_matches(['"', ' ']).to_owned();
        if let Some((whole, fraction)) = written.split_once('.')
            && fraction.len() > 2
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
        {
            let message = format!("`{written}` has {} decimals", fraction.len());
            let help = format!("write thousands without a point: {whole}{fraction}; amounts of money have at most two decimals");
            reader.report("out-of-range", node.span.clone(), message, help);
            return None;
        }
        if !(0.0..=LARGEST_AMOUNT).contains(&number) {
            reader.report(
                "out-of-range",
                node.span.clone(),
                format!("{number} is no amount of money"),
                "write an amount of at least 0, in whole units of the currency",
            );
            return None;
        }
        if (hundredths - hundredths.round()).abs() > 1e-4 {
            reader.report(
                "out-of-range",
                node.span.clone(),
                format!("{number} has more than two decimals"),
                "amounts of money have at most two decimals",
            );
            return None;
        }
        // Cast: bounded by LARGEST_AMOUNT.
        Some(Self(hundredths.round() as i64))
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

/// A currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyCode(pub Currency);

impl Serialize for CurrencyCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl Decode for CurrencyCode {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let code = String::decode(node, reader)?;
        let currency = Currency::from_code(&code);
        if currency.is_none() {
            let near = did_you_mean(&code, ["EUR", "CHF", "USD", "GBP"]);
            let message = match near {
                Some(name) => format!("there is no currency `{code}`; did you mean `{name}`?"),
                None => format!("there is no currency `{code}`"),
            };
            reader.report("currency", node.span.clone(), message, "use a code of ISO 4217, in capitals: `EUR`, `CHF`");
        }
        currency.map(Self)
    }

    fn shape() -> Shape {
        Shape::Form("a currency code of ISO 4217", "^[A-Z]{3}$", "EUR")
    }
}

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
            let message = if looks_right { format!("there is no day `{text}`") } else { format!("`{text}` is no date") };
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

words! {
    /// Units of time.
    pub enum Unit in "unit" {
        /// 60 minutes.
        Hour = "hour",
        /// A calendar day.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Twelve months.
        Year = "year",
    }
}

/// How long something takes, with the source that says so: `{ months = 12, source = "…" }`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// How many units; more than zero.
    pub value: f64,
    /// Of which unit.
    pub unit: Unit,
    /// Who says so.
    pub source: Reference<Source>,
    /// As of when.
    pub as_of: Option<Known<Moment>>,
}

impl Decode for Span {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        const UNITS: [(&str, Unit); 5] =
            [("hours", Unit::Hour), ("days", Unit::Day), ("weeks", Unit::Week), ("months", Unit::Month), ("years", Unit::Year)];
        let mut table = TableReader::open(node, "a duration", reader)?;
        let mut written = Vec::new();
        for (key, unit) in UNITS {
            if let Some(value) = table.node(key) {
                written.push((f64::decode(value, reader)?, unit, value.span.clone()));
            }
        }
        let source = table.get("source", reader);
        let as_of = table.get("as_of", reader);
        table.finish(reader);
        match written.as_slice() {
            [(value, _, span)] if *value > LONGEST_SPAN => {
                reader.report(
                    "out-of-range",
                    span.clone(),
                    format!("a duration of {value:e} is too long"),
                    format!("write at most {LONGEST_SPAN} of a unit"),
                );
                None
            }
            [(value, unit, _)] if *value > 0.0 => Some(Self { value: *value, unit: *unit, source: source?, as_of: as_of? }),
            [(value, _, span)] => {
                reader.report(
                    "out-of-range",
                    span.clone(),
                    format!("a duration of {value} is none"),
                    "write a number above 0, or leave the duration out",
                );
                None
            }
            _ => {
                reader.report(
                    "duration",
                    node.span.clone(),
                    "a duration has exactly one of `hours`, `days`, `weeks`, `months`, `years`",
                    "write for example `{ months = 12, source = \"…\" }`",
                );
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Table(crate::schema::Table {
            label: "a duration",
            doc: String::from("How long something takes: exactly one of the units, and the source that says so."),
            fields: [
                ("hours", "Hours.", Shape::Number, false, "120"),
                ("days", "Days.", Shape::Number, false, "5"),
                ("weeks", "Weeks.", Shape::Number, false, "4"),
                ("months", "Months.", Shape::Number, false, "12"),
                ("years", "Years.", Shape::Number, false, "2"),
                ("source", "Who says so: an id of content/sources.toml.", Reference::<Source>::shape(), true, "\"some-source\""),
                ("as_of", "As of when: a day, a month, a year, or unknown.", Known::<Moment>::shape(), false, "\"2026-03\""),
            ]
            .into_iter()
            .map(|(key, doc, shape, required, example)| crate::schema::Field { key, doc: doc.to_owned(), shape, required, example })
            .collect(),
        })
    }
}

/// An id as others write it: lower-case ASCII letters, digits and hyphens.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}

/// A web address, `https://…` or `http://…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Web(pub Arc<str>);

impl Decode for Web {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::decode(node, reader)?;
        match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(Self(text.into())),
            _ => {
                reader.report("url", node.span.clone(), format!("`{text}` is no web address"), "write it in full, with `https://`");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Form("a web address", "^https?://", "https://www.example.org/")
    }
}
