//! The lists of the course finder, each divided into pages, with addresses of their own below the page that
//! shows all courses.

use std::sync::Arc;

use tera::value::Key;

use super::bytes::Bytes;
use super::job::Job;
use super::plan::Planner;
use crate::diagnostic::{Diagnostic, Place, text};
use crate::finder::{self, Listed};
use crate::portal::Entry;
use crate::theme::{self, Rendering, context};

/// The template of a list of courses.
const LIST: &str = "facet.html";

/// The template of the list of all values of a facet.
const VALUES: &str = "facet_values.html";

impl Planner<'_> {
    /// Plans the lists that `[finder]` in site.toml asks for, and what the script of the finder loads.
    pub(super) fn facets(&mut self) {
        let portal = self.portal;
        if !self.facets.are_few() {
            let path = self.facets.data_path();
            self.add(&path, "the courses for the course finder", Job::FinderData);
        }
        let Some(setting) = &portal.config.site.finder else { return };
        let Some(Entry::Section(section)) = portal.entry(&setting.page.url) else {
            let finding = Diagnostic::new("finder", text!("`{page}` is no section", page = setting.page.url))
                .at(setting.page.spot.place())
                .help("name the section that shows all courses by its file: `@/courses/_index.md`");
            self.findings.push(finding);
            return;
        };
        if portal.sections[section].front.paginate_by.is_some() {
            let file = portal.sections[section].document.file.in_portal();
            let finding = Diagnostic::new("finder", "the course finder divides its list itself")
                .at(Place::file(&file))
                .help("take `paginate_by` out of this section, and write it in `[finder]` of site.toml");
            self.findings.push(finding);
            return;
        }
        if let Some(problem) = &self.facets.problem {
            let help = "add the word to the language file of the theme or of the portal, or to `[translations]` in site.toml";
            self.findings.push(Diagnostic::new("words", problem.clone()).at(setting.page.spot.place()).help(help));
            return;
        }
        if self.facets.are_few() {
            return;
        }
        let Some(template) = self.usual_template(String::from(LIST)) else { return };
        let lists: Vec<(Arc<str>, Listed)> = self.facets.lists().map(|(path, listed)| (path.into(), listed)).collect();
        for (path, listed) in lists {
            let (template, first) = match listed {
                Listed::Values(_) => match self.usual_template(String::from(VALUES)) {
                    Some(template) => (template, 0),
                    None => continue,
                },
                // The first page of all courses is the section's own.
                Listed::All => (template.clone(), 1),
                _ => (template.clone(), 0),
            };
            for (at, pager) in self.facets.pagers(&path, listed).into_iter().enumerate().skip(first) {
                self.add(
                    &pager.path,
                    text!("the list `{title}` of the course finder", title = self.facets.title(listed)),
                    Job::Finder(path.clone(), at, template.clone()),
                );
            }
        }
    }
}

/// Makes one page of a list.
///
/// # Errors
/// What is wrong with the template.
pub(super) fn render(rendering: &Rendering, path: &str, at: usize, template: &str) -> Result<Bytes, Vec<Diagnostic>> {
    let portal = &rendering.portal;
    let (facets, values) = (&rendering.facets, &rendering.values);
    let listed = facets.listed(path).unwrap_or(Listed::All);
    let pager = facets.pagers(path, listed).into_iter().nth(at);
    let own = pager.map_or_else(|| path.to_owned(), |pager| pager.path);
    let mut context = context(rendering, &own, &portal.config.permalink(&own));
    // These lists say nothing that is not in open data, and are not written as Markdown.
    context.insert_value("current_markdown", tera::Value::none());
    let facet = match listed {
        Listed::Values(_) => finder::values_value(facets, portal, values, path, at),
        _ => finder::list_value(facets, portal, values, path, at),
    };
    let paginator = facet.as_map().and_then(|map| map.get(&Key::from("paginator")).cloned()).unwrap_or_else(tera::Value::none);
    context.insert_value("paginator", paginator);
    context.insert_value("facet", facet);
    theme::render(rendering, template, &context).map(Bytes::Made)
}
