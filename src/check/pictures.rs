//! Whether the pictures that editors give to pages are as large as those who show them want.

use super::report::Report;
use super::site::Site;
use crate::diagnostic::{Diagnostic, text};
use crate::raster::PICTURE;

/// Reports those that are no pictures, or of another size.
pub(super) fn review(site: &Site<'_>, report: &mut Report<'_>) {
    let (width, height) = PICTURE;
    for (entry, named, size) in &site.pictures {
        let message = match size {
            Some(size) if *size == PICTURE => continue,
            Some((wide, high)) => {
                text!("`{named}` is {wide} × {high} pixels, and {width} × {height} are wanted", named, wide, high, width, height)
            }
            None => text!("`{named}` is no picture", named),
        };
        let place = site.portal.document(*entry).place(&["share_image"]);
        let help = text!(
            "save it as PNG or JPEG with {width} × {height} pixels: networks cut off what does not fit, or show it small",
            width,
            height
        );
        report.say(Diagnostic::new("share-image-size", message).at(place).help(help));
    }
}
