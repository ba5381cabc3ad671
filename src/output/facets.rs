//! The lists of the course finder: courses that have something in common, each list with an address of its own below the page that shows all courses.

use std::sync::Arc;

use super::plan::{Job, Planner};
use super::render::{Bytes, context, made};
use crate::diagnostic::Diagnostic;
use crate::portal::{Entry, place_of};
use crate::theme::finder::Facets;
use crate::theme::{self, Reads, Rendering};

/// The template of a list.
const TEMPLATE: &str = "facet.html";

impl Planner<'_> {
    /// Plans the lists that `[finder]` in site.toml asks for.
    pub(super) fn facets(&mut self) {
        let portal = self.portal;
        let Some(setting) = &portal.config.site.finder else { return };
        if !matches!(portal.entry(&setting.page.url), Some(Entry::Section(_))) {
            let finding = Diagnostic::error("finder", format!("`{}` is no section", setting.page.url))
                .at(place_of(self.files, &setting.page.spot))
                .help("name the section that shows all courses by its file: `@/courses/_index.md`");
            self.findings.push(finding);
            return;
        }
        match Facets::of(portal, &self.theme.words) {
            Ok(facets) => self.facets = facets,
            Err(message) => {
                let help = "add the word to the language file of the theme or of the portal, or to `[translations]` in site.toml";
                self.findings.push(Diagnostic::error("words", message).at(place_of(self.files, &setting.page.spot)).help(help));
                return;
            }
        }
        if self.facets.paths().next().is_none() {
            return;
        }
        let Some(template) = self.usual_template(String::from(TEMPLATE)) else { return };
        let planned: Vec<(String, String, Job)> = self
            .facets
            .lists()
            .map(|(facet, value, path)| {
                let origin = format!("the list `{}` of the course finder", self.facets.facets[facet].values[value].name);
                (path.to_owned(), origin, Job::Facet(facet, value, template.clone()))
            })
            .collect();
        for (path, origin, job) in planned {
            self.add(&path, origin, job);
        }
    }
}

/// Makes a list.
///
/// # Errors
/// What is wrong with the template.
pub(super) fn render(rendering: &Arc<Rendering>, facet: usize, value: usize, template: &str) -> Result<(Bytes, Reads), Vec<Diagnostic>> {
    let portal = &rendering.portal;
    let facets = rendering.facets();
    let own = &facets.facets[facet].values[value];
    let path = own.path.clone().unwrap_or_default();
    let mut reads = Reads::new();
    // Which courses are in the list depends on every course.
    reads.extend(facets.reads(portal));
    let mut context = context(rendering, &path, &portal.config.permalink(&path), &mut reads);
    context.insert_value("facet", facets.list_value(rendering, facet, value));
    made(theme::render(rendering, template, &context, reads))
}
