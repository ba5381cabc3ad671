//! A portal that is built again and again: what a change leaves as it was is kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::broken::take_out_doubtful;
use super::delta::Delta;
use super::findings::{Findings, Kept, LookedAt};
use super::inputs::{Inputs, Reloaded};
use super::made::{BuiltOutput, Rendered};
use super::moved;
use super::outputs::Outputs;
use super::pictures;
use super::policy::{Judged, Policy};
use super::render::{Press, shortcode_findings};
use super::request::{Audience, Progress, Request};
use super::statements::{self, Told};
use super::touched::Touched;
use super::verify::{Addresses, Anchors};
use super::world::{Next, Rest, World};
use crate::config::Config;
use crate::content::{Body, Front};
use crate::diagnostic::{self, Diagnostic, any_error};
use crate::files::{Files, Seen, View};
use crate::freshness::{self, Due, NextRebuild};
use crate::glossary::Glossary;
use crate::images::Pictures;
use crate::output::{Output, Planned, plan};
use crate::portal::{self, Portal};
use crate::reads::{Ledger, Read};
use crate::theme::{Bodies, DataCache, Fragments, Rendering, Reports, Theme};
use crate::values::{Changed, Values};

/// What is different since the last update without errors.
#[derive(Debug, Default)]
pub struct Update {
    /// What was found, all of it.
    pub findings: Findings,
    /// What is allowed, and how much the rest matters.
    pub policy: Policy,
    /// The outputs that came, that hold something else, or (`None`) that went, by path. Empty where there are
    /// errors: what changed is told by the next update without any.
    pub changes: BTreeMap<Arc<str>, Option<BuiltOutput>>,
    /// Addresses below the root that a page had and no longer has, each with the address it has now.
    pub moved: BTreeMap<String, String>,
    /// The portal, as far as it could be put together.
    pub portal: Option<Arc<Portal>>,
    /// The settings, where they could be read.
    pub config: Option<Arc<Config>>,
    /// What it saw of the portal: only what is otherwise now has changed since.
    pub seen: Seen,
}

impl Update {
    /// Whether the site is whole.
    pub fn is_whole(&self) -> bool {
        !self.findings.any_error()
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
    /// What was found about documents.
    kept: Kept,
    /// Whether that is about the portal that was rendered last, but for what was read again since.
    kept_of_world: bool,
    /// The outputs of that portal.
    outputs: Outputs,
    /// What was found of their anchors, and of what they contact.
    anchors: Anchors,
    told: Told,
    /// Pages that have another address since then.
    moved: BTreeMap<String, String>,
    ledger: Option<Ledger>,
    /// When the site comes out otherwise by itself; whole where everything was rendered.
    due: Arc<Due>,
    /// Whether pages are made though links lead nowhere.
    thorough: bool,
    /// Reads that are not noted: for the test that shows that each of them is needed.
    blind: Option<fn(&Read) -> bool>,
}

/// Where findings go: those that are to be judged, and those that are.
type Found<'f> = (&'f mut Vec<Diagnostic>, &'f mut Vec<Arc<Judged>>);

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
            kept: Kept::default(),
            kept_of_world: false,
            outputs: Outputs::default(),
            anchors: Anchors::default(),
            told: Told::default(),
            moved: BTreeMap::new(),
            ledger: None,
            due: Arc::default(),
            thorough: false,
            blind: None,
        }
    }

    /// A builder for one build that finds as much as possible: it makes pages though links lead nowhere.
    pub(super) fn thorough(files: Arc<dyn Files>, request: Request) -> Self {
        Self { thorough: true, ..Self::once(files, request) }
    }

    /// Notes no more reads of some kind, so that rebuilds are wrong: for the test that shows that it would be
    /// noticed.
    pub fn blind_to(&mut self, kind: fn(&Read) -> bool) {
        self.blind = Some(kind);
    }

    /// All outputs that could be made, by path.
    pub fn outputs(&self) -> impl Iterator<Item = (&Arc<str>, &BuiltOutput)> {
        self.outputs.iter().filter_map(|(output, rendered)| Some((&output.path, rendered.result.as_ref().ok()?)))
    }

    /// What was planned for the portal that was rendered last.
    pub fn planned(&self) -> Option<Arc<Planned>> {
        self.world.as_ref().map(|_| self.outputs.planned().clone())
    }

    /// The data files that templates loaded.
    pub(super) fn data_files(&self) -> BTreeSet<String> {
        self.world.as_ref().map(|world| world.rendering.data.files()).unwrap_or_default()
    }

    /// When the site comes out otherwise by itself. Known after the first update.
    pub(super) fn due(&self) -> Option<NextRebuild> {
        self.due.next()
    }

    /// Forgets what was found about documents, for a builder that builds no more.
    pub(super) fn forget_findings(&mut self) {
        (self.kept, self.anchors, self.told) = (Kept::default(), Anchors::default(), Told::default());
    }

    /// The outputs, and what they were made from.
    pub(super) fn into_parts(self) -> (BTreeMap<Arc<str>, BuiltOutput>, Rest) {
        (self.outputs.into_made(), Rest { _inputs: self.inputs, _world: self.world })
    }

    /// Builds what the change of `files` (relative to the portal: changed, come or gone) changes. The first
    /// update builds everything.
    pub fn update(&mut self, files: &BTreeSet<String>, audience: &dyn Audience, progress: &Progress) -> Update {
        self.touched.extend(files.iter().cloned());
        let view = Arc::new(View::new(self.files.clone()));
        let update = self.update_through(&view, audience, progress);
        // What is kept of the update may know the view, and must not read through it later.
        Update { seen: view.close(), ..update }
    }

    /// The same through a view that goes on.
    pub(super) fn update_through(&mut self, view: &Arc<View>, audience: &dyn Audience, progress: &Progress) -> Update {
        let mut findings = Vec::new();
        let mut policy = Policy::default();
        let mut parts = Vec::new();
        let portal = self.run(view, audience, progress, &mut policy, (&mut findings, &mut parts));
        findings.append(&mut policy.expired());
        take_out_doubtful(&mut findings);
        let mut rest = policy.judge(findings);
        diagnostic::sort(&mut rest.shown);
        // Without a portal nothing was looked at but the settings.
        parts.push(Arc::new(rest));
        let findings = if portal.is_some() { Findings::new(&self.kept, parts) } else { Findings::new(&Kept::default(), parts) };
        let mut update = Update { findings, policy, portal, config: self.inputs.config.clone(), ..Update::default() };
        if update.is_whole() {
            (update.changes, update.moved) = (self.outputs.publish(), std::mem::take(&mut self.moved));
        }
        update
    }

    fn run(
        &mut self,
        view: &Arc<View>,
        audience: &dyn Audience,
        progress: &Progress,
        policy: &mut Policy,
        (findings, parts): Found<'_>,
    ) -> Option<Arc<Portal>> {
        let touched = if self.inputs.theme.is_none() { Touched::All } else { Touched::Files(&self.touched) };
        let checkpoints = progress.watchdog.as_ref().and_then(|watchdog| watchdog.checkpoints());
        let reloaded = self.inputs.reload(&**view, &self.request, &touched, checkpoints.as_deref());
        findings.extend(self.inputs.config_findings().cloned());
        view.release();
        self.reloaded.join(reloaded?);
        let (config, theme) = (self.inputs.config.clone()?, self.inputs.theme.clone()?);
        *policy = Policy::new(&config, self.inputs.all_documents(), self.request.as_of);
        let (mut found, mut broken) = self.inputs.content_findings();
        let sound_documents = !any_error(&found) && !any_error(findings) && !self.inputs.any_wrong_document();
        let sound_theme = !any_error(self.inputs.theme_findings());
        let sound_sources = !any_error(self.inputs.sources_findings());
        findings.append(&mut found);
        findings.extend_from_slice(self.inputs.sources_findings());
        findings.extend_from_slice(self.inputs.theme_findings());

        let next = match self.with_documents(sound_documents && sound_sources && sound_theme) {
            Some(next) => next,
            None => self.put_together(&config, &theme),
        };
        // Where a file could not be understood, what refers to it would be reported as well, which is no
        // news; nor is that a theme with errors lacks templates.
        broken.add_unplaced(&next.portal.unplaced);
        let news = |finding: &&Diagnostic| !broken.explains(finding) && (sound_theme || finding.code != "no-template");
        findings.extend(next.findings.iter().chain(&next.of_plan).filter(news).cloned());
        let addresses = Addresses::new(&next.planned.addresses);
        addresses.check(&next.portal.pending.paths, &config, findings);
        findings.extend(self.template_findings(&theme, &next.planned, sound_documents));
        self.due = Arc::default();
        policy.note_ends(&self.due);
        let portal = &next.portal;
        let changed = next.replaced.as_ref().filter(|_| self.kept_of_world).map(|_| &self.reloaded.documents);
        self.kept_of_world = changed.is_some();
        let looked_at =
            LookedAt { portal, inputs: &self.inputs, policy, theme: &theme, planned: &next.planned, addresses, broken: &broken };
        self.kept.renew(&looked_at, changed);
        self.kept.note_ends(&self.due);
        freshness::check_sources(portal, &self.due, findings);
        freshness::note_coming(portal, &self.due);
        portal::review(portal, sound_documents, findings);
        if self.kept.stops(self.thorough) || policy.stops(findings, self.thorough) {
            if sound_theme {
                let rendering = self.rendering(view, &next, &theme, Values::new(&next.portal), Default::default(), false);
                findings.extend(shortcode_findings(&rendering, progress).into_iter().filter(|finding| !broken.explains(finding)));
            }
            return Some(next.portal);
        }
        Some(self.render((view, &theme), next, audience, progress, policy, (findings, parts)))
    }

    /// What is wrong with the use of templates. Drafts count as well: they are to be pages. Where documents
    /// could not be read, `sound` is false, it is not known what they use.
    fn template_findings(&self, theme: &Theme, planned: &Planned, sound: bool) -> Vec<Diagnostic> {
        // What is called in the form of another system is meant to be called. Those of bodies of calls stand
        // with the page's.
        fn calls<'d>(body: &'d Body, found: &mut Vec<Cow<'d, str>>) {
            found.extend(body.foreign.iter().map(|foreign| foreign.name.replace('-', "_").into()));
            for call in &body.calls {
                found.push(call.name.as_str().into());
                call.body.iter().for_each(|body| calls(body, found));
            }
        }
        let mut called = Vec::new();
        let mut named: Vec<&str> = planned.outputs.iter().filter_map(|output| output.job.template()).collect();
        for document in self.inputs.all_documents() {
            calls(&document.body, &mut called);
            match &document.front {
                Front::Page(front) => named.extend(front.template.as_deref()),
                Front::Section(front) => named.extend([&front.template, &front.page_template].into_iter().filter_map(Option::as_deref)),
            }
        }
        let found = theme.templates.review(named.into_iter(), called.iter().map(|name| &**name));
        found.into_iter().filter(|finding| sound || finding.code != "unused-template").collect()
    }

    /// The portal as it was, but for some documents; none where more is different.
    fn with_documents(&self, sound: bool) -> Option<Next> {
        let world = self.world.as_ref().filter(|world| sound && world.request == self.request)?;
        if self.reloaded.structure || self.reloaded.config {
            return None;
        }
        let documents: Option<Vec<_>> = self.reloaded.documents.iter().map(|file| self.inputs.document(file).cloned()).collect();
        let replaced = world.rendering.portal.with_documents(&documents?)?;
        let portal = Arc::new(replaced.portal);
        // Other documents have no part in what was found: that is about menus and redirects.
        let (findings, mut of_plan) = (world.findings.clone(), Vec::new());
        let planned = match &self.inputs.theme {
            Some(theme) if self.reloaded.theme || !replaced.same_plan => Arc::new(plan(&portal, theme, &mut of_plan)),
            _ => world.planned.clone(),
        };
        let glossary = world.rendering.glossary.renewed(&world.rendering.portal, &portal, &replaced.entries);
        Some(Next { portal, glossary, planned, findings, of_plan, replaced: Some((replaced.entries, replaced.only_texts)) })
    }

    /// The portal, from what was read.
    fn put_together(&self, config: &Arc<Config>, theme: &Theme) -> Next {
        let (mut findings, mut of_plan) = (Vec::new(), Vec::new());
        let input = portal::Input {
            config: config.clone(),
            documents: self.inputs.documents(),
            assets: self.inputs.assets(),
            sources: self.inputs.sources(),
            as_of: self.request.as_of,
            drafts: self.request.drafts,
            future: self.request.future,
        };
        let portal = Arc::new(portal::resolve(input, &mut findings));
        let planned = Arc::new(plan(&portal, theme, &mut of_plan));
        let glossary = Arc::new(Glossary::of(&portal));
        Next { portal, glossary, planned, findings, of_plan, replaced: None }
    }

    fn rendering(
        &self,
        view: &Arc<View>,
        next: &Next,
        theme: &Arc<Theme>,
        values: Values,
        (data, pictures): (DataCache, Pictures),
        recording: bool,
    ) -> Arc<Rendering> {
        Arc::new(Rendering {
            portal: next.portal.clone(),
            theme: theme.clone(),
            values,
            files: view.clone(),
            addresses: next.planned.addresses.clone(),
            glossary: next.glossary.clone(),
            facets: next.planned.facets.clone(),
            data,
            pictures,
            bodies: Bodies::default(),
            fragments: Fragments::default(),
            reports: Reports::default(),
            due: self.due.clone(),
            recording,
        })
    }

    /// Renders what is different, and keeps it with what is not.
    fn render(
        &mut self,
        (view, theme): (&Arc<View>, &Arc<Theme>),
        next: Next,
        audience: &dyn Audience,
        progress: &Progress,
        policy: &Policy,
        (findings, parts): Found<'_>,
    ) -> Arc<Portal> {
        let recording = self.ledger.is_some();
        let (values, summaries) = match (&self.world, &next.replaced) {
            (None, _) => (Values::new(&next.portal), Changed::new()),
            (Some(world), Some((entries, _))) => world.rendering.values.with_entries(&next.portal, entries),
            (Some(world), None) => {
                let same_settings = Arc::ptr_eq(&world.rendering.portal.config, &next.portal.config);
                world.rendering.values.renewed(&world.rendering.portal, &next.portal, same_settings)
            }
        };
        let data = self.world.as_ref().map(|world| world.rendering.data.without(&self.touched)).unwrap_or_default();
        let before = self.world.as_ref().map(|world| world.rendering.pictures.without(&self.touched));
        let pictures = pictures::looked_at(before, &next.portal, &**view);
        let rendering = self.rendering(view, &next, theme, values, (data, pictures), recording);
        let only_texts = next.replaced.as_ref().is_some_and(|(_, only_texts)| *only_texts);
        let dirty = self.dirty(&rendering, &next.planned, summaries, only_texts);
        progress.rendered.store(0, std::sync::atomic::Ordering::Relaxed);
        progress.planned.store(dirty.len(), std::sync::atomic::Ordering::Relaxed);
        let outside = statements::Outside::new(&rendering.portal, &**view);
        let press = Press { rendering: &rendering, ledger: self.ledger.as_ref(), outside: &outside, blind: self.blind, progress, audience };
        let outputs: Vec<&Output> = dirty.iter().map(|number| &next.planned.outputs[*number]).collect();
        let rendered = dirty.into_iter().zip(press.render(&outputs)).collect::<Vec<_>>();
        self.anchors.note(outputs.iter().map(|output| &output.path));
        let planned = pictures::planned(&next.planned, &self.outputs, &rendered);
        let rendered = pictures::renumbered(&planned, &next.planned, &self.outputs, rendered);
        self.outputs.replace(&planned, rendered, recording);
        if let Some(world) = &self.world {
            moved::note(&world.rendering.portal, &rendering.portal, &mut self.moved);
        }
        self.outputs.failures(findings);
        if !policy.stops(findings, self.thorough) {
            parts.push(self.anchors.renew(&rendering.portal, &self.outputs, policy, findings));
            parts.push(self.told.renew(&rendering, (&planned, &self.outputs), policy, &**view, findings));
            pictures::findings(&rendering, &self.outputs, findings);
            statements::gaps(&rendering.portal.config, self.outputs.iter(), &**view, findings);
        }
        self.touched.clear();
        self.reloaded = Reloaded::default();
        self.kept_of_world = true;
        let portal = rendering.portal.clone();
        self.world = Some(World { request: self.request.clone(), rendering, planned: next.planned, findings: next.findings });
        portal
    }

    /// The numbers of the outputs that may come out otherwise than they did.
    fn dirty(&self, rendering: &Rendering, planned: &Arc<Planned>, summaries: Changed, only_texts: bool) -> Vec<usize> {
        let (Some(world), Some(ledger)) = (&self.world, &self.ledger) else { return (0..planned.outputs.len()).collect() };
        let delta = Delta::new(&world.rendering, rendering, &self.touched, summaries, only_texts);
        let changed = ledger.map(|read| delta.is_changed(read));
        let same_plan = Arc::ptr_eq(planned, &world.planned);
        let (now, then) = (&rendering.portal, &world.rendering.portal);
        let stays = |output: &Output, before: Option<(&Output, &Rendered)>| match before {
            Some((other, Rendered { result: Ok(_), reads, .. })) => {
                (same_plan || output.job.is_same(now, &other.job, then)) && !reads.iter().any(|read| changed[*read as usize])
            }
            // What failed may have failed at something that nobody noted.
            _ => false,
        };
        let outputs = self.outputs.before(planned).enumerate();
        outputs.filter(|(_, (output, before))| !stays(output, *before)).map(|(number, _)| number).collect()
    }
}
