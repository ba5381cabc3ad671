//! What has become too old to be relied on, by the policy of `[freshness]` in site.toml, and when the site next changes by itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Page, Portal};
use crate::diagnostic::{Diagnostic, Place};
use crate::records::{Age, Aspect, Course, Moment, Record, Session};
use crate::schema::Known;

/// The next day on which the site comes out otherwise although nobody edited anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRebuild {
    /// The day.
    pub date: Date,
    /// What happens on it; at least one thing.
    pub reasons: BTreeSet<String>,
}

/// Finds out the [`NextRebuild`]: everything that is compared with the day is noted here, with the day on which the comparison ends otherwise.
#[derive(Debug, Default)]
pub struct Due(Mutex<Option<NextRebuild>>);

impl Due {
    /// Notes that something changes on `date`, which lies after the day of the build.
    pub fn note(&self, date: Date, reason: impl FnOnce() -> String) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *next {
            Some(next) if next.date < date => {}
            Some(next) if next.date == date => {
                next.reasons.insert(reason());
            }
            next => *next = Some(NextRebuild { date, reasons: BTreeSet::from([reason()]) }),
        }
    }

    /// The first of all days that were noted.
    pub fn next(&self) -> Option<NextRebuild> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Portal {
    /// How old something of `moment` may become, and the first day on which it is older; none where it does not age.
    fn exceeded(&self, aspect: Aspect, moment: Moment) -> Option<(Age, Date)> {
        let age = self.config.site.freshness.as_ref()?.age(aspect)?;
        Some((age, age.exceeded_on(moment)?))
    }

    /// The age that something of `moment` has exceeded; none where it is fresh.
    pub fn staleness(&self, aspect: Aspect, moment: Moment) -> Option<Age> {
        self.exceeded(aspect, moment).filter(|(_, on)| *on <= self.as_of).map(|(age, _)| age)
    }

    /// The same, and notes when that changes.
    pub fn staleness_noting(&self, aspect: Aspect, moment: Moment, due: &Due) -> Option<Age> {
        let (age, on) = self.exceeded(aspect, moment)?;
        if on <= self.as_of {
            return Some(age);
        }
        due.note(on, || format!("{} of {moment} becomes older than {age}", aspect.as_str()));
        None
    }

    /// The sessions of a course that have not begun.
    pub fn upcoming<'c>(&self, course: &'c Course) -> impl Iterator<Item = &'c Session> + use<'c> {
        course.upcoming(self.as_of)
    }
}

/// Everything on a page that is older than it may be, and a course none of whose sessions is still to come.
pub(super) fn check_page(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    let document = &page.document;
    let mut judge = Judge { portal, due, findings };
    for dated in &document.annotations.dated {
        if dated.until.is_none_or(|until| until > portal.as_of) {
            judge.moment(dated.aspect, dated.moment, dated.what, || dated.spot.place());
        }
    }
    if let Some(Record::Course(course)) = &document.record {
        judge.sessions(page, course);
    }
    // A page may be dated ahead of its publication; that it was updated lies behind it.
    let (day, key) = match (page.front.updated, page.front.date) {
        (None, date) => (date.filter(|date| date.0 <= portal.as_of), "date"),
        (updated, _) => (updated, "updated"),
    };
    if let Some(day) = day {
        judge.moment(Aspect::PageUpdated, day.into(), "the page", || document.place(&[key]));
    }
}

/// Every source that was read longer ago than may be.
pub(super) fn check_sources(portal: &Portal, due: &Due, findings: &mut Vec<Diagnostic>) {
    let mut judge = Judge { portal, due, findings };
    for (id, source) in portal.sources.iter() {
        if let Some(accessed) = source.accessed.as_ref().and_then(Known::known) {
            judge.moment(Aspect::SourceAccessed, (*accessed).into(), "the reading of the source", || portal.sources.place(id, "accessed"));
        }
    }
}

/// Looks at what bears a date, and reports what is too old.
struct Judge<'j> {
    portal: &'j Portal,
    due: &'j Due,
    findings: &'j mut Vec<Diagnostic>,
}

impl Judge<'_> {
    /// A course whose sessions are known and have all begun: readers see none, and nobody meant to say that there are none.
    fn sessions(&mut self, page: &Page, course: &Course) {
        let all = course.sessions.as_ref().and_then(Known::known).map_or(&[][..], Vec::as_slice);
        let Some(last) = all.iter().map(|session| session.start.0).max() else { return };
        match self.portal.upcoming(course).map(|session| session.start.0).min() {
            Some(next) => self.due.note(next, || format!("session of {} begins", page.name)),
            None => self.findings.push(
                Diagnostic::new("past-sessions", format!("all sessions of `{}` have begun, the last on {last}", page.slug))
                    .at(page.document.place(&["course", "sessions"]))
                    .help("add the next sessions, or write `sessions = \"unknown\"`; past ones are not listed, and may stay"),
            ),
        }
    }

    fn moment(&mut self, aspect: Aspect, moment: Moment, what: &str, place: impl Fn() -> Place) {
        if let Some(first) = moment.first_day().filter(|first| *first > self.portal.as_of) {
            self.due.note(first, || format!("{moment} begins, of which {what} is already said to be"));
            self.findings.push(
                Diagnostic::new("future-date", format!("{what} is of {moment}, which has not come yet"))
                    .at(place())
                    .help("write the day on which it was so: what is dated ahead does not grow old"),
            );
            return;
        }
        let Some(age) = self.portal.staleness_noting(aspect, moment, self.due) else { return };
        let (code, again) = match aspect {
            Aspect::CoursePrice | Aspect::CourseDuration | Aspect::CourseWorkload | Aspect::CourseSessions | Aspect::SalaryFigures => {
                ("stale-figure", "look it up again")
            }
            Aspect::CourseVerified | Aspect::RoleReviewed | Aspect::PageUpdated => ("stale-review", "go through it again"),
            Aspect::SourceAccessed => ("stale-source", "read it again"),
        };
        let (table, key) = aspect.as_str().split_once('.').unwrap_or_default();
        self.findings.push(
            Diagnostic::new(code, format!("{what} is of {moment}, which is older than {age}"))
                .at(place())
                .help(format!("{again} and write the new date, or allow it to be older: `{key}` in `[freshness.{table}]` of site.toml")),
        );
    }
}
