//! What is known of an image.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::diagnostic::{Diagnostic, Place, Text};

/// How an image is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
    Avif,
    Svg,
}

impl Format {
    /// Its name, as [`get_image_metadata`] gives it.
    ///
    /// [`get_image_metadata`]: https://www.getzola.org/documentation/content/image-processing/
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::WebP => "webp",
            Format::Gif => "gif",
            Format::Avif => "avif",
            Format::Svg => "svg",
        }
    }

    /// Its media type (RFC 2045).
    pub(crate) fn mime(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::WebP => "image/webp",
            Format::Gif => "image/gif",
            Format::Avif => "image/avif",
            Format::Svg => "image/svg+xml",
        }
    }

    /// What the ending of a file's name says; none of what is no image, or of a format that nothing is known
    /// of.
    pub(crate) fn of_name(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next()?;
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" | "jpe" | "jfif" => Format::Jpeg,
            "png" => Format::Png,
            "webp" => Format::WebP,
            "gif" => Format::Gif,
            "avif" => Format::Avif,
            "svg" => Format::Svg,
            _ => return None,
        })
    }
}

/// An image that can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Picture {
    /// The hash of what its file holds, in 128 bits.
    pub hash: u128,
    pub format: Format,
    /// Its width and height in pixels, as it stands upright; none where its file does not say.
    pub size: Option<(u32, u32)>,
    /// Whether sizes of it can be made: it does not move, and is made of pixels.
    pub still: bool,
    /// Whether it may be seen through.
    pub alpha: bool,
    /// Whether its format leaves something of it out.
    pub lossy: bool,
    /// Whether its colours are others than those of sRGB, and its sizes need its profile.
    pub profile: bool,
}

impl Picture {
    /// The format of its sizes that every browser reads: its own, where that is one.
    pub(crate) fn fall_back(&self) -> Target {
        match self.format {
            Format::Jpeg => Target::Jpeg,
            _ if self.lossy && !self.alpha => Target::Jpeg,
            _ => Target::Png,
        }
    }
}

/// What came of looking at a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// It is an image.
    Picture(Arc<Picture>),
    /// It should be one, and cannot be used as one: what is wrong, and what to do.
    Faulty { message: Text, help: &'static str },
}

impl Look {
    pub(super) fn faulty(message: impl Into<Text>, help: &'static str) -> Self {
        Look::Faulty { message: message.into(), help }
    }

    /// The image, where sizes of it can be made, with its width and height.
    pub(crate) fn still(&self) -> Option<(&Picture, (u32, u32))> {
        let Look::Picture(picture) = self else { return None };
        Some((picture, picture.size.filter(|_| picture.still)?))
    }

    /// The finding about the file of that path; none of one that is as it should be.
    pub(crate) fn finding(&self, file: &str) -> Option<Diagnostic> {
        match self {
            Look::Picture(_) => None,
            Look::Faulty { message, help } => Some(Diagnostic::new("image", message.clone()).at(Place::file(file)).help(*help)),
        }
    }
}
