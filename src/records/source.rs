//! Sources: who says what the portal repeats.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use super::moment::{Day, Moment};
use super::reference::{Reference, Target};
use super::web::{Web, is_id};
use crate::diagnostic::{Place, SourceText};
use crate::schema::{Decode, Known, Node, Reader, Spans, Value, table};

/// What messages and templates call a source.
pub const SOURCE: &str = "source";

impl Target for Source {
    const NAME: &'static str = SOURCE;
}

table! {
    /// A source that figures and prose cite by its id.
    pub struct Source in "a source" {
        /// What the source is called.
        title: String = "\"Title of the study\"",
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
pub const SOURCES_FILE: &str = "content/sources.toml";

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

/// Reads `content/sources.toml`: one table a source, its heading the id.
pub fn decode_sources(root: &Node<'_>, reader: &mut Reader<'_>) -> Sources {
    let mut sources = Sources { text: Some(reader.source.clone()), ..Sources::default() };
    let Value::Table(entries) = &root.value else { return sources };
    for entry in entries {
        if !is_id(&entry.key) {
            let message = format!("`{}` cannot be the id of a source", entry.key);
            reader.report("id", entry.key_span.clone(), message, "use lower-case letters, digits and hyphens");
        }
        if let Some(source) = Source::decode(&entry.node, reader) {
            let id: Arc<str> = Arc::from(entry.key.as_ref());
            sources.spans.insert(id.clone(), Spans::new(&entry.node));
            sources.by_id.insert(id, source);
        }
    }
    sources
}
