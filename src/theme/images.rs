//! `resize_image` and `get_image_metadata`, which mean what they mean in Zola.

use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::data::data_path;
use super::scope::Rendering;
use super::template_errors::{refused, spoken, with_help};
use crate::diagnostic::{Text, did_you_mean, list, text};
use crate::images::{CAN_MAKE, Format, Look, Operation, Picture, Recipe, Target};
use crate::limits::WIDEST_IMAGE;
use crate::portal::Asset;
use crate::reads::{Read, note};
use crate::values::map;

/// The operations, the usual one first.
const OPERATIONS: [&str; 5] = ["fill", "scale", "fit_width", "fit_height", "fit"];
/// The formats, the usual one first.
const FORMATS: [&str; 6] = ["auto", "jpg", "jpeg", "png", "webp", "avif"];
/// The quality where a template names none, as in Zola.
const JPEG_QUALITY: u8 = 75;
const AVIF_QUALITY: u8 = 80;
/// What to do where no image is found.
const NO_IMAGE: &str = "name a file beside a page by its path below content/, or one of static/: `courses/team.jpg`";

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("resize_image", resize_image);
    tera.register_function("get_image_metadata", get_image_metadata);
}

/// The file that the path of an image means, relative to the portal, and its address below the root: a file of
/// `static/`, or one beside a page, by its path below `content/` or by its address. The value of
/// [`Read::ImageFile`].
pub(crate) fn image_file(rendering: &Rendering, path: &str) -> Option<(Arc<str>, Arc<str>)> {
    let asked = data_path(path);
    let below_static = asked.strip_prefix("static/").unwrap_or(&asked);
    if let Some(file) = rendering.theme.statics.get(below_static) {
        return Some((file.shown.as_str().into(), file.path.as_str().into()));
    }
    let portal = &rendering.portal;
    let in_content = format!("content/{}", asked.strip_prefix("content/").unwrap_or(&asked));
    let is_meant = |asset: &&Asset| *asset.file == *in_content || asset.path.strip_prefix('/') == Some(&*asked);
    let found = portal.entries().find_map(|entry| portal.assets(entry).iter().find(is_meant));
    found.map(|asset| (asset.file.clone(), asset.path.clone()))
}

/// An image that a template names: its file, its address, and what is known of it.
type Named = (Arc<str>, Arc<str>, Arc<Picture>);

/// An image that a template names; none where there is no such file.
fn named(rendering: &Rendering, path: &str) -> TeraResult<Option<Named>> {
    note(Read::ImageFile(path.into()));
    let Some((file, address)) = image_file(rendering, path) else { return Ok(None) };
    note(Read::Picture(file.clone()));
    if Format::of_name(&file).is_none() {
        return Err(refused(text!("`{file}` is no image that browsers show", file = path), NO_IMAGE));
    }
    match rendering.pictures.look(&*rendering.files, &file) {
        Look::Picture(picture) => Ok(Some((file, address, picture))),
        Look::Faulty { message, help } => Err(refused(message, help)),
    }
}

fn missing(rendering: &Rendering, path: &str) -> Error {
    let portal = &rendering.portal;
    let files = || portal.entries().flat_map(|entry| portal.assets(entry)).filter_map(|asset| asset.file.strip_prefix("content/"));
    let near = did_you_mean(path, files().chain(rendering.theme.statics.paths()));
    let near = near.map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
    spoken(with_help(text!("there is no image `{path}`{near}", path, near), NO_IMAGE))
}

/// `{width, height, format, mime}` of an image; none where there is none and `allow_missing` says that this is
/// fine.
fn get_image_metadata(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "allow_missing"])?;
    let rendering = rendering()?;
    let path = kwargs.must_get::<&str>("path")?;
    let allow_missing = kwargs.get::<bool>("allow_missing")?.unwrap_or(false);
    let Some((.., picture)) = named(&rendering, path)? else {
        return if allow_missing { Ok(Value::none()) } else { Err(missing(&rendering, path)) };
    };
    let number = |number: Option<u32>| number.map_or_else(Value::none, Value::from);
    Ok(Value::from(map([
        ("width", number(picture.size.map(|size| size.0))),
        ("height", number(picture.size.map(|size| size.1))),
        ("format", Value::from(picture.format.name())),
        ("mime", Value::from(picture.format.mime())),
    ])))
}

/// A size of an image: `{url, static_path, width, height, orig_width, orig_height}`.
fn resize_image(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "width", "height", "op", "format", "quality"])?;
    let rendering = rendering()?;
    let path = kwargs.must_get::<&str>("path")?;
    let operation = operation(&kwargs)?;
    if !CAN_MAKE {
        return Err(refused("this program was built without images", "build it with the feature `images`"));
    }
    let Some((file, address, picture)) = named(&rendering, path)? else { return Err(missing(&rendering, path)) };
    let Some(own) = picture.size.filter(|_| picture.still) else {
        let message = text!("no other size is made of `{path}`: it moves, or is not made of pixels", path);
        return Err(refused(message, "give it its size in the page, by `width` and `height`"));
    };
    let (target, quality) = (target(&kwargs, &picture)?, quality(&kwargs)?);
    if quality.is_some() && target == Target::WebP {
        return Err(refused(
            "WebP is written without loss, and has no `quality`",
            "leave `quality` out, or take `format=\"avif\"`, which is smaller",
        ));
    }
    let usual = if target == Target::Avif { AVIF_QUALITY } else { JPEG_QUALITY };
    let base = Recipe::new(&file, &address, &picture, own, target, quality.unwrap_or(usual));
    let (part, size) = operation.of(own);
    let recipe = Recipe { part, size, ..base };
    let path = recipe.path();
    note(Read::Made(Arc::new(recipe)));
    Ok(Value::from(map([
        ("url", Value::from(rendering.portal.config.permalink(&path))),
        ("static_path", Value::from(path.trim_start_matches('/'))),
        ("width", Value::from(size.0)),
        ("height", Value::from(size.1)),
        ("orig_width", Value::from(own.0)),
        ("orig_height", Value::from(own.1)),
    ])))
}

/// A word that is one of some.
fn one_of<'w>(name: &str, given: &'w str, words: &[&'static str]) -> TeraResult<&'w str> {
    if words.contains(&given) {
        return Ok(given);
    }
    Err(spoken(match did_you_mean(given, words.iter().copied()) {
        Some(near) => text!("there is no `{name}` `{given}`; did you mean `{near}`?", name, given, near),
        None => text!("there is no `{name}` `{given}`; there are {words}", name, given, words = list(words.iter().copied())),
    }))
}

fn operation(kwargs: &Kwargs) -> TeraResult<Operation> {
    let op = one_of("op", kwargs.get::<&str>("op")?.unwrap_or(OPERATIONS[0]), &OPERATIONS)?;
    let side = |name: &str| -> TeraResult<u32> {
        let side = kwargs.get::<u32>(name)?.ok_or_else(|| spoken(text!("`op=\"{op}\"` needs `{name}`", op, name)))?;
        if (1..=WIDEST_IMAGE).contains(&side) {
            Ok(side)
        } else {
            Err(spoken(text!("`{name}` cannot be {side}: write a number of pixels from 1 to {most}", name, side, most = WIDEST_IMAGE)))
        }
    };
    let unread = |name: &str| match kwargs.get::<&Value>(name)? {
        Some(_) => Err(spoken(text!("`op=\"{op}\"` takes no `{name}`: it follows from the image", op, name))),
        None => Ok(()),
    };
    Ok(match op {
        "scale" => Operation::Scale(side("width")?, side("height")?),
        "fit_width" => {
            unread("height")?;
            Operation::FitWidth(side("width")?)
        }
        "fit_height" => {
            unread("width")?;
            Operation::FitHeight(side("height")?)
        }
        "fit" => Operation::Fit(side("width")?, side("height")?),
        _ => Operation::Fill(side("width")?, side("height")?),
    })
}

fn target(kwargs: &Kwargs, picture: &Picture) -> TeraResult<Target> {
    Ok(match one_of("format", kwargs.get::<&str>("format")?.unwrap_or(FORMATS[0]), &FORMATS)? {
        "jpg" | "jpeg" => Target::Jpeg,
        "png" => Target::Png,
        "webp" => Target::WebP,
        "avif" => Target::Avif,
        _ if picture.lossy => Target::Jpeg,
        _ => Target::Png,
    })
}

fn quality(kwargs: &Kwargs) -> TeraResult<Option<u8>> {
    let Some(quality) = kwargs.get::<u32>("quality")? else { return Ok(None) };
    match u8::try_from(quality) {
        Ok(quality @ 1..=100) => Ok(Some(quality)),
        _ => Err(spoken(text!("`quality` cannot be {quality}: write a number from 1 to 100", quality))),
    }
}
