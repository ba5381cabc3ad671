//! What the preview is to show beside the portal.

use std::path::PathBuf;
use std::sync::Arc;

use crate::files::Disk;

use crate::diagnostic::Language;

/// What the preview is to show beside the portal.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The folder of the portal, absolute and free of links.
    pub root: PathBuf,
    /// The files in it, of which sizes of images are made; none where they are read without a cache.
    pub files: Option<Arc<Disk>>,
    /// Whether pages have a bar that tells of them.
    pub bar: bool,
    /// An address that opens a file in an editor, with `{path}` in the place of its path.
    pub editor: Option<String>,
    /// The language that findings, the overlay and the bar speak.
    pub language: Language,
}
