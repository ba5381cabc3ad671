//! Distance courses without a word on their approval.

use super::Portal;
use crate::content::place_of_key;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::records::{Course, Kind, Mode};
use crate::schema::Known;

/// Reports distance courses that are advertised, or sold, although nothing is said of their approval. A distance course for which something is paid needs
/// approval (§ 12 FernUSG); without it the contract is void (§ 7), and it must not be advertised.
pub(super) fn check(portal: &Portal, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for number in portal.of_kind.get(&Kind::Course).into_iter().flatten() {
        let page = &portal.pages[*number];
        let Some(course) = page.course() else { continue };
        if !needs_approval(course) || course.approval.as_ref().and_then(Known::known).is_some() {
            continue;
        }
        let at = |keys: &[&str]| place_of_key(files, &page.document.file, keys);
        if course.link.as_ref().is_some_and(|link| link.sponsored) {
            let message = format!("the distance course `{}` is advertised, and its approval is not known", page.slug);
            findings.push(
                Diagnostic::new("advertised-without-approval", message).at(at(&["course", "link"])).help(
                    "write its approval, `approval = { number = \"…\" }`, or why it needs none; else it must not be advertised (§§ 7, 12 FernUSG): take the paid link out",
                ),
            );
        } else if course.approval.is_none() && course.price.as_ref().is_some_and(|price| price.known().is_some()) {
            let message = format!("the distance course `{}` has a price, and nothing is said of its approval", page.slug);
            findings.push(
                Diagnostic::new("no-approval", message).at(at(&["course", "mode"])).help(
                    "write `approval = { number = \"…\" }`, `{ not_required = \"reason\" }`, or \"unknown\", which readers are shown (§ 12 FernUSG)",
                ),
            );
        }
    }
}

/// Whether a course is taught at a distance and not for nothing: only then the law asks for approval (§ 1 FernUSG).
fn needs_approval(course: &Course) -> bool {
    let distance = course.mode.as_ref().and_then(Known::known) == Some(&Mode::Distance);
    distance && course.price.as_ref().and_then(Known::known).is_none_or(|price| price.amount.0 > 0)
}
