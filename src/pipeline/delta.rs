//! What of the things that outputs looked at is another than before.
//!
//! This is the definition of an exact rebuild: for every kind of [`Read`] it names its value, which the room
//! says that knows it, and compares the value in the portal that was rendered last with the one in the portal
//! that is to be rendered. An output none of whose reads changed would come out the same.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::content::ContentPath;
use crate::files::is_touched;
use crate::finder;
use crate::freshness::{has_expired, sessions, staleness};
use crate::open_data;
use crate::output::{newest, same_sitemap};
use crate::portal::{Entry, PageId, Portal};
use crate::reads::{List, Read};
use crate::theme::{Privacy, Rendering, address, image_file};
use crate::values::Changed;
use crate::values::lists::counted_terms;

/// Two renderings, and what of them differs.
pub(super) struct Delta<'w> {
    before: &'w Rendering,
    now: &'w Rendering,
    /// Files that changed between them.
    touched: &'w BTreeSet<String>,
    summaries: Changed,
    contents: HashSet<ContentPath>,
    places: HashSet<ContentPath>,
    same_glossary: bool,
    /// Whether files have the numbers they had.
    same_files: bool,
    /// Whether no list of pages can differ.
    same_pages: bool,
}

impl<'w> Delta<'w> {
    /// Compares two renderings. `summaries` are the files whose summaries differ; `only_texts` says that no
    /// more differs of them than texts, so that no list can be another.
    pub(super) fn new(
        before: &'w Rendering,
        now: &'w Rendering,
        touched: &'w BTreeSet<String>,
        summaries: Changed,
        only_texts: bool,
    ) -> Self {
        let (was, is) = (&before.portal, &now.portal);
        let (mut contents, mut places) = (HashSet::new(), HashSet::new());
        let same_files = Arc::ptr_eq(&was.by_file, &is.by_file);
        for entry in is.entries() {
            let old = match entry {
                Entry::Page(number) if same_files && Arc::ptr_eq(&was.pages[number], &is.pages[number]) => continue,
                _ if same_files => Some(entry),
                _ => was.of_file(&is.document(entry).file),
            };
            let document = is.document(entry);
            let Some(old) = old else {
                contents.insert(document.file.clone());
                places.insert(document.file.clone());
                continue;
            };
            let then = was.document(old);
            if !Arc::ptr_eq(then, document) && !then.body.gives_the_same(&document.body) {
                contents.insert(document.file.clone());
            }
            if was.permalink(old) != is.permalink(entry) || was.assets(old) != is.assets(entry) {
                places.insert(document.file.clone());
            }
        }
        if !same_files {
            for entry in was.entries() {
                let file = &was.document(entry).file;
                if is.of_file(file).is_none() {
                    contents.insert(file.clone());
                    places.insert(file.clone());
                }
            }
        }
        let (old, new) = (&before.glossary, &now.glossary);
        let same_glossary = Arc::ptr_eq(old, new) || old.names(was) == new.names(is);
        Self { before, now, touched, summaries, contents, places, same_glossary, same_files, same_pages: same_files && only_texts }
    }

    /// Whether something that was looked at is another than before.
    pub(super) fn is_changed(&self, read: &Read) -> bool {
        let (was, is) = (&*self.before.portal, &*self.now.portal);
        let (was_facets, is_facets) = (&self.before.facets, &self.now.facets);
        match read {
            Read::Summary(file) => self.summaries.contains(file),
            Read::Content(file) => self.contents.contains(file),
            Read::Place(file) => self.places.contains(file),
            Read::Mentions(file) => {
                !self.same_glossary && self.before.glossary.all_mentions(was, file) != self.now.glossary.all_mentions(is, file)
            }
            Read::Listing(list) => !self.same_pages && !self.same_numbers(list.pages(was), list.pages(is)),
            Read::Part(list, at) => !self.same_pages && self.part_changed(list, *at),
            Read::Newest(list) => !self.same_pages && !self.same_numbers(&newest(was, list), &newest(is, list)),
            Read::Records(kind, provider, role) => {
                let (provider, role) = (provider.as_deref(), role.as_deref());
                !self.same_pages && !self.same_numbers(&was.records_of(*kind, provider, role), &is.records_of(*kind, provider, role))
            }
            Read::Source(id) => !Arc::ptr_eq(&was.sources, &is.sources) && was.sources.get(id) != is.sources.get(id),
            Read::Sources => !was.same_sources(is),
            Read::Terms(name) => !self.same_pages && counted_terms(was, name) != counted_terms(is, name),
            Read::Term(taxonomy, name) => {
                let of = |portal: &Portal| Some(portal.taxonomy(taxonomy)?.term(name)?.path.clone());
                !self.same_pages && of(was) != of(is)
            }
            Read::First(kind, provider, role, most) => {
                let of = |portal: &Portal| {
                    let all = portal.records_of(*kind, provider.as_deref(), role.as_deref());
                    all.iter().copied().take(*most).collect::<Vec<_>>()
                };
                !self.same_pages && !self.same_numbers(&of(was), &of(is))
            }
            Read::Count(kind, provider, role) => {
                let of = |portal: &Portal| portal.records_of(*kind, provider.as_deref(), role.as_deref()).len();
                !self.same_pages && of(was) != of(is)
            }
            Read::Finder => !Arc::ptr_eq(was_facets, is_facets) && !was_facets.is_same(was, is_facets, is),
            Read::FinderList(path, at) => !self.same_finder() && was_facets.part(was, path, *at) != is_facets.part(is, path, *at),
            Read::FinderNavigation(path) => !self.same_finder() && was_facets.navigation(path) != is_facets.navigation(path),
            Read::FinderValues(path, at) => {
                let of = |facets, portal| finder::values_shown(facets, portal, path, *at);
                let same = self.same_pages && Arc::ptr_eq(was_facets, is_facets);
                !same && of(was_facets, was) != of(is_facets, is)
            }
            Read::FinderAddress(facet, value) => !self.same_finder() && was_facets.address(facet, value) != is_facets.address(facet, value),
            Read::FinderOrders => finder::orders_shown(was_facets) != finder::orders_shown(is_facets),
            Read::Sitemap => {
                let same = self.same_pages && Arc::ptr_eq(was_facets, is_facets);
                !same && !same_sitemap((was, was_facets), (is, is_facets))
            }
            Read::Data(path) => self.before.data.is_changed(path, self.touched, &self.now.data, &*self.now.files),
            Read::File(file) => is_touched(self.touched, file),
            Read::Picture(file) => was.config.images != is.config.images || self.picture_changed(file),
            Read::ImageFile(path) => !(self.same_pages && self.same_theme()) && image_file(self.before, path) != image_file(self.now, path),
            // What it is made of was read beside it.
            Read::Made(_) => false,
            Read::Static(asked) => !self.same_theme() && self.now.theme.statics.is_changed(&self.before.theme.statics, asked, self.touched),
            Read::Fonts => !self.same_theme() && self.before.theme.fonts.hash() != self.now.theme.fonts.hash(),
            Read::Address(path) => !(self.same_pages && self.same_theme()) && address(self.before, path) != address(self.now, path),
            Read::Word(language, key) => {
                let (was, is) = (&self.before.theme.words, &self.now.theme.words);
                !self.same_theme() && was.of(*language).get(key) != is.of(*language).get(key)
            }
            Read::Template(name) => {
                let (was, is) = (&self.before.theme.templates, &self.now.theme.templates);
                !self.same_theme() && was.fingerprint(name) != is.fingerprint(name)
            }
            Read::Component(name) => {
                let (was, is) = (&self.before.theme.templates, &self.now.theme.templates);
                !self.same_theme() && was.component_fingerprint(name) != is.component_fingerprint(name)
            }
            Read::Config => !self.same_settings() && self.before.values.config() != self.now.values.config(),
            Read::Privacy => Privacy::of(was) != Privacy::of(is),
            // Whether it is missing was read with the settings.
            Read::Missing(_) => false,
            Read::Sessions(file) => sessions(was, file) != sessions(is, file),
            Read::Freshness(aspect, moment) => staleness(was, *aspect, *moment) != staleness(is, *aspect, *moment),
            Read::Expiry(moment) => has_expired(was, *moment) != has_expired(is, *moment),
            Read::DataAsOf(of) => open_data::age(was, *of) != open_data::age(is, *of),
            Read::AsOf => was.as_of != is.as_of,
        }
    }

    /// Whether some pages are the same ones, in the same order.
    fn same_numbers(&self, was: &[PageId], is: &[PageId]) -> bool {
        if self.same_files {
            return was == is;
        }
        let file = |portal: &'w Portal, page: &PageId| portal.pages[*page].document.file.clone();
        was.len() == is.len() && was.iter().zip(is).all(|(was, is)| file(&self.before.portal, was) == file(&self.now.portal, is))
    }

    fn picture_changed(&self, file: &Arc<str>) -> bool {
        is_touched(self.touched, file) && self.before.pictures.known(file) != Some(self.now.pictures.look(&*self.now.files, file))
    }

    fn part_changed(&self, list: &List, at: usize) -> bool {
        match (list.part(&self.before.portal, at), list.part(&self.now.portal, at)) {
            (Some((was, was_parts, was_all)), Some((is, parts, all))) => {
                (was_parts, was_all) != (parts, all) || !self.same_numbers(was, is)
            }
            (was, is) => was.is_some() != is.is_some(),
        }
    }

    fn same_theme(&self) -> bool {
        Arc::ptr_eq(&self.before.theme, &self.now.theme)
    }

    fn same_settings(&self) -> bool {
        let (was, is) = (&self.before.portal, &self.now.portal);
        Arc::ptr_eq(&was.config, &is.config) && self.same_pages
    }

    fn same_finder(&self) -> bool {
        self.same_files && Arc::ptr_eq(&self.before.facets, &self.now.facets)
    }
}
