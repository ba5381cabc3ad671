//! What is used of the rooms from outside: by the program (`main.rs`), the tests and the benchmarks. Whatever
//! else is in the rooms is the crate's own. There is no promise of versions for any of this: who builds
//! portals uses the program.

/// Checks of a finished portal, and of links that lead out of it.
pub mod check {
    pub use crate::check::Site;
    /// Links to other people's pages, asked over the network.
    pub mod external {
        pub use crate::check::external::{Cache, Clock, Link, Progress, Rules, check, links};
    }
}
/// The commands.
pub mod cli {
    pub use crate::cli::{LEFT, Outcome, Terminal, Ui, run};
}
/// The settings of a portal.
pub mod config {
    pub use crate::config::Config;
}
/// What editors write.
pub mod content {
    pub use crate::content::{Settings, Slot, render};
}
/// What is told of mistakes.
pub mod diagnostic {
    pub use crate::diagnostic::{Argument, Diagnostic, Language, Listed, Place, SourceText, Text, ToArgument, codes, list, repeated};
}
/// Files, on disk and in memory.
pub mod files {
    pub use crate::files::{Blob, Cache, Content, Copied, Disk, DiskCache, Files, Listing, Memory, Sink, View, Witness, hash_of};
}
/// When a portal is due for its next build.
pub mod freshness {
    pub use crate::freshness::NextRebuild;
}
/// HTML and CSS as they are read.
pub mod html {
    pub use crate::html::{Notes, candidates, plain_text, sheet_addresses, sheet_with};
}
/// How much of everything there may be.
pub mod limits {
    pub use crate::limits::*;
}
/// How a language writes what is said.
pub mod locale {
    pub use crate::locale::{LanguageId, Locale};
}
/// Finished outputs.
pub mod output {
    pub use crate::output::{Bytes, SitemapPart};
}
/// HTML laid out on pages.
#[cfg(feature = "reports")]
pub mod pdf {
    pub use crate::pdf::told;
}
/// From files to outputs, and from changed files to changed outputs.
pub mod pipeline {
    pub use crate::pipeline::{Audience, Builder, Built, BuiltOutput, Progress, Request, Update, Watchdog, build};
}
/// Paths within a portal.
pub mod portal {
    pub use crate::portal::clean_path;
}
/// Outputs on disk.
pub mod publish {
    pub use crate::publish::{Last, Told, publish};
}
/// What an output was made from.
pub mod reads {
    pub use crate::reads::Read;
}
/// What heads of records hold.
pub mod records {
    pub use crate::records::{Kind, Moment};
}
/// The schemas of what people write.
pub mod schema {
    pub use crate::schema::Reader;
}
/// The preview.
pub mod serve {
    pub use crate::serve::{Memory, Recorder, Server, Settings, Source, Tell, Watch, remote_file_system};
}
/// Templates.
pub mod theme {
    pub use crate::theme::{Run, Spot, Theme};
}
/// What ends a template that runs away.
pub mod watchdog {
    pub use crate::watchdog::{Limits, Replace, Watchdog};
}
