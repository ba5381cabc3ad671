//! What templates see of open data: `open_data()` and `calendar_url()`.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::functions::{records_of, rendering};
use super::scope::Rendering;
use super::urls::address;
use super::values::map;
use super::{Read, scope};
use crate::portal::{Collection, DataForm, LLMS, calendar_path};
use crate::records::Kind;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("open_data", open_data);
    tera.register_function("calendar_url", calendar_url);
}

/// What is published as open data: `{licence, collections: [{kind, name, count, as_of, json, csv, columns, schema}], calendars: [{title, url}], markdown, llms}`.
/// The licence is none where it is not known, `as_of` where the records name no date.
fn open_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    let collections = collections(&rendering).into_iter().map(|of| {
        let file = |form| Value::from(portal.config.permalink(&of.path(form)));
        Value::from(map([
            ("kind", Value::from(of.kind())),
            ("name", Value::from(of.name())),
            ("count", Value::from(portal.count(of))),
            ("as_of", portal.newest(of).map_or_else(Value::none, |moment| Value::from(moment.to_string()))),
            ("json", file(DataForm::Json)),
            ("csv", file(DataForm::Csv)),
            ("columns", file(DataForm::Columns)),
            ("schema", file(DataForm::Schema)),
        ]))
    });
    let licence = portal.data_licence().map_or_else(Value::none, Value::from);
    Ok(Value::from(map([
        ("licence", licence),
        ("collections", Value::from(collections.collect::<Vec<_>>())),
        ("calendars", Value::from(calendars(&rendering))),
        ("markdown", Value::from(portal.markdown_path("/").is_some())),
        ("llms", there(&rendering, LLMS).map_or_else(Value::none, Value::from)),
    ])))
}

/// What is published together. It counts as read, with how many entries there are and of when the newest is.
fn collections(rendering: &Rendering) -> Vec<Collection> {
    scope::note(Read::Config);
    for of in Kind::ALL.map(Collection::Records).into_iter().chain([Collection::Sources]) {
        scope::note(Read::DataAsOf(of));
    }
    rendering.portal.collections()
}

/// The files of all collections that hold entries: full address, and media type.
pub(super) fn files(rendering: &Rendering) -> Vec<(String, &'static str)> {
    let files = collections(rendering)
        .into_iter()
        .flat_map(|of| [(DataForm::Json, "application/json"), (DataForm::Csv, "text/csv")].map(|(form, media)| (of.path(form), media)));
    files.map(|(path, media)| (rendering.portal.config.permalink(&path), media)).collect()
}

/// The calendars of sessions: of courses, providers and roles, each with the title of its page.
fn calendars(rendering: &Rendering) -> Vec<Value> {
    let portal = &rendering.portal;
    let mut calendars = Vec::new();
    for kind in [Kind::Course, Kind::Provider, Kind::Role] {
        scope::note(Read::Records(kind, None, None));
        for number in records_of(portal, kind, None, None) {
            let page = &portal.pages[number];
            if let Some(url) = there(rendering, &calendar_path(&page.path)) {
                scope::note_summaries(portal, &[number]);
                calendars.push(Value::from(map([("title", Value::from(&*page.name)), ("url", Value::from(url))])));
            }
        }
    }
    calendars
}

/// The address of an output; none where there is no such output. That counts as read.
fn there(rendering: &Rendering, path: &str) -> Option<String> {
    scope::note(Read::Address(path.into()));
    address(rendering, path).ok()
}

/// The address of the calendar of a page, given as its `path`; none where no session is to come.
fn calendar_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path"])?;
    let rendering = rendering()?;
    let path = calendar_path(kwargs.must_get::<&str>("path")?);
    Ok(there(&rendering, &path).map_or_else(Value::none, Value::from))
}
