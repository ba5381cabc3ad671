//! The course finder: what courses have in common, by which readers find them, and in what they differ. The facets are those of the catalogue of the
//! Bundesagentur für Arbeit that a record of a course can answer: how it is taught, how long it takes, what it costs, who offers it, when it starts, what may
//! pay for it.

mod comparison;
mod facet;
mod facets;
mod naming;
mod order;
mod value;

pub use comparison::differs;
pub use facet::{Facet, FacetValue};
pub use facets::Facets;
pub use value::{list_value, value};
