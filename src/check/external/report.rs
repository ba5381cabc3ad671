//! Verdicts as findings.

use url::Url;

use super::links::Link;
use super::visit::{Verdict, status};
use crate::diagnostic::{Diagnostic, Text, text};

/// What is to be said of a link, at each place where it stands: each may be allowed, and each is to be
/// mended. Nothing where it is good.
pub(super) fn findings(link: &Link, verdict: &Verdict) -> Vec<Diagnostic> {
    let url = &link.url;
    let (finding, help) = match verdict {
        Verdict::Good => return Vec::new(),
        Verdict::Gone(code, at) => (
            Diagnostic::new("external-gone", gone(url, at.as_deref(), status(*code))),
            Text::from("find out where it is now, or take the link out"),
        ),
        Verdict::Moved(to) => {
            (Diagnostic::new("external-moved", text!("`{url}` has moved for good", url)), text!("write the new address: {to}", to))
        }
        Verdict::Unreachable(why, at) => (
            Diagnostic::new("external-unreachable", unchecked(url, at.as_deref(), why)),
            Text::from(
                "that does not say that it is dead: open it in a browser; what never answers programs belongs into `exclude` of `[check.external]`",
            ),
        ),
        Verdict::Unchecked => (
            Diagnostic::new("external-unchecked", text!("`{url}` was not asked for: the time for the run was over", url)),
            Text::from("run it again: what was good is kept, and it goes on from there; or set `minutes` of `[check.external]` higher"),
        ),
    };
    let finding = finding.help(help);
    match link.places.is_empty() {
        true => vec![finding],
        false => link.places.iter().map(|place| finding.clone().at(place.clone())).collect(),
    }
}

fn gone(url: &Url, at: Option<&str>, status: String) -> Text {
    match at {
        Some(at) => text!("`{url}` redirects to `{at}`, which is gone: the server answers {status}", url, at, status),
        None => text!("`{url}` is gone: the server answers {status}", url, status),
    }
}

fn unchecked(url: &Url, at: Option<&str>, why: &Text) -> Text {
    match at {
        Some(at) => text!("`{url}` redirects to `{at}`, which could not be checked: {why}", url, at, why),
        None => text!("`{url}` could not be checked: {why}", url, why),
    }
}
