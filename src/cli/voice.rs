//! In which language a command speaks.

use jiff::civil::Date;

use super::args::{Args, Command};
use super::build::open;
use super::terminal::{Replace, Ui};
use crate::config::SITE_FILE;
use crate::diagnostic::Language;
use crate::files::Files;

/// The variable of the environment that names the language.
const CHOSEN: &str = "WERDEGANG_LANG";

/// The variables by which systems name the language of messages, the strongest first (POSIX, 8.2).
const SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of a command: the one that is asked for, else that of the portal it is about, else that of
/// the system.
pub(super) fn language(args: &Args, ui: &dyn Ui) -> Language {
    let named = |variable: &str| Language::named(&ui.variable(variable)?);
    let chosen = args.lang.or_else(|| named(CHOSEN)).or_else(|| of_portal(args));
    chosen.or_else(|| SYSTEM.into_iter().find_map(named)).unwrap_or_default()
}

/// The language that the settings of a portal name, also where they are broken elsewhere. `init` is about
/// no portal yet.
fn of_portal(args: &Args) -> Option<Language> {
    if matches!(args.command, Command::Init(_)) {
        return None;
    }
    let bytes = open(&args.root).ok()?.read(SITE_FILE).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let before_tables = text.lines().map(str::trim).take_while(|line| !line.starts_with('['));
    let value = before_tables.filter_map(|line| line.split_once('=')).find(|(key, _)| key.trim() == "default_language")?.1;
    Language::named(value.trim().strip_prefix(['"', '\''])?.split(['"', '\'']).next()?)
}

/// A terminal that is spoken to in a language.
pub(super) struct Voice<'u> {
    pub ui: &'u mut dyn Ui,
    pub language: Language,
}

impl Ui for Voice<'_> {
    fn out(&mut self, text: &str) {
        self.ui.out(text);
    }
    fn err(&mut self, text: &str) {
        self.ui.err(text);
    }
    fn color(&self) -> bool {
        self.ui.color()
    }
    fn live(&self) -> bool {
        self.ui.live()
    }
    fn go_on(&self) -> bool {
        self.ui.go_on()
    }
    fn replace(&self) -> Option<Replace> {
        self.ui.replace()
    }
    fn today(&self) -> Date {
        self.ui.today()
    }
    fn variable(&self, name: &str) -> Option<String> {
        self.ui.variable(name)
    }
    fn language(&self) -> Language {
        self.language
    }
}
