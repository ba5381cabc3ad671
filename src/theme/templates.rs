//! Templates: loading them all, and turning Tera's errors into findings.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind, Tera};

use super::checkpoints::{self, Checkpoints, source_hash};
use super::excess::{Excess, Spot};
use super::files::ThemeFiles;
use super::fingerprints::Fingerprints;
use super::{filters, functions, scope};
use crate::diagnostic::{Diagnostic, Place, did_you_mean, list};
use crate::files;
use crate::limits::{LARGEST_OUTPUT, MOST_TEMPLATE_ROUNDS};

/// Files of this folder only define components. One of the portal takes the place of the theme's of the same name.
const COMPONENTS: &str = "components/";

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
    /// Where they can be stopped; nowhere, where they need not be.
    pub(super) checkpoints: Checkpoints,
}

impl Templates {
    /// Loads them; every error of every template is reported. With `checked` they get checkpoints, and stop at those spots.
    pub(super) fn load(theme: &ThemeFiles, checked: Option<&[Spot]>, findings: &mut Vec<Diagnostic>) -> Self {
        let prefix = format!("{}/templates/", theme.name);
        let before = findings.len();
        let mut sources = BTreeMap::new();
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
            let replaced = name.starts_with(COMPONENTS) && theme.portal.contains_key(path);
            if !replaced {
                add(format!("{prefix}{name}"), &file.shown, file.held(), findings);
            }
        }
        let mut tera = environment(&prefix);
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
                // What is missing only because it has errors itself is not an error of its own.
                let follows = broken.iter().any(|name| error.message.contains(name.strip_prefix(&prefix).unwrap_or(name)));
                broken.extend(error.template.clone());
                if !follows {
                    findings.push(error.finding(&sources));
                }
            }
            if names.len() == tried {
                break;
            }
        }
        let prints = Fingerprints::new(&sources, &prefix);
        let mut templates = Self { tera, sources, prefix, prints, checkpoints: Checkpoints::default() };
        if let Some(spots) = checked.filter(|_| broken.is_empty() && findings.len() == before) {
            templates.put_checkpoints(spots);
        }
        templates
    }

    /// Puts checkpoints into all templates, which have no errors.
    fn put_checkpoints(&mut self, spots: &[Spot]) {
        let mut checkpoints = Checkpoints::default();
        let texts: Vec<(&str, String)> =
            self.sources.iter().map(|(name, (_, text))| (name.as_str(), checkpoints.put_into(name, text))).collect();
        let mut tera = environment(&self.prefix);
        // Only a source that is about as deep and long as Tera allows could be refused with them; then they go without.
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

    /// Whether there is a template of that name, in the portal or in the theme.
    pub fn contains(&self, name: &str) -> bool {
        self.sources.contains_key(name) || self.sources.contains_key(&format!("{}{name}", self.prefix))
    }

    /// What a template is made of, with all that it extends, includes and calls, as one number; none where there is no such template.
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

    /// The findings about an error of rendering a call of component `name` that stands in Markdown: `place` gives the place of some bytes of the call.
    pub fn call_findings(&self, error: &Error, name: &str, place: &dyn Fn(std::ops::Range<usize>) -> Place) -> Vec<Diagnostic> {
        if let Some((excess, at)) = scope::stopped() {
            let finding = self.runaway(excess, at, None);
            let call = place(0..usize::MAX);
            return vec![if finding.place.is_some() { finding.related("it was called here", call) } else { finding.at(call) }];
        }
        errors(error)
            .into_iter()
            .map(|error| {
                let error = self.of_source(error);
                let here = error.template.as_deref().is_none_or(|template| template == ONE_OFF);
                let range = error.range.clone().filter(|_| here).unwrap_or(0..usize::MAX);
                // For an editor it is a shortcode.
                let message = match error.message.strip_prefix("Unknown component ") {
                    Some(name) => format!("there is no shortcode {name}"),
                    None => error.message.clone(),
                };
                let finding = Diagnostic::new("shortcode", message).at(place(range));
                match error.finding(&self.sources).place {
                    // It went wrong inside the component: for the editor the call is what matters, for the theme's author the template.
                    Some(inside) if !here => finding.help("check what the call is given").related("it went wrong in the template", inside),
                    _ => finding.help(self.call_help(name)),
                }
            })
            .collect()
    }

    /// The names of what a component can be given; none where there is no such component.
    pub fn arguments(&self, name: &str) -> Option<Vec<String>> {
        let component = self.tera.get_component_definition(name)?;
        Some(component.args().iter().filter(|argument| !argument.is_implicit()).map(|argument| argument.name().to_owned()).collect())
    }

    /// What a component can be given, or which components there are.
    pub fn call_help(&self, name: &str) -> String {
        let Some(component) = self.tera.get_component_definition(name) else {
            let mut names: Vec<&str> = self.tera.get_component_names().collect();
            names.sort_unstable();
            return match did_you_mean(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", list(names)),
            };
        };
        let arguments: Vec<String> = component
            .args()
            .iter()
            .filter(|argument| !argument.is_implicit())
            .map(|argument| {
                let needed = if argument.is_required() { "needed" } else { "may be left out" };
                match argument.arg_type() {
                    Some(of) => format!("`{}` ({of}, {needed})", argument.name()),
                    None => format!("`{}` ({needed})", argument.name()),
                }
            })
            .collect();
        if arguments.is_empty() { format!("`{name}` takes nothing") } else { format!("`{name}` takes {}", arguments.join(", ")) }
    }
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

/// An error of Tera, as far as it can be told apart.
struct TemplateError {
    message: String,
    template: Option<String>,
    /// Line and column from 1, and length.
    at: Option<(usize, usize, usize)>,
    range: Option<std::ops::Range<usize>>,
    /// Names of other templates by which the line can be found, where Tera gives none.
    names: Vec<String>,
}

impl TemplateError {
    fn finding(&self, sources: &BTreeMap<String, (String, String)>) -> Diagnostic {
        let finding = match undefined_field(&self.message) {
            Some((message, near)) => Diagnostic::new("template", message).help(near),
            None => Diagnostic::new("template", self.message.clone()).help(help_for(&self.message)),
        };
        let Some((shown, text)) = self.template.as_ref().and_then(|name| sources.get(name)) else {
            return finding;
        };
        match (&self.range, self.at) {
            (Some(range), _) => finding.at(Place::new(shown, text, range.clone())),
            (None, Some((line, column, length))) => finding.at(Place::new(shown, text, byte_range(text, line, column, length))),
            (None, None) => match self.names.iter().find_map(|name| text.find(&format!("\"{name}\"")).map(|at| at..at + name.len() + 2)) {
                Some(range) => finding.at(Place::new(shown, text, range)),
                None => finding.at(Place::file(shown)),
            },
        }
    }
}

/// What is wrong where a key is misspelt, and what was meant: Tera lists all keys that there are.
fn undefined_field(message: &str) -> Option<(String, String)> {
    let (what, known) = message.split_once(" Available fields: ")?;
    let name = what.split('`').nth(1)?;
    let near = did_you_mean(name, known.split(", "))?;
    Some((what.trim_end_matches('.').to_owned(), format!("did you mean `{near}`? There are {known}")))
}

/// What to do about an error of a template, by the words Tera uses for it.
fn help_for(message: &str) -> &'static str {
    if message.starts_with("Unknown argument") {
        "check the spelling of the arguments"
    } else if message.starts_with("unknown argument") {
        "themes/README.md says what each function and filter takes"
    } else if message.starts_with("Unknown ") {
        "check its spelling; themes/README.md lists the functions, filters and tests that Werdegang adds to Tera's"
    } else if message.contains("not defined") {
        "check its spelling; themes/README.md says which values each template gets, and `a?.b` is none where `a` is"
    } else if message.contains("itself") {
        "let one of them stand on its own"
    } else if message.contains("recursion depth for components") {
        "a component calls itself without end, or more than 20 deep"
    } else if message.contains("MiB") {
        "a loop, or loops in each other, write more than a page can be"
    } else if message.contains("there is no page") {
        "name a page by its file below content/: `kurse/ils.md`"
    } else if message.contains("nothing is published at") {
        "put the file into static/, or name a page by its file: `@/folder/page.md`"
    } else if message.contains("has no word") {
        "add the word to the language file of the theme or of the portal, or to `[translations]` in site.toml"
    } else if message.contains("leads out of the portal") {
        "only files below the portal's folder can be read"
    } else if message.contains("Invalid type for the value") {
        "an argument is of the wrong type: text stands in quotes, numbers without"
    } else if message.contains("does not exist") {
        "check its name: it is the path below `templates/`"
    } else {
        "see Tera's documentation of its template language, and themes/README.md"
    }
}

fn byte_range(text: &str, line: usize, column: usize, length: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let bytes = |count: usize| text[start..].char_indices().nth(count).map_or(text.len(), |(at, _)| start + at);
    bytes(column.saturating_sub(1))..bytes(column.saturating_sub(1) + length)
}

/// The errors in one error: Tera puts all unknown names of a template into one message, with a frame for each.
fn errors(error: &Error) -> Vec<TemplateError> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => vec![TemplateError {
            message: report.message().to_owned(),
            template: Some(report.filename().to_owned()).filter(|name| !name.is_empty()),
            at: None,
            range: Some(report.span().range.clone()),
            names: Vec::new(),
        }],
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            vec![named(format!("the template extends itself: {}", chain(inheritance_chain)), tpl, inheritance_chain)]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            vec![named(format!("the template includes itself: {}", chain(include_chain)), tpl, include_chain)]
        }
        ErrorKind::MissingParent { current, parent } => {
            vec![named(format!("the template extends `{parent}`, which does not exist"), current, std::slice::from_ref(parent))]
        }
        ErrorKind::Io(std::io::ErrorKind::FileTooLarge) => {
            vec![unplaced(format!("the output grows beyond {} MiB", LARGEST_OUTPUT / 1024 / 1024))]
        }
        ErrorKind::Msg(text) => {
            let framed: Vec<TemplateError> = text.split("\n\n").filter_map(frame).collect();
            if framed.is_empty() { vec![unplaced(text.clone())] } else { framed }
        }
        other => vec![unplaced(other.to_string())],
    }
}

fn unplaced(message: String) -> TemplateError {
    TemplateError { message, template: None, at: None, range: None, names: Vec::new() }
}

fn named(message: String, template: &str, names: &[String]) -> TemplateError {
    TemplateError { template: Some(template.to_owned()), names: names.to_vec(), ..unplaced(message) }
}

fn chain(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ")
}

/// An error that Tera has drawn already: `error: MESSAGE`, ` --> TEMPLATE:LINE:COLUMN`, and its frame.
fn frame(text: &str) -> Option<TemplateError> {
    let message = text.strip_prefix("error: ")?.lines().next()?.to_owned();
    let at = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = at.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let length = text.lines().last().map_or(1, |line| line.matches('^').count()).max(1);
    Some(TemplateError { template: parts.next().map(str::to_owned), at: Some((line, column, length)), ..unplaced(message) })
}
