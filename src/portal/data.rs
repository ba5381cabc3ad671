//! Where open data is published.

use super::Portal;
use crate::records::{Kind, Moment, Record};

/// What is appended to the address of a page for its Markdown (llmstxt.org).
const MARKDOWN: &str = ".md";

/// The list of all pages for programs that read text (llmstxt.org).
pub const LLMS: &str = "/llms.txt";

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

    /// The newest date that the records of a kind, or their pages, name; none where they name none.
    pub fn newest(&self, kind: Kind) -> Option<Moment> {
        let pages = self.of_kind.get(&kind).into_iter().flatten().map(|number| &self.pages[*number]);
        let dates = pages.flat_map(|page| {
            let of_page = page.front.updated.or(page.front.date).map(Moment::from);
            page.document.record.as_ref().map(Record::dates).unwrap_or_default().into_iter().chain(of_page)
        });
        dates.filter_map(|moment| Some((moment.last_day()?, moment))).max().map(|(_, moment)| moment)
    }

    /// The path of the Markdown of a page with that path; none where `[data]` in site.toml asks for none.
    pub fn markdown_path(&self, page: &str) -> Option<String> {
        let setting = self.config.site.data.as_ref()?;
        let file = if page.ends_with('/') { "index.html" } else { "" };
        (setting.markdown != Some(false)).then(|| format!("{page}{file}{MARKDOWN}"))
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
