//! What grows old, ends and begins: what readers may no longer rely on, and when the site next changes by
//! itself.

mod accreditation;
mod age;
mod due;
mod review;

pub(crate) use age::{has_expired, has_expired_noting, sessions, staleness, staleness_noting};
pub(crate) use due::Due;
pub use due::NextRebuild;
pub(crate) use review::check_sources;

use crate::diagnostic::{Diagnostic, text};
use crate::portal::{Coming, Page, Portal};

/// Notes when pages that are dated ahead are published.
pub(crate) fn note_coming(portal: &Portal, due: &Due) {
    for Coming { title, date, .. } in portal.coming.iter() {
        due.note(*date, || text!("`{title}` is published", title));
    }
}

/// Everything on a page that is older than it may be, has ended, or lies ahead although it should not. What
/// is compared with the day is noted in `due`.
pub(crate) fn check_page(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    review::check_page(portal, page, due, findings);
    accreditation::check(portal, page, due, findings);
}
