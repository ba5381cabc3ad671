//! What functions of templates can reach while an output is rendered.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use tera::Context;

use super::Theme;
use super::data::DataCache;
use super::excess::Excess;
use super::kept::{Bodies, Fragments, Reports};
use super::run::Run;
use crate::diagnostic::{Diagnostic, Text};
use crate::files::Files;
use crate::finder::Facets;
use crate::freshness::Due;
use crate::glossary::Glossary;
use crate::images::Pictures;
use crate::limits::LARGEST_OUTPUT;
use crate::locale::{LanguageId, Locale};
use crate::portal::{Entry, Portal};
use crate::reads::{self, Read, Reads, note};
use crate::values::Values;

/// The portal, its look, and its values as templates see them: all that rendering needs, and nothing that it
/// changes.
pub(crate) struct Rendering {
    /// The portal.
    pub portal: Arc<Portal>,
    /// Its look.
    pub theme: Arc<Theme>,
    /// Its values.
    pub values: Values,
    /// The files, for `load_data`.
    pub files: Arc<dyn Files>,
    /// The addresses of all outputs below the root, each with its `/` at the beginning; folders stand for
    /// their `index.html`.
    pub addresses: Arc<HashSet<String>>,
    /// The entries that prose is linked to.
    pub glossary: Arc<Glossary>,
    /// What courses have in common.
    pub facets: Arc<Facets>,
    /// Data files that were read.
    pub data: DataCache,
    /// Images that were looked at.
    pub pictures: Pictures,
    /// Contents that more than their own page shows.
    pub bodies: Bodies,
    /// What components made of pages in lists.
    pub fragments: Fragments,
    /// Reports that were made.
    pub reports: Reports,
    /// When the site comes out otherwise by itself.
    pub due: Arc<Due>,
    /// Whether it is noted what is read. Where nothing will be built again nobody asks.
    pub recording: bool,
}

/// What one output, or one body within it, is being rendered with.
struct Scope {
    rendering: Arc<Rendering>,
    /// Bodies that are being rendered, one within another.
    open: Vec<Entry>,
    /// The language of what is being rendered.
    language: LanguageId,
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
    static RUN: RefCell<Option<Arc<Run>>> = const { RefCell::new(None) };
}

/// Does some work within an output that is watched.
pub(crate) fn watched<T>(run: &Arc<Run>, work: impl FnOnce() -> T) -> T {
    let outer = RUN.replace(Some(run.clone()));
    let _restore = RestoreRun(outer);
    work()
}

/// Puts the outer run back, also when a panic passes.
struct RestoreRun(Option<Arc<Run>>);

impl Drop for RestoreRun {
    fn drop(&mut self) {
        RUN.set(self.0.take());
    }
}

/// A template comes to a checkpoint. Gives why it is to stop there; none where it is to go on.
pub(super) fn pass(at: u32) -> Option<Excess> {
    let run = RUN.with_borrow(Clone::clone)?;
    run.reach(at);
    let checkpoints = &run.theme.templates.checkpoints;
    if run.excess().is_none() {
        run.stop(checkpoints.condemned(at)?);
    }
    let (excess, stopped) = run.stopped()?;
    // Others that come to the same place need not try how long it takes.
    checkpoints.condemn(stopped.unwrap_or(at), excess);
    Some(excess)
}

/// Why the output that is being made was stopped, and at which checkpoint; none where it was not.
pub(super) fn stopped() -> Option<(Excess, Option<u32>)> {
    RUN.with_borrow(|run| run.as_ref().and_then(|run| run.stopped()))
}

/// Renders a template within [`recorded`].
///
/// # Errors
/// The findings about the template, or about the content that it shows.
pub(crate) fn render(rendering: &Rendering, template: &str, context: &Context) -> Result<Arc<[u8]>, Vec<Diagnostic>> {
    note(Read::Template(template.into()));
    // The buffer is kept for the next output: pages are rendered by the thousand, and each is copied out at
    // its exact size.
    let mut output = Capped(BUFFER.take());
    let rendered = rendering.theme.templates.tera.render_to(template, context, &mut output).map(|()| Arc::from(output.0.as_slice()));
    output.0.clear();
    BUFFER.set(output.0);
    rendered.map_err(|error| rendering.theme.templates.findings(&error, template))
}

/// Runs `work` with functions of templates seeing `rendering`; gives what it gives, and what was read. Within
/// another such call on the same thread the outer one is put aside.
pub(crate) fn recorded<T>(rendering: &Arc<Rendering>, language: LanguageId, work: impl FnOnce() -> T) -> (T, Reads) {
    let open = SCOPE.with_borrow(|scope| scope.as_ref().map(|scope| scope.open.clone()).unwrap_or_default());
    let outer = SCOPE.replace(Some(Scope { rendering: rendering.clone(), open, language }));
    let restore = Restore(Some(outer));
    let recorded = reads::recorded(rendering.recording, work);
    drop(restore);
    recorded
}

/// The language of what is being rendered on this thread.
pub(super) fn language() -> LanguageId {
    SCOPE.with_borrow(|scope| scope.as_ref().map_or(LanguageId::MAIN, |scope| scope.language))
}

impl Rendering {
    /// How the language of what is being rendered writes and sorts.
    pub(crate) fn locale(&self) -> &'static Locale {
        self.portal.config.locale(language())
    }

    /// A word of the theme, of the form for `n`, in the language of what is being rendered; it counts as
    /// read.
    ///
    /// # Errors
    /// That there is no such word.
    pub(super) fn word(&self, key: &str, n: Option<f64>) -> Result<String, Text> {
        let language = language();
        self.theme.words.of(language).word(key, n, &|key| note(Read::Word(language, key.into())))
    }
}

/// Puts the outer scope back, also when a panic passes.
struct Restore(Option<Option<Scope>>);

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(outer) = self.0.take() {
            SCOPE.set(outer);
        }
    }
}

/// The rendering that is under way on this thread.
pub(super) fn current() -> Option<Arc<Rendering>> {
    SCOPE.with_borrow(|scope| scope.as_ref().map(|scope| scope.rendering.clone()))
}

/// Runs `work` with the body of `entry` open; none where it is open already, which means that it holds
/// itself.
pub(super) fn open<T>(entry: Entry, work: impl FnOnce() -> T) -> Option<T> {
    let entered = SCOPE.with_borrow_mut(|scope| match scope {
        Some(scope) if scope.open.contains(&entry) => false,
        Some(scope) => {
            scope.open.push(entry);
            true
        }
        None => true,
    });
    if !entered {
        return None;
    }
    let result = work();
    SCOPE.with_borrow_mut(|scope| scope.as_mut().map(|scope| scope.open.pop()));
    Some(result)
}

/// A buffer that refuses to grow beyond [`LARGEST_OUTPUT`].
struct Capped(Vec<u8>);

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST_OUTPUT {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
