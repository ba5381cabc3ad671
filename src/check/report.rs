//! Findings about pages, judged and put together: what a template writes on a thousand pages is one finding.

use super::site::Site;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place};
use crate::pipeline::Judged;

/// A finding about a page.
pub(super) struct Draft {
    /// The number of the page.
    pub page: usize,
    /// What is wrong.
    pub finding: Diagnostic,
    /// Where it was written, where that is known.
    pub place: Option<Place>,
}

/// Collects findings.
pub(super) struct Report<'s> {
    site: &'s Site<'s>,
    findings: Vec<Diagnostic>,
}

impl<'s> Report<'s> {
    pub(super) fn new(site: &'s Site<'s>) -> Self {
        Self { site, findings: Vec::new() }
    }

    /// Takes a finding in. One without a place belongs to the page's template.
    pub(super) fn add(&mut self, draft: Draft) {
        let Draft { page: number, finding, place } = draft;
        let page = &self.site.pages[number];
        let finding = match place.or_else(|| page.copied.as_deref().map(Place::file)).or_else(|| self.site.template_place(number)) {
            Some(place) if place.file.starts_with(CONTENT_DIR) || page.copied.is_some() => finding.at(place),
            // Elsewhere it is mended for all pages that show it, but each may allow it.
            Some(place) => finding.at(place).on(&page.address, page.file()),
            None => finding.on(&page.address, page.file()),
        };
        self.findings.push(finding);
    }

    /// Takes a finding in for each place where it was written.
    pub(super) fn add_at(&mut self, page: usize, finding: &Diagnostic, places: Vec<Place>) {
        if places.is_empty() {
            self.add(Draft { page, finding: finding.clone(), place: None });
        }
        for place in places {
            self.add(Draft { page, finding: finding.clone(), place: Some(place) });
        }
    }

    /// Takes a finding in that is about no page, and has its place.
    pub(super) fn say(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// All findings, judged.
    pub(super) fn finish(self) -> Judged {
        self.site.policy().judge(self.findings)
    }
}
