//! Whether the pictures that editors give to pages are as large as those who show them want.

use super::report::Report;
use super::site::Site;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::output::{Bytes, Job};
use crate::pipeline::Built;
use crate::portal::{Entry, Portal};
use crate::raster::{DRAWS, PICTURE, dimensions};

/// A picture that front matter names: of what, what it is called, and how wide and high it is; none where it is no
/// picture.
pub(super) type OwnPicture = (Entry, String, Option<(u32, u32)>);

/// All of them, of those that are there.
pub(super) fn pictures(portal: &Portal, built: &Built, files: &dyn Files) -> Vec<OwnPicture> {
    let Some(planned) = built.planned.as_deref().filter(|_| DRAWS) else { return Vec::new() };
    let read = |entry: Entry| {
        let (named, path) = match entry {
            Entry::Page(number) => (&portal.pages[number].front.share_image, &portal.pages[number].path),
            Entry::Section(number) => (&portal.sections[number].front.share_image, &portal.sections[number].path),
        };
        let named = named.as_ref()?;
        let beside = format!("{}{named}", &path[1..]);
        let output = planned.outputs.iter().find(|output| match &output.job {
            Job::Copy(_) => *output.path == *beside,
            Job::Static(asked) => asked == named,
            _ => false,
        })?;
        let bytes = match &built.outputs.get(&output.path)?.bytes {
            Bytes::File(file) => files.read(file).ok()?.to_vec(),
            bytes => bytes.held()?.into_owned(),
        };
        Some((entry, named.clone(), dimensions(&bytes)))
    };
    portal.entries().filter_map(read).collect()
}

/// Reports those that are no pictures, or of another size.
pub(super) fn review(site: &Site<'_>, report: &mut Report<'_>) {
    let (width, height) = PICTURE;
    for (entry, named, size) in &site.pictures {
        let message = match size {
            Some(size) if *size == PICTURE => continue,
            Some((wide, high)) => format!("`{named}` is {wide} × {high} pixels, and {width} × {height} are wanted"),
            None => format!("`{named}` is no picture"),
        };
        let place = site.portal.document(*entry).place(&["share_image"]);
        let help = format!("save it as PNG or JPEG with {width} × {height} pixels: networks cut off what does not fit, or show it small");
        report.say(Diagnostic::new("share-image-size", message).at(place).help(help));
    }
}
