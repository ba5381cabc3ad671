//! The portal in memory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::ids::{Numbered, PageId, SectionId};
use super::left_out::LeftOut;
use super::named::Named;
use super::order::Pager;
use super::page::{Asset, Entry, Page};
use super::pending::Followed;
use super::taxonomy::Taxonomy;
use crate::config::Config;
use crate::content::{ContentPath, Document, PageFront, SectionFront};
use crate::locale::{LanguageId, Locale, composed};
use crate::records::{Kind, Sources};

/// The portal. Cheap to clone, so that one can be made of another by replacing what changed.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Its settings.
    pub config: Arc<Config>,
    /// The day that freshness and expiry are judged by, and that decides which pages have come.
    pub as_of: Date,
    /// Whether pages that are dated ahead are pages like any other.
    pub future: bool,
    /// Pages that are held back until the day that they are dated, ordered by file.
    pub coming: Arc<Vec<Coming>>,
    /// Its pages, ordered by file.
    pub pages: Numbered<PageId, Arc<Page>>,
    /// Its sections, ordered by file; the first is the home page.
    pub sections: Numbered<SectionId, Arc<Section>>,
    /// Which page or section a file of `content/` is.
    pub by_file: Arc<HashMap<ContentPath, Entry>>,
    /// Pages with a record of a kind, by weight and name.
    pub of_kind: Arc<BTreeMap<Kind, Vec<PageId>>>,
    /// Pages with a record, by kind and id.
    pub by_id: Arc<BTreeMap<(Kind, Arc<str>), PageId>>,
    /// The taxonomies that `site.toml` declares, in its order.
    pub taxonomies: Arc<Vec<Taxonomy>>,
    /// The sources by id.
    pub sources: Arc<Sources>,
    /// Pages and sections that cite a source, ordered by file.
    pub cited_by: Arc<BTreeMap<Arc<str>, Vec<Entry>>>,
    /// The menus: each entry with its address.
    pub navigation: Vec<MenuItem>,
    /// The menu at the foot.
    pub footer: Vec<MenuItem>,
    /// The page on which readers search.
    pub search: Option<MenuItem>,
    /// The links of menus and redirects that only the finished outputs can decide.
    pub pending: Followed,
    /// Files whose anchors others link to.
    pub(super) anchored: Arc<BTreeSet<String>>,
    /// What is left out, though its files are there.
    pub(super) left_out: Arc<LeftOut>,
    /// Files of pages that have no address, because what they say of it is wrong.
    pub unplaced: Arc<Vec<ContentPath>>,
    /// Records by what they name, made when it is first asked for.
    pub(super) named: Arc<OnceLock<Named>>,
}

/// A page that is dated ahead: no page yet, and in no list.
#[derive(Clone, Debug)]
pub struct Coming {
    /// What its file holds.
    pub document: Arc<Document>,
    /// Its title.
    pub title: Arc<str>,
    /// The day on which it is published.
    pub date: Date,
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// What its `_index.md` holds; of a home page without one, an empty document.
    pub document: Arc<Document>,
    /// Its front matter.
    pub front: Arc<SectionFront>,
    /// Addresses it once had, which lead to it: paths below the root.
    pub aliases: Vec<String>,
    /// The last part of its address; empty for the home page.
    pub slug: Arc<str>,
    /// Its address below the root.
    pub path: Arc<str>,
    /// Its full address.
    pub permalink: Arc<str>,
    /// Its title; the portal's where a home page has none.
    pub title: Arc<str>,
    /// The sections above it, the home page first.
    pub ancestors: Vec<SectionId>,
    /// Its pages, in its order.
    pub pages: Vec<PageId>,
    /// The sections in it, by weight and title.
    pub subsections: Vec<SectionId>,
    /// Files published beside it.
    pub assets: Vec<Asset>,
    /// Sources it cites, in order of first use.
    pub sources: Vec<Arc<str>>,
    /// Where its address leads instead of to a list.
    pub redirect: Option<Arc<str>>,
    /// What came of its links.
    pub links: Arc<Followed>,
}

/// An entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MenuItem {
    /// What it says.
    pub name: String,
    /// Where it leads, as `site.toml` writes it.
    pub url: String,
    /// Where it leads, in full.
    pub permalink: String,
    /// Where it leads, below the root; the full address of a foreign one.
    pub path: String,
    /// The entries below it.
    pub children: Vec<MenuItem>,
}

impl Section {
    /// The pages that its list is divided into; none where it is not.
    pub fn pagers(&self) -> Option<Vec<Pager>> {
        let by = self.front.paginate_by?;
        Some(Pager::divide(&self.path, self.front.paginate_path.as_deref().unwrap_or("page"), self.pages.len(), by as usize))
    }
}

impl Portal {
    /// The page or section that `@/…` or a path below `content/` names.
    pub fn entry(&self, file: &str) -> Option<Entry> {
        self.by_file.get(&*composed(file.strip_prefix("@/").unwrap_or(file))).copied()
    }

    /// The document of a page or section.
    pub fn document(&self, entry: Entry) -> &Arc<Document> {
        match entry {
            Entry::Page(page) => &self.pages[page].document,
            Entry::Section(section) => &self.sections[section].document,
        }
    }

    /// The language of a page or section.
    pub fn language(&self, entry: Entry) -> LanguageId {
        self.document(entry).language
    }

    /// How the language of a page or section writes and sorts.
    pub fn locale(&self, entry: Entry) -> &'static Locale {
        self.config.locale(self.language(entry))
    }

    /// The full address of a page or section.
    pub fn permalink(&self, entry: Entry) -> &Arc<str> {
        match entry {
            Entry::Page(page) => &self.pages[page].permalink,
            Entry::Section(section) => &self.sections[section].permalink,
        }
    }

    /// The address below the root of a page or section.
    pub fn path(&self, entry: Entry) -> &Arc<str> {
        match entry {
            Entry::Page(page) => &self.pages[page].path,
            Entry::Section(section) => &self.sections[section].path,
        }
    }

    /// The title of a page or section.
    pub fn title(&self, entry: Entry) -> &str {
        match entry {
            Entry::Page(page) => &self.pages[page].front.title,
            Entry::Section(section) => &self.sections[section].title,
        }
    }

    /// The files published beside a page or section.
    pub fn assets(&self, entry: Entry) -> &[Asset] {
        match entry {
            Entry::Page(page) => &self.pages[page].assets,
            Entry::Section(section) => &self.sections[section].assets,
        }
    }

    /// What came of the links of a page or section.
    pub fn links(&self, entry: Entry) -> &Arc<Followed> {
        match entry {
            Entry::Page(page) => &self.pages[page].links,
            Entry::Section(section) => &self.sections[section].links,
        }
    }

    /// The page or section of exactly that file of `content/`.
    pub fn of_file(&self, file: &str) -> Option<Entry> {
        self.entry(file).filter(|entry| &*self.document(*entry).file == file)
    }

    /// The section of exactly that file of `content/`.
    pub fn section(&self, file: &str) -> Option<&Section> {
        match self.of_file(file) {
            Some(Entry::Section(section)) => Some(&self.sections[section]),
            _ => None,
        }
    }

    /// The taxonomy of that name.
    pub fn taxonomy(&self, name: &str) -> Option<&Taxonomy> {
        self.taxonomies.iter().find(|taxonomy| taxonomy.setting.name == name)
    }

    /// The pages with a record of a kind, by weight and name; those of a provider and about a role, where
    /// these are given.
    pub fn records_of(&self, kind: Kind, provider: Option<&str>, role: Option<&str>) -> Cow<'_, [PageId]> {
        let named = || self.named.get_or_init(|| Named::of(self));
        match (provider, role) {
            (None, None) => self.of_kind.get(&kind).map_or(&[][..], Vec::as_slice).into(),
            (Some(provider), None) => named().of_provider(kind, provider).into(),
            (None, Some(role)) => named().of_role(kind, role).into(),
            (Some(provider), Some(role)) => {
                let about = |page: &&PageId| self.pages[**page].record().is_some_and(|record| record.is_about_role(role));
                named().of_provider(kind, provider).iter().filter(about).copied().collect()
            }
        }
    }

    /// The day until which a page is held back, if it is dated ahead.
    pub(super) fn held_back(&self, front: &PageFront) -> Option<Date> {
        front.date.map(|day| day.0).filter(|date| !self.future && *date > self.as_of)
    }

    /// All pages and sections.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.sections.ids().map(Entry::Section).chain(self.pages.ids().map(Entry::Page))
    }
}
