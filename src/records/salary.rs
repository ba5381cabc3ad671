//! Pay: figures as they were published, each a point, a range, a distribution or a share, with its source and
//! date.

use std::sync::Arc;

use super::age::Aspect;
use super::annotations::{Annotations, WrittenAt};
use super::figure::{Amount, CurrencyCode};
use super::moment::Moment;
use super::reference::Reference;
use super::role::Role;
use super::source::Source;
use crate::diagnostic::text;
use crate::schema::{Decode, Known, Node, Reader, Shape as Written, Value, table, words};

table! {
    /// What a role pays: one page a role, with every figure that was found.
    pub struct Salary in "[salary]" {
        /// The role: its id.
        role: Reference<Role> = "\"social-media-manager\"",
        /// The figures: a list of tables, or the name of a CSV file beside the page whose headings are the
        /// keys.
        figures: Figures = "[]",
    }
}

/// The figures of a salary page.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Figures {
    /// They stand in the page, or were read from its CSV file.
    Here(Arc<Vec<SalaryFigure>>),
    /// They stand in a CSV file beside the page, which is read next.
    File(String),
}

impl Decode for Figures {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::String(file) => Some(Figures::File(file.to_string())),
            _ => Vec::decode(node, reader).map(|figures| Figures::Here(Arc::new(figures))),
        }
    }

    fn shape() -> Written {
        Written::OneOf(vec![Vec::<SalaryFigure>::shape(), Written::Form("a CSV file beside the page", r"\.csv$", "figures.csv")])
    }
}

table! {
    /// One published figure.
    pub struct SalaryFigure in "a figure" {
        /// What the figure is, for the reader.
        label: Option<String> = "\"Career starters\"",
        /// A single amount.
        amount: Option<Amount> = "36100",
        /// The lower end of a range; alone, with `share`, "at least".
        low: Option<Amount> = "35000",
        /// The upper end of a range; alone, with `share`, "at most".
        high: Option<Amount> = "60000",
        /// The middle of a distribution: half earn less, half more.
        median: Option<Amount> = "49249",
        /// A tenth earn less.
        p10: Option<Amount> = "30000",
        /// A quarter earn less.
        p25: Option<Amount> = "38000",
        /// Three quarters earn less.
        p75: Option<Amount> = "55000",
        /// Nine tenths earn less.
        p90: Option<Amount> = "65000",
        /// Which share of those asked earn in the range.
        share: Option<Share> = "{ percent = 51, precision = \"exact\" }",
        /// The survey that the share is one of, where several figures are parts of one: they are drawn together,
        /// whoever reports each.
        survey: Option<String> = "\"Pay survey 2018\"",
        /// The currency, as ISO 4217.
        currency: CurrencyCode = "\"EUR\"",
        /// What the amount is paid for.
        period: Known<Period> = "\"year\"",
        /// How many hours a week the amount is paid for, where the source says.
        hours_a_week: Option<Known<f64>> = "40",
        /// How many monthly salaries a year has, where the source says.
        months_paid: Option<Known<f64>> = "13",
        /// Before or after taxes and contributions.
        gross: Taxes = "\"gross\"",
        /// Where.
        region: Option<Known<String>> = "\"Germany\"",
        /// With how much experience.
        experience: Option<Known<Experience>> = "\"entry\"",
        /// At employers of what size.
        employer_size: Option<Known<String>> = "\"unknown\"",
        /// Who was asked, or whom the figure is about.
        population: Option<Known<String>> = "\"Employees without staff\"",
        /// Whether it is about this role alone or about a wider group.
        covers: Option<Covers> = "\"role\"",
        /// How many answers it rests on.
        sample_size: Option<Known<u32>> = "256",
        /// Who says so.
        source: Reference<Source> = "\"some-source\"",
        /// As of when.
        as_of: Known<Moment> = "\"2026\"",
        /// Whether it answers first what the role pays. Without any such figure the newest do; several become
        /// the range of what they say.
        headline: Option<bool> = "true",
        /// What a reader should know about it.
        note: Option<String> = "\"Without variable pay\"",
    }
    check sound
}

impl SalaryFigure {
    /// Notes as of when it is.
    pub(super) fn annotate(&self, at: WrittenAt<'_, '_>, notes: &mut Annotations) {
        notes.date(Aspect::SalaryFigures, self.as_of.known().copied(), "the figure", at, "as_of");
    }
}

table! {
    /// A share of those asked.
    pub struct Share in "a share" {
        /// In percent, above 0 and at most 100.
        percent: f64 = "51",
        /// How exact the source is.
        precision: Precision = "\"exact\"",
    }
    check share_is_percent
}

words! {
    /// How exact a source puts a share.
    pub enum Precision in "precision" {
        /// The very number.
        Exact = "exact",
        /// About.
        About = "about",
        /// A little less.
        Almost = "almost",
        /// A little more.
        Over = "over",
    }
}

words! {
    /// What an amount is paid for.
    pub enum Period in "period" {
        /// A year.
        Year = "year",
        /// A month.
        Month = "month",
        /// An hour.
        Hour = "hour",
    }
}

words! {
    /// Before or after taxes and contributions.
    pub enum Taxes in "word on taxes" {
        /// Before.
        Gross = "gross",
        /// After.
        Net = "net",
        /// The source does not say.
        Unknown = "unknown",
    }
}

words! {
    /// How long somebody has done the work.
    pub enum Experience in "experience" {
        /// Starters.
        Entry = "entry",
        /// Some years.
        Experienced = "experienced",
        /// Many years, or with staff.
        Senior = "senior",
        /// Any.
        Any = "any",
    }
}

words! {
    /// Whom a figure is about.
    pub enum Covers in "group" {
        /// The role alone.
        Role = "role",
        /// A wider group that holds the role.
        Group = "group",
    }
}

/// What a figure is. A range is never taken for a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One amount.
    Point,
    /// From low to high; one end may be open where a share says who earns in it.
    Range,
    /// A median and some of the quartiles and deciles.
    Distribution,
}

impl SalaryFigure {
    /// What the figure is; none where its keys contradict each other, which decoding reports.
    pub fn shape_of(&self) -> Option<Shape> {
        let spread = [self.p10, self.p25, self.p75, self.p90].iter().any(Option::is_some);
        match (self.amount.is_some(), self.low.is_some() || self.high.is_some(), self.median.is_some()) {
            (true, false, false) if !spread => Some(Shape::Point),
            (false, true, false) if !spread => Some(Shape::Range),
            (false, false, true) => Some(Shape::Distribution),
            _ => None,
        }
    }
}

fn share_is_percent(share: &Share, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if share.percent > 0.0 && share.percent <= 100.0 {
        return Some(());
    }
    reader.report(
        "out-of-range",
        node.span.clone(),
        text!("{number} is no share in percent", number = share.percent),
        "write a number above 0 and at most 100",
    );
    None
}

fn sound(figure: &SalaryFigure, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let shape = figure.shape_of();
    let Some(shape) = shape else {
        reader.report(
            "figure-shape",
            node.span.clone(),
            "a figure is exactly one of: a point (`amount`), a range (`low` and `high`), a distribution (`median`, with `p10`, `p25`, `p75`, `p90`)",
            "keep the keys of one of them",
        );
        return None;
    };
    if shape == Shape::Range && figure.share.is_none() && (figure.low.is_none() || figure.high.is_none()) {
        let missing = if figure.low.is_none() { "low" } else { "high" };
        reader.report(
            "figure-shape",
            node.span.clone(),
            text!("a range lacks its `{key}`", key = missing),
            "a range with one end needs a `share`: who earns in it",
        );
        return None;
    }
    let steps = [
        ("low", figure.low),
        ("p10", figure.p10),
        ("p25", figure.p25),
        ("median", figure.median),
        ("p75", figure.p75),
        ("p90", figure.p90),
        ("high", figure.high),
    ];
    let written: Vec<(&str, Amount)> = steps.into_iter().filter_map(|(key, amount)| Some((key, amount?))).collect();
    for pair in written.windows(2) {
        if let [(lower, a), (upper, b)] = pair
            && a > b
        {
            let message = text!(
                "`{lower}` is {lower_amount} and above `{upper}`, which is {upper_amount}",
                lower,
                lower_amount = a.units(),
                upper,
                upper_amount = b.units()
            );
            let span = key_span(node, lower).unwrap_or_else(|| node.span.clone());
            reader.report("range-reversed", span, message, text!("swap them, or mend the amount: `{lower}` is the smaller one", lower));
            return None;
        }
    }
    for (key, number, most) in
        [("hours_a_week", &figure.hours_a_week, MOST_HOURS_A_WEEK), ("months_paid", &figure.months_paid, MOST_MONTHS_PAID)]
    {
        if let Some(Known::Known(number)) = number
            && !(*number > 0.0 && *number <= most)
        {
            let span = key_span(node, key).unwrap_or_else(|| node.span.clone());
            reader.report(
                "out-of-range",
                span,
                text!("`{key}` cannot be {number}", key, number),
                text!("write a number above 0 and at most {most}", most),
            );
            return None;
        }
    }
    Some(())
}

/// A week has no more hours.
pub(crate) const MOST_HOURS_A_WEEK: f64 = 168.0;

/// No contract pays more monthly salaries a year.
pub(crate) const MOST_MONTHS_PAID: f64 = 24.0;

fn key_span(node: &Node<'_>, key: &str) -> Option<std::ops::Range<usize>> {
    match &node.value {
        Value::Table(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| entry.node.span.clone()),
        _ => None,
    }
}
