//! The preview: the portal from memory over HTTP, reloaded in the browser after every change.
//!
//! Whoever runs it builds and publishes; this room holds what is served ([`Memory`]), answers requests from it ([`Server`]) and says when
//! to build again ([`Watch`], which asks [`Recorder`] what the last build looked at). It prints nothing and builds nothing.
//!
//! Everything of the preview's own lives under [`OWN`]; all other addresses are the portal's.

mod answer;
mod events;
mod page;
mod recorder;
mod scan;
mod server;
mod site;
mod watch;

pub use recorder::{Recorder, Seen};
pub use server::Server;
pub use site::{Memory, Site, Snapshot, Update};
pub use watch::Watch;

/// Where the preview's own addresses begin.
pub const OWN: &str = "/__werdegang/";
