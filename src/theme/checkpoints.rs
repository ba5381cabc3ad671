//! Checkpoints: calls put into the sources of templates, at which one that runs away can be stopped, and by
//! which its line is known.
//!
//! Tera runs a template to its end: it asks nobody on the way, and bounds neither time nor memory. A loop
//! that writes nothing, or a text that doubles, calls no function of ours either. So the sources themselves
//! are made to: before every tag that computes something stands a call, and one in the head of each list
//! comprehension. What a template gives is the same with them and without, to the byte.
//!
//! They cost a call for each tag that is passed, so templates have them only once one has run away.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tera::{Kwargs, State, Tera, TeraResult};
use xxhash_rust::xxh3::xxh3_64;

use super::excess::{Excess, Spot};
use super::scope;
use super::template_errors::spoken;
use crate::diagnostic::text;

/// The function that is called. Templates of a theme have no reason to use the name.
const FUNCTION: &str = "__checkpoint";

/// Tags that hold nothing to compute, or before which nothing may stand.
const LEFT_ALONE: [&str; 7] = ["extends", "block", "component", "else", "elif", "break", "continue"];

/// A tag with a checkpoint before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// Tera's name of the template.
    pub template: String,
    /// The bytes of the tag in the source.
    pub range: Range<usize>,
}

/// The checkpoints of all templates.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    sites: Vec<Site>,
    /// What was put into each source: where in the result, and how many bytes.
    inserted: HashMap<String, Vec<(usize, usize)>>,
    /// Tags that a template ran away in: those that come to one of them stop before it.
    condemned: Mutex<BTreeMap<u32, Excess>>,
    /// Whether there are any.
    any: AtomicBool,
}

impl Checkpoints {
    /// Puts checkpoints into a source.
    pub(super) fn put_into(&mut self, template: &str, source: &str) -> String {
        let mut text = String::with_capacity(source.len() * 2);
        let mut inserted = Vec::new();
        let mut from = 0;
        for point in points(source) {
            text.push_str(&source[from..point.at]);
            from = point.at;
            let start = text.len();
            let call = format!("{FUNCTION}(at={})", self.sites.len());
            self.sites.push(Site { template: template.to_owned(), range: point.tag });
            match point.before {
                Before::Tag { trims } => {
                    let dash = if trims { "-" } else { "" };
                    text.push_str(&format!("{{%{dash} if {call} %}}{{% endif %}}"));
                    inserted.push((start, text.len() - start));
                    if trims {
                        // The white space is trimmed before the checkpoint now. A blank in the place of the
                        // sign keeps what follows where it is.
                        text.push_str(&source[from..from + 2]);
                        text.push(' ');
                        from += 3;
                    }
                }
                Before::Expression => {
                    text.push_str(&format!(" {call} and"));
                    inserted.push((start, text.len() - start));
                }
            }
        }
        text.push_str(&source[from..]);
        self.inserted.insert(template.to_owned(), inserted);
        text
    }

    /// Where in the source lies what lies there in the text with checkpoints.
    pub(super) fn original(&self, template: &str, range: Range<usize>) -> Range<usize> {
        let Some(inserted) = self.inserted.get(template) else { return range };
        let back = |at: usize| {
            let before = inserted.iter().take_while(|(start, _)| *start < at);
            at - before.map(|(start, length)| (*length).min(at - start)).sum::<usize>()
        };
        back(range.start)..back(range.end)
    }

    pub(super) fn site(&self, at: u32) -> Option<&Site> {
        self.sites.get(usize::try_from(at).ok()?)
    }

    /// Has all stop at this checkpoint from now on.
    pub(super) fn condemn(&self, at: u32, excess: Excess) {
        self.condemned.lock().unwrap_or_else(PoisonError::into_inner).insert(at, excess);
        self.any.store(true, Ordering::Relaxed);
    }

    /// Has all stop where an earlier process found a template to run away.
    pub(super) fn condemn_spots(&self, spots: &[Spot], source_of: impl Fn(&str) -> Option<u64>) {
        for (at, site) in (0..).zip(&self.sites) {
            let is_it = |spot: &&Spot| {
                spot.template == site.template && spot.start == site.range.start && Some(spot.source) == source_of(&site.template)
            };
            if let Some(spot) = spots.iter().find(is_it) {
                self.condemn(at, spot.excess);
            }
        }
    }

    /// Why all that come to this checkpoint stop; none where they do not.
    pub(super) fn condemned(&self, at: u32) -> Option<Excess> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        self.condemned.lock().unwrap_or_else(PoisonError::into_inner).get(&at).copied()
    }

    /// Lets all go on again: whatever made a template run away may have been mended.
    pub(super) fn forgive(&self) {
        self.condemned.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.any.store(false, Ordering::Relaxed);
    }
}

/// A hash of a source, for [`Spot::source`].
pub(super) fn source_hash(source: &str) -> u64 {
    xxh3_64(source.as_bytes())
}

pub(super) fn register(tera: &mut Tera) {
    tera.register_function(FUNCTION, checkpoint);
}

/// Gives true, or an error where the template is to stop.
fn checkpoint(kwargs: Kwargs, _: &State) -> TeraResult<bool> {
    match scope::pass(kwargs.must_get::<u32>("at")?) {
        Some(excess) => Err(spoken(text!("stopped: this takes {excess}", excess))),
        None => Ok(true),
    }
}

/// Where a checkpoint belongs.
struct Point {
    /// Before this byte.
    at: usize,
    before: Before,
    /// The tag that it is for.
    tag: Range<usize>,
}

enum Before {
    /// A tag, which may trim the white space before it.
    Tag { trims: bool },
    /// What a list comprehension goes through.
    Expression,
}

/// All checkpoints of a source, in order. It has no errors of syntax.
fn points(source: &str) -> Vec<Point> {
    let mut points = Vec::new();
    // At the top level of a template that extends another one only blocks and components may stand.
    let (mut extends, mut depth) = (false, 0_usize);
    let mut from = 0;
    while let Some(start) = source[from..].find('{').map(|at| from + at) {
        let (opening, rest) = (&source[start..], &source.as_bytes()[start + 1..]);
        from = match rest.first() {
            Some(b'#') => opening.find("#}").map_or(source.len(), |end| start + end + 2),
            Some(b'%') if is_raw(opening, "raw") => end_of_raw(source, start),
            Some(sign @ (b'{' | b'%')) => {
                let tag = Tag::read(source, start, if *sign == b'{' { "}}" } else { "%}" });
                let word = tag.words.first().filter(|(at, _)| *sign == b'%' && *at == tag.inside).map_or("", |(_, word)| word);
                extends |= word == "extends";
                let reached = !extends || depth > 0;
                match word {
                    "block" | "component" => depth += 1,
                    "endblock" | "endcomponent" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                let closes = word.starts_with("end") || source[tag.inside..].starts_with("</");
                if reached && !closes && !LEFT_ALONE.contains(&word) {
                    points.push(Point { at: start, before: Before::Tag { trims: tag.trims }, tag: tag.range.clone() });
                }
                let comprehensions = tag.comprehensions();
                points.extend(comprehensions.map(|at| Point { at, before: Before::Expression, tag: tag.range.clone() }));
                tag.range.end
            }
            _ => start + 1,
        };
    }
    points
}

/// Whether a text begins with the tag `{% name %}`, however its white space is trimmed.
fn is_raw(text: &str, name: &str) -> bool {
    let inside = text.strip_prefix("{%").map(|rest| rest.strip_prefix('-').unwrap_or(rest).trim_ascii_start());
    let rest = inside.and_then(|inside| inside.strip_prefix(name)).map(str::trim_ascii_start);
    rest.is_some_and(|rest| rest.strip_prefix('-').unwrap_or(rest).starts_with("%}"))
}

fn end_of_raw(source: &str, start: usize) -> usize {
    let tags = source[start + 2..].match_indices("{%").map(|(at, _)| start + 2 + at);
    let end = tags.into_iter().find(|at| is_raw(&source[*at..], "endraw"));
    end.and_then(|at| source[at..].find("%}").map(|end| at + end + 2)).unwrap_or(source.len())
}

/// A tag, as far as checkpoints need it.
struct Tag<'s> {
    range: Range<usize>,
    /// Whether it trims the white space before it.
    trims: bool,
    /// Where what stands in it begins.
    inside: usize,
    /// Its words, with where they stand; of attributes the dot as well.
    words: Vec<(usize, &'s str)>,
}

impl<'s> Tag<'s> {
    /// Reads the tag that begins at `start`, up to its closing delimiter: texts in quotes may hold anything.
    fn read(source: &'s str, start: usize, close: &str) -> Self {
        let bytes = source.as_bytes();
        let trims = bytes.get(start + 2) == Some(&b'-');
        let mut at = start + 2 + usize::from(trims);
        at += source[at..].len() - source[at..].trim_ascii_start().len();
        let inside = at;
        let mut words = Vec::new();
        while let Some(byte) = bytes.get(at) {
            if source[at..].starts_with(close) {
                at += close.len();
                break;
            }
            match byte {
                b'"' | b'\'' | b'`' => at = end_of_text(bytes, at),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                    let end = at + bytes[at..].iter().take_while(is_part).count();
                    let is_attribute = bytes[..at].trim_ascii_end().last() == Some(&b'.');
                    if !is_attribute {
                        words.push((at, &source[at..end]));
                    }
                    at = end;
                }
                _ => at += 1,
            }
        }
        Self { range: start..at, trims, inside, words }
    }

    /// Behind the `in` of each list comprehension: `[a for a in list]`, `[b for a, b in map]`.
    fn comprehensions(&self) -> impl Iterator<Item = usize> {
        let is_comprehension = |(index, (at, word)): (usize, &(usize, &str))| {
            // The loop that the tag itself may be has its checkpoint before it.
            let found = (*word == "for" && *at != self.inside).then(|| self.words.get(index + 2..).unwrap_or_default());
            found?.iter().take(2).find(|(_, word)| *word == "in").map(|(at, word)| at + word.len())
        };
        self.words.iter().enumerate().filter_map(is_comprehension)
    }
}

/// Behind the text in quotes that begins at `at`.
fn end_of_text(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 2,
            byte if *byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(source: &str) -> String {
        Checkpoints::default().put_into("t", source).replace(FUNCTION, "c").replace("at=", "")
    }

    #[test]
    fn checkpoints_stand_before_tags_and_in_comprehensions() {
        let expected = [
            ("a {{ b }} c", "a {% if c(0) %}{% endif %}{{ b }} c"),
            ("a {{- b -}} c", "a {%- if c(0) %}{% endif %}{{  b -}} c"),
            (" {%- for a in b -%} x {% endfor %}", " {%- if c(0) %}{% endif %}{%  for a in b -%} x {% endfor %}"),
            ("{# {{ a }} #}{% raw %}{{ a }}{% endraw %}", "{# {{ a }} #}{% raw %}{{ a }}{% endraw %}"),
            ("{{ [a for a in b] }}", "{% if c(0) %}{% endif %}{{ [a for a in c(1) and b] }}"),
            (
                "{% set a = [[x for k, x in b] for c in d] %}",
                "{% if c(0) %}{% endif %}{% set a = [[x for k, x in c(1) and b] for c in c(2) and d] %}",
            ),
            ("{{ '}} {{ [a for a in b]' ~ a.for }}", "{% if c(0) %}{% endif %}{{ '}} {{ [a for a in b]' ~ a.for }}"),
            ("{% if a %}{% elif b %}{% else %}{% endif %}", "{% if c(0) %}{% endif %}{% if a %}{% elif b %}{% else %}{% endif %}"),
            (
                "{% extends \"a\" %} {% block b %}{{ c }}{% endblock %}",
                "{% extends \"a\" %} {% block b %}{% if c(0) %}{% endif %}{{ c }}{% endblock %}",
            ),
            ("{% <a> %}{{ <b/> }}{% </a> %}", "{% if c(0) %}{% endif %}{% <a> %}{% if c(1) %}{% endif %}{{ <b/> }}{% </a> %}"),
            ("a { b {ü", "a { b {ü"),
        ];
        for (source, text) in expected {
            assert_eq!(with(source), text);
        }
    }

    #[test]
    fn places_lead_back_to_the_source() {
        let source = "ä {{- one }}{% set two = [a for a in three] %}{{ four }}";
        let mut checkpoints = Checkpoints::default();
        let text = checkpoints.put_into("t", source);
        for word in ["one", "two", "three", "four"] {
            let at = text.find(word).unwrap_or_default();
            assert_eq!(&source[checkpoints.original("t", at..at + word.len())], word);
        }
    }
}
