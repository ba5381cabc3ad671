//! `sitemap.xml` (sitemaps.org protocol 0.9) and `robots.txt` (RFC 9309).

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::finder::Facets;
use crate::limits::MOST_SITEMAP_ADDRESSES;
use crate::portal::Portal;
use crate::records::Day;

/// A file of the sitemap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The one file of a sitemap that needs no more.
    Whole,
    /// The list of the other files, of which there are so many.
    Index(usize),
    /// One of several files, from 1.
    Numbered(usize),
}

impl Part {
    /// Its address below the root.
    pub fn path(self) -> String {
        match self {
            Part::Whole | Part::Index(_) => String::from("/sitemap.xml"),
            Part::Numbered(number) => format!("/sitemap-{number}.xml"),
        }
    }

    /// The files that so many addresses need, where one holds `most` of them.
    pub fn of(count: usize, most: usize) -> Vec<Part> {
        if count <= most {
            return vec![Part::Whole];
        }
        let files = count.div_ceil(most);
        std::iter::once(Part::Index(files)).chain((1..=files).map(Part::Numbered)).collect()
    }

    /// Which of the addresses it holds, where it holds `most` of them.
    pub fn holds(self, most: usize) -> Range<usize> {
        match self {
            Part::Whole => 0..most,
            Part::Index(_) => 0..0,
            Part::Numbered(number) => number.saturating_sub(1) * most..number * most,
        }
    }
}

/// The files that the sitemap of a portal needs.
pub(super) fn parts(portal: &Portal, facets: &Facets) -> Vec<Part> {
    Part::of(entries(portal, facets).count(), MOST_SITEMAP_ADDRESSES)
}

/// Addresses, each with the day of its last change where it is known: sections, pages, terms, lists of the
/// course finder.
pub(super) fn entries<'p>(portal: &'p Portal, facets: &'p Facets) -> impl Iterator<Item = (Cow<'p, str>, Option<Day>)> {
    let sections = portal.sections.iter().filter(|section| section.front.in_sitemap != Some(false) && section.redirect.is_none());
    let sections = sections.map(|section| (Cow::from(&*section.permalink), None));
    let pages = portal
        .pages
        .iter()
        .filter(|page| page.front.in_sitemap != Some(false))
        .map(|page| (Cow::from(&*page.permalink), page.front.updated.or(page.front.date)));
    let taxonomies =
        portal.taxonomies.iter().filter(|taxonomy| taxonomy.setting.render != Some(false) && !taxonomy.terms.is_empty()).flat_map(
            |taxonomy| {
                let own = std::iter::once((portal.config.permalink(&taxonomy.path).into(), None));
                own.chain(taxonomy.terms.iter().map(|term| (portal.config.permalink(&term.path).into(), None)))
            },
        );
    sections.chain(pages).chain(taxonomies).chain(facets.paths().map(|path| (portal.config.permalink(path).into(), None)))
}

/// Whether two portals, each with what its courses have in common, have the same sitemap.
pub(crate) fn is_same((portal, facets): (&Portal, &Facets), (other, of_other): (&Portal, &Facets)) -> bool {
    entries(portal, facets).eq(entries(other, of_other))
}

/// The bytes of a file of the sitemap.
///
/// # Errors
/// None in practice: writing XML to memory does not fail.
pub(super) fn bytes(portal: &Portal, facets: &Facets, part: Part) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let xmlns = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
    match part {
        Part::Index(files) => {
            writer.create_element("sitemapindex").with_attribute(xmlns).write_inner_content(|writer| {
                for number in 1..=files {
                    let address = portal.config.permalink(&Part::Numbered(number).path());
                    entry(writer, "sitemap", &address, None)?;
                }
                Ok(())
            })?;
        }
        Part::Whole | Part::Numbered(_) => {
            let held = part.holds(MOST_SITEMAP_ADDRESSES);
            writer.create_element("urlset").with_attribute(xmlns).write_inner_content(|writer| {
                for (address, day) in entries(portal, facets).skip(held.start).take(held.len()) {
                    entry(writer, "url", &address, day)?;
                }
                Ok(())
            })?;
        }
    }
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn entry(writer: &mut Writer<Vec<u8>>, name: &str, address: &str, day: Option<Day>) -> std::io::Result<()> {
    writer.create_element(name).write_inner_content(|writer| {
        writer.create_element("loc").write_text_content(BytesText::new(address))?;
        if let Some(day) = day {
            writer.create_element("lastmod").write_text_content(BytesText::new(&day.0.to_string()))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// `robots.txt`: everything may be read, and here is the sitemap.
pub(super) fn robots(portal: &Portal) -> Vec<u8> {
    format!("User-agent: *\nDisallow:\n\nSitemap: {}\n", portal.config.permalink("/sitemap.xml")).into_bytes()
}
