//! The lists of the course finder: courses that have something in common, each list with an address of its own below the page that shows all courses.

use super::job::Job;
use super::plan::Planner;
use super::render::{Bytes, context};
use crate::diagnostic::Diagnostic;
use crate::finder::list_value;
use crate::portal::Entry;
use crate::reads::{Read, note, note_summaries};
use crate::theme::{self, Rendering};

/// The template of a list.
const TEMPLATE: &str = "facet.html";

impl Planner<'_> {
    /// Plans the lists that `[finder]` in site.toml asks for.
    pub(super) fn facets(&mut self) {
        let portal = self.portal;
        let Some(setting) = &portal.config.site.finder else { return };
        if !matches!(portal.entry(&setting.page.url), Some(Entry::Section(_))) {
            let finding = Diagnostic::new("finder", format!("`{}` is no section", setting.page.url))
                .at(setting.page.spot.place())
                .help("name the section that shows all courses by its file: `@/courses/_index.md`");
            self.findings.push(finding);
            return;
        }
        if let Some(problem) = &self.facets.problem {
            let help = "add the word to the language file of the theme or of the portal, or to `[translations]` in site.toml";
            self.findings.push(Diagnostic::new("words", problem.clone()).at(setting.page.spot.place()).help(help));
            return;
        }
        if self.facets.lists().next().is_none() {
            return;
        }
        let Some(template) = self.usual_template(String::from(TEMPLATE)) else { return };
        let planned: Vec<(String, String, Job)> = self
            .facets
            .lists()
            .map(|(facet, value, path)| {
                let origin = format!("the list `{}` of the course finder", value.name);
                (path.to_owned(), origin, Job::Facet(facet.key, value.key.clone(), template.clone()))
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
pub(super) fn render(rendering: &Rendering, facet: &str, value: &str, template: &str) -> Result<Bytes, Vec<Diagnostic>> {
    let portal = &rendering.portal;
    note(Read::Finder);
    let found = rendering.facets.list(facet, value);
    let path = found.and_then(|(_, value)| value.path.clone()).unwrap_or_default();
    let mut context = context(rendering, &path, &portal.config.permalink(&path));
    if let Some((facet, value)) = found {
        note_summaries(portal, &value.pages);
        context.insert_value("facet", list_value(portal, &rendering.values, facet, value));
    }
    theme::render(rendering, template, &context).map(Bytes::Made)
}
