//! The values that figures are made of: money and durations.

use iso_currency::Currency;
use serde::{Serialize, Serializer};

use super::moment::Moment;
use super::reference::Reference;
use super::source::Source;
use crate::diagnostic::{did_you_mean, text};
use crate::schema::{Decode, Known, Node, Reader, Shape, TableReader, words};

/// The largest amount of money, in whole units of its currency: far above any pay or price, far below where a
/// computer's numbers grow inexact.
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
            let message = text!("`{written}` has {count} decimals", written, count = fraction.len());
            let help = text!(
                "write thousands without a point: {number}; amounts of money have at most two decimals",
                number = format!("{whole}{fraction}")
            );
            reader.report("out-of-range", node.span.clone(), message, help);
            return None;
        }
        if !(0.0..=LARGEST_AMOUNT).contains(&number) {
            reader.report(
                "out-of-range",
                node.span.clone(),
                text!("{number} is no amount of money", number),
                "write an amount of at least 0, in whole units of the currency",
            );
            return None;
        }
        if (hundredths - hundredths.round()).abs() > 1e-4 {
            reader.report(
                "out-of-range",
                node.span.clone(),
                text!("{number} has more than two decimals", number),
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
                Some(name) => text!("there is no currency `{code}`; did you mean `{near}`?", code, near = name),
                None => text!("there is no currency `{code}`", code),
            };
            reader.report("currency", node.span.clone(), message, "use a code of ISO 4217, in capitals: `EUR`, `CHF`");
        }
        currency.map(Self)
    }

    fn shape() -> Shape {
        Shape::Form("a currency code of ISO 4217", "^[A-Z]{3}$", "EUR")
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
                    text!("a duration of {value} is too long", value = format!("{value:e}")),
                    text!("write at most {most} of a unit", most = LONGEST_SPAN),
                );
                None
            }
            [(value, unit, _)] if *value > 0.0 => Some(Self { value: *value, unit: *unit, source: source?, as_of: as_of? }),
            [(value, _, span)] => {
                reader.report(
                    "out-of-range",
                    span.clone(),
                    text!("a duration of {value} is none", value),
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
