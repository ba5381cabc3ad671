//! What is made once and shown by several outputs, with what was read for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use tera::Value;

use crate::locale::LanguageId;
use crate::portal::{Entry, PageId};
use crate::reads::Reads;

/// Contents that were rendered for other pages than their own, with what they read. Only those without errors
/// are kept: the others are rendered anew for each page that shows them, so that what is reported does not
/// depend on which came first.
#[derive(Debug, Default)]
pub(crate) struct Bodies(Mutex<HashMap<Entry, (Value, Reads)>>);

impl Bodies {
    pub(super) fn get(&self, entry: Entry) -> Option<(Value, Reads)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&entry).cloned()
    }

    pub(super) fn keep(&self, entry: Entry, content: Value, reads: Reads) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(entry, (content, reads));
    }
}

/// A component, the file of the page that it shows, the level of its heading, and the language of what shows
/// it.
pub(super) type Of = (Arc<str>, Arc<str>, i64, LanguageId);

/// What components made, with what they read for it. What fails is not kept, and fails for each list anew.
#[derive(Debug, Default)]
pub(crate) struct Fragments(Mutex<HashMap<Of, (Value, Reads)>>);

impl Fragments {
    pub(super) fn get(&self, of: &Of) -> Option<(Value, Reads)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(of).cloned()
    }

    pub(super) fn keep(&self, of: Of, made: Value, reads: Reads) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of, (made, reads));
    }
}

/// A report that was made.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The file.
    pub bytes: Arc<[u8]>,
    /// How many pages it has.
    pub pages: usize,
    /// The headings of its parts.
    pub parts: Vec<String>,
    /// The day of what it says.
    pub date: Option<Date>,
    /// Its first page, as SVG.
    pub picture: String,
}

/// A page and the number of one of its reports.
type ReportOf = (PageId, usize);

/// Reports that were made, with what they read for it, and the fonts they are set in. What fails is not kept.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    made: Mutex<HashMap<ReportOf, (Arc<Report>, Reads)>>,
    #[cfg(feature = "reports")]
    fonts: Mutex<HashMap<String, Option<crate::pdf::FontFile>>>,
}

impl Reports {
    pub(super) fn get(&self, of: ReportOf) -> Option<(Arc<Report>, Reads)> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&of).cloned()
    }

    pub(super) fn keep(&self, of: ReportOf, made: Arc<Report>, reads: Reads) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(of, (made, reads));
    }

    /// A font by its path, unpacked when it is first asked for.
    #[cfg(feature = "reports")]
    pub(super) fn font(&self, path: &str, unpack: impl FnOnce() -> Option<crate::pdf::FontFile>) -> Option<crate::pdf::FontFile> {
        let mut fonts = self.fonts.lock().unwrap_or_else(PoisonError::into_inner);
        fonts.entry(path.to_owned()).or_insert_with(unpack).clone()
    }
}
