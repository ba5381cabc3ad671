//! What a course says about each facet, and what that is called.

use crate::portal::Portal;
use crate::records::{Course, Kind};
use crate::schema::{Known, UNKNOWN};
use crate::words::{Words, filled};

/// The bounds of durations in months, where `[finder]` does not say.
const MONTHS: [u32; 4] = [3, 6, 12, 24];

/// The bounds of prices in whole units of the currency, where `[finder]` does not say.
const PRICES: [u32; 4] = [500, 1000, 2000, 4000];

/// How many places in the order of values each currency has: more than there are bounds.
const CURRENCY_ROOM: u32 = 1_000;

/// The word for what there is none of, and its place before what nobody knows.
pub(super) const NONE: (&str, u32) = ("none", u32::MAX - 1);

/// Names values.
pub(super) struct Namer<'p> {
    pub(super) portal: &'p Portal,
    pub(super) words: &'p Words,
}

/// A value: its order, its key, its name.
pub(super) type Said = (u32, String, String);

impl Namer<'_> {
    pub(super) fn word(&self, key: &str, put: &[(&str, &str)]) -> Result<String, String> {
        Ok(filled(self.words.word(key, None, &|_| ())?, put.iter().copied()))
    }

    /// What a course says about a facet; nothing where it is unknown.
    pub(super) fn said(&self, facet: &str, course: &Course) -> Result<Vec<Said>, String> {
        let portal = self.portal;
        let locale = portal.config.locale;
        let derived = course.derived(portal.as_of);
        let setting = portal.config.site.finder.as_ref();
        Ok(match facet {
            "mode" => {
                let Some(mode) = course.mode.as_ref().and_then(Known::known) else { return Ok(Vec::new()) };
                let name = self.word(&format!("mode.{}", mode.as_str()), &[])?;
                vec![(*mode as u32, locale.slug(&name), name)]
            }
            "duration" => {
                let Some(months) = derived.months_about else { return Ok(Vec::new()) };
                let bounds = setting.map(|setting| setting.months.as_slice()).filter(|bounds| !bounds.is_empty()).unwrap_or(&MONTHS);
                vec![self.band("finder_months", months, bounds, &|bound| locale.number(f64::from(bound)))?]
            }
            "price" => {
                let Some(price) = course.price.as_ref().and_then(Known::known) else { return Ok(Vec::new()) };
                let bounds = setting.map(|setting| setting.prices.as_slice()).filter(|bounds| !bounds.is_empty()).unwrap_or(&PRICES);
                let code = price.currency.0.code();
                let band = |shown: &dyn Fn(i64) -> String| {
                    self.band("finder_price", price.amount.units(), bounds, &|bound| shown(i64::from(bound) * 100))
                };
                let (at, _, name) = band(&|amount| locale.money(amount, code))?;
                let (_, key, _) = band(&|amount| locale.coded_money(amount, code))?;
                // Amounts of two currencies cannot be compared: those of one stand together.
                vec![(u32::from(price.currency.0.numeric()) * CURRENCY_ROOM + at, key, name)]
            }
            "provider" => {
                let id = &course.provider.id;
                let page = portal.by_id.get(&(Kind::Provider, id.clone())).map(|number| &portal.pages[*number]);
                vec![(0, id.to_string(), page.map_or_else(|| id.to_string(), |page| page.name.to_string()))]
            }
            "start" => course
                .upcoming(portal.as_of)
                .map(|session| session.start.0)
                .map(|start| (0, format!("{:04}-{:02}", start.year(), start.month()), locale.month(start.year(), start.month())))
                .map(|(_, key, name)| (month_order(&key), key, name))
                .collect(),
            _ => {
                let Some(all) = course.funding.as_ref().and_then(Known::known) else { return Ok(Vec::new()) };
                if all.is_empty() {
                    return Ok(vec![(NONE.1, NONE.0.to_owned(), self.word(NONE.0, &[])?)]);
                }
                let all = all.iter();
                all.map(|funding| (0, locale.slug(&funding.name), funding.name.clone())).filter(|(_, slug, _)| !slug.is_empty()).collect()
            }
        })
    }

    /// The span between two bounds that a number falls into: up to the first, between two, or above the last.
    fn band(&self, words: &str, number: f64, bounds: &[u32], shown: &dyn Fn(u32) -> String) -> Result<Said, String> {
        let at = bounds.iter().position(|bound| number <= f64::from(*bound)).unwrap_or(bounds.len());
        let name = match (at.checked_sub(1).and_then(|below| bounds.get(below)), bounds.get(at)) {
            (None, Some(most)) => self.word(&format!("{words}.most"), &[("most", &shown(*most))])?,
            (Some(above), Some(most)) => self.word(&format!("{words}.between"), &[("above", &shown(*above)), ("most", &shown(*most))])?,
            (Some(above), None) => self.word(&format!("{words}.above"), &[("above", &shown(*above))])?,
            (None, None) => self.word(UNKNOWN, &[])?,
        };
        // Cast: bounds are few.
        Ok((at as u32, self.portal.config.locale.slug(&name), name))
    }
}

/// `2027-01` as a number to sort by.
fn month_order(month: &str) -> u32 {
    month.bytes().filter(u8::is_ascii_digit).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}
