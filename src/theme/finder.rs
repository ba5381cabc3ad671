//! The course finder in templates.

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::functions::rendering;
use crate::finder;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("finder", finder);
}

/// Everything that the course finder shows: see [`finder::value`].
fn finder(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    finder::value(&rendering.facets, &rendering.portal, &rendering.values).map_err(Error::message)
}
