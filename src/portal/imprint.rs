//! Whether readers find who publishes the portal.

use std::sync::Arc;

use super::links::{DeadLink, Destination};
use super::{Entry, Portal};
use crate::config::SITE_FILE;
use crate::diagnostic::{Diagnostic, Place};

/// The template of the page that says who publishes.
const TEMPLATE: &str = "imprint.html";

/// An imprint that menus do not lead to within two clicks is reported: it must be easy to find and directly reachable (§ 5 DDG);
/// two clicks are near enough (Medienanstalt Mecklenburg-Vorpommern). Menus stand on every page, so it is enough that they, or a page they lead to, link to it.
pub(super) fn check(portal: &Portal, findings: &mut Vec<Diagnostic>) {
    let is_imprint = |entry: &Entry| {
        let template = match entry {
            Entry::Page(page) => &portal.pages[*page].front.template,
            Entry::Section(section) => &portal.sections[*section].front.template,
        };
        template.as_deref() == Some(TEMPLATE)
    };
    let Some(imprint) = portal.entries().find(is_imprint) else { return };
    let (path, permalink) = (portal.path(imprint), portal.permalink(imprint));
    let listed = |path: &Arc<str>| portal.navigation.iter().chain(&portal.footer).any(|item| item.path == **path);
    if listed(path) {
        return;
    }
    let linked = portal.entries().filter(|entry| listed(portal.path(*entry))).any(|entry| {
        let body = &portal.document(entry).body;
        body.links.iter().any(|link| leads_to(&portal.destination(entry, link), permalink))
    });
    if !linked {
        let message = format!("no menu leads to the imprint, `{}`, within two clicks", portal.document(imprint).file);
        findings.push(
            Diagnostic::warning("imprint", message).at(Place::file(SITE_FILE)).help(format!(
                "add it to the menu at the foot: `[[footer]]` with `url = \"@/{}\"` (§ 5 DDG)",
                portal.document(imprint).file
            )),
        );
    }
}

fn leads_to(destination: &Result<Destination, DeadLink>, permalink: &str) -> bool {
    match destination {
        Ok(Destination::Address(address) | Destination::Anchor(address, ..) | Destination::Path(address, _)) => {
            address.split('#').next() == Some(permalink)
        }
        Err(_) => false,
    }
}
