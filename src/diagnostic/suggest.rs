//! "Did you mean": the nearest of the names that exist.
//!
//! What it costs is bounded, whatever was written and however many names there are: a page that somebody
//! moved here from elsewhere may misspell ten thousand of them.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::limits::LONGEST_REPEATED;

/// The most characters of a name that is compared with others: a longer one is no slip.
const LONGEST_GUESSED: usize = 100;

/// With how many names, of those that have about the same letters, one is compared letter by letter.
const MOST_COMPARED: usize = 64;

/// How many names are all looked at; of more only those that stand beside the misspelt one, where all are
/// ordered by their beginnings and by their ends.
const MOST_SCANNED: usize = 1_000;

/// How many of those are looked at on each side.
const BESIDE: usize = 64;

/// Names that exist, ready to be compared with many that do not.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    /// As they are written, in order.
    names: Vec<Name<'a>>,
    /// The numbers of all in the order of their small letters, and in that of these read backwards; made when
    /// they are first needed.
    orders: OnceLock<[Vec<usize>; 2]>,
}

#[derive(Debug)]
struct Name<'a> {
    written: &'a str,
    outline: Outline<'a>,
}

/// What a comparison begins with.
#[derive(Debug)]
struct Outline<'a> {
    /// In small letters.
    lower: Cow<'a, str>,
    characters: usize,
    /// Which characters are in it, each as one of 64 bits.
    letters: u64,
}

impl<'a> Outline<'a> {
    fn new(text: &'a str) -> Self {
        let lower = if text.chars().any(char::is_uppercase) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) };
        let letters = lower.chars().fold(0, |letters, character| letters | 1 << (u32::from(character) % 64));
        Self { characters: lower.chars().count(), letters, lower }
    }

    /// How many bytes are the same at the beginning and at the end of both.
    fn alike(&self, other: &Self) -> usize {
        let (a, b) = (self.lower.as_bytes(), other.lower.as_bytes());
        let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(a, b)| a == b).count();
        same(&mut a.iter().zip(b)) + same(&mut a.iter().rev().zip(b.iter().rev()))
    }

    /// At least so many letters differ; a transposition changes none of what is counted here.
    fn at_least(&self, other: &Self) -> usize {
        let letters = (self.letters ^ other.letters).count_ones() as usize;
        self.characters.abs_diff(other.characters).max(letters.div_ceil(2))
    }
}

impl<'a> Names<'a> {
    /// These names, in whatever order.
    pub(crate) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<Name<'_>> = names.into_iter().map(|written| Name { written, outline: Outline::new(written) }).collect();
        names.sort_unstable_by_key(|name| name.written);
        Self { names, orders: OnceLock::new() }
    }

    /// The name nearest to `given`, if one is near enough to be a slip: at most a third of its letters
    /// differ, or one is the beginning of the other.
    pub(crate) fn near(&self, given: &str) -> Option<&'a str> {
        self.nearest(given).0
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    /// The names in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().map(|name| name.written)
    }

    /// The same, and how many names were compared letter by letter.
    fn nearest(&self, given: &str) -> (Option<&'a str>, usize) {
        // No character has more than four bytes: this spares reading a very long text.
        if given.len() > LONGEST_GUESSED * 4 {
            return (None, 0);
        }
        let outline = Outline::new(given);
        if outline.characters > LONGEST_GUESSED {
            return (None, 0);
        }
        let allowed = (outline.characters / 3).max(1);
        // Of names with about the same letters those come first that begin and end alike: a slip is in the
        // middle of a path, or in one place.
        let possible = |at: usize| {
            let name = self.names.get(at)?;
            let least = name.outline.at_least(&outline);
            (least <= allowed).then(|| (least, Reverse(name.outline.alike(&outline)), at))
        };
        let mut possible: Vec<(usize, Reverse<usize>, usize)> = match self.names.len() {
            0..=MOST_SCANNED => (0..self.names.len()).filter_map(possible).collect(),
            _ => self.beside(&outline).into_iter().filter_map(possible).collect(),
        };
        if possible.len() > MOST_COMPARED {
            possible.select_nth_unstable(MOST_COMPARED);
            possible.truncate(MOST_COMPARED);
        }
        let compared = possible.iter().map(|(_, _, at)| {
            let name = &self.names[*at];
            (strsim::osa_distance(&outline.lower, &name.outline.lower), name.written)
        });
        let slips = compared.filter(|(distance, _)| *distance <= allowed);
        // Of a name that goes on, all further letters differ.
        let begun = self.names.partition_point(|name| name.written < given);
        let longer = self.names[begun..].iter().take(MOST_SCANNED).take_while(|name| given.len() >= 3 && name.written.starts_with(given));
        let longer = longer.map(|name| (name.outline.characters.saturating_sub(outline.characters), name.written));
        (slips.chain(longer).min().map(|(_, name)| name), possible.len())
    }

    /// The numbers of the names that begin or end most like one that does not exist.
    fn beside(&self, outline: &Outline<'_>) -> BTreeSet<usize> {
        let lower = |at: &usize| self.names.get(*at).map_or("", |name| &*name.outline.lower);
        let backwards = |a: &str, b: &str| a.bytes().rev().cmp(b.bytes().rev());
        let [forth, back] = self.orders.get_or_init(|| {
            let (mut forth, mut back): (Vec<usize>, Vec<usize>) = (0..self.names.len()).map(|at| (at, at)).unzip();
            forth.sort_unstable_by(|a, b| lower(a).cmp(lower(b)).then(a.cmp(b)));
            back.sort_unstable_by(|a, b| backwards(lower(a), lower(b)).then(a.cmp(b)));
            [forth, back]
        });
        let wanted = &*outline.lower;
        let begin = forth.partition_point(|at| lower(at) < wanted);
        let end = back.partition_point(|at| backwards(lower(at), wanted).is_lt());
        let around = |order: &[usize], at: usize| order[at.saturating_sub(BESIDE)..(at + BESIDE).min(order.len())].to_vec();
        around(forth, begin).into_iter().chain(around(back, end)).collect()
    }
}

/// The name nearest to `given`, if one is near enough to be a slip. Where many are misspelt, [`Names`] are
/// made once for all of them.
pub(crate) fn did_you_mean<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Names::new(names).near(given)
}

/// Something that somebody wrote, as a message repeats it: cut where it is very long.
pub fn repeated(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_REPEATED) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found() {
        let names = || Names::new(["title", "description", "date", "taxonomies", "PageTitle"]);
        assert_eq!(names().near("titel"), Some("title"));
        assert_eq!(names().near("tax"), Some("taxonomies"));
        assert_eq!(names().near("Discription"), Some("description"));
        assert_eq!(names().near("pagetitle"), Some("PageTitle"));
        assert_eq!(names().near("weight"), None);
        assert_eq!(names().near(""), None);
    }

    #[test]
    fn the_nearest_of_thousands_is_found_and_few_are_compared() {
        let pages: Vec<String> = (0..50_000).map(|number| format!("section-{}/page-{number}.md", number / 500)).collect();
        let names = Names::new(pages.iter().map(String::as_str));
        let (near, compared) = names.nearest("section-24/pgae-12345.md");
        assert_eq!(near, Some("section-24/page-12345.md"));
        assert!(compared <= MOST_COMPARED, "{compared}");
        assert_eq!(names.near("Sction-24/page-12345.md"), Some("section-24/page-12345.md"));
        assert_eq!(names.near("section-24/page-12345.ms"), Some("section-24/page-12345.md"));
        assert_eq!(names.nearest(&"a".repeat(2_000_000)), (None, 0));
    }
}
