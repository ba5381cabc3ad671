//! Taxonomies, terms and divided lists as templates see them.

use tera::{Map, Value};

use super::{Values, map, with};
use crate::portal::{PageId, Pager, Portal, Taxonomy, Term};

/// The terms of a taxonomy, with their addresses and how many pages each has. The value of
/// [`Read::Terms`](crate::reads::Read::Terms).
pub(crate) fn counted_terms<'p>(portal: &'p Portal, taxonomy: &str) -> Vec<(&'p str, &'p str, usize)> {
    let terms = portal.taxonomy(taxonomy).map(|taxonomy| &taxonomy.terms);
    terms.into_iter().flatten().map(|term| (&*term.name, term.path.as_str(), term.pages.len())).collect()
}

/// A term with the number of its pages: `{name, slug, path, permalink, page_count}`.
pub(crate) fn counted_term_map(portal: &Portal, term: &Term) -> Map {
    let mut map = term_map(portal, term);
    map.insert("page_count".into(), Value::from(term.pages.len()));
    map
}

/// A term: `{name, slug, path, permalink}`. Pages have it in this form: they do not change when another page
/// joins the term.
pub(crate) fn term_map(portal: &Portal, term: &Term) -> Map {
    map([
        ("name", Value::from(&*term.name)),
        ("slug", Value::from(term.slug.as_str())),
        ("path", Value::from(term.path.as_str())),
        ("permalink", Value::from(portal.config.permalink(&term.path))),
    ])
}

/// A term with its pages.
pub(crate) fn term_value(portal: &Portal, values: &Values, term: &Term) -> Value {
    with(&Value::from(counted_term_map(portal, term)), [("pages", values.summaries(&term.pages))])
}

/// All terms of a taxonomy.
pub(crate) fn terms_value(portal: &Portal, taxonomy: &Taxonomy) -> Value {
    Value::from(taxonomy.terms.iter().map(|term| Value::from(counted_term_map(portal, term))).collect::<Vec<_>>())
}

/// A taxonomy: `{name, slug, path, permalink}`.
pub(crate) fn taxonomy_value(portal: &Portal, taxonomy: &Taxonomy) -> Value {
    Value::from(map([
        ("name", Value::from(taxonomy.setting.name.as_str())),
        ("slug", Value::from(taxonomy.slug.as_str())),
        ("path", Value::from(taxonomy.path.as_str())),
        ("permalink", Value::from(portal.config.permalink(&taxonomy.path))),
    ]))
}

/// One page of a divided list of `total` entries; `pages` are all of them, where they are pages.
pub(crate) fn paginator_value(
    portal: &Portal,
    values: &Values,
    pagers: &[Pager],
    at: usize,
    pages: &[PageId],
    total: usize,
    by: usize,
) -> Value {
    let link = |index: Option<usize>| {
        index.and_then(|index| pagers.get(index)).map_or_else(Value::none, |pager| Value::from(portal.config.permalink(&pager.path)))
    };
    let pager = &pagers[at];
    Value::from(map([
        ("paginate_by", Value::from(by)),
        ("base_url", link(Some(0))),
        ("number_pagers", Value::from(pagers.len())),
        ("first", link(Some(0))),
        ("last", link(pagers.len().checked_sub(1))),
        ("previous", link(at.checked_sub(1))),
        ("next", link(Some(at + 1))),
        ("pages", values.summaries(pages.get(pager.range.clone()).unwrap_or_default())),
        ("current_index", Value::from(pager.index)),
        ("total_pages", Value::from(total)),
    ]))
}
