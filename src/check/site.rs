//! The finished site, read: its pages, and where their links lead.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use url::Url;

use super::page::{Link, Page};
use super::places::Places;
use super::sizes::{OwnPicture, pictures};
use crate::content::ContentPath;
use crate::diagnostic::Place;
use crate::files::{self, Files};
use crate::html::Use;
use crate::output::{Bytes, Job, Output};
use crate::pipeline::{Built, BuiltOutput, Policy};
use crate::portal::Portal;

/// A site, as far as it could be made, read as browsers read it.
pub struct Site<'s> {
    /// What it was made from.
    pub portal: &'s Portal,
    built: &'s Built,
    /// Its pages, ordered by path.
    pub pages: Vec<SitePage>,
    /// Whether all pages could be made.
    pub whole: bool,
    /// All outputs, ordered by path.
    outputs: &'s [Output],
    /// Each output by its address below the root, with its `/` at the beginning; an `index.html` by that of
    /// its folder.
    by_address: HashMap<&'s str, usize>,
    places: Places<'s>,
    /// The pictures that front matter names.
    pub(super) pictures: Vec<OwnPicture>,
}

/// A page of the site.
#[derive(Debug)]
pub struct SitePage {
    /// Its path below the output directory: `kurse/index.html`.
    pub path: Arc<str>,
    /// Its address below the root: `/kurse/`.
    pub address: String,
    /// The number of its output.
    pub output: usize,
    /// The file below `content/` that it is the page of.
    pub source: Option<ContentPath>,
    /// The file that is published as it is: a page or style sheet that no template made, which nobody but its
    /// author can mend.
    pub copied: Option<String>,
    /// How many bytes it has.
    pub length: usize,
    /// What it holds.
    pub page: Page,
}

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
pub enum Leads {
    /// To an output, by its number, and to an anchor of it.
    Output(usize, Option<String>),
    /// To a path of this server where nothing is published.
    Nowhere(String),
    /// To another server, or to a part of this one that is none of the portal's.
    Away(Url),
    /// Not to anything that could be looked at: an e-mail address, data, a script.
    Elsewhere,
}

impl<'s> Site<'s> {
    /// Reads a site. None where nothing could be made.
    pub fn read(built: &'s Built, files: &'s dyn Files) -> Option<Self> {
        let (portal, planned) = (built.portal.as_deref()?, built.planned.as_deref()?);
        let outputs = planned.outputs.as_slice();
        let by_address = outputs.iter().enumerate().map(|(number, output)| (address(&output.path), number)).collect();
        let placeholders = portal.config.main_locale().placeholders();
        let is_made = |output: &Output| output.path.ends_with(".html") && !is_copy(output);
        let pages: Vec<SitePage> = outputs
            .par_iter()
            .enumerate()
            .filter(|(_, output)| is_made(output) || is_copied_text(output))
            .filter_map(|(number, output)| {
                let made = built.outputs.get(&output.path)?;
                let copied = is_copy(output).then(|| file_of(output, made).to_owned());
                let text = text_of(made, files)?;
                let page = if output.path.ends_with(".css") { Page::of_sheet(&text) } else { Page::read(&text, placeholders) };
                let (path, source) = (output.path.clone(), made.source.clone());
                Some(SitePage { address: format!("/{}", address(&path)), path, output: number, source, copied, length: text.len(), page })
            })
            .collect();
        let whole = outputs.iter().filter(|output| is_made(output)).count() == pages.iter().filter(|page| page.copied.is_none()).count();
        let pictures = pictures(portal, built, files);
        Some(Self { portal, built, whole, pages, outputs, by_address, places: Places::new(portal, files), pictures })
    }

    /// The pages that templates made, each with its number.
    pub fn made(&self) -> impl Iterator<Item = (usize, &SitePage)> {
        self.pages.iter().enumerate().filter(|(_, page)| page.copied.is_none())
    }

    /// How much findings matter, and which are allowed.
    pub(super) fn policy(&self) -> &'s Policy {
        &self.built.policy
    }

    /// Whether findings of a code are wanted at all.
    pub(super) fn reports(&self, code: &str) -> bool {
        self.portal.config.reports(code)
    }

    /// The files that figures of records, and data in templates, come from.
    pub(super) fn data_files(&self) -> HashSet<&'s str> {
        let of_records = self.portal.entries().flat_map(|entry| &self.portal.document(entry).data_files);
        of_records.chain(&self.built.data_files).map(String::as_str).collect()
    }

    /// What outputs hold that were made, one after the other.
    pub(super) fn texts(&self) -> impl Iterator<Item = Cow<'s, [u8]>> {
        self.built.outputs.values().filter_map(|output| output.bytes.held())
    }

    /// The name of the portal.
    pub(super) fn title(&self) -> &str {
        &self.portal.config.site.title
    }

    /// The description of the portal.
    pub(super) fn description(&self) -> Option<&str> {
        self.portal.config.site.description.as_deref().map(str::trim)
    }

    /// Finds where things were written.
    pub(super) fn places(&self) -> &Places<'s> {
        &self.places
    }

    /// The page that an output is, if it is one.
    pub fn page_of(&self, output: usize) -> Option<&SitePage> {
        let at = self.pages.binary_search_by_key(&output, |page| page.output).ok()?;
        self.pages.get(at)
    }

    /// All addresses below the root.
    pub(super) fn addresses(&self) -> impl Iterator<Item = String> {
        self.outputs.iter().map(|output| format!("/{}", address(&output.path)))
    }

    /// The address of an output.
    pub(super) fn address_of(&self, output: usize) -> String {
        format!("/{}", address(&self.outputs[output].path))
    }

    /// Where front matter gave an output its address.
    pub(super) fn written_place(&self, output: usize) -> Option<Place> {
        let (file, key) = self.outputs.get(output)?.written.as_ref()?;
        Some(self.places.of_key(file, key, &format!("{}/{file}", crate::content::CONTENT_DIR)))
    }

    /// The template of a page, as a whole.
    pub(super) fn template_place(&self, page: usize) -> Option<Place> {
        Some(self.places.of_template(self.outputs[self.pages.get(page)?.output].job.template()?))
    }

    /// The outputs, in the order of their numbers.
    pub fn outputs(&self) -> &'s [Output] {
        self.outputs
    }

    /// Where an address of a page leads.
    pub fn leads(&self, from: &SitePage, written: &str) -> Leads {
        if let Some(fragment) = written.strip_prefix('#')
            && from.page.base.is_none()
        {
            return Leads::Output(from.output, anchor(fragment));
        }
        // Nearly all addresses are full ones, as templates write them: no URL need be taken apart for those.
        if let Some(rest) = self.below_base(written)
            && rest.starts_with('/')
            && !rest.contains(['\\', '\t', '\n', '\r'])
            && !rest.contains("/.")
        {
            return self.below_root(rest);
        }
        let Ok(own) = Url::parse(&self.portal.config.permalink(&from.address)) else { return Leads::Elsewhere };
        let base = from.page.base.as_ref().and_then(|base| own.join(base).ok()).unwrap_or_else(|| own.clone());
        let Ok(url) = base.join(written) else { return Leads::Nowhere(written.to_owned()) };
        if !matches!(url.scheme(), "http" | "https") {
            return Leads::Elsewhere;
        }
        if url.origin() != own.origin() {
            return Leads::Away(url);
        }
        let below = url.path().strip_prefix(&*self.portal.config.base_path).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        match below {
            Some(path) => {
                let fragment = url.fragment().map_or_else(String::new, |fragment| format!("#{fragment}"));
                self.below_root(&format!("{}{fragment}", if path.is_empty() { "/" } else { path }))
            }
            // In full, it is another site of this server; without the server, the writer forgot where the
            // portal begins.
            None if written.contains("//") => Leads::Away(url),
            None => Leads::Nowhere(url.path().to_owned()),
        }
    }

    /// What stands behind the address of the portal; none where an address only begins with the same letters.
    pub(super) fn below_base<'w>(&self, written: &'w str) -> Option<&'w str> {
        written.strip_prefix(&*self.portal.config.base_url).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }

    fn below_root(&self, rest: &str) -> Leads {
        let (path, fragment) = rest.split_once('#').map_or((rest, None), |(path, fragment)| (path, Some(fragment)));
        let path = path.split('?').next().unwrap_or(path);
        match self.output_at(path) {
            Some(number) => Leads::Output(number, fragment.and_then(anchor)),
            None => Leads::Nowhere(path.to_owned()),
        }
    }

    /// The output that a server gives for a path.
    fn output_at(&self, path: &str) -> Option<usize> {
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let path = decoded.strip_prefix('/').unwrap_or(&decoded);
        let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
        let at = |path: &str| self.by_address.get(path).copied();
        at(folder.unwrap_or(path)).or_else(|| at(&format!("{path}/")))
    }

    /// The addresses of other servers that readers follow or browsers load something from, each with its
    /// page, in the order of pages.
    pub fn away(&self) -> impl Iterator<Item = (Url, &SitePage)> {
        let foreign = |link: &&Link| {
            matches!(link.purpose, Use::Follow | Use::Load)
                && (link.written.contains("//") || link.written.contains('\\'))
                && self.below_base(&link.written).is_none()
        };
        self.pages.iter().flat_map(move |page| {
            page.page.links.iter().filter(foreign).filter_map(move |link| match self.leads(page, &link.written) {
                Leads::Away(url) => Some((url, page)),
                _ => None,
            })
        })
    }
}

impl SitePage {
    /// The file that it is made of, relative to the portal: of a page that of its text, of what is copied the
    /// file itself.
    pub fn file(&self) -> Option<String> {
        self.copied.clone().or_else(|| self.source.as_ref().map(ContentPath::in_portal))
    }
}

/// Whether an output is a file of the portal or its theme, as it is.
fn is_copy(output: &Output) -> bool {
    matches!(output.job, Job::Copy(_) | Job::Static(_))
}

/// Whether an output is a page or a style sheet that is published as it is.
fn is_copied_text(output: &Output) -> bool {
    is_copy(output) && (output.path.ends_with(".html") || output.path.ends_with(".css"))
}

/// The file that a copied output comes from.
fn file_of<'o>(output: &'o Output, made: &'o BuiltOutput) -> &'o str {
    match &made.bytes {
        Bytes::File(file) => file,
        _ => &output.origin,
    }
}

/// What an output holds, where it is text.
fn text_of<'b>(made: &'b BuiltOutput, files: &dyn Files) -> Option<Cow<'b, str>> {
    match &made.bytes {
        Bytes::File(file) => Some(Cow::Owned(files::text(file, &files.read(file).ok()?).ok()?.to_owned())),
        bytes => bytes.text(),
    }
}

/// An anchor, as the address writes it; none for the page as a whole.
fn anchor(fragment: &str) -> Option<String> {
    // Behind `:~:` stands a text to be marked, no anchor.
    let fragment = fragment.split(":~:").next().unwrap_or(fragment);
    (!fragment.is_empty()).then(|| fragment.to_owned())
}

/// The address of an output below the root, without the `/` at the beginning: of an `index.html` that of its
/// folder.
fn address(path: &str) -> &str {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    }
}
