//! Where the links of finished pages lead: nowhere, to an anchor that is not there, to an address that has
//! moved; pages that nothing leads to, and the one that all should lead to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use rayon::prelude::*;

use super::imprint;
use super::page::Page;
use super::report::{Draft, Report};
use super::site::{Leads, Site, SitePage};
use super::unlinked;
use crate::diagnostic::{Diagnostic, Names, Text, repeated, text};
use crate::html::Use;
use crate::limits::MOST_GUESSED;
use crate::output::{Job, Output};

/// What is wrong with a link, in the order of reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Problem {
    /// Nothing is published at the path that a reader would follow.
    Path(String),
    /// Nothing is published at the path that a browser would load.
    File(String),
    /// The output has no such anchor.
    Anchor(usize, String),
    /// The output leads elsewhere.
    Moved(usize),
}

impl Problem {
    fn code(&self) -> &'static str {
        match self {
            Self::Path(_) => "dead-link",
            Self::File(_) => "missing-file",
            Self::Anchor(..) => "dead-anchor",
            Self::Moved(_) => "link-to-redirect",
        }
    }
}

/// What the links of one page give.
#[derive(Default)]
struct Followed {
    /// The pages that a reader gets to, by the numbers of their outputs.
    reached: BTreeSet<usize>,
    /// The files published as they are that the page names, whatever for.
    files: BTreeSet<usize>,
    /// Each problem, and the address as the page writes it.
    problems: Vec<(Problem, String)>,
    /// Anchors to be looked for: output, anchor, address as written.
    anchors: Vec<(usize, String, String)>,
}

/// Reports what is wrong with links.
pub(super) fn links(site: &Site<'_>, report: &mut Report<'_>) {
    let followed: Vec<Followed> = site.pages.par_iter().map(|page| follow(site, page)).collect();
    // By problem the pages that have it, each with the address as it writes it.
    let mut problems: BTreeMap<Problem, Vec<(usize, String)>> = BTreeMap::new();
    let anchors = Anchors::new(site, &followed);
    for (number, followed) in followed.iter().enumerate() {
        let dead = followed.anchors.iter().filter(|(output, anchor, _)| !anchors.has(*output, anchor));
        let dead = dead.map(|(output, anchor, written)| (Problem::Anchor(*output, anchor.clone()), written.clone()));
        for (problem, written) in followed.problems.iter().cloned().chain(dead) {
            problems.entry(problem).or_default().push((number, written));
        }
    }
    let addresses: BTreeSet<String> = if problems.is_empty() { BTreeSet::new() } else { site.addresses().collect() };
    let mut guesses = Guesses { addresses: &addresses, names: None, anchors: HashMap::new(), left: MOST_GUESSED };
    let wanted = |problem: &&Problem| site.reports(problem.code());
    for (problem, mentions) in problems.iter().filter(|(problem, _)| wanted(problem)) {
        let finding = finding(site, problem, &anchors, &mut guesses);
        for (page, written) in mentions {
            report.add_at(*page, &finding, site.places().of_address(&site.pages[*page], written));
        }
    }
    if site.reports("redirect-chain") {
        chains(site, report);
    }
    // What could not be made may be what links to a page.
    if site.whole {
        if site.reports("orphan-page") {
            orphans(site, &followed, report);
        }
        if site.reports("unlinked-file") {
            let linked = followed.iter().flat_map(|followed| followed.files.iter().copied()).collect();
            unlinked::unlinked(site, &linked, report);
        }
        if site.reports("imprint") {
            let reached: Vec<&BTreeSet<usize>> = followed.iter().map(|followed| &followed.reached).collect();
            imprint::imprint(site, &reached, report);
        }
    }
}

/// Where the links of a page lead. Pages that only lead elsewhere are looked at as redirects.
fn follow(site: &Site<'_>, page: &SitePage) -> Followed {
    let mut followed = Followed::default();
    if let Some(target) = &page.page.refresh {
        match site.leads(page, target) {
            Leads::Output(output, _) => {
                followed.reached.insert(output);
            }
            // Where the program made it lead was looked at.
            Leads::Nowhere(path) if page.copied.is_some() => followed.problems.push((Problem::Path(path), target.clone())),
            _ => {}
        }
        return followed;
    }
    let mut seen = HashSet::with_capacity(page.page.links.len());
    for link in &page.page.links {
        if !seen.insert((link.written.as_str(), link.purpose, link.turns)) {
            continue;
        }
        let leads = site.leads(page, &link.written);
        if let Leads::Output(output, _) = leads
            && matches!(site.outputs()[output].job, Job::Copy(_))
        {
            followed.files.insert(output);
        }
        match leads {
            Leads::Nowhere(path) if link.purpose == Use::Load => followed.problems.push((Problem::File(path), link.written.clone())),
            Leads::Nowhere(path) => followed.problems.push((Problem::Path(path), link.written.clone())),
            Leads::Output(output, anchor) if matches!(link.purpose, Use::Follow | Use::Send) => {
                // Who leafs through pages must have come to one of them first; the further pages of a list
                // are reached in no other way.
                if output != page.output && !(link.turns && matches!(site.outputs()[output].job, Job::Page(..))) {
                    followed.reached.insert(output);
                }
                if alias_target(&site.outputs()[output]).is_some() {
                    followed.problems.push((Problem::Moved(output), link.written.clone()));
                } else if let Some(anchor) = anchor {
                    followed.anchors.push((output, anchor, link.written.clone()));
                }
            }
            Leads::Output(..) | Leads::Away(_) | Leads::Elsewhere => {}
        }
    }
    followed
}

/// Where an old address of a page leads.
fn alias_target(output: &Output) -> Option<&str> {
    match (&output.job, &output.written) {
        (Job::Redirect(target), Some((_, "aliases"))) => Some(target),
        _ => None,
    }
}

/// The anchors of those pages that others link to.
struct Anchors<'s> {
    of: HashMap<usize, HashSet<&'s str>>,
}

impl<'s> Anchors<'s> {
    fn new(site: &'s Site<'_>, followed: &[Followed]) -> Self {
        let wanted: BTreeSet<usize> = followed.iter().flat_map(|followed| followed.anchors.iter().map(|(output, ..)| *output)).collect();
        let of = wanted.into_iter().filter_map(|output| Some((output, anchors_of(&site.page_of(output)?.page)))).collect();
        Self { of }
    }

    /// Whether an output has an anchor. What is no page may have any: `#page=2` of a PDF.
    ///
    /// Source: HTML standard, "select the indicated part": as it is written, else decoded, else the top of
    /// the page.
    fn has(&self, output: usize, anchor: &str) -> bool {
        self.of.get(&output).is_none_or(|anchors| {
            let decoded = decoded(anchor);
            anchors.contains(anchor) || anchors.contains(&*decoded) || decoded.eq_ignore_ascii_case("top")
        })
    }
}

fn decoded(anchor: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(anchor).decode_utf8_lossy()
}

fn anchors_of(page: &Page) -> HashSet<&str> {
    page.anchors.iter().map(String::as_str).collect()
}

/// What misspelt links may have meant, of the first of them.
struct Guesses<'s> {
    addresses: &'s BTreeSet<String>,
    names: Option<Names<'s>>,
    /// The names of the anchors of outputs.
    anchors: HashMap<usize, Names<'s>>,
    left: usize,
}

impl<'s> Guesses<'s> {
    fn address(&mut self, path: &str) -> Option<&'s str> {
        self.left = self.left.checked_sub(1)?;
        let addresses = self.addresses;
        self.names.get_or_insert_with(|| Names::new(addresses.iter().map(String::as_str))).near(path)
    }

    fn anchor(&mut self, output: usize, anchor: &str, anchors: &Anchors<'s>) -> Option<&'s str> {
        self.left = self.left.checked_sub(1)?;
        let known = || anchors.of.get(&output).into_iter().flat_map(|known| known.iter().copied().collect::<BTreeSet<_>>());
        self.anchors.entry(output).or_insert_with(|| Names::new(known())).near(anchor)
    }
}

fn finding<'s>(site: &Site<'_>, problem: &Problem, anchors: &Anchors<'s>, guesses: &mut Guesses<'s>) -> Diagnostic {
    let addresses = guesses.addresses;
    let near = |path: &str, guesses: &mut Guesses<'_>| match guesses.address(path) {
        Some(near) => text!("did you mean `{near}`?", near),
        None => {
            Text::from("link to a page by its file, `@/folder/page.md`, in templates with `get_url`: such links are checked and follow")
        }
    };
    // A page is no file that a page could load.
    let near_file = |path: &str, guesses: &mut Guesses<'_>| match guesses.address(path).filter(|near| !near.ends_with('/')) {
        Some(near) => text!("did you mean `{near}`?", near),
        None => {
            Text::from("put the file into `static/`, or beside the page; templates name it with `get_url`, which is checked and follows")
        }
    };
    let base = &site.portal.config.base_path;
    match problem {
        Problem::Path(path) if !base.is_empty() && addresses.contains(path) => Diagnostic::new(
            "dead-link",
            text!("nothing is published at `{path}`: the portal begins at `{base}/`", path, base),
        )
        .help(text!("write `{base}{path}`, or link to a page by its file, in templates with `get_url`", base, path)),
        Problem::Path(path) => {
            Diagnostic::new("dead-link", text!("nothing is published at `{path}`", path = repeated(path))).help(near(path, guesses))
        }
        Problem::File(path) => {
            Diagnostic::new("missing-file", text!("the page loads `{path}`, and nothing is published there", path = repeated(path)))
                .help(near_file(path, guesses))
        }
        Problem::Anchor(output, anchor) => {
            let (to, anchor) = (site.address_of(*output), decoded(anchor));
            let help = match guesses.anchor(*output, &anchor, anchors) {
                Some(near) => text!("did you mean `#{near}`?", near),
                None => Text::from("an anchor is the `id` of an element; headings have one made from their text"),
            };
            Diagnostic::new("dead-anchor", text!("`{to}` has no anchor `#{anchor}`", to, anchor = repeated(&anchor))).help(help)
        }
        Problem::Moved(output) => {
            let from = site.address_of(*output);
            let to = alias_target(&site.outputs()[*output]).unwrap_or_default();
            Diagnostic::new("link-to-redirect", text!("`{from}` is an old address: it only leads to `{to}`", from, to))
                .help(text!("link to `{to}`, or to the page by its file", to))
        }
    }
}

/// Redirects that lead to another redirect.
fn chains(site: &Site<'_>, report: &mut Report<'_>) {
    for (number, page) in site.pages.iter().enumerate() {
        let Job::Redirect(target) = &site.outputs()[page.output].job else { continue };
        let Leads::Output(next, _) = site.leads(page, target) else { continue };
        let Job::Redirect(last) = &site.outputs()[next].job else { continue };
        let message =
            text!("`{from}` leads to `{next}`, which only leads on to `{last}`", from = page.address, next = site.address_of(next), last);
        let finding = Diagnostic::new("redirect-chain", message).help(text!("let it lead to `{last}` at once", last));
        let place = site.written_place(page.output);
        report.add(Draft { page: number, finding, place });
    }
}

/// Pages that no links lead to from the home page.
fn orphans(site: &Site<'_>, followed: &[Followed], report: &mut Report<'_>) {
    let Some(home) = site.pages.iter().find(|page| page.address == "/") else { return };
    let mut reached = HashSet::from([home.output]);
    let mut open = VecDeque::from([home.output]);
    while let Some(output) = open.pop_front() {
        let Ok(number) = site.pages.binary_search_by_key(&output, |page| page.output) else { continue };
        open.extend(followed[number].reached.iter().copied().filter(|next| reached.insert(*next)));
    }
    for (number, page) in site.made() {
        let expected = page.page.refresh.is_none() && !matches!(site.outputs()[page.output].job, Job::NotFound(_));
        if !expected || page.page.noindex || reached.contains(&page.output) {
            continue;
        }
        let finding = Diagnostic::new("orphan-page", text!("no links lead from the home page to `{address}`", address = page.address))
            .help("link to it from a page or a menu, so that readers find it; or make it a draft");
        let place = page.source.as_ref().map(|file| site.places().of_key(file, "title", &file.in_portal()));
        report.add(Draft { page: number, finding, place });
    }
}
