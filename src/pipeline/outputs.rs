//! The outputs of the portal that was rendered last, and what of them nobody was told yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::made::{BuiltOutput, Rendered, anchors_of};
use crate::diagnostic::Diagnostic;
use crate::output::{Output, Planned};

/// Outputs in the order of their plan, which is that of their paths.
#[derive(Default)]
pub(super) struct Outputs {
    planned: Arc<Planned>,
    rendered: Vec<Rendered>,
    /// Of the outputs that changed since the last update without errors: what they were.
    unpublished: BTreeMap<Arc<str>, Option<BuiltOutput>>,
}

impl Outputs {
    /// Their plan.
    pub(super) fn planned(&self) -> &Arc<Planned> {
        &self.planned
    }

    /// For each output of a plan, in its order, what was planned and rendered at its path before.
    pub(super) fn before<'o>(
        &'o self,
        planned: &'o Arc<Planned>,
    ) -> impl Iterator<Item = (&'o Output, Option<(&'o Output, &'o Rendered)>)> {
        let same = Arc::ptr_eq(planned, &self.planned);
        let mut old = self.planned.outputs.iter().zip(&self.rendered).peekable();
        planned.outputs.iter().map(move |output| {
            if same {
                return (output, old.next());
            }
            // Both are ordered by path.
            while old.next_if(|(other, _)| other.path < output.path).is_some() {}
            (output, old.next_if(|(other, _)| other.path == output.path))
        })
    }

    /// Takes what was rendered anew, by its number in the plan, and keeps the rest.
    pub(super) fn replace(&mut self, planned: &Arc<Planned>, new: Vec<(usize, Rendered)>, remember: bool) {
        let mut note = |path: &Arc<str>, before: Option<Rendered>| {
            if remember {
                self.unpublished.entry(path.clone()).or_insert_with(|| before.and_then(|rendered| rendered.result.ok()));
            }
        };
        if Arc::ptr_eq(planned, &self.planned) {
            for (number, rendered) in new {
                let before = std::mem::replace(&mut self.rendered[number], rendered);
                note(&planned.outputs[number].path, Some(before));
            }
            return;
        }
        let mut old = self.planned.outputs.iter().zip(std::mem::take(&mut self.rendered)).peekable();
        let mut new = new.into_iter().peekable();
        let mut all = Vec::with_capacity(planned.outputs.len());
        for (number, output) in planned.outputs.iter().enumerate() {
            while let Some((gone, rendered)) = old.next_if(|(other, _)| other.path < output.path) {
                note(&gone.path, Some(rendered));
            }
            let before = old.next_if(|(other, _)| other.path == output.path).map(|(_, rendered)| rendered);
            match new.next_if(|(at, _)| *at == number) {
                Some((_, rendered)) => {
                    note(&output.path, before);
                    all.push(rendered);
                }
                // What is not rendered anew was there before.
                None => all.extend(before),
            }
        }
        old.for_each(|(gone, rendered)| note(&gone.path, Some(rendered)));
        self.rendered = all;
        self.planned = planned.clone();
    }

    /// What is different since this was asked last: outputs that came, hold something else, or went.
    pub(super) fn publish(&mut self) -> BTreeMap<Arc<str>, Option<BuiltOutput>> {
        let mut changes = BTreeMap::new();
        for (path, before) in std::mem::take(&mut self.unpublished) {
            match (before, self.get(&path)) {
                (None, None) => {}
                (Some(before), Some(now)) if before.bytes.is_same(&now.bytes) => {}
                (_, now) => {
                    let now = now.cloned();
                    changes.insert(path, now);
                }
            }
        }
        changes
    }

    /// The output at a path, if it could be made.
    pub(super) fn get(&self, path: &str) -> Option<&BuiltOutput> {
        self.at(path)?.result.as_ref().ok()
    }

    fn at(&self, path: &str) -> Option<&Rendered> {
        let at = self.planned.outputs.binary_search_by(|output| (*output.path).cmp(path)).ok()?;
        self.rendered.get(at)
    }

    /// Whether the output at a path has one of some anchors. It is read when the first is asked for, and what
    /// was found is kept with it.
    pub(super) fn has_anchor(&self, path: &str, anchors: &[&str]) -> bool {
        let Some(rendered) = self.at(path) else { return false };
        let Ok(output) = &rendered.result else { return false };
        let known = rendered.anchors.get_or_init(|| anchors_of(output));
        anchors.iter().any(|anchor| known.contains(*anchor))
    }

    /// All outputs, in the order of their paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Output, &Rendered)> {
        self.planned.outputs.iter().zip(&self.rendered)
    }

    /// The outputs alone, of those that could be made.
    pub(super) fn into_made(self) -> BTreeMap<Arc<str>, BuiltOutput> {
        let paths = self.planned.outputs.iter().map(|output| output.path.clone());
        paths.zip(self.rendered).filter_map(|(path, rendered)| Some((path, rendered.result.ok()?))).collect()
    }

    /// What is wrong with outputs that could not be made, each problem once.
    pub(super) fn failures(&self, findings: &mut Vec<Diagnostic>) {
        let key = |finding: &Diagnostic| (finding.code, finding.message.clone(), finding.place.clone());
        let mut known: BTreeSet<_> = findings.iter().map(key).collect();
        for found in self.rendered.iter().filter_map(|rendered| rendered.result.as_ref().err()) {
            for finding in found {
                // The same line of a template fails for many pages: the first of them is named.
                if known.insert(key(finding)) {
                    findings.push(finding.clone());
                }
            }
        }
    }
}
