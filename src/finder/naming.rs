//! What a course says about each facet, and what that is called.

use std::sync::Arc;

use crate::diagnostic::Text;
use crate::portal::Portal;
use crate::records::{Course, Derived, Kind};
use crate::schema::{UNKNOWN, known};
use crate::words::{Words, filled};

/// The bounds of durations in months, where `[finder]` does not say.
const MONTHS: [u32; 4] = [3, 6, 12, 24];

/// The bounds of prices in whole units of the currency, where `[finder]` does not say.
const PRICES: [u32; 4] = [500, 1000, 2000, 4000];

/// The word for what there is none of.
pub(super) const NONE: &str = "none";

/// What a course says about a facet, before it has a name: names are made once for each value, not once for
/// each course. The order is that in which values are shown; those of one place go by their names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Said {
    /// One of a fixed series: a mode by its number, or the number of a span between two bounds.
    Nth(usize),
    /// The number of a span between two bounds of a currency, by the number and the code of ISO 4217.
    Price(u16, &'static str, usize),
    /// A year and a month.
    Month(i16, i8),
    /// The id of a record.
    Record(Arc<str>),
    /// A name that stands for itself.
    Name(String),
    /// A duration in hours: those are lessons, which nobody knows the calendar of.
    Hours,
    /// That there is none.
    None,
    /// Nothing.
    Unknown,
}

/// Names values.
pub(super) struct Namer<'p> {
    pub(super) portal: &'p Portal,
    pub(super) words: &'p Words,
}

impl Namer<'_> {
    pub(super) fn word(&self, key: &str, put: &[(&str, &str)]) -> Result<String, Text> {
        Ok(filled(self.words.word(key, None, &|_| ())?, put.iter().copied()))
    }

    fn months(&self) -> &[u32] {
        let setting = self.portal.config.site.finder.as_ref();
        setting.map(|setting| setting.months.as_slice()).filter(|bounds| !bounds.is_empty()).unwrap_or(&MONTHS)
    }

    fn prices(&self) -> &[u32] {
        let setting = self.portal.config.site.finder.as_ref();
        setting.map(|setting| setting.prices.as_slice()).filter(|bounds| !bounds.is_empty()).unwrap_or(&PRICES)
    }

    /// What a course says about a facet: at least that it says nothing.
    pub(super) fn said(&self, facet: &str, course: &Course, derived: &Derived) -> Vec<Said> {
        let mut said = match facet {
            "mode" => known(&course.mode).map(|mode| Said::Nth(*mode as usize)).into_iter().collect(),
            "duration" => {
                let span = known(&course.duration).map(|_| match derived.months_about {
                    Some(months) => Said::Nth(band(months, self.months())),
                    None => Said::Hours,
                });
                span.into_iter().collect()
            }
            "price" => {
                let price = known(&course.price);
                let place = |amount: f64| band(amount, self.prices());
                let said = price.map(|price| {
                    let currency = price.currency.0;
                    Said::Price(currency.numeric(), currency.code(), place(price.amount.units()))
                });
                said.into_iter().collect()
            }
            "provider" => vec![Said::Record(course.provider.id.clone())],
            "role" => course.leads_to.iter().map(|role| Said::Record(role.id.clone())).collect(),
            "start" => {
                let starts = course.upcoming(self.portal.as_of).map(|session| session.start.0);
                starts.map(|start| Said::Month(start.year(), start.month())).collect()
            }
            _ => match known(&course.funding) {
                Some(all) if all.is_empty() => vec![Said::None],
                all => all.into_iter().flatten().map(|funding| Said::Name(funding.name.clone())).collect::<Vec<_>>(),
            },
        };
        if said.is_empty() {
            said.push(Said::Unknown);
        }
        said
    }

    /// The key of a value, which is its part of addresses, and its name for readers. An empty key is none.
    ///
    /// # Errors
    /// Which word the theme lacks.
    pub(super) fn name(&self, facet: &str, said: &Said, mode: Option<&str>) -> Result<(String, String), Text> {
        let locale = self.portal.config.main_locale();
        let named = |name: String| (locale.slug(&name), name);
        Ok(match said {
            Said::Nth(_) if facet == "mode" => named(self.word(&format!("mode.{}", mode.unwrap_or(UNKNOWN)), &[])?),
            Said::Nth(at) => named(self.band("finder_months", *at, self.months(), &|bound| locale.number(f64::from(bound)))?),
            Said::Price(_, code, at) => {
                let shown = |bound: u32| locale.money(i64::from(bound) * 100, code);
                let coded = |bound: u32| locale.coded_money(i64::from(bound) * 100, code);
                let key = self.band("finder_price", *at, self.prices(), &coded)?;
                (locale.slug(&key), self.band("finder_price", *at, self.prices(), &shown)?)
            }
            Said::Month(year, month) => (format!("{year:04}-{month:02}"), locale.month(*year, *month)),
            Said::Record(id) => {
                let kind = if facet == "role" { Kind::Role } else { Kind::Provider };
                let page = self.portal.by_id.get(&(kind, id.clone())).map(|number| &self.portal.pages[*number]);
                (id.to_string(), page.map_or_else(|| id.to_string(), |page| page.name.to_string()))
            }
            Said::Name(name) => named(name.clone()),
            Said::Hours => named(self.word("finder_months.hours", &[])?),
            Said::None => (NONE.to_owned(), self.word(NONE, &[])?),
            Said::Unknown => (UNKNOWN.to_owned(), self.word(UNKNOWN, &[])?),
        })
    }

    /// What the span between two bounds is called: up to the first, between two, or above the last.
    fn band(&self, words: &str, at: usize, bounds: &[u32], shown: &dyn Fn(u32) -> String) -> Result<String, Text> {
        match (at.checked_sub(1).and_then(|below| bounds.get(below)), bounds.get(at)) {
            (None, Some(most)) => self.word(&format!("{words}.most"), &[("most", &shown(*most))]),
            (Some(above), Some(most)) => self.word(&format!("{words}.between"), &[("above", &shown(*above)), ("most", &shown(*most))]),
            (Some(above), None) => self.word(&format!("{words}.above"), &[("above", &shown(*above))]),
            (None, None) => self.word(UNKNOWN, &[]),
        }
    }
}

/// The number of the span between two bounds that a number falls into.
fn band(number: f64, bounds: &[u32]) -> usize {
    bounds.iter().position(|bound| number <= f64::from(*bound)).unwrap_or(bounds.len())
}
