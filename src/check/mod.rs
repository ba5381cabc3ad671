//! What only the finished site shows: links that lead nowhere, pages that nothing leads to, headings, titles, descriptions.
//!
//! Pages are read as browsers read them, so that what a template writes is looked at like what content says.

pub mod external;
mod page;
mod places;
mod site;

pub use page::{Heading, Link, Page, Purpose};
pub use site::{External, Leads, Mention, Site, SitePage};
