//! `[images]`: how images in content are published.

use crate::diagnostic::{Text, text};
use crate::images::{CAN_MAKE, Target};
use crate::limits::WIDEST_IMAGE;
use crate::schema::{Node, Reader, table, words};

/// The widths of sizes where `[images]` does not say: a phone, a column of text, the same on a screen with
/// nearly two pixels for one. Each takes seconds to encode.
const WIDTHS: [u32; 3] = [480, 800, 1200];

/// The quality of sizes where `[images]` does not say.
const QUALITY: u8 = 80;

/// The place that images take where `[images]` does not say: the column of text of the theme, and less on a
/// phone.
const SIZES: &str = "(min-width: 44rem) 42rem, calc(100vw - 2rem)";

table! {
    /// How images are published that stand in Markdown and lie beside the page.
    pub struct ImagesSetting in "[images]" {
        /// Whether sizes are made of them; they are where it is left out.
        process: Option<bool> = "true",
        /// The widths of the sizes, in pixels; no image is enlarged. 480, 800 and 1200 where it is left out.
        widths: Vec<u32> = "[480, 800, 1200]",
        /// What the sizes are made in beside the format of the image: `avif`, or nothing (`[]`); `avif` where
        /// it is left out.
        formats: Option<Vec<ImageFormat>> = "[\"avif\"]",
        /// How good they are, from 1 to 100, in JPEG and AVIF; 80 where it is left out.
        quality: Option<u32> = "80",
        /// How wide the place is that they take, as `sizes` of HTML says it; that of the theme's column of
        /// text where it is left out.
        sizes: Option<String> = "\"(min-width: 44rem) 42rem, calc(100vw - 2rem)\"",
    }
    check can_be_made
}

words! {
    /// Formats that sizes are made in beside that of the image.
    pub enum ImageFormat in "image format" {
        /// AVIF.
        Avif = "avif",
    }
}

fn can_be_made(setting: &ImagesSetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let mut wrong = |key: &str, message: Text, help: Text| {
        let span = node.find(&[key]).map_or_else(|| node.span.clone(), |value| value.span.clone());
        reader.report("out-of-range", span, message, help);
        None
    };
    if let Some(width) = setting.widths.iter().find(|width| **width == 0 || **width > WIDEST_IMAGE) {
        return wrong(
            "widths",
            text!("no image is {width} pixels wide", width),
            text!("write widths from 1 to {most}", most = WIDEST_IMAGE),
        );
    }
    if let Some(quality) = setting.quality.filter(|quality| !(1..=100).contains(quality)) {
        return wrong("quality", text!("`quality` cannot be {quality}", quality), text!("write a number from 1 to 100"));
    }
    Some(())
}

/// How images in content are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// The widths of the sizes, in pixels.
    pub widths: Vec<u32>,
    /// The formats beside that of the image.
    pub formats: Vec<Target>,
    /// How good they are: 1 to 100.
    pub quality: u8,
    /// As `sizes` of HTML.
    pub sizes: String,
}

impl Images {
    /// What a setting says; none where images are not to be processed, or cannot be.
    pub(super) fn of(setting: Option<&ImagesSetting>) -> Option<Self> {
        if !CAN_MAKE || setting.and_then(|setting| setting.process) == Some(false) {
            return None;
        }
        let widths = setting.map(|setting| setting.widths.clone()).filter(|widths| !widths.is_empty());
        let formats = setting.and_then(|setting| setting.formats.as_ref());
        let target = |format: &ImageFormat| match format {
            ImageFormat::Avif => Target::Avif,
        };
        Some(Self {
            widths: widths.unwrap_or_else(|| WIDTHS.to_vec()),
            formats: formats.map_or_else(|| vec![Target::Avif], |formats| formats.iter().map(target).collect()),
            quality: setting.and_then(|setting| setting.quality).and_then(|quality| u8::try_from(quality).ok()).unwrap_or(QUALITY),
            sizes: setting.and_then(|setting| setting.sizes.clone()).unwrap_or_else(|| String::from(SIZES)),
        })
    }
}
