//! Atom feeds (RFC 4287) of dated pages.

use std::sync::Arc;

use atom_syndication::{Content, Entry as AtomEntry, Feed, FixedDateTime, Generator, Link, Person, Text};

use super::plan::FeedOf;
use crate::diagnostic::Diagnostic;
use crate::portal::{Entry, Page};
use crate::records::Day;
use crate::theme::{Read, Reads, Rendering};

/// The bytes of a feed, and what was read for it.
pub(super) fn bytes(rendering: &Arc<Rendering>, of: FeedOf) -> Result<(Vec<u8>, Reads), Vec<Diagnostic>> {
    let portal = &rendering.portal;
    let config = &portal.config;
    let mut reads = Reads::from([Read::Config]);
    let (pages, title, path): (Vec<usize>, String, String) = match of {
        FeedOf::Portal => ((0..portal.pages.len()).collect(), config.site.title.clone(), String::from("/")),
        FeedOf::Section(number) => {
            let section = &portal.sections[number];
            reads.insert(Read::Listing(section.document.file.clone()));
            (section.pages.clone(), format!("{} – {}", section.title, config.site.title), section.path.to_string())
        }
        FeedOf::Term(taxonomy, term) => {
            let taxonomy = &portal.taxonomies[taxonomy];
            reads.insert(Read::Taxonomy(taxonomy.setting.name.as_str().into()));
            let term = &taxonomy.terms[term];
            (term.pages.clone(), format!("{} – {}", term.name, config.site.title), term.path.clone())
        }
    };
    let mut dated: Vec<(Day, usize)> = pages.into_iter().filter_map(|number| Some((portal.pages[number].front.date?, number))).collect();
    // The newest first; of one day, by path.
    dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| portal.pages[a.1].path.cmp(&portal.pages[b.1].path)));
    dated.truncate(config.feed_limit);
    let mut entries = Vec::with_capacity(dated.len());
    for (published, number) in &dated {
        let page = &portal.pages[*number];
        reads.insert(Read::Summary(page.document.file.clone()));
        reads.insert(Read::Content(page.document.file.clone()));
        let (content, read) = rendering.content(Entry::Page(*number))?;
        reads.extend(read);
        entries.push(entry(
            page,
            *published,
            content.as_str().unwrap_or_default(),
            config.site.author.as_deref().unwrap_or(&config.site.title),
        ));
    }
    let newest = dated.iter().map(|(published, number)| portal.pages[*number].front.updated.unwrap_or(*published)).max();
    let own = config.permalink(&format!("{path}{}", config.feed_filename));
    let feed = Feed {
        title: Text::plain(title),
        id: own.clone(),
        subtitle: config.site.description.clone().map(Text::plain),
        updated: newest.map_or_else(|| midnight(Day(portal.as_of)), midnight),
        lang: Some(config.locale.language.to_owned()),
        generator: Some(Generator { value: String::from("Werdegang"), ..Generator::default() }),
        links: vec![
            Link { href: own, rel: String::from("self"), mime_type: Some(String::from("application/atom+xml")), ..Link::default() },
            Link {
                href: config.permalink(&path),
                rel: String::from("alternate"),
                mime_type: Some(String::from("text/html")),
                ..Link::default()
            },
        ],
        entries,
        ..Feed::default()
    };
    let mut bytes = feed.to_string().into_bytes();
    bytes.push(b'\n');
    Ok((bytes, reads))
}

fn entry(page: &Page, published: Day, content: &str, author: &str) -> AtomEntry {
    let front = &page.front;
    let authors = if front.authors.is_empty() { vec![author.to_owned()] } else { front.authors.clone() };
    AtomEntry {
        title: Text::plain(front.title.clone()),
        id: page.permalink.to_string(),
        published: Some(midnight(published)),
        updated: midnight(front.updated.unwrap_or(published)),
        summary: front.description.clone().map(Text::plain),
        authors: authors.into_iter().map(|name| Person { name, ..Person::default() }).collect(),
        links: vec![Link {
            href: page.permalink.to_string(),
            rel: String::from("alternate"),
            mime_type: Some(String::from("text/html")),
            ..Link::default()
        }],
        content: Some(Content { value: Some(content.to_owned()), content_type: Some(String::from("html")), ..Content::default() }),
        ..AtomEntry::default()
    }
}

/// The beginning of a day, as feeds write moments.
fn midnight(day: Day) -> FixedDateTime {
    format!("{}T00:00:00Z", day.0).parse().unwrap_or_default()
}
