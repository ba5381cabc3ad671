//! The whole portal in memory: pages, sections, records, taxonomies and sources, with every reference
//! resolved.

mod address;
mod approval;
mod citations;
mod ids;
mod left_out;
mod links;
mod model;
mod named;
mod names;
mod order;
mod page;
mod paths;
mod pending;
mod placing;
mod references;
mod replace;
mod resolve;
mod taxonomy;
mod uncited;

pub use address::clean_path;
pub(crate) use address::is_inside;
pub(crate) use ids::{Numbered, PageId, SectionId};
pub(crate) use links::Destination;
pub(crate) use model::{Coming, Portal};
pub(crate) use order::Pager;
pub(crate) use page::{Asset, Entry, Page};
pub(crate) use pending::{Followed, PendingAnchor, PendingPath};

pub(crate) use resolve::{Input, resolve};
pub(crate) use taxonomy::{Taxonomy, Term};

use crate::diagnostic::Diagnostic;

/// Findings that depend on all pages at once: what nothing cites, paths that end. `whole` says that all
/// documents could be read: else it is not known what is cited.
pub(crate) fn review(portal: &Portal, whole: bool, findings: &mut Vec<Diagnostic>) {
    citations::check(portal, whole, findings);
    paths::check(portal, findings);
}

/// Findings about one page or section: what lacks its approval, what names no source, what is called as a
/// translation is elsewhere.
pub(crate) fn review_document(portal: &Portal, entry: Entry, findings: &mut Vec<Diagnostic>) {
    if let Entry::Page(number) = entry {
        approval::check(&portal.pages[number], &portal.config, findings);
    }
    uncited::check(portal, entry, findings);
    names::check(portal, entry, findings);
}
