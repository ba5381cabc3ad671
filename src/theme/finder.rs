//! The course finder in templates.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::template_errors::spoken;
use crate::finder;
use crate::reads::{Read, note};

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("finder", finder);
    tera.register_function("finder_list", finder_list);
}

/// Everything that the course finder shows: see [`finder::value`].
fn finder(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    finder::value(&rendering.facets, &rendering.portal, &rendering.values).map_err(spoken)
}

/// The full address of the list of the courses that have a value of a facet, `finder_list(facet="provider",
/// value=page.id)`; none where there is no such list.
fn finder_list(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["facet", "value"])?;
    let rendering = rendering()?;
    let (facet, value) = (kwargs.must_get::<&str>("facet")?, kwargs.must_get::<&str>("value")?);
    note(Read::FinderAddress(facet.into(), value.into()));
    let path = rendering.facets.address(facet, value);
    Ok(path.map_or_else(Value::none, |path| Value::from(rendering.portal.config.permalink(path))))
}
