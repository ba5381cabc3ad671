//! How much findings matter in a portal, and which are allowed. The one place where that is decided, for
//! `build`, `check` and the preview.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{Allow, AllowInSite, CodeName, Config, PathPattern};
use crate::content::{Document, Front};
use crate::diagnostic::{Diagnostic, Severity, Spot, join_pages, text};
use crate::freshness::Due;
use crate::records::Day;

/// What is allowed, and how much the rest matters.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    config: Option<Arc<Config>>,
    allowances: Vec<Allowance>,
    /// The numbers of the allowances for one file, by that file, relative to the portal.
    of_file: HashMap<String, Vec<usize>>,
    /// The numbers of those for all files of a pattern.
    of_pattern: Vec<usize>,
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
#[derive(Clone, Debug, PartialEq)]
enum Where {
    Those(PathPattern),
    One(String),
}

/// Findings, judged.
#[derive(Clone, Debug, Default, PartialEq)]
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
                let file = document.file.in_portal();
                allowances.push(Allowance::new(code, Where::One(file), None, *until));
            }
        }
        let mut of_file: HashMap<String, Vec<usize>> = HashMap::new();
        let mut of_pattern = Vec::new();
        for (number, allowance) in allowances.iter().enumerate() {
            match &allowance.files {
                Where::Those(_) => of_pattern.push(number),
                Where::One(file) => of_file.entry(file.clone()).or_default().push(number),
            }
        }
        Self { config: Some(config.clone()), allowances, of_file, of_pattern, as_of }
    }

    /// Sorts findings into those that are shown, with the severity that they have here, and those that are
    /// allowed. What pages show that a template writes becomes one finding afterwards: of the pages that do
    /// not allow it.
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

    /// Whether another one would judge all findings the same way.
    pub(super) fn judges_alike(&self, other: &Self) -> bool {
        let same_config = match (&self.config, &other.config) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let alike = |(one, other): (&Allowance, &Allowance)| one.allows_alike(other);
        same_config
            && self.as_of == other.as_of
            && self.allowances.len() == other.allowances.len()
            && self.allowances.iter().zip(&other.allowances).all(alike)
    }

    /// Whether any of the findings stops a build here. With `thorough` those do not that a site can be
    /// rendered with.
    pub(super) fn stops(&self, findings: &[Diagnostic], thorough: bool) -> bool {
        let stops = |finding: &&Diagnostic| self.severity(finding) == Some(Severity::Error) && !self.allows(finding);
        findings.iter().filter(stops).any(|finding| !thorough || !crate::diagnostic::codes::is_allowable(finding.code))
    }

    fn allows(&self, finding: &Diagnostic) -> bool {
        self.allowing(finding).next().is_some()
    }

    /// The numbers of the allowances that allow a finding. Those of other files are not looked at: each page
    /// may have its own.
    fn allowing(&self, finding: &Diagnostic) -> impl Iterator<Item = usize> {
        let file = finding.place.as_ref().map(|place| &place.file);
        let pages = finding.on.iter().filter_map(|page| page.file.as_ref());
        let of_files = file.into_iter().chain(pages).filter_map(|file| self.of_file.get(file)).flatten();
        let possible = self.of_pattern.iter().chain(of_files).copied();
        possible
            .filter(|number| self.allowances.get(*number).is_some_and(|allowance| allowance.holds(self.as_of) && allowance.allows(finding)))
    }

    fn severity(&self, finding: &Diagnostic) -> Option<Severity> {
        let set = self.config.as_ref().and_then(|config| config.site.check.as_ref()).and_then(|check| check.severity.get(finding.code));
        set.map_or(Some(finding.severity), |weight| weight.severity())
    }

    /// Notes when allowances end: what they allow is reported again then, and may stop a build.
    pub(super) fn note_ends(&self, due: &Due) {
        for allowance in self.allowances.iter().filter(|allowance| allowance.holds(self.as_of)) {
            if let Some(after) = allowance.until.and_then(|until| until.0.tomorrow().ok()) {
                due.note(after, || text!("`{code}` is allowed no longer in {file}", code = allowance.code, file = allowance.spot.file()));
            }
        }
    }

    /// Allowances that have ended.
    pub(super) fn expired(&self) -> Vec<Diagnostic> {
        let ended = self.allowances.iter().filter(|allowance| !allowance.holds(self.as_of));
        ended
            .map(|allowance| {
                let until = allowance.until.map(|day| day.0.to_string()).unwrap_or_default();
                Diagnostic::new("allowance-expired", text!("`{code}` was allowed until {until}", code = allowance.code, until))
                    .at(allowance.spot.place())
                    .help("mend what it allowed, or give it a later day, with a reason that still holds")
            })
            .collect()
    }

    /// Allowances that allow none of the findings, which are all that are allowed. Of codes that were not
    /// looked for (`looked_for`) that is not known.
    pub fn unused(&self, allowed: &[Diagnostic], looked_for: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
        let used: HashSet<usize> = allowed.iter().flat_map(|finding| self.allowing(finding)).collect();
        let idle = |(number, allowance): &(usize, &Allowance)| {
            allowance.holds(self.as_of) && looked_for(&allowance.code) && !used.contains(number)
        };
        self.allowances
            .iter()
            .enumerate()
            .filter(idle)
            .map(|(_, allowance)| {
                Diagnostic::new("allowance-unused", text!("no finding `{code}` is here that could be allowed", code = allowance.code))
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

    /// Whether it allows the same as another, wherever it stands.
    fn allows_alike(&self, other: &Self) -> bool {
        (&self.code, &self.files, &self.text, self.until) == (&other.code, &other.files, &other.text, other.until)
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
        finding.code == self.code && here && self.text.as_ref().is_none_or(|text| finding.message.says(text))
    }
}
