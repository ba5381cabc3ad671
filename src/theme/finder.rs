//! The course finder: what courses have in common, by which readers find them. The facets are those of the catalogue of the Bundesagentur für Arbeit that
//! a record of a course can answer: how it is taught, how long it takes, what it costs, who offers it, when it starts, what may pay for it.

use std::collections::HashMap;

use tera::{Kwargs, Map, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::courses::course;
use super::functions::rendering;
use super::scope::{self, Rendering};
use super::sorted;
use super::values::{map, with};
use super::{Read, Words};
use crate::portal::{Entry, Portal};
use crate::records::{Amount, Course, Kind};
use crate::schema::Known;

/// The fewest courses of a list with a page of its own, where `[finder]` does not say.
const MINIMUM: usize = 3;

/// The bounds of durations in months, where `[finder]` does not say.
const MONTHS: [u32; 4] = [3, 6, 12, 24];

/// The bounds of prices in whole units of the currency, where `[finder]` does not say.
const PRICES: [u32; 4] = [500, 1000, 2000, 4000];

/// How many places in the order of values each currency has: more than there are bounds.
const CURRENCY_ROOM: u32 = 1_000;

/// The names of the facets, in the order in which they are shown.
const NAMES: [&str; 6] = ["mode", "duration", "price", "provider", "start", "funding"];

/// What courses have in common.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// The facets, in order.
    pub facets: Vec<Facet>,
    /// The pages of all courses, in their order.
    pub courses: Vec<usize>,
    /// All courses in other orders, as the values of one facet more.
    pub orders: Option<Facet>,
    /// Which word the theme lacks; then there are no facets.
    pub problem: Option<String>,
}

/// Something that courses are found by.
#[derive(Clone, Debug)]
pub struct Facet {
    /// Its name in templates: `mode`, `duration`, `price`, `provider`, `start`, `funding`.
    pub key: &'static str,
    /// Its name for readers.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// What courses say about it.
    pub values: Vec<FacetValue>,
}

/// What some courses say about a facet.
#[derive(Clone, Debug)]
pub struct FacetValue {
    /// Its place in the order of values, before the name is looked at.
    order: (u32, String),
    /// Its part of addresses, and its name in templates; `unknown` where courses do not say.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// The address of the list of its courses below the root; none where there are too few, or it is unknown.
    pub path: Option<String>,
    /// The courses, in their order.
    pub pages: Vec<usize>,
    /// How many of them say so: all, but in an order that goes by what not all say.
    pub known: usize,
}

impl FacetValue {
    /// A value, with what decides its place among others.
    pub(super) fn new(order: u32, key: String, name: String, path: Option<String>, pages: Vec<usize>, known: usize) -> Self {
        Self { order: (order, key.clone()), key, name, path, pages, known }
    }
}

/// The word for what nobody knows.
const UNKNOWN: &str = "unknown";

/// The word for what there is none of, and its place before what nobody knows.
const NONE: (&str, u32) = ("none", u32::MAX - 1);

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("finder", finder);
}

impl Facets {
    /// Looks through all courses.
    pub fn of(portal: &Portal, words: &Words) -> Self {
        Self::found(portal, words).unwrap_or_else(|problem| Self { problem: Some(problem), ..Self::default() })
    }

    fn found(portal: &Portal, words: &Words) -> Result<Self, String> {
        let setting = portal.config.site.finder.as_ref();
        let section = setting.and_then(|setting| match portal.entry(&setting.page.url) {
            Some(Entry::Section(number)) => Some(&portal.sections[number].path),
            _ => None,
        });
        let minimum = setting.and_then(|setting| setting.minimum).map_or(MINIMUM, |minimum| minimum as usize);
        let courses = portal.of_kind.get(&Kind::Course).cloned().unwrap_or_default();
        let namer = Namer { portal, words };
        let mut facets = Vec::with_capacity(NAMES.len());
        for key in NAMES {
            let name = namer.word(&format!("finder.{key}"), &[])?;
            let slug = portal.config.locale.slug(&namer.word(&format!("finder_path.{key}"), &[])?);
            let mut values: Vec<FacetValue> = Vec::new();
            for number in &courses {
                let Some(course) = course(&portal.pages[*number]) else { continue };
                let mut said = namer.said(key, course)?;
                if said.is_empty() {
                    said.push((u32::MAX, String::from(UNKNOWN), namer.word(UNKNOWN, &[])?));
                }
                for (order, value, name) in said {
                    match values.iter_mut().find(|other| other.key == value) {
                        Some(other) if other.pages.last() == Some(number) => {}
                        Some(other) => other.pages.push(*number),
                        None => values.push(FacetValue::new(order, value, name, None, vec![*number], 0)),
                    }
                }
            }
            for value in &mut values {
                value.known = value.pages.len();
                if value.order.0 < NONE.1 && value.known >= minimum.max(1) {
                    value.path = section.filter(|_| !slug.is_empty()).map(|section| format!("{section}{slug}/{}/", value.key));
                }
            }
            let locale = portal.config.locale;
            values.sort_by(|a, b| {
                a.order.0.cmp(&b.order.0).then_with(|| locale.compare(&a.name, &b.name)).then_with(|| a.order.cmp(&b.order))
            });
            facets.push(Facet { key, name, slug, values });
        }
        let section = section.map(|section| &**section);
        let orders = sorted::orders(portal, &courses, minimum, section, &|key| namer.word(key, &[]))?;
        Ok(Self { facets, courses, orders: Some(orders), problem: None })
    }

    /// The lists that have pages of their own, each with its address below the root: those of facets, and those of all courses in another order.
    pub fn lists(&self) -> impl Iterator<Item = (&Facet, &FacetValue, &str)> {
        self.facets.iter().chain(&self.orders).flat_map(Self::lists_of)
    }

    fn lists_of(facet: &Facet) -> impl Iterator<Item = (&Facet, &FacetValue, &str)> {
        facet.values.iter().filter_map(move |value| Some((facet, value, value.path.as_deref()?)))
    }

    /// The addresses that search engines are told: an order of all courses shows nothing but what the page of all courses shows.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.facets.iter().flat_map(Self::lists_of).map(|(_, _, path)| path)
    }

    /// The list of a facet and a value, by their names.
    pub fn list(&self, facet: &str, value: &str) -> Option<(&Facet, &FacetValue)> {
        self.lists().map(|(facet, value, _)| (facet, value)).find(|(of, own)| of.key == facet && own.key == value)
    }

    /// Whether templates would see the same; pages go by their files, since their numbers may differ.
    pub fn is_same(&self, portal: &Portal, other: &Facets, others: &Portal) -> bool {
        let files =
            |portal: &Portal, pages: &[usize]| pages.iter().map(|page| portal.pages[*page].document.file.clone()).collect::<Vec<_>>();
        let value = |a: &FacetValue, b: &FacetValue| {
            (&a.key, &a.name, &a.path, a.known) == (&b.key, &b.name, &b.path, b.known) && files(portal, &a.pages) == files(others, &b.pages)
        };
        let facet = |a: &Facet, b: &Facet| {
            (a.key, &a.name, &a.slug) == (b.key, &b.name, &b.slug)
                && a.values.len() == b.values.len()
                && a.values.iter().zip(&b.values).all(|(a, b)| value(a, b))
        };
        self.problem == other.problem
            && files(portal, &self.courses) == files(others, &other.courses)
            && self.facets.len() == other.facets.len()
            && self.orders.is_some() == other.orders.is_some()
            && self.facets.iter().chain(&self.orders).zip(other.facets.iter().chain(&other.orders)).all(|(a, b)| facet(a, b))
    }
}

/// What the template of a list sees: `{key, name, value, value_name, pages, count, finder}`.
pub fn list_value(rendering: &Rendering, facet: &Facet, value: &FacetValue) -> Value {
    Value::from(map([
        ("key", Value::from(facet.key)),
        ("name", Value::from(facet.name.as_str())),
        ("value", Value::from(value.key.as_str())),
        ("value_name", Value::from(value.name.as_str())),
        ("pages", rendering.values.summaries(&value.pages)),
        ("count", Value::from(value.known)),
        ("finder", finder_page(&rendering.portal)),
    ]))
}

/// Names values.
struct Namer<'p> {
    portal: &'p Portal,
    words: &'p Words,
}

/// A value: its order, its key, its name.
type Said = (u32, String, String);

impl Namer<'_> {
    fn word(&self, key: &str, put: &[(&str, &str)]) -> Result<String, String> {
        let mut word = self.words.word(key, None, &|_| ())?;
        for (name, value) in put {
            word = word.replace(&format!("{{{name}}}"), value);
        }
        Ok(word)
    }

    /// What a course says about a facet; nothing where it is unknown.
    fn said(&self, facet: &str, course: &Course) -> Result<Vec<Said>, String> {
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

/// The page that shows all courses: `{title, permalink}`, or none. It counts as read.
fn finder_page(portal: &Portal) -> Value {
    let entry = portal.config.site.finder.as_ref().and_then(|setting| portal.entry(&setting.page.url));
    let Some(entry) = entry else { return Value::none() };
    scope::note(Read::Summary(portal.document(entry).file.clone()));
    Value::from(map([("title", Value::from(portal.title(entry))), ("permalink", Value::from(&**portal.permalink(entry)))]))
}

/// Everything that the course finder shows: `{page, facets: [{key, name, slug, values: [{key, name, count, permalink}]}], orders, courses: [{…, derived,
/// facets}]}`; `orders` is as a facet: its values are what courses are sorted by.
fn finder(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    let facets = &rendering.facets;
    scope::note(Read::Finder);
    if let Some(problem) = &facets.problem {
        return Err(tera::Error::message(problem.clone()));
    }
    scope::note_summaries(portal, &facets.courses);
    for number in &facets.courses {
        rendering.note_sessions(*number);
    }
    let mut keys: HashMap<usize, Map> = HashMap::new();
    for facet in &facets.facets {
        for value in &facet.values {
            for page in &value.pages {
                let all = keys.entry(*page).or_default().entry(facet.key.into()).or_insert_with(|| Value::from(Vec::<Value>::new()));
                let mut said: Vec<Value> = all.as_array().map(<[Value]>::to_vec).unwrap_or_default();
                said.push(Value::from(value.key.as_str()));
                *all = Value::from(said);
            }
        }
    }
    let courses: Vec<Value> = facets
        .courses
        .iter()
        .filter_map(|number| {
            let page = &portal.pages[*number];
            let derived = Value::from_serializable(&course(page)?.derived(portal.as_of));
            let price = course(page)?.price.as_ref().and_then(Known::known).map(|price| price.amount);
            let own = keys.remove(number).unwrap_or_default();
            let price = price.map_or_else(Value::none, |price: Amount| Value::from_serializable(&price));
            Some(with(rendering.values.page(*number), [("derived", derived), ("facets", Value::from(own)), ("total", price)]))
        })
        .collect();
    Ok(Value::from(map([
        ("page", finder_page(portal)),
        ("courses", Value::from(courses)),
        ("orders", facets.orders.as_ref().map_or_else(Value::none, |orders| facet_value(portal, orders))),
        ("facets", Value::from(facets.facets.iter().map(|facet| facet_value(portal, facet)).collect::<Vec<_>>())),
    ])))
}

fn facet_value(portal: &Portal, facet: &Facet) -> Value {
    let values = facet.values.iter().map(|value| {
        let link = value.path.as_deref().map_or_else(Value::none, |path| Value::from(portal.config.permalink(path)));
        Value::from(map([
            ("key", Value::from(value.key.as_str())),
            ("name", Value::from(value.name.as_str())),
            ("count", Value::from(value.known)),
            ("permalink", link),
        ]))
    });
    Value::from(map([
        ("key", Value::from(facet.key)),
        ("name", Value::from(facet.name.as_str())),
        ("slug", Value::from(facet.slug.as_str())),
        ("values", Value::from(values.collect::<Vec<_>>())),
    ]))
}
