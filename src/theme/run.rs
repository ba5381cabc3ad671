//! One output being made, as whoever watches sees it: where its templates are, and whether they are to stop.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::Theme;
use super::excess::{Excess, Spot};
use crate::diagnostic::Diagnostic;

/// No checkpoint was passed yet.
const NOWHERE: u32 = u32::MAX;

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

    /// Why it stopped, and where: at the checkpoint it had passed when it was told to, else at the first one
    /// after.
    pub(super) fn stopped(&self) -> Option<(Excess, Option<u32>)> {
        self.stop.get().map(|(excess, at)| (*excess, known(*at).or_else(|| self.last())))
    }
}

fn known(at: u32) -> Option<u32> {
    (at != NOWHERE).then_some(at)
}
