//! What only the finished outputs can decide: anchors that templates give, paths that may be any output, foreign origins.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::BuiltOutput;
use super::render::Rendered;
use super::texts::Texts;
use crate::config::SITE_FILE;
use crate::content::{CONTENT_DIR, escape};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::files::{self, Files};
use crate::output::{Bytes, Job, Origins, Output, address_of, file_of};
use crate::portal::Portal;

fn text_of(output: &BuiltOutput) -> Option<&str> {
    output.bytes.held().and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Links to anchors that no heading has: each must be in the page, where a template gave it.
pub(super) fn anchors<'o>(portal: &Portal, outputs: &dyn Fn(&str) -> Option<&'o BuiltOutput>, findings: &mut Vec<Diagnostic>) {
    // Pages are searched once for each anchor that is asked for, however often.
    let mut known: HashMap<(&str, &str), bool> = HashMap::new();
    for pending in &portal.pending_anchors {
        let path = &**portal.path(pending.entry);
        let there = *known.entry((path, &pending.anchor)).or_insert_with(|| {
            let text = outputs(&file_of(path)).and_then(text_of);
            let has = |anchor: &str| text.is_some_and(|text| text.contains(&format!(" id=\"{}\"", escape(anchor))));
            has(&pending.anchor) || has(&percent_encoding::percent_decode_str(&pending.anchor).decode_utf8_lossy())
        });
        if there {
            continue;
        }
        let document = portal.document(pending.entry);
        let ids = document.body.headings.iter().map(|heading| heading.id.as_str());
        let help = match did_you_mean(&pending.anchor, ids) {
            Some(near) => format!("did you mean `#{near}`?"),
            None => String::from("an anchor is made from a heading: `## Your heading` is `#your-heading`"),
        };
        let message = format!("`{}` has no anchor `#{}`", document.file, pending.anchor);
        findings.push(Diagnostic::new("dead-anchor", message).at(pending.at.place()).help(help));
    }
}

/// Links to paths below the root: each must be the address of an output.
pub(super) fn paths(portal: &Portal, addresses: &HashSet<String>, findings: &mut Vec<Diagnostic>) {
    let mut known: Vec<&str> = addresses.iter().map(String::as_str).collect();
    known.sort_unstable();
    let mut helps: HashMap<(String, bool), String> = HashMap::new();
    for pending in &portal.pending_paths {
        let path = pending.path.strip_suffix("index.html").unwrap_or(&pending.path);
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        if addresses.contains(&*decoded) || addresses.contains(&format!("{decoded}/")) {
            continue;
        }
        let near = || did_you_mean(&decoded, known.iter().copied());
        let help = helps.entry((decoded.to_string(), pending.loaded)).or_insert_with(|| match (near(), pending.loaded) {
            (Some(near), true) => format!("did you mean `{near}`?"),
            (None, true) => String::from("put the file into `static/`, or beside the page and name it alone"),
            (Some(near), false) => format!("did you mean `{near}`? A link by file, `@/folder/page.md`, follows when a page moves"),
            (None, false) => String::from("link to a page by its file below content/: `@/folder/page.md`"),
        });
        let finding = match pending.loaded {
            true => Diagnostic::new("missing-file", format!("the page loads `{}`, and nothing is published there", pending.path)),
            false => Diagnostic::new("dead-link", format!("nothing is published at `{}`", pending.path)),
        };
        findings.push(finding.at(pending.at.place()).help(help.clone()));
    }
}

/// Looks for addresses of other servers that outputs load something from; copied files are looked into as well.
pub(super) struct Foreign<'f> {
    origins: Option<Origins>,
    files: &'f dyn Files,
}

impl<'f> Foreign<'f> {
    /// By the settings of a portal.
    pub fn new(portal: &Portal, files: &'f dyn Files) -> Self {
        Self { origins: Origins::new(&portal.config.base_url, portal.config.allowed_origins()), files }
    }

    /// The addresses of an output.
    pub fn of(&self, path: &str, output: &BuiltOutput) -> Vec<String> {
        let Some(origins) = &self.origins else { return Vec::new() };
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if !["html", "htm", "svg", "css"].contains(&ending.as_str()) {
            return Vec::new();
        }
        let copied = match &output.bytes {
            Bytes::File(file) => self.files.read(file).ok().and_then(|bytes| files::text(file, bytes).ok()),
            Bytes::Made(_) | Bytes::Shared(_) => None,
        };
        match copied.as_deref().or_else(|| text_of(output)) {
            Some(text) if ending == "css" => origins.foreign_in_sheet(text),
            Some(text) => origins.foreign_in_page(text),
            None => Vec::new(),
        }
    }
}

/// Reports addresses of other servers that outputs load something from, each where it was written: what a template writes is one finding for all its pages.
pub(super) fn report_foreign<'o>(
    portal: &Portal,
    outputs: impl Iterator<Item = (&'o Output, &'o Rendered)>,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    let mut outputs = outputs.filter(|(_, rendered)| !rendered.foreign.is_empty()).peekable();
    if outputs.peek().is_none() {
        return;
    }
    let texts = Texts::new(&portal.config, files);
    // Images of Markdown were reported where they were written.
    let reported = findings.iter().filter(|finding| finding.code == "foreign-origin").filter_map(|finding| finding.place.as_ref());
    let reported: HashSet<(String, String)> =
        reported.map(|place| (place.file.clone(), place.text[place.range_in_text()].to_owned())).collect();
    for (planned, rendered) in outputs {
        let Ok(made) = &rendered.result else { continue };
        let page = made.source.as_ref().map(|file| format!("{CONTENT_DIR}/{file}"));
        let mut addresses: BTreeMap<&String, usize> = BTreeMap::new();
        rendered.foreign.iter().for_each(|address| *addresses.entry(address).or_default() += 1);
        for (address, count) in addresses {
            if page.as_ref().is_some_and(|file| reported.contains(&(file.clone(), address.clone()))) {
                continue;
            }
            findings.extend(foreign(planned, made, page.as_ref(), (address, count), &texts));
        }
    }
}

/// The findings about an address of another server that an output loads something from, so many times.
fn foreign(
    planned: &Output,
    made: &BuiltOutput,
    page: Option<&String>,
    (address, count): (&str, usize),
    texts: &Texts<'_>,
) -> Vec<Diagnostic> {
    let copied = match (&made.bytes, &planned.job) {
        (Bytes::File(file), _) => Some(&**file),
        (_, Job::Static(_)) => Some(planned.origin.as_str()),
        _ => None,
    };
    let what = if copied.is_some() { "file" } else { "page" };
    let message = format!("the {what} loads `{address}` from another server, which learns of every reader");
    let finding = Diagnostic::new("foreign-origin", message)
        .help("put the file into the portal, or allow the server in site.toml: `[privacy] allowed_origins`");
    let own = copied.or(page.map(String::as_str));
    let places = own.map(|file| texts.in_file(file, address, count)).unwrap_or_default();
    let places = match copied {
        Some(file) if places.is_empty() => vec![Place::file(file)],
        _ => places,
    };
    if !places.is_empty() {
        return places.into_iter().map(|place| finding.clone().at(place)).collect();
    }
    // The settings may hold what a template writes.
    let mut places = texts.in_first([SITE_FILE].into_iter(), address, 1);
    if places.is_empty() {
        places = texts.in_templates(address, count);
    }
    let finding = finding.on(&address_of(&planned.path), page.cloned());
    match (places.is_empty(), planned.job.template()) {
        (false, _) => places.into_iter().map(|place| finding.clone().at(place)).collect(),
        (true, Some(template)) => vec![finding.at(texts.of_template(template))],
        (true, None) => vec![finding],
    }
}
