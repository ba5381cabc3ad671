//! What grows old, what ends and what begins: each as it is on the day of the build. These are the values
//! that are compared after a change.

use jiff::civil::Date;

use super::Due;
use crate::diagnostic::{Text, text};
use crate::portal::{Entry, Portal};
use crate::records::{Age, Aspect, Moment, Session};

/// How old something of `moment` may become, and the first day on which it is older; none where it does not
/// age.
fn exceeded(portal: &Portal, aspect: Aspect, moment: Moment) -> Option<(Age, Date)> {
    let age = portal.config.site.freshness.as_ref()?.age(aspect)?;
    Some((age, age.exceeded_on(moment)?))
}

/// The age that something of `moment` has exceeded; none where it is fresh. The value of
/// [`Read::Freshness`](crate::reads::Read::Freshness).
pub(crate) fn staleness(portal: &Portal, aspect: Aspect, moment: Moment) -> Option<Age> {
    exceeded(portal, aspect, moment).filter(|(_, on)| *on <= portal.as_of).map(|(age, _)| age)
}

/// The same, and notes when that changes.
pub(crate) fn staleness_noting(portal: &Portal, aspect: Aspect, moment: Moment, due: &Due) -> Option<Age> {
    let (age, on) = exceeded(portal, aspect, moment)?;
    if on <= portal.as_of {
        return Some(age);
    }
    due.note(on, || text!("{what} of {moment} becomes older than {age}", what = aspect.as_str(), moment, age));
    None
}

/// The first day on which something holds no longer that holds until `moment`: a month or a year ends with
/// its last day. None beyond the calendar.
fn ends_on(moment: Moment) -> Option<Date> {
    moment.last_day()?.tomorrow().ok()
}

/// Whether something that holds until `moment` holds no longer. The value of
/// [`Read::Expiry`](crate::reads::Read::Expiry).
pub(crate) fn has_expired(portal: &Portal, moment: Moment) -> bool {
    ends_on(moment).is_some_and(|end| end <= portal.as_of)
}

/// The same, and notes when that changes; `what` it is.
pub(crate) fn has_expired_noting(portal: &Portal, moment: Moment, what: impl Into<Text>, due: &Due) -> bool {
    let Some(end) = ends_on(moment) else { return false };
    if end > portal.as_of {
        due.note(end, || text!("{what} ends with {moment}", what = what.into(), moment));
    }
    end <= portal.as_of
}

/// The sessions of the course of a file that have not begun. The value of
/// [`Read::Sessions`](crate::reads::Read::Sessions).
pub(crate) fn sessions<'p>(portal: &'p Portal, file: &str) -> Option<Vec<&'p Session>> {
    let Some(Entry::Page(number)) = portal.of_file(file) else { return None };
    portal.pages[number].course().map(|course| course.upcoming(portal.as_of).collect())
}
