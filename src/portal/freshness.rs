//! What has become too old to be relied on, by the policy of `[freshness]` in site.toml, and when the site next changes by itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Page, Portal};
use crate::content::{place_in_toml, place_of_key};
use crate::diagnostic::{Diagnostic, Place};
use crate::files::Files;
use crate::records::{Age, Aspect, Course, Figures, Kind, Moment, Record, SOURCES_FILE, Session};
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

/// The most reasons that are kept for one day: beyond that they tell nothing new.
const MOST_REASONS: usize = 20;

impl Due {
    /// Notes that something changes on `date`, which lies after the day of the build.
    pub fn note(&self, date: Date, reason: impl FnOnce() -> String) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *next {
            Some(next) if next.date < date => {}
            Some(next) if next.date == date => {
                if next.reasons.len() < MOST_REASONS {
                    next.reasons.insert(reason());
                }
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
    pub fn upcoming<'c>(&self, course: &'c Course) -> Vec<&'c Session> {
        course.upcoming(self.as_of).collect()
    }

    /// Notes when the next session of the course of a page begins.
    pub fn note_next_session(&self, page: usize, due: &Due) {
        let page = &self.pages[page];
        let Some(Record::Course(course)) = &page.document.record else { return };
        if let Some(start) = course.upcoming(self.as_of).map(|session| session.start.0).min() {
            due.note(start, || format!("session of {} begins", page.name));
        }
    }
}

/// Something that bears a date.
struct Dated<'k> {
    aspect: Aspect,
    moment: Moment,
    /// What it is, for the finding.
    what: &'static str,
    keys: Vec<&'k str>,
}

impl<'k> Dated<'k> {
    fn new(aspect: Aspect, moment: impl Into<Moment>, what: &'static str, keys: &[&'k str]) -> Self {
        Self { aspect, moment: moment.into(), what, keys: keys.to_vec() }
    }
}

/// Everything on a page and about a source that is older than it may be, and courses none of whose sessions is still to come.
pub(super) fn check(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    sessions(portal, files, due, findings);
    if portal.config.site.freshness.is_none() {
        return;
    }
    let updated = portal.config.site.freshness.as_ref().is_some_and(|policy| policy.page.is_some());
    let kinds = [Kind::Course, Kind::Role, Kind::Salary].into_iter().filter_map(|kind| portal.of_kind.get(&kind)).flatten();
    for number in kinds {
        let page = &portal.pages[*number];
        for dated in of_record(page) {
            let place = || place_of_key(files, &page.document.file, &dated.keys);
            judge(portal, &dated, due, place, findings);
        }
        figures(portal, page, files, due, findings);
    }
    for page in portal.pages.iter().filter(|_| updated) {
        let (key, day) = if page.front.updated.is_some() { ("updated", page.front.updated) } else { ("date", page.front.date) };
        if let Some(day) = day {
            let dated = Dated::new(Aspect::PageUpdated, day, "the page", &[key]);
            judge(portal, &dated, due, || place_of_key(files, &page.document.file, &dated.keys), findings);
        }
    }
    for (id, source) in portal.sources.iter() {
        if let Some(Known::Known(day)) = source.accessed {
            let dated = Dated::new(Aspect::SourceAccessed, day, "the reading of the source", &[id, "accessed"]);
            judge(portal, &dated, due, || place_in_toml(files, SOURCES_FILE, &dated.keys), findings);
        }
    }
}

/// Courses whose sessions are known and have all begun: readers see none, and nobody meant to say that there are none.
fn sessions(portal: &Portal, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    for number in portal.of_kind.get(&Kind::Course).into_iter().flatten() {
        let page = &portal.pages[*number];
        let Some(Record::Course(course)) = &page.document.record else { continue };
        let Some(Known::Known(all)) = &course.sessions else { continue };
        portal.note_next_session(*number, due);
        if let Some(last) = all.iter().map(|session| session.start.0).max().filter(|last| *last <= portal.as_of) {
            findings.push(
                Diagnostic::warning("past-sessions", format!("all sessions of `{}` have begun, the last on {last}", page.slug))
                    .at(place_of_key(files, &page.document.file, &["course", "sessions"]))
                    .help("add the next sessions, or write `sessions = \"unknown\"`; past ones are not listed, and may stay"),
            );
        }
    }
}

fn of_record(page: &Page) -> Vec<Dated<'static>> {
    let mut all = Vec::new();
    match &page.document.record {
        Some(Record::Course(course)) => {
            if let Some(Known::Known(price)) = &course.price
                && let Known::Known(moment) = price.as_of
            {
                all.push(Dated::new(Aspect::CoursePrice, moment, "the price", &["course", "price", "as_of"]));
            }
            for (key, what, span) in [
                ("duration", "the duration", &course.duration),
                ("extension", "the extension", &course.extension),
                ("trial", "the trial", &course.trial),
            ] {
                if let Some(Known::Known(span)) = span
                    && let Some(Known::Known(moment)) = span.as_of
                {
                    all.push(Dated::new(Aspect::CourseDuration, moment, what, &["course", key, "as_of"]));
                }
            }
            if let Some(Known::Known(workload)) = &course.workload
                && let Some(Known::Known(moment)) = workload.as_of
            {
                all.push(Dated::new(Aspect::CourseWorkload, moment, "the workload", &["course", "workload", "as_of"]));
            }
            if let Some(day) = course.verified {
                all.push(Dated::new(Aspect::CourseVerified, day, "the last look at the course", &["course", "verified"]));
            }
        }
        Some(Record::Role(role)) => {
            if let Some(day) = role.reviewed {
                all.push(Dated::new(Aspect::RoleReviewed, day, "the last look at the role", &["role", "reviewed"]));
            }
        }
        _ => {}
    }
    all
}

/// The figures of a salary page, which may stand in a file of their own.
fn figures(portal: &Portal, page: &Page, files: &dyn Files, due: &Due, findings: &mut Vec<Diagnostic>) {
    let Some(Record::Salary(salary)) = &page.document.record else { return };
    let Figures::Here(figures) = &salary.figures else { return };
    for (number, figure) in figures.iter().enumerate() {
        let Known::Known(moment) = figure.as_of else { continue };
        let index = number.to_string();
        let dated = Dated::new(Aspect::SalaryFigures, moment, "the figure", &["salary", "figures", &index, "as_of"]);
        let place = || match page.document.data_files.first() {
            // Each row cites one source, in order.
            Some(data) => {
                let mut rows = page
                    .document
                    .mentions
                    .iter()
                    .filter(|mention| mention.kind == super::references::SOURCE && *mention.spot.file == **data);
                rows.nth(number).map_or_else(|| Place::file(data), |mention| super::place_of(files, &mention.spot))
            }
            None => place_of_key(files, &page.document.file, &dated.keys),
        };
        judge(portal, &dated, due, place, findings);
    }
}

fn judge(portal: &Portal, dated: &Dated<'_>, due: &Due, place: impl Fn() -> Place, findings: &mut Vec<Diagnostic>) {
    let Some(age) = portal.staleness_noting(dated.aspect, dated.moment, due) else { return };
    let name = dated.aspect.as_str();
    let code = match dated.aspect {
        Aspect::CoursePrice | Aspect::CourseDuration | Aspect::CourseWorkload | Aspect::SalaryFigures => "stale-figure",
        Aspect::CourseVerified | Aspect::RoleReviewed | Aspect::PageUpdated => "stale-review",
        Aspect::SourceAccessed => "stale-source",
    };
    let help = match code {
        "stale-figure" => "look it up again and write the new date, or allow it to be older",
        "stale-review" => "go through it again and write the new date, or allow it to be older",
        _ => "read it again and write the new date, or allow it to be older",
    };
    let (table, key) = name.split_once('.').unwrap_or((name, ""));
    findings.push(
        Diagnostic::warning(code, format!("{} is of {}, which is older than {age}", dated.what, dated.moment))
            .at(place())
            .help(format!("{help}: `{key}` in `[freshness.{table}]` of site.toml")),
    );
}
