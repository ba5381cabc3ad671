//! The pipeline: files to pages and records, to the portal, to a list of outputs, to bytes.
//!
//! `build`, `check` and `serve` run this one pipeline; they differ in what they do with its result. Nothing is written here.

mod broken;
mod builder;
mod delta;
mod foreign;
mod inputs;
mod moved;
mod outputs;
mod policy;
mod render;
mod statements;
mod texts;
mod verify;
mod watchdog;

use builder::Rest;
pub use builder::{Audience, Builder, Update};
pub use policy::{Judged, Policy};
pub use texts::Texts;
pub use watchdog::Watchdog;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::Config;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place, any_error};
use crate::files::{Files, View};
use crate::freshness::NextRebuild;
use crate::output::{Bytes, Planned};
use crate::portal::{self, Portal};
use crate::records::Kind;
use crate::theme::Rendering;

use inputs::{Inputs, Touched};
use watchdog::guarded;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address of the root, in place of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Whether drafts are pages like any other.
    pub drafts: bool,
    /// Whether pages that are dated ahead are pages like any other.
    pub future: bool,
    /// The day that freshness and expiry are judged by.
    pub as_of: Date,
}

/// What has been done, for whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Outputs that have been rendered.
    pub rendered: AtomicUsize,
    /// Outputs to be rendered; 0 until that is known.
    pub planned: AtomicUsize,
    /// Who sees to it that each output ends; nobody, where that is none.
    pub watchdog: Option<Arc<dyn Watchdog>>,
}

/// The result: a whole site, or why there is none.
#[derive(Debug, Default)]
pub struct Built {
    /// The outputs by path; empty where there are errors.
    pub outputs: BTreeMap<Arc<str>, BuiltOutput>,
    /// What was found, in the order of reports.
    pub findings: Vec<Diagnostic>,
    /// The portal, as far as it could be put together.
    pub portal: Option<Arc<Portal>>,
    /// Findings that settings or front matter allow.
    pub allowed: Vec<Diagnostic>,
    /// What is allowed, and how much the rest matters.
    pub policy: Policy,
    /// What was planned; none where nothing was rendered.
    pub planned: Option<Arc<Planned>>,
    /// The settings, where they could be read.
    pub config: Option<Arc<Config>>,
    /// The next day on which the site comes out otherwise although nobody edited anything; none where that is no day.
    pub next_rebuild: Option<NextRebuild>,
    /// The files as it saw them: what is told of it, and what is copied, is to be read through this.
    pub view: Arc<View>,
    /// What it was made from: taking it apart takes a while, which whoever is about to end can spare.
    _rest: Rest,
}

/// A finished output.
#[derive(Debug, Clone)]
pub struct BuiltOutput {
    /// What it holds.
    pub bytes: Bytes,
    /// The file that it is the page of, relative to the portal, if it is of one.
    pub source: Option<Arc<str>>,
}

impl Built {
    /// Whether the site is whole.
    pub fn is_whole(&self) -> bool {
        !any_error(&self.findings)
    }

    /// Adds findings that were made of the result.
    pub fn add(&mut self, mut judged: Judged) {
        self.allowed.append(&mut judged.allowed);
        self.findings.append(&mut judged.shown);
    }
}

/// Builds a portal in memory.
pub fn build(files: &Arc<dyn Files>, request: &Request, progress: &Progress) -> Built {
    let mut built = once(Builder::once(files.clone(), request.clone()), files, progress);
    if !built.is_whole() {
        built.outputs.clear();
    }
    built
}

/// Builds a portal in memory to look for everything that is wrong with it: pages are made, if it is possible, though links lead nowhere, and are
/// given though there are errors. They are not for publishing.
pub fn look_over(files: &Arc<dyn Files>, request: &Request, progress: &Progress) -> Built {
    once(Builder::thorough(files.clone(), request.clone()), files, progress)
}

fn once(mut builder: Builder, files: &Arc<dyn Files>, progress: &Progress) -> Built {
    let view = Arc::new(View::new(files.clone()));
    let Update { findings, allowed, policy, portal, config, .. } = builder.update_through(&view, &(), progress);
    let (planned, next_rebuild) = (builder.planned(), builder.due());
    let (outputs, rest) = builder.into_parts();
    Built { outputs, findings, allowed, policy, portal, planned, config, next_rebuild, view, _rest: rest }
}

/// A finding about a template, with the page that was being rendered.
fn while_rendering(finding: Diagnostic, source: Option<&Arc<str>>) -> Diagnostic {
    match source {
        Some(file) if matches!(finding.code, "template" | "template-runaway") => {
            finding.related("while this page was rendered", Place::file(&format!("{CONTENT_DIR}/{file}")))
        }
        _ => finding,
    }
}

/// What is wrong with calls in Markdown, of a portal that has other errors and is not rendered. Errors inside templates are left out: they may
/// follow from those others.
fn shortcode_findings(rendering: &Arc<Rendering>, progress: &Progress) -> Vec<Diagnostic> {
    let entries: Vec<_> = rendering.portal.entries().filter(|entry| !rendering.portal.document(*entry).body.calls.is_empty()).collect();
    let content = |entry| {
        let file = rendering.portal.document(entry).file.clone();
        guarded(progress, &file, None, &rendering.theme, || rendering.content(entry)).err()
    };
    let found = entries.into_par_iter().filter_map(content).flatten();
    found.filter(|finding| finding.related.is_empty() || finding.code == "template-runaway").collect()
}

/// The ids of the records of a portal by kind, each list in order; of what can be read, if not all can.
pub fn ids(files: &dyn Files) -> BTreeMap<Kind, Vec<Arc<str>>> {
    let mut findings = Vec::new();
    let request = Request { base_url: None, drafts: false, future: true, as_of: Date::MIN };
    let mut inputs = Inputs::default();
    let read = inputs.reload(files, &request, &Touched::All, None);
    let (Some(_), Some(config)) = (read, inputs.config.clone()) else { return BTreeMap::new() };
    let (documents, assets, sources) = (inputs.documents(), inputs.assets(), inputs.sources());
    let input = portal::Input { config, documents, assets, sources, as_of: Date::MIN, drafts: false, future: true };
    let portal = portal::resolve(input, &mut findings);
    let mut ids: BTreeMap<Kind, Vec<Arc<str>>> = BTreeMap::new();
    for (kind, id) in portal.by_id.keys() {
        ids.entry(*kind).or_default().push(id.clone());
    }
    ids
}
