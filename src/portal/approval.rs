//! Distance courses without a word on their approval.

use super::page::Page;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, text};
use crate::records::{Course, Mode};
use crate::schema::known;

/// Reports a distance course that is advertised, or sold, although nothing is said of its approval. A
/// distance course for which something is paid needs approval (§ 12 FernUSG); without it the contract is void
/// (§ 7), and it must not be advertised.
pub(super) fn check(page: &Page, config: &Config, findings: &mut Vec<Diagnostic>) {
    let Some(course) = page.course() else { return };
    if !needs_approval(course) || known(&course.approval).is_some() {
        return;
    }
    let at = |key: &str| page.document.place(&["course", key]);
    if course.link.as_ref().is_some_and(|link| link.sponsored) {
        if !config.reports("advertised-without-approval") {
            return;
        }
        let message = text!("the distance course `{id}` is advertised, and its approval is not known", id = page.slug);
        findings.push(
            Diagnostic::new("advertised-without-approval", message).at(at("link")).help(
                "write its approval, `approval = { number = \"…\" }`, or why it needs none; else it must not be advertised (§§ 7, 12 FernUSG): take the paid link out",
            ),
        );
    } else if config.reports("no-approval")
        && course.approval.is_none()
        && course.price.as_ref().is_some_and(|price| price.known().is_some())
    {
        let message = text!("the distance course `{id}` has a price, and nothing is said of its approval", id = page.slug);
        findings.push(
            Diagnostic::new("no-approval", message).at(at("mode")).help(
                "write `approval = { number = \"…\" }`, `{ not_required = \"reason\" }`, or \"unknown\", which readers are shown (§ 12 FernUSG)",
            ),
        );
    }
}

/// Whether a course is taught at a distance and not for nothing: only then the law asks for approval (§ 1
/// FernUSG).
fn needs_approval(course: &Course) -> bool {
    let distance = known(&course.mode) == Some(&Mode::Distance);
    distance && known(&course.price).is_none_or(|price| price.amount.0 > 0)
}
