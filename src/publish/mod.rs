//! Bytes to where they are read: a directory, whole or not at all.

mod directory;
mod fresh;
mod guard;
mod last;

pub use directory::{Published, publish};
pub use guard::{Refusal, refuse};
pub use last::{Last, Told, asked, write_next_rebuild};
