//! The preview: the portal from memory over HTTP, brought up to date in the browser after every change.
//!
//! [`Preview`] builds again when [`Watch`] says so, which asks [`Recorder`] what updates looked at;
//! [`Memory`] takes updates in and holds what is served, and [`Server`] answers requests from it. Nothing is
//! printed here.
//!
//! Everything of the preview's own lives under [`OWN`]; all other addresses are the portal's.

mod about;
mod answer;
mod events;
mod gate;
mod guests;
mod handover;
mod head;
mod memory;
mod mounts;
mod open_files;
mod page;
mod preview;
mod recorder;
mod scan;
mod script;
mod searched;
mod server;
mod settings;
mod state;
mod watch;

pub(crate) use handover::Listening;
pub(crate) use memory::Effect;
pub use memory::Memory;
pub use mounts::remote_file_system;
pub(crate) use preview::{Preview, Rebuilt};
pub use recorder::Recorder;
pub use server::Server;
pub use settings::Settings;
pub use watch::{Source, Tell, Watch};

/// Where the preview's own addresses begin.
pub(crate) const OWN: &str = "/__werdegang/";
