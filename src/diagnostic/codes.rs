//! All codes of findings: how much each matters, what it means, how to mend it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Severity, did_you_mean};

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

static CODES: LazyLock<BTreeMap<String, Code>> = LazyLock::new(|| toml::from_str(include_str!("codes.toml")).unwrap_or_default());

/// All codes, in order.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Code)> {
    CODES.iter().map(|(name, code)| (name.as_str(), code))
}

/// The code of that name.
pub fn get(name: &str) -> Option<&'static Code> {
    CODES.get(name)
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
    pub fn explanation(&self, name: &str) -> String {
        let may = if self.allow {
            "A site can be built with it: `[check] severity` in site.toml changes how much it matters, `[[check.allow]]` there or `[[allow]]` in the\nfront matter of a page allows single findings."
        } else {
            "It cannot be allowed: no site can be built with it, or the command could not do what it was asked."
        };
        format!("{name} ({}): {}\n\n{}\n\n{}\n\n{may}\n", self.severity.word(), self.summary, self.meaning, self.mend)
    }
}
