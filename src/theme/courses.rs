//! Courses beside each other, and in what they differ.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::{record, rendering};
use super::template_errors::spoken;
use crate::diagnostic::text;
use crate::finder::differs;
use crate::reads::{Read, note, note_sessions, note_summaries};
use crate::records::{Course, Kind};
use crate::values::{map, with};

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("compare_courses", compare_courses);
}

/// Courses beside each other: `{courses: [{…, derived}], differs: {key: "same", "different", "partly" or
/// "unknown"}}`. `ids` is an array, or a text with blanks between; without it all courses, or those of `role`
/// or `provider`. Each of the three may be none.
fn compare_courses(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["ids", "role", "provider"])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    let ids = match given(&kwargs, "ids")? {
        None => Vec::new(),
        Some(ids) => match (ids.as_str(), ids.as_array()) {
            (Some(text), _) => text.split_whitespace().map(str::to_owned).collect(),
            (_, Some(array)) => array.iter().map(|id| id.as_str().unwrap_or_default().to_owned()).collect(),
            (None, None) => return Err(spoken(text!("`ids` is an array of ids, not {found}", found = ids.name()))),
        },
    };
    let mut numbers = Vec::new();
    if ids.is_empty() {
        let (role, provider) = (name(&kwargs, "role")?, name(&kwargs, "provider")?);
        note(Read::Records(Kind::Course, provider.map(Into::into), role.map(Into::into)));
        numbers = portal.records_of(Kind::Course, provider, role).into_owned();
        note_summaries(portal, &numbers);
    } else {
        for id in &ids {
            numbers.push(record(&rendering, Kind::Course, id)?.0);
        }
    }
    for number in &numbers {
        note_sessions(&rendering.portal, *number);
    }
    let courses: Vec<&Course> = numbers.iter().filter_map(|number| portal.pages[*number].course()).collect();
    let values = numbers.iter().filter_map(|number| {
        let derived = Value::from_serializable(&portal.pages[*number].course()?.derived(portal.as_of));
        Some(with(rendering.values.page(*number), [("derived", derived)]))
    });
    Ok(Value::from(map([("courses", Value::from(values.collect::<Vec<_>>())), ("differs", differs(&courses, portal.as_of))])))
}

/// An argument that templates may leave out, or give as none.
fn given<'k>(kwargs: &'k Kwargs, name: &'k str) -> TeraResult<Option<&'k Value>> {
    Ok(kwargs.get::<&Value>(name)?.filter(|value| !value.is_none()))
}

/// The same, where it is a text.
fn name<'k>(kwargs: &'k Kwargs, name: &'k str) -> TeraResult<Option<&'k str>> {
    match given(kwargs, name)? {
        Some(_) => kwargs.get::<&str>(name),
        None => Ok(None),
    }
}
