//! What templates see of open data: `open_data()` and `calendar_url()`.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::scope::Rendering;
use super::urls::address;
use crate::open_data::{self, Found, LLMS, calendar_path};
use crate::reads::{Read, note, note_summaries};
use crate::records::Kind;
use crate::values::map;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("open_data", open_data);
    tera.register_function("calendar_url", calendar_url);
}

/// What is published as open data: see [`open_data::value`].
fn open_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    let found = Found { calendars: calendars(&rendering), llms: there(&rendering, LLMS) };
    Ok(open_data::value(&rendering.portal, found))
}

/// How many calendars are named together. Each is named on its own page too; a list of thousands helps
/// nobody.
const MOST_CALENDARS: usize = 24;

/// The calendars of sessions, the first of them: of providers, roles and courses, each with the title of its
/// page.
fn calendars(rendering: &Rendering) -> Vec<Value> {
    let portal = &rendering.portal;
    let mut calendars = Vec::new();
    for kind in [Kind::Provider, Kind::Role, Kind::Course] {
        note(Read::Records(kind, None, None));
        for number in portal.records_of(kind, None, None).iter().copied() {
            let page = &portal.pages[number];
            if calendars.len() == MOST_CALENDARS {
                return calendars;
            }
            if let Some(url) = there(rendering, &calendar_path(&page.path)) {
                note_summaries(portal, &[number]);
                calendars.push(Value::from(map([("title", Value::from(&*page.name)), ("url", Value::from(url))])));
            }
        }
    }
    calendars
}

/// The address of an output; none where there is no such output. That counts as read.
fn there(rendering: &Rendering, path: &str) -> Option<String> {
    note(Read::Address(path.into()));
    address(rendering, path).ok()
}

/// The address of the calendar of a page, given as its `path`; none where no session is to come.
fn calendar_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path"])?;
    let rendering = rendering()?;
    let path = calendar_path(kwargs.must_get::<&str>("path")?);
    Ok(there(&rendering, &path).map_or_else(Value::none, Value::from))
}
