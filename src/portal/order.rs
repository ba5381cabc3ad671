//! The order of pages in lists, and the division of lists into pages.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use super::page::Page;
use crate::content::SortBy;
use crate::locale::Locale;

/// What a list can be sorted by, of one page.
fn date(page: &Page) -> Option<Date> {
    page.front.date.map(|day| day.0)
}

fn changed(page: &Page) -> Option<Date> {
    page.front.updated.map(|day| day.0).or_else(|| date(page))
}

/// The order of two pages; total, since no two pages have the same path.
pub(super) fn compare(a: &Page, b: &Page, by: SortBy, locale: &Locale) -> Ordering {
    let newest_first = |a: Option<Date>, b: Option<Date>| match (a, b) {
        (None, None) => Ordering::Equal,
        (a, b) => (a.is_none(), Reverse(a)).cmp(&(b.is_none(), Reverse(b))),
    };
    let title = || locale.compare(&a.name, &b.name);
    let by_key = match by {
        SortBy::Date => newest_first(date(a), date(b)).then_with(title),
        SortBy::UpdateDate => newest_first(changed(a), changed(b)).then_with(title),
        SortBy::Title => title(),
        SortBy::Weight => {
            let weight = |page: &Page| page.front.weight;
            (weight(a).is_none(), weight(a)).cmp(&(weight(b).is_none(), weight(b))).then_with(title)
        }
        SortBy::Slug => a.slug.cmp(&b.slug),
        SortBy::None => Ordering::Equal,
    };
    by_key.then_with(|| a.path.cmp(&b.path))
}

/// One page of a list that is divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    /// Its number, from 1.
    pub index: usize,
    /// Its address below the root.
    pub path: String,
    /// Which entries of the list it shows.
    pub range: std::ops::Range<usize>,
}

impl Pager {
    /// Divides a list of `total` entries into pages of `by`; there is always a first, if an empty one.
    pub fn divide(path: &str, folder: &str, total: usize, by: usize) -> Vec<Self> {
        let by = by.max(1);
        (0..total.div_ceil(by).max(1))
            .map(|number| Self {
                index: number + 1,
                path: if number == 0 { path.to_owned() } else { format!("{path}{folder}/{}/", number + 1) },
                range: number * by..((number + 1) * by).min(total),
            })
            .collect()
    }
}
