//! The nodes of a page: the site, who publishes it, the way to the page, the page itself, and what it is
//! about.

use serde_json::{Value, json};

use super::mentions::{record_id, source};
use super::node::{Node, reference};
use super::subject::{Sight, Subject};
use super::{courses, occupations};
use crate::config::{Fill, Publisher};
use crate::content::Question;
use crate::open_data;
use crate::portal::{Entry, Page, PageId, Portal, SectionId};
use crate::records::{Day, Kind, Record};

/// All nodes of a page, the page first.
pub(super) fn nodes(portal: &Portal, subject: &Subject, sight: &mut dyn Sight) -> Vec<Value> {
    let breadcrumbs = breadcrumbs(portal, subject, sight);
    let (about, more) = about(portal, subject, sight);
    let mut nodes = vec![page(portal, subject, breadcrumbs.is_some(), about, sight)];
    nodes.extend(more);
    nodes.extend(breadcrumbs);
    nodes.push(site(portal, subject));
    nodes.extend(portal.config.site.publisher.as_ref().and_then(|publisher| organization(portal, publisher)));
    nodes
}

fn site_id(portal: &Portal) -> String {
    format!("{}/#website", portal.config.base_url)
}

fn publisher_id(portal: &Portal) -> Option<String> {
    portal.config.site.publisher.as_ref()?.name.text()?;
    Some(format!("{}/#publisher", portal.config.base_url))
}

/// The site. Its home page says how it is searched.
fn site(portal: &Portal, subject: &Subject) -> Value {
    let config = &portal.config;
    let is_home = subject.address == config.permalink("/");
    Node::at("WebSite", site_id(portal))
        .with("url", config.permalink("/"))
        .with("name", config.site.title.as_str())
        .maybe("description", config.site.description.as_deref())
        .with("inLanguage", config.main_locale().language)
        .maybe("publisher", publisher_id(portal).map(|id| reference(&id)))
        .maybe("potentialAction", portal.search.as_ref().filter(|_| is_home).map(|search| search_action(&search.permalink)))
        .into()
}

/// What one who searches does: the words go into the address (schema.org, "Potential Actions").
fn search_action(address: &str) -> Value {
    let to = Node::new("EntryPoint").with("urlTemplate", format!("{address}?q={{words}}"));
    Node::new("SearchAction").with("target", to).with("query-input", "required name=words").into()
}

/// Who publishes the portal; none while its name is a gap.
fn organization(portal: &Portal, publisher: &Publisher) -> Option<Value> {
    let text = |fill: &Option<Fill>| fill.as_ref().and_then(Fill::text).map(str::to_owned);
    let address = Node::new("PostalAddress")
        .maybe("streetAddress", text(&publisher.street))
        .maybe("postalCode", text(&publisher.postal_code))
        .maybe("addressLocality", text(&publisher.city))
        .maybe("addressCountry", text(&publisher.country));
    let node = Node::at("Organization", publisher_id(portal)?)
        .maybe("name", publisher.name.text())
        .with("url", portal.config.permalink("/"))
        .maybe("address", (!address.is_bare()).then_some(address))
        .maybe("email", text(&publisher.email))
        .maybe("telephone", text(&publisher.phone))
        .maybe("vatID", text(&publisher.vat_id));
    Some(node.into())
}

/// The way from the home page; none for the home page itself.
fn breadcrumbs(portal: &Portal, subject: &Subject, sight: &mut dyn Sight) -> Option<Value> {
    let home = portal.sections.first()?;
    sight.section(SectionId::HOME);
    let mut way = vec![(home.title.to_string(), home.permalink.to_string())];
    let ancestors: &[SectionId] = match subject.entry {
        Some(Entry::Section(SectionId::HOME)) => return None,
        Some(Entry::Page(page)) => &portal.pages[page].ancestors,
        Some(Entry::Section(section)) => &portal.sections[section].ancestors,
        None => &[],
    };
    for number in ancestors.iter().filter(|number| **number != SectionId::HOME) {
        sight.section(*number);
        let section = &portal.sections[*number];
        way.push((section.title.to_string(), section.permalink.to_string()));
    }
    way.extend(subject.above.iter().cloned());
    way.push((subject.name.clone(), subject.address.clone()));
    let items = (1_u32..).zip(way).map(|(position, (name, address))| {
        Node::new("ListItem").with("position", position).with("name", name).with("item", address).into()
    });
    Some(Node::at("BreadcrumbList", format!("{}#breadcrumb", subject.address)).list("itemListElement", items.collect()).into())
}

/// The language of the document that a page is of, else the main one.
fn language(portal: &Portal, subject: &Subject) -> &'static str {
    subject.entry.map_or_else(|| portal.config.main_locale(), |entry| portal.locale(entry)).language
}

/// The page itself: a list, an article, questions, or a page about a record.
fn page(portal: &Portal, subject: &Subject, has_way: bool, about: Vec<Value>, sight: &mut dyn Sight) -> Value {
    let page = match subject.entry {
        Some(Entry::Page(number)) => Some(&*portal.pages[number]),
        _ => None,
    };
    let front = page.map(|page| &page.front);
    let is_article = page.is_some_and(|page| page.kind().is_none() && page.front.date.is_some()) && subject.questions.is_empty();
    let kind = match (subject.questions.is_empty(), is_article, page) {
        (false, ..) => "FAQPage",
        (_, true, _) => "Article",
        (_, _, Some(_)) => "WebPage",
        (_, _, None) => "CollectionPage",
    };
    let description = match subject.entry {
        Some(Entry::Page(number)) => portal.pages[number].front.description.as_deref(),
        Some(Entry::Section(SectionId::HOME)) => {
            portal.sections[SectionId::HOME].front.description.as_deref().or(portal.config.site.description.as_deref())
        }
        Some(Entry::Section(number)) => portal.sections[number].front.description.as_deref(),
        None => None,
    };
    let authors = authors(portal, page, is_article);
    let cited = match subject.entry {
        Some(Entry::Page(number)) => &*portal.pages[number].sources,
        Some(Entry::Section(number)) => &portal.sections[number].sources,
        None => &[],
    };
    let cited = cited.iter().filter_map(|id| source(portal, id, sight)).collect();
    let node = Node::at(kind, subject.address.clone())
        .with("url", subject.address.as_str())
        .with("name", subject.name.as_str())
        .maybe("headline", is_article.then_some(subject.name.as_str()))
        .maybe("description", description)
        .maybe("image", subject.entry.filter(|_| is_article).and_then(|entry| sight.picture(entry)))
        .with("inLanguage", language(portal, subject))
        .with("isPartOf", reference(&site_id(portal)))
        .maybe("datePublished", front.and_then(|front| front.date).map(|day| day.0.to_string()))
        .maybe("dateModified", front.and_then(|front| front.updated).map(|day| day.0.to_string()))
        .maybe("lastReviewed", page.and_then(reviewed).map(|day| day.0.to_string()))
        .list("author", authors)
        .maybe("publisher", publisher_id(portal).map(|id| reference(&id)))
        .list("citation", cited)
        .list("comment", front.map(|front| front.questions.iter().map(question).collect()).unwrap_or_default());
    // An article is no page of the Web in schema.org's words: it has no way.
    let has_way = has_way && !is_article;
    node.maybe("breadcrumb", has_way.then(|| reference(&format!("{}#breadcrumb", subject.address)))).list("mainEntity", about).into()
}

/// A question of a reader: the first answer is what the editors say, the others were said since.
fn question(asked: &Question) -> Value {
    let mut answers = asked.answers.iter().map(|answer| {
        Node::new("Answer")
            .with("text", answer.text.as_str())
            .with("dateCreated", answer.date.0.to_string())
            .maybe("author", answer.by.as_deref().map(person))
            .into()
    });
    let first: Option<Value> = answers.next();
    Node::new("Question")
        .with("text", asked.text.as_str())
        .with("dateCreated", asked.date.0.to_string())
        .maybe("author", asked.name.as_deref().map(person))
        .maybe("acceptedAnswer", first)
        .list("suggestedAnswer", answers.collect())
        .into()
}

fn person(name: &str) -> Value {
    Node::new("Person").with("name", name).into()
}

/// Who wrote a page: those that it names, and of an article that names nobody, whom `site.toml` names: the
/// editors.
fn authors(portal: &Portal, page: Option<&Page>, is_article: bool) -> Vec<Value> {
    let named = page.map(|page| &*page.front.authors).unwrap_or_default();
    if let (true, true, Some(editors)) = (named.is_empty(), is_article, &portal.config.site.author) {
        let publisher = portal.config.site.publisher.as_ref().and_then(|publisher| publisher.name.text());
        return match publisher_id(portal).filter(|_| publisher == Some(editors)) {
            Some(id) => vec![reference(&id)],
            None => vec![Node::new("Organization").with("name", editors.as_str()).into()],
        };
    }
    named.iter().map(|name| Node::new("Person").with("name", name.as_str()).into()).collect()
}

/// When somebody last went through what a page says.
fn reviewed(page: &Page) -> Option<Day> {
    page.role().and_then(|role| role.reviewed).or_else(|| page.course().and_then(|course| course.verified))
}

/// What the page is about, and the nodes of that.
fn about(portal: &Portal, subject: &Subject, sight: &mut dyn Sight) -> (Vec<Value>, Vec<Value>) {
    if !subject.questions.is_empty() {
        let questions = subject.questions.iter().map(|(question, answer)| {
            let answer = Node::new("Answer").with("text", answer.as_str());
            Node::new("Question").with("name", question.as_str()).with("acceptedAnswer", answer).into()
        });
        return (questions.collect(), Vec::new());
    }
    if !subject.files.is_empty() {
        let data = data_set(portal, subject);
        return (vec![reference(&data_id(subject))], vec![data]);
    }
    if let Some(Entry::Page(number)) = subject.entry {
        let nodes = record(portal, number, sight);
        let first = nodes.first().and_then(|node| node.get("@id")).cloned();
        return (first.map(|id| json!({ "@id": id })).into_iter().collect(), nodes);
    }
    if subject.listed.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let glossary = matches!(subject.entry, Some(Entry::Section(_)))
        && subject.listed.iter().all(|number| portal.pages[*number].kind() == Some(Kind::Term));
    let node: Value = if glossary { term_set(portal, subject).into() } else { item_list(portal, subject).into() };
    (node.get("@id").map(|id| json!({ "@id": id })).into_iter().collect(), vec![node])
}

fn term_set(portal: &Portal, subject: &Subject) -> Node {
    let terms = subject.listed.iter().map(|number| {
        let page = &portal.pages[*number];
        Node::at("DefinedTerm", record_id(portal, *number)).with("name", &*page.name).with("url", &*page.permalink).into()
    });
    Node::at("DefinedTermSet", set_id(&subject.list)).with("name", subject.name.as_str()).list("hasDefinedTerm", terms.collect())
}

fn data_id(subject: &Subject) -> String {
    format!("{}#data", subject.address)
}

/// The data that a page offers to download.
fn data_set(portal: &Portal, subject: &Subject) -> Value {
    let files = subject
        .files
        .iter()
        .map(|(address, media)| Node::new("DataDownload").with("contentUrl", address.as_str()).with("encodingFormat", *media).into());
    let description = match subject.entry {
        Some(Entry::Page(number)) => portal.pages[number].front.description.as_deref(),
        _ => None,
    };
    // By its address, or else by its name: the property takes no text.
    let licence = open_data::licence(portal).map(|licence| match licence.starts_with("https://") || licence.starts_with("http://") {
        true => json!(licence),
        false => Node::new("CreativeWork").with("name", licence).into(),
    });
    Node::at("Dataset", data_id(subject))
        .with("name", subject.name.as_str())
        .maybe("description", description)
        .with("url", subject.address.as_str())
        .with("inLanguage", language(portal, subject))
        .maybe("license", licence)
        .maybe("creator", publisher_id(portal).map(|id| reference(&id)))
        .list("distribution", files.collect())
        .into()
}

/// The address of the set of terms of a glossary.
fn set_id(address: &str) -> String {
    format!("{address}#terms")
}

fn item_list(portal: &Portal, subject: &Subject) -> Node {
    let items = (subject.skipped + 1..).zip(&subject.listed).map(|(position, number)| {
        let page = &portal.pages[*number];
        Node::new("ListItem").with("position", position).with("name", &*page.name).with("url", &*page.permalink).into()
    });
    // However many pages it is divided into, it is one list.
    Node::at("ItemList", format!("{}#list", subject.list))
        .with("name", subject.name.as_str())
        .with("numberOfItems", subject.total)
        .list("itemListElement", items.collect())
}

/// The nodes of the record of a page, its own first.
fn record(portal: &Portal, number: PageId, sight: &mut dyn Sight) -> Vec<Value> {
    let page = &portal.pages[number];
    match &page.document.record {
        None => Vec::new(),
        Some(Record::Role(role)) => vec![occupations::occupation(portal, number, role, sight)],
        Some(Record::Salary(salary)) => occupations::paid(portal, salary, sight).into_iter().collect(),
        Some(Record::Course(course)) => vec![courses::course(portal, number, course, sight)],
        Some(Record::Provider(provider)) => vec![courses::provider(portal, number, provider)],
        Some(Record::Term(term)) => vec![self::term(portal, number, page, term, sight)],
    }
}

fn term(portal: &Portal, number: PageId, page: &Page, term: &crate::records::Term, sight: &mut dyn Sight) -> Value {
    let set = page.section.filter(|section| {
        sight.terms(*section);
        portal.sections[*section].redirect.is_none()
            && portal.sections[*section].pages.iter().all(|page| portal.pages[*page].kind() == Some(Kind::Term))
    });
    let set = set.map(|section| {
        sight.section(section);
        let section = &portal.sections[section];
        Node::at("DefinedTermSet", set_id(&section.permalink)).with("name", &*section.title).with("url", &*section.permalink)
    });
    Node::at("DefinedTerm", record_id(portal, number))
        .with("name", &*page.name)
        .list("alternateName", term.other_names.iter().map(|name| json!(name)).collect())
        .with("description", term.short.as_str())
        .with("url", &*page.permalink)
        .maybe("inDefinedTermSet", set)
        .into()
}
