//! Sessions as iCalendar (RFC 5545): of a course, of all courses of a provider, and of all that lead to a
//! role.

use std::borrow::Cow;

use icalendar::{Calendar, Component, Event, EventLike, Property};

use super::job::Job;
use super::plan::Planner;
use crate::diagnostic::text;
use crate::open_data::calendar_path;
use crate::portal::{Page, PageId, Portal};
use crate::reads::{Read, note, note_sessions, note_summaries};
use crate::records::{Kind, Session};
use crate::schema::{Known, known};
use crate::theme::Rendering;

impl Planner<'_> {
    /// Plans the calendars that `[data]` in site.toml asks for, where sessions are known.
    pub(super) fn calendars(&mut self) {
        let portal = self.portal;
        if portal.config.site.data.as_ref().is_none_or(|data| data.calendars == Some(false)) {
            return;
        }
        for kind in [Kind::Course, Kind::Provider, Kind::Role] {
            for number in portal.of_kind.get(&kind).into_iter().flatten() {
                let page = &portal.pages[*number];
                // A page whose `path` names a file has no folder for more; a calendar has at least one event
                // (RFC 5545, 3.6).
                if page.path.ends_with('/') && courses_of(portal, *number).iter().any(|course| sessions(portal, *course).next().is_some()) {
                    let origin = text!("the sessions of content/{file}", file = page.document.file);
                    self.add(&calendar_path(&page.path), origin, Job::Calendar(*number));
                }
            }
        }
    }
}

/// The courses whose sessions a page's calendar has.
fn courses_of(portal: &Portal, number: PageId) -> Cow<'_, [PageId]> {
    let page = &portal.pages[number];
    match page.kind() {
        Some(Kind::Course) => vec![number].into(),
        Some(Kind::Provider) => portal.records_of(Kind::Course, Some(&page.slug), None),
        Some(Kind::Role) => portal.records_of(Kind::Course, None, Some(&page.slug)),
        _ => Cow::default(),
    }
}

/// The sessions of a course that have not begun.
fn sessions(portal: &Portal, number: PageId) -> impl Iterator<Item = &Session> {
    portal.pages[number].course().into_iter().flat_map(|course| course.upcoming(portal.as_of))
}

/// The calendar of a page: its sessions that have not begun.
pub(super) fn calendar(rendering: &Rendering, number: PageId) -> Vec<u8> {
    let portal = &rendering.portal;
    let page = &portal.pages[number];
    note(Read::Config);
    note_summaries(portal, &[number]);
    match page.kind() {
        Some(Kind::Provider) => note(Read::Records(Kind::Course, Some(page.slug.clone()), None)),
        Some(Kind::Role) => note(Read::Records(Kind::Course, None, Some(page.slug.clone()))),
        _ => {}
    }
    let courses = courses_of(portal, number);
    note_summaries(portal, &courses);
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0")).append_property(Property::new("PRODID", "-//Werdegang//EN"));
    calendar.append_property(Property::new("X-WR-CALNAME", ends_of_lines(&page.name)));
    for number in courses.iter().copied() {
        note_sessions(portal, number);
        let provider = portal.pages[number].course().and_then(|course| portal.by_id.get(&(Kind::Provider, course.provider.id.clone())));
        note_summaries(portal, provider.map(std::slice::from_ref).unwrap_or_default());
        let provider = provider.map(|provider| &*portal.pages[*provider].name);
        for session in sessions(portal, number) {
            calendar.push(event(portal, &portal.pages[number], provider, session));
        }
    }
    calendar.to_string().into_bytes()
}

/// What a session is known by again: the address of its course, its first day, its place; and a number, where
/// others before it in the record have all that too. Past ones count, so that none changes when another
/// begins.
fn uid(portal: &Portal, page: &Page, session: &Session) -> String {
    let base = |session: &Session| {
        let place = known(&session.place).map(|place| format!("-{}", portal.config.locale(page.document.language).slug(place)));
        format!("{}-{}{}", page.slug, session.start.0.strftime("%Y%m%d"), place.unwrap_or_default())
    };
    let own = base(session);
    let all = page.course().and_then(|course| course.sessions.as_ref()).and_then(Known::known).into_iter().flatten();
    let before = all.take_while(|other| !std::ptr::eq(*other, session)).filter(|other| base(other) == own).count();
    let nth = if before > 0 { format!("-{}", before + 1) } else { String::new() };
    let authority = portal.config.base_url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    format!("{own}{nth}@{authority}")
}

/// When a calendar that says of no day when it was last gone through was made: some day that has passed, the
/// same for all.
const LONG_AGO: jiff::civil::Date = jiff::civil::date(2000, 1, 1);

/// A text whose lines end as the calendar escapes them (RFC 5545, 3.3.11): one that ends otherwise would end
/// the line of the calendar as well.
fn ends_of_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A session, as whole days.
fn event(portal: &Portal, page: &Page, provider: Option<&str>, session: &Session) -> Event {
    let day = |day: jiff::civil::Date| day.strftime("%Y%m%d").to_string();
    // The last day of an event is the first that it does not have (RFC 5545, 3.6.1).
    let last = session.end.unwrap_or(session.start).0;
    let after = last.tomorrow().unwrap_or(last);
    let place = known(&session.place).map(String::as_str);
    // When the record, or else the page, was last gone through: the same input gives the same bytes, and a
    // calendar sees that it is newer. Not the day of the build, on which the file would depend, and not that
    // of the session, which is still to come.
    let verified = page.course().and_then(|course| course.verified);
    let stamp = verified.or(page.front.updated).or(page.front.date).map_or(LONG_AGO, |day| day.0);
    let name = provider.map_or_else(|| page.name.to_string(), |provider| format!("{} ({provider})", page.name));
    let mut event = Event::new();
    event
        .uid(&uid(portal, page, session))
        .append_property(Property::new("DTSTAMP", format!("{}T000000Z", day(stamp))))
        .append_property(Property::new("DTSTART", day(session.start.0)).append_parameter(("VALUE", "DATE")))
        .append_property(Property::new("DTEND", day(after)).append_parameter(("VALUE", "DATE")))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .summary(&ends_of_lines(&name))
        .append_property(Property::new("URL", &*page.permalink));
    if let Some(place) = place {
        event.location(&ends_of_lines(place));
    }
    if let Some(note) = &session.note {
        event.description(&ends_of_lines(note));
    }
    event
}
