//! The icons of a portal.

use crate::raster::Shape;

/// An icon of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// What browsers ask for that know no other.
    Favicon,
    /// What iOS shows on its home screen: opaque, 180 pixels a side.
    Touch,
    /// What others show there, with so many pixels a side.
    Any(u32),
    /// The same, of which the system cuts the edges off.
    Maskable,
}

impl Icon {
    pub(super) const ALL: [Icon; 5] = [Icon::Favicon, Icon::Touch, Icon::Any(192), Icon::Any(512), Icon::Maskable];

    /// Its address below the root.
    pub(super) fn path(self) -> String {
        match self {
            Icon::Favicon => String::from("/favicon.ico"),
            Icon::Touch => String::from("/apple-touch-icon.png"),
            Icon::Any(side) => format!("/icon-{side}.png"),
            Icon::Maskable => String::from("/icon-maskable-512.png"),
        }
    }

    /// What is drawn.
    pub(super) fn shape(self) -> Shape {
        match self {
            Icon::Favicon => Shape::Ico,
            Icon::Touch => Shape::Png(180, 180),
            Icon::Any(side) => Shape::Png(side, side),
            Icon::Maskable => Shape::Png(512, 512),
        }
    }

    /// What templates call it.
    pub(super) fn purpose(self) -> &'static str {
        match self {
            Icon::Favicon => "favicon",
            Icon::Touch => "touch",
            Icon::Any(_) => "any",
            Icon::Maskable => "maskable",
        }
    }
}
