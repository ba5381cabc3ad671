//! Something that courses are found by, and what they say about it.

use crate::portal::PageId;

/// Something that courses are found by.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// Its name in templates: `mode`, `duration`, `price`, `role`, `provider`, `start`, `funding`, or `sort`.
    pub key: &'static str,
    /// Its name for readers.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// What courses say about it, in the order in which it is shown.
    pub values: Vec<FacetValue>,
    /// The address of the page that lists all values; none where all of them are shown beside every list.
    pub path: Option<String>,
}

/// What some courses say about a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetValue {
    /// Its part of addresses, and its name in templates; `unknown` where courses do not say.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// The address of the list of its courses below the root; none where there are too few, or it is unknown.
    pub path: Option<String>,
    /// The courses, in their order.
    pub pages: Vec<PageId>,
    /// How many of them say so: all, but in an order that goes by what not all say.
    pub known: usize,
}

/// Courses that have two things in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Combined {
    /// What: numbers of facets and of values, the facet whose address comes first before the other.
    pub of: [(usize, usize); 2],
    /// The address of the list below the root.
    pub path: String,
    /// The courses, in their order.
    pub pages: Vec<PageId>,
}
