//! What the program says: each English template of the code has its German, with the same placeholders, and
//! each German an English that something says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::LitStr;

use crate::architecture::sources;
use crate::harness::Portal;
use werdegang::api::diagnostic::codes;

/// Functions of which each text among the arguments is said to people.
const SAYING: [&str; 11] =
    ["help", "new", "faulty", "report", "related", "wrong_type", "refused", "with_help", "io_finding", "from", "open"];

/// The German of a template; both forms where there are two.
type Catalogue = BTreeMap<String, Vec<String>>;

fn catalogue() -> Catalogue {
    let text = read("src/diagnostic/messages.de.toml");
    let table: toml::Table = text.parse().expect("a catalogue");
    let wordings = |value: &toml::Value| match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Table(forms) => {
            assert_eq!(forms.keys().collect::<Vec<_>>(), ["one", "other"]);
            forms.values().map(|form| form.as_str().expect("a text").to_owned()).collect()
        }
        other => panic!("{other:?}"),
    };
    table.iter().map(|(english, value)| (english.clone(), wordings(value))).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// What the sources hold.
#[derive(Default)]
struct Said {
    /// Templates, each with a place.
    templates: BTreeMap<String, String>,
    /// All texts.
    texts: BTreeSet<String>,
    /// Texts put together where a template should stand.
    put_together: Vec<String>,
}

impl Said {
    fn of_sources() -> Self {
        let mut said = Self::default();
        for (_, path, text) in sources() {
            let tokens: TokenStream = text.parse().expect("Rust");
            said.walk(tokens, &path.display().to_string());
        }
        // Keys of other systems, and what is said of them.
        for path in ["src/config/foreign.toml", "src/schema/foreign.toml"] {
            said.collect(&toml::Value::Table(read(path).parse().expect("TOML")));
        }
        said
    }

    fn collect(&mut self, value: &toml::Value) {
        match value {
            toml::Value::Table(table) => table.values().for_each(|value| self.collect(value)),
            toml::Value::String(text) => _ = self.texts.insert(text.clone()),
            _ => {}
        }
    }

    fn walk(&mut self, tokens: TokenStream, path: &str) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string()).unwrap_or_default();
            // Tests of a file say nothing to people.
            if token.to_string() == "mod" && tokens.get(at + 1).is_some_and(|name| name.to_string() == "tests") {
                break;
            }
            match token {
                TokenTree::Group(group) => {
                    if before(2) == "text" && before(1) == "!" {
                        self.template(group, path);
                    } else if group.delimiter() == Delimiter::Parenthesis && SAYING.contains(&before(1).as_str()) {
                        let is_call = before(2) == "." || before(2) == ":" || !before(2).chars().all(char::is_alphanumeric);
                        let is_saying = match before(1).as_str() {
                            "new" => ["Diagnostic", "Problem"].contains(&before(4).as_str()),
                            "from" => before(4) == "Text",
                            "open" => before(4) == "TableReader",
                            _ => is_call,
                        };
                        if is_saying {
                            self.arguments(group, path, before(1) != "from");
                        }
                    }
                    self.walk(group.stream(), path);
                }
                TokenTree::Literal(_) => {
                    if let Some(text) = text_of(token) {
                        self.texts.insert(text.trim().trim_end_matches('.').to_owned());
                        self.texts.insert(text);
                    }
                }
                _ => {}
            }
        }
    }

    /// The template of `text!`; where there are two forms, the one for many.
    fn template(&mut self, group: &Group, path: &str) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().take(3).collect();
        let is_counted = tokens.get(1).is_some_and(|token| token.to_string() == "|");
        let template = tokens.get(if is_counted { 2 } else { 0 }).and_then(text_of);
        if let Some(template) = template {
            self.templates.insert(template, path.to_owned());
        }
    }

    /// Texts among the arguments of a call, also in branches; with `whole` none may be put together there.
    fn arguments(&mut self, group: &Group, path: &str, whole: bool) {
        let mut last = [String::new(), String::new()];
        for token in group.stream() {
            match &token {
                TokenTree::Literal(_) => {
                    if let Some(text) = text_of(&token) {
                        self.templates.insert(text, path.to_owned());
                    }
                }
                TokenTree::Group(inner) if inner.delimiter() == Delimiter::Brace => self.arguments(inner, path, whole),
                TokenTree::Group(_) if whole && last == ["format", "!"] => self.put_together.push(format!("{path}: {token}")),
                _ => {}
            }
            last = [std::mem::take(&mut last[1]), token.to_string()];
        }
    }
}

fn text_of(token: &TokenTree) -> Option<String> {
    syn::parse2::<LitStr>(token.clone().into()).ok().map(|text| text.value())
}

/// The names in braces of an English template.
fn placeholders(template: &str) -> BTreeSet<String> {
    let plain = template.replace("{{", "").replace("}}", "");
    let parts = plain.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let names = parts.map(|(name, _)| name.split(':').next().unwrap_or(name));
    names.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).map(str::to_owned).collect()
}

/// A template without words of its own is the same in every language, and so is what is no sentence: a code, a
/// key, a name of a table.
fn has_words(template: &str) -> bool {
    let mut inside = false;
    let outside = template.chars().filter(|character| {
        inside = match character {
            '{' => true,
            '}' => false,
            _ => inside,
        };
        !inside
    });
    let outside: String = outside.collect();
    outside.contains(' ') && outside.chars().any(char::is_alphabetic)
}

#[test]
fn every_template_has_a_german_wording() {
    let (said, german) = (Said::of_sources(), catalogue());
    assert!(said.templates.len() > 600, "{}", said.templates.len());
    let missing: Vec<String> = said
        .templates
        .iter()
        .filter(|(template, _)| has_words(template) && !german.contains_key(*template))
        .map(|(template, path)| format!("{path}: {template:?}"))
        .collect();
    assert!(missing.is_empty(), "without German in src/diagnostic/messages.de.toml:\n{}", missing.join("\n"));
    assert!(said.put_together.is_empty(), "`text!` says this in every language, `format!` in one:\n{}", said.put_together.join("\n"));
}

#[test]
fn every_german_wording_is_said_and_has_the_same_placeholders() {
    let (said, german) = (Said::of_sources(), catalogue());
    for (english, wordings) in &german {
        let is_said = said.templates.contains_key(english) || said.texts.contains(english);
        assert!(is_said, "nothing says {english:?}: take it out of src/diagnostic/messages.de.toml");
        let wanted = placeholders(english);
        for wording in wordings {
            assert!(!wording.is_empty(), "{english:?}");
            for name in &wanted {
                assert!(wording.contains(&format!("{{{name}}}")), "{english:?} has {{{name}}}, and {wording:?} has not");
            }
        }
    }
}

/// `codes.de.toml` has the codes of `codes.toml`, each as severe.
#[test]
fn every_code_has_german_texts() {
    let table = |path: &str| read(path).parse::<toml::Table>().expect("a table");
    let (english, german) = (table("src/diagnostic/codes.toml"), table("src/diagnostic/codes.de.toml"));
    assert_eq!(english.keys().collect::<Vec<_>>(), german.keys().collect::<Vec<_>>());
    assert_eq!(codes::all().count(), english.len());
    let keys = |code: &toml::Value| code.as_table().expect("a code").keys().cloned().collect::<BTreeSet<_>>();
    for (name, code) in &english {
        let other = &german[name];
        assert_eq!(keys(code), keys(other), "{name}");
        assert_eq!((code.get("severity"), code.get("allow")), (other.get("severity"), other.get("allow")), "{name}");
    }
}

/// Asked for, chosen, the portal's, the system's.
#[test]
fn the_language_is_the_one_that_is_asked_for() {
    let portal = |language: &str| {
        let site = format!(
            "# Settings\ntitle = \"Test\"\ndefault_language = \"{language}\" # spoken\nbase_url = \"https://example.org\"\nwrong = 1\n"
        );
        Portal::of(&[("site.toml", &site), ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n")])
    };
    let speaks_german = |portal: &Portal, environment: &[(&str, &str)], arguments: &[&str]| {
        let (_, shown) = portal.run_in(environment, arguments);
        shown.err.contains("Fehler[") || shown.out.contains("Hinweis ")
    };
    let (german, english) = (portal("de-AT"), portal("en"));
    assert!(speaks_german(&german, &[], &["check"]));
    assert!(speaks_german(&german, &[("LC_ALL", "en_GB.UTF-8")], &["check"]));
    assert!(!speaks_german(&german, &[("WERDEGANG_LANG", "en")], &["check"]));
    assert!(speaks_german(&german, &[("WERDEGANG_LANG", "en")], &["check", "--lang", "de"]));
    assert!(!speaks_german(&english, &[("LANG", "de_DE.UTF-8")], &["check"]));
    assert!(speaks_german(&english, &[("WERDEGANG_LANG", "de_CH")], &["check"]));
    assert!(!speaks_german(&german, &[("WERDEGANG_LANG", "fr")], &["check"]));
    let nowhere = Portal::empty();
    assert!(speaks_german(&nowhere, &[("LC_ALL", ""), ("LC_MESSAGES", "de_DE.UTF-8"), ("LANG", "en_US.UTF-8")], &["explain"]));
    assert!(!speaks_german(&nowhere, &[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], &["explain"]));
    assert!(!speaks_german(&nowhere, &[], &["explain"]));
}

/// What machines read is the same in every language.
#[test]
fn machines_are_told_in_english() {
    let portal = Portal::of(&[("content/_index.md", "+++\ntitel = \"Home\"\nweight = \"x\"\n+++\n[a](@/b.md)\n")]);
    for format in ["json", "github", "sarif"] {
        let told = |language: &str| portal.run(&["check", "--format", format, "--lang", language]).1.out;
        assert_eq!(told("de"), told("en"), "{format}");
        assert!(told("de").contains("did you mean `title`?"));
    }
}
