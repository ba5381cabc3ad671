//! The fonts that pictures are drawn with: those of the theme, and of the portal, below `static/`.

use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::Xxh3;

use super::statics::Statics;
use crate::diagnostic::Text;
use crate::raster::{FONT_ENDINGS, FontFile, Fonts};

/// The fonts of a theme: read when the first picture wants them.
#[derive(Debug)]
pub(crate) struct ThemeFonts {
    files: Vec<FontFile>,
    hash: u64,
    read: OnceLock<Result<Arc<Fonts>, Text>>,
}

impl ThemeFonts {
    /// Those among some files.
    pub(super) fn of(statics: &Statics) -> Self {
        let is_font = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| FONT_ENDINGS.contains(&ending));
        let files: Vec<FontFile> =
            statics.held().filter(|(path, _)| is_font(path)).map(|(path, bytes)| (path.into(), bytes.clone())).collect();
        let mut hash = Xxh3::new();
        for (path, bytes) in &files {
            hash.update(path.as_bytes());
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        Self { hash: hash.digest(), files, read: OnceLock::new() }
    }

    /// The hash of their files: the value of [`Read::Fonts`](crate::reads::Read::Fonts).
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// The fonts.
    ///
    /// # Errors
    /// Which file is none.
    pub(super) fn get(&self) -> Result<Arc<Fonts>, Text> {
        self.read.get_or_init(|| Fonts::load(&self.files).map(Arc::new)).clone()
    }
}
