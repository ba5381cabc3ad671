//! Accreditations of providers that hold no longer.

use super::{Due, has_expired_noting};
use crate::content::place_of_key;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::portal::Portal;
use crate::records::Kind;
use crate::schema::Known;

/// Reports accreditations that have ended, and notes when others will.
pub(super) fn check(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    for number in portal.of_kind.get(&Kind::Provider).into_iter().flatten() {
        let page = &portal.pages[*number];
        let Some(provider) = page.provider() else { continue };
        for (at, accreditation) in provider.accreditation.as_ref().and_then(Known::known).into_iter().flatten().enumerate() {
            let Some(until) = accreditation.valid_until.as_ref().and_then(Known::known) else { continue };
            if !has_expired_noting(portal, *until, &format!("`{}` of {}", accreditation.name, page.name), due) {
                continue;
            }
            let keys = ["provider", "accreditation", &at.to_string(), "valid_until"];
            findings.push(
                Diagnostic::new("expired-accreditation", format!("`{}` was valid until {until}", accreditation.name))
                    .at(place_of_key(files, &page.document.file, &keys))
                    .help("look up whether it was renewed and write the new date, or take it out; readers are shown that it has ended"),
            );
        }
    }
}
