//! What has become too old to be relied on, by the policy of `[freshness]` in site.toml.

use super::{Due, staleness_noting};
use crate::diagnostic::{Diagnostic, Place, Text, text};
use crate::portal::{Page, Portal};
use crate::records::{Aspect, Course, Moment};
use crate::schema::known;

/// Everything on a page that is older than it may be, and a course none of whose sessions is still to come.
pub(super) fn check_page(portal: &Portal, page: &Page, due: &Due, findings: &mut Vec<Diagnostic>) {
    let document = &page.document;
    let mut judge = Judge { portal, due, findings };
    for dated in &document.annotations.dated {
        if dated.until.is_none_or(|until| until > portal.as_of) {
            judge.moment(dated.aspect, dated.moment, dated.what, || dated.spot.place());
        }
    }
    if let Some(course) = page.course() {
        judge.sessions(page, course);
    }
    // With `--future` a page may be dated ahead; that it was updated lies behind it.
    let (day, key) = match (page.front.updated, page.front.date) {
        (None, date) => (date.filter(|date| date.0 <= portal.as_of), "date"),
        (updated, _) => (updated, "updated"),
    };
    if let Some(day) = day {
        judge.moment(Aspect::PageUpdated, day.into(), "the page", || document.place(&[key]));
    }
}

/// Every source that was read longer ago than may be.
pub(crate) fn check_sources(portal: &Portal, due: &Due, findings: &mut Vec<Diagnostic>) {
    let mut judge = Judge { portal, due, findings };
    for (id, source) in portal.sources.iter() {
        if let Some(accessed) = known(&source.accessed) {
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
    /// A course whose sessions are known and have all begun: readers see none, and nobody meant to say that
    /// there are none.
    fn sessions(&mut self, page: &Page, course: &Course) {
        let all = known(&course.sessions).map_or(&[][..], Vec::as_slice);
        let Some(last) = all.iter().map(|session| session.start.0).max() else { return };
        match course.upcoming(self.portal.as_of).map(|session| session.start.0).min() {
            Some(next) => self.due.note(next, || text!("session of {page} begins", page = page.name)),
            None if !self.portal.config.reports("past-sessions") => {}
            None => self.findings.push(
                Diagnostic::new("past-sessions", text!("all sessions of `{id}` have begun, the last on {last}", id = page.slug, last))
                    .at(page.document.place(&["course", "sessions"]))
                    .help("add the next sessions, or write `sessions = \"unknown\"`; past ones are not listed, and may stay"),
            ),
        }
    }

    fn moment(&mut self, aspect: Aspect, moment: Moment, what: &'static str, place: impl Fn() -> Place) {
        if let Some(first) = moment.first_day().filter(|first| *first > self.portal.as_of) {
            self.due.note(first, || text!("{moment} begins, of which {what} is already said to be", moment, what = Text::from(what)));
            if !self.portal.config.reports("future-date") {
                return;
            }
            self.findings.push(
                Diagnostic::new("future-date", text!("{what} is of {moment}, which has not come yet", what = Text::from(what), moment))
                    .at(place())
                    .help("write the day on which it was so: what is dated ahead does not grow old"),
            );
            return;
        }
        let Some(age) = staleness_noting(self.portal, aspect, moment, self.due) else { return };
        let (code, again) = match aspect {
            Aspect::CoursePrice | Aspect::CourseDuration | Aspect::CourseWorkload | Aspect::CourseSessions | Aspect::SalaryFigures => {
                ("stale-figure", "look it up again")
            }
            Aspect::CourseVerified | Aspect::RoleReviewed | Aspect::PageUpdated => ("stale-review", "go through it again"),
            Aspect::SourceAccessed => ("stale-source", "read it again"),
        };
        if !self.portal.config.reports(code) {
            return;
        }
        let (table, key) = aspect.as_str().split_once('.').unwrap_or_default();
        self.findings.push(
            Diagnostic::new(code, text!("{what} is of {moment}, which is older than {age}", what = Text::from(what), moment, age))
                .at(place())
                .help(text!(
                    "{again} and write the new date, or allow it to be older: `{key}` in `[freshness.{table}]` of site.toml",
                    again = Text::from(again),
                    key,
                    table
                )),
        );
    }
}
