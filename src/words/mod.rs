//! The words of a theme in the language of the portal.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Text, did_you_mean, list, text};
use crate::files;
use crate::locale::{LanguageId, Locale};
use crate::schema::{Node, Value, parse_toml};

/// A file of words, and what findings call it.
#[derive(Debug, Clone, Copy)]
pub struct WordsFile<'f> {
    /// Its path for findings: relative to the portal.
    pub shown: &'f str,
    /// What it holds.
    pub bytes: &'f [u8],
}

/// The files that words are read from.
#[derive(Debug, Default)]
pub struct Given<'f> {
    /// That of the theme, for the language of the portal.
    pub of_theme: Option<WordsFile<'f>>,
    /// That of the portal, for the same language: its words take the place of the theme's.
    pub of_portal: Option<WordsFile<'f>>,
    /// The languages that the theme has words for; none where there is no theme.
    pub languages: Option<Vec<&'f str>>,
}

/// The file of the words of a language, below the folder of the theme or of the portal.
pub(crate) fn path_of(language: &str) -> String {
    format!("{FOLDER}{language}{ENDING}")
}

/// The language whose words a file holds; none where it holds none.
pub(crate) fn language_of(path: &str) -> Option<&str> {
    path.strip_prefix(FOLDER)?.strip_suffix(ENDING)
}

const FOLDER: &str = "i18n/";
const ENDING: &str = ".toml";

/// A word with what is to be put into it: `{name}` becomes what is given for `name`.
pub(crate) fn filled<'p>(mut word: String, put: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    for (name, text) in put {
        word = word.replace(&format!("{{{name}}}"), text);
    }
    word
}

/// The words by their key; tables give keys with dots.
#[derive(Debug, Clone)]
pub struct Words {
    words: BTreeMap<Arc<str>, String>,
    locale: &'static Locale,
}

impl Words {
    /// Reads the words of the theme, over them those of the portal, over them `[translations]` of
    /// `site.toml`.
    pub fn load(config: &Config, language: LanguageId, given: &Given<'_>, findings: &mut Vec<Diagnostic>) -> Self {
        let locale = config.locale(language);
        let path = path_of(locale.base);
        let mut words = BTreeMap::new();
        match (&given.of_theme, &given.languages) {
            (Some(file), _) => read(file, &mut words, findings),
            // A theme that is not there has been reported; a portal may speak for its theme.
            (None, None) => {}
            (None, Some(_)) if given.of_portal.is_some() => {}
            (None, Some(languages)) => {
                let message =
                    text!("the theme `{theme}` has no words for the language `{language}`", theme = config.theme, language = locale.base);
                let languages = list(languages.iter().copied());
                let there_are = if languages.is_empty() { Text::from("none") } else { text!("{languages}", languages) };
                findings.push(Diagnostic::new("no-words", message).help(text!(
                    "it has {languages}; add `{path}` to the theme or to the portal",
                    languages = there_are,
                    path
                )));
            }
        }
        if let Some(file) = &given.of_portal {
            read(file, &mut words, findings);
        }
        words.extend(config.site.translations.iter().flatten().map(|(key, word)| (Arc::from(key.as_str()), word.clone())));
        Self { words, locale }
    }

    /// A word. With a number the form for it, `key.one` or `key.other`, is taken. Every key that is looked
    /// for is told to `sought`.
    ///
    /// # Errors
    /// What is wrong, where there is none.
    pub fn word(&self, key: &str, number: Option<f64>, sought: &dyn Fn(&str)) -> Result<String, Text> {
        let look = |key: &str| {
            sought(key);
            self.words.get(key)
        };
        let Some(number) = number else {
            return look(key).cloned().ok_or_else(|| self.no_word(key));
        };
        let forms = [format!("{key}.{}", self.locale.plural(number)), format!("{key}.other")];
        match forms.iter().find_map(|form| look(form)).or_else(|| look(key)) {
            Some(word) => Ok(word.replace("{n}", &self.locale.number(number))),
            None => Err(self.no_word(key)),
        }
    }

    /// The word of exactly that key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    fn no_word(&self, key: &str) -> Text {
        let near = did_you_mean(key, self.words.keys().map(|key| &**key))
            .map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
        text!("the theme has no word `{key}` in `i18n/{language}.toml`{near}", key, language = self.locale.base, near)
    }
}

fn read(file: &WordsFile<'_>, words: &mut BTreeMap<Arc<str>, String>, findings: &mut Vec<Diagnostic>) {
    let Some(source) = files::read_text(file.shown, Ok(file.bytes), findings) else { return };
    if let Some(root) = parse_toml(&source, 0..source.text().len(), findings) {
        flatten(&root, "", words, &mut |span, key| {
            findings.push(
                Diagnostic::new("words", text!("the word `{key}` is no text", key))
                    .at(source.place(span))
                    .help("write it in quotes; forms for numbers, `one` and `other`, stand in a table of their own"),
            );
        });
    }
}

/// Takes in all words below a node; what is neither a word nor a table of them is told to `wrong`.
fn flatten(node: &Node<'_>, prefix: &str, words: &mut BTreeMap<Arc<str>, String>, wrong: &mut dyn FnMut(Range<usize>, &str)) {
    let Value::Table(entries) = &node.value else { return };
    for entry in entries {
        let key = if prefix.is_empty() { entry.key.to_string() } else { format!("{prefix}.{}", entry.key) };
        match &entry.node.value {
            Value::String(word) => {
                words.insert(key.into(), word.to_string());
            }
            Value::Table(_) => flatten(&entry.node, &key, words, wrong),
            _ => wrong(entry.node.span.clone(), &key),
        }
    }
}
