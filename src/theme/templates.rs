//! Templates: loading them all, and turning Tera's errors into findings.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind, Tera};

use super::checkpoints::{self, Checkpoints, source_hash};
use super::excess::{Excess, Spot};
use super::files::ThemeFiles;
use super::fingerprints::{Fingerprints, definitions};
use super::template_errors::{TemplateError, errors, unknown_arguments};
use super::{filters, functions, scope};
use crate::config::instead_of_template;
use crate::content::Call;
use crate::diagnostic::{Diagnostic, Place, Text, did_you_mean, join, list, text};
use crate::files;
use crate::limits::MOST_TEMPLATE_ROUNDS;

/// Files of this folder only define components. One of the portal takes the place of the theme's of the same
/// name.
const COMPONENTS: &str = "components/";

/// How Tera's errors begin about what a template lacks: blocks of those it extends, components of others.
const LACKS: [&str; 2] = ["Block `", "Unknown component"];

/// Templates that pages, lists and records are made with without being named.
const USUAL: [&str; 16] = [
    "404.html",
    "course.html",
    "facet.html",
    "facet_values.html",
    "icon.svg",
    "index.html",
    "manifest.webmanifest",
    "page.html",
    "provider.html",
    "role.html",
    "salary.html",
    "section.html",
    "share.svg",
    "taxonomy_list.html",
    "taxonomy_single.html",
    "term.html",
];

/// The name Tera gives to a template that is rendered from a string.
const ONE_OFF: &str = "__tera_one_off";

/// The templates of the theme and of the portal.
#[derive(Debug)]
pub struct Templates {
    /// The environment.
    pub tera: Tera,
    /// What each template holds, and its path for findings, by Tera's name for it.
    sources: BTreeMap<String, (String, String)>,
    /// What stands before the name of a template of the theme.
    prefix: String,
    /// By which a template, or a component, is known to give the same as before.
    prints: Fingerprints,
    /// Templates of the theme that do not fit those of the portal which they extend: what is wrong, where one
    /// of them is used.
    unfit: BTreeMap<String, Diagnostic>,
    /// Files of components of the theme that the portal has its own of.
    replaced: BTreeSet<String>,
    /// Where they can be stopped; nowhere, where they need not be.
    pub(super) checkpoints: Checkpoints,
}

impl Templates {
    /// Loads them; every error of every template is reported. With `checked` they get checkpoints, and stop
    /// at those spots.
    pub(super) fn load(theme: &ThemeFiles, checked: Option<&[Spot]>, findings: &mut Vec<Diagnostic>) -> Self {
        let prefix = format!("{}/templates/", theme.name);
        let before = findings.len();
        let mut sources = BTreeMap::new();
        // Components of the theme that stood in files which the portal has its own of: by name, that of the
        // file, and what findings call the portal's.
        let mut replaced: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut add = |name: String, shown: &str, bytes: &[u8], findings: &mut Vec<Diagnostic>| match files::text(shown, bytes) {
            Ok(text) => {
                sources.insert(name, (shown.to_owned(), text.to_owned()));
            }
            Err(finding) => findings.push(*finding),
        };
        for (path, file) in &theme.portal {
            if let Some(name) = path.strip_prefix("templates/") {
                add(name.to_owned(), &file.shown, file.held(), findings);
            }
        }
        for (path, file) in &theme.theme {
            let Some(name) = path.strip_prefix("templates/") else { continue };
            let own = theme.portal.get(path).filter(|_| name.starts_with(COMPONENTS));
            if let Some(own) = own {
                let text = std::str::from_utf8(file.held()).unwrap_or_default();
                replaced.extend(definitions(text).map(|component| (component.to_owned(), (name.to_owned(), own.shown.clone()))));
            } else {
                add(format!("{prefix}{name}"), &file.shown, file.held(), findings);
            }
        }
        let prints = Fingerprints::new(&sources, &prefix);
        let mut tera = environment(&prefix);
        let mut unfit = BTreeMap::new();
        let mut names: BTreeSet<&str> = sources.keys().map(String::as_str).collect();
        let mut broken: BTreeSet<String> = BTreeSet::new();
        for _ in 0..MOST_TEMPLATE_ROUNDS {
            let templates: Vec<(&str, &str)> = names.iter().map(|name| (*name, sources[*name].1.as_str())).collect();
            let Err(error) = tera.add_raw_templates(templates) else { break };
            let found = errors(&error);
            let tried = names.len();
            for error in found {
                if let Some(template) = &error.template {
                    names.remove(template.as_str());
                }
                let made_of = error.template.as_deref().map(|name| prints.reached([name])).unwrap_or_default();
                // What a template lacks only because one that it is made of has errors itself is not an error
                // of its own.
                let lacks = LACKS.iter().any(|start| error.message.starts_with(start)) || error.message.contains("does not exist");
                let follows = broken.iter().any(|name| error.message.contains(name.strip_prefix(&prefix).unwrap_or(name)))
                    || (lacks && made_of.iter().any(|name| error.template.as_deref() != Some(name) && broken.contains(*name)));
                let block = error.message.strip_prefix(LACKS[0]).and_then(|rest| rest.split('`').next());
                let of_theme = error.template.as_ref().filter(|name| name.starts_with(&prefix));
                let portals_own = made_of.iter().find(|name| !name.starts_with(&prefix) && !name.starts_with(COMPONENTS));
                let taken = error.message.strip_prefix("Unknown component `").and_then(|rest| replaced.get(rest.trim_end_matches('`')));
                match (of_theme, block, portals_own) {
                    _ if follows => {}
                    _ if taken.is_some() => findings.extend(taken.map(|(_, own)| not_defined(&error.message, own))),
                    // The portal has put a template of its own into the middle of the theme: it matters where
                    // the others are used.
                    (Some(name), Some(block), Some(own)) => {
                        unfit.insert(name.clone(), misfit(name.strip_prefix(&prefix).unwrap_or(name), block, own, &sources));
                    }
                    _ => findings.push(error.finding(&sources)),
                }
                broken.extend(error.template.clone());
            }
            if names.len() == tried {
                break;
            }
        }
        let replaced = replaced.into_values().map(|(name, _)| name).collect();
        let mut templates = Self { tera, sources, prefix, prints, unfit, replaced, checkpoints: Checkpoints::default() };
        if let Some(spots) = checked.filter(|_| broken.is_empty() && findings.len() == before) {
            templates.put_checkpoints(spots);
        }
        templates
    }

    /// Puts checkpoints into all templates, which have no errors.
    fn put_checkpoints(&mut self, spots: &[Spot]) {
        let mut checkpoints = Checkpoints::default();
        // Templates of the theme that do not fit the portal's were left out.
        let loaded: BTreeSet<&str> = self.tera.get_template_names().collect();
        let sources = self.sources.iter().filter(|(name, _)| loaded.contains(name.as_str()));
        let texts: Vec<(&str, String)> = sources.map(|(name, (_, text))| (name.as_str(), checkpoints.put_into(name, text))).collect();
        let mut tera = environment(&self.prefix);
        // Only a source that is about as deep and long as Tera allows could be refused with them; then they
        // go without.
        if tera.add_raw_templates(texts).is_ok() {
            checkpoints.condemn_spots(spots, |template| self.sources.get(template).map(|(_, text)| source_hash(text)));
            self.tera = tera;
            self.checkpoints = checkpoints;
        }
    }

    /// The tag that begins at a checkpoint, so that another process knows it again.
    pub fn spot(&self, at: u32, excess: Excess) -> Option<Spot> {
        let site = self.checkpoints.site(at)?;
        let (_, text) = self.sources.get(&site.template)?;
        Some(Spot { template: site.template.clone(), start: site.range.start, source: source_hash(text), excess })
    }

    /// Lets templates go on that were stopped: whatever made them run away may have been mended.
    pub fn forgive(&self) {
        self.checkpoints.forgive();
    }

    /// The finding about template `name` that was stopped, at a checkpoint if one was passed.
    pub fn runaway(&self, excess: Excess, at: Option<u32>, name: Option<&str>) -> Diagnostic {
        let finding = excess.finding();
        let place = at.and_then(|at| self.checkpoints.site(at)).and_then(|site| {
            let (shown, text) = self.sources.get(&site.template)?;
            Some(Place::new(shown, text, site.range.clone()))
        });
        match place.or_else(|| self.shown(name?).map(Place::file)) {
            Some(place) => finding.at(place),
            None => finding,
        }
    }

    /// An error of a template with checkpoints, as one of the source.
    fn of_source(&self, mut error: TemplateError) -> TemplateError {
        if let (Some(template), Some(range)) = (&error.template, &error.range) {
            error.range = Some(self.checkpoints.original(template, range.clone()));
        }
        error
    }

    /// What is wrong with the use of templates: `named` are those that pages are made with, `called` the
    /// components that content calls. Templates of the portal that nothing uses, and templates in use that do
    /// not fit.
    pub fn review<'n>(&self, named: impl Iterator<Item = &'n str>, called: impl Iterator<Item = &'n str>) -> Vec<Diagnostic> {
        let is_own = |name: &&String| !name.starts_with(&self.prefix);
        if self.unfit.is_empty() && !self.sources.keys().any(|name| is_own(&name)) {
            return Vec::new();
        }
        let named = named.filter_map(|name| self.source(name));
        let used = self.prints.reached(named.chain(called.flat_map(|component| self.prints.sources_of(component))));
        let mut findings: Vec<Diagnostic> = used.iter().filter_map(|name| self.unfit.get(*name)).cloned().collect();
        // What has the name of a template of the theme, or is asked for by its own, is there for pages that
        // may come.
        let may_be_used = |name: &str| {
            let usual = USUAL.contains(&name) || name.ends_with("/list.html") || name.ends_with("/single.html");
            usual || self.replaced.contains(name) || self.sources.contains_key(&format!("{}{name}", self.prefix))
        };
        let unused = self.sources.iter().filter(|(name, _)| is_own(name) && !used.contains(name.as_str()) && !may_be_used(name));
        findings.extend(unused.map(|(name, (shown, _))| {
            let help = instead_of_template(name)
                .unwrap_or("name it in front matter (`template = \"…\"`), include it in another template, or delete it");
            Diagnostic::new("unused-template", "nothing uses this template").at(Place::file(shown)).help(help)
        }));
        findings
    }

    /// Tera's name for a template that pages name.
    fn source(&self, name: &str) -> Option<&str> {
        let found = self.sources.get_key_value(name).or_else(|| self.sources.get_key_value(&format!("{}{name}", self.prefix)));
        found.map(|(name, _)| name.as_str())
    }

    /// Whether there is a template of that name, in the portal or in the theme.
    pub fn contains(&self, name: &str) -> bool {
        self.sources.contains_key(name) || self.sources.contains_key(&format!("{}{name}", self.prefix))
    }

    /// What a template is made of, with all that it extends, includes and calls, as one number; none where
    /// there is no such template.
    pub fn fingerprint(&self, name: &str) -> Option<u64> {
        self.prints.template(name, &self.prefix)
    }

    /// The same of a component.
    pub fn component_fingerprint(&self, name: &str) -> Option<u64> {
        self.prints.component(name)
    }

    /// The names of templates that pages can use.
    pub fn names(&self) -> BTreeSet<&str> {
        self.sources
            .keys()
            .map(|name| name.strip_prefix(&self.prefix).unwrap_or(name))
            .filter(|name| !name.starts_with(COMPONENTS))
            .collect()
    }

    /// The path of a template, for findings.
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.sources.get(name).or_else(|| self.sources.get(&format!("{}{name}", self.prefix))).map(|(shown, _)| shown.as_str())
    }

    /// The findings about an error of rendering template `name`.
    pub fn findings(&self, error: &Error, name: &str) -> Vec<Diagnostic> {
        if let Some((excess, at)) = scope::stopped() {
            return vec![self.runaway(excess, at, Some(name))];
        }
        errors(error)
            .into_iter()
            .map(|error| {
                let error = self.of_source(error);
                let placed = error.template.is_some();
                let finding = error.finding(&self.sources);
                match self.shown(name) {
                    Some(shown) if !placed => finding.at(Place::file(shown)),
                    _ => finding,
                }
            })
            .collect()
    }

    /// The findings about an error of rendering a call of a component that stands in Markdown: `place` gives
    /// the place of some bytes of the call.
    pub fn call_findings(&self, error: &Error, call: &Call, place: &dyn Fn(std::ops::Range<usize>) -> Place) -> Vec<Diagnostic> {
        let name = call.name.as_str();
        if let Some((excess, at)) = scope::stopped() {
            let finding = self.runaway(excess, at, None);
            let call = place(0..usize::MAX);
            return vec![if finding.place.is_some() { finding.related("it was called here", call) } else { finding.at(call) }];
        }
        if let (ErrorKind::SyntaxError(_), Some((quote, at))) = (error.kind(), call.curly_quote()) {
            let finding =
                Diagnostic::new("shortcode", text!("a text stands between straight quotes, `\"`, and not between `{quote}`", quote));
            return vec![finding.at(place(at)).help("write it as `argument=\"text\"`; programs for texts set quotes round by themselves")];
        }
        errors(error)
            .into_iter()
            .map(|error| {
                let error = self.of_source(error);
                let here = error.template.as_deref().is_none_or(|template| template == ONE_OFF);
                let range = error.range.clone().filter(|_| here).unwrap_or(0..usize::MAX);
                // For an editor it is a shortcode.
                let message = match (error.message.strip_prefix("Unknown component "), unknown_arguments(&error.message)) {
                    (Some(name), _) => text!("there is no shortcode {name}", name),
                    (None, Some(unknown)) => text!("`{name}` takes no {unknown}", name, unknown = list(unknown)),
                    (None, None) => error.message.clone(),
                };
                let finding = Diagnostic::new("shortcode", message).at(place(range));
                match error.finding(&self.sources).place {
                    // It went wrong inside the component: for the editor the call is what matters, for the
                    // theme's author the template.
                    Some(inside) if !here => finding.help("check what the call is given").related("it went wrong in the template", inside),
                    _ => finding.help(self.call_help(name, unknown_arguments(&error.message).unwrap_or_default())),
                }
            })
            .collect()
    }

    /// The names of what a component can be given; none where there is no such component.
    pub fn arguments(&self, name: &str) -> Option<Vec<String>> {
        let component = self.tera.get_component_definition(name)?;
        Some(component.args().iter().filter(|argument| !argument.is_implicit()).map(|argument| argument.name().to_owned()).collect())
    }

    /// What a component can be given, and what the `unknown` arguments may mean; or which components there
    /// are.
    pub fn call_help(&self, name: &str, unknown: Vec<&str>) -> Text {
        let Some(component) = self.tera.get_component_definition(name) else {
            let mut names: Vec<&str> = self.tera.get_component_names().collect();
            names.sort_unstable();
            return match did_you_mean(name, names.iter().copied()) {
                Some(near) => text!("did you mean `{near}`?", near),
                None => text!("there are {names}", names = list(names)),
            };
        };
        let arguments: Vec<Text> = component
            .args()
            .iter()
            .filter(|argument| !argument.is_implicit())
            .map(|argument| {
                let needed = if argument.is_required() { "needed" } else { "may be left out" };
                match argument.arg_type() {
                    Some(of) => {
                        text!("`{name}` ({of}, {needed})", name = argument.name(), of = of.to_string(), needed = Text::from(needed))
                    }
                    None => text!("`{name}` ({needed})", name = argument.name(), needed = Text::from(needed)),
                }
            })
            .collect();
        let all = if arguments.is_empty() {
            text!("`{name}` takes nothing", name)
        } else {
            text!("`{name}` takes {arguments}", name, arguments = join(arguments))
        };
        let names = || component.args().iter().filter(|argument| !argument.is_implicit()).map(|argument| argument.name());
        let near: Vec<&str> = unknown.into_iter().filter_map(|unknown| did_you_mean(unknown, names())).collect();
        if near.is_empty() { all } else { text!("did you mean {near}? {all}", near = list(near), all) }
    }
}

/// The finding about a template of the theme that fills a block which the portal's own template does not
/// have.
fn misfit(name: &str, block: &str, own: &str, sources: &BTreeMap<String, (String, String)>) -> Diagnostic {
    let shown = sources.get(own).map_or(own, |(shown, _)| shown.as_str());
    Diagnostic::new("template", text!("`{name}` of the theme fills the block `{block}`, and there is none here", name, block))
        .at(Place::file(shown))
        .help(text!(
            "write `{{% block {block} %}}{{% endblock %}}` where that belongs, or have a `{name}` of your own in `templates/`",
            block,
            name
        ))
}

/// The finding about a file of the portal that takes the place of one of the theme, and does not define a
/// component that this one did: `message` is Tera's about a call of it.
fn not_defined(message: &str, own: &str) -> Diagnostic {
    let component = message.split('`').nth(1).unwrap_or_default();
    Diagnostic::new(
        "template",
        text!("this file takes the place of the theme's, and does not define the component `{component}`, which is called", component),
    )
    .at(Place::file(own))
    .help(text!(
        "define it: `{{% component {component}() %}}…{{% endcomponent {component} %}}`, with the arguments that the theme's has",
        component
    ))
}

fn environment(prefix: &str) -> Tera {
    let mut tera = Tera::new();
    // Refused only once templates are loaded, and none are.
    let _ = tera.set_fallback_prefixes([prefix.to_owned()]);
    tera.autoescape_on([".html", ".htm", ".xml", ".svg"]);
    checkpoints::register(&mut tera);
    filters::register(&mut tera);
    functions::register(&mut tera);
    tera
}
