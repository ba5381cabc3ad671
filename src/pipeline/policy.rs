//! How much findings matter in a portal, and which are allowed. The one place where that is decided, for `build`, `check` and the preview.

use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{Allow, AllowInSite, CodeName, Config, PathPattern};
use crate::content::{CONTENT_DIR, Document, Front};
use crate::diagnostic::{Diagnostic, Severity, Spot, join_pages};
use crate::freshness::Due;
use crate::records::Day;

/// What is allowed, and how much the rest matters.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    config: Option<Arc<Config>>,
    allowances: Vec<Allowance>,
    as_of: Date,
}

#[derive(Clone, Debug)]
struct Allowance {
    code: String,
    files: Where,
    text: Option<String>,
    until: Option<Day>,
    spot: Spot,
}

/// The files whose findings are meant.
#[derive(Clone, Debug)]
enum Where {
    Those(PathPattern),
    One(String),
}

/// Findings, judged.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Those that are to be shown.
    pub shown: Vec<Diagnostic>,
    /// Those that are allowed.
    pub allowed: Vec<Diagnostic>,
}

impl Policy {
    /// What settings and front matter say.
    pub(super) fn new<'d>(config: &Arc<Config>, documents: impl Iterator<Item = &'d Arc<Document>>, as_of: Date) -> Self {
        let mut allowances = Vec::new();
        for AllowInSite { code, path, text, until, .. } in config.site.check.iter().flat_map(|check| &check.allow) {
            allowances.push(Allowance::new(code, Where::Those(path.clone()), text.clone(), *until));
        }
        for document in documents {
            let allowed = match &document.front {
                Front::Page(front) => &front.allow,
                Front::Section(front) => &front.allow,
            };
            for Allow { code, until, .. } in allowed {
                let file = format!("{CONTENT_DIR}/{}", document.file);
                allowances.push(Allowance::new(code, Where::One(file), None, *until));
            }
        }
        Self { config: Some(config.clone()), allowances, as_of }
    }

    /// Sorts findings into those that are shown, with the severity that they have here, and those that are allowed. What pages show that a template
    /// writes becomes one finding afterwards: of the pages that do not allow it.
    pub fn judge(&self, findings: Vec<Diagnostic>) -> Judged {
        let mut judged = Judged::default();
        for mut finding in findings {
            match self.severity(&finding) {
                None => continue,
                Some(severity) => finding.severity = severity,
            }
            if self.allows(&finding) {
                judged.allowed.push(finding);
            } else {
                judged.shown.push(finding);
            }
        }
        Judged { shown: join_pages(judged.shown), allowed: join_pages(judged.allowed) }
    }

    /// Whether any of the findings stops a build here. With `thorough` those do not that a site can be rendered with.
    pub(super) fn stops(&self, findings: &[Diagnostic], thorough: bool) -> bool {
        let stops = |finding: &&Diagnostic| self.severity(finding) == Some(Severity::Error) && !self.allows(finding);
        findings.iter().filter(stops).any(|finding| !thorough || !crate::diagnostic::codes::is_allowable(finding.code))
    }

    fn allows(&self, finding: &Diagnostic) -> bool {
        self.allowances.iter().any(|allowance| allowance.holds(self.as_of) && allowance.allows(finding))
    }

    fn severity(&self, finding: &Diagnostic) -> Option<Severity> {
        let set = self.config.as_ref().and_then(|config| config.site.check.as_ref()).and_then(|check| check.severity.get(finding.code));
        set.map_or(Some(finding.severity), |weight| weight.severity())
    }

    /// Notes when allowances end: what they allow is reported again then, and may stop a build.
    pub(super) fn note_ends(&self, due: &Due) {
        for allowance in self.allowances.iter().filter(|allowance| allowance.holds(self.as_of)) {
            if let Some(after) = allowance.until.and_then(|until| until.0.tomorrow().ok()) {
                due.note(after, || format!("`{}` is allowed no longer in {}", allowance.code, allowance.spot.file()));
            }
        }
    }

    /// Allowances that have ended.
    pub(super) fn expired(&self) -> Vec<Diagnostic> {
        let ended = self.allowances.iter().filter(|allowance| !allowance.holds(self.as_of));
        ended
            .map(|allowance| {
                let until = allowance.until.map(|day| day.0.to_string()).unwrap_or_default();
                Diagnostic::new("allowance-expired", format!("`{}` was allowed until {until}", allowance.code))
                    .at(allowance.spot.place())
                    .help("mend what it allowed, or give it a later day, with a reason that still holds")
            })
            .collect()
    }

    /// Allowances that allow none of the findings, which are all that are allowed. Of codes that were not looked for (`looked_for`) that is not known.
    pub fn unused(&self, allowed: &[Diagnostic], looked_for: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
        let idle = |allowance: &&Allowance| {
            allowance.holds(self.as_of) && looked_for(&allowance.code) && !allowed.iter().any(|finding| allowance.allows(finding))
        };
        self.allowances
            .iter()
            .filter(idle)
            .map(|allowance| {
                Diagnostic::new("allowance-unused", format!("no finding `{}` is here that could be allowed", allowance.code))
                    .at(allowance.spot.place())
                    .help("remove the allowance: it would hide the next such finding")
            })
            .collect()
    }
}

impl Allowance {
    fn new(code: &CodeName, files: Where, text: Option<String>, until: Option<Day>) -> Self {
        Self { code: code.name.clone(), files, text, until, spot: code.spot.clone() }
    }

    fn holds(&self, as_of: Date) -> bool {
        self.until.is_none_or(|until| as_of <= until.0)
    }

    fn allows(&self, finding: &Diagnostic) -> bool {
        let file = finding.place.as_ref().map_or("", |place| place.file.as_str());
        let here = match &self.files {
            Where::Those(pattern) => pattern.matches(file),
            Where::One(path) => path == file || finding.on.iter().any(|page| page.file.as_ref() == Some(path)),
        };
        finding.code == self.code && here && self.text.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
    }
}
