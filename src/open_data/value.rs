//! Open data as templates see it, and what of that is compared after a change.

use tera::Value;

use super::names::{DataForm, collections, count, licence, markdown_path, newest};
use crate::portal::Portal;
use crate::reads::{Read, note};
use crate::records::{Collection, Kind, Moment};
use crate::values::map;

/// What is published beside collections, as far as it was planned.
#[derive(Debug)]
pub(crate) struct Found {
    /// Calendars: each `{title, url}`.
    pub calendars: Vec<Value>,
    /// The full address of `llms.txt`.
    pub llms: Option<String>,
}

/// What is published as open data: `{licence, collections: [{kind, name, count, as_of, json, csv, columns,
/// schema}], calendars: [{title, url}], markdown, llms}`. The licence is none where it is not known, `as_of`
/// where the records name no date.
pub(crate) fn value(portal: &Portal, found: Found) -> Value {
    let collections = published(portal).into_iter().map(|of| {
        let file = |form: DataForm| Value::from(portal.config.permalink(&form.path(of)));
        Value::from(map([
            ("kind", Value::from(of.kind())),
            ("name", Value::from(of.name())),
            ("count", Value::from(count(portal, of))),
            ("as_of", newest(portal, of).map_or_else(Value::none, |moment| Value::from(moment.to_string()))),
            ("json", file(DataForm::Json)),
            ("csv", file(DataForm::Csv)),
            ("columns", file(DataForm::Columns)),
            ("schema", file(DataForm::Schema)),
        ]))
    });
    Value::from(map([
        ("licence", licence(portal).map_or_else(Value::none, Value::from)),
        ("collections", Value::from(collections.collect::<Vec<_>>())),
        ("calendars", Value::from(found.calendars)),
        ("markdown", Value::from(markdown_path(portal, "/").is_some())),
        ("llms", found.llms.map_or_else(Value::none, Value::from)),
    ]))
}

/// What is published together. It counts as read, with how many entries there are and of when the newest is.
fn published(portal: &Portal) -> Vec<Collection> {
    note(Read::Config);
    for of in Kind::ALL.map(Collection::Records).into_iter().chain([Collection::Sources]) {
        note(Read::DataAsOf(of));
    }
    collections(portal)
}

/// The files of all collections that hold entries: full address, and media type. They count as read.
pub(crate) fn media(portal: &Portal) -> Vec<(String, &'static str)> {
    let files = published(portal)
        .into_iter()
        .flat_map(|of| [(DataForm::Json, "application/json"), (DataForm::Csv, "text/csv")].map(|(form, media)| (form.path(of), media)));
    files.map(|(path, media)| (portal.config.permalink(&path), media)).collect()
}

/// The value of [`Read::DataAsOf`]: the newest date that the entries of a collection name, and how many there
/// are.
pub(crate) fn age(portal: &Portal, of: Collection) -> (Option<Moment>, usize) {
    (newest(portal, of), count(portal, of))
}
