//! A portal built once, from files to a whole site or to all that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::builder::{Builder, Update};
use super::inputs::Inputs;
use super::made::BuiltOutput;
use super::policy::{Judged, Policy};
use super::request::{Progress, Request};
use super::touched::Touched;
use super::world::Rest;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, any_error};
use crate::files::{Files, View};
use crate::freshness::NextRebuild;
use crate::output::Planned;
use crate::portal::{self, Portal};
use crate::records::Kind;

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
    /// The next day on which the site comes out otherwise although nobody edited anything; none where that is
    /// no day.
    pub next_rebuild: Option<NextRebuild>,
    /// Data files that templates loaded.
    pub data_files: BTreeSet<String>,
    /// The files as it saw them: what is told of it, and what is copied, is to be read through this.
    pub view: Arc<View>,
    /// What it was made from: taking it apart takes a while, which whoever is about to end can spare.
    _rest: Rest,
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

/// Builds a portal in memory to look for everything that is wrong with it: pages are made, if it is possible,
/// though links lead nowhere, and are given though there are errors. They are not for publishing.
pub(crate) fn look_over(files: &Arc<dyn Files>, request: &Request, progress: &Progress) -> Built {
    once(Builder::thorough(files.clone(), request.clone()), files, progress)
}

fn once(mut builder: Builder, files: &Arc<dyn Files>, progress: &Progress) -> Built {
    let view = Arc::new(View::new(files.clone()));
    let Update { findings, policy, portal, config, .. } = builder.update_through(&view, &(), progress);
    // Nobody updates it again: what it keeps for that would have to be copied.
    builder.forget_findings();
    let Judged { shown: findings, allowed } = findings.into_judged();
    let (planned, next_rebuild, data_files) = (builder.planned(), builder.due(), builder.data_files());
    let (outputs, rest) = builder.into_parts();
    Built { outputs, findings, allowed, policy, portal, planned, config, next_rebuild, data_files, view, _rest: rest }
}

/// The ids of the records of a portal by kind, each list in order; of what can be read, if not all can.
pub(crate) fn ids(files: &dyn Files) -> BTreeMap<Kind, Vec<Arc<str>>> {
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
