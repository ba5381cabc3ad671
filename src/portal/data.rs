//! Where open data is published.

use super::Portal;
use crate::records::{Kind, Moment};
use crate::schema::Known;

/// What is appended to the address of a page for its Markdown (llmstxt.org).
const MARKDOWN: &str = ".md";

/// The list of all pages for programs that read text (llmstxt.org).
pub const LLMS: &str = "/llms.txt";

/// The calendar beside a page.
const CALENDAR: &str = "sessions.ics";

/// What is published together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// The records of a kind.
    Records(Kind),
    /// The sources that records cite by their ids.
    Sources,
}

impl Collection {
    /// The name of its files, and of the list in its JSON.
    pub fn name(self) -> &'static str {
        match self {
            Collection::Records(Kind::Role) => "roles",
            Collection::Records(Kind::Course) => "courses",
            Collection::Records(Kind::Provider) => "providers",
            Collection::Records(Kind::Salary) => "salaries",
            Collection::Records(Kind::Term) => "terms",
            Collection::Sources => "sources",
        }
    }

    /// What one entry of it is called.
    pub fn kind(self) -> &'static str {
        match self {
            Collection::Records(kind) => kind.as_str(),
            Collection::Sources => "source",
        }
    }

    /// The path below the root of one of its files.
    pub fn path(self, form: DataForm) -> String {
        let ending = match form {
            DataForm::Json => "json",
            DataForm::Csv => "csv",
            DataForm::Columns => "csv-metadata.json",
            DataForm::Schema => "schema.json",
        };
        format!("/data/{}.{ending}", self.name())
    }
}

/// What a collection is published as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataForm {
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// What its columns are, under the name by which programs look for it (W3C, Model for Tabular Data and Metadata on the Web, 5.2).
    Columns,
    /// JSON Schema.
    Schema,
}

impl DataForm {
    /// All of them.
    pub const ALL: [DataForm; 4] = [DataForm::Json, DataForm::Csv, DataForm::Columns, DataForm::Schema];
}

impl Portal {
    /// The collections that `[data]` in site.toml asks for: of each kind of which there are records, and of the sources where there are any.
    pub fn collections(&self) -> Vec<Collection> {
        if self.config.site.data.as_ref().is_none_or(|data| data.records == Some(false)) {
            return Vec::new();
        }
        let there = self.of_kind.iter().filter(|(_, pages)| !pages.is_empty());
        let sources = (!self.sources.is_empty()).then_some(Collection::Sources);
        there.map(|(kind, _)| Collection::Records(*kind)).chain(sources).collect()
    }

    /// How many entries a collection has.
    pub fn count(&self, of: Collection) -> usize {
        match of {
            Collection::Records(kind) => self.of_kind.get(&kind).map_or(0, Vec::len),
            Collection::Sources => self.sources.len(),
        }
    }

    /// The newest date that the records of a kind, or their pages, name; of sources, when one was published or read. None where they name none.
    pub fn newest(&self, of: Collection) -> Option<Moment> {
        match of {
            Collection::Records(kind) => newest(self.of_kind.get(&kind).into_iter().flatten().flat_map(|page| self.dates(*page))),
            Collection::Sources => newest(self.sources.values().flat_map(|source| {
                let read = source.accessed.as_ref().and_then(Known::known).map(|day| Moment::from(*day));
                source.published.known().copied().into_iter().chain(read)
            })),
        }
    }

    /// The newest date that a page or its record names; none where they name none.
    pub fn newest_of(&self, page: usize) -> Option<Moment> {
        newest(self.dates(page).into_iter())
    }

    fn dates(&self, page: usize) -> Vec<Moment> {
        let page = &self.pages[page];
        let of_page = page.front.updated.or(page.front.date).map(Moment::from);
        page.document.annotations.dated.iter().map(|dated| dated.moment).chain(of_page).collect()
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

/// The newest of some dates: the one whose last day is the last.
fn newest(dates: impl Iterator<Item = Moment>) -> Option<Moment> {
    dates.filter_map(|moment| Some((moment.last_day()?, moment))).max().map(|(_, moment)| moment)
}

/// The path of the calendar of a page with that path.
pub fn calendar_path(page: &str) -> String {
    format!("{page}{CALENDAR}")
}
