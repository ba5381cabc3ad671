//! Accreditations of providers that hold no longer.

use jiff::civil::Date;

use super::{Due, Portal};
use crate::content::place_of_key;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::records::{Kind, Moment};
use crate::schema::Known;

impl Portal {
    /// The first day on which something holds no longer that holds until `moment`: a month or a year ends with its last day. None beyond the calendar.
    fn ends_on(moment: Moment) -> Option<Date> {
        moment.last_day()?.tomorrow().ok()
    }

    /// Whether something that holds until `moment` holds no longer.
    pub fn has_expired(&self, moment: Moment) -> bool {
        Self::ends_on(moment).is_some_and(|end| end <= self.as_of)
    }

    /// The same, and notes when that changes; `what` it is.
    pub fn has_expired_noting(&self, moment: Moment, what: &str, due: &Due) -> bool {
        let Some(end) = Self::ends_on(moment) else { return false };
        if end > self.as_of {
            due.note(end, || format!("{what} ends with {moment}"));
        }
        end <= self.as_of
    }
}

/// Reports accreditations that have ended, and notes when others will.
pub(super) fn check(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    for number in portal.of_kind.get(&Kind::Provider).into_iter().flatten() {
        let page = &portal.pages[*number];
        let Some(provider) = page.provider() else { continue };
        for (at, accreditation) in provider.accreditation.as_ref().and_then(Known::known).into_iter().flatten().enumerate() {
            let Some(until) = accreditation.valid_until.as_ref().and_then(Known::known) else { continue };
            if !portal.has_expired_noting(*until, &format!("`{}` of {}", accreditation.name, page.name), due) {
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
