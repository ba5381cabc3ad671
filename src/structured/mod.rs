//! What pages are about, as linked data: JSON-LD in the words of schema.org (release 30.0), made from the records.
//!
//! What is unknown is left out, and nothing is guessed: a range of pay never becomes a distribution, a share of those asked never an estimate.
//! Each page has one graph; its nodes refer to each other, and to those of other pages, by permalink.

mod courses;
mod node;
mod occupations;
mod pages;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::portal::{Entry, Portal};

/// What a graph looks at beside its own page. Whoever makes one notes it.
pub trait Sight {
    /// A page is looked at.
    fn page(&mut self, number: usize);
    /// A section is looked at.
    fn section(&mut self, number: usize);
    /// It is looked at which pages a section has, and which of all pages are terms.
    fn terms(&mut self, section: usize);
    /// A source is looked at.
    fn source(&mut self, id: &Arc<str>);
    /// The pages with salaries of a role.
    fn salaries(&mut self, role: &str) -> Vec<usize>;
    /// The sessions that are still to come of the course of a page.
    fn sessions(&mut self, number: usize);
    /// A word of the theme; none where it has none.
    fn word(&mut self, key: &str) -> Option<String>;
}

/// What a graph is made of.
#[derive(Debug, Default)]
pub struct Subject {
    /// The page or section; none where it is a list of something else.
    pub entry: Option<Entry>,
    /// The full address.
    pub address: String,
    /// What it is called.
    pub name: String,
    /// The names and full addresses of what stands between the home page and it, where it is no page or section.
    pub above: Vec<(String, String)>,
    /// The pages that it lists.
    pub listed: Vec<usize>,
    /// How many pages of its list stand before these.
    pub skipped: usize,
    /// Questions that it answers, and their answers, as plain text.
    pub questions: Vec<(String, String)>,
}

/// The graph of a page.
pub fn graph(portal: &Portal, subject: &Subject, sight: &mut dyn Sight) -> Value {
    let nodes = pages::nodes(portal, subject, sight);
    json!({ "@context": "https://schema.org", "@graph": nodes })
}

/// What the element of a graph begins with. It is a data block: browsers run and load nothing of it (HTML, 4.12.1).
pub const SCRIPT: &str = "<script type=\"application/ld+json\">";

/// What it ends with.
pub const SCRIPT_END: &str = "</script>";

/// A graph as an element of HTML, whatever its texts hold: there is no `<` between its tags.
pub fn script(graph: &Value) -> String {
    format!("{SCRIPT}{}{SCRIPT_END}", node::escaped(&graph.to_string()))
}

/// The address of the record of a page.
fn record_id(portal: &Portal, number: usize) -> String {
    let page = &portal.pages[number];
    format!("{}#{}", page.permalink, page.kind_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_element() {
        let hostile = "</script><!-- & \u{2028}\u{2029} ]]>";
        let written = script(&json!({ "name": hostile }));
        let inner = written.strip_prefix(SCRIPT).and_then(|rest| rest.strip_suffix(SCRIPT_END));
        let inner = inner.unwrap_or_default();
        assert!(!inner.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{inner}");
        let read: Value = serde_json::from_str(inner).unwrap_or_default();
        assert_eq!(read, json!({ "name": hostile }));
    }
}
