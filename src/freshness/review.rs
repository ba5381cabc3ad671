//! What has become too old to be relied on, by the policy of `[freshness]` in site.toml.

use super::{Due, staleness_noting};
use crate::content::{place_in_toml, place_of_key};
use crate::diagnostic::{Diagnostic, Place};
use crate::files::Files;
use crate::portal::{Page, Portal, place_of};
use crate::records::{Aspect, Course, Day, Figures, Moment, Record, SOURCE, SOURCES_FILE, Salary};
use crate::schema::Known;

/// Everything on a page and about a source that is older than it may be, and courses none of whose sessions is still to come.
pub(super) fn check(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    let mut judge = Judge { portal, files, due, findings };
    for number in portal.of_kind.values().flatten() {
        judge.record(&portal.pages[*number]);
    }
    for page in &portal.pages {
        // A page may be dated ahead of its publication; that it was updated lies behind it.
        match (page.front.updated, page.front.date) {
            (None, date) => {
                let date = date.filter(|date| date.0 <= portal.as_of);
                judge.day(page, Aspect::PageUpdated, date, "the page", &["date"]);
            }
            (updated, _) => judge.day(page, Aspect::PageUpdated, updated, "the page", &["updated"]),
        }
    }
    for (id, source) in portal.sources.iter() {
        let accessed = source.accessed.as_ref().and_then(Known::known).map(|day| Moment::from(*day));
        judge.moment(Aspect::SourceAccessed, accessed, "the reading of the source", || {
            place_in_toml(files, SOURCES_FILE, &[id, "accessed"])
        });
    }
}

/// Looks at what bears a date, and reports what is too old. Where that was written is only looked up then.
struct Judge<'j> {
    portal: &'j Portal,
    files: &'j dyn Files,
    due: &'j Due,
    findings: &'j mut Vec<Diagnostic>,
}

impl Judge<'_> {
    fn record(&mut self, page: &Page) {
        match &page.document.record {
            Some(Record::Course(course)) => self.course(page, course),
            Some(Record::Role(role)) => {
                self.day(page, Aspect::RoleReviewed, role.reviewed, "the last look at the role", &["role", "reviewed"]);
            }
            Some(Record::Salary(salary)) => self.salary(page, salary),
            _ => {}
        }
    }

    fn course(&mut self, page: &Page, course: &Course) {
        self.sessions(page, course);
        let price = course.price.as_ref().and_then(Known::known).map(|price| &price.as_of);
        self.known(page, Aspect::CoursePrice, price, "the price", &["course", "price", "as_of"]);
        for (key, what, span) in [
            ("duration", "the duration", &course.duration),
            ("extension", "the extension", &course.extension),
            ("trial", "the trial", &course.trial),
        ] {
            let as_of = span.as_ref().and_then(Known::known).and_then(|span| span.as_of.as_ref());
            self.known(page, Aspect::CourseDuration, as_of, what, &["course", key, "as_of"]);
        }
        for (number, price) in course.other_prices.iter().flatten().enumerate() {
            let keys = ["course", "other_prices", &number.to_string(), "as_of"];
            self.known(page, Aspect::CoursePrice, Some(&price.as_of), "another price", &keys);
        }
        for (number, span) in course.other_durations.iter().flatten().enumerate() {
            let keys = ["course", "other_durations", &number.to_string(), "as_of"];
            self.known(page, Aspect::CourseDuration, span.as_of.as_ref(), "another duration", &keys);
        }
        let workload = course.workload.as_ref().and_then(Known::known).and_then(|workload| workload.as_of.as_ref());
        self.known(page, Aspect::CourseWorkload, workload, "the workload", &["course", "workload", "as_of"]);
        self.day(page, Aspect::CourseVerified, course.verified, "the last look at the course", &["course", "verified"]);
    }

    /// A course whose sessions are known and have all begun: readers see none, and nobody meant to say that there are none.
    fn sessions(&mut self, page: &Page, course: &Course) {
        let all = course.sessions.as_ref().and_then(Known::known).map_or(&[][..], Vec::as_slice);
        for (number, session) in all.iter().enumerate().filter(|(_, session)| session.start.0 > self.portal.as_of) {
            self.known(
                page,
                Aspect::CourseSessions,
                session.as_of.as_ref(),
                "the session",
                &["course", "sessions", &number.to_string(), "as_of"],
            );
        }
        let Some(last) = all.iter().map(|session| session.start.0).max() else { return };
        match course.upcoming(self.portal.as_of).map(|session| session.start.0).min() {
            Some(next) => self.due.note(next, || format!("session of {} begins", page.name)),
            None => self.findings.push(
                Diagnostic::new("past-sessions", format!("all sessions of `{}` have begun, the last on {last}", page.slug))
                    .at(place_of_key(self.files, &page.document.file, &["course", "sessions"]))
                    .help("add the next sessions, or write `sessions = \"unknown\"`; past ones are not listed, and may stay"),
            ),
        }
    }

    /// The figures of a salary page, which may stand in a file of their own.
    fn salary(&mut self, page: &Page, salary: &Salary) {
        let Figures::Here(figures) = &salary.figures else { return };
        let (document, files) = (&page.document, self.files);
        for (number, figure) in figures.iter().enumerate() {
            let place = || match document.data_files.first() {
                // Each row cites one source, in order.
                Some(data) => {
                    let mut rows = document.mentions.iter().filter(|mention| mention.kind == SOURCE && *mention.spot.file == **data);
                    rows.nth(number).map_or_else(|| Place::file(data), |mention| place_of(files, &mention.spot))
                }
                None => place_of_key(files, &document.file, &["salary", "figures", &number.to_string(), "as_of"]),
            };
            self.moment(Aspect::SalaryFigures, figure.as_of.known().copied(), "the figure", place);
        }
    }

    fn known(&mut self, page: &Page, aspect: Aspect, as_of: Option<&Known<Moment>>, what: &str, keys: &[&str]) {
        let files = self.files;
        self.moment(aspect, as_of.and_then(Known::known).copied(), what, || place_of_key(files, &page.document.file, keys));
    }

    fn day(&mut self, page: &Page, aspect: Aspect, day: Option<Day>, what: &str, keys: &[&str]) {
        let files = self.files;
        self.moment(aspect, day.map(Moment::from), what, || place_of_key(files, &page.document.file, keys));
    }

    fn moment(&mut self, aspect: Aspect, moment: Option<Moment>, what: &str, place: impl Fn() -> Place) {
        let Some(moment) = moment else { return };
        if let Some(first) = moment.first_day().filter(|first| *first > self.portal.as_of) {
            self.due.note(first, || format!("{moment} begins, of which {what} is already said to be"));
            self.findings.push(
                Diagnostic::new("future-date", format!("{what} is of {moment}, which has not come yet"))
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
        let (table, key) = aspect.as_str().split_once('.').unwrap_or_default();
        self.findings.push(
            Diagnostic::new(code, format!("{what} is of {moment}, which is older than {age}"))
                .at(place())
                .help(format!("{again} and write the new date, or allow it to be older: `{key}` in `[freshness.{table}]` of site.toml")),
        );
    }
}
