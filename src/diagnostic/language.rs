//! The languages that the program speaks to whoever runs it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use clap::ValueEnum;
use serde::Deserialize;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Language {
    /// German.
    #[value(name = "de")]
    German,
    /// English, in which messages stand in the code.
    #[default]
    #[value(name = "en")]
    English,
}

/// A wording of the catalogue.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Wording {
    /// However many there are.
    Any(String),
    /// By number.
    Counted { one: String, other: String },
}

static GERMAN: LazyLock<BTreeMap<String, Wording>> = LazyLock::new(|| toml::from_str(include_str!("messages.de.toml")).unwrap_or_default());

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::German, Language::English];

    /// The language that somebody names, as BCP 47 (`de-AT`) or POSIX (`de_DE.UTF-8`) does; English where it is
    /// one that the program does not speak, and none where nothing is named.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let language = name.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "" => None,
            "de" | "german" => Some(Self::German),
            _ => Some(Self::English),
        }
    }

    /// Its code in ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    /// What a template is in this language, for a number where it depends on one; none where that is English.
    pub(super) fn wording(self, template: &str, number: Option<u64>) -> Option<&'static str> {
        match self {
            Self::English => None,
            Self::German => Some(match GERMAN.get(template)? {
                Wording::Any(text) => text,
                // Both languages have the same two forms for whole numbers (Unicode CLDR).
                Wording::Counted { one, .. } if number == Some(1) => one,
                Wording::Counted { other, .. } => other,
            }),
        }
    }
}

/// Whether a template has no words of its own: it is the same in every language.
pub(super) fn is_frame(template: &str) -> bool {
    let mut inside = false;
    !template.chars().any(|character| {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ => {}
        }
        !inside && character.is_alphabetic()
    })
}

/// A template with its placeholders filled: `{name}` by what `argument` gives for the name. Other braces stay.
pub(super) fn filled<'a>(template: &str, argument: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, at) = rest.split_at(open);
        text.push_str(before);
        let value = at.find('}').and_then(|close| Some((argument(&at[1..close])?, close)));
        match value {
            Some((value, close)) => {
                text.push_str(&value);
                rest = &at[close + 1..];
            }
            None => {
                text.push('{');
                rest = &at[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_any_of_its_names() {
        assert_eq!(Language::named("de_AT.UTF-8@euro"), Some(Language::German));
        assert_eq!(Language::named("DE"), Some(Language::German));
        assert_eq!(Language::named("fr-CH"), Some(Language::English));
        assert_eq!(Language::named("C"), Some(Language::English));
        assert_eq!(Language::named(" "), None);
    }

    #[test]
    fn only_placeholders_are_filled() {
        let filled = filled("{{ <a b=\"{c}\" /> }} {d", |name| (name == "c").then_some(Cow::Borrowed("{c}")));
        assert_eq!(filled, "{{ <a b=\"{c}\" /> }} {d");
    }
}
