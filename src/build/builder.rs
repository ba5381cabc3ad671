//! A portal that is built again and again: what a change leaves as it was is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::delta::Delta;
use super::inputs::{Inputs, Reloaded, Touched};
use super::render::{Press, Rendered};
use super::{BuiltOutput, Progress, Request, moved, shortcode_findings, verify};
use crate::config::Config;
use crate::content::{Document, Front};
use crate::diagnostic::{self, Diagnostic, any_error};
use crate::files::Files;
use crate::output::{Output, Planned, plan};
use crate::portal::{self, Entry, Portal};
use crate::theme::{Bodies, Changed, DataCache, Ledger, Read, Rendering, Theme, Values};

/// Who looks at outputs while they are made: what is looked at is made first.
pub trait Audience: Sync {
    /// These outputs will soon hold something else, or something for the first time. Not called where nothing is to be made.
    fn expect(&self, paths: &[Arc<str>]);

    /// The outputs that somebody waits for or looks at now, the most urgent first. Asked for again and again.
    fn wanted(&self) -> Vec<Arc<str>>;

    /// One of the expected outputs is made. Whether the whole update is good is not known yet.
    fn made(&self, path: &Arc<str>, output: &BuiltOutput);
}

/// Nobody looks.
impl Audience for () {
    fn expect(&self, _: &[Arc<str>]) {}
    fn wanted(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn made(&self, _: &Arc<str>, _: &BuiltOutput) {}
}

/// What is different since the last update without errors.
#[derive(Debug, Default)]
pub struct Update {
    /// What was found, all of it, in the order of reports.
    pub findings: Vec<Diagnostic>,
    /// The outputs that came, that hold something else, or (`None`) that went, by path. Empty where there are errors: what changed is told
    /// by the next update without any.
    pub changes: BTreeMap<Arc<str>, Option<BuiltOutput>>,
    /// Addresses below the root that a page had and no longer has, each with the address it has now.
    pub moved: BTreeMap<String, String>,
    /// The portal, as far as it could be put together.
    pub portal: Option<Arc<Portal>>,
    /// The settings, where they could be read.
    pub config: Option<Arc<Config>>,
}

impl Update {
    /// Whether the site is whole.
    pub fn is_whole(&self) -> bool {
        !any_error(&self.findings)
    }
}

/// Builds a portal, and builds it again after changes.
pub struct Builder {
    files: Arc<dyn Files>,
    /// What is asked for; it may be changed between updates.
    pub request: Request,
    inputs: Inputs,
    /// The portal that was rendered last, and how.
    world: Option<World>,
    /// What was read again since.
    reloaded: Reloaded,
    /// Files that changed since.
    touched: BTreeSet<String>,
    /// The outputs of that portal.
    outputs: BTreeMap<Arc<str>, Rendered>,
    /// Of the outputs that changed since the last update without errors: what they were.
    unpublished: BTreeMap<Arc<str>, Option<BuiltOutput>>,
    /// Pages that have another address since then.
    moved: BTreeMap<String, String>,
    ledger: Option<Ledger>,
    /// Reads that are not noted: for the test that shows that each of them is needed.
    blind: Option<fn(&Read) -> bool>,
}

/// A portal that was rendered.
struct World {
    request: Request,
    rendering: Arc<Rendering>,
    planned: Arc<Planned>,
    /// What was found when it was put together.
    findings: Vec<Diagnostic>,
}

/// A portal that is to be rendered, and what is different from the one before.
struct Next {
    portal: Arc<Portal>,
    planned: Arc<Planned>,
    findings: Vec<Diagnostic>,
    /// Entries with another text, where nothing else is different.
    texts: Option<Vec<Entry>>,
}

impl Builder {
    /// A builder that has built nothing yet, and will build again and again.
    pub fn new(files: Arc<dyn Files>, request: Request) -> Self {
        Self { ledger: Some(Ledger::default()), ..Self::once(files, request) }
    }

    /// A builder for one build. It notes nothing, and would render everything again.
    pub fn once(files: Arc<dyn Files>, request: Request) -> Self {
        Self {
            files,
            request,
            inputs: Inputs::default(),
            world: None,
            reloaded: Reloaded::default(),
            touched: BTreeSet::new(),
            outputs: BTreeMap::new(),
            unpublished: BTreeMap::new(),
            moved: BTreeMap::new(),
            ledger: None,
            blind: None,
        }
    }

    /// Notes no more reads of some kind, so that rebuilds are wrong: for the test that shows that it would be noticed.
    pub fn blind_to(&mut self, kind: fn(&Read) -> bool) {
        self.blind = Some(kind);
    }

    /// All outputs that could be made, by path.
    pub fn outputs(&self) -> impl Iterator<Item = (&Arc<str>, &BuiltOutput)> {
        self.outputs.iter().filter_map(|(path, rendered)| Some((path, rendered.result.as_ref().ok()?)))
    }

    /// The outputs alone.
    pub(super) fn into_outputs(self) -> BTreeMap<Arc<str>, BuiltOutput> {
        self.outputs.into_iter().filter_map(|(path, rendered)| Some((path, rendered.result.ok()?))).collect()
    }

    /// Builds what the change of `files` (relative to the portal: changed, come or gone) changes. The first update builds everything.
    pub fn update(&mut self, files: &BTreeSet<String>, audience: &dyn Audience, progress: &Progress) -> Update {
        self.touched.extend(files.iter().cloned());
        let mut findings = Vec::new();
        let portal = self.run(audience, progress, &mut findings);
        diagnostic::sort(&mut findings);
        let mut update = Update { findings, portal, config: self.inputs.config.clone(), ..Update::default() };
        if update.is_whole() {
            (update.changes, update.moved) = self.publish();
        }
        update
    }

    /// What is different since it was asked for last.
    fn publish(&mut self) -> (BTreeMap<Arc<str>, Option<BuiltOutput>>, BTreeMap<String, String>) {
        let mut changes = BTreeMap::new();
        for (path, before) in std::mem::take(&mut self.unpublished) {
            let now = self.outputs.get(&path).and_then(|rendered| rendered.result.as_ref().ok());
            match (before, now) {
                (None, None) => {}
                (Some(before), Some(now)) if before.bytes.is_same(&now.bytes) => {}
                (_, now) => {
                    changes.insert(path, now.cloned());
                }
            }
        }
        (changes, std::mem::take(&mut self.moved))
    }

    fn run(&mut self, audience: &dyn Audience, progress: &Progress, findings: &mut Vec<Diagnostic>) -> Option<Arc<Portal>> {
        let touched = if self.inputs.theme.is_none() { Touched::All } else { Touched::Files(&self.touched) };
        let reloaded = self.inputs.reload(&*self.files, &self.request, &touched);
        findings.extend_from_slice(self.inputs.config_findings());
        self.reloaded.join(reloaded?);
        let (config, theme) = (self.inputs.config.clone()?, self.inputs.theme.clone()?);
        let (mut found, broken) = self.inputs.content_findings();
        let sound_documents = !any_error(&found) && !any_error(findings);
        let sound_theme = !any_error(self.inputs.theme_findings());
        findings.append(&mut found);
        findings.extend_from_slice(self.inputs.theme_findings());

        let next = match self.with_texts(sound_documents && sound_theme) {
            Some(next) => next,
            None => self.put_together(&config, &theme),
        };
        // Where a file could not be understood, what refers to it would be reported as well, which is no news; nor is that a theme with errors lacks
        // templates.
        let news = |finding: &&Diagnostic| (sound_documents || !broken.explains(finding)) && (sound_theme || finding.code != "no-template");
        findings.extend(next.findings.iter().filter(news).cloned());
        verify::paths(&next.portal, &next.planned.addresses, &*self.files, findings);
        if any_error(findings) {
            if sound_theme {
                let rendering = self.rendering(&next, &theme, Values::new(&next.portal), DataCache::default(), false);
                findings.extend(shortcode_findings(&rendering).into_iter().filter(|finding| !broken.explains(finding)));
            }
            return Some(next.portal);
        }
        Some(self.render(next, &theme, audience, progress, findings))
    }

    /// The portal as it was, but for the texts of some pages; none where more is different.
    fn with_texts(&self, sound: bool) -> Option<Next> {
        let world = self.world.as_ref().filter(|world| sound && world.findings.is_empty() && world.request == self.request)?;
        if self.reloaded.structure || self.reloaded.config {
            return None;
        }
        let was = &world.rendering.portal;
        let mut documents = Vec::new();
        for file in &self.reloaded.documents {
            let document = self.inputs.document(file)?;
            if !differs_in_text_only(was.document(was.of_file(file)?), document) {
                return None;
            }
            documents.push(document.clone());
        }
        let mut findings = Vec::new();
        let portal = Arc::new(was.with_bodies(&documents, &*self.files, &mut findings)?);
        let entries = documents.iter().filter_map(|document| portal.of_file(&document.file)).collect();
        let planned = match (&self.inputs.theme, self.reloaded.theme) {
            (Some(theme), true) => Arc::new(plan(&portal, theme, &*self.files, &mut findings)),
            _ => world.planned.clone(),
        };
        Some(Next { portal, planned, findings, texts: Some(entries) })
    }

    /// The portal, from what was read.
    fn put_together(&self, config: &Arc<Config>, theme: &Theme) -> Next {
        let mut findings = Vec::new();
        let input = portal::Input {
            config: config.clone(),
            documents: self.inputs.documents(),
            assets: self.inputs.assets(),
            sources: self.inputs.sources(),
            as_of: self.request.as_of,
            drafts: self.request.drafts,
            files: &*self.files,
        };
        let portal = Arc::new(portal::resolve(input, &mut findings));
        let planned = Arc::new(plan(&portal, theme, &*self.files, &mut findings));
        Next { portal, planned, findings, texts: None }
    }

    fn rendering(&self, next: &Next, theme: &Arc<Theme>, values: Values, data: DataCache, recording: bool) -> Arc<Rendering> {
        Arc::new(Rendering {
            portal: next.portal.clone(),
            theme: theme.clone(),
            values,
            files: self.files.clone(),
            addresses: next.planned.addresses.clone(),
            data,
            bodies: Bodies::default(),
            recording,
        })
    }

    /// Renders what is different, and keeps it with what is not.
    fn render(
        &mut self,
        next: Next,
        theme: &Arc<Theme>,
        audience: &dyn Audience,
        progress: &Progress,
        findings: &mut Vec<Diagnostic>,
    ) -> Arc<Portal> {
        let recording = self.ledger.is_some();
        let (values, summaries) = match (&self.world, &next.texts) {
            (None, _) => (Values::new(&next.portal), Changed::new()),
            (Some(world), Some(entries)) => world.rendering.values.with_texts(&next.portal, entries),
            (Some(world), None) => {
                let same_settings = Arc::ptr_eq(&world.rendering.portal.config, &next.portal.config);
                world.rendering.values.renewed(&world.rendering.portal, &next.portal, same_settings)
            }
        };
        let data = self.world.as_ref().map(|world| world.rendering.data.without(&self.touched)).unwrap_or_default();
        let rendering = self.rendering(&next, theme, values, data, recording);
        let dirty = self.dirty(&rendering, &next.planned, summaries);
        progress.rendered.store(0, std::sync::atomic::Ordering::Relaxed);
        progress.planned.store(dirty.len(), std::sync::atomic::Ordering::Relaxed);
        let foreign = verify::Foreign::new(&rendering.portal, &*self.files);
        let press = Press { rendering: &rendering, ledger: self.ledger.as_ref(), foreign: &foreign, blind: self.blind, progress, audience };
        for (output, rendered) in dirty.iter().zip(press.render(&dirty)) {
            self.replace(&output.path, Some(rendered));
        }
        self.forget(&next.planned);
        if let Some(world) = &self.world {
            moved::note(&world.rendering.portal, &rendering.portal, &mut self.moved);
        }
        self.failures(findings);
        if !any_error(findings) {
            let outputs = |path: &str| self.outputs.get(path).and_then(|rendered| rendered.result.as_ref().ok());
            verify::anchors(&rendering.portal, &*self.files, &outputs, findings);
            for (path, rendered) in self.outputs.iter().filter(|(_, rendered)| !rendered.foreign.is_empty()) {
                if let Ok(output) = &rendered.result {
                    verify::report_foreign(path, output, &rendered.foreign, &*self.files, findings);
                }
            }
        }
        self.touched.clear();
        self.reloaded = Reloaded::default();
        let portal = rendering.portal.clone();
        self.world = Some(World { request: self.request.clone(), rendering, planned: next.planned, findings: next.findings });
        portal
    }

    /// The outputs that may come out otherwise than they did, in the order of their paths.
    fn dirty<'o>(&self, rendering: &Rendering, planned: &'o Planned, summaries: Changed) -> Vec<&'o Output> {
        let (Some(world), Some(ledger)) = (&self.world, &self.ledger) else { return planned.outputs.iter().collect() };
        let delta = Delta::new(&world.rendering, rendering, &self.touched, summaries);
        let changed: Vec<bool> = ledger.all().iter().map(|read| delta.is_changed(read)).collect();
        let stale = |output: &Output| match self.outputs.get(&output.path) {
            Some(Rendered { result: Ok(_), reads, .. }) => reads.iter().any(|read| changed[*read as usize]),
            // What failed may have failed at something that nobody noted.
            _ => true,
        };
        let same_plan = std::ptr::eq(&*world.planned, planned);
        let mut before = world.planned.outputs.iter().peekable();
        let mut same_job = |output: &Output| {
            if same_plan {
                return true;
            }
            while before.next_if(|other| other.path < output.path).is_some() {}
            let other = before.peek().filter(|other| other.path == output.path);
            other.is_some_and(|other| output.job.is_same(&rendering.portal, &other.job, &world.rendering.portal))
        };
        // Both are ordered by path.
        let mut dirty = Vec::new();
        for output in &planned.outputs {
            let same_job = same_job(output);
            if !same_job || stale(output) {
                dirty.push(output);
            }
        }
        dirty
    }

    /// Puts an output in the place of another, and remembers what was there.
    fn replace(&mut self, path: &Arc<str>, now: Option<Rendered>) {
        let before = match now {
            Some(rendered) => self.outputs.insert(path.clone(), rendered),
            None => self.outputs.remove(path),
        };
        if self.ledger.is_some() {
            self.unpublished.entry(path.clone()).or_insert_with(|| before.and_then(|rendered| rendered.result.ok()));
        }
    }

    /// Drops the outputs that are planned no more.
    fn forget(&mut self, planned: &Planned) {
        if self.outputs.len() == planned.outputs.len() {
            return;
        }
        let planned: std::collections::HashSet<&str> = planned.outputs.iter().map(|output| &*output.path).collect();
        let gone: Vec<Arc<str>> = self.outputs.keys().filter(|path| !planned.contains(&***path)).cloned().collect();
        for path in gone {
            self.replace(&path, None);
        }
    }

    /// What is wrong with outputs that failed, each problem once.
    fn failures(&self, findings: &mut Vec<Diagnostic>) {
        for rendered in self.outputs.values() {
            let Err(found) = &rendered.result else { continue };
            for finding in found {
                // The same line of a template fails for many pages: the first of them is named.
                let same =
                    |other: &Diagnostic| other.message == finding.message && other.place == finding.place && other.code == finding.code;
                if !findings.iter().rev().take(SAME_SOUGHT).any(same) {
                    findings.push(finding.clone());
                }
            }
        }
    }
}

/// How many findings are looked through for the same one of another page.
const SAME_SOUGHT: usize = 50;

/// Whether nothing but the text of two documents is different, and what is made of the text.
fn differs_in_text_only(was: &Document, is: &Document) -> bool {
    let same_front = match (&was.front, &is.front) {
        (Front::Page(was), Front::Page(is)) => was == is,
        (Front::Section(was), Front::Section(is)) => was == is,
        _ => false,
    };
    let named = |document: &Document| document.mentions.iter().map(|mention| (mention.kind, mention.id.clone())).collect::<Vec<_>>();
    same_front && was.record == is.record && named(was) == named(is)
}
