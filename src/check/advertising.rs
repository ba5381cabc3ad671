//! Links that somebody pays for, and that do not say so.

use std::collections::HashSet;

use url::Url;

use super::report::Report;
use super::site::{Leads, Site};
use crate::diagnostic::{Diagnostic, text};
use crate::html::Use;

/// Reports links to an address that the `link` of some course says is paid for, where the link is not
/// labelled: advertising must be recognisable as such (§ 5a(4) UWG), wherever it stands, teasers too (LG
/// München I, 9 July 2024, I HK O 12576/23). A labelled link has `rel="sponsored"`: that is what the theme
/// writes beside the word, and what programs can see of it. An address that is also cited as a source is left
/// alone.
pub(super) fn advertising(site: &Site<'_>, report: &mut Report<'_>) {
    let cited: HashSet<Url> = site.portal.sources.values().filter_map(|source| plain(&source.url.as_ref()?.known()?.0)).collect();
    let courses = site.portal.pages.iter().filter_map(|page| page.course()?.link.as_ref().filter(|link| link.sponsored));
    let sponsored: HashSet<Url> = courses.filter_map(|link| plain(&link.url.0)).filter(|url| !cited.contains(url)).collect();
    if sponsored.is_empty() {
        return;
    }
    for (number, page) in site.pages.iter().enumerate() {
        for link in page.page.links.iter().filter(|link| link.purpose == Use::Follow && !link.sponsored) {
            let Leads::Away(url) = site.leads(page, &link.written) else { continue };
            if plain(url.as_str()).is_none_or(|url| !sponsored.contains(&url)) {
                continue;
            }
            let written = &link.written;
            let finding = Diagnostic::new("unlabelled-advertising", text!("a link to `{url}` is paid for, and does not say so", url = written))
                .help(text!("label it: `{{{{ <sponsored url=\"{url}\" label=\"…\" /> }}}}`; in templates with a word beside it and `rel=\"sponsored\"` (§ 5a(4) UWG)", url = written));
            report.add_at(number, &finding, site.places().of_address(page, written));
        }
    }
}

/// An address without its anchor.
fn plain(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.set_fragment(None);
    Some(url)
}
