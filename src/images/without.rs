//! Without the feature `images` nothing is decoded, and images pass through as they are.

use super::picture::{Format, Look, Picture};
use super::recipe::Recipe;
use crate::diagnostic::Text;

/// An image, decoded: there is none.
#[derive(Debug)]
pub(super) enum Pixels {}

pub(super) fn look(_: &[u8], hash: u128, format: Format, _: &str) -> Result<Picture, Look> {
    Ok(Picture { hash, format, size: None, still: false, alpha: true, lossy: false, profile: false })
}

pub(super) fn open(_: &[u8], _: Format) -> Result<Pixels, Text> {
    Err(Text::from("this program was built without images"))
}

pub(super) fn make(pixels: &Pixels, _: &Recipe) -> Result<Vec<u8>, String> {
    match *pixels {}
}
