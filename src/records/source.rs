//! Sources: who says what the portal repeats.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use super::moment::{Day, Moment};
use super::reference::{Reference, Target};
use super::web::{LanguageTag, Web, is_id};
use crate::diagnostic::{Place, SourceText, text};
use crate::schema::{Decode, Known, Reader, Spans, Value, recover_toml, table};

/// What messages and templates call a source.
pub(crate) const SOURCE: &str = "source";

impl Target for Source {
    const NAME: &'static str = SOURCE;
}

table! {
    /// A source that figures and prose cite by its id.
    pub struct Source in "a source" {
        /// What the source is called.
        title: String = "\"Title of the study\"",
        /// The language of its title, where it is not the portal's.
        language: Option<LanguageTag> = "\"en\"",
        /// Who published it.
        publisher: String = "\"Name of the publisher\"",
        /// Where it can be read.
        url: Option<Known<Web>> = "\"https://www.example.org/study\"",
        /// When it was published: a day, a month or a year.
        published: Known<Moment> = "\"2026-03\"",
        /// When it was last read.
        accessed: Option<Known<Day>> = "2026-03-01",
        /// The newer source that has taken its place.
        replaced_by: Option<Reference<Source>> = "\"newer-study\"",
        /// What a reader should know about it.
        note: Option<String> = "\"A survey of members\"",
    }
}

/// The file of the sources, relative to the portal.
pub(crate) const SOURCES_FILE: &str = "content/sources.toml";

/// All sources by id, as `content/sources.toml` lists them.
#[derive(Debug, Default)]
pub struct Sources {
    by_id: BTreeMap<Arc<str>, Source>,
    /// What the file held; none where there is none.
    text: Option<Arc<SourceText>>,
    /// Where the table of each writes what.
    spans: BTreeMap<Arc<str>, Spans>,
}

impl Sources {
    /// The place of a value of a source; the file as a whole where it is not there.
    pub fn place(&self, id: &str, key: &str) -> Place {
        let place = || {
            let text = self.text.as_ref()?;
            Some(text.place(self.spans.get(id)?.find(text.text(), &[key])?))
        };
        place().unwrap_or_else(|| Place::file(SOURCES_FILE))
    }
}

/// Two are the same where all sources are, wherever they stand.
impl PartialEq for Sources {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Deref for Sources {
    type Target = BTreeMap<Arc<str>, Source>;
    fn deref(&self) -> &Self::Target {
        &self.by_id
    }
}

/// Sources that are written and could not be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BrokenSources {
    /// Whether nobody knows which sources the file means to hold: it could not be read, or is no TOML.
    pub all: bool,
    /// Those that are known by their ids.
    pub ids: BTreeSet<Arc<str>>,
}

impl BrokenSources {
    /// Whether the file may mean to hold a source, though it is not among the sources.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.all || self.ids.contains(id)
    }
}

/// Reads `content/sources.toml`: one table a source, its heading the id. Gives those that could be
/// understood, and which could not: a mistake in one hides nothing of the others.
pub(crate) fn decode_sources(reader: &mut Reader<'_>) -> (Sources, BrokenSources) {
    let (root, errors) = recover_toml(reader.source, 0..reader.text.len(), &mut reader.findings);
    let mut sources = Sources { text: Some(reader.source.clone()), ..Sources::default() };
    let mut broken = BrokenSources { all: !errors.is_empty(), ids: BTreeSet::new() };
    let Value::Table(entries) = &root.value else { return (sources, broken) };
    // What a table holds around an error of syntax was not read as it was meant.
    let mut starts: Vec<usize> = entries.iter().map(|entry| entry.key_span.start).collect();
    starts.sort_unstable();
    let table_at = |at: usize| starts.partition_point(|start| *start <= at);
    let torn: BTreeSet<usize> = errors.into_iter().map(table_at).collect();
    for entry in entries {
        let id: Arc<str> = Arc::from(entry.key.as_ref());
        if torn.contains(&table_at(entry.key_span.start)) {
            broken.ids.insert(id);
            continue;
        }
        let is_sound = is_id(&entry.key);
        if !is_sound {
            let message = text!("`{id}` cannot be the id of a source", id = entry.key);
            reader.report("id", entry.key_span.clone(), message, "use lower-case letters, digits and hyphens");
            // Who cites it may have written what it should be called.
            let meant = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter.to_ascii_lowercase() } else { '-' };
            broken.ids.insert(entry.key.chars().map(meant).collect::<String>().into());
        }
        match Source::decode(&entry.node, reader).filter(|_| is_sound) {
            Some(source) => {
                sources.spans.insert(id.clone(), Spans::new(&entry.node));
                sources.by_id.insert(id, source);
            }
            None => {
                broken.ids.insert(id);
            }
        }
    }
    (sources, broken)
}
