//! Where commands write to: the terminal, or a test's buffer.

use std::io::{IsTerminal, Write};
use std::path::Path;

use jiff::Zoned;
use jiff::civil::Date;

use crate::diagnostic::Language;

/// Puts a new process in the place of this one, and tells it what was left for it in that folder. With `true`
/// this one listens, and makes room.
pub(crate) type Replace = fn(Option<&Path>, bool) -> !;

/// What a command shows, and what it can know of whoever looks.
pub trait Ui {
    /// Writes to standard output.
    fn out(&mut self, text: &str);
    /// Writes to standard error.
    fn err(&mut self, text: &str);
    /// Whether colors are welcome.
    fn color(&self) -> bool;
    /// Whether a line can be written over: whether progress can be shown.
    fn live(&self) -> bool;
    /// Whether to go on: a server asks from time to time.
    fn go_on(&self) -> bool {
        true
    }
    /// How the process is replaced, where that can be done: when a template runs away nothing else ends it.
    fn replace(&self) -> Option<Replace> {
        None
    }
    /// What the environment says under a name.
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
    /// The language of whoever looks.
    fn language(&self) -> Language {
        Language::default()
    }
    /// Today, where that is not said otherwise: a server asks from time to time.
    fn today(&self) -> Date {
        Zoned::now().date()
    }
}

/// The process's own terminal.
#[derive(Debug, Default)]
pub struct Terminal {
    color: bool,
    live: bool,
    replace: Option<Replace>,
}

impl Terminal {
    /// The terminal, with colors where it has them and `NO_COLOR` (no-color.org) is not set.
    pub fn new() -> Self {
        let live = std::io::stderr().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { color: live && !plain, live, replace: None }
    }

    /// The terminal of a process that can be replaced.
    pub fn of_process(replace: Replace) -> Self {
        Self { replace: Some(replace), ..Self::new() }
    }
}

impl Ui for Terminal {
    fn out(&mut self, text: &str) {
        // A reader that has gone away, as in `| head`, is no error.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    fn err(&mut self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn color(&self) -> bool {
        self.color
    }

    fn live(&self) -> bool {
        self.live
    }

    fn replace(&self) -> Option<Replace> {
        self.replace
    }
}
