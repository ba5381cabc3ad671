//! The pictures that editors give to pages: how large they are.

use crate::files::Files;
use crate::output::{Bytes, Job};
use crate::pipeline::Built;
use crate::portal::{Entry, Portal};
use crate::raster::{DRAWS, dimensions};

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
