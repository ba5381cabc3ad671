//! Pages, and the files beside them.

use std::sync::Arc;

use super::address::folder_of;
use super::ids::{PageId, SectionId};
use super::pending::Followed;
use crate::content::{Document, PageFront, Report};
use crate::records::{self, Course, Kind, Provider, Record, Role, Salary};

/// A page or a section, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A page.
    Page(PageId),
    /// A section.
    Section(SectionId),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// What its file holds.
    pub document: Arc<Document>,
    /// Its front matter.
    pub front: Arc<PageFront>,
    /// Addresses it once had, which lead to it: paths below the root.
    pub aliases: Vec<String>,
    /// The last part of its address.
    pub slug: Arc<str>,
    /// Its address below the root: `/kurse/ils/`.
    pub path: Arc<str>,
    /// Its full address.
    pub permalink: Arc<str>,
    /// What it is called: the record's name, else its title.
    pub name: Arc<str>,
    /// The section it stands in, if its folder or one above has one.
    pub section: Option<SectionId>,
    /// The sections above it, the home page first.
    pub ancestors: Vec<SectionId>,
    /// The page before it in its section.
    pub lower: Option<PageId>,
    /// The page behind it in its section.
    pub higher: Option<PageId>,
    /// Files published beside it.
    pub assets: Vec<Asset>,
    /// Sources it cites, in order of first use.
    pub sources: Vec<Arc<str>>,
    /// What came of its links.
    pub links: Arc<Followed>,
}

/// A file of `content/` that is published as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The file, relative to the portal.
    pub file: Arc<str>,
    /// Its address below the root: `/downloads/list.pdf`.
    pub path: Arc<str>,
}

impl Page {
    /// Its record.
    pub fn record(&self) -> Option<&Record> {
        self.document.record.as_ref()
    }

    /// Its role, if that is its record.
    pub fn role(&self) -> Option<&Role> {
        self.record().and_then(Record::role)
    }

    /// Its course, if that is its record.
    pub fn course(&self) -> Option<&Course> {
        self.record().and_then(Record::course)
    }

    /// Its provider, if that is its record.
    pub fn provider(&self) -> Option<&Provider> {
        self.record().and_then(Record::provider)
    }

    /// Its salary, if that is its record.
    pub fn salary(&self) -> Option<&Salary> {
        self.record().and_then(Record::salary)
    }

    /// Its glossary entry, if that is its record.
    pub fn term(&self) -> Option<&records::Term> {
        self.record().and_then(Record::term)
    }

    /// The kind of its record.
    pub fn kind(&self) -> Option<Kind> {
        self.record().map(Record::kind)
    }

    /// Its reports, each with its address below the root; none where the program makes none.
    pub fn reports(&self) -> impl Iterator<Item = (&Report, String)> {
        let reports = if cfg!(feature = "reports") { self.front.reports.as_slice() } else { &[] };
        reports.iter().map(|report| (report, format!("{}{}", folder_of(&self.path), report.file)))
    }

    /// `page`, or the kind of its record.
    pub fn kind_name(&self) -> &'static str {
        self.kind().map_or("page", Kind::as_str)
    }
}
