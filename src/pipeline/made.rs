//! Outputs that are made.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use crate::content::ContentPath;
use crate::diagnostic::Diagnostic;
use crate::html::Notes;
use crate::images::{Made, Recipe};
use crate::output::{Bytes, Contacts};

/// A finished output.
#[derive(Debug, Clone)]
pub struct BuiltOutput {
    /// What it holds.
    pub bytes: Bytes,
    /// The file that it is the page of, relative to the portal, if it is of one.
    pub source: Option<ContentPath>,
}

/// An output as it came out, or why it did not.
pub(super) struct Rendered {
    /// The output, or what is wrong with its template or content.
    pub result: Result<BuiltOutput, Vec<Diagnostic>>,
    /// What was read for it, by the numbers of the ledger.
    pub reads: Box<[u32]>,
    /// What it does beyond the portal's own server.
    pub contacts: Option<Arc<Contacts>>,
    /// Keys of `site.toml` that it says are missing, in order.
    pub missing: Vec<Arc<str>>,
    /// The files of the images that it looked at, in order.
    pub pictures: Vec<Arc<str>>,
    /// The sizes of images that are made because of it, in order.
    pub sizes: Vec<Arc<Recipe>>,
    /// Its anchors, where somebody asked for them.
    pub anchors: OnceLock<HashSet<String>>,
}

impl Rendered {
    /// What came out, with nothing known of it yet.
    pub(super) fn of(result: Result<BuiltOutput, Vec<Diagnostic>>) -> Self {
        Self {
            result,
            reads: Box::default(),
            contacts: None,
            missing: Vec::new(),
            pictures: Vec::new(),
            sizes: Vec::new(),
            anchors: OnceLock::new(),
        }
    }
}

impl Rendered {
    /// A size of an image. It has read nothing: its plan says all that it is made of.
    pub(super) fn of_image(made: &Arc<Made>) -> Self {
        Self::of(Ok(BuiltOutput { bytes: Bytes::Image(made.clone()), source: None }))
    }
}

/// The anchors of an output, in the order of the page.
pub(super) fn anchors_of(output: &BuiltOutput) -> HashSet<String> {
    output.bytes.text().map(|text| Notes::of(&text).anchors.into_iter().collect()).unwrap_or_default()
}
