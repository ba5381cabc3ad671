//! The lists of the course finder as templates see them, and what of them is compared in a rebuild.

use std::collections::BTreeMap;

use tera::value::Key;
use tera::{Map, Value};

use super::facet::{Facet, FacetValue};
use super::facets::{Facets, Listed, VALUES_A_PAGE};
use crate::content::ContentPath;
use crate::diagnostic::Text;
use crate::portal::{Page, PageId, Portal};
use crate::reads::{Read, note, note_summaries};
use crate::records::Kind;
use crate::values::lists::paginator_value;
use crate::values::{Values, map};

/// One page of a list of courses: what a rebuild compares of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'p> {
    /// What the list is of: the names of facets and of values.
    of: Vec<(&'p str, &'p str)>,
    /// The courses, by their files.
    files: Vec<&'p str>,
    /// How many pages there are, how many courses, and of how many it is known where they stand.
    counts: (usize, usize, usize),
}

/// A value beside a list: its key, its name, the address of its list, and how many courses it has.
type Beside<'p> = (&'p str, &'p str, Option<&'p str>, usize);

/// What narrows a list down by a facet: its key, its name, its part of addresses, the address of all its
/// values and how many there are; and values.
type Narrower<'p> = (&'static str, &'p str, &'p str, Option<&'p str>, usize, Vec<Beside<'p>>);

/// What stands beside a list: what a rebuild compares of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Navigation<'p> {
    /// What narrows the list down.
    narrower: Vec<Narrower<'p>>,
    /// The lists that hold this one, each with its name.
    broader: Vec<(String, &'p str)>,
}

impl Facets {
    /// What stands on one page of a list, by the address of the list; none where there is no such page.
    pub fn part<'p>(&'p self, portal: &'p Portal, path: &str, at: usize) -> Option<Part<'p>> {
        let listed = self.listed(path).or_else(|| (self.at.is_none()).then_some(Listed::All))?;
        let pagers = self.pagers(path, listed);
        let pager = pagers.get(at)?;
        let pages = self.pages(listed).get(pager.range.clone())?;
        Some(Part {
            of: self.of_list(listed).into_iter().map(|(facet, value)| (facet.name.as_str(), value.name.as_str())).collect(),
            files: pages.iter().map(|page| &*portal.pages[*page].document.file).collect(),
            counts: (pagers.len(), self.pages(listed).len(), self.known(listed)),
        })
    }

    /// The facets and values that a list is of; none of the list of all courses.
    fn of_list(&self, listed: Listed) -> Vec<(&Facet, &FacetValue)> {
        let pair = |facet: usize, value: usize| Some((self.facets.get(facet)?, self.value(facet, value)?));
        match listed {
            Listed::All | Listed::Values(_) => Vec::new(),
            Listed::Value(facet, value) => pair(facet, value).into_iter().collect(),
            Listed::Order(order) => self.orders.as_ref().and_then(|orders| Some((orders, orders.values.get(order)?))).into_iter().collect(),
            Listed::Combined(number) => self
                .combined
                .get(number)
                .into_iter()
                .flat_map(|combined| combined.of)
                .filter_map(|(facet, value)| pair(facet, value))
                .collect(),
        }
    }

    /// What a list is called, for findings.
    pub fn title(&self, listed: Listed) -> String {
        match listed {
            Listed::Values(facet) => self.facets.get(facet).map_or_else(String::new, |facet| facet.name.clone()),
            Listed::All => self.all.clone(),
            listed => self.of_list(listed).into_iter().map(|(_, value)| value.name.as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    /// Of how many courses of a list it is known what the list goes by.
    fn known(&self, listed: Listed) -> usize {
        match listed {
            Listed::Order(order) => self.orders.as_ref().and_then(|orders| orders.values.get(order)).map_or(0, |order| order.known),
            listed => self.pages(listed).len(),
        }
    }

    /// What stands beside a list, by its address.
    pub fn navigation(&self, path: &str) -> Navigation<'_> {
        let listed = self.listed(path).unwrap_or(Listed::All);
        let all = self.at.as_deref().map(|at| (self.all.clone(), at));
        let single = |(facet, value): (usize, usize)| {
            let (facet, value) = (self.facets.get(facet)?, self.value(facet, value)?);
            Some((format!("{}: {}", facet.name, value.name), value.path.as_deref()?))
        };
        let narrower = match listed {
            Listed::All | Listed::Order(_) => self.facets.iter().map(|facet| self.beside(facet)).collect(),
            Listed::Value(facet, value) => self.combinations_of(facet, value),
            Listed::Combined(_) | Listed::Values(_) => Vec::new(),
        };
        let broader = match listed {
            Listed::All => Vec::new(),
            Listed::Combined(number) => {
                let of = self.combined.get(number).map(|combined| combined.of);
                of.into_iter().flatten().filter_map(single).chain(all).collect()
            }
            _ => all.into_iter().collect(),
        };
        Navigation { narrower, broader }
    }

    fn beside<'p>(&self, facet: &'p Facet) -> Narrower<'p> {
        let values = self.shown(facet).into_iter().filter_map(|number| facet.values.get(number));
        let values = values.map(|value| (value.key.as_str(), value.name.as_str(), value.path.as_deref(), value.known)).collect();
        (facet.key, &facet.name, &facet.slug, facet.path.as_deref(), facet.values.len(), values)
    }

    /// The lists that narrow down that of a value by another facet.
    fn combinations_of(&self, facet: usize, value: usize) -> Vec<Narrower<'_>> {
        let mut by_facet: BTreeMap<usize, Vec<Beside<'_>>> = BTreeMap::new();
        for combined in &self.combined {
            let other = match combined.of {
                [own, other] if own == (facet, value) => other,
                [other, own] if own == (facet, value) => other,
                _ => continue,
            };
            if let Some(named) = self.value(other.0, other.1) {
                let beside = (named.key.as_str(), named.name.as_str(), Some(combined.path.as_str()), combined.pages.len());
                by_facet.entry(other.0).or_default().push(beside);
            }
        }
        let named = by_facet.into_iter().filter_map(|(other, mut values)| {
            let facet = self.facets.get(other)?;
            let count = values.len();
            // Of a role or a provider with very many, the most frequent.
            values.sort_by_key(|(_, _, _, count)| std::cmp::Reverse(*count));
            values.truncate(self.most_shown);
            Some((facet.key, facet.name.as_str(), facet.slug.as_str(), None, count, values))
        });
        named.collect()
    }

    /// Whether the script of the finder would be given the same; pages go by their files, since their numbers
    /// may differ.
    pub fn is_same(&self, portal: &Portal, other: &Facets, others: &Portal) -> bool {
        fn files<'p>(portal: &'p Portal, pages: &'p [PageId]) -> impl Iterator<Item = &'p ContentPath> {
            pages.iter().map(|page| &portal.pages[*page].document.file)
        }
        let value = |a: &FacetValue, b: &FacetValue| {
            (&a.key, &a.name, &a.path, a.known) == (&b.key, &b.name, &b.path, b.known)
                && files(portal, &a.pages).eq(files(others, &b.pages))
        };
        let facet = |a: &Facet, b: &Facet| {
            (a.key, &a.name, &a.slug, &a.path) == (b.key, &b.name, &b.slug, &b.path)
                && a.values.len() == b.values.len()
                && a.values.iter().zip(&b.values).all(|(a, b)| value(a, b))
        };
        let paths = |facets: &'_ Facets| facets.combined.iter().map(|combined| combined.path.clone()).collect::<Vec<_>>();
        (&self.problem, &self.at) == (&other.problem, &other.at)
            && files(portal, &self.courses).eq(files(others, &other.courses))
            && self.facets.len() == other.facets.len()
            && self.orders.is_some() == other.orders.is_some()
            && self.facets.iter().chain(&self.orders).zip(other.facets.iter().chain(&other.orders)).all(|(a, b)| facet(a, b))
            && paths(self) == paths(other)
    }
}

/// The page that shows all courses: `{title, permalink}`, or none. It counts as read.
fn finder_page(portal: &Portal) -> Value {
    let Some(setting) = &portal.config.site.finder else { return Value::none() };
    // Where it leads, which may be nowhere for a while.
    note(Read::Address(setting.page.url.as_str().into()));
    let Some(entry) = portal.entry(&setting.page.url) else { return Value::none() };
    note(Read::Summary(portal.document(entry).file.clone()));
    link(portal.title(entry), portal.permalink(entry))
}

fn link(title: &str, permalink: &str) -> Value {
    Value::from(map([("title", Value::from(title)), ("permalink", Value::from(permalink))]))
}

/// The page for a comparison of chosen courses, as its address; none where `[finder]` names none.
fn comparison_page(portal: &Portal) -> Value {
    let setting = portal.config.site.finder.as_ref().and_then(|setting| setting.compare.as_ref());
    let Some(target) = setting else { return Value::none() };
    note(Read::Address(target.url.as_str().into()));
    portal.entry(&target.url).map_or_else(Value::none, |entry| Value::from(&**portal.permalink(entry)))
}

/// One page of a list, for the templates `facet.html` and for [`value`].
fn list(facets: &Facets, portal: &Portal, values: &Values, path: &str, at: usize) -> Map {
    note(Read::FinderList(path.into(), at));
    note(Read::FinderNavigation(path.into()));
    let listed = facets.listed(path).unwrap_or(Listed::All);
    let pagers = facets.pagers(path, listed);
    let all = facets.pages(listed);
    let shown = pagers.get(at).and_then(|pager| all.get(pager.range.clone())).unwrap_or_default();
    note_summaries(portal, shown);
    let mut of = facets.of_list(listed).into_iter();
    let named = |pair: Option<(&Facet, &FacetValue)>| match pair {
        Some((facet, value)) => Value::from(map([
            ("key", Value::from(facet.key)),
            ("name", Value::from(facet.name.as_str())),
            ("value", Value::from(value.key.as_str())),
            ("value_name", Value::from(value.name.as_str())),
        ])),
        None => Value::none(),
    };
    let first = of.next();
    let mut list = match named(first) {
        own if own.is_none() => map([
            ("key", Value::from("all")),
            ("name", Value::from(facets.all.as_str())),
            ("value", Value::from("all")),
            ("value_name", Value::from(facets.all.as_str())),
        ]),
        own => own.as_map().cloned().unwrap_or_default(),
    };
    let navigation = facets.navigation(path);
    let permalink = |path: Option<&str>| path.map_or_else(Value::none, |path| Value::from(portal.config.permalink(path)));
    let narrower = navigation.narrower.into_iter().map(|(key, name, slug, path, count, values)| {
        let values = values.into_iter().map(|(key, name, path, count)| {
            Value::from(map([
                ("key", Value::from(key)),
                ("name", Value::from(name)),
                ("count", Value::from(count)),
                ("permalink", permalink(path)),
            ]))
        });
        Value::from(map([
            ("key", Value::from(key)),
            ("name", Value::from(name)),
            ("slug", Value::from(slug)),
            ("values", Value::from(values.collect::<Vec<_>>())),
            ("count", Value::from(count)),
            ("permalink", permalink(path)),
        ]))
    });
    let broader = navigation.broader.into_iter().map(|(name, path)| link(&name, &portal.config.permalink(path)));
    list.extend(map([
        ("also", named(of.next())),
        ("pages", values.summaries(shown)),
        ("count", Value::from(facets.known(listed))),
        ("total", Value::from(all.len())),
        ("facets", Value::from(narrower.collect::<Vec<_>>())),
        ("broader", Value::from(broader.collect::<Vec<_>>())),
        ("finder", finder_page(portal)),
        ("compare", comparison_page(portal)),
        ("paginator", paginator_value(portal, values, &pagers, at, all, all.len(), facets.by)),
    ]));
    list
}

/// What the template of one page of a list sees: `{key, name, value, value_name, also, pages, count, total,
/// facets, broader, finder, compare, paginator}`.
pub(crate) fn list_value(facets: &Facets, portal: &Portal, values: &Values, path: &str, at: usize) -> Value {
    Value::from(list(facets, portal, values, path, at))
}

/// All values of a facet, as one page of them shows it: `{key, name, values: [{key, name, count, permalink}],
/// finder, paginator}`. Where a value has too few courses for a list, its address is that of its record.
pub(crate) fn values_value(facets: &Facets, portal: &Portal, values: &Values, path: &str, at: usize) -> Value {
    note(Read::FinderValues(path.into(), at));
    let Some(Listed::Values(number)) = facets.listed(path) else { return Value::none() };
    let facet = &facets.facets[number];
    let pagers = facets.pagers(path, Listed::Values(number));
    let shown = pagers.get(at).and_then(|pager| facet.values.get(pager.range.clone())).unwrap_or_default();
    let rows = shown.iter().map(|value| {
        let own = value.path.as_deref().map(|path| portal.config.permalink(path));
        let record = || record_of(portal, facet.key, &value.key).map(|page| page.permalink.to_string());
        Value::from(map([
            ("key", Value::from(value.key.as_str())),
            ("name", Value::from(value.name.as_str())),
            ("count", Value::from(value.known)),
            ("permalink", own.or_else(record).map_or_else(Value::none, Value::from)),
        ]))
    });
    Value::from(map([
        ("key", Value::from(facet.key)),
        ("name", Value::from(facet.name.as_str())),
        ("values", Value::from(rows.collect::<Vec<_>>())),
        ("total", Value::from(facet.values.len())),
        ("finder", finder_page(portal)),
        ("paginator", paginator_value(portal, values, &pagers, at, &[], facet.values.len(), VALUES_A_PAGE)),
    ]))
}

/// The page of the record that a value of a facet is.
fn record_of<'p>(portal: &'p Portal, facet: &str, id: &str) -> Option<&'p Page> {
    let kind = match facet {
        "provider" => Kind::Provider,
        "role" => Kind::Role,
        _ => return None,
    };
    portal.by_id.get(&(kind, id.into())).map(|number| &*portal.pages[*number])
}

/// What one page of all values shows, for rebuilds: names, counts, and where they lead.
pub(crate) fn values_shown<'p>(facets: &'p Facets, portal: &'p Portal, path: &str, at: usize) -> Option<(usize, Vec<Beside<'p>>)> {
    let Some(Listed::Values(number)) = facets.listed(path) else { return None };
    let facet = &facets.facets[number];
    let pagers = facets.pagers(path, Listed::Values(number));
    let shown = facet.values.get(pagers.get(at)?.range.clone())?;
    let shown = shown.iter().map(|value| {
        let to = value.path.as_deref().or_else(|| record_of(portal, facet.key, &value.key).map(|page| &*page.permalink));
        (value.key.as_str(), value.name.as_str(), to, value.known)
    });
    Some((facet.values.len(), shown.collect()))
}

/// What the page that shows the course finder sees: the first page of all courses as [`list_value`] says it,
/// and `{few, data, orders, page}`: whether there are so few courses that nothing need stand in their way,
/// the address of what the script loads, all courses in other orders, the page of the finder.
///
/// # Errors
/// Which word the theme lacks.
pub(crate) fn value(facets: &Facets, portal: &Portal, values: &Values) -> Result<Value, Text> {
    if let Some(problem) = &facets.problem {
        note(Read::Finder);
        return Err(problem.clone());
    }
    let at = facets.at.as_deref().unwrap_or_default();
    let mut list = list(facets, portal, values, at, 0);
    let courses = list.get(&Key::from("pages")).cloned().unwrap_or_else(Value::none);
    let orders = facets.orders.as_ref().map(|orders| {
        let values = orders.values.iter().map(|order| {
            let link = order.path.as_deref().map(|path| portal.config.permalink(path));
            Value::from(map([
                ("key", Value::from(order.key.as_str())),
                ("name", Value::from(order.name.as_str())),
                ("count", Value::from(order.known)),
                ("permalink", link.map_or_else(Value::none, Value::from)),
            ]))
        });
        Value::from(map([
            ("name", Value::from(orders.name.as_str())),
            ("slug", Value::from(orders.slug.as_str())),
            ("values", Value::from(values.collect::<Vec<_>>())),
        ]))
    });
    note(Read::FinderOrders);
    let orders = orders.unwrap_or_else(Value::none);
    list.extend(map([
        ("few", Value::from(facets.are_few())),
        ("data", Value::from(portal.config.permalink(&facets.data_path()))),
        ("orders", orders),
        ("page", finder_page(portal)),
        ("courses", courses),
    ]));
    Ok(Value::from(list))
}

/// The orders that have lists, with how many courses they know where to put: what a rebuild compares.
pub(crate) fn orders_shown(facets: &Facets) -> Vec<Beside<'_>> {
    let orders = facets.orders.iter().flat_map(|orders| &orders.values);
    orders.map(|order| (order.key.as_str(), order.name.as_str(), order.path.as_deref(), order.known)).collect()
}
