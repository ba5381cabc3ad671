//! Outputs that take too long or too much: who sees that is outside, and is told when each begins and ends.

use std::fmt::Debug;
use std::sync::Arc;

use crate::theme::{Run, Spot, Theme};

/// Who sees to it that no output takes the machine away.
pub trait Watchdog: Debug + Send + Sync {
    /// Whether templates are to have checkpoints, at which they can be stopped, and where templates ran away
    /// before; none where they need no checkpoints.
    fn checkpoints(&self) -> Option<Vec<Spot>>;

    /// Whether outputs are to be made one at a time, so that it is known which of them takes the memory.
    fn one_at_a_time(&self) -> bool;

    /// An output, by its path, is about to be made with that theme.
    fn begin(&self, output: &str, theme: &Arc<Theme>) -> Arc<Run>;

    /// It is made, or has failed.
    fn end(&self, run: &Arc<Run>);

    /// That many bytes were made, which stay.
    fn made(&self, bytes: usize);

    /// All outputs of an update are made, or have failed.
    fn rendered(&self);
}
