//! Sources: who says what the portal repeats.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::figure::{Day, Moment, Web, is_id};
use super::reference::Reference;
use crate::diagnostic::Diagnostic;
use crate::schema::{Decode, Known, Node, Reader, Value, table};

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
pub type Sources = BTreeMap<Arc<str>, Source>;

/// Reads `content/sources.toml`: one table a source, its heading the id.
pub fn decode_sources(root: &Node<'_>, reader: &mut Reader<'_>) -> Sources {
    let Value::Table(entries) = &root.value else { return Sources::new() };
    let mut sources = Sources::new();
    for entry in entries {
        if !is_id(&entry.key) {
            let finding = Diagnostic::new("id", format!("`{}` cannot be the id of a source", entry.key))
                .at(reader.place(entry.key_span.clone()))
                .help("use lower-case letters, digits and hyphens");
            reader.findings.push(finding);
        }
        if let Some(source) = Source::decode(&entry.node, reader) {
            sources.insert(Arc::from(entry.key.as_ref()), source);
        }
    }
    sources
}
