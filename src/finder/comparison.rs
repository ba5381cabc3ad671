//! In what courses differ that stand beside each other.

use jiff::civil::Date;
use tera::Value;

use crate::records::{Approval, Course, Derived, Rate, Span, Unit};
use crate::schema::known;
use crate::values::map;

/// What a course says in a row of a comparison, part by part; none where that part is unknown.
type Parts = Vec<Option<String>>;

/// What a course says in a row, put together.
type Said = fn(&Course, &Derived) -> Parts;

/// The rows of a comparison: what each is called in templates, and what courses say there. Only what readers
/// see is compared: not who says it.
const ROWS: [(&str, Said); 12] = [
    ("provider", |course, _| vec![Some(course.provider.id.to_string())]),
    ("price", |course, _| price(course)),
    ("price_per_month", |course, derived| vec![rate(course, derived.price_per_month)]),
    ("price_per_hour", |course, derived| vec![rate(course, derived.price_per_hour)]),
    ("duration", |course, _| vec![known(&course.duration).map(span)]),
    ("workload", |course, _| vec![known(&course.workload).map(|load| format!("{} {}", load.hours, load.per.as_str()))]),
    ("mode", |course, _| vec![known(&course.mode).map(|mode| mode.as_str().to_owned())]),
    ("credential", |course, _| credential(course)),
    ("approval", |course, _| vec![known(&course.approval).map(approval)]),
    ("funding", |course, _| vec![known(&course.funding).map(|all| in_any_order(all.iter().map(|one| one.name.as_str())))]),
    ("next_start", |_, derived| vec![derived.next_start.map(|day| day.0.to_string())]),
    ("verified", |course, _| vec![course.verified.map(|day| day.0.to_string())]),
];

/// Of each row of a comparison, whether the courses differ; none where there are no two to be compared. What
/// is unknown for one course may be the same or not, which nobody knows.
pub(crate) fn differs(courses: &[&Course], as_of: Date) -> Value {
    let derived: Vec<Derived> = courses.iter().map(|course| course.derived(as_of)).collect();
    Value::from(map(ROWS.map(|(key, said)| {
        let all: Vec<Parts> = courses.iter().zip(&derived).map(|(course, derived)| said(course, derived)).collect();
        (key, if all.len() < 2 { Value::none() } else { Value::from(word(&all)) })
    })))
}

fn word(all: &[Parts]) -> &'static str {
    let parts = all.first().map_or(0, Vec::len);
    let part = |at: usize| all.iter().map(move |parts| parts.get(at).and_then(Option::as_deref));
    let differs = |at: usize| {
        let mut said = part(at).flatten();
        let first = said.next();
        said.any(|other| Some(other) != first)
    };
    if (0..parts).any(differs) {
        "different"
    } else if all.iter().flatten().all(Option::is_none) {
        "unknown"
    } else if all.iter().flatten().any(Option::is_none) {
        "partly"
    } else {
        "same"
    }
}

/// A price is what is paid in all: the amount, whether VAT is in it, and what comes on top (§§ 3, 6 PAngV).
/// Two equal amounts are no equal prices where one of the others is not known.
fn price(course: &Course) -> Parts {
    let Some(price) = known(&course.price) else { return vec![None; 3] };
    let vat = price.vat.as_str();
    vec![
        Some(format!("{} {}", price.amount.0, price.currency.0.code())),
        (vat != "unknown").then(|| vat.to_owned()),
        known(&price.additional_costs).cloned(),
    ]
}

fn rate(course: &Course, rate: Option<Rate>) -> Option<String> {
    let currency = known(&course.price)?.currency.0.code();
    rate.map(|rate| format!("{} {currency}", rate.amount.0))
}

/// A duration, the same for twelve months and a year, and for two weeks and fourteen days.
fn span(span: &Span) -> String {
    let (value, unit) = match span.unit {
        Unit::Year => (span.value * 12.0, Unit::Month),
        Unit::Week => (span.value * 7.0, Unit::Day),
        unit => (span.value, unit),
    };
    format!("{value} {}", unit.as_str())
}

/// What a credential is worth depends on who awards it and on what it rests, not on its name alone.
fn credential(course: &Course) -> Parts {
    let Some(credential) = known(&course.credential) else { return vec![None; 3] };
    vec![
        credential.name.known().cloned(),
        known(&credential.awarded_by).cloned(),
        known(&credential.kind).map(|kind| kind.as_str().to_owned()),
    ]
}

fn approval(approval: &Approval) -> String {
    match approval {
        Approval::Number { number, .. } => format!("number {number}"),
        Approval::NotRequired(reason) => format!("not required: {reason}"),
    }
}

/// Names in an order of their own, each once.
fn in_any_order<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: std::collections::BTreeSet<&str> = names.collect();
    names.into_iter().collect::<Vec<_>>().join("; ")
}
