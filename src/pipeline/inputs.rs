//! What a portal is made from, read once and kept: settings, documents, sources, theme. After a change only
//! what changed is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::broken::Broken;
use super::request::Request;
use super::touched::{Touched, is_theme_touched};
use crate::config::{Config, SITE_FILE, is_foreign, unread};
use crate::content::{self, CONTENT_DIR, Document, FileKind, Settings, below_content, file_kind};
use crate::diagnostic::{Diagnostic, Place, any_error, text};
use crate::files::{self, Files};
use crate::locale::LanguageId;
use crate::records::{BrokenSources, SOURCES_FILE, Sources, decode_sources};
use crate::schema::Reader;
use crate::theme::{Spot, Theme};

/// A Markdown file, as far as it could be understood.
pub(super) struct Loaded {
    /// What it holds; none where that could not be understood.
    pub document: Option<Arc<Document>>,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// Whether that is an error.
    wrong: bool,
}

/// What was read.
#[derive(Default)]
pub(super) struct Inputs {
    /// The settings, where they are sound.
    pub config: Option<Arc<Config>>,
    config_findings: Vec<Diagnostic>,
    /// Files that nothing reads, of other systems.
    unread: Vec<Diagnostic>,
    /// The last settings that were sound: by them was read what is kept.
    sound: Option<Arc<Config>>,
    base_url: Option<String>,
    /// What could not be used of `content/`.
    listing_findings: Vec<Diagnostic>,
    documents: BTreeMap<String, Arc<Loaded>>,
    /// Documents that depend on more than their own file, or could not be understood.
    watchful: BTreeSet<String>,
    /// All other files of `content/`, relative to the portal; those among them that are not to be published
    /// are reported.
    assets: BTreeSet<String>,
    sources: Option<Arc<Sources>>,
    broken_sources: BrokenSources,
    sources_findings: Vec<Diagnostic>,
    /// The theme.
    pub theme: Option<Arc<Theme>>,
    theme_findings: Vec<Diagnostic>,
}

/// What [`Inputs::reload`] read again.
#[derive(Debug, Default)]
pub(super) struct Reloaded {
    /// Documents, by their file below `content/`.
    pub documents: BTreeSet<Arc<str>>,
    /// Whether more than documents is different: settings, sources, the theme aside; or which documents and
    /// files there are.
    pub structure: bool,
    /// Whether the settings were read.
    pub config: bool,
    /// Whether the theme was.
    pub theme: bool,
}

impl Reloaded {
    /// Both together.
    pub(super) fn join(&mut self, mut other: Self) {
        self.documents.append(&mut other.documents);
        self.structure |= other.structure;
        self.config |= other.config;
        self.theme |= other.theme;
    }
}

impl Inputs {
    /// Reads what changed. Gives nothing where there are no sound settings: then nothing else was read, and
    /// what changed must be told again. With `checkpoints` templates can be stopped, and are at those spots.
    pub(super) fn reload(
        &mut self,
        files: &dyn Files,
        request: &Request,
        touched: &Touched<'_>,
        checkpoints: Option<&[Spot]>,
    ) -> Option<Reloaded> {
        let mut reloaded = Reloaded::default();
        if touched.holds(SITE_FILE) || self.base_url != request.base_url || self.config.is_none() {
            self.config_findings.clear();
            self.config = Config::load(files, request.base_url.as_deref(), &mut self.config_findings).map(Arc::new);
            self.base_url.clone_from(&request.base_url);
            reloaded.config = true;
        }
        let config = self.config.clone()?;
        if reloaded.config || touched.any(|path| is_foreign(path, &config.theme)) {
            self.unread = unread(files, &config.theme);
        }
        let same_reading = self.sound.replace(config.clone()).is_some_and(|before| reads_alike(&before, &config));
        match touched {
            Touched::Files(touched) if same_reading && self.is_refused_still(files) => self.take_in(files, &config, touched, &mut reloaded),
            _ => self.take_in_all(files, &config, touched, same_reading, &mut reloaded),
        }
        if touched.holds(SOURCES_FILE) || self.sources.is_none() {
            self.sources_findings.clear();
            (self.sources, self.broken_sources) = sources(files, &mut self.sources_findings);
            reloaded.structure = true;
        }
        if reloaded.config || is_theme_touched(&config, touched) || self.theme.is_none() {
            self.theme_findings.clear();
            self.theme = Some(Arc::new(Theme::load(&config, files, checkpoints, &mut self.theme_findings)));
            reloaded.theme = true;
        }
        Some(reloaded)
    }

    /// Whether all that could not be used of `content/` cannot be used still. What a link leads to may change
    /// without the link.
    fn is_refused_still(&self, files: &dyn Files) -> bool {
        self.listing_findings.iter().all(|finding| {
            let look = finding.place.as_ref().map(|place| files.look(&place.file)).unwrap_or_default();
            look.files.is_empty() && look.findings == std::slice::from_ref(finding)
        })
    }

    /// Lists `content/` anew, and reads what is new in it or changed.
    fn take_in_all(&mut self, files: &dyn Files, config: &Config, touched: &Touched<'_>, same_reading: bool, reloaded: &mut Reloaded) {
        let mut listing = files.list(CONTENT_DIR);
        self.listing_findings = std::mem::take(&mut listing.findings);
        listing.files.retain(|path| is_input(config, path));
        let (markdown, assets): (Vec<String>, BTreeSet<String>) = partition(listing.files);
        let markdown: BTreeSet<String> = markdown.into_iter().collect();
        self.documents.retain(|path, _| markdown.contains(path));
        self.watchful.retain(|path| markdown.contains(path));
        let stale =
            |path: &String| !same_reading || touched.holds(path) || !self.documents.contains_key(path) || self.is_watchful(path, touched);
        let stale: Vec<String> = markdown.iter().filter(|path| stale(path)).cloned().collect();
        self.load(files, config, stale, reloaded);
        self.assets = assets;
        reloaded.structure = true;
    }

    /// Reads what changed of `content/`.
    fn take_in(&mut self, files: &dyn Files, config: &Config, touched: &BTreeSet<String>, reloaded: &mut Reloaded) {
        let below = format!("{CONTENT_DIR}/");
        let mut stale: BTreeSet<String> = BTreeSet::new();
        for path in touched {
            // A name that is not UTF-8 was made so to be told; the folder itself may be anything now.
            if path == CONTENT_DIR || (path.starts_with(&below) && path.contains('\u{fffd}')) {
                return self.take_in_all(files, config, &Touched::Files(touched), true, reloaded);
            }
            if !path.starts_with(&below) {
                continue;
            }
            let look = files.look(path);
            if !look.findings.is_empty() {
                return self.take_in_all(files, config, &Touched::Files(touched), true, reloaded);
            }
            let there: BTreeSet<String> = look.files.into_iter().filter(|path| is_input(config, path)).collect();
            self.forget_all_but(path, &there, reloaded);
            let (markdown, assets): (BTreeSet<String>, Vec<String>) = partition(there.into_iter().collect());
            reloaded.structure |= markdown.iter().any(|path| !self.documents.contains_key(path));
            stale.extend(markdown);
            for asset in assets {
                reloaded.structure |= self.assets.insert(asset);
            }
        }
        stale.extend(self.watchful.iter().filter(|path| self.is_watchful(path, &Touched::Files(touched))).cloned());
        self.load(files, config, stale.into_iter().collect(), reloaded);
    }

    /// Drops what was at or below `path` and is no longer there.
    fn forget_all_but(&mut self, path: &str, there: &BTreeSet<String>, reloaded: &mut Reloaded) {
        let below = format!("{path}/");
        let gone = |known: &String| (known == path || known.starts_with(&below)) && !there.contains(known);
        let documents: Vec<String> = self
            .documents
            .range(path.to_owned()..)
            .map(|(known, _)| known)
            .take_while(|known| known.starts_with(path))
            .filter(|known| gone(known))
            .cloned()
            .collect();
        let assets: Vec<String> =
            self.assets.range(path.to_owned()..).take_while(|known| known.starts_with(path)).filter(|known| gone(known)).cloned().collect();
        reloaded.structure |= !documents.is_empty() || !assets.is_empty();
        for path in documents {
            self.documents.remove(&path);
            self.watchful.remove(&path);
        }
        for path in assets {
            self.assets.remove(&path);
        }
    }

    /// Whether a document must be read again though its own file did not change.
    fn is_watchful(&self, path: &str, touched: &Touched<'_>) -> bool {
        self.watchful.contains(path)
            && match self.documents.get(path).and_then(|loaded| loaded.document.as_ref()) {
                Some(document) => document.data_files.iter().any(|file| touched.holds(file)),
                None => true,
            }
    }

    fn load(&mut self, files: &dyn Files, config: &Config, paths: Vec<String>, reloaded: &mut Reloaded) {
        let settings = settings(config);
        let read: Vec<(String, Arc<Loaded>)> = paths
            .into_par_iter()
            .map(|path| {
                let mut findings = Vec::new();
                let document = content::load(files, &path, settings, &mut findings).map(Arc::new);
                (path, Arc::new(Loaded { document, wrong: any_error(&findings), findings }))
            })
            .collect();
        for (path, loaded) in read {
            match &loaded.document {
                Some(document) if document.data_files.is_empty() => self.watchful.remove(&path),
                _ => self.watchful.insert(path.clone()),
            };
            reloaded.documents.insert(below_content(&path).into());
            // One that cannot be understood, or could not, is as good as one that goes or comes.
            reloaded.structure |= loaded.document.is_none();
            let before = self.documents.insert(path, loaded);
            reloaded.structure |= before.is_none_or(|before| before.document.is_none());
        }
    }

    /// The document of a file below `content/`.
    pub(super) fn document(&self, file: &str) -> Option<&Arc<Document>> {
        self.documents.get(&format!("{CONTENT_DIR}/{file}")).and_then(|loaded| loaded.document.as_ref())
    }

    /// All documents that could be understood, ordered by file.
    pub(super) fn all_documents(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.documents.values().filter_map(|loaded| loaded.document.as_ref())
    }

    /// All documents, ordered by file.
    pub(super) fn documents(&self) -> Vec<Arc<Document>> {
        self.documents.values().filter_map(|loaded| loaded.document.clone()).collect()
    }

    /// A Markdown file, by its path below `content/`.
    pub(super) fn loaded(&self, file: &str) -> Option<&Arc<Loaded>> {
        self.documents.get(&format!("{CONTENT_DIR}/{file}"))
    }

    /// All Markdown files, by their paths relative to the portal.
    pub(super) fn all_loaded(&self) -> impl Iterator<Item = (&str, &Arc<Loaded>)> {
        self.documents.iter().map(|(path, loaded)| (path.as_str(), loaded))
    }

    /// Whether there is a Markdown file of that path, relative to the portal.
    pub(super) fn has(&self, path: &str) -> bool {
        self.documents.contains_key(path)
    }

    /// Whether an error was found in any Markdown file.
    pub(super) fn any_wrong_document(&self) -> bool {
        self.documents.values().any(|loaded| loaded.wrong)
    }

    /// All files to be published as they are, in order.
    pub(super) fn assets(&self) -> Vec<String> {
        self.assets.iter().filter(|path| file_kind(path) == FileKind::Other).cloned().collect()
    }

    /// The sources, as far as they could be understood.
    pub(super) fn sources(&self) -> Arc<Sources> {
        self.sources.clone().unwrap_or_default()
    }

    /// What is wrong with the settings.
    pub(super) fn config_findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.config_findings.iter().chain(&self.unread)
    }

    /// What is wrong with the content, beside its Markdown files and sources, and what could not be
    /// understood of it.
    pub(super) fn content_findings(&self) -> (Vec<Diagnostic>, Broken) {
        let mut findings = self.listing_findings.clone();
        let mut broken = Vec::new();
        for path in &self.assets {
            match file_kind(path) {
                FileKind::OtherMarkdown(stem) => {
                    let right = format!("{stem}.md");
                    let finding = Diagnostic::new("file-name", text!("`{path}` would be published as it is, front matter and all", path));
                    let help = text!(
                        "a page is a file `*.md`, in small letters: name it `{right}`, or pass it over (`ignored_content` in site.toml)",
                        right
                    );
                    findings.push(finding.at(Place::file(path)).help(help));
                    broken.push(below_content(&right).to_owned());
                }
                FileKind::CopyOfPage => findings.push(
                    Diagnostic::new("stray-file", text!("`{path}` looks like a copy of a page, and is not published", path))
                        .at(Place::file(path))
                        .help("delete it, or move it out of content/; a page is a file `*.md`"),
                ),
                FileKind::Page | FileKind::LeftBehind | FileKind::Other => {}
            }
        }
        for (path, loaded) in &self.documents {
            if loaded.document.is_none() {
                broken.push(below_content(path).to_owned());
            }
        }
        (findings, Broken::new(broken.iter().map(String::as_str), self.broken_sources.clone()))
    }

    /// What is wrong with the sources.
    pub(super) fn sources_findings(&self) -> &[Diagnostic] {
        &self.sources_findings
    }

    /// What is wrong with the theme.
    pub(super) fn theme_findings(&self) -> &[Diagnostic] {
        &self.theme_findings
    }
}

fn settings(config: &Config) -> Settings {
    let language = LanguageId::MAIN;
    Settings { smart_punctuation: config.smart_punctuation, language, locale: config.locale(language), prose: config.glossary_links }
}

/// Whether content is read the same way with both settings.
fn reads_alike(a: &Config, b: &Config) -> bool {
    a.smart_punctuation == b.smart_punctuation
        && a.glossary_links == b.glossary_links
        && a.locales == b.locales
        && a.site.ignored_content == b.site.ignored_content
}

/// Markdown files, and all others.
fn partition<M: Default + Extend<String>, A: Default + Extend<String>>(paths: Vec<String>) -> (M, A) {
    let (mut markdown, mut assets) = (M::default(), A::default());
    for path in paths {
        if file_kind(&path) == FileKind::Page { markdown.extend([path]) } else { assets.extend([path]) }
    }
    (markdown, assets)
}

/// Whether a file of `content/` belongs to the portal as a page or as a file to publish.
fn is_input(config: &Config, path: &str) -> bool {
    !config.ignored.is_match(below_content(path)) && file_kind(path) != FileKind::LeftBehind && path != SOURCES_FILE
}

/// The sources, as far as they can be understood; none where they cannot be read.
fn sources(files: &dyn Files, findings: &mut Vec<Diagnostic>) -> (Option<Arc<Sources>>, BrokenSources) {
    let source = match files.read(SOURCES_FILE) {
        // No sources, or no folder for them, which was reported.
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return (Some(Arc::default()), BrokenSources::default());
        }
        read => files::read_text(SOURCES_FILE, read, findings),
    };
    let Some(source) = source else { return (None, BrokenSources { all: true, ..BrokenSources::default() }) };
    let mut reader = Reader::new(&source);
    let (sources, broken) = decode_sources(&mut reader);
    findings.append(&mut reader.findings);
    (Some(Arc::new(sources)), broken)
}
