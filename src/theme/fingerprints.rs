//! What a template is made of: itself, the templates it extends and includes, the components it calls.
//!
//! Tera does not tell what a template reaches while it renders, but all of it is named in its source: parents
//! and includes by a literal, components by their tag. What looks like a name but is none (in a comment, say)
//! only makes a template depend on more than it does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use xxhash_rust::xxh3::Xxh3;

/// By the name of a source: its place for findings, and its text.
type Sources = BTreeMap<String, (String, String)>;

/// A number for each template and component; the same as long as all that it is made of is the same.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    templates: HashMap<String, u64>,
    components: HashMap<String, u64>,
    /// By source: the sources that it names or whose components it calls.
    reaches: HashMap<String, BTreeSet<String>>,
    /// By component: the sources that define it.
    defined: HashMap<String, BTreeSet<String>>,
}

impl Fingerprints {
    /// Of all sources; `prefix` stands before the names of the theme's.
    pub(super) fn new(sources: &Sources, prefix: &str) -> Self {
        // Of several definitions the portal's wins, whatever the names of the files; the others count as
        // well, because one of them wins when that goes.
        let mut defined: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for (name, (_, text)) in sources {
            for component in definitions(text) {
                defined.entry(component).or_default().insert(name.as_str());
            }
        }
        let reaches: HashMap<&str, BTreeSet<&str>> = sources
            .iter()
            .map(|(name, (_, text))| {
                let named = quoted(text).filter_map(|quoted| resolve(sources, quoted, prefix));
                let called = calls(text).filter_map(|component| defined.get(component)).flatten().copied();
                (name.as_str(), named.chain(called).collect())
            })
            .collect();
        let templates = sources.keys().map(|name| (name.clone(), fingerprint([name.as_str()], &reaches, sources))).collect();
        let components = defined.iter().map(|(component, names)| ((*component).to_owned(), fingerprint(names.clone(), &reaches, sources)));
        let components = components.collect();
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        let reaches = reaches.into_iter().map(|(name, names)| (name.to_owned(), owned(names))).collect();
        let defined = defined.into_iter().map(|(component, names)| (component.to_owned(), owned(names))).collect();
        Self { templates, components, reaches, defined }
    }

    /// The sources that define a component.
    pub(super) fn sources_of(&self, component: &str) -> impl Iterator<Item = &str> {
        self.defined.get(component).into_iter().flatten().map(String::as_str)
    }

    /// Some sources, and all that they are made of.
    pub(super) fn reached<'s>(&'s self, from: impl IntoIterator<Item = &'s str>) -> BTreeSet<&'s str> {
        let mut all = BTreeSet::new();
        let mut open: Vec<&str> = from.into_iter().collect();
        while let Some(name) = open.pop() {
            if all.insert(name) {
                open.extend(self.reaches.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        all
    }

    /// Of a template, by the name that pages use.
    pub(super) fn template(&self, name: &str, prefix: &str) -> Option<u64> {
        self.templates.get(name).or_else(|| self.templates.get(&format!("{prefix}{name}"))).copied()
    }

    /// Of a component.
    pub(super) fn component(&self, name: &str) -> Option<u64> {
        self.components.get(name).copied()
    }
}

/// The source that a name means: the portal's own, else the theme's.
fn resolve<'s>(sources: &'s Sources, name: &str, prefix: &str) -> Option<&'s str> {
    let found = sources.get_key_value(name).or_else(|| sources.get_key_value(&format!("{prefix}{name}")));
    found.map(|(name, _)| name.as_str())
}

/// Of some sources with all that they reach.
fn fingerprint<'s>(names: impl IntoIterator<Item = &'s str>, reaches: &HashMap<&'s str, BTreeSet<&'s str>>, sources: &Sources) -> u64 {
    let mut all = BTreeSet::new();
    let mut open: Vec<&str> = names.into_iter().collect();
    while let Some(name) = open.pop() {
        if all.insert(name) {
            open.extend(reaches.get(name).into_iter().flatten());
        }
    }
    let mut hash = Xxh3::new();
    for name in all {
        let text = sources.get(name).map_or("", |(_, text)| text.as_str());
        for part in [name, text] {
            hash.update(&part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.digest()
}

/// All texts in quotes, of whichever kind.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    ['"', '\'', '`'].into_iter().flat_map(move |quote| {
        // Which quotes open and which close cannot be told without parsing, so each stretch between two is
        // taken.
        text.split(quote).skip(1).filter(|stretch| !stretch.contains('\n') && stretch.len() < 1000)
    })
}

/// The names behind every `<`: calls of components among them, and elements of HTML.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('<').filter_map(|(at, _)| name_at(text[at + 1..].trim_start()))
}

/// The components that a source defines.
pub(super) fn definitions(text: &str) -> impl Iterator<Item = &str> {
    const WORD: &str = "component";
    text.match_indices(WORD).filter_map(|(at, _)| {
        let before = text[..at].trim_end().trim_end_matches(['-', '+']).trim_end();
        let after = &text[at + WORD.len()..];
        (before.ends_with("{%") && after.starts_with(char::is_whitespace)).then(|| name_at(after.trim_start())).flatten()
    })
}

fn name_at(text: &str) -> Option<&str> {
    let end = text.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '.' | '-')).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}
