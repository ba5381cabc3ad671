//! Atom feeds (RFC 4287) of dated pages.

use std::sync::Arc;

use atom_syndication::{Content, Entry as AtomEntry, Feed, FixedDateTime, Generator, Link, Person, Text};

use super::job::FeedOf;
use crate::diagnostic::Diagnostic;
use crate::portal::{Entry, Page, PageId, Portal};
use crate::reads::{List, Read, note};
use crate::records::Day;
use crate::theme::Rendering;

/// The newest of the dated pages of a list, as many as a feed shows: the newest first; of one day, by path.
pub(crate) fn newest(portal: &Portal, list: &List) -> Vec<PageId> {
    let of = |pages: &mut dyn Iterator<Item = PageId>| -> Vec<(Day, PageId)> {
        pages.filter_map(|number| Some((portal.pages[number].front.date?, number))).collect()
    };
    let mut dated = match list {
        List::Portal => of(&mut portal.pages.ids()),
        List::Section(_) | List::Term(..) => of(&mut list.pages(portal).iter().copied()),
    };
    let order = |a: &(Day, PageId), b: &(Day, PageId)| b.0.cmp(&a.0).then_with(|| portal.pages[a.1].path.cmp(&portal.pages[b.1].path));
    let most = portal.config.feed_limit;
    // The few at the top are found without sorting all.
    if dated.len() > most && most > 0 {
        dated.select_nth_unstable_by(most - 1, order);
    }
    dated.truncate(most);
    dated.sort_by(order);
    dated.into_iter().map(|(_, number)| number).collect()
}

/// The bytes of a feed.
pub(super) fn bytes(rendering: &Arc<Rendering>, of: FeedOf) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let portal = &rendering.portal;
    let config = &portal.config;
    note(Read::Config);
    let (list, title, path): (List, String, String) = match of {
        FeedOf::Portal => (List::Portal, config.site.title.clone(), String::from("/")),
        FeedOf::Section(number) => {
            let section = &portal.sections[number];
            note(Read::Summary(section.document.file.clone()));
            let title = format!("{} – {}", section.title, config.site.title);
            (List::Section(section.document.file.clone()), title, section.path.to_string())
        }
        FeedOf::Term(taxonomy, term) => {
            let taxonomy = &portal.taxonomies[taxonomy];
            let term = &taxonomy.terms[term];
            let list = List::Term(taxonomy.setting.name.as_str().into(), term.name.clone());
            (list, format!("{} – {}", term.name, config.site.title), term.path.clone())
        }
    };
    let pages = newest(portal, &list);
    note(Read::Newest(list));
    let mut entries = Vec::with_capacity(pages.len());
    let mut latest = None;
    for number in pages {
        let page = &portal.pages[number];
        note(Read::Summary(page.document.file.clone()));
        // Those without a date are not among the newest.
        let Some(published) = page.front.date else { continue };
        let content = rendering.shared_content(Entry::Page(number))?;
        entries.push(entry(
            page,
            published,
            content.as_str().unwrap_or_default(),
            config.site.author.as_deref().unwrap_or(&config.site.title),
        ));
        latest = latest.max(Some(page.front.updated.unwrap_or(published)));
    }
    let own = config.permalink(&format!("{path}{}", config.feed_filename));
    let feed = Feed {
        title: Text::plain(title),
        id: own.clone(),
        subtitle: config.site.description.clone().map(Text::plain),
        updated: midnight(latest.unwrap_or(NEVER)),
        lang: Some(rendering.locale().language.to_owned()),
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
    Ok(bytes)
}

/// When a feed without entries changed: RFC 4287 wants a date, and there is none.
const NEVER: Day = Day(jiff::civil::date(1970, 1, 1));

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
