//! Pictures of pages for those who share them, icons of the portal, and its web manifest.

use std::sync::Arc;

use super::bytes::Bytes;
use super::icon::Icon;
use super::job::Job;
use super::plan::Planner;
use crate::diagnostic::{Diagnostic, text};
use crate::limits::MOST_PICTURES;
use crate::portal::{Entry, Portal};
use crate::raster::{DRAWS, PICTURE, Shape, picture_path};
use crate::theme::{self, Pictured, Rendering, drawing, own_picture, picture_context};

/// The templates of pictures, of icons, and of the web manifest.
const TEMPLATES: [&str; 3] = ["share.svg", "icon.svg", "manifest.webmanifest"];

/// Whether pages have pictures: as `[share]` says, else where they are not many.
fn has_pictures(portal: &Portal) -> bool {
    is_drawn(portal.config.site.share.as_ref().and_then(|share| share.images), portal.pages.len() + portal.sections.len())
}

fn is_drawn(asked: Option<bool>, count: usize) -> bool {
    asked.unwrap_or(count <= MOST_PICTURES)
}

impl Planner<'_> {
    /// Plans what is drawn. What the portal has itself is not.
    pub(super) fn pictures(&mut self) {
        if !DRAWS {
            return;
        }
        let [picture, icon, manifest] = TEMPLATES.map(|name| self.theme.templates.contains(name).then(|| name.to_owned()));
        if let Some(template) = picture {
            self.pictures_of_pages(&template);
        }
        if self.portal.config.site.share.as_ref().and_then(|share| share.icons) == Some(false) {
            return;
        }
        let theme = self.theme;
        let is_own = |path: &str| theme.statics.iter().any(|file| file.path == path);
        for (kind, template) in Icon::ALL.into_iter().filter_map(|kind| Some((kind, icon.clone()?))) {
            if !is_own(&kind.path()) {
                self.add(&kind.path(), text!("the icon `{icon}` of the portal", icon = &kind.path()[1..]), Job::Icon(kind, template));
            }
        }
        if let Some(template) = manifest.filter(|_| icon.is_some() && !is_own("/manifest.webmanifest")) {
            self.add("/manifest.webmanifest", text!("the web manifest of the portal"), Job::Manifest(template));
        }
    }

    fn pictures_of_pages(&mut self, template: &str) {
        let portal = self.portal;
        let entries: Vec<Entry> = portal.entries().collect();
        let drawn = has_pictures(portal);
        for entry in entries {
            let (path, listed) = match entry {
                Entry::Page(number) => (&portal.pages[number].path, portal.pages[number].front.in_sitemap != Some(false)),
                Entry::Section(number) => {
                    let section = &portal.sections[number];
                    (&section.path, section.redirect.is_none() && section.front.in_sitemap != Some(false))
                }
            };
            match own_picture(portal, &self.theme.statics, entry) {
                (Some(named), None) => {
                    let place = portal.document(entry).place(&["share_image"]);
                    let message = text!("there is no file `{named}` beside the page or in `static/`", named);
                    let finding = Diagnostic::new("share-image", message).at(place);
                    self.findings
                        .push(finding.help("put the picture beside the page, or into `static/`, and name it as it is called there"));
                }
                (_, None) if drawn && listed => {
                    let origin = text!("the picture of {file}", file = portal.document(entry).file.in_portal());
                    self.add(&picture_path(path), origin, Job::Picture(entry, template.to_owned()));
                }
                _ => {}
            }
        }
    }
}

/// The picture of a page or section. What it holds is drawn when it is wanted.
pub(super) fn picture(rendering: &Rendering, entry: Entry, template: &str) -> Result<Bytes, Vec<Diagnostic>> {
    drawn(rendering, template, Pictured::Entry(entry), Shape::Png(PICTURE.0, PICTURE.1))
}

/// An icon of the portal.
pub(super) fn icon(rendering: &Rendering, icon: Icon, template: &str) -> Result<Bytes, Vec<Diagnostic>> {
    drawn(rendering, template, Pictured::Icon(icon.purpose()), icon.shape())
}

fn drawn(rendering: &Rendering, template: &str, of: Pictured, shape: Shape) -> Result<Bytes, Vec<Diagnostic>> {
    let drawing = drawing(rendering, template, of, shape)?;
    drawing.review().map_err(|error| theme::wrong_picture(rendering, template, &error))?;
    Ok(Bytes::Drawn(Arc::new(drawing)))
}

/// The web manifest (W3C, "Web Application Manifest").
pub(super) fn manifest(rendering: &Rendering, template: &str) -> Result<Bytes, Vec<Diagnostic>> {
    theme::render(rendering, template, &picture_context(rendering, Pictured::Manifest)).map(Bytes::Made)
}

#[cfg(test)]
mod tests {
    use super::is_drawn;
    use crate::limits::MOST_PICTURES;

    #[test]
    fn so_many_pictures_are_drawn_unasked() {
        assert_eq!([MOST_PICTURES, MOST_PICTURES + 1].map(|count| is_drawn(None, count)), [true, false]);
        assert_eq!([Some(true), Some(false)].map(|asked| is_drawn(asked, MOST_PICTURES + 1)), [true, false]);
    }
}
