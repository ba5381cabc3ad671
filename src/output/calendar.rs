//! Sessions as iCalendar (RFC 5545): of a course, of all courses of a provider, and of all that lead to a role.

use icalendar::{Calendar, Component, Event, EventLike, Property};

use super::job::Job;
use super::plan::Planner;
use crate::portal::{Page, Portal, calendar_path};
use crate::records::{Course, Kind, Record, Session};
use crate::schema::Known;
use crate::theme::{Read, Rendering, note, note_summaries, records_of};

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
                // A page whose `path` names a file has no folder for more; a calendar has at least one event (RFC 5545, 3.6).
                if page.path.ends_with('/') && courses_of(portal, *number).iter().any(|course| sessions(portal, *course).next().is_some()) {
                    let origin = format!("the sessions of content/{}", page.document.file);
                    self.add(&calendar_path(&page.path), origin, Job::Calendar(*number));
                }
            }
        }
    }
}

/// The courses whose sessions a page's calendar has.
fn courses_of(portal: &Portal, number: usize) -> Vec<usize> {
    let page = &portal.pages[number];
    match page.kind() {
        Some(Kind::Course) => vec![number],
        Some(Kind::Provider) => records_of(portal, Kind::Course, Some(&page.slug), None),
        Some(Kind::Role) => records_of(portal, Kind::Course, None, Some(&page.slug)),
        _ => Vec::new(),
    }
}

fn course(page: &Page) -> Option<&Course> {
    match &page.document.record {
        Some(Record::Course(course)) => Some(course),
        _ => None,
    }
}

/// The sessions of a course that have not begun.
fn sessions(portal: &Portal, number: usize) -> impl Iterator<Item = &Session> {
    course(&portal.pages[number]).into_iter().flat_map(|course| portal.upcoming(course))
}

/// The calendar of a page: its sessions that have not begun.
pub(super) fn calendar(rendering: &Rendering, number: usize) -> Vec<u8> {
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
    calendar.append_property(Property::new("X-WR-CALNAME", &*page.name));
    for number in courses {
        rendering.note_sessions(number);
        for session in sessions(portal, number) {
            calendar.push(event(portal, &portal.pages[number], session));
        }
    }
    calendar.to_string().into_bytes()
}

/// A session, as whole days. It is known again by the address of its course and its first day; two that begin on one day by their place too.
fn event(portal: &Portal, page: &Page, session: &Session) -> Event {
    let day = |day: jiff::civil::Date| day.strftime("%Y%m%d").to_string();
    // The last day of an event is the first that it does not have (RFC 5545, 3.6.1).
    let last = session.end.unwrap_or(session.start).0;
    let after = last.tomorrow().unwrap_or(last);
    let place = session.place.as_ref().and_then(Known::known).map(String::as_str);
    // When the record was last gone through: the same input gives the same bytes, and a calendar sees that it is newer. Else its first day.
    let stamp = course(page).and_then(|course| course.verified).map_or(session.start.0, |day| day.0);
    let authority = portal.config.base_url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    let place_in_uid = place.map(|place| format!("-{}", portal.config.locale.slug(place))).unwrap_or_default();
    let mut event = Event::new();
    event
        .uid(&format!("{}-{}{place_in_uid}@{authority}", page.slug, day(session.start.0)))
        .append_property(Property::new("DTSTAMP", format!("{}T000000Z", day(stamp))))
        .append_property(Property::new("DTSTART", day(session.start.0)).append_parameter(("VALUE", "DATE")))
        .append_property(Property::new("DTEND", day(after)).append_parameter(("VALUE", "DATE")))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .summary(&page.name)
        .append_property(Property::new("URL", &*page.permalink));
    if let Some(place) = place {
        event.location(place);
    }
    if let Some(note) = &session.note {
        event.description(note);
    }
    event
}
