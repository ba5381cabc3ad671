//! Paths of files of the content.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::CONTENT_DIR;

/// The path of a file below `content/`, with `/` between folders: `kurse/ils.md`. It is what links and lists
/// name a page by; where a file of the portal is asked for or shown to people, that is
/// [`ContentPath::in_portal`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentPath(Arc<str>);

impl ContentPath {
    /// Of a path relative to the portal, `content/kurse/ils.md`; of one that does not lead there, itself.
    pub fn of(path: &str) -> Self {
        below_content(path).into()
    }

    /// The path relative to the portal: `content/kurse/ils.md`.
    pub fn in_portal(&self) -> String {
        format!("{CONTENT_DIR}/{}", self.0)
    }
}

/// A path relative to the portal as one below `content/`; one that does not lead there as it is.
pub(crate) fn below_content(path: &str) -> &str {
    path.strip_prefix(CONTENT_DIR).and_then(|path| path.strip_prefix('/')).unwrap_or(path)
}

impl From<&str> for ContentPath {
    fn from(path: &str) -> Self {
        Self(path.into())
    }
}

impl From<ContentPath> for Arc<str> {
    fn from(path: ContentPath) -> Self {
        path.0
    }
}

impl Deref for ContentPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

// It is hashed and ordered as its text is.
impl Borrow<str> for ContentPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::diagnostic::verbatim!(ContentPath);

impl fmt::Debug for ContentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
