//! The portal, built again and again, and what is served of it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::memory::{Effect, Memory};
use super::recorder::Recorder;
use super::watch::{Source, Watch};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::pipeline::{Builder, Findings, Progress, Request, Update};

/// Watches a portal, and builds what a change changes.
pub(crate) struct Preview {
    recorder: Arc<Recorder>,
    memory: Arc<Memory>,
    watch: Watch,
    /// What was asked for last.
    asked: Request,
    /// Files that changed while the last update was under way.
    missed: BTreeSet<String>,
    /// None before the first update, and after one that a bug ended: nobody knows in which state that left
    /// it.
    builder: Option<Builder>,
    /// Whether what is served is what the builder takes it to be: it has had a whole update.
    known: bool,
    /// How many warnings the last whole build had.
    warned: usize,
}

/// What an update did.
pub(crate) struct Rebuilt {
    /// What it does to what is served.
    pub effect: Effect,
    /// What was found, all of it.
    pub findings: Findings,
    /// How many warnings there are, where that is another number than after the last whole build.
    pub warnings: Option<usize>,
}

impl Preview {
    /// Begins to watch. What is served comes from `memory`; it waits for the first build.
    pub(crate) fn start(disk: &Disk, memory: Arc<Memory>, source: Source, asked: Request) -> Self {
        let recorder = Arc::new(Recorder::new(Arc::new(disk.clone())));
        // Before the first build, so that no change made meanwhile is lost.
        let watch = Watch::start(disk.root(), &recorder, source);
        memory.begin();
        Self { recorder, memory, watch, asked, missed: BTreeSet::new(), builder: None, known: false, warned: 0 }
    }

    /// Waits for changes, at most so long. Gives the files to build again for: none of them where something
    /// else is asked for than before, since what is fresh one day may be stale the next.
    pub(crate) fn wait(&mut self, patience: Duration, asked: impl FnOnce() -> Request) -> Option<BTreeSet<String>> {
        let changed = if self.missed.is_empty() { self.watch.wait(patience) } else { Some(std::mem::take(&mut self.missed)) };
        let asked = asked();
        let other = asked != self.asked;
        self.asked = asked;
        changed.or_else(|| other.then(BTreeSet::new))
    }

    /// What is to be said of the watching, once.
    pub(crate) fn notice(&mut self) -> Option<crate::diagnostic::Text> {
        self.watch.notice()
    }

    /// Builds what a change of `files` changes, and has it served. The first time everything is built.
    pub(crate) fn build(&mut self, files: &BTreeSet<String>, progress: &Progress) -> Rebuilt {
        let recorded: Arc<dyn Files> = self.recorder.clone();
        let mut builder = self.builder.take().unwrap_or_else(|| Builder::new(recorded, self.asked.clone()));
        builder.request = self.asked.clone();
        self.memory.begin();
        let memory = &self.memory;
        let updated = catch_unwind(AssertUnwindSafe(|| {
            let update = builder.update(files, &**memory, progress);
            (builder, update)
        }));
        let update = match updated {
            Ok((builder, update)) => {
                self.builder = Some(builder);
                update
            }
            Err(_) => {
                self.known = false;
                let finding = Diagnostic::new("internal", "a bug of Werdegang ended the build; what it said stands in the terminal")
                    .help("undo the last change to go on, and please report what led here");
                Update { findings: vec![finding].into(), ..Update::default() }
            }
        };
        self.recorder.take_in(&update.seen);
        self.recorder.publish(&update.changes);
        let findings = update.findings.clone();
        let effect = self.memory.publish(update, !self.known);
        self.known |= effect.whole;
        self.missed = self.watch.updated();
        let warnings = findings.count();
        let other = effect.whole && warnings != std::mem::replace(&mut self.warned, warnings);
        Rebuilt { effect, warnings: other.then_some(warnings), findings }
    }
}
