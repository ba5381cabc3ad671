//! Images that outputs show: what is wrong with them, and the sizes that are made because of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::made::Rendered;
use super::outputs::Outputs;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::images::{Pictures, Recipe};
use crate::output::{Job, Output, Planned, with_images};
use crate::portal::Portal;
use crate::theme::{Rendering, shown_images};

/// What is known of the images that a portal shows; what was known `before` need not be looked at.
pub(super) fn looked_at(before: Option<Pictures>, portal: &Portal, files: &dyn Files) -> Pictures {
    let pictures = before.unwrap_or_default();
    if portal.config.images.is_some() {
        // Before outputs are made: the time that a page may take is not meant for its images.
        pictures.look_at_all(files, &shown_images(portal));
    }
    pictures
}

/// The plan with the sizes that are shown by outputs that were kept, and by those that were rendered anew:
/// those of the numbers in `new`, each with how it came out.
pub(super) fn planned(planned: &Arc<Planned>, outputs: &Outputs, new: &[(usize, Rendered)]) -> Arc<Planned> {
    let mut sizes: BTreeSet<Arc<Recipe>> = new.iter().flat_map(|(_, rendered)| rendered.sizes.iter().cloned()).collect();
    let mut rendered_anew = new.iter().map(|(number, _)| *number).peekable();
    for (number, (_, before)) in outputs.before(planned).enumerate() {
        let is_new = rendered_anew.next_if(|new| *new == number).is_some();
        if let Some((_, kept)) = before.filter(|_| !is_new) {
            sizes.extend(kept.sizes.iter().cloned());
        }
    }
    if sizes.is_empty() {
        return planned.clone();
    }
    let with_sizes = with_images(planned, sizes);
    let before = outputs.planned();
    // Where nothing is otherwise, the plan is the one that it was: much is spared then.
    if is_same(&with_sizes, before) { before.clone() } else { Arc::new(with_sizes) }
}

/// Whether two plans with sizes are of the same outputs, in the same places. What is not a size stands in the
/// plan of which this was made, and is compared there.
fn is_same(one: &Planned, other: &Planned) -> bool {
    let same = |(a, b): (&Output, &Output)| match (&a.job, &b.job) {
        (Job::Image(a), Job::Image(b)) => a == b,
        _ => false,
    };
    Arc::ptr_eq(&one.addresses, &other.addresses)
        && one.outputs.len() == other.outputs.len()
        && one.outputs.iter().zip(&other.outputs).all(|(a, b)| a.path == b.path && (!matches!(b.job, Job::Image(_)) || same((a, b))))
}

/// What came out, by its number in a plan with sizes. Those that were not there before are among it.
pub(super) fn renumbered(
    with_sizes: &Arc<Planned>,
    planned: &Arc<Planned>,
    outputs: &Outputs,
    new: Vec<(usize, Rendered)>,
) -> Vec<(usize, Rendered)> {
    if Arc::ptr_eq(with_sizes, planned) {
        return new;
    }
    let mut new = new.into_iter().map(|(number, rendered)| (&planned.outputs[number].path, rendered)).peekable();
    let mut all = Vec::new();
    for (number, (output, before)) in outputs.before(with_sizes).enumerate() {
        if let Some((_, rendered)) = new.next_if(|(path, _)| **path == output.path) {
            all.push((number, rendered));
        } else if let Job::Image(made) = &output.job
            && !before.is_some_and(|(other, _)| matches!(&other.job, Job::Image(other) if other == made))
        {
            all.push((number, Rendered::of_image(made)));
        }
    }
    all
}

/// What is wrong with the images that outputs show, each problem once.
pub(super) fn findings(rendering: &Rendering, outputs: &Outputs, findings: &mut Vec<Diagnostic>) {
    let files: BTreeSet<&Arc<str>> = outputs.iter().flat_map(|(_, rendered)| &rendered.pictures).collect();
    findings.extend(files.into_iter().filter_map(|file| rendering.pictures.known(file)?.finding(file)));
}
