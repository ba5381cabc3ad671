//! Where keys of front matter stand, kept for the findings that only the whole portal can decide.

use std::ops::Range;

use super::node::{Node, Value};

/// Where the values of front matter stand: those of its own keys, and of the keys of the tables in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Box<[KeySpan]>);

/// A key and its value, as bytes of the file.
#[derive(Clone, Debug)]
struct KeySpan {
    /// Whether the key is one of the table before it.
    inner: bool,
    key: Range<u32>,
    value: Range<u32>,
}

impl Spans {
    /// The spans of a document.
    pub(crate) fn new(root: &Node<'_>) -> Self {
        let mut spans = Vec::new();
        let Value::Table(entries) = &root.value else { return Self::default() };
        for entry in entries {
            spans.push(KeySpan { inner: false, key: small(&entry.key_span), value: small(&entry.node.span) });
            if let Value::Table(inner) = &entry.node.value {
                spans.extend(inner.iter().map(|entry| KeySpan {
                    inner: true,
                    key: small(&entry.key_span),
                    value: small(&entry.node.span),
                }));
            }
        }
        Self(spans.into())
    }

    /// Where the value under a key stands, or under a key of a table; `text` is what the file holds.
    pub(crate) fn find(&self, text: &str, keys: &[&str]) -> Option<Range<usize>> {
        let is = |span: &&KeySpan, key: &str| text.get(large(&span.key)).is_some_and(|written| written.trim_matches(['"', '\'']) == key);
        let [outer, rest @ ..] = keys else { return None };
        let at = self.0.iter().position(|span| !span.inner && is(&span, outer))?;
        let found = match rest {
            [] => self.0.get(at),
            [inner] => self.0[at + 1..].iter().take_while(|span| span.inner).find(|span| is(span, inner)),
            _ => None,
        };
        found.map(|span| large(&span.value))
    }
}

/// No file is so large that its places would not fit (`limits::LARGEST_FILE`).
fn small(range: &Range<usize>) -> Range<u32> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    place(range.start)..place(range.end)
}

fn large(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
