//! What grows old, ends and begins: what readers may no longer rely on, and when the site next changes by itself.

mod accreditation;
mod age;
mod due;
mod review;

pub use age::{has_expired, has_expired_noting, sessions, staleness, staleness_noting};
pub use due::{Due, NextRebuild};

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::portal::Portal;

/// Everything that is older than it may be, has ended, or lies ahead although it should not. What is compared with the day is noted in `due`.
pub fn check(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    review::check(portal, files, due, findings);
    accreditation::check(portal, files, due, findings);
}
