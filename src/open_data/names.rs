//! Where open data is published.

use crate::portal::{PageId, Portal};
use crate::records::{Collection, Moment};
use crate::schema::known;

/// What is appended to the address of a page for its Markdown (llmstxt.org).
const MARKDOWN: &str = ".md";

/// The list of all pages for programs that read text (llmstxt.org).
pub(crate) const LLMS: &str = "/llms.txt";

/// The calendar beside a page.
const CALENDAR: &str = "sessions.ics";

/// What a collection is published as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataForm {
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// What its columns are, under the name by which programs look for it (W3C, Model for Tabular Data and
    /// Metadata on the Web, 5.2).
    Columns,
    /// JSON Schema.
    Schema,
}

impl DataForm {
    /// All of them.
    pub const ALL: [DataForm; 4] = [DataForm::Json, DataForm::Csv, DataForm::Columns, DataForm::Schema];

    /// The path below the root of the file of a collection in this form.
    pub fn path(self, of: Collection) -> String {
        let ending = match self {
            DataForm::Json => "json",
            DataForm::Csv => "csv",
            DataForm::Columns => "csv-metadata.json",
            DataForm::Schema => "schema.json",
        };
        format!("/data/{}.{ending}", of.name())
    }
}

/// The collections that `[data]` in site.toml asks for: of each kind of which there are records, and of the
/// sources where there are any.
pub(crate) fn collections(portal: &Portal) -> Vec<Collection> {
    if portal.config.site.data.as_ref().is_none_or(|data| data.records == Some(false)) {
        return Vec::new();
    }
    let there = portal.of_kind.iter().filter(|(_, pages)| !pages.is_empty());
    let sources = (!portal.sources.is_empty()).then_some(Collection::Sources);
    there.map(|(kind, _)| Collection::Records(*kind)).chain(sources).collect()
}

/// How many entries a collection has.
pub(crate) fn count(portal: &Portal, of: Collection) -> usize {
    match of {
        Collection::Records(kind) => portal.of_kind.get(&kind).map_or(0, Vec::len),
        Collection::Sources => portal.sources.len(),
    }
}

/// The newest date that the records of a kind, or their pages, name; of sources, when one was published or
/// read. None where they name none.
pub(crate) fn newest(portal: &Portal, of: Collection) -> Option<Moment> {
    match of {
        Collection::Records(kind) => newest_date(portal.of_kind.get(&kind).into_iter().flatten().flat_map(|page| dates(portal, *page))),
        Collection::Sources => newest_date(portal.sources.values().flat_map(|source| {
            let read = known(&source.accessed).map(|day| Moment::from(*day));
            source.published.known().copied().into_iter().chain(read)
        })),
    }
}

/// The newest date that a page or its record names; none where they name none.
pub(super) fn newest_of_page(portal: &Portal, page: PageId) -> Option<Moment> {
    newest_date(dates(portal, page).into_iter())
}

fn dates(portal: &Portal, page: PageId) -> Vec<Moment> {
    let page = &portal.pages[page];
    let of_page = page.front.updated.or(page.front.date).map(Moment::from);
    page.document.annotations.dated.iter().map(|dated| dated.moment).chain(of_page).collect()
}

/// The path of the Markdown of a page with that path; none where `[data]` in site.toml asks for none.
pub(crate) fn markdown_path(portal: &Portal, page: &str) -> Option<String> {
    let setting = portal.config.site.data.as_ref()?;
    let file = if page.ends_with('/') { "index.html" } else { "" };
    (setting.markdown != Some(false)).then(|| format!("{page}{file}{MARKDOWN}"))
}

/// The licence of the data; none where it is left out or a gap.
pub(crate) fn licence(portal: &Portal) -> Option<&str> {
    portal.config.site.data.as_ref()?.licence.as_ref()?.text()
}

/// The newest of some dates: the one whose last day is the last.
fn newest_date(dates: impl Iterator<Item = Moment>) -> Option<Moment> {
    dates.filter_map(|moment| Some((moment.last_day()?, moment))).max().map(|(_, moment)| moment)
}

/// The path of the calendar of a page with that path.
pub(crate) fn calendar_path(page: &str) -> String {
    format!("{page}{CALENDAR}")
}
