//! Accreditations of providers that hold no longer.

use jiff::civil::Date;

use super::{Due, Page, Portal};
use crate::diagnostic::Diagnostic;
use crate::records::Moment;

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

/// Reports accreditations on a page that have ended, and notes when others will.
pub(super) fn check(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    for lapsing in &page.document.annotations.lapsing {
        if portal.has_expired_noting(lapsing.until, &format!("`{}` of {}", lapsing.name, page.name), due) {
            findings.push(
                Diagnostic::new("expired-accreditation", format!("`{}` was valid until {}", lapsing.name, lapsing.until))
                    .at(lapsing.spot.place())
                    .help("look up whether it was renewed and write the new date, or take it out; readers are shown that it has ended"),
            );
        }
    }
}
