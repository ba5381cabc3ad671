//! Verdicts as findings.

use super::links::Link;
use super::visit::{Verdict, status};
use crate::diagnostic::{Diagnostic, Place};

/// How many of the other places of a link are named.
const MOST_NAMED: usize = 3;

/// What is to be said of a link; nothing where it is good.
pub(super) fn finding(link: &Link, verdict: &Verdict) -> Option<Diagnostic> {
    let url = &link.url;
    let by_way_of = |at: &Option<String>| at.as_ref().map(|at| format!(" redirects to `{at}`, which")).unwrap_or_default();
    let (finding, help) = match verdict {
        Verdict::Good => return None,
        Verdict::Gone(code, at) => (
            Diagnostic::error("external-gone", format!("`{url}`{} is gone: the server answers {}", by_way_of(at), status(*code))),
            String::from("find out where it is now, or take the link out"),
        ),
        Verdict::Moved(to) => {
            (Diagnostic::warning("external-moved", format!("`{url}` has moved for good")), format!("write the new address: {to}"))
        }
        Verdict::Unreachable(why, at) => (
            Diagnostic::warning("external-unreachable", format!("`{url}`{} could not be checked: {why}", by_way_of(at))),
            String::from(
                "that does not say that it is dead: open it in a browser; what never answers programs belongs into `exclude` of `[check.external]`",
            ),
        ),
        Verdict::Unchecked => (
            Diagnostic::warning("external-unchecked", format!("`{url}` was not asked for: the time for the run was over")),
            String::from("run it again: what was good is kept, and it goes on from there; or set `minutes` of `[check.external]` higher"),
        ),
    };
    let finding = finding.help(format!("{help}{}", elsewhere(link.places.get(1..).unwrap_or_default())));
    Some(match link.places.first() {
        Some(place) => finding.at(place.clone()),
        None => finding,
    })
}

/// Where else a link stands.
fn elsewhere(places: &[Place]) -> String {
    let names: Vec<String> = places
        .iter()
        .take(MOST_NAMED)
        .map(|place| if place.line == 0 { place.file.clone() } else { format!("{}:{}", place.file, place.line) })
        .collect();
    let more = places.len().saturating_sub(names.len());
    match (names.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!("; it also stands in {}", names.join(", ")),
        (false, 1) => format!("; it also stands in {}, and in 1 more place", names.join(", ")),
        (false, _) => format!("; it also stands in {}, and in {more} more places", names.join(", ")),
    }
}
