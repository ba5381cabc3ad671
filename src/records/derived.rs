//! What follows from what a course says: price a month, price an hour, total of the instalments, next start.
//! Only what follows without a guess: where one of the figures is unknown, so is what would be made of it.

use jiff::civil::Date;
use serde::Serialize;

use super::course::{Course, Per, Price, Session, Workload};
use super::figure::{Amount, Span, Unit};
use super::moment::Day;
use super::paid::WEEKS_A_YEAR;
use crate::schema::known;

/// A price divided by a number of units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// The price of one unit.
    pub amount: Amount,
    /// By how many units the total was divided.
    pub units: f64,
}

/// What follows from a course's figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Derived {
    /// The total price divided by the months of its duration.
    pub price_per_month: Option<Rate>,
    /// The total price divided by its hours.
    pub price_per_hour: Option<Rate>,
    /// How many months it takes; days and weeks are not made into months.
    pub months: Option<f64>,
    /// About how many months it takes, to sort courses and put them into spans: no figure to show. None where
    /// the duration counts hours: those are lessons, which nobody knows the calendar of.
    pub months_about: Option<f64>,
    /// How many hours it is in all.
    pub hours: Option<f64>,
    /// With how many weeks a year the hours were worked out; none where that was not needed.
    pub weeks_a_year: Option<f64>,
    /// What the instalments sum to.
    pub instalments_total: Option<Amount>,
    /// What the instalments cost beyond the total price; none where nothing.
    pub instalments_extra: Option<Amount>,
    /// The first day of the next session.
    pub next_start: Option<Day>,
}

/// Weeks of a month, where a workload and a duration count differently.
const WEEKS_A_MONTH: f64 = WEEKS_A_YEAR / 12.0;

impl Course {
    /// Its sessions that have not begun on a day, in the order in which they are written. One that begins on
    /// that day has begun.
    pub fn upcoming(&self, as_of: Date) -> impl Iterator<Item = &Session> {
        known(&self.sessions).into_iter().flatten().filter(move |session| session.start.0 > as_of)
    }

    /// What follows from its figures on a day.
    pub fn derived(&self, as_of: Date) -> Derived {
        let duration = known(&self.duration);
        let months = duration.and_then(months);
        let workload = known(&self.workload);
        let hours = workload.and_then(|workload| hours(workload, duration));
        let of_weeks = workload.is_some_and(|workload| workload.per == Per::Week);
        let in_months = duration.is_some_and(|span| matches!(span.unit, Unit::Month | Unit::Year));
        let price = known(&self.price);
        let rate = |units: Option<f64>| Some(rate(price?, units?));
        let instalments_total = price.and_then(|price| price.instalments.as_ref()).map(|parts| {
            // Saturates: amounts are bounded when they are read.
            Amount(parts.amount.0.saturating_mul(i64::from(parts.count)))
        });
        let parts = price.and_then(|price| price.instalments.as_ref()).map_or(0, |parts| i64::from(parts.count));
        let extra = instalments_total.zip(price).map(|(sum, price)| sum.0 - price.amount.0);
        let starts = self.upcoming(as_of).map(|session| session.start);
        Derived {
            price_per_month: rate(months),
            price_per_hour: rate(hours),
            months,
            months_about: duration.and_then(months_about),
            hours,
            weeks_a_year: hours.filter(|_| of_weeks && in_months).map(|_| WEEKS_A_YEAR),
            instalments_total,
            // Rounding each part may cost up to a cent a part, which is no surcharge.
            instalments_extra: extra.filter(|extra| *extra > parts).map(Amount),
            next_start: starts.min(),
        }
    }
}

fn rate(price: &Price, units: f64) -> Rate {
    // Cast: bounded, as amounts and units are when they are read.
    Rate { amount: Amount((price.amount.0 as f64 / units).round() as i64), units }
}

fn months(span: &Span) -> Option<f64> {
    match span.unit {
        Unit::Month => Some(span.value),
        Unit::Year => Some(span.value * 12.0),
        Unit::Hour | Unit::Day | Unit::Week => None,
    }
}

/// A duration in months, where it is one of the calendar: a month has 52/12 weeks, a week seven days.
fn months_about(span: &Span) -> Option<f64> {
    match span.unit {
        Unit::Hour => None,
        Unit::Day => Some(span.value / 7.0 / WEEKS_A_MONTH),
        Unit::Week => Some(span.value / WEEKS_A_MONTH),
        Unit::Month => Some(span.value),
        Unit::Year => Some(span.value * 12.0),
    }
}

/// The hours of a whole course: as the workload says, or as many a week or month as it takes weeks or months.
fn hours(workload: &Workload, duration: Option<&Span>) -> Option<f64> {
    let weeks = |span: &Span| match span.unit {
        Unit::Week => Some(span.value),
        Unit::Month => Some(span.value * WEEKS_A_MONTH),
        Unit::Year => Some(span.value * WEEKS_A_YEAR),
        Unit::Hour | Unit::Day => None,
    };
    match workload.per {
        Per::Total => Some(workload.hours),
        Per::Week => duration.and_then(weeks).map(|weeks| workload.hours * weeks),
        Per::Month => duration.and_then(months).map(|months| workload.hours * months),
    }
}
