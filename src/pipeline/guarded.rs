//! One output, made while it is watched.

use std::sync::Arc;

use super::request::Progress;
use super::watchdog::Watchdog;
use crate::diagnostic::Diagnostic;
use crate::theme::{Run, Theme, watched};

/// Makes an output while it is watched. `template` is what it begins with.
pub(super) fn guarded<T>(
    progress: &Progress,
    output: &str,
    template: Option<&str>,
    theme: &Arc<Theme>,
    work: impl FnOnce() -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Vec<Diagnostic>> {
    let Some(watchdog) = &progress.watchdog else { return work() };
    let guard = Guard { run: watchdog.begin(output, theme), watchdog: &**watchdog };
    // It ran away before, at a place that is not known.
    if let Some(finding) = guard.run.finding(template) {
        return Err(vec![finding]);
    }
    watched(&guard.run, work)
}

/// Says that an output has ended, also when a panic passes.
struct Guard<'w> {
    run: Arc<Run>,
    watchdog: &'w dyn Watchdog,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.watchdog.end(&self.run);
    }
}
