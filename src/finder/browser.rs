//! All courses in one compact file, which the finder's script loads when it is first used. Columns rather
//! than records: values of one kind beside each other are packed small by a server, and names stand in it
//! once.

use serde::Serialize;

use super::facets::Facets;
use crate::locale::Locale;
use crate::portal::{PageId, Portal};
use crate::reads::{Read, note, note_sessions, note_summaries};
use crate::records::{Course, Derived, Span};
use crate::schema::Known;

/// The name of the file, below the page that shows all courses.
const FILE: &str = "finder.json";

/// What the script is given. Courses go by their place in the columns; `-1` is what nobody knows.
#[derive(Serialize)]
struct Data<'p> {
    /// The root of the portal.
    root: &'p str,
    /// The address below which courses are looked for.
    base: String,
    names: Vec<&'p str>,
    /// Addresses below `base` without the slash at their end, or from the root with one at their beginning;
    /// empty where the script makes it of the name.
    slugs: Vec<String>,
    facets: Vec<FacetData<'p>>,
    /// Durations as readers see them.
    durations: Vec<String>,
    /// Of each course the number of its duration.
    duration: Vec<i32>,
    months: Vec<f64>,
    /// Prices in whole units, with a fraction where there is one.
    price: Vec<f64>,
    currencies: Vec<&'static str>,
    /// Of each course the number of its currency.
    money: Vec<usize>,
    /// The next start as a number, 20270301; 0 where none is known.
    start: Vec<u32>,
    /// The courses whose pages hold paid links.
    advertised: Vec<usize>,
}

#[derive(Serialize)]
struct FacetData<'p> {
    key: &'static str,
    values: Vec<(&'p str, &'p str)>,
    /// Of each course the numbers of its values.
    of: Vec<Numbers>,
}

/// One number, or several.
#[derive(Serialize)]
#[serde(untagged)]
enum Numbers {
    One(i32),
    Several(Vec<i32>),
}

impl Facets {
    /// The address of the file below the root.
    pub fn data_path(&self) -> String {
        format!("{}{FILE}", self.at.as_deref().unwrap_or("/"))
    }
}

/// The bytes of the file.
pub(crate) fn data(facets: &Facets, portal: &Portal) -> Vec<u8> {
    note(Read::Finder);
    note(Read::Config);
    note_summaries(portal, &facets.courses);
    let below = facets.at.as_deref().unwrap_or("/");
    let records: Vec<(PageId, &Course, Derived)> = facets
        .courses
        .iter()
        .filter_map(|number| Some((*number, portal.pages[*number].course()?)))
        .map(|(number, course)| {
            note_sessions(portal, number);
            (number, course, course.derived(portal.as_of))
        })
        .collect();
    let place: std::collections::HashMap<PageId, usize> = records.iter().enumerate().map(|(at, (page, ..))| (*page, at)).collect();
    let mut durations: Vec<String> = Vec::new();
    let mut currencies: Vec<&'static str> = Vec::new();
    let mut data = Data {
        root: &portal.config.permalink("/"),
        base: portal.config.permalink(below),
        names: records.iter().map(|(page, ..)| &*portal.pages[*page].name).collect(),
        slugs: records.iter().map(|(page, ..)| slug(&portal.pages[*page].path, &portal.pages[*page].name, below)).collect(),
        facets: Vec::new(),
        durations: Vec::new(),
        duration: Vec::new(),
        months: records.iter().map(|(_, _, derived)| derived.months_about.unwrap_or(-1.0)).collect(),
        price: Vec::new(),
        currencies: Vec::new(),
        money: Vec::new(),
        start: records.iter().map(|(_, _, derived)| derived.next_start.map_or(0, |day| in_digits(day.0))).collect(),
        advertised: Vec::new(),
    };
    for (at, (_, course, _)) in records.iter().enumerate() {
        let span = course.duration.as_ref().and_then(Known::known).map(|span| duration(span, portal.config.main_locale()));
        data.duration.push(span.map_or(-1, |span| number_of(&mut durations, span)));
        let price = course.price.as_ref().and_then(Known::known);
        data.price.push(price.map_or(-1.0, |price| price.amount.units()));
        data.money.push(price.map_or(0, |price| {
            let code = price.currency.0.code();
            currencies.iter().position(|own| *own == code).unwrap_or_else(|| {
                currencies.push(code);
                currencies.len() - 1
            })
        }));
        if course.link.as_ref().is_some_and(|link| link.sponsored) {
            data.advertised.push(at);
        }
    }
    (data.durations, data.currencies) = (durations, currencies);
    for facet in &facets.facets {
        let mut of: Vec<Vec<i32>> = vec![Vec::new(); records.len()];
        for (number, value) in facet.values.iter().enumerate() {
            for page in value.pages.iter().filter_map(|page| place.get(page)) {
                of[*page].push(i32::try_from(number).unwrap_or(i32::MAX));
            }
        }
        let of = of.into_iter().map(|mut numbers| match numbers.len() {
            0 => Numbers::One(-1),
            1 => Numbers::One(numbers.remove(0)),
            _ => Numbers::Several(numbers),
        });
        let values = facet.values.iter().map(|value| (value.key.as_str(), value.name.as_str())).collect();
        data.facets.push(FacetData { key: facet.key, values, of: of.collect() });
    }
    // Writing to memory does not fail.
    serde_json::to_vec(&data).unwrap_or_default()
}

fn number_of(known: &mut Vec<String>, text: String) -> i32 {
    let at = known.iter().position(|own| *own == text).unwrap_or_else(|| {
        known.push(text);
        known.len() - 1
    });
    i32::try_from(at).unwrap_or(-1)
}

/// A duration as the theme's component of that name shows it: `12 Monate`.
fn duration(span: &Span, locale: &Locale) -> String {
    locale.duration(span.value, span.unit.as_str())
}

fn in_digits(day: jiff::civil::Date) -> u32 {
    let digits = day.strftime("%Y%m%d").to_string();
    digits.parse().unwrap_or(0)
}

/// What the script needs to find the page of a course; empty where its own rule gives it.
fn slug(path: &str, name: &str, below: &str) -> String {
    match path.strip_prefix(below).map(|rest| rest.trim_end_matches('/')) {
        Some(own) if own == by_rule(name) => String::new(),
        Some(own) => own.to_owned(),
        None => path.to_owned(),
    }
}

/// The rule of the script for addresses: the one of `finder.js`, which must be the same.
fn by_rule(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.to_lowercase().chars() {
        match character {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(character),
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_matches('-').to_owned()
}
