//! `get_url`: the addresses that templates ask for.

use std::io;
use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::{no_other_language, only};
use super::asked::{entry_of, rendering};
use super::scope::Rendering;
use super::template_errors::{Refusal, spoken, with_help};
use crate::diagnostic::{Text, did_you_mean, text};
use crate::files;
use crate::portal::Asset;
use crate::reads::{Read, note};

/// What to do where an address leads nowhere.
const NOT_PUBLISHED: &str = "put the file into static/, or name a page by its file: `@/folder/page.md`";

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_url", get_url);
}

/// The address of what `path` names. With `trailing_slash` it must end with `/`, with `cachebust` it carries
/// a hash of what the file holds. Both mean what they mean in Zola.
fn get_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "trailing_slash", "cachebust", "lang"])?;
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let path = kwargs.must_get::<&str>("path")?;
    note(Read::Address(path.into()));
    let mut url = address(&rendering, path).map_err(spoken)?;
    let bare = path.split('#').next().unwrap_or(path);
    if kwargs.get::<bool>("trailing_slash")?.unwrap_or(false) && !without_anchor(&url).ends_with('/') {
        return Err(spoken(match is_elsewhere(path) {
            true => text!("`trailing_slash` is not for `{path}`: write the address as it should be", path).into(),
            false => with_help(
                text!("nothing is published at `{path}/`: `{path}` is a file, and no `trailing_slash` belongs there", path = bare),
                NOT_PUBLISHED,
            ),
        }));
    }
    if kwargs.get::<bool>("cachebust")?.unwrap_or(false) && !is_elsewhere(path) {
        let file = rendering.theme.statics.get(bare);
        // A file of a theme has the hash in its name already.
        if file.is_none_or(|file| file.path.trim_start_matches('/') == bare.trim_start_matches('/')) {
            let hash = hash_of(&rendering, bare, &url)?;
            let at = without_anchor(&url).len();
            url.insert_str(at, &format!("?h={hash:016x}"));
        }
    } else if kwargs.get::<bool>("cachebust")?.unwrap_or(false) {
        return Err(spoken(text!("`cachebust` is not for `{path}`: only what the portal publishes has a hash", path)));
    }
    Ok(Value::from(url))
}

fn without_anchor(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

fn is_elsewhere(path: &str) -> bool {
    path.contains("://") || path.starts_with("mailto:") || path.starts_with("tel:") || path.starts_with('#')
}

/// A hash of what a file of `static/`, or one beside a page, holds.
fn hash_of(rendering: &Rendering, path: &str, url: &str) -> TeraResult<u64> {
    if let Some(file) = rendering.theme.statics.get(path) {
        note(Read::Static(path.into()));
        return file.hash(&*rendering.files).map_err(|error| unreadable(&file.shown, &error));
    }
    let file = asset(rendering, without_anchor(url)).ok_or_else(|| {
        spoken(text!(
            "`cachebust` is not for `{path}`: it is for files of `static/` and for those beside pages, whose bytes are known",
            path
        ))
    })?;
    note(Read::File(file.clone()));
    files::hash_of(&*rendering.files, &file).map(|hash| hash.short()).map_err(|error| unreadable(&file, &error))
}

fn unreadable(file: &str, error: &io::Error) -> Error {
    spoken(text!("cannot read `{file}`: {error}", file, error))
}

/// The file of `content/` that is published at an address.
fn asset(rendering: &Rendering, url: &str) -> Option<Arc<str>> {
    let portal = &rendering.portal;
    let is_there = |asset: &&Asset| portal.config.permalink(&asset.path) == url;
    portal.entries().find_map(|entry| portal.assets(entry).iter().find(is_there).map(|asset| asset.file.clone()))
}

/// The full address of what a template names: a page by its file, a static file, another output, or an
/// address elsewhere.
///
/// # Errors
/// That nothing is published there.
pub(crate) fn address(rendering: &Rendering, path: &str) -> Result<String, Refusal> {
    let portal = &rendering.portal;
    if is_elsewhere(path) {
        return Ok(path.to_owned());
    }
    let (bare, anchor) = path.split_once('#').map_or((path, String::new()), |(bare, anchor)| (bare, format!("#{anchor}")));
    if bare.starts_with("@/") {
        return entry_of(portal, bare).map(|entry| format!("{}{anchor}", portal.permalink(entry)));
    }
    if let Some(file) = rendering.theme.statics.get(bare) {
        return Ok(format!("{}{anchor}", portal.config.permalink(&file.path)));
    }
    let below = format!("/{}", bare.trim_start_matches('/'));
    let with_slash = format!("{below}/");
    if let Some(below) = [&below, &with_slash].into_iter().find(|path| rendering.addresses.contains(path.as_str())) {
        return Ok(format!("{}{anchor}", portal.config.permalink(below)));
    }
    let near =
        did_you_mean(bare, rendering.theme.statics.paths()).map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
    Err(with_help(text!("nothing is published at `{path}`{near}", path, near), NOT_PUBLISHED))
}
