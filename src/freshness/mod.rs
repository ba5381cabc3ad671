//! What grows old, ends and begins: what readers may no longer rely on, and when the site next changes by itself.

mod accreditation;
mod age;
mod due;
mod review;

pub use age::{has_expired, has_expired_noting, sessions, staleness, staleness_noting};
pub use due::{Due, NextRebuild};
pub use review::check_sources;

use crate::diagnostic::Diagnostic;
use crate::portal::{Page, Portal};

/// Everything on a page that is older than it may be, has ended, or lies ahead although it should not. What is compared with the day is noted in `due`.
pub fn check_page(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    review::check_page(portal, page, due, findings);
    accreditation::check(portal, page, due, findings);
}
