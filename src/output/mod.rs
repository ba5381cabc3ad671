//! What is published: pages, lists, feeds, the sitemap, redirects, files.

mod facets;
mod feed;
mod origins;
mod plan;
mod redirect;
mod render;
mod sitemap;

pub use feed::newest;
pub use origins::Origins;
pub use plan::{FeedOf, Job, Output, Planned, plan};
pub use render::{Bytes, render};
pub use sitemap::entries as sitemap_entries;

/// The folder of the output directory that is the program's own.
pub const RESERVED: &str = ".werdegang";

/// The file of an address below the root: `/kurse/` is `kurse/index.html`.
pub fn file_of(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}
