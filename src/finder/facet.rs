//! Something that courses are found by, and what they say about it.

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
    pub(super) order: (u32, String),
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
