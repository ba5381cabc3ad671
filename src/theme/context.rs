//! What every template sees.

use tera::{Context, Value};

use super::scope::Rendering;
use crate::open_data::markdown_path;
use crate::reads::{Read, note};

/// The settings, the language, and the address of the page; names that some templates have besides hold
/// nothing.
pub(crate) fn context(rendering: &Rendering, path: &str, permalink: &str) -> Context {
    note(Read::Config);
    let mut context = Context::new();
    context.insert_value("config", rendering.values.config().clone());
    context.insert_value("lang", Value::from(rendering.locale().language));
    context.insert_value("current_path", Value::from(path));
    context.insert_value("current_url", Value::from(permalink));
    let portal = &rendering.portal;
    let markdown = markdown_path(portal, path).map_or_else(Value::none, |path| Value::from(portal.config.permalink(&path)));
    context.insert_value("current_markdown", markdown);
    for name in ["page", "section", "paginator", "taxonomy", "term", "terms", "facet"] {
        context.insert_value(name, Value::none());
    }
    context
}
