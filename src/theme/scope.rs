//! What functions of templates can reach while an output is rendered.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use tera::Context;

use super::data::DataCache;
use super::finder::Facets;
use super::{Read, Reads, Theme, Values};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::portal::{Entry, Portal};

/// The most bytes that one output may have. A template whose loops multiply would else fill the memory.
pub const LARGEST_OUTPUT: usize = 64 * 1024 * 1024;

/// The portal, its look, and its values as templates see them: all that rendering needs, and nothing that it changes.
pub struct Rendering {
    /// The portal.
    pub portal: Arc<Portal>,
    /// Its look.
    pub theme: Arc<Theme>,
    /// Its values.
    pub values: Values,
    /// The files, for `load_data`.
    pub files: Arc<dyn Files>,
    /// The paths of all outputs, each with its `/` at the beginning; folders stand for their `index.html`.
    pub outputs: HashSet<String>,
    /// What courses have in common, when it was first asked for.
    pub(super) facets: OnceLock<Result<Facets, String>>,
    /// Data files that were read.
    pub(super) data: DataCache,
    /// Bodies that were rendered.
    pub(super) bodies: super::body::Bodies,
}

impl Rendering {
    /// Makes the values of a portal.
    pub fn new(portal: Arc<Portal>, theme: Arc<Theme>, files: Arc<dyn Files>, outputs: HashSet<String>) -> Self {
        let values = Values::new(&portal);
        let bodies = super::body::Bodies::new(&portal);
        Self { portal, theme, values, files, outputs, facets: OnceLock::new(), data: DataCache::default(), bodies }
    }
}

/// What one output, or one body within it, is being rendered with.
struct Scope {
    rendering: Arc<Rendering>,
    reads: Reads,
    /// Bodies that are being rendered, one within another.
    open: Vec<Entry>,
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// Renders a template. Gives the bytes and what was read, or what is wrong.
///
/// # Errors
/// The findings about the template, or about the content that it shows.
pub fn render(rendering: &Arc<Rendering>, template: &str, context: &Context, reads: Reads) -> Result<(Arc<[u8]>, Reads), Vec<Diagnostic>> {
    let (result, reads) = within(rendering, reads, || {
        // The buffer is kept for the next output: pages are rendered by the thousand, and each is copied out at its exact size.
        let mut output = Capped(BUFFER.take());
        let rendered = rendering.theme.templates.tera.render_to(template, context, &mut output).map(|()| Arc::from(output.0.as_slice()));
        output.0.clear();
        BUFFER.set(output.0);
        rendered
    });
    match result {
        Ok(bytes) => Ok((bytes, reads)),
        Err(error) => Err(rendering.theme.templates.findings(&error, template)),
    }
}

/// Runs `work` with functions of templates seeing `rendering`; gives what it gives, and what was read. Within another such call on the same
/// thread the outer one is put aside.
pub(super) fn within<T>(rendering: &Arc<Rendering>, reads: Reads, work: impl FnOnce() -> T) -> (T, Reads) {
    let open = SCOPE.with_borrow(|scope| scope.as_ref().map(|scope| scope.open.clone()).unwrap_or_default());
    let outer = SCOPE.replace(Some(Scope { rendering: rendering.clone(), reads, open }));
    let restore = Restore(Some(outer));
    let result = work();
    let inner = SCOPE.take();
    drop(restore);
    (result, inner.map(|scope| scope.reads).unwrap_or_default())
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

/// Notes that something was read.
pub(super) fn note(read: Read) {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            scope.reads.insert(read);
        }
    });
}

/// Notes all that a body, rendered before, had read.
pub(super) fn note_all(reads: &Reads) {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            scope.reads.extend(reads.iter().cloned());
        }
    });
}

/// Runs `work` with the body of `entry` open; none where it is open already, which means that it holds itself.
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
