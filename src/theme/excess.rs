//! What an output that runs away took too much of, and where.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Argument, Diagnostic, ToArgument, text};

/// What an output took too much of, with what it might have taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Excess {
    /// Time of a processor.
    Time(Duration),
    /// Memory, in bytes.
    Memory(u64),
}

impl ToArgument for Excess {
    fn to_argument(&self) -> Argument {
        Argument::Text(match self {
            Excess::Time(most) => text!("more than {seconds} s of processor time", seconds = most.as_secs_f64()),
            Excess::Memory(most) => text!("more than {size} MiB of memory", size = most / 1024 / 1024),
        })
    }
}

impl Excess {
    /// The finding, without its place.
    pub fn finding(self) -> Diagnostic {
        Diagnostic::new("template-runaway", text!("the template runs away: one output takes {excess}", excess = self)).help(
            "loops in each other multiply, and a text or a list that is put together with itself doubles each time; \
             `--output-time` and `--output-memory` allow an output more",
        )
    }
}

/// A tag that was being run when a template ran away, so that another process knows it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Tera's name of the template.
    pub template: String,
    /// Where in its source.
    pub start: usize,
    /// A hash of the source: another source has another tag there.
    pub source: u64,
    /// What was taken too much of.
    pub excess: Excess,
}
