//! Glossary entries.

use super::reference::Reference;
use crate::schema::table;

table! {
    /// A glossary entry. Its first mention on another page becomes a link, where `site.toml` asks for it.
    pub struct Term in "[term]" {
        /// The word itself; the page's title where it is left out.
        name: Option<String> = "\"Reach\"",
        /// What it means, in one sentence.
        short: String = "\"How many people saw a post at least once.\"",
        /// Other words for it, and forms of it that are linked too, such as the plural.
        other_names: Vec<String> = "[\"reaches\"]",
        /// Entries to read beside it.
        see_also: Vec<Reference<Term>> = "[\"impression\"]",
    }
}
