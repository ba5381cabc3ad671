//! Which facets there are, which courses each of their values has, and which lists that makes.

use std::collections::HashMap;
use std::sync::Arc;

use super::facet::{Combined, Facet, FacetValue};
use super::naming::{Namer, Said};
use super::order;
use crate::diagnostic::Text;
use crate::portal::{Entry, PageId, Pager, Portal};
use crate::records::{Course, Derived, Kind};
use crate::schema::{Known, UNKNOWN};
use crate::words::Words;

/// The fewest courses of a list with a page of its own, where `[finder]` does not say.
const MINIMUM: usize = 3;

/// The fewest courses of a list of those that have two things in common, where `[finder]` does not say.
const MINIMUM_COMBINED: usize = 12;

/// How many courses stand on one page of a list, where `[finder]` does not say.
const PAGINATE_BY: usize = 40;

/// The most courses that are shown whole, without anything to narrow them down, where `[finder]` does not
/// say.
const FEW: usize = 12;

/// The most values of a facet that are shown beside each list, where `[finder]` does not say: of more, the
/// most frequent.
const MOST_SHOWN: usize = 12;

/// How many values stand on one page of a list of all values.
pub(super) const VALUES_A_PAGE: usize = 200;

/// The names of the facets, in the order in which they are shown.
const NAMES: [&str; 7] = ["mode", "duration", "price", "role", "provider", "start", "funding"];

/// The pairs of facets whose lists are combined: that whose address comes first, and the other.
const PAIRS: [(&str, &str); 3] = [("mode", "duration"), ("role", "mode"), ("provider", "start")];

/// What courses have in common.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// The facets, in order.
    pub facets: Vec<Facet>,
    /// The pages of all courses, in their order.
    pub courses: Vec<PageId>,
    /// All courses in other orders, as the values of one facet more.
    pub orders: Option<Facet>,
    /// Courses that have two things in common, where there are enough.
    pub combined: Vec<Combined>,
    /// Which word the theme lacks; then there are no facets.
    pub problem: Option<Text>,
    /// The address of the page that shows all courses; none where `[finder]` names no section, or there are
    /// few courses.
    pub at: Option<Arc<str>>,
    /// How many courses stand on one page of a list.
    pub by: usize,
    /// The most courses that are shown whole.
    few: usize,
    /// The most values of a facet that are shown beside a list.
    pub(super) most_shown: usize,
    /// The name of the folder of the further pages of a list.
    folder: String,
    /// What is listed at an address.
    by_path: HashMap<String, Listed>,
    /// The name of the list of all courses.
    pub all: String,
}

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// All courses.
    All,
    /// Those of a value: numbers of the facet and of the value.
    Value(usize, usize),
    /// All courses in another order, by its number.
    Order(usize),
    /// Courses that have two things in common, by the number of the pair.
    Combined(usize),
    /// Not courses: the values of a facet, by its number.
    Values(usize),
}

impl Facets {
    /// Looks through all courses.
    pub fn of(portal: &Portal, words: &Words) -> Self {
        Self::found(portal, words).unwrap_or_else(|problem| Self { problem: Some(problem), ..Self::default() })
    }

    fn found(portal: &Portal, words: &Words) -> Result<Self, Text> {
        let setting = portal.config.site.finder.as_ref();
        let section = setting.and_then(|setting| match portal.entry(&setting.page.url) {
            Some(Entry::Section(number)) => Some(&portal.sections[number]),
            _ => None,
        });
        let number = |value: Option<u32>, otherwise: usize| value.map_or(otherwise, |number| number as usize).max(1);
        let minimum = number(setting.and_then(|setting| setting.minimum), MINIMUM);
        let combined_minimum = number(setting.and_then(|setting| setting.minimum_combined), MINIMUM_COMBINED).max(minimum);
        let courses = portal.of_kind.get(&Kind::Course).cloned().unwrap_or_default();
        let namer = Namer { portal, words };
        let records: Vec<(PageId, &Course, Derived)> = courses
            .iter()
            .filter_map(|number| portal.pages[*number].course().map(|course| (*number, course, course.derived(portal.as_of))))
            .collect();
        let few = setting.and_then(|setting| setting.few).map_or(FEW, |few| few as usize);
        // Where there are few, or no section has a place for further pages, all stand on one page, and no
        // other list is made of them.
        let whole = section.is_none() || courses.len() <= few;
        let by = number(setting.and_then(|setting| setting.paginate_by), PAGINATE_BY);
        let mut found = Self {
            at: section.filter(|_| !whole).map(|section| section.path.clone()),
            by: if whole { courses.len().max(1) } else { by },
            few,
            most_shown: number(setting.and_then(|setting| setting.most_values), MOST_SHOWN),
            folder: section.and_then(|section| section.front.paginate_path.clone()).unwrap_or_else(|| String::from("page")),
            all: namer.word("finder.all_courses", &[])?,
            ..Self::default()
        };
        for key in NAMES {
            let facet = found.facet(key, &records, &namer, minimum)?;
            found.facets.push(facet);
        }
        found.orders = Some(order::orders(portal, &records, minimum, found.at.as_deref(), &|key| namer.word(key, &[]))?);
        found.courses = courses;
        found.combine(combined_minimum);
        found.register();
        Ok(found)
    }

    fn facet(&self, key: &'static str, records: &[(PageId, &Course, Derived)], namer: &Namer<'_>, minimum: usize) -> Result<Facet, Text> {
        let name = namer.word(&format!("finder.{key}"), &[])?;
        let locale = namer.portal.config.main_locale();
        let slug = locale.slug(&namer.word(&format!("finder_path.{key}"), &[])?);
        let mut numbers: HashMap<Said, Option<usize>> = HashMap::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        let mut values: Vec<(Said, FacetValue)> = Vec::new();
        for (page, course, derived) in records {
            for said in namer.said(key, course, derived) {
                let known = match numbers.get(&said) {
                    Some(known) => *known,
                    None => {
                        let mode = course.mode.as_ref().and_then(Known::known).map(|mode| mode.as_str());
                        let (value, name) = namer.name(key, &said, mode)?;
                        // Two names of one address are one value; what has no address is none.
                        let known = (!value.is_empty()).then(|| {
                            *by_key.entry(value.clone()).or_insert_with(|| {
                                values.push((said.clone(), FacetValue { key: value, name, path: None, pages: Vec::new(), known: 0 }));
                                values.len() - 1
                            })
                        });
                        numbers.insert(said, known);
                        known
                    }
                };
                if let Some((_, value)) = known.and_then(|known| values.get_mut(known))
                    && value.pages.last() != Some(page)
                {
                    value.pages.push(*page);
                }
            }
        }
        let at = self.at.as_deref().filter(|_| !slug.is_empty());
        for (said, value) in &mut values {
            value.known = value.pages.len();
            let listed = !matches!(said, Said::None | Said::Unknown) && value.known >= minimum;
            value.path = at.filter(|_| listed).map(|at| format!("{at}{slug}/{}/", value.key));
        }
        values.sort_by(|(a_said, a), (b_said, b)| match (a_said, b_said) {
            (Said::Record(_), Said::Record(_)) | (Said::Name(_), Said::Name(_)) => {
                locale.compare(&a.name, &b.name).then_with(|| a.key.cmp(&b.key))
            }
            _ => a_said.cmp(b_said),
        });
        let values: Vec<FacetValue> = values.into_iter().map(|(_, value)| value).collect();
        let path = at.filter(|_| values.len() > self.most_shown).map(|at| format!("{at}{slug}/"));
        Ok(Facet { key, name, slug, values, path })
    }

    /// Finds the courses that have two things in common, of the pairs of facets that readers combine.
    fn combine(&mut self, minimum: usize) {
        let Some(at) = self.at.clone() else { return };
        let of = |key: &str| self.facets.iter().position(|facet| facet.key == key);
        let mut combined = Vec::new();
        for (first, second) in PAIRS.iter().filter_map(|(first, second)| Some((of(first)?, of(second)?))) {
            // What each course says about the second, so that only courses are gone through, not pairs of
            // values.
            let mut said: HashMap<PageId, Vec<usize>> = HashMap::new();
            for (number, value) in self.facets[second].values.iter().enumerate().filter(|(_, value)| value.path.is_some()) {
                for page in &value.pages {
                    said.entry(*page).or_default().push(number);
                }
            }
            for (number, value) in self.facets[first].values.iter().enumerate() {
                if value.path.is_none() || value.pages.len() < minimum {
                    continue;
                }
                let mut pages: Vec<Vec<PageId>> = vec![Vec::new(); self.facets[second].values.len()];
                for page in &value.pages {
                    for other in said.get(page).into_iter().flatten() {
                        pages[*other].push(*page);
                    }
                }
                for (other, pages) in pages.into_iter().enumerate() {
                    // Where all courses of one have the other too, the list of that one is the list.
                    if pages.len() >= minimum && pages.len() < value.pages.len() {
                        let (a, b) = (&self.facets[first], &self.facets[second]);
                        let path = format!("{at}{}/{}/{}/{}/", a.slug, value.key, b.slug, b.values[other].key);
                        combined.push(Combined { of: [(first, number), (second, other)], path, pages });
                    }
                }
            }
        }
        self.combined = combined;
    }

    fn register(&mut self) {
        let Some(at) = &self.at else { return };
        let mut by_path = HashMap::from([(at.to_string(), Listed::All)]);
        for (number, facet) in self.facets.iter().enumerate() {
            let values = facet.values.iter().enumerate();
            by_path.extend(values.filter_map(|(value, own)| Some((own.path.clone()?, Listed::Value(number, value)))));
            by_path.extend(facet.path.clone().map(|path| (path, Listed::Values(number))));
        }
        let orders = self.orders.iter().flat_map(|orders| orders.values.iter().enumerate());
        by_path.extend(orders.filter_map(|(number, order)| Some((order.path.clone()?, Listed::Order(number)))));
        by_path.extend(self.combined.iter().enumerate().map(|(number, combined)| (combined.path.clone(), Listed::Combined(number))));
        self.by_path = by_path;
    }

    /// Whether there are so few courses that nothing need stand in the way of them.
    pub fn are_few(&self) -> bool {
        self.courses.len() <= self.few
    }

    /// What is listed at an address, which is that of the first page of the list.
    pub fn listed(&self, path: &str) -> Option<Listed> {
        self.by_path.get(path).copied()
    }

    /// The courses of a list, in its order.
    pub fn pages(&self, listed: Listed) -> &[PageId] {
        let pages = match listed {
            Listed::All => Some(&self.courses),
            Listed::Value(facet, value) => self.value(facet, value).map(|value| &value.pages),
            Listed::Order(order) => self.orders.as_ref().and_then(|orders| orders.values.get(order)).map(|order| &order.pages),
            Listed::Combined(number) => self.combined.get(number).map(|combined| &combined.pages),
            Listed::Values(_) => None,
        };
        pages.map_or(&[], Vec::as_slice)
    }

    /// A value, by the numbers of its facet and its own.
    pub fn value(&self, facet: usize, value: usize) -> Option<&FacetValue> {
        self.facets.get(facet)?.values.get(value)
    }

    /// The address of the list of a value, by the names of its facet and its own.
    pub fn address(&self, facet: &str, value: &str) -> Option<&str> {
        let values = self.facets.iter().find(|own| own.key == facet)?;
        let path = format!("{}{}/{value}/", self.at.as_deref()?, values.slug);
        let (Listed::Value(facet, value), path) = (self.listed(&path)?, &path) else { return None };
        self.value(facet, value)?.path.as_deref().filter(|own| own == path)
    }

    /// The pages that a list is divided into.
    pub fn pagers(&self, path: &str, listed: Listed) -> Vec<Pager> {
        let (total, by) = match listed {
            Listed::Values(facet) => (self.facets.get(facet).map_or(0, |facet| facet.values.len()), VALUES_A_PAGE),
            _ => (self.pages(listed).len(), self.by),
        };
        Pager::divide(path, &self.folder, total, by)
    }

    /// The lists that have pages of their own, each with its address below the root, in one order; that of
    /// all courses is the page of a section.
    pub fn lists(&self) -> impl Iterator<Item = (&str, Listed)> {
        let mut lists: Vec<(&str, Listed)> = self.by_path.iter().map(|(path, listed)| (path.as_str(), *listed)).collect();
        lists.sort_unstable_by_key(|(path, _)| *path);
        lists.into_iter()
    }

    /// The addresses that search engines are told: an order of all courses shows nothing but what the page of
    /// all courses shows.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.lists().filter(|(_, listed)| !matches!(listed, Listed::Order(_) | Listed::All)).map(|(path, _)| path)
    }

    /// The values of a facet that are shown beside lists: all, or the most frequent; in their order, those of
    /// which nothing is known last.
    pub fn shown(&self, facet: &Facet) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..facet.values.len()).collect();
        if facet.path.is_some() {
            numbers.retain(|number| facet.values[*number].key != UNKNOWN);
            numbers.sort_by_key(|number| (std::cmp::Reverse(facet.values[*number].known), *number));
            numbers.truncate(self.most_shown);
            numbers.sort_unstable();
        }
        numbers
    }
}
