//! Which files of open data are planned.

use super::job::Job;
use super::plan::Planner;
use crate::diagnostic::{Text, text};
use crate::open_data::{DataFile, DataForm, LLMS, collections};
use crate::records::Collection;

impl Planner<'_> {
    /// Plans what `[data]` in site.toml asks for.
    pub(super) fn data(&mut self) {
        let portal = self.portal;
        let Some(setting) = &portal.config.site.data else { return };
        for of in collections(portal) {
            for form in DataForm::ALL {
                self.add(
                    &form.path(of),
                    text!("the data of all {kinds}", kinds = Text::from(of.name())),
                    Job::Data(DataFile::Of(of, form)),
                );
            }
            let Collection::Records(kind) = of else { continue };
            for page in portal.of_kind.get(&kind).into_iter().flatten() {
                let page_path = &portal.pages[*page].path;
                // A page whose `path` names a file has no folder for more.
                if page_path.ends_with('/') {
                    let origin = text!("the data of content/{file}", file = portal.pages[*page].document.file);
                    self.add(&format!("{page_path}data.json"), origin, Job::Record(*page));
                }
            }
        }
        if setting.llms != Some(false) && !self.theme.statics.iter().any(|file| file.path == LLMS) {
            self.add(LLMS, "llms.txt of every portal", Job::Data(DataFile::Llms));
        }
    }
}
