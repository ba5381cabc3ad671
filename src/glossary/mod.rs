//! Glossary entries in prose: where a page first mentions one, the mention can be a link.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use crate::content::{Body, Slot};
use crate::portal::{Entry, Numbered, Page, PageId, Portal};

/// The entries, ready to be searched for.
#[derive(Debug, Default)]
pub(crate) struct Glossary {
    matcher: Option<AhoCorasick>,
    /// The names, and for each the page of its entry.
    entries: Vec<(Arc<str>, PageId)>,
}

/// A mention in the HTML of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Bytes of the HTML.
    pub range: Range<usize>,
    /// The page of the entry.
    pub page: PageId,
}

impl Glossary {
    /// The entries of a portal, the names of its terms and the other names they go by; none where
    /// `[markdown]` in site.toml does not ask for links to them.
    pub(crate) fn of(portal: &Portal) -> Self {
        if portal.config.glossary_links { Self::new(&portal.pages) } else { Self::default() }
    }

    /// The glossary of a portal in which some documents took the place of others, and pages stayed where they
    /// were. It is this one where they are no entries, or are called what they were.
    pub(crate) fn renewed(self: &Arc<Self>, before: &Portal, portal: &Portal, replaced: &[Entry]) -> Arc<Self> {
        let called = |page: &Page| page.term().map(|term| (page.name.clone(), term.other_names.clone()));
        let is_same = |entry: &Entry| match entry {
            Entry::Page(number) => called(&before.pages[*number]) == called(&portal.pages[*number]),
            Entry::Section(_) => true,
        };
        if replaced.iter().all(is_same) { self.clone() } else { Arc::new(Self::of(portal)) }
    }

    fn new(pages: &Numbered<PageId, Arc<Page>>) -> Self {
        let mut patterns: Vec<(Arc<str>, PageId)> = Vec::new();
        for (number, page) in pages.numbered() {
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

    /// All that decides what it finds: names, and the addresses they lead to. Where these are the same,
    /// [`Glossary::all_mentions`] are.
    pub(crate) fn names<'g>(&'g self, portal: &'g Portal) -> Vec<(&'g str, &'g str)> {
        self.entries.iter().map(|(name, page)| (&**name, &*portal.pages[*page].permalink)).collect()
    }

    /// The mentions in the content of a page or section and in its calls, with the addresses they lead to, as
    /// they are found when the content is filled. The value of
    /// [`Read::Mentions`](crate::reads::Read::Mentions).
    pub(crate) fn all_mentions(&self, portal: &Portal, file: &str) -> Vec<(Range<usize>, Arc<str>)> {
        let Some(entry) = portal.of_file(file) else { return Vec::new() };
        let mut linked: BTreeSet<PageId> = match entry {
            Entry::Page(page) => [page].into(),
            Entry::Section(_) => BTreeSet::new(),
        };
        let mut found = Vec::new();
        self.add_mentions(portal, &portal.document(entry).body, &mut linked, &mut found);
        found
    }

    fn add_mentions(&self, portal: &Portal, body: &Body, linked: &mut BTreeSet<PageId>, found: &mut Vec<(Range<usize>, Arc<str>)>) {
        let here = self.mentions(body, linked);
        found.extend(here.into_iter().map(|mention| (mention.range, portal.pages[mention.page].permalink.clone())));
        for (_, slot) in &body.slots {
            if let Slot::Call(index) = slot
                && let Some(inner) = body.calls.get(*index).and_then(|call| call.body.as_ref())
            {
                self.add_mentions(portal, inner, linked, found);
            }
        }
    }

    /// The first mention of each entry in the prose of a body, as whole words; not of those in `linked`, to
    /// which those found are added.
    pub(crate) fn mentions(&self, body: &Body, linked: &mut BTreeSet<PageId>) -> Vec<Mention> {
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
