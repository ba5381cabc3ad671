//! Drawing, by resvg. Nothing of it reads a file or asks the system for a font.

use std::collections::BTreeMap;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, ParsingOptions};
use resvg::usvg::{FontResolver, ImageHrefResolver, ImageKind, Options, Tree};
use resvg::{render, usvg};

use super::drawing::{Drawing, Shape, Source};
use super::{Fonts, packed};
use crate::diagnostic::{Text, text};
use crate::files::Blob;

/// The sizes of a `favicon.ico`, in pixels a side.
const ICO: [u32; 3] = [16, 32, 48];

/// The files that some SVG shows, by the paths it names, in order.
///
/// # Errors
/// That it is no SVG.
pub(super) fn parts_of(svg: &str) -> Result<Vec<String>, Text> {
    let document = parsed(svg)?;
    let images = document.descendants().filter(|node| node.has_tag_name("image"));
    let named = images.filter_map(|node| {
        let own = node.attribute("href");
        own.or_else(|| node.attribute(("http://www.w3.org/1999/xlink", "href"))).map(str::to_owned)
    });
    Ok(named.collect())
}

/// What keeps a drawing from being drawn.
///
/// # Errors
/// That it, or what it shows, is no SVG, or of another size.
pub(super) fn review(drawing: &Drawing) -> Result<(), Text> {
    for (path, bytes) in &drawing.source.parts {
        let text = std::str::from_utf8(bytes).map_err(|_| text!("`static/{path}` is no SVG", path))?;
        parsed(text).map_err(|_| text!("`static/{path}` is no SVG", path))?;
    }
    let tree = tree(&drawing.source).map_err(|error| Text::from(error.to_string()))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    match drawing.shape {
        Shape::Png(w, h) if (width * h as f32 - height * w as f32).abs() > f32::max(width, height) => {
            Err(text!("it is {width} × {height}, and {w} × {h} is wanted", width = width.to_string(), height = height.to_string(), w, h))
        }
        _ => Ok(()),
    }
}

fn parsed(svg: &str) -> Result<Document<'_>, Text> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options).map_err(|error| Text::from(error.to_string()))?;
    let root = document.root_element().tag_name();
    if root.name() != "svg" || root.namespace() != Some("http://www.w3.org/2000/svg") {
        return Err(Text::from("its root is no `<svg xmlns=\"http://www.w3.org/2000/svg\">`"));
    }
    Ok(document)
}

/// The bytes of the file that a drawing is for.
pub(super) fn draw(drawing: &Drawing) -> Option<Vec<u8>> {
    let tree = tree(&drawing.source).ok()?;
    match drawing.shape {
        Shape::Png(width, height) => packed::png(&pixels(&tree, width, height)?),
        Shape::Ico => {
            let sides = ICO.iter().map(|side| Some((*side, packed::png(&pixels(&tree, *side, *side)?)?)));
            Some(packed::ico(&sides.collect::<Option<Vec<_>>>()?))
        }
    }
}

fn pixels(tree: &Tree, width: u32, height: u32) -> Option<Pixmap> {
    let mut pixels = Pixmap::new(width, height)?;
    let (across, down) = (width as f32 / tree.size().width(), height as f32 / tree.size().height());
    render(tree, Transform::from_scale(across, down), &mut pixels.as_mut());
    Some(pixels)
}

fn tree(source: &Source) -> Result<Tree, usvg::Error> {
    // What no font has would be drawn as a box.
    let known: String = source.svg.chars().filter(|letter| letter.is_whitespace() || source.fonts.has(*letter)).collect();
    Tree::from_str(&known, &options(&source.fonts, Some(&source.parts), colour(&source.svg)))
}

/// The colour that the root of some SVG gives to what is drawn in `currentColor`: also what it shows is.
fn colour(svg: &str) -> Option<String> {
    let document = parsed(svg).ok()?;
    let colour = document.root_element().attribute("color")?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '#' | '(' | ')' | ',' | '.' | '%' | ' ');
    colour.chars().all(is_plain).then(|| format!("svg{{color:{colour}}}"))
}

fn options<'f>(fonts: &'f Arc<Fonts>, parts: Option<&'f BTreeMap<String, Blob>>, sheet: Option<String>) -> Options<'f> {
    let shown = sheet.clone();
    let part = move |path: &str, _: &Options<'_>| {
        // What is shown shows no more.
        let options = options(fonts, None, shown.clone());
        Tree::from_data(parts?.get(path)?, &options).ok().map(ImageKind::SVG)
    };
    Options {
        fontdb: fonts.database.clone(),
        style_sheet: sheet.filter(|_| parts.is_none()),
        image_href_resolver: ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(part) },
        font_resolver: FontResolver {
            select_font: Box::new(|font, _| {
                let names = font.families().iter().map(|family| match family {
                    usvg::FontFamily::Named(name) => name.as_str(),
                    _ => "",
                });
                fonts.id(names)
            }),
            select_fallback: Box::new(|letter, used, _| fonts.other(letter, used)),
        },
        ..Options::default()
    }
}
