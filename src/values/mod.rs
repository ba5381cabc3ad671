//! The portal as templates see it: pages, sections, settings, lists.
//!
//! Every value is made once and shared: Tera's values are counted references.

pub(crate) mod lists;
mod renew;

pub(crate) use renew::Changed;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tera::value::Key;
use tera::{Map, Value};

use crate::content::{Body, Heading, Report, Slot};
use crate::portal::{Asset, Destination, Entry, Numbered, PageId, Portal, SectionId};

/// How many words are read in a minute, as Zola counts.
const WORDS_A_MINUTE: usize = 200;

/// The values of pages, sections and settings.
#[derive(Debug)]
pub(crate) struct Values {
    /// Summaries of pages, by number: everything but the content.
    pages: Numbered<PageId, Value>,
    /// Summaries of sections: everything but pages and content.
    sections: Numbered<SectionId, Value>,
    /// The pages of each section, when they were first asked for.
    listings: Numbered<SectionId, OnceLock<Value>>,
    /// The settings.
    config: Value,
}

/// The values of terms, by number of the taxonomy and name.
pub(super) type TermValues<'p> = HashMap<(usize, &'p str), Value>;

impl Values {
    /// From values that were made one by one.
    pub(super) fn of(portal: &Portal, pages: Numbered<PageId, Value>, sections: Numbered<SectionId, Value>) -> Self {
        let listings = portal.sections.iter().map(|_| OnceLock::new()).collect::<Vec<_>>().into();
        Self { pages, sections, listings, config: config_value(portal) }
    }

    /// Makes the values of a portal.
    pub(crate) fn new(portal: &Portal) -> Self {
        let terms = term_values(portal);
        let pages: Vec<Value> = portal.pages.par_ids().map(|number| page_value(portal, &terms, number)).collect();
        let sections: Vec<Value> = portal.sections.par_ids().map(|number| section_value(portal, number)).collect();
        Self::of(portal, pages.into(), sections.into())
    }

    pub(super) fn all_pages(&self) -> &Numbered<PageId, Value> {
        &self.pages
    }

    pub(super) fn all_sections(&self) -> &Numbered<SectionId, Value> {
        &self.sections
    }

    /// The summary of a page.
    pub(crate) fn page(&self, number: PageId) -> &Value {
        &self.pages[number]
    }

    /// The summary of a section.
    pub(crate) fn section(&self, number: SectionId) -> &Value {
        &self.sections[number]
    }

    /// The summaries of the pages of a section.
    pub(crate) fn listing(&self, portal: &Portal, number: SectionId) -> &Value {
        self.listings[number].get_or_init(|| self.summaries(&portal.sections[number].pages))
    }

    /// The summaries of some pages.
    pub(crate) fn summaries(&self, pages: &[PageId]) -> Value {
        Value::from(pages.iter().map(|page| self.pages[*page].clone()).collect::<Vec<_>>())
    }

    /// The settings.
    pub(crate) fn config(&self) -> &Value {
        &self.config
    }

    /// A page with its content.
    pub(crate) fn page_with(&self, number: PageId, content: Value) -> Value {
        with(&self.pages[number], [("content", content)])
    }

    /// A section with its pages and content.
    pub(crate) fn section_with(&self, portal: &Portal, number: SectionId, content: Value) -> Value {
        with(&self.sections[number], [("pages", self.listing(portal, number).clone()), ("content", content)])
    }
}

/// A map with some more entries.
pub(crate) fn with<const N: usize>(value: &Value, more: [(&'static str, Value); N]) -> Value {
    let mut map = value.as_map().cloned().unwrap_or_default();
    for (key, value) in more {
        map.insert(Key::from(key), value);
    }
    Value::from(map)
}

/// A map of these entries.
pub(crate) fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Map {
    entries.into_iter().map(|(key, value)| (Key::from(key), value)).collect()
}

fn text(text: &str) -> Value {
    Value::from(text)
}

/// A value of a map; none where it is none.
pub(crate) fn field<'v>(value: &'v Value, key: &'v str) -> Option<&'v Value> {
    value.get_from_path(key).filter(|value| !value.is_none())
}

/// A text of a map.
pub(super) fn text_of<'v>(value: &'v Value, key: &'static str) -> Option<&'v str> {
    field(value, key)?.as_str()
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Value {
    Value::from(texts.into_iter().map(Value::from).collect::<Vec<_>>())
}

/// A text that may be missing, which templates see as `none`.
fn optional(value: Option<impl Into<Value>>) -> Value {
    value.map_or_else(Value::none, Into::into)
}

fn date(day: Option<crate::records::Day>) -> Value {
    optional(day.map(|day| day.0.to_string()))
}

fn neighbour(portal: &Portal, page: Option<PageId>) -> Value {
    optional(page.map(|number| {
        let page = &portal.pages[number];
        Value::from(map([("title", text(&page.front.title)), ("permalink", text(&page.permalink)), ("path", text(&page.path))]))
    }))
}

/// The summary of a page, made anew.
pub(super) fn page_value(portal: &Portal, terms: &TermValues<'_>, number: PageId) -> Value {
    let page = &portal.pages[number];
    let front = &page.front;
    let body = &page.document.body;
    let config = &portal.config;
    let authors = if front.authors.is_empty() {
        config.site.author.iter().map(String::as_str).collect()
    } else {
        front.authors.iter().map(String::as_str).collect::<Vec<_>>()
    };
    let taxonomies: Map = config
        .site
        .taxonomies
        .iter()
        .enumerate()
        .filter_map(|(index, taxonomy)| {
            let names = front.taxonomies.get(&taxonomy.name)?;
            let values: Vec<Value> = names.iter().filter_map(|name| terms.get(&(index, name.as_str())).cloned()).collect();
            Some((Key::from(taxonomy.name.clone()), Value::from(values)))
        })
        .collect();
    let mut map = map([
        ("title", text(&front.title)),
        ("description", optional(front.description.as_deref())),
        ("date", date(front.date)),
        ("updated", date(front.updated)),
        ("weight", optional(front.weight)),
        ("draft", Value::from(front.draft.unwrap_or(false))),
        ("slug", text(&page.slug)),
        ("path", text(&page.path)),
        ("permalink", text(&page.permalink)),
        ("relative_path", text(&page.document.file)),
        ("kind", text(page.kind_name())),
        ("id", text(&page.slug)),
        ("name", text(&page.name)),
        ("authors", texts(authors)),
        ("lower", neighbour(portal, page.lower)),
        ("higher", neighbour(portal, page.higher)),
        ("taxonomies", Value::from(taxonomies)),
        ("in_sitemap", Value::from(front.in_sitemap.unwrap_or(true))),
        ("share_image", optional(front.share_image.as_deref())),
        ("questions", Value::from_serializable(&front.questions)),
        ("reports", Value::from(page.reports().map(|(report, path)| report_value(portal, report, &path)).collect::<Vec<_>>())),
        ("extra", front.extra.as_ref().map_or_else(|| Value::from(Map::new()), Value::from_serializable)),
    ]);
    common(portal, Entry::Page(number), body, &page.permalink, &page.ancestors, &page.assets, &page.sources, &page.aliases, &mut map);
    if let Some(record) = &page.document.record {
        map.insert(Key::from(page.kind_name()), Value::from_serializable(record));
    }
    Value::from(map)
}

/// A report of a page, without what is known of it only when it is made.
pub(crate) fn report_value(portal: &Portal, report: &Report, path: &str) -> Value {
    Value::from(map([
        ("file", text(&report.file)),
        ("title", text(&report.title)),
        ("description", optional(report.description.as_deref())),
        ("permalink", text(&portal.config.permalink(path))),
        ("extra", report.extra.as_ref().map_or_else(|| Value::from(Map::new()), Value::from_serializable)),
    ]))
}

/// The summary of a section, made anew.
pub(super) fn section_value(portal: &Portal, number: SectionId) -> Value {
    let section = &portal.sections[number];
    let front = &section.front;
    let subsections = section.subsections.iter().map(|number| &*portal.sections[*number].document.file);
    let mut map = map([
        ("title", text(&section.title)),
        (
            "description",
            optional(front.description.as_deref().or(if number == SectionId::HOME {
                portal.config.site.description.as_deref()
            } else {
                None
            })),
        ),
        ("weight", optional(front.weight)),
        ("draft", Value::from(front.draft.unwrap_or(false))),
        ("slug", text(&section.slug)),
        ("path", text(&section.path)),
        ("permalink", text(&section.permalink)),
        ("relative_path", text(&section.document.file)),
        ("kind", text("section")),
        ("subsections", texts(subsections)),
        ("sort_by", optional(front.sort_by.map(crate::content::SortBy::as_str))),
        ("paginate_by", optional(front.paginate_by)),
        ("generate_feeds", Value::from(front.generate_feeds.unwrap_or(false))),
        ("in_sitemap", Value::from(front.in_sitemap.unwrap_or(true))),
        ("share_image", optional(front.share_image.as_deref())),
        ("extra", front.extra.as_ref().map_or_else(|| Value::from(Map::new()), Value::from_serializable)),
    ]);
    common(
        portal,
        Entry::Section(number),
        &section.document.body,
        &section.permalink,
        &section.ancestors,
        &section.assets,
        &section.sources,
        &section.aliases,
        &mut map,
    );
    Value::from(map)
}

/// What pages and sections have in common.
#[expect(clippy::too_many_arguments, reason = "the fields that a page and a section share, given one by one")]
fn common(
    portal: &Portal,
    entry: Entry,
    body: &Body,
    permalink: &str,
    ancestors: &[SectionId],
    assets: &[Asset],
    sources: &[Arc<str>],
    aliases: &[String],
    map: &mut Map,
) {
    let more: [(&'static str, Value); 11] = [
        ("ancestors", texts(ancestors.iter().map(|number| &*portal.sections[*number].document.file))),
        ("assets", texts(assets.iter().map(|asset| &*asset.path))),
        ("sources", texts(sources.iter().map(|id| &**id))),
        ("aliases", texts(aliases.iter().map(String::as_str))),
        ("word_count", Value::from(body.words)),
        ("reading_time", Value::from(body.words.div_ceil(WORDS_A_MINUTE).max(1))),
        ("toc", toc(&body.headings, permalink)),
        ("summary", summary(portal, entry, body)),
        ("components", components(body)),
        ("lang", text(portal.locale(entry).language)),
        ("colocated_path", text(folder(&portal.document(entry).file))),
    ];
    map.extend(more.map(|(key, value)| (Key::from(key), value)));
}

/// The components that a text calls, in the order of their first calls.
fn components(body: &Body) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for call in &body.calls {
        if !names.contains(&&*call.name) {
            names.push(&call.name);
        }
    }
    texts(names)
}

fn folder(file: &str) -> &str {
    file.rfind('/').map_or("", |at| &file[..=at])
}

/// Headings as a tree: each with those of lower rank that follow it.
fn toc(headings: &[Heading], permalink: &str) -> Value {
    let mut rest = headings;
    Value::from(branch(&mut rest, 0, permalink))
}

fn branch(rest: &mut &[Heading], above: u8, permalink: &str) -> Vec<Value> {
    let mut values = Vec::new();
    while let [heading, others @ ..] = *rest {
        if heading.level <= above {
            break;
        }
        *rest = others;
        let children = branch(rest, heading.level, permalink);
        values.push(Value::from(map([
            ("level", Value::from(heading.level)),
            ("id", text(&heading.id)),
            ("title", text(&heading.title)),
            ("permalink", Value::from(format!("{permalink}#{}", heading.id))),
            ("children", Value::from(children)),
        ])));
    }
    values
}

/// The HTML up to `<!-- more -->`. What shortcodes give is left out: they may ask for summaries themselves.
fn summary(portal: &Portal, entry: Entry, body: &Body) -> Value {
    let Some(end) = body.more else { return Value::none() };
    let mut html = String::new();
    let mut from = 0;
    for (at, slot) in body.slots.iter().filter(|(at, _)| *at < end) {
        html.push_str(&body.html[from..*at]);
        from = *at;
        match slot {
            Slot::Link(index) => html.push_str(&href(portal, entry, body, *index)),
            Slot::Image(index) => {
                let image = body.images.get(*index);
                html.push_str(&image.map(|image| image.plain(&href(portal, entry, body, image.link), "")).unwrap_or_default());
            }
            Slot::Call(_) | Slot::Prose(_) => {}
        }
    }
    html.push_str(&body.html[from..end]);
    Value::safe_string(html.trim())
}

/// The address of a link of a body, ready for an attribute.
pub(super) fn href(portal: &Portal, entry: Entry, body: &Body, index: usize) -> String {
    let Some(link) = body.links.get(index) else { return String::new() };
    let address = match portal.destination(entry, link) {
        Ok(Destination::Address(address) | Destination::Anchor(address, ..) | Destination::Path(address, _)) => address,
        // Reported when the portal was put together.
        Err(_) => link.target.clone(),
    };
    let mut escaped = String::with_capacity(address.len());
    let _ = pulldown_cmark_escape::escape_href(&mut escaped, &address);
    escaped
}

/// The value of each term: `{name, slug, path, permalink}`.
pub(super) fn term_values(portal: &Portal) -> TermValues<'_> {
    let mut values = HashMap::new();
    for (index, taxonomy) in portal.taxonomies.iter().enumerate() {
        for term in &taxonomy.terms {
            values.insert((index, &*term.name), Value::from(lists::term_map(portal, term)));
        }
    }
    values
}

fn config_value(portal: &Portal) -> Value {
    let config = &portal.config;
    let site = &config.site;
    Value::from(map([
        ("base_url", text(&config.base_url)),
        ("title", text(&site.title)),
        ("description", optional(site.description.as_deref())),
        ("default_language", text(config.main_locale().language)),
        ("theme", text(&config.theme)),
        ("author", optional(site.author.as_deref())),
        ("generate_feeds", Value::from(site.generate_feeds.unwrap_or(false))),
        ("feed_filename", text(&config.feed_filename)),
        ("taxonomies", Value::from_serializable(&site.taxonomies)),
        ("navigation", Value::from_serializable(&portal.navigation)),
        ("footer", Value::from_serializable(&portal.footer)),
        ("search", portal.search.as_ref().map_or_else(Value::none, Value::from_serializable)),
        ("publisher", site.publisher.as_ref().map_or_else(Value::none, Value::from_serializable)),
        ("pay", Value::from_serializable(&config.pay_basis())),
        ("questions", site.questions.as_ref().map_or_else(Value::none, Value::from_serializable)),
        ("finder", site.finder.as_ref().map_or_else(Value::none, Value::from_serializable)),
        ("data", site.data.as_ref().map_or_else(Value::none, Value::from_serializable)),
        ("gender_form", text(config.gender_form().as_str())),
        ("extra", site.extra.as_ref().map_or_else(|| Value::from(Map::new()), Value::from_serializable)),
    ]))
}
