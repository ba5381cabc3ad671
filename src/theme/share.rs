//! Pictures of pages for those who share them, and icons: what templates are told of them, and the SVG that
//! templates make of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::scope::{Rendering, language, render};
use super::statics::Static;
use super::template_errors::spoken;
use super::urls::address;
use crate::diagnostic::{Diagnostic, Place, Text, text};
use crate::files;
use crate::portal::{Asset, Entry, Portal, SectionId};
use crate::raster::{self, Drawing, Limits, PICTURE, Shape, Source, dimensions, picture_path};
use crate::reads::{Read, note};
use crate::values::{self, map};

/// The template of pictures.
const TEMPLATE: &str = "share.svg";

/// The icons that pages name, by what templates call them.
const NAMED: [(&str, &str); 3] = [("ico", "favicon.ico"), ("touch", "apple-touch-icon.png"), ("manifest", "manifest.webmanifest")];

/// What to do where a picture shows what is no SVG.
const NO_SVG: &str =
    "put the mark into `static/` as SVG, or turn off what is drawn with it: `images` and `icons` of `[share]` in site.toml";

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("share_image", share_image);
    tera.register_function("site_icons", site_icons);
    tera.register_function("fit_text", fit_text);
}

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pictured {
    /// A page or section.
    Entry(Entry),
    /// The portal: an icon for some purpose.
    Icon(&'static str),
    /// The portal, for browsers.
    Manifest,
}

/// The picture that an editor gave to a page.
pub(crate) enum OwnPicture<'r> {
    /// A file beside it.
    Beside(&'r Asset),
    /// A file of `static/`.
    Static(&'r str, &'r Static),
}

/// The picture that front matter names, or that lies beside the page where one would be drawn; none where
/// there is none. With `named` but none, what is named is not there.
pub(crate) fn own_picture<'r>(portal: &'r Portal, statics: &'r super::Statics, entry: Entry) -> (Option<&'r str>, Option<OwnPicture<'r>>) {
    let (named, path) = match entry {
        Entry::Page(number) => (&portal.pages[number].front.share_image, &portal.pages[number].path),
        Entry::Section(number) => (&portal.sections[number].front.share_image, &portal.sections[number].path),
    };
    let assets = portal.assets(entry);
    let beside = |path: &str| assets.iter().find(|asset| *asset.path == *path).map(OwnPicture::Beside);
    let Some(named) = named.as_deref() else { return (None, beside(&picture_path(path))) };
    let own = beside(&format!("{path}{named}"));
    (Some(named), own.or_else(|| statics.get(named).map(|file| OwnPicture::Static(named, file))))
}

/// What the template of a picture sees.
pub(crate) fn picture_context(rendering: &Rendering, of: Pictured) -> Context {
    note(Read::Config);
    let portal = &rendering.portal;
    let mut context = Context::new();
    context.insert_value("config", rendering.values.config().clone());
    context.insert_value("lang", Value::from(rendering.locale().language));
    for name in ["page", "section", "icon"] {
        context.insert_value(name, Value::none());
    }
    match of {
        Pictured::Entry(entry) => {
            note(Read::Summary(portal.document(entry).file.clone()));
            match entry {
                Entry::Page(number) => context.insert_value("page", rendering.values.page(number).clone()),
                Entry::Section(number) => context.insert_value("section", rendering.values.section(number).clone()),
            }
        }
        Pictured::Icon(purpose) => context.insert_value("icon", Value::from(purpose)),
        Pictured::Manifest => {}
    }
    context
}

/// The picture that a template makes.
///
/// # Errors
/// What is wrong with the template, with what it shows, or with the fonts.
pub(crate) fn drawing(rendering: &Rendering, template: &str, of: Pictured, shape: Shape) -> Result<Drawing, Vec<Diagnostic>> {
    note(Read::Fonts);
    let bytes = render(rendering, template, &picture_context(rendering, of))?;
    let svg: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let wrong = |error: Text| wrong_picture(rendering, template, &error);
    let mut parts = BTreeMap::new();
    for path in raster::parts_of(&svg).map_err(wrong)? {
        note(Read::Static(path.as_str().into()));
        let held = rendering.theme.statics.get(&path).and_then(|file| file.bytes.clone());
        let svg = held.filter(|bytes| raster::parts_of(std::str::from_utf8(bytes).unwrap_or_default()).is_ok());
        let Some(svg) = svg else {
            let message = text!("`{template}` shows `{path}`, which is no SVG in `static/`", template, path);
            return Err(vec![of_template(rendering, template, message).help(NO_SVG)]);
        };
        parts.insert(path, svg);
    }
    let fonts = rendering.theme.fonts.get().map_err(|error| vec![of_template(rendering, template, error)])?;
    Ok(Drawing::new(Source { svg, parts, fonts, font_hash: rendering.theme.fonts.hash() }, shape))
}

/// The finding that what a template makes cannot be drawn.
pub(crate) fn wrong_picture(rendering: &Rendering, template: &str, error: &Text) -> Vec<Diagnostic> {
    let message = text!("what `{template}` makes cannot be drawn: {error}", template, error);
    vec![of_template(rendering, template, message).help("themes/README.md says what a picture is made of")]
}

fn of_template(rendering: &Rendering, template: &str, message: Text) -> Diagnostic {
    let finding = Diagnostic::new("share-image", message);
    match rendering.theme.templates.shown(template) {
        Some(shown) => finding.at(Place::file(shown)),
        None => finding,
    }
}

/// The page or section whose template is being rendered; of what is neither, the home page.
fn entry(portal: &Portal, state: &State) -> TeraResult<Entry> {
    for name in ["page", "section"] {
        let value = state.get::<Value>(name)?.filter(|value| value.as_map().is_some());
        if let Some(file) = value.as_ref().and_then(|value| values::text_of(value, "relative_path")) {
            return Ok(portal.of_file(file).unwrap_or(Entry::Section(SectionId::HOME)));
        }
    }
    Ok(Entry::Section(SectionId::HOME))
}

/// `share_image()`: `{url, width, height}` of the picture of what is being rendered; none where it has none.
fn share_image(kwargs: Kwargs, state: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    let entry = entry(&rendering.portal, state)?;
    Ok(picture(&rendering, entry)?.map_or_else(Value::none, |picture| {
        let side = |side: Option<u32>| side.map_or_else(Value::none, Value::from);
        let (width, height) = picture.size.unzip();
        Value::from(map([("url", Value::from(picture.url)), ("width", side(width)), ("height", side(height))]))
    }))
}

/// A picture that is published.
pub(super) struct Picture {
    /// Its full address.
    pub url: String,
    /// How wide and high it is, in pixels, where that is known.
    pub size: Option<(u32, u32)>,
}

/// The picture of a page or section; none where it has none. It counts as read.
///
/// # Errors
/// What is wrong with its template.
pub(super) fn picture(rendering: &Rendering, entry: Entry) -> TeraResult<Option<Picture>> {
    if !raster::DRAWS {
        return Ok(None);
    }
    let portal = &rendering.portal;
    let file = portal.document(entry).file.clone();
    note(Read::Summary(file.clone()));
    note(Read::Place(file));
    if let (_, Some(own)) = own_picture(portal, &rendering.theme.statics, entry) {
        let (path, hash, bytes) = match own {
            OwnPicture::Beside(asset) => {
                note(Read::File(asset.file.clone()));
                (&*asset.path, files::hash_of(&*rendering.files, &asset.file).map(|hash| hash.short()), rendering.files.read(&asset.file))
            }
            OwnPicture::Static(name, file) => {
                note(Read::Static(name.into()));
                let bytes = file.bytes.clone().map_or_else(|| rendering.files.read(&file.shown), Ok);
                (&*file.path, file.hash(&*rendering.files), bytes)
            }
        };
        let hash = hash.map_err(|error| spoken(text!("cannot read `{path}`: {error}", path, error)))?;
        let size = bytes.ok().and_then(|bytes| dimensions(&bytes));
        return Ok(Some(Picture { url: format!("{}?h={hash:016x}", portal.config.permalink(path)), size }));
    }
    let path = match entry {
        Entry::Page(number) => picture_path(&portal.pages[number].path),
        Entry::Section(number) => picture_path(&portal.sections[number].path),
    };
    note(Read::Address(path.as_str().into()));
    let Ok(url) = address(rendering, &path) else { return Ok(None) };
    // What is wrong with it is reported of the picture itself.
    let drawing = drawing(rendering, TEMPLATE, Pictured::Entry(entry), Shape::Png(PICTURE.0, PICTURE.1));
    let hash = drawing.map(|drawing| drawing.short()).unwrap_or_default();
    Ok(Some(Picture { url: format!("{url}?h={hash}"), size: Some(PICTURE) }))
}

/// `site_icons()`: the addresses of what there is: `{ico, touch, manifest}`, each none where it is not there.
fn site_icons(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    Ok(Value::from(map(NAMED.map(|(name, path)| {
        note(Read::Address(path.into()));
        (name, address(&rendering, path).map_or_else(|_| Value::none(), Value::from))
    }))))
}

/// `fit_text(…)`: `{size, lines}`.
fn fit_text(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["text", "family", "weight", "size", "least", "width", "lines"])?;
    let rendering = rendering()?;
    note(Read::Fonts);
    let fonts = rendering.theme.fonts.get().map_err(spoken)?;
    let text = kwargs.must_get::<&str>("text")?;
    let size = number(&kwargs, "size")?.unwrap_or(64.0);
    let limits = Limits {
        family: kwargs.get::<&str>("family")?.unwrap_or_default(),
        weight: number(&kwargs, "weight")?.unwrap_or(400.0),
        sizes: (size, number(&kwargs, "least")?.unwrap_or(size)),
        width: number(&kwargs, "width")?.unwrap_or(1056.0),
        lines: kwargs.get::<u32>("lines")?.unwrap_or(1) as usize,
    };
    let fitted = raster::fit(&fonts, &rendering.portal.config.locale(language()).hyphenated(text), &limits);
    let lines: Vec<Value> = fitted.lines.into_iter().map(Value::from).collect();
    Ok(Value::from(map([("size", Value::from(f64::from(fitted.size))), ("lines", Value::from(lines))])))
}

/// A number of pixels, or a weight; at least one and no more than any picture has.
fn number(kwargs: &Kwargs, name: &'static str) -> TeraResult<Option<f32>> {
    #[expect(clippy::cast_possible_truncation, reason = "it is a few thousand at most")]
    let number = kwargs.get::<f64>(name)?.map(|number| number.clamp(1.0, 10_000.0) as f32);
    Ok(number)
}
