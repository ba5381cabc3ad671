//! Sources: those that nothing cites, and those that something newer has taken the place of.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Portal;
use super::references::no_such;
use crate::content::place_in_toml;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::records::SOURCES_FILE;

/// Looks at all sources. Only of a `whole` portal it is known what nothing cites.
pub(super) fn check(portal: &Portal, whole: bool, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    let cited: BTreeSet<&Arc<str>> = portal.cited_by.keys().collect();
    for (id, source) in portal.sources.iter() {
        let place = |key: &str| place_in_toml(files, SOURCES_FILE, &[id, key]);
        if whole && !cited.contains(id) {
            findings.push(
                Diagnostic::warning("unused-source", format!("nothing cites the source `{id}`")).at(place("title")).help(format!(
                    "cite it, `{{{{ <source id=\"{id}\" /> }}}}` in a text or `source = \"{id}\"` of a figure, or take it out"
                )),
            );
        }
        let Some(newer) = &source.replaced_by else { continue };
        let newer = &newer.id;
        let Some(other) = portal.sources.get(newer) else {
            let names: Vec<&str> = portal.sources.keys().map(|id| &**id).collect();
            let help = format!("add a table `[{newer}]` to content/sources.toml, or use an id from it");
            findings.push(no_such("source", newer, &names, help).at(place("replaced_by")));
            continue;
        };
        if comes_back(portal, id) {
            findings.push(
                Diagnostic::error("source-circle", format!("`{id}` is replaced, in the end, by itself"))
                    .at(place("replaced_by"))
                    .help("name the newer source in the older one, and nothing in the newest"),
            );
            continue;
        }
        let users = portal.cited_by.get(id).map_or(&[][..], Vec::as_slice);
        let Some(first) = users.first() else { continue };
        let message = match users.len() {
            1 => format!("`{}` cites `{id}`, which `{newer}` has replaced", portal.document(*first).file),
            others => format!("`{}` and {} more cite `{id}`, which `{newer}` has replaced", portal.document(*first).file, others - 1),
        };
        findings.push(
            Diagnostic::warning("superseded-source", message)
                .at(place("replaced_by"))
                .help(format!("look up in \u{201c}{}\u{201d} what it says now, and cite `{newer}`", other.title)),
        );
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
