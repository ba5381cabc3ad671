//! Rendering some outputs on all cores: what is looked at first.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::guarded::guarded;
use super::made::{BuiltOutput, Rendered};
use super::request::{Audience, Progress};
use super::statements::Outside;
use crate::content::ContentPath;
use crate::diagnostic::{Diagnostic, Place};
use crate::output::{self, Job, Output};
use crate::portal::Portal;
use crate::reads::{Ledger, Read};
use crate::theme::Rendering;

/// What rendering is done with.
pub(super) struct Press<'p> {
    pub rendering: &'p Arc<Rendering>,
    /// Where reads get their numbers; none where they are not noted.
    pub ledger: Option<&'p Ledger>,
    pub outside: &'p Outside<'p>,
    /// Reads that are not noted.
    pub blind: Option<fn(&Read) -> bool>,
    pub progress: &'p Progress,
    pub audience: &'p dyn Audience,
}

/// Outputs that wait to be rendered.
struct Queue<'o> {
    waiting: VecDeque<usize>,
    /// Those that wait, by path; a page made from another with that one.
    by_path: HashMap<&'o str, usize>,
    done: Vec<bool>,
}

/// For each output the one that is made from what it holds: of a page its Markdown.
fn twins(outputs: &[&Output], by_path: &HashMap<&str, usize>) -> Vec<Option<usize>> {
    let mut twins = vec![None; outputs.len()];
    for (index, output) in outputs.iter().enumerate() {
        if let Some(page) = output::twin_of(output).and_then(|page| by_path.get(page)) {
            twins[*page] = Some(index);
        }
    }
    twins
}

impl Press<'_> {
    /// Renders outputs, in the order in which they are wanted; gives them in their own.
    pub(super) fn render(&self, outputs: &[&Output]) -> Vec<Rendered> {
        let paths: Vec<Arc<str>> = outputs.iter().map(|output| output.path.clone()).collect();
        if !paths.is_empty() {
            self.audience.expect(&paths);
        }
        let mut by_path = outputs.iter().enumerate().map(|(index, output)| (&*output.path, index)).collect();
        let twins = twins(outputs, &by_path);
        let mut done = vec![false; outputs.len()];
        for (page, twin) in twins.iter().enumerate().filter_map(|(page, twin)| Some((page, (*twin)?))) {
            by_path.insert(&*outputs[twin].path, page);
            done[twin] = true;
        }
        let queue = Mutex::new(Queue { waiting: (0..outputs.len()).collect(), by_path, done });
        let results: Mutex<Vec<Option<Rendered>>> = Mutex::new(outputs.iter().map(|_| None).collect());
        let work = || {
            let take_in = |index: usize, rendered: Rendered| {
                if let Ok(output) = &rendered.result {
                    self.audience.made(&paths[index], output);
                    if let Some(watchdog) = &self.progress.watchdog {
                        watchdog.made(output.bytes.length().unwrap_or(0));
                    }
                }
                self.progress.rendered.fetch_add(1, Ordering::Relaxed);
                results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(rendered);
            };
            while let Some(index) = self.next(&queue) {
                let (rendered, twin) = self.one(outputs[index], twins[index].map(|twin| outputs[twin]));
                take_in(index, rendered);
                if let (Some(index), Some(twin)) = (twins[index], twin) {
                    take_in(index, twin);
                }
            }
        };
        let watchdog = self.progress.watchdog.as_ref();
        // A page alone is not worth waking other threads for.
        if outputs.len() == 1 || watchdog.is_some_and(|watchdog| watchdog.one_at_a_time()) {
            work();
        } else {
            rayon::scope(|scope| {
                for _ in 0..rayon::current_num_threads().min(outputs.len()) {
                    scope.spawn(|_| work());
                }
            });
        }
        self.rendering.theme.templates.forgive();
        if let Some(watchdog) = watchdog {
            watchdog.rendered();
        }
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Each index was taken by one of the threads, and none ends before its own is in place.
        results.into_iter().flatten().collect()
    }

    /// The next output to render: one that somebody waits for, else the next in order.
    fn next(&self, queue: &Mutex<Queue<'_>>) -> Option<usize> {
        let wanted = self.audience.wanted();
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let urgent = wanted.iter().filter_map(|path| queue.by_path.get(&**path).copied()).find(|index| !queue.done[*index]);
        let next = urgent.or_else(|| {
            let Queue { waiting, done, .. } = &mut *queue;
            std::iter::from_fn(|| waiting.pop_front()).find(|index| !done[*index])
        })?;
        queue.done[next] = true;
        Some(next)
    }

    /// Makes an output, and what is made from it: of a page its Markdown.
    fn one(&self, planned: &Output, twin: Option<&Output>) -> (Rendered, Option<Rendered>) {
        let source = source_of(&self.rendering.portal, planned);
        let (theme, template) = (&self.rendering.theme, planned.job.template());
        match guarded(self.progress, &planned.path, template, theme, || output::render(self.rendering, planned)) {
            Ok((bytes, reads)) => {
                let reads = match self.blind {
                    Some(blind) => reads.without(blind),
                    None => reads,
                };
                let missing: BTreeSet<Arc<str>> = reads.iter().filter_map(Read::missing).collect();
                let pictures: BTreeSet<Arc<str>> = reads.iter().filter_map(Read::picture).collect();
                let sizes: BTreeSet<_> = reads.iter().filter_map(Read::made).collect();
                let reads = self.ledger.map(|ledger| ledger.enter(reads)).unwrap_or_default();
                let output = BuiltOutput { bytes, source };
                let (contacts, twin) = match twin {
                    Some(twin) => {
                        let (contacts, said) = self.outside.of_page(&output);
                        // It has read what the page has read.
                        let made = BuiltOutput { bytes: output::twin(self.rendering, twin, &said).packed(), source: None };
                        (contacts, Some(Rendered { reads: reads.clone(), ..Rendered::of(Ok(made)) }))
                    }
                    None => (self.outside.of(&planned.path, &output), None),
                };
                let output = BuiltOutput { bytes: output.bytes.packed(), ..output };
                let made = Rendered::of(Ok(output));
                let (missing, pictures) = (missing.into_iter().collect(), pictures.into_iter().collect());
                (Rendered { reads, contacts, missing, pictures, sizes: sizes.into_iter().collect(), ..made }, twin)
            }
            Err(found) => {
                let found = found.into_iter().map(|finding| while_rendering(finding, source.as_ref())).collect();
                // What is wrong is reported of the page.
                (Rendered::of(Err(found)), twin.map(|_| Rendered::of(Err(Vec::new()))))
            }
        }
    }
}

/// The file that an output is the page of.
fn source_of(portal: &Portal, output: &Output) -> Option<ContentPath> {
    match &output.job {
        Job::Page(number, _) => Some(portal.pages[*number].document.file.clone()),
        Job::Section(number, ..) => Some(portal.sections[*number].document.file.clone()),
        _ => None,
    }
}

/// A finding about a template, with the page that was being rendered.
fn while_rendering(finding: Diagnostic, source: Option<&ContentPath>) -> Diagnostic {
    match source {
        Some(file) if matches!(finding.code, "template" | "template-runaway") => {
            finding.related("while this page was rendered", Place::file(&file.in_portal()))
        }
        _ => finding,
    }
}

/// What is wrong with calls in Markdown, of a portal that has other errors and is not rendered. Errors inside
/// templates are left out: they may follow from those others.
pub(super) fn shortcode_findings(rendering: &Arc<Rendering>, progress: &Progress) -> Vec<Diagnostic> {
    let entries: Vec<_> = rendering.portal.entries().filter(|entry| !rendering.portal.document(*entry).body.calls.is_empty()).collect();
    let content = |entry| {
        let file = rendering.portal.document(entry).file.clone();
        guarded(progress, &file, None, &rendering.theme, || rendering.content(entry)).err()
    };
    let found = entries.into_par_iter().filter_map(content).flatten();
    found.filter(|finding| finding.related.is_empty() || finding.code == "template-runaway").collect()
}
