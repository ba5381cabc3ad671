//! What is to be drawn, before it is.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::{Fonts, draw};
use crate::diagnostic::Text;
use crate::files::Blob;

/// Changes with whatever changes pixels or bytes of what is drawn, so that nothing of an earlier version is
/// taken for one of this.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " resvg 0.49");

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A PNG so many pixels wide and high.
    Png(u32, u32),
    /// An ICO with 16, 32 and 48 pixels a side.
    Ico,
}

/// SVG that a template made, and what it is drawn with.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The SVG.
    pub svg: Arc<str>,
    /// The files of `static/` that it shows, by the path it names.
    pub parts: BTreeMap<String, Blob>,
    /// The fonts of its text.
    pub fonts: Arc<Fonts>,
    /// The hash of their files.
    pub font_hash: u64,
}

/// A picture that is drawn when somebody wants its bytes: ten thousand of them are not held.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub(super) source: Source,
    pub(super) shape: Shape,
    key: u128,
}

impl Drawing {
    /// A picture to be drawn.
    pub(crate) fn new(source: Source, shape: Shape) -> Self {
        let mut hash = Xxh3::new();
        let mut add = |bytes: &[u8]| {
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        add(VERSION.as_bytes());
        add(format!("{shape:?}").as_bytes());
        add(source.svg.as_bytes());
        add(&source.font_hash.to_le_bytes());
        for (path, bytes) in &source.parts {
            add(path.as_bytes());
            add(bytes);
        }
        let key = hash.digest128();
        Self { source, shape, key }
    }

    /// What tells it from every other one: two with the same key are drawn the same.
    pub fn key(&self) -> u128 {
        self.key
    }

    /// The hash by which its address tells it from what it was before.
    pub(crate) fn short(&self) -> String {
        format!("{:016x}", self.key >> 64)
    }

    /// What keeps it from being drawn.
    ///
    /// # Errors
    /// What is wrong with the SVG.
    pub(crate) fn review(&self) -> Result<(), Text> {
        quietly(|| draw::review(self)).unwrap_or_else(|| Err(Text::from("the SVG cannot be drawn")))
    }

    /// Draws it: the bytes of the file. None where it cannot be drawn, which [`Drawing::review`] says before.
    pub fn draw(&self) -> Option<Vec<u8>> {
        quietly(|| draw::draw(self)).flatten()
    }
}

/// The files that some SVG shows, by the paths it names, in order.
///
/// # Errors
/// That it is no SVG.
pub(crate) fn parts_of(svg: &str) -> Result<Vec<String>, Text> {
    draw::parts_of(svg)
}

/// What some work gives; none where it panics: SVG of a theme must not end a build.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
