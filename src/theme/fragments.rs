//! Components that show a page in a list: made once for each page, however many lists it stands in.

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::kept::Of;
use super::scope;
use super::template_errors::spoken;
use crate::diagnostic::Text;
use crate::portal::Entry;
use crate::reads::{self, Read, note};
use crate::values::text_of;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("show", show);
}

/// What a component makes of a page: `show(component="ui.teaser", item=page, level=3)`. It is given `item`
/// and `level` and nothing else, so that it makes the same of a page wherever it stands.
fn show(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["component", "item", "level"])?;
    let rendering = rendering()?;
    let component = kwargs.must_get::<&str>("component")?;
    let item = kwargs.must_get::<&Value>("item")?;
    let level = kwargs.get::<i64>("level")?.unwrap_or(3);
    let language = scope::language();
    let file = text_of(item, "relative_path").ok_or_else(|| spoken(Text::from("`item` should be a page or a section")))?;
    let of: Of = (component.into(), file.into(), level, language);
    if let Some((made, reads)) = rendering.fragments.get(&of) {
        reads::note_all(&reads);
        return Ok(made);
    }
    let (made, reads) = scope::recorded(&rendering, language, || {
        note(Read::Component(component.into()));
        // The portal's value, not the one given: that may hold more.
        let item = match rendering.portal.of_file(file) {
            Some(Entry::Page(page)) => rendering.values.page(page),
            Some(Entry::Section(section)) => rendering.values.section(section),
            None => item,
        };
        note(Read::Summary(file.into()));
        let mut context = Context::new();
        context.insert_value("item", item.clone());
        context.insert_value("level", Value::from(level));
        rendering.theme.templates.tera.render_component(component, &context, None, true)
    });
    let made = Value::safe_string(&made?);
    reads::note_all(&reads);
    rendering.fragments.keep(of, made.clone(), reads);
    Ok(made)
}
