//! The preview: the portal from memory over HTTP, brought up to date in the browser after every change.
//!
//! Whoever runs it builds; this room holds what is served ([`Memory`], which takes in updates), answers requests from it ([`Server`]) and says
//! when to build again ([`Watch`], which asks [`Recorder`] what updates looked at). It prints nothing and builds nothing.
//!
//! Everything of the preview's own lives under [`OWN`]; all other addresses are the portal's.

mod about;
mod answer;
mod events;
mod gate;
mod handover;
mod head;
mod memory;
mod mounts;
mod open_files;
mod page;
mod recorder;
mod scan;
mod script;
mod server;
mod watch;

pub use memory::{Effect, Memory};
pub use mounts::remote_file_system;
pub use recorder::Recorder;
pub use server::{Server, Settings};
pub use watch::{Source, Tell, Watch};

/// Where the preview's own addresses begin.
pub const OWN: &str = "/__werdegang/";
