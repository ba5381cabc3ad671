//! The pipeline: files to pages and records, to the portal, to a list of outputs, to bytes.
//!
//! `build`, `check` and `serve` run this one pipeline; they differ in what they do with its result. Nothing is written here.

mod builder;
mod load;
mod verify;

pub use builder::{Audience, Builder, Update};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::Config;
use crate::content::CONTENT_DIR;
use crate::diagnostic::{self, Diagnostic, Place, any_error};
use crate::files::Files;
use crate::output::{self, Bytes, Output, plan};
use crate::portal::{self, Portal};
use crate::records::Kind;
use crate::theme::{Reads, Rendering, Theme};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address of the root, in place of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Whether drafts are pages like any other.
    pub drafts: bool,
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
}

/// The result: a whole site, or why there is none.
#[derive(Debug, Default)]
pub struct Built {
    /// The outputs by path; empty where there are errors.
    pub outputs: BTreeMap<String, BuiltOutput>,
    /// What was found, in the order of reports.
    pub findings: Vec<Diagnostic>,
    /// The portal, as far as it could be put together.
    pub portal: Option<Arc<Portal>>,
    /// The settings, where they could be read.
    pub config: Option<Arc<Config>>,
}

/// A finished output.
#[derive(Debug, Clone)]
pub struct BuiltOutput {
    /// What it holds.
    pub bytes: Bytes,
    /// What was read for it.
    pub reads: Arc<Reads>,
    /// The file that it is the page of, relative to the portal, if it is of one.
    pub source: Option<Arc<str>>,
}

impl Built {
    /// Whether the site is whole.
    pub fn is_whole(&self) -> bool {
        !any_error(&self.findings)
    }
}

/// Builds a portal in memory.
pub fn build(files: &Arc<dyn Files>, request: &Request, progress: &Progress) -> Built {
    let mut findings = Vec::new();
    let mut built = run(files, request, progress, &mut findings);
    diagnostic::sort(&mut findings);
    if any_error(&findings) {
        built.outputs.clear();
    }
    built.findings = findings;
    built
}

fn run(files: &Arc<dyn Files>, request: &Request, progress: &Progress, findings: &mut Vec<Diagnostic>) -> Built {
    let Some(config) = Config::load(&**files, request.base_url.as_deref(), findings).map(Arc::new) else {
        return Built::default();
    };
    let load::Loaded { documents, assets, sources, broken } = load::load(&**files, &config, findings);
    let sound_documents = !any_error(findings);
    let mut theme_findings = Vec::new();
    let theme = Theme::load(&config, &**files, &mut theme_findings);
    let sound_theme = !any_error(&theme_findings);
    findings.append(&mut theme_findings);
    let input =
        portal::Input { config: config.clone(), documents, assets, sources, as_of: request.as_of, drafts: request.drafts, files: &**files };
    let mut resolved = Vec::new();
    let portal = Arc::new(portal::resolve(input, &mut resolved));
    // Where a file could not be understood, what refers to it would be reported as well, which is no news.
    resolved.retain(|finding| sound_documents || !broken.explains(finding));
    findings.append(&mut resolved);
    let mut unplanned = Vec::new();
    let planned = plan(&portal, &theme, &**files, &mut unplanned);
    // That a theme with errors lacks templates is no news either.
    unplanned.retain(|finding| sound_theme || finding.code != "no-template");
    findings.append(&mut unplanned);
    verify::paths(&portal, &planned.addresses, &**files, findings);
    let mut built = Built { portal: Some(portal.clone()), config: Some(config), ..Built::default() };
    let rendering = Arc::new(Rendering::new(portal.clone(), Arc::new(theme), files.clone(), planned.addresses));
    if any_error(findings) {
        if sound_theme {
            findings.extend(shortcode_findings(&rendering).into_iter().filter(|finding| !broken.explains(finding)));
        }
        return built;
    }
    progress.planned.store(planned.outputs.len(), Ordering::Relaxed);
    built.outputs = render(&rendering, planned.outputs, progress, findings);
    if !any_error(findings) {
        verify::verify(&portal, &**files, &built.outputs, findings);
    }
    built
}

/// Renders all outputs. The findings come in the order of the outputs, whichever thread was first.
fn render(
    rendering: &Arc<Rendering>,
    outputs: Vec<Output>,
    progress: &Progress,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, BuiltOutput> {
    let rendered: Vec<Result<(String, BuiltOutput), Vec<Diagnostic>>> = outputs
        .into_par_iter()
        .map(|output| {
            let result = output::render(rendering, &output);
            progress.rendered.fetch_add(1, Ordering::Relaxed);
            let source = source_of(&rendering.portal, &output);
            let (bytes, reads) =
                result.map_err(|found| found.into_iter().map(|finding| while_rendering(finding, source.as_ref())).collect::<Vec<_>>())?;
            Ok((output.path, BuiltOutput { bytes, reads: Arc::new(reads.settled()), source }))
        })
        .collect();
    let mut built = BTreeMap::new();
    for result in rendered {
        match result {
            Ok((path, output)) => {
                built.insert(path, output);
            }
            Err(found) => {
                for finding in found {
                    // The same line of a template fails for many pages: the first of them is named.
                    let same =
                        |other: &Diagnostic| other.message == finding.message && other.place == finding.place && other.code == finding.code;
                    if !findings.iter().rev().take(SAME_SOUGHT).any(same) {
                        findings.push(finding);
                    }
                }
            }
        }
    }
    built
}

/// How many findings are looked through for the same one of another page.
const SAME_SOUGHT: usize = 50;

/// A finding about a template, with the page that was being rendered.
fn while_rendering(finding: Diagnostic, source: Option<&Arc<str>>) -> Diagnostic {
    match source {
        Some(file) if finding.code == "template" => {
            finding.related("while this page was rendered", Place::file(&format!("{CONTENT_DIR}/{file}")))
        }
        _ => finding,
    }
}

/// What is wrong with calls in Markdown, of a portal that has other errors and is not rendered. Errors inside templates are left out: they may
/// follow from those others.
fn shortcode_findings(rendering: &Arc<Rendering>) -> Vec<Diagnostic> {
    let entries: Vec<_> = rendering.portal.entries().filter(|entry| !rendering.portal.document(*entry).body.calls.is_empty()).collect();
    let found = entries.into_par_iter().filter_map(|entry| rendering.content(entry).err()).flatten();
    found.filter(|finding| finding.related.is_empty()).collect()
}

/// The ids of the records of a portal by kind, each list in order; of what can be read, if not all can.
pub fn ids(files: &dyn Files) -> BTreeMap<Kind, Vec<Arc<str>>> {
    let mut findings = Vec::new();
    let Some(config) = Config::load(files, None, &mut findings).map(Arc::new) else { return BTreeMap::new() };
    let load::Loaded { documents, assets, sources, .. } = load::load(files, &config, &mut findings);
    let input = portal::Input { config, documents, assets, sources, as_of: Date::MIN, drafts: false, files };
    let portal = portal::resolve(input, &mut findings);
    let mut ids: BTreeMap<Kind, Vec<Arc<str>>> = BTreeMap::new();
    for (kind, id) in portal.by_id.keys() {
        ids.entry(*kind).or_default().push(id.clone());
    }
    ids
}

fn source_of(portal: &Portal, output: &Output) -> Option<Arc<str>> {
    match &output.job {
        output::Job::Page(number, _) => Some(portal.pages[*number].document.file.clone()),
        output::Job::Section(number, ..) => Some(portal.sections[*number].document.file.clone()),
        _ => None,
    }
}
