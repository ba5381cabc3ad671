//! SVG to pixels: pictures of pages and icons of the portal, as PNG and ICO.
//!
//! Text is drawn in the fonts of the theme and no others, and what none of them has is left out, so that a
//! picture is the same on every machine. Without the feature `share` nothing is drawn.

#[cfg(feature = "share")]
mod draw;
mod drawing;
mod fit;
#[cfg(feature = "share")]
mod fonts;
#[cfg(feature = "share")]
mod packed;

pub(crate) use drawing::{Drawing, Shape, Source, parts_of};
pub(crate) use fit::{Limits, fit};

use std::sync::Arc;

use crate::files::Blob;

/// Whether anything is drawn: whether the program was built with the feature `share`.
pub(crate) const DRAWS: bool = cfg!(feature = "share");

/// How wide and high the picture of a page is, in pixels: what those who show it ask for (Open Graph).
pub(crate) const PICTURE: (u32, u32) = (1200, 630);

/// The path of the picture that is drawn for a page, below the root: beside it.
pub(crate) fn picture_path(page: &str) -> String {
    match page.rsplit_once('/') {
        Some((folder, "")) => format!("{folder}/share.png"),
        Some((folder, file)) => format!("{folder}/{}.share.png", file.rsplit_once('.').map_or(file, |(name, _)| name)),
        None => String::from("/share.png"),
    }
}

/// How wide and high a picture in a usual format is, in pixels; none where it is none.
pub(crate) fn dimensions(picture: &[u8]) -> Option<(u32, u32)> {
    #[cfg(feature = "share")]
    {
        let size = imagesize::blob_size(picture).ok()?;
        Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
    }
    #[cfg(not(feature = "share"))]
    {
        let _ = picture;
        None
    }
}

/// A file of a font as it lies in the theme: its path below `static/`, and what it holds.
pub(crate) type FontFile = (Arc<str>, Blob);

/// The endings of files that are fonts.
pub(crate) const FONT_ENDINGS: [&str; 3] = ["woff2", "ttf", "otf"];

/// Without the feature `share` no font is read and nothing drawn.
#[cfg(not(feature = "share"))]
mod fonts {
    use super::FontFile;
    use crate::diagnostic::Text;

    /// The fonts of a theme.
    #[derive(Debug)]
    pub(crate) struct Fonts;

    impl Fonts {
        pub(crate) fn load(_: &[FontFile]) -> Result<Self, Text> {
            Ok(Self)
        }

        pub(super) fn has(&self, _: char) -> bool {
            true
        }

        pub(super) fn width(&self, _: &str, _: f32, _: f32, text: &str) -> f32 {
            f32::from(u16::try_from(text.len()).unwrap_or(u16::MAX))
        }
    }
}

#[cfg(not(feature = "share"))]
mod draw {
    use super::drawing::Drawing;
    use crate::diagnostic::Text;

    pub(super) fn review(_: &Drawing) -> Result<(), Text> {
        Ok(())
    }

    pub(super) fn parts_of(_: &str) -> Result<Vec<String>, Text> {
        Ok(Vec::new())
    }

    pub(super) fn draw(drawing: &Drawing) -> Option<Vec<u8>> {
        let _ = (&drawing.source.fonts, drawing.shape);
        None
    }
}

pub(crate) use fonts::Fonts;
