//! When the site next changes by itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Text;

/// The next day on which the site comes out otherwise although nobody edited anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRebuild {
    /// The day.
    pub date: Date,
    /// What happens on it; at least one thing.
    pub reasons: BTreeSet<Text>,
}

/// Finds out the [`NextRebuild`]: everything that is compared with the day is noted here, with the day on
/// which the comparison ends otherwise.
#[derive(Debug, Default)]
pub(crate) struct Due(Mutex<Option<NextRebuild>>);

impl Due {
    /// Notes that something changes on `date`, which lies after the day of the build.
    pub(crate) fn note(&self, date: Date, reason: impl FnOnce() -> Text) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *next {
            Some(next) if next.date < date => {}
            Some(next) if next.date == date => {
                next.reasons.insert(reason());
            }
            next => *next = Some(NextRebuild { date, reasons: BTreeSet::from([reason()]) }),
        }
    }

    /// Takes in what was noted elsewhere.
    pub(crate) fn join(&self, other: &NextRebuild) {
        for reason in &other.reasons {
            self.note(other.date, || reason.clone());
        }
    }

    /// The first of all days that were noted.
    pub(crate) fn next(&self) -> Option<NextRebuild> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
