//! What templates see of open data: `open_data()` and `calendar_url()`.

use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::functions::{address, only, rendering};
use super::values::map;
use super::{Read, scope};
use crate::portal::{LLMS, calendar_path, plural};
use crate::records::Kind;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("open_data", open_data);
    tera.register_function("calendar_url", calendar_url);
}

/// What is published as open data: `{licence, collections: [{kind, name, count, as_of, json, csv, schema}], markdown, llms}`.
/// The licence is none where it is not known, `as_of` where the records name no date.
fn open_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    scope::note(Read::Config);
    for kind in Kind::ALL {
        scope::note(Read::Records(kind, None, None));
        scope::note(Read::DataAsOf(kind));
    }
    let collections = portal.collections().into_iter().map(|collection| {
        let [json, csv, schema] = collection.paths.map(|path| Value::from(portal.config.permalink(&path)));
        let count = portal.of_kind.get(&collection.kind).map_or(0, Vec::len);
        Value::from(map([
            ("kind", Value::from(collection.kind.as_str())),
            ("name", Value::from(plural(collection.kind))),
            ("count", Value::from(count)),
            ("as_of", portal.newest(collection.kind).map_or_else(Value::none, |moment| Value::from(moment.to_string()))),
            ("json", json),
            ("csv", csv),
            ("schema", schema),
        ]))
    });
    let licence = portal.data_licence().map_or_else(Value::none, Value::from);
    let llms: Arc<str> = LLMS.into();
    scope::note(Read::Address(llms.clone()));
    Ok(Value::from(map([
        ("licence", licence),
        ("collections", Value::from(collections.collect::<Vec<_>>())),
        ("markdown", Value::from(portal.markdown_path("/").is_some())),
        ("llms", address(&rendering, &llms).map_or_else(|_| Value::none(), Value::from)),
    ])))
}

/// The address of the calendar of a page, given as its `path`; none where no session is to come.
fn calendar_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path"])?;
    let rendering = rendering()?;
    let path: Arc<str> = calendar_path(kwargs.must_get::<&str>("path")?).into();
    scope::note(Read::Address(path.clone()));
    Ok(address(&rendering, &path).map_or_else(|_| Value::none(), Value::from))
}
