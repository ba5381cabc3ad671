//! Which findings of finished pages are news.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, LONGEST_PLACE, Place};
use crate::pipeline::{Built, Judged};

/// Adds what finished pages show to what a build found. What a page holds because its content says so was
/// found there already: two findings are the same where they have one code and are about one part of a line.
pub(crate) fn take_in(built: &mut Built, mut found: Judged) {
    let mut there: BTreeMap<(&str, &str, usize), Vec<&Place>> = BTreeMap::new();
    for finding in built.findings.iter().chain(&built.allowed) {
        if let Some(place) = &finding.place {
            there.entry((finding.code, &place.file, place.line)).or_default().push(place);
        }
    }
    for places in there.values_mut() {
        places.sort_unstable_by_key(|place| place.column);
    }
    let is_news = |finding: &Diagnostic| {
        let Some(place) = &finding.place else { return true };
        let beside = there.get(&(finding.code, &place.file, place.line)).map_or(&[][..], Vec::as_slice);
        // Of those that begin before the end of this one, no two begin far from each other: places are short.
        let end = beside.partition_point(|other| other.column < place.column + place.length);
        let start = beside.partition_point(|other| other.column + LONGEST_PLACE < place.column);
        !beside[start.min(end)..end].iter().any(|other| overlap(other, place))
    };
    found.shown.retain(is_news);
    found.allowed.retain(is_news);
    built.add(found);
}

/// Whether two places on one line have something in common.
fn overlap(one: &Place, other: &Place) -> bool {
    one.line > 0 && one.column < other.column + other.length && other.column < one.column + one.length
}
