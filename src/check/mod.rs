//! What only the finished site shows: links that lead nowhere, pages that nothing leads to, headings, titles,
//! descriptions.
//!
//! Pages are read as browsers read them, so that what a template writes is looked at like what content says.

mod advertising;
pub(crate) mod external;
mod imprint;
mod links;
mod news;
mod outline;
mod page;
mod pictures;
mod places;
mod reader;
mod report;
mod site;
mod sizes;
mod unlinked;

pub(crate) use news::take_in;

pub use site::Site;

use crate::pipeline::Judged;

/// What is wrong with a finished site, in no order, judged by its settings and pages.
pub(crate) fn findings(site: &Site<'_>) -> Judged {
    let mut report = report::Report::new(site);
    links::links(site, &mut report);
    outline::outline(site, &mut report);
    if site.reports("unlabelled-advertising") {
        advertising::advertising(site, &mut report);
    }
    pictures::review(site, &mut report);
    report.finish()
}
