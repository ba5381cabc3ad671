//! The formats that sizes are made in.

use serde::{Deserialize, Serialize};

/// A format that sizes are made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// AVIF.
    Avif,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Without loss.
    WebP,
}

impl Target {
    /// The ending of its files, and its name in settings and templates.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Target::Avif => "avif",
            Target::Jpeg => "jpg",
            Target::Png => "png",
            Target::WebP => "webp",
        }
    }

    /// Whether there is a choice of quality.
    pub(crate) fn is_lossy(self) -> bool {
        matches!(self, Target::Avif | Target::Jpeg)
    }
}
