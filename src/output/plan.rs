//! The list of all outputs: what will be published where, before anything is rendered.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::job::{FeedOf, Job};
use super::{RESERVED, file_of, opensearch, sitemap};
use crate::content::ContentPath;
use crate::diagnostic::{Diagnostic, Place, Text, did_you_mean, list, text};
use crate::finder::Facets;
use crate::images::{Made, Recipe};
use crate::locale::LanguageId;
use crate::portal::{PageId, Portal, SectionId, is_inside};
use crate::theme::Theme;

/// One file to be published.
#[derive(Clone, Debug)]
pub struct Output {
    /// Where, relative to the output directory: `kurse/ils/index.html`.
    pub path: Arc<str>,
    /// What it comes from, for findings: a file, or a setting.
    pub origin: Text,
    /// The file below `content/` and the key of its front matter that gave it its address.
    pub written: Option<(ContentPath, &'static str)>,
    /// How to make it.
    pub job: Job,
}

/// The outputs of a portal.
#[derive(Debug, Default)]
pub struct Planned {
    /// Ordered by path.
    pub outputs: Vec<Output>,
    /// Their addresses below the root, each with its `/` at the beginning; that of an `index.html` is its
    /// folder.
    pub addresses: Arc<HashSet<String>>,
    /// What courses have in common.
    pub facets: Arc<Facets>,
}

/// Plans all outputs. Templates that do not exist, and two outputs with one path, are reported.
pub(crate) fn plan(portal: &Portal, theme: &Theme, findings: &mut Vec<Diagnostic>) -> Planned {
    let mut planner =
        Planner { portal, theme, findings, outputs: Vec::new(), facets: Facets::of(portal, theme.words.of(LanguageId::MAIN)) };
    planner.pages();
    planner.sections();
    planner.taxonomies();
    planner.facets();
    planner.feeds_and_files();
    planner.data();
    planner.calendars();
    planner.pictures();
    planner.twins();
    let (outputs, facets) = (planner.outputs, Arc::new(planner.facets));
    let outputs = without_clashes(outputs, portal, findings);
    let addresses = Arc::new(outputs.iter().map(|output| address_of(&output.path)).collect());
    Planned { outputs, addresses, facets }
}

/// A plan with the sizes of images that its outputs turned out to show. An output that lies in the place of
/// one stays.
pub(crate) fn with_images(planned: &Planned, recipes: BTreeSet<Arc<Recipe>>) -> Planned {
    let mut outputs = planned.outputs.clone();
    for recipe in recipes {
        let path: Arc<str> = recipe.path().trim_start_matches('/').into();
        let (origin, job) = (Text::from(recipe.file.to_string()), Job::Image(Arc::new(Made::new(recipe))));
        outputs.push(Output { path, origin, written: None, job });
    }
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    outputs.dedup_by(|a, b| a.path == b.path);
    Planned { outputs, addresses: planned.addresses.clone(), facets: planned.facets.clone() }
}

/// The address of a file: the folder, for an `index.html`.
pub(crate) fn address_of(path: &str) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

/// Plans; the part that plans the course finder stands in `facets.rs`.
pub(super) struct Planner<'p> {
    pub(super) portal: &'p Portal,
    pub(super) theme: &'p Theme,
    pub(super) findings: &'p mut Vec<Diagnostic>,
    pub(super) outputs: Vec<Output>,
    /// What courses have in common.
    pub(super) facets: Facets,
}

impl Planner<'_> {
    pub(super) fn add(&mut self, path: &str, origin: impl Into<Text>, job: Job) {
        self.outputs.push(Output { path: file_of(path).into(), origin: origin.into(), written: None, job });
    }

    /// Says which key gave the last output its address.
    fn written(&mut self, file: &ContentPath, key: &'static str) {
        if let Some(output) = self.outputs.last_mut() {
            output.written = Some((file.clone(), key));
        }
    }

    fn pages(&mut self) {
        let portal = self.portal;
        for (number, page) in portal.pages.numbered() {
            let origin = page.document.file.in_portal();
            if let Some(template) = self.page_template(number) {
                self.add(&page.path, origin.clone(), Job::Page(number, template));
                let front = &page.front;
                let key = if front.path.is_some() {
                    "path"
                } else if front.slug.is_some() {
                    "slug"
                } else {
                    "title"
                };
                self.written(&page.document.file, key);
            }
            for alias in &page.aliases {
                self.add(alias, text!("an alias of {origin}", origin), Job::Redirect(page.permalink.to_string()));
                self.written(&page.document.file, "aliases");
            }
            for asset in &page.assets {
                self.add(&asset.path, asset.file.to_string(), Job::Copy(asset.file.clone()));
            }
            for (at, (report, path)) in page.reports().enumerate() {
                let place = || page.document.place_of_text(&format!("\"{}\"", report.template));
                if let Some(template) = self.named_template(&report.template, &place) {
                    self.add(&path, text!("a report of {origin}", origin), Job::Report(number, at, template));
                    self.written(&page.document.file, "reports");
                }
            }
        }
    }

    /// The template of a page: its own, that its section says, that of its kind, `page.html`.
    fn page_template(&mut self, number: PageId) -> Option<String> {
        let page = &self.portal.pages[number];
        if let Some(template) = &page.front.template {
            return self.named_template(template, &|| page.document.place(&["template"]));
        }
        let above = page.ancestors.iter().rev().find_map(|section| {
            let front = &self.portal.sections[*section].front;
            front.page_template.as_ref().map(|template| (*section, template.clone()))
        });
        if let Some((section, template)) = above {
            return self.named_template(&template, &|| self.portal.sections[section].document.place(&["page_template"]));
        }
        let own = format!("{}.html", page.kind_name());
        let usual = if self.theme.templates.contains(&own) { own } else { String::from("page.html") };
        self.usual_template(usual)
    }

    /// A template that front matter names.
    fn named_template(&mut self, name: &str, place: &dyn Fn() -> Place) -> Option<String> {
        if self.theme.templates.contains(name) {
            return Some(name.to_owned());
        }
        let names = self.theme.templates.names();
        let message = match did_you_mean(name, names.iter().copied()) {
            Some(near) => text!("there is no template `{name}`; did you mean `{near}`?", name, near),
            None => text!("there is no template `{name}`", name),
        };
        self.findings.push(Diagnostic::new("no-template", message).at(place()).help(text!("there are {names}", names = list(names))));
        None
    }

    /// A template that the theme should have.
    pub(super) fn usual_template(&mut self, name: String) -> Option<String> {
        if self.theme.templates.contains(&name) {
            return Some(name);
        }
        let finding =
            Diagnostic::new("no-template", text!("the theme `{theme}` has no template `{name}`", theme = self.portal.config.theme, name))
                .at(Place::file(crate::config::SITE_FILE))
                .help(text!("add `templates/{name}` to the theme or to the portal", name));
        self.findings.push(finding);
        None
    }

    fn sections(&mut self) {
        let portal = self.portal;
        for (number, section) in portal.sections.numbered() {
            let origin = section.document.file.in_portal();
            for alias in &section.aliases {
                self.add(alias, text!("an alias of {origin}", origin), Job::Redirect(section.permalink.to_string()));
                self.written(&section.document.file, "aliases");
            }
            for asset in &section.assets {
                self.add(&asset.path, asset.file.to_string(), Job::Copy(asset.file.clone()));
            }
            if let Some(target) = &section.redirect {
                self.add(&section.path, origin, Job::Redirect(target.to_string()));
                continue;
            }
            let template = match &section.front.template {
                Some(template) => self.named_template(template, &|| section.document.place(&["template"])),
                None if number == SectionId::HOME => self.usual_template(String::from("index.html")),
                None => self.usual_template(String::from("section.html")),
            };
            let Some(template) = template else { continue };
            match section.pagers() {
                None => self.add(&section.path, origin, Job::Section(number, template, None)),
                Some(pagers) => {
                    let pagers = Arc::new(pagers);
                    for at in 0..pagers.len() {
                        self.add(&pagers[at].path, origin.clone(), Job::Section(number, template.clone(), Some((pagers.clone(), at))));
                    }
                }
            }
        }
    }

    fn taxonomies(&mut self) {
        let portal = self.portal;
        for (number, taxonomy) in portal.taxonomies.iter().enumerate() {
            if taxonomy.setting.render == Some(false) || taxonomy.terms.is_empty() {
                continue;
            }
            let name = &taxonomy.setting.name;
            let origin = text!("the taxonomy `{name}`", name);
            let choose = |own: String, usual: &str| if self.theme.templates.contains(&own) { own } else { usual.to_owned() };
            let (list, single) =
                (choose(format!("{name}/list.html"), "taxonomy_list.html"), choose(format!("{name}/single.html"), "taxonomy_single.html"));
            let (Some(list), Some(single)) = (self.usual_template(list), self.usual_template(single)) else { continue };
            self.add(&taxonomy.path, origin.clone(), Job::Taxonomy(number, list));
            for (at, term) in taxonomy.terms.iter().enumerate() {
                let origin = text!("the term `{name}` of {origin}", name = term.name, origin);
                match taxonomy.pagers(term) {
                    None => self.add(&term.path, origin.clone(), Job::Term(number, at, single.clone(), None)),
                    Some(pagers) => {
                        let pagers = Arc::new(pagers);
                        for pager in 0..pagers.len() {
                            self.add(
                                &pagers[pager].path,
                                origin.clone(),
                                Job::Term(number, at, single.clone(), Some((pagers.clone(), pager))),
                            );
                        }
                    }
                }
                if taxonomy.setting.feed == Some(true) {
                    self.add(&format!("{}{}", term.path, portal.config.feed_filename), origin, Job::Feed(FeedOf::Term(number, at)));
                }
            }
        }
    }

    fn feeds_and_files(&mut self) {
        let portal = self.portal;
        let feed = &portal.config.feed_filename;
        if portal.config.site.generate_feeds == Some(true) {
            self.add(&format!("/{feed}"), "the feed of the portal", Job::Feed(FeedOf::Portal));
        }
        for (number, section) in portal.sections.numbered() {
            let own = section.front.generate_feeds == Some(true) && section.redirect.is_none();
            let twice = section.path.as_ref() == "/" && portal.config.site.generate_feeds == Some(true);
            if own && !twice {
                self.add(
                    &format!("{}{feed}", section.path),
                    text!("the feed of {file}", file = section.document.file.in_portal()),
                    Job::Feed(FeedOf::Section(number)),
                );
            }
        }
        for file in self.theme.statics.iter() {
            let asked = file.shown.split_once("static/").map_or(file.shown.as_str(), |(_, path)| path);
            self.add(&file.path, file.shown.clone(), Job::Static(asked.to_owned()));
        }
        // A file of the portal's own takes the place of what is made for every portal.
        let own = |path: &str| self.theme.statics.iter().any(|file| file.path == path);
        let (robots, sitemap_xml) = (!own("/robots.txt"), !own("/sitemap.xml"));
        if self.theme.templates.contains("404.html") && !own("/404.html") {
            self.add("/404.html", "the template 404.html", Job::NotFound(String::from("404.html")));
        }
        if robots {
            self.add("/robots.txt", "robots.txt of every portal", Job::Robots);
        }
        if portal.search.is_some() && !own(opensearch::PATH) {
            self.add(opensearch::PATH, "the search of the portal", Job::OpenSearch);
        }
        if sitemap_xml {
            for part in sitemap::parts(portal, &self.facets) {
                self.add(&part.path(), "the sitemap of every portal", Job::Sitemap(part));
            }
        }
    }
}

/// Whether a path is in the program's own folder.
fn is_reserved(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(RESERVED))
}

/// The outputs by path; those that would take each other's place are reported and left out.
fn without_clashes(outputs: Vec<Output>, portal: &Portal, findings: &mut Vec<Diagnostic>) -> Vec<Output> {
    let mut by_path: BTreeMap<String, Output> = BTreeMap::new();
    for output in outputs {
        // A picture follows its page, of which the same would be said; what the portal itself has there goes first.
        let is_picture = matches!(output.job, Job::Picture(..));
        let is_taken = || by_path.contains_key(&output.path.to_lowercase()) || is_reserved(&output.path) || !is_inside(&output.path);
        if is_picture && is_taken() {
            continue;
        }
        if !is_inside(&output.path) {
            findings.push(
                Diagnostic::new(
                    "path",
                    text!(
                        "{origin} would be published outside of the output directory, at `{path}`",
                        origin = output.origin,
                        path = output.path
                    ),
                )
                .help("rename the file, or give the page another `path`"),
            );
            continue;
        }
        if is_reserved(&output.path) {
            findings.push(
                Diagnostic::new(
                    "path",
                    text!(
                        "{origin} would be published as `{path}`, in the program's own folder",
                        origin = output.origin,
                        path = output.path
                    ),
                )
                .help("rename the file, or give the page another `path`"),
            );
            continue;
        }
        // Where file systems and stores take capitals for small letters, two such outputs are one.
        match by_path.get(&output.path.to_lowercase()) {
            Some(other) => findings.push(clash(&output.path, other, &output, portal)),
            None => {
                by_path.insert(output.path.to_lowercase(), output);
            }
        }
    }
    // A file cannot stand where another output needs a folder.
    for path in by_path.keys() {
        let mut at = 0;
        while let Some(slash) = path[at..].find('/') {
            at += slash;
            if let Some(file) = by_path.get(&path[..at]).filter(|_| !matches!(by_path[path].job, Job::Picture(..))) {
                findings.push(clash(&path[..at], file, &by_path[path], portal));
            }
            at += 1;
        }
    }
    let mut outputs: Vec<Output> = by_path.into_values().collect();
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    outputs
}

/// Two outputs that would take each other's place.
fn clash(path: &str, a: &Output, b: &Output, portal: &Portal) -> Diagnostic {
    let same = a.path.to_lowercase() == b.path.to_lowercase();
    let (a_says, b_says) = (&a.origin, &b.origin);
    let message = if same {
        text!("{a} and {b} have one address, `{address}`", a = a_says, b = b_says, address = address_of(path))
    } else {
        text!("{a} is published as the file `{path}`, {b} in a folder of that name", a = a_says, path, b = b_says)
    };
    let finding = Diagnostic::new("two-outputs", message).help("give one of them another `slug`, `path` or file name");
    let place = |output: &Output| match &output.written {
        Some((file, key)) => portal.of_file(file).map(|entry| portal.document(entry).place(&[key])),
        None => ["content/", "static/"].iter().any(|folder| output.origin.starts_with(folder)).then(|| Place::file(&output.origin)),
    };
    match (place(a), place(b)) {
        (Some(a), Some(b)) if a != b => finding.at(a).related("the other one", b),
        (Some(place), _) | (None, Some(place)) => finding.at(place),
        (None, None) => finding,
    }
}
