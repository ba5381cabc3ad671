//! Which facets there are, and which courses each of their values has.

use super::facet::{Facet, FacetValue};
use super::naming::{NONE, Namer};
use super::order;
use crate::portal::{Entry, Portal};
use crate::records::Kind;
use crate::schema::UNKNOWN;
use crate::words::Words;

/// The fewest courses of a list with a page of its own, where `[finder]` does not say.
const MINIMUM: usize = 3;

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
                let Some(course) = portal.pages[*number].course() else { continue };
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
        let orders = order::orders(portal, &courses, minimum, section, &|key| namer.word(key, &[]))?;
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
