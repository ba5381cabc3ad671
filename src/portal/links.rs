//! Links in Markdown: where they lead.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::address::folder_of;
use super::ids::SectionId;
use super::left_out::LeftOut;
use super::model::Portal;
use super::page::{Asset, Entry};
use super::pending::{Followed, PendingAnchor, PendingPath};
use crate::content::{Body, CONTENT_DIR, ContentPath, Link, SECTION_FILE};
use crate::diagnostic::{About, Diagnostic, Names, Spot, Text, repeated, text};
use crate::limits::MOST_GUESSED;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To an address that goes into the page as it is.
    Address(String),
    /// To an anchor of a page or section that none of its headings has; a template may give it.
    Anchor(String, Entry, String),
    /// To a path below the root, which may be any output.
    Path(String, String),
}

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadLink {
    /// There is no such page, by its path below `content/`.
    Page(String),
    /// There is no file of that name beside the page.
    Beside(String),
    /// Nothing was written.
    Empty,
}

impl DeadLink {
    /// The finding, which says so where the link leads to a page that is left out. With `pages` a slip is
    /// looked for.
    pub(super) fn finding(&self, target: &str, loaded: bool, left_out: &LeftOut, pages: Option<&PageNames<'_>>) -> Diagnostic {
        let file = target.strip_prefix("@/").map(|file| file.split('#').next().unwrap_or(file));
        if let Some((file, absence)) = file.filter(|_| !loaded).and_then(|file| Some((file, left_out.files.get(file)?))) {
            let (message, help) = absence.words(&format!("`{file}`").into(), "link");
            return Diagnostic::new("dead-link", message).help(help);
        }
        let finding = |message: Text| Diagnostic::new(code_of(loaded), message);
        match self {
            DeadLink::Page(file) => {
                let help = match pages.and_then(|pages| pages.near(file)) {
                    Some(near) => text!("did you mean `@/{near}`?", near),
                    None => Text::from("`@/` is the folder content/; a section is `@/folder/_index.md`"),
                };
                finding(text!("there is no page `{file}`", file = repeated(file))).help(help).about(About::File(file.clone()))
            }
            DeadLink::Beside(name) => {
                let is_page = std::path::Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
                let help = if is_page {
                    "link to a page by its file below content/: `@/folder/page.md`"
                } else {
                    "put the file beside the page, or write where it leads in full: `@/folder/page.md`, `/path/`, `https://…`"
                };
                finding(text!("there is no file `{name}` beside this page", name = repeated(name))).help(help)
            }
            DeadLink::Empty => finding(Text::from("the link leads nowhere")).help("write where it is to lead"),
        }
    }
}

/// The code of a finding about a link that leads nowhere, or about a file that is not there to be `loaded`.
fn code_of(loaded: bool) -> &'static str {
    if loaded { "missing-file" } else { "dead-link" }
}

/// The files of pages and sections, for slips in links to them. They are gone through when the first is
/// looked for.
pub(super) struct PageNames<'p> {
    by_file: &'p HashMap<ContentPath, Entry>,
    names: OnceLock<(Names<'p>, HashMap<&'p str, &'p str>)>,
}

impl<'p> PageNames<'p> {
    pub(super) fn new(by_file: &'p HashMap<ContentPath, Entry>) -> Self {
        Self { by_file, names: OnceLock::new() }
    }

    /// The file that a slip may have meant: the nearest, else one of that name elsewhere.
    fn near(&self, file: &str) -> Option<&'p str> {
        let (names, by_name) = self.names.get_or_init(|| {
            let names = Names::new(self.by_file.keys().map(|file| &**file));
            let mut by_name = HashMap::new();
            for file in names.iter() {
                by_name.entry(name_of(file)).or_insert(file);
            }
            (names, by_name)
        });
        names.near(file).or_else(|| by_name.get(name_of(file)).copied().filter(|_| name_of(file) != SECTION_FILE))
    }
}

fn name_of(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Where an address leads that `site.toml` or `redirect_to` writes.
pub(super) struct Target {
    /// The full address.
    pub permalink: String,
    /// The address below the root; of a foreign one the full address.
    pub path: String,
}

impl Portal {
    /// Where an address leads that `site.toml` or `redirect_to` writes; what only the finished outputs can
    /// decide is kept.
    pub(super) fn target(&mut self, url: &str, at: Spot) -> Result<Target, DeadLink> {
        let from_root = url.starts_with(['/', '@', '#']) || url.contains("://") || has_scheme(url);
        let target = if from_root { url.to_owned() } else { format!("/{url}") };
        Arc::make_mut(&mut self.anchored).extend(anchored_file(&target).map(str::to_owned));
        let link = Link { target, image: false, loaded: false, span: 0..0 };
        let path = |portal: &Self, address: String| {
            let entry = url.strip_prefix("@/").and_then(|file| portal.entry(file.split('#').next().unwrap_or(file)));
            entry.map_or(address, |entry| portal.path(entry).to_string())
        };
        Ok(match self.destination(Entry::Section(SectionId::HOME), &link)? {
            Destination::Address(permalink) => Target { path: path(self, permalink.clone()), permalink },
            Destination::Anchor(permalink, entry, anchor) => {
                self.pending.anchors.push(PendingAnchor { entry, anchor, at });
                Target { path: path(self, permalink.clone()), permalink }
            }
            Destination::Path(permalink, path) => {
                self.pending.paths.push(PendingPath { path: path.clone(), loaded: false, at });
                Target { permalink, path }
            }
        })
    }

    /// Where a link of the page or section `from` leads.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn destination(&self, from: Entry, link: &Link) -> Result<Destination, DeadLink> {
        let target = link.target.as_str();
        if let Some(file) = target.strip_prefix("@/") {
            let (file, anchor) = file.split_once('#').map_or((file, None), |(file, anchor)| (file, Some(anchor)));
            let entry = self.entry(file).ok_or_else(|| DeadLink::Page(file.to_owned()))?;
            return Ok(self.with_anchor(entry, self.permalink(entry).to_string(), anchor));
        }
        if let Some(anchor) = target.strip_prefix('#') {
            return Ok(self.with_anchor(from, String::new(), Some(anchor)));
        }
        if target.starts_with("//") || target.contains("://") || has_scheme(target) {
            return Ok(Destination::Address(target.to_owned()));
        }
        if let Some(rest) = target.strip_prefix('/') {
            let end = rest.find(['?', '#']).unwrap_or(rest.len());
            return Ok(Destination::Path(self.config.permalink(target), format!("/{}", &rest[..end])));
        }
        let end = target.find(['?', '#']).unwrap_or(target.len());
        if target.starts_with('?') {
            return Ok(Destination::Address(format!("{}{target}", self.permalink(from))));
        }
        if target.is_empty() {
            return Err(DeadLink::Empty);
        }
        let path = match self.report_beside(from, &target[..end]) {
            Some(path) => path,
            None => self.beside(from, &target[..end])?.path.to_string(),
        };
        Ok(Destination::Address(format!("{}{}", self.config.permalink(&path), &target[end..])))
    }

    /// The address of a report of a page, by the name of its file.
    fn report_beside(&self, from: Entry, name: &str) -> Option<String> {
        let Entry::Page(page) = from else { return None };
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        let name = name.strip_prefix("./").unwrap_or(&name);
        self.pages[page].reports().find(|(report, _)| *report.file == *name).map(|(_, path)| path)
    }

    fn with_anchor(&self, entry: Entry, permalink: String, anchor: Option<&str>) -> Destination {
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else { return Destination::Address(permalink) };
        let address = format!("{permalink}#{anchor}");
        // As it is written, else decoded, else the top of the page (HTML standard, "select the indicated
        // part").
        let decoded = percent_encoding::percent_decode_str(anchor).decode_utf8_lossy();
        let has = |anchor: &str| self.document(entry).has_anchor(anchor);
        if has(anchor) || has(&decoded) || decoded.eq_ignore_ascii_case("top") {
            Destination::Address(address)
        } else {
            Destination::Anchor(address, entry, anchor.to_owned())
        }
    }

    /// The file beside a page that a link names, without anything behind its name.
    pub(crate) fn asset_of(&self, from: Entry, link: &Link) -> Option<&Asset> {
        let target = link.target.as_str();
        let elsewhere = target.starts_with(['@', '/', '#', '?']) || target.contains(['?', '#']) || has_scheme(target);
        if elsewhere { None } else { self.beside(from, target).ok() }
    }

    /// A file beside a page: of its own folder, or of its section's.
    fn beside(&self, from: Entry, name: &str) -> Result<&Asset, DeadLink> {
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        let name = name.strip_prefix("./").unwrap_or(&name);
        let section = match from {
            Entry::Page(page) => self.pages[page].section.map(Entry::Section),
            Entry::Section(_) => None,
        };
        for entry in [Some(from), section].into_iter().flatten() {
            let folder = folder_of(&self.document(entry).file);
            let file = format!("{CONTENT_DIR}/{folder}{name}");
            if let Some(asset) = self.assets(entry).iter().find(|asset| *asset.file == *file) {
                return Ok(asset);
            }
        }
        Err(DeadLink::Beside(name.to_owned()))
    }

    /// Follows every link of some pages and sections, and keeps with them what came of it.
    pub(super) fn follow_links(&mut self, entries: &[Entry]) {
        let by_file = self.by_file.clone();
        let follow = Follow { portal: self, pages: PageNames::new(&by_file), dead: Mutex::default(), none: Arc::default() };
        let followed: Vec<(Arc<Followed>, BTreeSet<String>)> = match entries {
            // A page alone is not worth waking other threads for.
            [one] => vec![follow.links_of(*one)],
            many => many.par_iter().map(|entry| follow.links_of(*entry)).collect(),
        };
        for (entry, (links, mut anchored)) in entries.iter().zip(followed) {
            if !anchored.iter().all(|file| self.anchored.contains(file)) {
                Arc::make_mut(&mut self.anchored).append(&mut anchored);
            }
            match entry {
                Entry::Page(page) => Arc::make_mut(&mut self.pages[*page]).links = links,
                Entry::Section(section) => Arc::make_mut(&mut self.sections[*section]).links = links,
            }
        }
    }

    /// An image of another origin would be fetched by every reader.
    fn check_origin(&self, target: &str, spot: &Spot, findings: &mut Vec<Diagnostic>) {
        let foreign = (target.starts_with("//") || target.contains("://")) && !target.starts_with(&*self.config.base_url);
        let origin = || Some(url::Url::parse(&self.config.base_url).ok()?.join(target).ok()?.origin().ascii_serialization());
        if foreign
            && self.config.reports("foreign-origin")
            && !origin().is_some_and(|of_target| self.config.allowed_origins().any(|allowed| allowed.origin == of_target))
        {
            findings.push(
                Diagnostic::new("foreign-origin", "the image is loaded from another server, which learns of every reader")
                    .at(spot.place())
                    .help("put the file beside the page, or name the server and what for in site.toml: `[[privacy.services]]`"),
            );
        }
    }
}

/// Follows the links of documents.
struct Follow<'p> {
    portal: &'p Portal,
    pages: PageNames<'p>,
    /// What was said of a target is said again, not found again: old content may hold one dead link ten
    /// thousand times.
    dead: Mutex<HashMap<String, Diagnostic>>,
    /// What nearly all documents have to keep.
    none: Arc<Followed>,
}

impl Follow<'_> {
    /// What comes of the links of a page or section, and the files that it links to anchors of.
    fn links_of(&self, from: Entry) -> (Arc<Followed>, BTreeSet<String>) {
        let document = self.portal.document(from);
        let mut followed = Followed::default();
        let mut anchored = BTreeSet::new();
        let mut wrong = 0;
        each_link(&document.body, &mut |link| {
            let spot = || document.spot(link.span.clone());
            match self.portal.destination(from, link) {
                Ok(Destination::Address(_)) => {}
                Ok(Destination::Anchor(_, entry, anchor)) => followed.anchors.push(PendingAnchor { entry, anchor, at: spot() }),
                Ok(Destination::Path(_, path)) => followed.paths.push(PendingPath { path, loaded: link.loaded, at: spot() }),
                Err(_) if !self.portal.config.reports(code_of(link.loaded)) => {}
                Err(problem) => {
                    let finding = self.finding(&problem, link, wrong < MOST_GUESSED);
                    followed.findings.push(finding.at(spot().place()));
                    wrong += 1;
                }
            }
            anchored.extend(anchored_file(&link.target).map(str::to_owned));
            if link.image {
                self.portal.check_origin(&link.target, &spot(), &mut followed.findings);
            }
        });
        (if followed.is_empty() { self.none.clone() } else { Arc::new(followed) }, anchored)
    }

    fn finding(&self, problem: &DeadLink, link: &Link, guess: bool) -> Diagnostic {
        let new = || problem.finding(&link.target, link.loaded, &self.portal.left_out, Some(&self.pages).filter(|_| guess));
        if !guess || link.loaded || !matches!(problem, DeadLink::Page(_)) {
            return new();
        }
        let mut dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = dead.get(&link.target) {
            return known.clone();
        }
        drop(dead);
        let finding = new();
        dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        dead.insert(link.target.clone(), finding.clone());
        finding
    }
}

/// All links of a body and of the bodies of calls in it.
fn each_link(body: &Body, visit: &mut dyn FnMut(&Link)) {
    body.links.iter().for_each(&mut *visit);
    for call in &body.calls {
        if let Some(inner) = &call.body {
            each_link(inner, visit);
        }
    }
}

/// The file that a link to an anchor of another page names.
fn anchored_file(target: &str) -> Option<&str> {
    let (file, _) = target.strip_prefix("@/")?.split_once('#')?;
    Some(file)
}

fn has_scheme(target: &str) -> bool {
    match target.split_once(':') {
        Some((scheme, _)) => {
            !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        }
        None => false,
    }
}
