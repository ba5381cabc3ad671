//! Words by which a page is found besides its own: the later parts of its compounds, words for women and
//! men, other words for the same. Compounds are divided by the portal's own vocabulary: a word is divided
//! only where each of its parts stands in the portal as a word of its own.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use super::entry::Entry;
use crate::limits::MOST_KNOWN_WORDS;
use crate::locale::SearchWords;
use crate::portal::Portal;

/// Parts of compounds are no shorter: shorter ones are found in words by chance.
const SHORTEST_PART: usize = 4;

/// Longer words are no compounds, but something that a machine wrote.
const LONGEST_COMPOUND: usize = 60;

/// Words by which a page is found, and which nobody is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    /// What the words of its title have besides: parts of compounds, other words for the same.
    pub about: BTreeSet<String>,
    /// What the words of its description have besides.
    pub gist: BTreeSet<String>,
    /// Later parts of compounds: the first is found as the beginning of the word.
    pub parts: BTreeSet<String>,
    /// Other words for the same.
    pub also: BTreeSet<String>,
}

/// How often each word stands in the portal, in small letters.
type Vocabulary = HashMap<String, u32>;

/// The hidden words of each entry, and the words that misspelt ones may stand for.
pub(super) fn hidden(portal: &Portal, entries: &[Entry]) -> (Vec<Hidden>, Vec<String>) {
    let count = |mut words: Vocabulary, entry: &Entry| {
        for word in words_of(&entry.title).chain(words_of(&entry.text)) {
            *words.entry(word).or_insert(0) += 1;
        }
        words
    };
    let join = |mut one: Vocabulary, mut other: Vocabulary| {
        if one.len() < other.len() {
            std::mem::swap(&mut one, &mut other);
        }
        other.into_iter().for_each(|(word, count)| *one.entry(word).or_insert(0) += count);
        one
    };
    let vocabulary: Vocabulary = entries.par_iter().fold(Vocabulary::new, count).reduce(Vocabulary::new, join);
    let rules = portal.config.main_locale().search_words();
    let synonyms = Synonyms::new(portal);
    let hidden = entries.par_iter().map(|entry| of_entry(entry, rules, &vocabulary, &synonyms)).collect();
    (hidden, known(&vocabulary, entries))
}

/// The words of a text, in small letters.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn of_entry(entry: &Entry, rules: &SearchWords, vocabulary: &Vocabulary, synonyms: &Synonyms) -> Hidden {
    let besides = |text: &str| {
        let words: BTreeSet<String> = words_of(text).collect();
        let (mut later, mut also) = (BTreeSet::new(), BTreeSet::new());
        for word in &words {
            if let Some(parts) = parts(word, rules, vocabulary) {
                later.extend(parts.into_iter().skip(1).map(str::to_owned));
            }
            // The word for women is found by the one for men.
            for ending in &rules.endings {
                if let Some(stem) = word.strip_suffix(ending.as_str()).filter(|stem| vocabulary.contains_key(*stem)) {
                    also.insert(stem.to_owned());
                }
            }
        }
        both_forms(text, rules, &mut also);
        synonyms.of(text, &mut also);
        (words, later, also)
    };
    // What is said nearer to the top of a page is not said again below it.
    let (mut said, later, also) = besides(&entry.title);
    let mut anew = |words: BTreeSet<String>, more: BTreeSet<String>| {
        let new: BTreeSet<String> = more.into_iter().filter(|word| !words.contains(word) && !said.contains(word)).collect();
        said.extend(new.iter().cloned());
        new
    };
    let about = anew(BTreeSet::new(), later.into_iter().chain(also).collect());
    let (words, later, also) = besides(&entry.description);
    let gist = anew(words, later.into_iter().chain(also).collect());
    let (words, later, also) = besides(&entry.text);
    Hidden { about, gist, parts: anew(words.clone(), later), also: anew(words, also) }
}

/// Words that are written for both, such as `Manager/in`, with what each form is.
fn both_forms(text: &str, rules: &SearchWords, also: &mut BTreeSet<String>) {
    for (at, sign) in text.match_indices(['/', ':', '*', '_', '·']) {
        let ending: String = text[at + sign.len()..].chars().take_while(|letter| letter.is_alphabetic()).collect();
        if !rules.endings.contains(&ending) {
            continue;
        }
        let before = text[..at].rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
        if before.chars().count() >= SHORTEST_PART {
            also.extend(rules.endings.iter().map(|ending| format!("{}{ending}", before.to_lowercase())));
        }
    }
}

/// The parts of a compound; none where the word is no compound of the portal's words.
fn parts<'w>(word: &'w str, rules: &SearchWords, vocabulary: &Vocabulary) -> Option<Vec<&'w str>> {
    let letters = word.chars().count();
    if rules.links.is_empty() || !(2 * SHORTEST_PART..=LONGEST_COMPOUND).contains(&letters) {
        return None;
    }
    divided(word, rules, vocabulary, &mut HashSet::new()).filter(|parts| parts.len() > 1)
}

/// A word as parts that all are known. Of two ways the one whose first part is longer. `hopeless` are lengths of
/// ends that cannot be divided, so that each is tried once, however many ways lead to it.
fn divided<'w>(word: &'w str, rules: &SearchWords, vocabulary: &Vocabulary, hopeless: &mut HashSet<usize>) -> Option<Vec<&'w str>> {
    if hopeless.contains(&word.len()) {
        return None;
    }
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(SHORTEST_PART).collect();
    for end in ends.into_iter().rev() {
        let (first, rest) = word.split_at(end);
        if !vocabulary.contains_key(first) {
            continue;
        }
        for link in &rules.links {
            let Some(rest) = rest.strip_prefix(link.as_str()) else { continue };
            if rest.chars().count() < SHORTEST_PART {
                continue;
            }
            let others = divided(rest, rules, vocabulary, hopeless);
            let others = if vocabulary.contains_key(rest) { Some(others.unwrap_or_else(|| vec![rest])) } else { others };
            if let Some(others) = others {
                return Some([vec![first], others].concat());
            }
        }
    }
    hopeless.insert(word.len());
    None
}

/// Words that mean the same: those of `[search]`, and of the glossary.
struct Synonyms {
    finder: Option<AhoCorasick>,
    /// For each pattern of the finder its group.
    group_of: Vec<usize>,
    groups: Vec<Vec<String>>,
}

impl Synonyms {
    fn new(portal: &Portal) -> Self {
        let set = portal.config.site.search.iter().flat_map(|search| &search.synonyms).cloned();
        let of_glossary = portal.pages.iter().filter_map(|page| {
            let term = page.term()?;
            (!term.other_names.is_empty()).then(|| std::iter::once(page.name.to_string()).chain(term.other_names.clone()).collect())
        });
        let mut groups: Vec<Vec<String>> = set.chain(of_glossary).collect();
        for word in groups.iter_mut().flatten() {
            *word = word.to_lowercase();
        }
        let (mut patterns, mut group_of) = (Vec::new(), Vec::new());
        for (number, group) in groups.iter().enumerate() {
            for word in group.iter().filter(|word| !word.is_empty()) {
                patterns.push(word.clone());
                group_of.push(number);
            }
        }
        // Patterns that are too many to be looked for at once are not looked for.
        Self { finder: AhoCorasick::new(patterns).ok(), group_of, groups }
    }

    /// The other words of each group of which a text has one as a word, or as the beginning of one.
    fn of(&self, text: &str, also: &mut BTreeSet<String>) {
        let Some(finder) = &self.finder else { return };
        let text = text.to_lowercase();
        let mut groups = BTreeSet::new();
        for found in finder.find_overlapping_iter(&text) {
            if !text[..found.start()].ends_with(char::is_alphabetic) {
                groups.insert(self.group_of[found.pattern().as_usize()]);
            }
        }
        for group in groups {
            also.extend(self.groups[group].iter().flat_map(|words| words_of(words)));
        }
    }
}

/// The words that a misspelt one may stand for: those of titles, and those that stand in the portal more than
/// twice; the most frequent, in order.
fn known(vocabulary: &Vocabulary, entries: &[Entry]) -> Vec<String> {
    let titles: BTreeSet<String> = entries.iter().flat_map(|entry| words_of(&entry.title)).collect();
    let is_known = |word: &str, count: u32| word.chars().count() >= SHORTEST_PART && (count > 2 || titles.contains(word));
    let mut words: Vec<(Reverse<u32>, &str)> =
        vocabulary.iter().filter(|(word, count)| is_known(word, **count)).map(|(word, count)| (Reverse(*count), word.as_str())).collect();
    words.sort_unstable();
    let mut words: Vec<String> = words.into_iter().take(MOST_KNOWN_WORDS).map(|(_, word)| word.to_owned()).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_divided_in_very_many_ways_is_tried_once() {
        let laughter = format!("{}x", "ha".repeat(29));
        assert_eq!(divide(&laughter, &["haha", "hahaha", "hahahaha"]), None);
    }

    #[test]
    fn so_many_words_are_known() {
        let word = |number: usize| (0..4).fold(String::from("word"), |word, place| format!("{word}{}", letter(number >> (4 * place))));
        let vocabulary: Vocabulary = (0..=MOST_KNOWN_WORDS).map(|number| (word(number), u32::from(number > 0) + 3)).collect();
        let known = known(&vocabulary, &[]);
        assert_eq!(known.len(), MOST_KNOWN_WORDS);
        assert!(!known.contains(&word(0)), "the rarest is left out");
    }

    fn letter(number: usize) -> char {
        char::from(b'a' + (number % 16) as u8)
    }

    fn divide(word: &str, known: &[&str]) -> Option<Vec<String>> {
        let rules = SearchWords { links: ["", "s", "n", "en"].map(str::to_owned).into(), endings: Vec::new() };
        let vocabulary = known.iter().map(|word| ((*word).to_owned(), 1)).collect();
        parts(word, &rules, &vocabulary).map(|parts| parts.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn compounds_are_divided_by_the_words_of_the_portal_alone() {
        let known = ["tree", "house", "garden", "gate", "rose"];
        let said = |parts: &[&str]| Some(parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!(divide("treehouse", &known), said(&["tree", "house"]));
        assert_eq!(divide("rosengardensgate", &known), said(&["rose", "garden", "gate"]));
        for whole in ["treehousing", "garden", "agate", "roseate"] {
            assert_eq!(divide(whole, &known), None, "{whole}");
        }
    }
}
