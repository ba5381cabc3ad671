//! Whether readers find who publishes the portal, judged by the links of its finished pages.

use std::collections::BTreeSet;

use url::{Host, Url};

use super::report::{Draft, Report};
use super::site::Site;
use crate::config::SITE_FILE;
use crate::diagnostic::{Diagnostic, Place};
use crate::output::Job;

/// The template of the page that says who publishes.
const TEMPLATE: &str = "imprint.html";

/// Names that are kept for examples (RFC 2606, 3): nobody publishes anything there yet.
const EXAMPLES: [&str; 3] = ["example.com", "example.net", "example.org"];

/// A portal without an imprint is reported, and pages from which nobody gets to it with two clicks: it must
/// be easy to find, directly reachable and always there (§ 5 DDG); two clicks are near enough (Medienanstalt
/// Mecklenburg-Vorpommern). `reached` are the outputs that each page links to, in the order of pages.
pub(super) fn imprint(site: &Site<'_>, reached: &[&BTreeSet<usize>], report: &mut Report<'_>) {
    let is_imprint = |output: usize| matches!(&site.outputs()[output].job, Job::Page(_, template) | Job::Section(_, template, _) if template == TEMPLATE);
    if !site.pages.iter().any(|page| is_imprint(page.output)) {
        if !is_example(&site.portal.config.base_url) {
            report.say(
                Diagnostic::new("imprint", "no page says who publishes the portal").at(Place::file(SITE_FILE)).help(
                    "add a page with `template = \"imprint.html\"`, which shows `[publisher]` of site.toml, and name it in `[[footer]]` (§ 5 DDG)",
                ),
            );
        }
        return;
    }
    let near: BTreeSet<usize> = site
        .pages
        .iter()
        .zip(reached)
        .filter(|(page, reached)| is_imprint(page.output) || reached.iter().any(|output| is_imprint(*output)))
        .map(|(page, _)| page.output)
        .collect();
    for (number, (page, reached)) in site.pages.iter().zip(reached).enumerate() {
        // A page that only leads elsewhere is read by nobody, what stands for pages that are not there is
        // none of the portal's, and files that are published as they are may be no pages.
        let job = &site.outputs()[page.output].job;
        let is_read = page.page.refresh.is_none() && !matches!(job, Job::NotFound(_) | Job::Copy(_) | Job::Static(_));
        if !is_read || near.contains(&page.output) || !near.is_disjoint(reached) {
            continue;
        }
        let finding = Diagnostic::new("imprint", "nobody gets to the imprint with two clicks")
            .help("add the imprint to the menu at the foot, `[[footer]]` in site.toml, which stands on every page (§ 5 DDG)");
        report.add(Draft { page: number, finding, place: Some(Place::file(SITE_FILE)) });
    }
}

fn is_example(base_url: &str) -> bool {
    let url = Url::parse(base_url).ok();
    let Some(Host::Domain(host)) = url.as_ref().and_then(Url::host) else { return false };
    EXAMPLES.iter().any(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}
