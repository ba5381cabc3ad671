//! The theme's words in the language of the portal.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::files::{ThemeFile, ThemeFiles};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, did_you_mean, list};
use crate::files;
use crate::locale::Locale;
use crate::schema::{Node, Value, parse_toml};

/// The words by their key; tables give keys with dots.
#[derive(Debug, Clone)]
pub struct Words {
    words: BTreeMap<Arc<str>, String>,
    locale: &'static Locale,
}

impl Words {
    /// Reads `i18n/LANG.toml` of the theme, over it that of the portal, over it `[translations]` of `site.toml`.
    pub fn load(config: &Config, files: &ThemeFiles, findings: &mut Vec<Diagnostic>) -> Self {
        let path = format!("i18n/{}.toml", config.locale.language);
        let mut words = BTreeMap::new();
        match files.theme.get(&path) {
            Some(file) => read(file, &mut words, findings),
            // A theme that is not there has been reported; a portal may speak for its theme.
            None if files.theme.is_empty() || files.portal.contains_key(&path) => {}
            None => {
                let languages = files.theme.keys().filter_map(|path| path.strip_prefix("i18n/")?.strip_suffix(".toml"));
                let message = format!("the theme `{}` has no words for the language `{}`", files.name, config.locale.language);
                let languages = list(languages);
                let there_are = if languages.is_empty() { String::from("none") } else { languages };
                findings.push(
                    Diagnostic::new("no-words", message).help(format!("it has {there_are}; add `{path}` to the theme or to the portal")),
                );
            }
        }
        if let Some(file) = files.portal.get(&path) {
            read(file, &mut words, findings);
        }
        words.extend(config.site.translations.iter().flatten().map(|(key, word)| (Arc::from(key.as_str()), word.clone())));
        Self { words, locale: config.locale }
    }

    /// A word. With a number the form for it, `key.one` or `key.other`, is taken. Every key that is looked for is told to `sought`.
    ///
    /// # Errors
    /// What is wrong, where there is none.
    pub fn word(&self, key: &str, number: Option<f64>, sought: &dyn Fn(&str)) -> Result<String, String> {
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

    fn no_word(&self, key: &str) -> String {
        let near =
            did_you_mean(key, self.words.keys().map(|key| &**key)).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!("the theme has no word `{key}` in `i18n/{}.toml`{near}", self.locale.language)
    }
}

fn read(file: &ThemeFile, words: &mut BTreeMap<Arc<str>, String>, findings: &mut Vec<Diagnostic>) {
    let source = match files::source(&file.shown, file.bytes.to_vec()) {
        Ok(source) => source,
        Err(finding) => {
            findings.push(*finding);
            return;
        }
    };
    if let Some(root) = parse_toml(&source, 0..source.text().len(), findings) {
        flatten(&root, "", words, &mut |span, key| {
            findings.push(
                Diagnostic::new("words", format!("the word `{key}` is no text"))
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
