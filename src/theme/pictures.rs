//! Images of Markdown as HTML: a `<picture>` with sizes for every screen.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use super::scope::Rendering;
use crate::config::Images;
use crate::content::{Body, Image, escape};
use crate::images::{Format, Look, Picture, Recipe, Target, sizes};
use crate::portal::{Asset, Entry, Portal};
use crate::reads::{Read, note};
use crate::values::href;

/// The files beside pages that are shown as images in their Markdown.
pub(crate) fn shown_images(portal: &Portal) -> BTreeSet<Arc<str>> {
    let mut files = BTreeSet::new();
    for entry in portal.entries() {
        in_body(portal, entry, &portal.document(entry).body, &mut files);
    }
    files
}

fn in_body(portal: &Portal, entry: Entry, body: &Body, files: &mut BTreeSet<Arc<str>>) {
    files.extend(body.images.iter().filter_map(|image| asset_of(portal, entry, body, image)).map(|asset| asset.file.clone()));
    for inner in body.calls.iter().filter_map(|call| call.body.as_ref()) {
        in_body(portal, entry, inner, files);
    }
}

/// The file beside the page that an image shows, if that is an image by its name.
fn asset_of<'p>(portal: &'p Portal, entry: Entry, body: &Body, image: &Image) -> Option<&'p Asset> {
    let asset = portal.asset_of(entry, body.links.get(image.link)?)?;
    Format::of_name(&asset.file).map(|_| asset)
}

/// An image of Markdown. The `first` of a page is loaded at once, which readers most likely see first; the
/// others when they come near.
pub(super) fn markup(rendering: &Rendering, entry: Entry, body: &Body, image: &Image, first: bool) -> String {
    let portal = &rendering.portal;
    let plain = |more: &str| image.plain(&href(portal, entry, body, image.link), more);
    let Some(asset) = asset_of(portal, entry, body, image) else { return plain("") };
    note(Read::Picture(asset.file.clone()));
    let Some(settings) = &portal.config.images else { return plain("") };
    let look = rendering.pictures.look(&*rendering.files, &asset.file);
    let lazy = if first { "" } else { " loading=\"lazy\"" };
    let size = |(width, height): (u32, u32)| format!(" width=\"{width}\" height=\"{height}\"{lazy} decoding=\"async\"");
    if let Some((picture, own)) = look.still() {
        let of = Of { portal, asset, picture, own, settings };
        let (sources, (address, more, widest)) = (of.sources(), of.fall_back());
        let title = if is_figure(image) { String::new() } else { title(image) };
        let alt = escape(&image.alt);
        let shown = format!("<picture>{sources}<img src=\"{address}\"{more} alt=\"{alt}\"{title}{} /></picture>", size(widest));
        return in_place(image, &shown);
    }
    // What moves or is drawn stays as it is, and takes its place before it is there.
    let Look::Picture(picture) = look else { return plain("") };
    let more = picture.size.map_or_else(|| format!("{lazy} decoding=\"async\""), size);
    let bare = Image { alone: false, title: if is_figure(image) { String::new() } else { image.title.clone() }, ..image.clone() };
    in_place(image, &bare.plain(&href(portal, entry, body, image.link), &more))
}

/// Whether an image is a figure: it has a title, and is alone.
fn is_figure(image: &Image) -> bool {
    image.alone && !image.title.is_empty()
}

fn title(image: &Image) -> String {
    if image.title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(&image.title)) }
}

/// A finished image within what it stands in.
fn in_place(image: &Image, shown: &str) -> String {
    if is_figure(image) {
        return format!("<figure>{shown}<figcaption>{}</figcaption></figure>", escape(&image.title));
    }
    if image.alone { format!("<p>{shown}</p>") } else { shown.to_owned() }
}

/// An image of which sizes are made.
struct Of<'o> {
    portal: &'o Portal,
    asset: &'o Asset,
    picture: &'o Picture,
    own: (u32, u32),
    settings: &'o Images,
}

impl Of<'_> {
    /// The sizes in a format, the smallest first.
    fn sizes(&self, target: Target) -> Vec<Recipe> {
        let base = Recipe::new(&self.asset.file, &self.asset.path, self.picture, self.own, target, self.settings.quality);
        sizes(&base, self.own, &self.settings.widths)
    }

    /// The address of a size, which is made because of it.
    fn address(&self, recipe: &Recipe) -> String {
        let mut address = String::new();
        let _ = pulldown_cmark_escape::escape_href(&mut address, &self.portal.config.permalink(&recipe.path()));
        note(Read::Made(Arc::new(recipe.clone())));
        address
    }

    /// The attributes by which browsers choose one of several sizes.
    fn choice(&self, recipes: &[Recipe]) -> String {
        let listed: Vec<String> = recipes.iter().map(|recipe| format!("{} {}w", self.address(recipe), recipe.size.0)).collect();
        format!(" srcset=\"{}\" sizes=\"{}\"", listed.join(", "), escape(&self.settings.sizes))
    }

    /// What browsers take that read more than the format of the image.
    fn sources(&self) -> String {
        let mut sources = String::new();
        // The encoder of AVIF writes no profile: other colours would be seen than those that were meant.
        for target in self.settings.formats.iter().filter(|_| !self.picture.profile) {
            let recipes = self.sizes(*target);
            let choice = match &*recipes {
                [one] => format!(" srcset=\"{}\"", self.address(one)),
                several => self.choice(several),
            };
            let _ = write!(sources, "<source type=\"image/{}\"{choice} />", target.ending());
        }
        sources
    }

    /// The address of the largest size in the format of the image, the attributes of the others, and how large
    /// it is.
    fn fall_back(&self) -> (String, String, (u32, u32)) {
        let recipes = self.sizes(self.picture.fall_back());
        let more = if recipes.len() > 1 { self.choice(&recipes) } else { String::new() };
        // There is one always: the width of the image, or one that is smaller.
        recipes.last().map_or_else(Default::default, |widest| (self.address(widest), more, widest.size))
    }
}
