//! Records by what they name: a portal has thousands of courses, and each page of a provider or a role asks
//! for its own.

use std::collections::HashMap;
use std::sync::Arc;

use super::ids::PageId;
use super::model::Portal;
use crate::records::{Kind, Record};

/// Pages with records, by the provider and by the role that these name; each list in the order of all records
/// of its kind.
#[derive(Debug, Default)]
pub(super) struct Named {
    by_provider: HashMap<Arc<str>, Vec<PageId>>,
    by_role: HashMap<(Kind, Arc<str>), Vec<PageId>>,
}

impl Named {
    pub(super) fn of(portal: &Portal) -> Self {
        let mut named = Self::default();
        for (kind, pages) in &*portal.of_kind {
            for page in pages {
                let Some(record) = portal.pages[*page].record() else { continue };
                if let Record::Course(course) = record {
                    named.by_provider.entry(course.provider.id.clone()).or_default().push(*page);
                }
                for role in record.roles() {
                    let pages = named.by_role.entry((*kind, role.clone())).or_default();
                    if pages.last() != Some(page) {
                        pages.push(*page);
                    }
                }
            }
        }
        named
    }

    /// The records of a kind that a provider offers: courses have one, others none.
    pub(super) fn of_provider(&self, kind: Kind, provider: &str) -> &[PageId] {
        match kind {
            Kind::Course => self.by_provider.get(provider).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// The records of a kind that are about a role.
    pub(super) fn of_role(&self, kind: Kind, role: &str) -> &[PageId] {
        self.by_role.get(&(kind, role.into())).map_or(&[], Vec::as_slice)
    }
}
