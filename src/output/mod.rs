//! What is published: pages, lists, feeds, the sitemap, redirects, files.

mod bytes;
mod calendar;
mod data;
mod facets;
mod feed;
mod icon;
mod job;
mod opensearch;
mod origins;
mod pictures;
mod plan;
mod redirect;
mod render;
mod sitemap;
mod twin;

pub use bytes::Bytes;
pub(crate) use feed::newest;
pub(crate) use job::Job;
pub(crate) use origins::{Contacts, Origins};
pub(crate) use plan::{Output, Planned, address_of, plan, with_images};
pub(crate) use render::render;
pub use sitemap::Part as SitemapPart;
pub(crate) use sitemap::is_same as same_sitemap;
pub(crate) use twin::{twin, twin_of};

/// The folder of the output directory that is the program's own.
pub(crate) const RESERVED: &str = ".werdegang";

/// The file of an address below the root: `/kurse/` is `kurse/index.html`.
pub(crate) fn file_of(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}
