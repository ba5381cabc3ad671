//! Findings about pages, put together: what a template writes on a thousand pages is one finding.

use std::collections::BTreeMap;

use super::site::Site;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place};

/// A finding about a page.
pub(super) struct Draft {
    /// The number of the page.
    pub page: usize,
    /// What is wrong.
    pub finding: Diagnostic,
    /// Where it was written, where that is known.
    pub place: Option<Place>,
}

/// What makes two findings of templates one: code, message, place.
type Said = (&'static str, String, Option<Place>);

/// Collects findings.
pub(super) struct Report<'s> {
    site: &'s Site<'s>,
    findings: Vec<Diagnostic>,
    /// What templates brought about: by code, message and place the finding and its pages.
    of_templates: BTreeMap<Said, (Diagnostic, Vec<usize>)>,
}

impl<'s> Report<'s> {
    pub fn new(site: &'s Site<'s>) -> Self {
        Self { site, findings: Vec::new(), of_templates: BTreeMap::new() }
    }

    /// Takes a finding in. One without a place belongs to the page's template.
    pub fn add(&mut self, draft: Draft) {
        let Draft { page, finding, place } = draft;
        let place = place.or_else(|| self.site.template_place(page));
        match place {
            Some(place) if place.file.starts_with(CONTENT_DIR) => self.findings.push(finding.at(place)),
            place => {
                let key = (finding.code, finding.message.clone(), place.clone());
                let entry = self.of_templates.entry(key).or_insert_with(|| (finding, Vec::new()));
                if entry.1.last() != Some(&page) {
                    entry.1.push(page);
                }
            }
        }
    }

    /// Takes a finding in that is about no page, and has its place.
    pub fn say(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// All findings.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut findings = self.findings;
        for ((_, _, place), (mut finding, pages)) in self.of_templates {
            let first = pages.first().map_or("", |page| self.site.pages[*page].address.as_str());
            let on = match pages.len() {
                1 => format!(" (on `{first}`)"),
                many => format!(" (on {many} pages, such as `{first}`)"),
            };
            finding.message.push_str(&on);
            findings.push(match place {
                Some(place) => finding.at(place),
                None => finding,
            });
        }
        findings
    }
}
