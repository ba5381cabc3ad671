//! What is published: pages, lists, feeds, the sitemap, redirects, files.

mod bytes;
mod calendar;
mod context;
mod data;
mod facets;
mod feed;
mod job;
mod origins;
mod plan;
mod redirect;
mod render;
mod sitemap;
mod twin;

pub use bytes::Bytes;
pub use feed::newest;
pub use job::{FeedOf, Job};
pub use origins::{Contacts, Origins};
pub use plan::{Output, Planned, address_of, plan};
pub use render::render;
pub use sitemap::{Part as SitemapPart, is_same as same_sitemap};
pub use twin::{twin, twin_of};

/// The folder of the output directory that is the program's own.
pub const RESERVED: &str = ".werdegang";

/// The file of an address below the root: `/kurse/` is `kurse/index.html`.
pub fn file_of(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}
