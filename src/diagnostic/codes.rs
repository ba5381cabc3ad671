//! All codes of findings: how much each matters, what it means, how to mend it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Language, Severity, Text, did_you_mean, text};

/// A kind of finding.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// How much it matters, unless settings say otherwise.
    pub severity: Severity,
    /// Whether a site can be built with it: then its severity may be changed, and single findings allowed.
    #[serde(default)]
    pub allow: bool,
    /// What it is, on one line.
    pub summary: String,
    /// What it means, and why it matters.
    pub meaning: String,
    /// What to do about it.
    pub mend: String,
}

type Table = BTreeMap<String, Code>;

static CODES: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("codes.toml")).unwrap_or_default());
static GERMAN: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("codes.de.toml")).unwrap_or_default());

/// All codes, in order.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Code)> {
    all_in(Language::English)
}

/// All codes in a language, in order.
pub fn all_in(language: Language) -> impl Iterator<Item = (&'static str, &'static Code)> {
    table(language).iter().map(|(name, code)| (name.as_str(), code))
}

/// The code of that name.
pub fn get(name: &str) -> Option<&'static Code> {
    CODES.get(name)
}

/// The code of that name in a language; in English where it has no text in that.
pub fn get_in(language: Language, name: &str) -> Option<&'static Code> {
    table(language).get(name).or_else(|| get(name))
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::German => &GERMAN,
        Language::English => &CODES,
    }
}

/// Whether a site can be built with a finding of that code.
pub fn is_allowable(name: &str) -> bool {
    get(name).is_some_and(|code| code.allow)
}

/// The code that a slip may have meant.
pub fn near(name: &str) -> Option<&'static str> {
    did_you_mean(name, CODES.keys().map(String::as_str))
}

impl Code {
    /// What it means and how to mend it, as `explain` prints it.
    pub fn explanation(&self, name: &str, language: Language) -> String {
        let may = Text::from(if self.allow {
            "A site can be built with it: `[check] severity` in site.toml changes how much it matters, `[[check.allow]]` there or `[[allow]]` in the\nfront matter of a page allows single findings."
        } else {
            "It cannot be allowed: no site can be built with it, or the command could not do what it was asked."
        });
        let severity = Text::from(self.severity.word());
        let Self { summary, meaning, mend, .. } = self;
        let text = text!("{name} ({severity}): {summary}\n\n{meaning}\n\n{mend}\n\n{may}\n", name, severity, summary, meaning, mend, may);
        text.in_language(language).into_owned()
    }
}
