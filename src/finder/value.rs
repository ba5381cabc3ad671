//! The course finder as templates see it.

use std::collections::HashMap;

use tera::{Map, Value};

use super::facet::{Facet, FacetValue};
use super::facets::Facets;
use crate::portal::Portal;
use crate::reads::{Read, note, note_sessions, note_summaries};
use crate::records::Amount;
use crate::schema::Known;
use crate::values::{Values, map, with};

/// What the template of a list sees: `{key, name, value, value_name, pages, count, finder}`.
pub fn list_value(portal: &Portal, values: &Values, facet: &Facet, value: &FacetValue) -> Value {
    Value::from(map([
        ("key", Value::from(facet.key)),
        ("name", Value::from(facet.name.as_str())),
        ("value", Value::from(value.key.as_str())),
        ("value_name", Value::from(value.name.as_str())),
        ("pages", values.summaries(&value.pages)),
        ("count", Value::from(value.known)),
        ("finder", finder_page(portal)),
    ]))
}

/// The page that shows all courses: `{title, permalink}`, or none. It counts as read.
fn finder_page(portal: &Portal) -> Value {
    let entry = portal.config.site.finder.as_ref().and_then(|setting| portal.entry(&setting.page.url));
    let Some(entry) = entry else { return Value::none() };
    note(Read::Summary(portal.document(entry).file.clone()));
    Value::from(map([("title", Value::from(portal.title(entry))), ("permalink", Value::from(&**portal.permalink(entry)))]))
}

/// Everything that the course finder shows: `{page, facets: [{key, name, slug, values: [{key, name, count, permalink}]}], orders, courses: [{…, derived,
/// facets}]}`; `orders` is as a facet: its values are what courses are sorted by.
///
/// # Errors
/// Which word the theme lacks.
pub fn value(facets: &Facets, portal: &Portal, values: &Values) -> Result<Value, String> {
    note(Read::Finder);
    if let Some(problem) = &facets.problem {
        return Err(problem.clone());
    }
    note_summaries(portal, &facets.courses);
    for number in &facets.courses {
        note_sessions(portal, *number);
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
            let derived = Value::from_serializable(&page.course()?.derived(portal.as_of));
            let price = page.course()?.price.as_ref().and_then(Known::known).map(|price| price.amount);
            let own = keys.remove(number).unwrap_or_default();
            let price = price.map_or_else(Value::none, |price: Amount| Value::from_serializable(&price));
            Some(with(values.page(*number), [("derived", derived), ("facets", Value::from(own)), ("total", price)]))
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
