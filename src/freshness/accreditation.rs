//! Accreditations of providers that hold no longer.

use super::{Due, has_expired_noting};
use crate::diagnostic::{Diagnostic, text};
use crate::portal::{Page, Portal};

/// Reports accreditations on a page that have ended, and notes when others will.
pub(super) fn check(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    for lapsing in &page.document.annotations.lapsing {
        let ended = has_expired_noting(portal, lapsing.until, text!("`{name}` of {page}", name = lapsing.name, page = page.name), due);
        if ended && portal.config.reports("expired-accreditation") {
            findings.push(
                Diagnostic::new(
                    "expired-accreditation",
                    text!("`{name}` was valid until {until}", name = lapsing.name, until = lapsing.until),
                )
                .at(lapsing.spot.place())
                .help("look up whether it was renewed and write the new date, or take it out; readers are shown that it has ended"),
            );
        }
    }
}
