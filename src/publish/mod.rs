//! Bytes to where they are read: a directory, whole or not at all.

mod directory;
mod fresh;
mod guard;
mod last;
mod pictures;
mod same;
mod written;

pub(crate) use directory::Published;
pub use directory::publish;
pub(crate) use guard::refuse;
pub use last::{Last, Told};
pub(crate) use last::{asked, write_next_rebuild};
pub(crate) use pictures::{draw_all, picture};
