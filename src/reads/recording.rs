//! The reads of the work that is under way on a thread.

use std::cell::RefCell;
use std::sync::Arc;

use super::{Read, Reads};
use crate::portal::{PageId, Portal};

/// What was noted so far.
struct Recording {
    reads: Reads,
    /// Whether it is noted what is read. Where nothing will be built again nobody asks.
    all: bool,
}

thread_local! {
    static RECORDING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// Runs `work`; gives what it gives, and what was read: `all` of it, or else what is noted always. Within
/// another such call on the same thread the outer one is put aside.
pub(crate) fn recorded<T>(all: bool, work: impl FnOnce() -> T) -> (T, Reads) {
    let restore = Restore(Some(RECORDING.replace(Some(Recording { reads: Reads::new(), all }))));
    let result = work();
    let inner = RECORDING.take();
    drop(restore);
    (result, inner.map(|recording| recording.reads).unwrap_or_default())
}

/// Puts the outer recording back, also when a panic passes.
struct Restore(Option<Option<Recording>>);

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(outer) = self.0.take() {
            RECORDING.set(outer);
        }
    }
}

/// Notes that something was read.
pub(crate) fn note(read: Read) {
    // Which sources were cited is asked for by pages themselves, what is missing or wrong with an image is a
    // finding, and sizes of images are to be made, whether or not they are built again.
    let always = matches!(read, Read::Source(_) | Read::Missing(_) | Read::Picture(_) | Read::Made(_));
    noting(always, |reads| reads.insert(read));
}

/// Notes that the summaries of some pages were read.
pub(crate) fn note_summaries(portal: &Portal, pages: &[PageId]) {
    noting(false, |reads| reads.extend(pages.iter().map(|page| Read::Summary(portal.pages[*page].document.file.clone()))));
}

/// Notes that it was looked at which sessions of the course of a page have not begun.
pub(crate) fn note_sessions(portal: &Portal, page: PageId) {
    note(Read::Sessions(portal.pages[page].document.file.clone()));
}

/// Notes all that a body, rendered before, had read.
pub(crate) fn note_all(of: &Reads) {
    // What is not recorded is not among them, but for what is noted always.
    noting(true, |reads| reads.extend(of.iter().cloned()));
}

/// The sources that were cited so far, as they came.
pub(crate) fn cited() -> Vec<Arc<str>> {
    let is_source = |read: &Read| match read {
        Read::Source(id) => Some(id.clone()),
        _ => None,
    };
    RECORDING.with_borrow(|recording| recording.iter().flat_map(|recording| recording.reads.iter()).filter_map(is_source).collect())
}

/// Notes where reads are recorded, or `always`.
fn noting(always: bool, work: impl FnOnce(&mut Reads)) {
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording
            && (always || recording.all)
        {
            work(&mut recording.reads);
        }
    });
}
