//! Glossary entries in prose: where a page first mentions one, the mention can be a link.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::Page;
use crate::content::{Body, Slot};

/// The entries, ready to be searched for.
#[derive(Debug, Default)]
pub struct Glossary {
    matcher: Option<AhoCorasick>,
    /// The names, and for each the page of its entry.
    entries: Vec<(Arc<str>, usize)>,
}

/// A mention in the HTML of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the HTML.
    pub range: Range<usize>,
    /// The page of the entry.
    pub page: usize,
}

impl Glossary {
    /// The entries of a portal: the names of its terms and the other names they go by.
    pub fn new(pages: &[Arc<Page>]) -> Self {
        let mut patterns: Vec<(Arc<str>, usize)> = Vec::new();
        for (number, page) in pages.iter().enumerate() {
            if let Some(term) = page.term() {
                patterns.push((page.name.clone(), number));
                patterns.extend(term.other_names.iter().map(|name| (name.as_str().into(), number)));
            }
        }
        patterns.retain(|(name, _)| !name.trim().is_empty());
        // Two entries with one name: the first file wins, always.
        patterns.sort();
        patterns.dedup_by(|a, b| a.0 == b.0);
        let matcher =
            AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build(patterns.iter().map(|(name, _)| escaped(name))).ok();
        Self { matcher: matcher.filter(|_| !patterns.is_empty()), entries: patterns }
    }

    /// The names that are searched for, each with the page of its entry.
    pub fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries.iter().map(|(name, page)| (&**name, *page))
    }

    /// The first mention of each entry in the prose of a body, as whole words; not of those in `linked`, to which those found are added.
    pub fn mentions(&self, body: &Body, linked: &mut BTreeSet<usize>) -> Vec<Mention> {
        let Some(matcher) = &self.matcher else { return Vec::new() };
        let mut mentions: Vec<Mention> = Vec::new();
        for (start, slot) in &body.slots {
            let Slot::Prose(end) = slot else { continue };
            let prose = &body.html[*start..*end];
            for found in matcher.find_iter(prose) {
                let (_, page) = self.entries[found.pattern().as_usize()];
                let whole = !joins(prose[..found.start()].chars().next_back()) && !joins(prose[found.end()..].chars().next());
                if whole && linked.insert(page) {
                    mentions.push(Mention { range: start + found.start()..start + found.end(), page });
                }
            }
        }
        mentions
    }
}

/// Whether a character beside a word makes it part of a longer one.
fn joins(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_alphanumeric() || matches!(character, '-' | '‑' | '_'))
}

fn escaped(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
