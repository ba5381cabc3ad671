//! The course finder: what courses have in common, by which readers find them, and in what they differ. The
//! facets are those of the catalogue of the Bundesagentur für Arbeit that a record of a course can answer:
//! how it is taught, how long it takes, what it costs, where it leads, who offers it, when it starts, what
//! may pay for it.

mod browser;
mod comparison;
mod facet;
mod facets;
mod naming;
mod order;
mod value;

pub(crate) use browser::data;
pub(crate) use comparison::differs;

pub(crate) use facets::{Facets, Listed};
pub(crate) use value::{list_value, orders_shown, value, values_shown, values_value};
