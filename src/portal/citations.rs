//! Sources: those that nothing cites, and those that something newer has taken the place of.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::Portal;
use super::page::Entry;
use super::references::Ids;
use crate::diagnostic::{Diagnostic, text};
use crate::limits::MOST_GUESSED;
use crate::records::{Kind, Source};

impl Portal {
    /// The pages and sections that use a source: those that cite it, and the pages of roles and providers
    /// that show the figures of a salary or course that does.
    pub fn used_on(&self, source: &Arc<str>) -> Vec<Entry> {
        let citing = self.cited_by.get(source).map_or(&[][..], Vec::as_slice);
        let mut users = citing.to_vec();
        for entry in citing {
            let Entry::Page(number) = entry else { continue };
            if !matches!(self.pages[*number].kind(), Some(Kind::Course | Kind::Salary)) {
                continue;
            }
            let named = self.document(*entry).mentions.iter().filter_map(|mention| {
                let kind = Kind::from_name(mention.kind).filter(|kind| matches!(kind, Kind::Role | Kind::Provider))?;
                self.by_id.get(&(kind, mention.id.clone())).map(|page| Entry::Page(*page))
            });
            users.extend(named);
        }
        users.sort_by(|a, b| self.document(*a).file.cmp(&self.document(*b).file));
        users.dedup();
        users
    }

    /// Whether there are the same sources as in another portal, with the same names and addresses of those
    /// who use them.
    pub fn same_sources(&self, other: &Portal) -> bool {
        let users = |portal: &Portal, id: &Arc<str>| -> Vec<(String, Arc<str>)> {
            portal.used_on(id).into_iter().map(|entry| (portal.title(entry).to_owned(), portal.permalink(entry).clone())).collect()
        };
        (Arc::ptr_eq(&self.sources, &other.sources) || self.sources == other.sources)
            && self.cited_by.keys().eq(other.cited_by.keys())
            && self.cited_by.keys().all(|id| users(self, id) == users(other, id))
    }
}

/// Looks at all sources. Only of a `whole` portal it is known what nothing cites.
pub(super) fn check(portal: &Portal, whole: bool, findings: &mut Vec<Diagnostic>) {
    let config = &portal.config;
    let whole = whole && config.reports("unused-source");
    let (mut ids, mut wrong) = (None, 0);
    for (id, source) in portal.sources.iter() {
        let place = |key: &str| portal.sources.place(id, key);
        // What was replaced may stay, to be looked up.
        if whole && !portal.cited_by.contains_key(id) && source.replaced_by.is_none() {
            findings.push(Diagnostic::new("unused-source", text!("nothing cites the source `{id}`", id)).at(place("title")).help(text!(
                "cite it, `{{{{ <source id=\"{id}\" /> }}}}` in a text or `source = \"{id}\"` of a figure, or take it out",
                id
            )));
        }
        let Some(newer) = &source.replaced_by else { continue };
        let newer = &newer.id;
        let Some(other) = portal.sources.get(newer) else {
            let ids = ids.get_or_insert_with(|| Ids::new(portal, None));
            findings.push(ids.no_such(newer, wrong < MOST_GUESSED).at(place("replaced_by")));
            wrong += 1;
            continue;
        };
        if comes_back(portal, id) {
            findings.push(
                Diagnostic::new("source-circle", text!("`{id}` is replaced, in the end, by itself", id))
                    .at(place("replaced_by"))
                    .help("name the newer source in the older one, and nothing in the newest"),
            );
            continue;
        }
        let published = |source: &Source| source.published.known().copied();
        if let (Some(was), Some(is)) = (published(source), published(other))
            && is.last_day() < was.first_day()
            && config.reports("replacement-older")
        {
            findings.push(
                Diagnostic::new(
                    "replacement-older",
                    text!(
                        "`{newer}` of {newer_date} is to replace `{id}`, which is newer, of {date}",
                        newer,
                        newer_date = is,
                        id,
                        date = was
                    ),
                )
                .at(place("replaced_by"))
                .help("name the newer source in the older one, or mend the dates"),
            );
        }
        let users = portal.cited_by.get(id).map_or(&[][..], Vec::as_slice);
        let Some(first) = users.first().filter(|_| config.reports("superseded-source")) else { continue };
        let message = match users.len() {
            1 => text!("`{file}` cites `{id}`, which `{newer}` has replaced", file = portal.document(*first).file, id, newer),
            others => text!(
                "`{file}` and {more} more cite `{id}`, which `{newer}` has replaced",
                file = portal.document(*first).file,
                more = others - 1,
                id,
                newer
            ),
        };
        findings.push(Diagnostic::new("superseded-source", message).at(place("replaced_by")).help(text!(
            "look up in “{title}” what it says now, and cite `{newer}`",
            title = other.title,
            newer
        )));
    }
}

/// Whether the way from a source to what replaces it, and to what replaces that, leads back to it.
fn comes_back(portal: &Portal, start: &Arc<str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = start;
    while let Some(next) = portal.sources.get(at).and_then(|source| source.replaced_by.as_ref()) {
        if next.id == *start {
            return true;
        }
        if !seen.insert(next.id.clone()) {
            return false;
        }
        at = &next.id;
    }
    false
}
