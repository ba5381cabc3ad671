//! The course finder's list of all courses in other orders, each a page of its own: who has no JavaScript
//! sorts by following a link.

use std::cmp::Ordering;

use super::facet::{Facet, FacetValue};
use crate::diagnostic::Text;
use crate::portal::{PageId, Portal};
use crate::records::{Course, Derived};
use crate::schema::known;

/// The name of the facet that holds the orders.
pub(super) const SORT: &str = "sort";

/// What courses are sorted by, as the finder's script names it.
const ORDERS: [&str; 4] = ["name", "price", "duration", "start"];

/// What a course is sorted by; none where that is not known.
#[derive(Debug, PartialEq)]
enum Key<'p> {
    Name(&'p str),
    /// Amounts of one currency stand together: those of two cannot be compared.
    Price(&'static str, i64),
    Months(f64),
    Start(jiff::civil::Date),
}

/// The orders: each with all courses, those of which nothing is known last. An order has a page where at
/// least `minimum` courses have what it goes by. `at` is the address of the page that shows all courses.
pub(super) fn orders(
    portal: &Portal,
    records: &[(PageId, &Course, Derived)],
    minimum: usize,
    at: Option<&str>,
    word: &dyn Fn(&str) -> Result<String, Text>,
) -> Result<Facet, Text> {
    let locale = portal.config.main_locale();
    let slug = locale.slug(&word("finder_path.sort")?);
    let mut values = Vec::with_capacity(ORDERS.len());
    for order in ORDERS {
        let mut keyed: Vec<(PageId, Option<Key<'_>>)> =
            records.iter().map(|(page, course, derived)| (*page, key(&portal.pages[*page].name, course, derived, order))).collect();
        let known = keyed.iter().filter(|(_, key)| key.is_some()).count();
        keyed.sort_by(|(_, a), (_, b)| match (a, b) {
            (Some(a), Some(b)) => compare(a, b, &|a, b| locale.compare(a, b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        let own = locale.slug(&word(&format!("finder_path.{order}"))?);
        let path = at.filter(|_| known >= minimum.max(2) && !slug.is_empty() && !own.is_empty()).map(|at| format!("{at}{slug}/{own}/"));
        let pages = keyed.into_iter().map(|(page, _)| page).collect();
        values.push(FacetValue { key: order.to_owned(), name: word(&format!("finder.sort_{order}"))?, path, pages, known });
    }
    Ok(Facet { key: SORT, name: word("finder.sort")?, slug, values, path: None })
}

fn key<'p>(name: &'p str, course: &Course, derived: &Derived, order: &str) -> Option<Key<'p>> {
    match order {
        "name" => Some(Key::Name(name)),
        "price" => known(&course.price).map(|price| Key::Price(price.currency.0.code(), price.amount.0)),
        "duration" => derived.months_about.map(Key::Months),
        _ => derived.next_start.map(|day| Key::Start(day.0)),
    }
}

fn compare(a: &Key<'_>, b: &Key<'_>, names: &dyn Fn(&str, &str) -> Ordering) -> Ordering {
    match (a, b) {
        (Key::Name(a), Key::Name(b)) => names(a, b),
        (Key::Price(a_currency, a), Key::Price(b_currency, b)) => a_currency.cmp(b_currency).then(a.cmp(b)),
        (Key::Months(a), Key::Months(b)) => a.total_cmp(b),
        (Key::Start(a), Key::Start(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}
