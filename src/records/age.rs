//! How old something may become before readers are told: an age, what ages, and when it is too old.

use jiff::civil::Date;
use jiff::{Span as Time, ToSpan};
use serde::Serialize;

use super::figure::Unit;
use super::moment::{Day, Moment};
use crate::diagnostic::{Argument, Text, ToArgument, text};
use crate::limits::LONGEST_AGE;
use crate::schema::{Decode, Node, Reader, Shape, words};

words! {
    /// What ages: a field of a kind of page, as `[freshness]` of site.toml names it.
    pub enum Aspect in "field" {
        /// The `as_of` of a course's price.
        CoursePrice = "course.price",
        /// The `as_of` of a course's duration, extension and trial.
        CourseDuration = "course.duration",
        /// The `as_of` of a course's workload.
        CourseWorkload = "course.workload",
        /// The `as_of` of a course's sessions that have not begun.
        CourseSessions = "course.sessions",
        /// When a course was last gone through.
        CourseVerified = "course.verified",
        /// The `as_of` of a salary's figures.
        SalaryFigures = "salary.figures",
        /// When a role was last gone through.
        RoleReviewed = "role.reviewed",
        /// When a source was last read.
        SourceAccessed = "source.accessed",
        /// When a page was last updated, or published.
        PageUpdated = "page.updated",
    }
}

impl Aspect {
    /// The aspect of a name such as `course.price`.
    pub fn from_name(name: &str) -> Option<Self> {
        use Aspect::{
            CourseDuration, CoursePrice, CourseSessions, CourseVerified, CourseWorkload, PageUpdated, RoleReviewed, SalaryFigures,
            SourceAccessed,
        };
        [
            CoursePrice,
            CourseDuration,
            CourseWorkload,
            CourseSessions,
            CourseVerified,
            SalaryFigures,
            RoleReviewed,
            SourceAccessed,
            PageUpdated,
        ]
        .into_iter()
        .find(|aspect| aspect.as_str() == name)
    }
}

/// An age: `"12 months"`. Serializes as durations do (`{value: 12, unit: "month"}`), so that templates write
/// it like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Age {
    /// How many units; at least one.
    pub value: u32,
    /// Days, weeks, months or years.
    pub unit: Unit,
}

/// The units of an age, in the singular; the plural ends with an `s`.
const UNITS: [(&str, Unit); 4] = [("day", Unit::Day), ("week", Unit::Week), ("month", Unit::Month), ("year", Unit::Year)];

impl Age {
    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.trim().split_once(' ')?;
        let value = number.parse().ok().filter(|value| (1..=LONGEST_AGE).contains(value))?;
        let unit = unit.trim();
        let (_, unit) = UNITS.into_iter().find(|(name, _)| unit == *name || unit.strip_suffix('s') == Some(name))?;
        Some(Self { value, unit })
    }

    /// The first day on which something of `moment` is older than this. A month or a year counts from its
    /// last day, so that nothing is called old that may not be. None beyond the end of the calendar.
    pub fn exceeded_on(self, moment: Moment) -> Option<Date> {
        moment.last_day()?.checked_add(self.time()).ok()?.tomorrow().ok()
    }

    fn text(self) -> Text {
        let count = self.value;
        match self.unit {
            Unit::Hour => text!("{count} hour" | "{count} hours", count),
            Unit::Day => text!("{count} day" | "{count} days", count),
            Unit::Week => text!("{count} week" | "{count} weeks", count),
            Unit::Month => text!("{count} month" | "{count} months", count),
            Unit::Year => text!("{count} year" | "{count} years", count),
        }
    }

    fn time(self) -> Time {
        let value = i64::from(self.value);
        match self.unit {
            Unit::Week => value.weeks(),
            Unit::Month => value.months(),
            Unit::Year => value.years(),
            Unit::Hour | Unit::Day => value.days(),
        }
    }
}

impl Moment {
    /// Its first day; none outside of the calendar.
    pub fn first_day(self) -> Option<Date> {
        match self {
            Moment::Day(day) => Some(day),
            Moment::Month(year, month) => Date::new(year, month, 1).ok(),
            Moment::Year(year) => Date::new(year, 1, 1).ok(),
        }
    }

    /// Its last day; none outside of the calendar.
    pub fn last_day(self) -> Option<Date> {
        match self {
            Moment::Day(day) => Some(day),
            Moment::Month(year, month) => Date::new(year, month, 1).ok().map(Date::last_of_month),
            Moment::Year(year) => Date::new(year, 12, 31).ok(),
        }
    }
}

impl From<Day> for Moment {
    fn from(day: Day) -> Self {
        Moment::Day(day.0)
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(self.text().english())
    }
}

impl ToArgument for Age {
    fn to_argument(&self) -> Argument {
        Argument::Text(self.text())
    }
}

impl Decode for Age {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::decode(node, reader)?;
        let age = Self::parse(&text);
        if age.is_none() {
            reader.report(
                "age",
                node.span.clone(),
                text!("`{text}` is no age", text),
                text!("write a number up to {most} and a unit: \"30 days\", \"6 weeks\", \"12 months\", \"2 years\"", most = LONGEST_AGE),
            );
        }
        age
    }

    fn shape() -> Shape {
        Shape::Form("an age", r"^[1-9]\d{0,3} (day|week|month|year)s?$", "12 months")
    }
}
