//! The pipeline: files to pages and records, to the portal, to a list of outputs, to bytes.
//!
//! `build`, `check` and `serve` run this one pipeline; they differ in what they do with its result. Nothing
//! is written here.

mod broken;
mod builder;
mod delta;
mod findings;
mod foreign;
mod group;
mod guarded;
mod inputs;
mod made;
mod moved;
mod once;
mod outputs;
mod pictures;
mod policy;
mod render;
mod request;
mod statements;
mod texts;
mod touched;
mod verify;
mod watchdog;
mod world;

pub use builder::{Builder, Update};
pub(crate) use findings::Findings;
pub use made::BuiltOutput;
pub use once::{Built, build};
pub(crate) use once::{ids, look_over};
pub(crate) use policy::{Judged, Policy};
pub use request::{Audience, Progress, Request};
pub(crate) use texts::Texts;
pub use watchdog::Watchdog;
