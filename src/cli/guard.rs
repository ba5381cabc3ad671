//! The watchdog of a command, and what an earlier process left to it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::RequestArgs;
use super::terminal::Ui;
use crate::diagnostic::text;
use crate::watchdog::{Limits, Note, Replace, Watchdog};

/// The variable of the environment that names the folder of what was left.
pub const LEFT: &str = "WERDEGANG_LEFT";

/// The watchdog, and the folder of what was left.
pub(super) struct Guard {
    pub watchdog: Watchdog,
    left: Option<PathBuf>,
}

impl Guard {
    /// Starts to watch for a command; `listens` where it has a port that a new process is to have.
    pub(super) fn start(args: &RequestArgs, listens: bool, ui: &dyn Ui) -> Self {
        let Limits { time, memory } = Limits::default();
        let limits = Limits {
            time: args.output_time.unwrap_or(time),
            memory: args.output_memory.map_or(memory, |mebibytes| mebibytes.saturating_mul(1024 * 1024)),
        };
        let (replace, live, language) = (ui.replace(), ui.live(), ui.language());
        let left = replace.and_then(|_| std::env::var_os(LEFT)).map(PathBuf::from);
        let note = left.as_deref().and_then(Note::take);
        let replace = replace.map(|replace| -> Replace {
            Box::new(move |left, message| {
                let over = if live { "\r\x1b[K" } else { "" };
                let note = text!("note: {notice}", notice = message);
                let _ = writeln!(std::io::stderr(), "{over}{}", note.in_language(language));
                let _ = std::io::stdout().flush();
                replace(left, listens)
            })
        });
        let left = left.filter(|_| note.is_some());
        if let Some(left) = left.as_ref().filter(|_| !listens) {
            let _ = fs::remove_dir(left);
        }
        Self { watchdog: Watchdog::start(limits, note.as_ref(), replace), left }
    }

    /// Has `work` take what else was left out of the folder, which then goes away.
    pub(super) fn take<T>(&self, work: impl FnOnce(&Path) -> T) -> Option<T> {
        let left = self.left.as_deref()?;
        let taken = work(left);
        let _ = fs::remove_dir(left);
        Some(taken)
    }
}
