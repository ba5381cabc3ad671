//! The script that every page of the preview loads: the morphing library, words, and what is done with them,
//! as one file.

use super::settings::Settings;
use crate::diagnostic::Language;

/// [Idiomorph](https://github.com/bigskysoftware/idiomorph) 0.8.0, as published. Its licence, 0BSD, stands
/// beside it.
const MORPH: &str = include_str!("client/idiomorph.min.js");
const SHOWN: &str = include_str!("client/shown.js");
const CLIENT: &str = include_str!("client/preview.js");

/// The script, which speaks the language of the preview.
pub(super) fn of(settings: &Settings) -> String {
    let (language, bar) = (settings.language.code(), settings.bar);
    let words = match settings.language {
        Language::German => include_str!("client/de.toml"),
        Language::English => include_str!("client/en.toml"),
    };
    // A file in the program that is not TOML is found by the first test.
    let words: toml::Table = toml::from_str(words).unwrap_or_default();
    let words = serde_json::to_string(&words).unwrap_or_else(|_| String::from("{}"));
    format!(
        "// With Idiomorph 0.8.0, https://github.com/bigskysoftware/idiomorph, Zero-Clause BSD.\n(() => {{\n\"use strict\";\n{MORPH}\n\
         const LANGUAGE = \"{language}\";\nconst WORDS = {words};\nconst BAR = {bar};\n{SHOWN}\n{CLIENT}\n}})();\n"
    )
}
