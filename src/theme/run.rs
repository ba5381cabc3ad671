//! One output being made, as whoever watches sees it: where its templates are, and whether they are to stop.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Theme;
use super::checkpoints::Spot;
use crate::diagnostic::Diagnostic;

/// No checkpoint was passed yet.
const NOWHERE: u32 = u32::MAX;

/// What an output took too much of, with what it might have taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Excess {
    /// Time of a processor.
    Time(Duration),
    /// Memory, in bytes.
    Memory(u64),
}

impl fmt::Display for Excess {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Time(most) => write!(to, "more than {} s of processor time", most.as_secs_f64()),
            Excess::Memory(most) => write!(to, "more than {} MiB of memory", most / 1024 / 1024),
        }
    }
}

impl Excess {
    /// The finding, without its place.
    pub fn finding(self) -> Diagnostic {
        Diagnostic::new("template-runaway", format!("the template runs away: one output takes {self}")).help(
            "loops in each other multiply, and a text or a list that is put together with itself doubles each time; \
             `--output-time` and `--output-memory` allow an output more",
        )
    }
}

/// One output that is being made.
#[derive(Debug)]
pub struct Run {
    /// The theme that it is made with.
    pub(super) theme: Arc<Theme>,
    /// Why it is to stop, and the checkpoint it had passed last when that was decided.
    stop: OnceLock<(Excess, u32)>,
    /// The checkpoint it passed last.
    last: AtomicU32,
}

impl Run {
    /// An output that is about to be made with this theme.
    pub fn new(theme: Arc<Theme>) -> Self {
        Self { theme, stop: OnceLock::new(), last: AtomicU32::new(NOWHERE) }
    }

    /// Has it stop at the next checkpoint.
    pub fn stop(&self, excess: Excess) {
        let _ = self.stop.set((excess, self.last.load(Ordering::Relaxed)));
    }

    /// Why it is to stop; none where it is to go on.
    pub fn excess(&self) -> Option<Excess> {
        self.stop.get().map(|(excess, _)| *excess)
    }

    /// The tag it is in, so that another process knows it again; none where it came to no checkpoint yet.
    pub fn spot(&self, excess: Excess) -> Option<Spot> {
        self.theme.templates.spot(self.last()?, excess)
    }

    /// The finding, where it was stopped; `template` is what it began with.
    pub fn finding(&self, template: Option<&str>) -> Option<Diagnostic> {
        let (excess, at) = self.stopped()?;
        Some(self.theme.templates.runaway(excess, at, template))
    }

    fn last(&self) -> Option<u32> {
        known(self.last.load(Ordering::Relaxed))
    }

    /// It comes to a checkpoint.
    pub(super) fn reach(&self, at: u32) {
        self.last.store(at, Ordering::Relaxed);
    }

    /// Why it stopped, and where: at the checkpoint it had passed when it was told to, else at the first one after.
    pub(super) fn stopped(&self) -> Option<(Excess, Option<u32>)> {
        self.stop.get().map(|(excess, at)| (*excess, known(*at).or_else(|| self.last())))
    }
}

fn known(at: u32) -> Option<u32> {
    (at != NOWHERE).then_some(at)
}
