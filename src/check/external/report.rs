//! Verdicts as findings.

use super::links::Link;
use super::visit::{Verdict, status};
use crate::diagnostic::Diagnostic;

/// What is to be said of a link, at each place where it stands: each may be allowed, and each is to be
/// mended. Nothing where it is good.
pub(super) fn findings(link: &Link, verdict: &Verdict) -> Vec<Diagnostic> {
    let url = &link.url;
    let by_way_of = |at: &Option<String>| at.as_ref().map(|at| format!(" redirects to `{at}`, which")).unwrap_or_default();
    let (finding, help) = match verdict {
        Verdict::Good => return Vec::new(),
        Verdict::Gone(code, at) => (
            Diagnostic::new("external-gone", format!("`{url}`{} is gone: the server answers {}", by_way_of(at), status(*code))),
            String::from("find out where it is now, or take the link out"),
        ),
        Verdict::Moved(to) => {
            (Diagnostic::new("external-moved", format!("`{url}` has moved for good")), format!("write the new address: {to}"))
        }
        Verdict::Unreachable(why, at) => (
            Diagnostic::new("external-unreachable", format!("`{url}`{} could not be checked: {why}", by_way_of(at))),
            String::from(
                "that does not say that it is dead: open it in a browser; what never answers programs belongs into `exclude` of `[check.external]`",
            ),
        ),
        Verdict::Unchecked => (
            Diagnostic::new("external-unchecked", format!("`{url}` was not asked for: the time for the run was over")),
            String::from("run it again: what was good is kept, and it goes on from there; or set `minutes` of `[check.external]` higher"),
        ),
    };
    let finding = finding.help(help);
    match link.places.is_empty() {
        true => vec![finding],
        false => link.places.iter().map(|place| finding.clone().at(place.clone())).collect(),
    }
}
