//! What finished pages do and say that readers must be told rightly: the servers they contact, what they keep
//! in browsers, gaps in what the law wants to be said.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::group::Group;
use super::made::{BuiltOutput, Rendered};
use super::outputs::Outputs;
use super::policy::{Judged, Policy};
use super::texts::Texts;
use crate::config::{Config, Origin, SITE_FILE, Site};
use crate::content::{ContentPath, Document};
use crate::diagnostic::{Diagnostic, Place, Text, list, text};
use crate::files::{self, Files};
use crate::html::{Notes, Said, said};
use crate::output::{Bytes, Contacts, Job, Origins, Output, Planned, address_of};
use crate::portal::Portal;
use crate::schema::{Decode, Shape};
use crate::theme::{Rendering, Theme};

/// Looks for what outputs do beyond the portal's own server; copied files are looked into as well.
pub(super) struct Outside<'f> {
    origins: Option<Origins>,
    files: &'f dyn Files,
}

impl<'f> Outside<'f> {
    /// By the settings of a portal.
    pub(super) fn new(portal: &Portal, files: &'f dyn Files) -> Self {
        Self { origins: Origins::new(&portal.config.base_url), files }
    }

    /// What an output does; none where that is nothing.
    pub(super) fn of(&self, path: &str, output: &BuiltOutput) -> Option<Arc<Contacts>> {
        let origins = self.origins.as_ref()?;
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if !["html", "htm", "svg", "css", "js", "mjs"].contains(&ending.as_str()) {
            return None;
        }
        let copied = match &output.bytes {
            Bytes::File(file) => self.files.read(file).ok(),
            _ => None,
        };
        let text = match &copied {
            Some(bytes) => Cow::Borrowed(files::text(path, bytes).ok()?),
            None => output.bytes.text()?,
        };
        let contacts = match ending.as_str() {
            "css" => origins.in_css(&text),
            "js" | "mjs" => origins.in_js(&text),
            _ => origins.in_html(&text),
        };
        told(contacts)
    }

    /// What a page does, and what it says: it is read once for both.
    pub(super) fn of_page(&self, page: &BuiltOutput) -> (Option<Arc<Contacts>>, Said) {
        let text = page.bytes.text().unwrap_or_default();
        let Some(origins) = self.origins.as_ref().filter(|origins| origins.may_contact(&text)) else { return (None, said(&text, None)) };
        let mut notes = Notes::default();
        let said = said(&text, Some(&mut notes));
        (told(origins.in_notes(notes)), said)
    }
}

/// None where nothing is to be told of.
fn told(contacts: Contacts) -> Option<Arc<Contacts>> {
    (!contacts.is_empty()).then(|| Arc::new(contacts))
}

/// What an output does that readers are to be told of.
#[derive(Clone, Copy)]
enum Act {
    Loads,
    Sends,
    Stores,
}

impl Act {
    fn code(self) -> &'static str {
        match self {
            Self::Loads => "foreign-origin",
            Self::Sends => "foreign-form",
            Self::Stores => "browser-storage",
        }
    }

    fn finding(self, what: &'static str, written: &str) -> Diagnostic {
        let service = Text::from("name it and what it is for in site.toml: `[[privacy.services]]`");
        match self {
            Self::Loads => Diagnostic::new(
                "foreign-origin",
                text!("the {what} loads `{written}` from another server, which learns of every reader", what = Text::from(what), written),
            )
            .help(text!("put the file into the portal, or, if readers are to contact the server, {service}", service)),
            Self::Sends => Diagnostic::new("foreign-form", text!("a form sends what readers type to another server, `{written}`", written))
                .help(text!("let a program on the portal's own server receive it; if another server is to, {service}", service)),
            Self::Stores => Diagnostic::new(
                "browser-storage",
                text!("a script uses `{written}`: what browsers of readers keep, which they are not told of", written),
            )
            .help("do without it, or say in site.toml what is kept and why: `[[privacy.storage]]`; the privacy page lists it"),
        }
    }
}

/// What outputs do, from one update to the next.
#[derive(Default)]
pub(super) struct Told {
    group: Group<From, BTreeSet<usize>>,
    /// By which settings and templates.
    config: Option<Arc<Config>>,
    theme: Option<Arc<Theme>>,
}

/// What the findings about an output are made from.
struct From {
    /// The number of the output in the plan.
    output: usize,
    contacts: Arc<Contacts>,
    /// What it is the page of.
    document: Option<Arc<Document>>,
}

impl Told {
    /// What outputs do that settings do not speak of, each where it was written (what a template writes is
    /// one finding for all its pages). Servers that settings speak of and no output contacts go into
    /// `findings`.
    pub(super) fn renew(
        &mut self,
        rendering: &Rendering,
        (planned, outputs): (&Planned, &Outputs),
        policy: &Policy,
        files: &dyn Files,
        findings: &mut Vec<Diagnostic>,
    ) -> Arc<Judged> {
        let (portal, theme, config) = (&rendering.portal, &rendering.theme, &rendering.portal.config);
        let same_config = self.config.as_ref().is_some_and(|known| Arc::ptr_eq(known, config));
        if !same_config || !self.theme.as_ref().is_some_and(|known| Arc::ptr_eq(known, theme)) {
            *self = Self { group: Group::default(), config: Some(config.clone()), theme: Some(theme.clone()) };
        }
        let (Some(origins), allowed) = (Origins::new(&config.base_url), config.allowed_origins().collect::<Vec<_>>()) else {
            return Arc::default();
        };
        let stores_are_told = config.site.privacy.as_ref().is_some_and(|privacy| !privacy.storage.is_empty());
        let all = outputs.iter().enumerate().filter_map(|(number, (output, rendered))| {
            let (Ok(made), Some(contacts)) = (&rendered.result, &rendered.contacts) else { return None };
            let document = made.source.as_ref().and_then(|file| Some(portal.document(portal.of_file(file)?).clone()));
            Some((output.path.clone(), From { output: number, contacts: contacts.clone(), document }))
        });
        let is_same = |was: &From, is: &From| {
            let same_document = match (&was.document, &is.document) {
                (Some(was), Some(is)) => Arc::ptr_eq(was, is),
                (was, is) => was.is_none() && is.is_none(),
            };
            same_document && Arc::ptr_eq(&was.contacts, &is.contacts)
        };
        let mut texts = None;
        let make = |path: &str, from: &From| {
            let mut findings = Vec::new();
            let (used, told) = acts(&from.contacts, &origins, &allowed, config, stores_are_told);
            // Images of Markdown are reported where they were written.
            let reported = from.document.iter().flat_map(|document| reported(portal, document)).collect::<HashSet<&str>>();
            let told = told.into_iter().filter(|((_, written), _)| !reported.contains(written));
            for ((_, written), (act, count)) in told {
                let (Some(made), Some(output)) = (outputs.get(path), planned.outputs.get(from.output)) else { continue };
                let page = made.source.as_ref().map(ContentPath::in_portal);
                let texts = texts.get_or_insert_with(|| Texts::new(config, files));
                findings.extend(placed(act, output, made, page.as_ref(), (written, count), texts));
            }
            (findings, used)
        };
        let judged = self.group.renew(all, is_same, make, policy);
        if !allowed.is_empty() && config.reports("unused-origin") {
            let used: BTreeSet<usize> = self.group.values().flatten().copied().collect();
            for (_, origin) in allowed.iter().enumerate().filter(|(number, _)| !used.contains(number)) {
                let message = text!("no page contacts `{origin}`, which readers are told of", origin = origin.origin);
                let help =
                    "take it out; if a script contacts it by a name that it puts together, allow this finding, with that as the reason";
                findings.push(Diagnostic::new("unused-origin", message).at(origin.spot.place()).help(help));
            }
        }
        judged
    }
}

/// What an output does that settings do not speak of, in the order of reports, with what was written and how
/// often.
type Untold<'c> = BTreeMap<(u8, &'c str), (Act, usize)>;

/// Which of the servers that settings speak of an output contacts, by their numbers, and what it does beyond.
fn acts<'c>(
    contacts: &'c Contacts,
    origins: &Origins,
    allowed: &[&Origin],
    config: &Config,
    stores_are_told: bool,
) -> (BTreeSet<usize>, Untold<'c>) {
    let named = allowed.iter().enumerate().filter(|(_, allowed)| contacts.named.contains(&allowed.host));
    let mut used: BTreeSet<usize> = named.map(|(number, _)| number).collect();
    let mut is_allowed = |written: &str| {
        let origin = origins.of(written).unwrap_or_default();
        let here = allowed.iter().enumerate().filter(|(_, allowed)| allowed.origin == origin);
        here.fold(false, |_, (number, _)| {
            used.insert(number);
            true
        })
    };
    let mut told = Untold::new();
    for (order, act, all) in [(0, Act::Loads, &contacts.loads), (1, Act::Sends, &contacts.forms)] {
        for written in all.iter().filter(|written| !is_allowed(written)) {
            told.entry((order, written)).or_insert((act, 0)).1 += 1;
        }
    }
    for written in contacts.stores.iter().filter(|_| !stores_are_told) {
        told.insert((2, written), (Act::Stores, 1));
    }
    told.retain(|_, (act, _)| config.reports(act.code()));
    (used, told)
}

/// The addresses of other servers that are reported where the Markdown of a document has them.
fn reported<'p>(portal: &'p Portal, document: &Document) -> impl Iterator<Item = &'p str> {
    let findings = portal.of_file(&document.file).map_or(&[][..], |entry| &portal.links(entry).findings);
    let foreign = findings.iter().filter(|finding| finding.code == "foreign-origin");
    foreign.filter_map(|finding| finding.place.as_ref()).map(|place| &place.text[place.range_in_text()])
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
        (_, Job::Static(_)) => Some(&*planned.origin),
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

/// Reports gaps that readers see: keys of `site.toml` that a page asked for (`missing(key=…)`), and that it
/// lacks.
pub(super) fn gaps<'o>(
    config: &Config,
    outputs: impl Iterator<Item = (&'o Output, &'o Rendered)>,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    if !config.reports("missing-statement") {
        return;
    }
    // By table and key, the pages that say it.
    let mut asked: BTreeMap<(&str, &str), Saying> = BTreeMap::new();
    for (planned, rendered) in outputs.filter(|(planned, rendered)| !rendered.missing.is_empty() && planned.job.template().is_some()) {
        let Ok(made) = &rendered.result else { continue };
        let page = made.source.as_ref().map(ContentPath::in_portal);
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
            "" => (name.to_owned(), Text::default()),
            table => (format!("{table}.{name}"), text!(" to `[{table}]`", table)),
        };
        let what = documented(&key).map_or_else(Text::default, |what| text!(": {what}", what));
        let finding =
            Diagnostic::new("missing-statement", text!("readers are told that something is missing: site.toml has no `{key}`", key))
                .at(place.unwrap_or_else(|| Place::file(SITE_FILE)))
                .help(text!("add `{name} = \"…\"`{of_table}{what}", name, of_table, what));
        findings.push(pages.into_iter().fold(finding, |finding, (address, page)| finding.on(&address, page)));
    }
    for (table, (names, pages)) in whole {
        let finding =
            Diagnostic::new("missing-statement", text!("readers are told that something is missing: site.toml has no `[{table}]`", table))
                .at(Place::file(SITE_FILE))
                .help(text!("add the table `[{table}]` with {keys}", table, keys = list(names)));
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
fn documented(key: &str) -> Option<Text> {
    let mut shape = Site::shape();
    let mut doc = None;
    for part in key.split('.') {
        let Shape::Table(table) = shape else { return None };
        let field = table.fields.into_iter().find(|field| field.key == part)?;
        doc = Some(field.doc);
        shape = field.shape;
    }
    doc.map(|doc| Text::of_data(doc.trim_end_matches('.').to_owned()))
}
