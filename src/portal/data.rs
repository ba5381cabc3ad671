//! Where open data is published.

use super::Portal;
use crate::records::Kind;

/// The calendar beside a page.
const CALENDAR: &str = "sessions.ics";

/// The records of a kind, published together.
pub struct Collection {
    /// The kind.
    pub kind: Kind,
    /// The paths below the root of its JSON, its CSV and its schema.
    pub paths: [String; 3],
}

impl Portal {
    /// The collections that `[data]` in site.toml asks for: of each kind of which there are records.
    pub fn collections(&self) -> Vec<Collection> {
        if self.config.site.data.as_ref().is_none_or(|data| data.records == Some(false)) {
            return Vec::new();
        }
        let there = self.of_kind.iter().filter(|(_, pages)| !pages.is_empty());
        let paths = |kind| ["json", "csv", "schema.json"].map(|ending| format!("/data/{}.{ending}", plural(kind)));
        there.map(|(kind, _)| Collection { kind: *kind, paths: paths(*kind) }).collect()
    }

    /// The licence of the data; none where it is left out or a gap.
    pub fn data_licence(&self) -> Option<&str> {
        self.config.site.data.as_ref()?.licence.as_ref()?.text()
    }
}

/// The name of the files of a kind, and of the list in its JSON.
pub fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "roles",
        Kind::Course => "courses",
        Kind::Provider => "providers",
        Kind::Salary => "salaries",
        Kind::Term => "terms",
    }
}

/// The path of the calendar of a page with that path.
pub fn calendar_path(page: &str) -> String {
    format!("{page}{CALENDAR}")
}
