//! Findings for a person: what is wrong, where, and what to do.
//!
//! Everything below `cli` hands problems on as [`Diagnostic`] values and prints nothing. [`render`] turns
//! them into text for people, JSON, or annotations of a CI system.

pub mod codes;
mod language;
mod place;
pub(crate) mod render;
pub(crate) mod sarif;
mod suggest;
mod text;

pub use language::Language;
pub(crate) use place::{LONGEST_PLACE, Spot};
pub use place::{Place, SourceText};
pub use suggest::repeated;
pub(crate) use suggest::{Names, did_you_mean};
pub use text::{Argument, Listed, Text, ToArgument, list};
pub(crate) use text::{join, list_all, text, verbatim};

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The site cannot be published with it.
    Error,
    /// The site is whole, but somebody should look.
    Warning,
}

impl Severity {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A finding: plain data, complete in itself (it carries the line it speaks of).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether it stops a build.
    pub severity: Severity,
    /// A stable name of the kind of finding, such as `unknown-key`.
    pub code: &'static str,
    /// One sentence: what is wrong.
    pub message: Text,
    /// Where; none for a finding about the portal as a whole.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<Text>,
    /// Other places that have to do with it, each with a word on how.
    pub related: Vec<Related>,
    /// The finished pages that show it, where it is to be mended elsewhere: in a template.
    #[serde(skip)]
    pub on: Vec<OnPage>,
    /// What it says is missing; none where it says something else.
    #[serde(skip)]
    pub about: Option<About>,
}

/// What a finding says is missing. It may only be that the file of it could not be understood, which is
/// reported already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A file, by its path below `content/`.
    File(String),
    /// A record, by its id.
    Record(String),
    /// A source, by its id.
    Source(String),
}

/// A finished page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPage {
    /// Its address below the root.
    pub address: String,
    /// The file that it is the page of, relative to the portal.
    pub file: Option<String>,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What that place has to do with the finding.
    pub message: Text,
    /// The place.
    pub place: Place,
}

impl Diagnostic {
    /// A finding of a code of [`codes`], without a place. How much it matters is what the table says of its
    /// code.
    pub fn new(code: &'static str, message: impl Into<Text>) -> Self {
        // `codes::every_code_is_in_the_table_and_no_other` holds that there is none without an entry.
        let severity = codes::get(code).map_or(Severity::Error, |code| code.severity);
        Self { severity, code, message: message.into(), place: None, help: None, related: Vec::new(), on: Vec::new(), about: None }
    }

    /// The same finding, at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding, with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Text>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding, with another place that belongs to it.
    #[must_use]
    pub fn related(mut self, message: impl Into<Text>, place: Place) -> Self {
        self.related.push(Related { message: message.into(), place });
        self
    }

    /// The same finding, which says that something is missing.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = Some(about);
        self
    }

    /// The same finding, as a finished page shows it that cannot mend it.
    #[must_use]
    pub fn on(mut self, address: &str, file: Option<String>) -> Self {
        self.on.push(OnPage { address: address.to_owned(), file });
        self
    }

    /// Whether it stops a build.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Puts findings into the order of a report (file, line, column, severity, code, message) and drops exact
/// repetitions.
///
/// The order is total over what a report shows, so that it never depends on the order in which threads found
/// them.
pub(crate) fn sort(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(order);
    findings.dedup();
}

/// Which of two findings comes first in a report.
pub(crate) fn order(a: &Diagnostic, b: &Diagnostic) -> std::cmp::Ordering {
    (&a.place, a.severity, a.code, &a.message, &a.help).cmp(&(&b.place, b.severity, b.code, &b.message, &b.help))
}

/// Makes one finding of those that differ only in the page that shows them, and says how many pages that are.
pub(crate) fn join_pages(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (mut joined, mut alone): (Vec<Diagnostic>, Vec<Diagnostic>) = findings.into_iter().partition(|finding| !finding.on.is_empty());
    joined.sort_by(|a, b| {
        let page = |finding: &Diagnostic| finding.on.first().map(|page| page.address.clone());
        (a.code, &a.message, &a.place).cmp(&(b.code, &b.message, &b.place)).then_with(|| page(a).cmp(&page(b)))
    });
    joined.dedup_by(|next, kept| {
        let same = (next.code, &next.message, &next.place) == (kept.code, &kept.message, &kept.place);
        if same {
            let new = std::mem::take(&mut next.on);
            kept.on.extend(new.into_iter().filter(|page| !kept.on.ends_with(std::slice::from_ref(page))).collect::<Vec<_>>());
        }
        same
    });
    for finding in &mut joined {
        let first = finding.on.first().map_or("", |page| page.address.as_str());
        let message = finding.message.clone();
        finding.message = match finding.on.len() {
            1 => text!("{message} (on `{page}`)", message, page = first),
            pages => text!("{message} (on {pages} pages, such as `{page}`)", message, pages, page = first),
        };
    }
    alone.append(&mut joined);
    alone
}

/// Whether any of the findings is an error.
pub(crate) fn any_error(findings: &[Diagnostic]) -> bool {
    findings.iter().any(Diagnostic::is_error)
}
