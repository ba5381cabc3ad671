//! What finished pages do and say that readers must be told rightly: the servers they contact, what they keep in browsers, gaps in what the law wants
//! to be said.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::BuiltOutput;
use super::render::Rendered;
use super::texts::Texts;
use super::verify::text_of;
use crate::config::{Config, SITE_FILE, Site};
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place, list};
use crate::files::{self, Files};
use crate::output::{Bytes, Contacts, Job, Origins, Output, address_of};
use crate::portal::Portal;
use crate::schema::{Decode, Shape};

/// Looks for what outputs do beyond the portal's own server; copied files are looked into as well.
pub(super) struct Outside<'f> {
    origins: Option<Origins>,
    files: &'f dyn Files,
}

impl<'f> Outside<'f> {
    /// By the settings of a portal.
    pub fn new(portal: &Portal, files: &'f dyn Files) -> Self {
        Self { origins: Origins::new(&portal.config.base_url), files }
    }

    /// What an output does; none where that is nothing.
    pub fn of(&self, path: &str, output: &BuiltOutput) -> Option<Box<Contacts>> {
        let origins = self.origins.as_ref()?;
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if !["html", "htm", "svg", "css", "js", "mjs"].contains(&ending.as_str()) {
            return None;
        }
        let copied = match &output.bytes {
            Bytes::File(file) => self.files.read(file).ok(),
            Bytes::Made(_) | Bytes::Shared(_) => None,
        };
        let text = match &copied {
            Some(bytes) => files::text(path, bytes).ok()?,
            None => text_of(output)?,
        };
        let contacts = match ending.as_str() {
            "css" => origins.in_css(text),
            "js" | "mjs" => origins.in_js(text),
            _ => origins.in_html(text),
        };
        (!contacts.is_empty()).then(|| Box::new(contacts))
    }
}

/// What an output does that readers are to be told of.
#[derive(Clone, Copy)]
enum Act {
    Loads,
    Sends,
    Stores,
}

impl Act {
    fn finding(self, what: &str, written: &str) -> Diagnostic {
        let service = "name it and what it is for in site.toml: `[[privacy.services]]`";
        match self {
            Self::Loads => {
                Diagnostic::new("foreign-origin", format!("the {what} loads `{written}` from another server, which learns of every reader"))
                    .help(format!("put the file into the portal, or, if readers are to contact the server, {service}"))
            }
            Self::Sends => Diagnostic::new("foreign-form", format!("a form sends what readers type to another server, `{written}`"))
                .help(format!("let a program on the portal's own server receive it; if another server is to, {service}")),
            Self::Stores => Diagnostic::new(
                "browser-storage",
                format!("a script uses `{written}`: what browsers of readers keep, which they are not told of"),
            )
            .help("do without it, or say in site.toml what is kept and why: `[[privacy.storage]]`; the privacy page lists it"),
        }
    }
}

/// Reports what outputs do that settings do not speak of, each where it was written (what a template writes is one finding for all its pages), and
/// servers that settings speak of and no output does.
pub(super) fn contacts<'o>(
    portal: &Portal,
    outputs: impl Iterator<Item = (&'o Output, &'o Rendered)>,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    let config = &portal.config;
    let (Some(origins), allowed) = (Origins::new(&config.base_url), config.allowed_origins().collect::<Vec<_>>()) else { return };
    let mut outputs = outputs.filter(|(_, rendered)| rendered.contacts.is_some()).peekable();
    if outputs.peek().is_none() && allowed.is_empty() {
        return;
    }
    let stores_are_told = config.site.privacy.as_ref().is_some_and(|privacy| !privacy.storage.is_empty());
    let texts = Texts::new(config, files);
    // Images of Markdown were reported where they were written.
    let reported = findings.iter().filter(|finding| finding.code == "foreign-origin").filter_map(|finding| finding.place.as_ref());
    let reported: HashSet<(String, String)> =
        reported.map(|place| (place.file.clone(), place.text[place.range_in_text()].to_owned())).collect();
    let mut used = vec![false; allowed.len()];
    for (planned, rendered) in outputs {
        let (Ok(made), Some(contacts)) = (&rendered.result, &rendered.contacts) else { continue };
        let page = made.source.as_ref().map(|file| format!("{CONTENT_DIR}/{file}"));
        for (number, allowed) in allowed.iter().enumerate() {
            used[number] |= contacts.named.contains(&allowed.host);
        }
        let mut is_allowed = |written: &str| {
            let origin = origins.of(written).unwrap_or_default();
            let here = allowed.iter().enumerate().filter(|(_, allowed)| allowed.origin == origin);
            here.fold(false, |_, (number, _)| {
                used[number] = true;
                true
            })
        };
        let mut told: BTreeMap<(u8, &str), (Act, usize)> = BTreeMap::new();
        for (order, act, all) in [(0, Act::Loads, &contacts.loads), (1, Act::Sends, &contacts.forms)] {
            for written in all.iter().filter(|written| !is_allowed(written)) {
                told.entry((order, written)).or_insert((act, 0)).1 += 1;
            }
        }
        for written in contacts.stores.iter().filter(|_| !stores_are_told) {
            told.insert((2, written), (Act::Stores, 1));
        }
        for ((_, written), (act, count)) in told {
            if page.as_ref().is_some_and(|file| reported.contains(&(file.clone(), written.to_owned()))) {
                continue;
            }
            findings.extend(placed(act, planned, made, page.as_ref(), (written, count), &texts));
        }
    }
    for origin in allowed.iter().zip(used).filter_map(|(origin, used)| (!used).then_some(origin)) {
        let message = format!("no page contacts `{}`, which readers are told of", origin.origin);
        let help = "take it out; if a script contacts it by a name that it puts together, allow this finding, with that as the reason";
        findings.push(Diagnostic::new("unused-origin", message).at(origin.spot.place()).help(help));
    }
}

/// The findings about something that an output does so many times.
fn placed(
    act: Act,
    planned: &Output,
    made: &BuiltOutput,
    page: Option<&String>,
    (written, count): (&str, usize),
    texts: &Texts<'_>,
) -> Vec<Diagnostic> {
    let copied = match (&made.bytes, &planned.job) {
        (Bytes::File(file), _) => Some(&**file),
        (_, Job::Static(_)) => Some(planned.origin.as_str()),
        _ => None,
    };
    let what = if copied.is_some() { "file" } else { "page" };
    let finding = act.finding(what, written);
    let own = copied.or(page.map(String::as_str));
    let places = own.map(|file| texts.in_file(file, written, count)).unwrap_or_default();
    let places = match copied {
        Some(file) if places.is_empty() => vec![Place::file(file)],
        _ => places,
    };
    if !places.is_empty() {
        return places.into_iter().map(|place| finding.clone().at(place)).collect();
    }
    // The settings may hold what a template writes.
    let mut places = texts.in_first([SITE_FILE].into_iter(), written, 1);
    if places.is_empty() {
        places = texts.in_templates(written, count);
    }
    let finding = finding.on(&address_of(&planned.path), page.cloned());
    match (places.is_empty(), planned.job.template()) {
        (false, _) => places.into_iter().map(|place| finding.clone().at(place)).collect(),
        (true, Some(template)) => vec![finding.at(texts.of_template(template))],
        (true, None) => vec![finding],
    }
}

/// Pages that say that something is missing: their addresses, and the files they are of.
type Saying = BTreeSet<(String, Option<String>)>;

/// Reports gaps that readers see: keys of `site.toml` that a page asked for (`missing(key=…)`), and that it lacks.
pub(super) fn gaps<'o>(
    config: &Config,
    outputs: impl Iterator<Item = (&'o Output, &'o Rendered)>,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    // By table and key, the pages that say it.
    let mut asked: BTreeMap<(&str, &str), Saying> = BTreeMap::new();
    for (planned, rendered) in outputs.filter(|(planned, rendered)| !rendered.missing.is_empty() && planned.job.template().is_some()) {
        let Ok(made) = &rendered.result else { continue };
        let page = made.source.as_ref().map(|file| format!("{CONTENT_DIR}/{file}"));
        for key in &rendered.missing {
            let key = key.rsplit_once('.').unwrap_or(("", key));
            asked.entry(key).or_default().insert((address_of(&planned.path), page.clone()));
        }
    }
    if asked.is_empty() {
        return;
    }
    let source = Texts::new(config, files).source(SITE_FILE);
    let mut whole: BTreeMap<&str, (Vec<&str>, Saying)> = BTreeMap::new();
    for ((table, name), pages) in asked {
        let place = source.as_ref().and_then(|source| Some(source.place(header(source.text(), table)?)));
        if place.is_none() && !table.is_empty() {
            // Without the table one finding says all.
            let (names, on) = whole.entry(table).or_default();
            names.push(name);
            on.extend(pages);
            continue;
        }
        let (key, of_table) = match table {
            "" => (name.to_owned(), String::new()),
            table => (format!("{table}.{name}"), format!(" to `[{table}]`")),
        };
        let what = documented(&key).map_or_else(String::new, |what| format!(": {what}"));
        let finding = Diagnostic::new("missing-statement", format!("readers are told that something is missing: site.toml has no `{key}`"))
            .at(place.unwrap_or_else(|| Place::file(SITE_FILE)))
            .help(format!("add `{name} = \"…\"`{of_table}{what}"));
        findings.push(pages.into_iter().fold(finding, |finding, (address, page)| finding.on(&address, page)));
    }
    for (table, (names, pages)) in whole {
        let finding =
            Diagnostic::new("missing-statement", format!("readers are told that something is missing: site.toml has no `[{table}]`"))
                .at(Place::file(SITE_FILE))
                .help(format!("add the table `[{table}]` with {}", list(names)));
        findings.push(pages.into_iter().fold(finding, |finding, (address, page)| finding.on(&address, page)));
    }
}

/// The heading of a table in a TOML text.
fn header(text: &str, table: &str) -> Option<std::ops::Range<usize>> {
    let heading = format!("[{table}]");
    let line = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len(), line))
    });
    line.filter(|(_, line)| line.trim_start().starts_with(&heading))
        .map(|(at, line)| {
            let start = at + line.len() - line.trim_start().len();
            start..start + heading.len()
        })
        .next()
}

/// What a key of `site.toml` is, as its schema says.
fn documented(key: &str) -> Option<String> {
    let mut shape = Site::shape();
    let mut doc = None;
    for part in key.split('.') {
        let Shape::Table(table) = shape else { return None };
        let field = table.fields.into_iter().find(|field| field.key == part)?;
        doc = Some(field.doc);
        shape = field.shape;
    }
    doc.map(|doc| doc.trim_end_matches('.').to_owned())
}
