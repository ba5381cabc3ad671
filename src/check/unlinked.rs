//! Files beside pages that nothing names: notes, drafts, earlier versions that lie there by mistake and are published.

use std::collections::{BTreeSet, HashSet};

use aho_corasick::AhoCorasick;
use url::Url;

use super::report::Report;
use super::site::Site;
use crate::diagnostic::{Diagnostic, Place, text};
use crate::output::Job;

/// Reports them. `linked` are the outputs that addresses of pages and style sheets lead to. What a script
/// loads is not known; so nothing is said of files that lie with a script or a page of their own, or below.
pub(super) fn unlinked(site: &Site<'_>, linked: &HashSet<usize>, report: &mut Report<'_>) {
    let copies: Vec<(usize, &str, &str)> = site
        .outputs()
        .iter()
        .enumerate()
        .filter_map(|(number, output)| match &output.job {
            Job::Copy(file) => Some((number, &**file, &*output.path)),
            _ => None,
        })
        .collect();
    let loads_others = |path: &str| [".html", ".htm", ".js", ".mjs"].iter().any(|ending| path.ends_with(ending));
    let with_scripts: HashSet<&str> = copies.iter().filter(|(.., path)| loads_others(path)).map(|(.., path)| folder(path)).collect();
    let data = site.data_files();
    let may_be_loaded = |path: &str| {
        let mut above = std::iter::successors(Some(folder(path)), |below| Some(folder(below)).filter(|above| !above.is_empty()));
        above.any(|folder| with_scripts.contains(folder))
    };
    let left: Vec<(usize, &str)> = copies
        .iter()
        .filter(|(number, file, path)| !linked.contains(number) && !data.contains(*file) && !may_be_loaded(path))
        .map(|(number, file, _)| (*number, *file))
        .collect();
    let named = if left.is_empty() { BTreeSet::new() } else { named(site, &left) };
    for (number, file) in left.into_iter().filter(|(number, _)| !named.contains(number)) {
        let message = text!("no page links to `{file}`, and it is published at `{address}`", file, address = site.address_of(number));
        let help = "move it out of `content/` if it is not for readers; link to it if it is; allow the finding where others link to it";
        report.say(Diagnostic::new("unlinked-file", message).at(Place::file(file)).help(help));
    }
}

/// Which of some outputs others name in any other way: a picture for social networks (`og:image`), linked
/// data, an attribute that a script reads.
fn named(site: &Site<'_>, left: &[(usize, &str)]) -> BTreeSet<usize> {
    let addresses = left.iter().flat_map(|(number, _)| {
        let address = site.address_of(*number);
        let as_url = Url::parse(&site.portal.config.permalink(&address)).map_or_else(|_| address.clone(), |url| url.path().to_owned());
        [as_url, address]
    });
    // Where there are too many to be looked for at once, each counts as named: nothing wrong is said.
    let Ok(finder) = AhoCorasick::new(addresses) else { return left.iter().map(|(number, _)| *number).collect() };
    let mut named = BTreeSet::new();
    for text in site.texts() {
        // Each has two patterns: as it is, and as the URL standard writes it.
        named.extend(finder.find_overlapping_iter(&text).map(|found| left[found.pattern().as_usize() / 2].0));
    }
    named
}

/// The folder of a path.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
