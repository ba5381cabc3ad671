//! Nodes of linked data, written key by key. What is not known has no key.

use serde_json::{Map, Value, json};

/// A node: its type, and what is known of it.
pub(super) struct Node(Map<String, Value>);

impl Node {
    /// A node of a type of schema.org.
    pub(super) fn new(kind: &str) -> Self {
        Self(Map::from_iter([(String::from("@type"), json!(kind))]))
    }

    /// A node of a type that others refer to by this address.
    pub(super) fn at(kind: &str, id: String) -> Self {
        Self::new(kind).with("@id", id)
    }

    /// With a value.
    pub(super) fn with(self, key: &str, value: impl Into<Value>) -> Self {
        self.maybe(key, Some(value))
    }

    /// With a value, where it is known.
    pub(super) fn maybe(mut self, key: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value.into());
        }
        self
    }

    /// With some values, where there are any.
    pub(super) fn list(self, key: &str, values: Vec<Value>) -> Self {
        let some = !values.is_empty();
        self.maybe(key, some.then_some(values))
    }

    /// Whether nothing is known of it but its type.
    pub(super) fn is_bare(&self) -> bool {
        self.0.len() == 1
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        Value::Object(node.0)
    }
}

/// A node that stands elsewhere.
pub(super) fn reference(id: &str) -> Value {
    json!({ "@id": id })
}

/// Text in place of what HTML would take for its own: `<`, `>` and `&`, and the two line ends that old
/// scripts do not allow in strings, as escapes of JSON.
pub(super) fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 64);
    let mut rest = json;
    while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        }
        rest = characters.as_str();
    }
    text.push_str(rest);
    text
}
