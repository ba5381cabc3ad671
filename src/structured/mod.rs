//! What pages are about, as linked data: JSON-LD in the words of schema.org (release 30.0), made from the
//! records.
//!
//! What is unknown is left out, and nothing is guessed: a range of pay never becomes a distribution, a share
//! of those asked never an estimate. Each page has one graph; its nodes refer to each other, and to those of
//! other pages, by permalink.

mod courses;
mod mentions;
mod node;
mod occupations;
mod pages;
mod subject;

pub(crate) use subject::{Sight, Subject};

use serde_json::{Value, json};

use crate::portal::Portal;

/// The graph of a page.
pub(crate) fn graph(portal: &Portal, subject: &Subject, sight: &mut dyn Sight) -> Value {
    let nodes = pages::nodes(portal, subject, sight);
    json!({ "@context": "https://schema.org", "@graph": nodes })
}

/// What the element of a graph begins with. It is a data block: browsers run and load nothing of it (HTML,
/// 4.12.1).
pub(crate) const SCRIPT: &str = "<script type=\"application/ld+json\">";

/// What it ends with.
pub(crate) const SCRIPT_END: &str = "</script>";

/// A graph as an element of HTML, whatever its texts hold: there is no `<` between its tags.
pub(crate) fn script(graph: &Value) -> String {
    format!("{SCRIPT}{}{SCRIPT_END}", node::escaped(&graph.to_string()))
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
