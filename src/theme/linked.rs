//! `structured_data()`: what the page is about, as linked data.

use std::collections::HashMap;
use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use super::scope::Rendering;
use crate::html::sections;
use crate::open_data;
use crate::portal::{Entry, PageId, Portal, SectionId};
use crate::reads::{List, Read, note, note_sessions};
use crate::records::Kind;
use crate::structured::{Sight, Subject, graph, script};
use crate::values;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("structured_data", structured_data);
}

/// Notes what a graph looks at.
struct Noted<'r>(&'r Rendering);

impl Sight for Noted<'_> {
    fn page(&mut self, number: PageId) {
        note(Read::Summary(self.0.portal.pages[number].document.file.clone()));
    }

    fn section(&mut self, number: SectionId) {
        note(Read::Summary(self.0.portal.sections[number].document.file.clone()));
    }

    fn terms(&mut self, section: SectionId) {
        note(Read::Listing(List::Section(self.0.portal.sections[section].document.file.clone())));
        note(Read::Records(Kind::Term, None, None));
    }

    fn source(&mut self, id: &Arc<str>) {
        note(Read::Source(id.clone()));
    }

    fn salaries(&mut self, role: &str) -> Vec<PageId> {
        note(Read::Records(Kind::Salary, None, Some(role.into())));
        self.0.portal.records_of(Kind::Salary, None, Some(role)).into_owned()
    }

    fn sessions(&mut self, number: PageId) {
        note_sessions(&self.0.portal, number);
    }

    fn picture(&mut self, entry: Entry) -> Option<String> {
        super::share::picture(self.0, entry).ok().flatten().map(|picture| picture.url)
    }

    fn word(&mut self, key: &str) -> Option<String> {
        self.0.word(key, None).ok()
    }
}

/// The graph of the page that is being rendered, as a `script` element; nothing where `site.toml` says so, or
/// where there is no page.
fn structured_data(kwargs: Kwargs, state: &State) -> TeraResult<Value> {
    only(&kwargs, &["questions", "listed", "data"])?;
    let rendering = rendering()?;
    if rendering.portal.config.site.structured_data == Some(false) {
        return Ok(Value::from(""));
    }
    let questions = kwargs.get::<bool>("questions")?.unwrap_or(false);
    let Some(mut subject) = subject(&rendering.portal, state, questions)? else { return Ok(Value::from("")) };
    if let Some(listed) = kwargs.get::<Value>("listed")? {
        subject.listed = numbers(&rendering.portal, listed.as_array().unwrap_or_default());
        (subject.skipped, subject.total) = (0, subject.listed.len());
    }
    if kwargs.get::<bool>("data")?.unwrap_or(false) {
        subject.files = open_data::media(&rendering.portal);
    }
    Ok(Value::safe_string(&script(&graph(&rendering.portal, &subject, &mut Noted(&rendering)))))
}

/// What the templates were given.
fn subject(portal: &Portal, state: &State, questions: bool) -> TeraResult<Option<Subject>> {
    let given = |name: &str| Ok::<_, tera::Error>(state.get::<Value>(name)?.filter(|value| value.as_map().is_some()));
    let address = state.get::<String>("current_url")?.unwrap_or_default();
    let of_page = |value: &Value| entry(portal, value);
    let paginator = given("paginator")?;
    let mut subject = Subject { address, ..Subject::default() };
    let list;
    if let Some(page) = given("page")? {
        subject.entry = of_page(&page);
        let Some(Entry::Page(number)) = subject.entry else { return Ok(None) };
        subject.name.clone_from(&portal.pages[number].front.title);
        if questions {
            let content = values::text_of(&page, "content").unwrap_or_default();
            subject.questions = answered(portal, number, content);
        }
        return Ok(Some(subject));
    } else if let Some(section) = given("section")? {
        subject.entry = of_page(&section);
        let Some(Entry::Section(number)) = subject.entry else { return Ok(None) };
        subject.name = portal.sections[number].title.to_string();
        list = section;
    } else if let Some(term) = given("term")? {
        subject.name = values::text_of(&term, "name").unwrap_or_default().to_owned();
        subject.above.extend(given("taxonomy")?.as_ref().and_then(|taxonomy| link(taxonomy, "name")));
        list = term;
    } else if let Some(facet) = given("facet")? {
        subject.name = values::text_of(&facet, "value_name").unwrap_or_default().to_owned();
        subject.above.extend(values::field(&facet, "finder").and_then(|finder| link(finder, "title")));
        list = facet;
    } else if let Some(taxonomy) = given("taxonomy")? {
        subject.name = values::text_of(&taxonomy, "name").unwrap_or_default().to_owned();
        list = taxonomy;
    } else {
        return Ok(None);
    }
    let part = paginator.as_ref().unwrap_or(&list);
    subject.listed = numbers(portal, values::field(part, "pages").and_then(Value::as_array).unwrap_or_default());
    let number = |key: &'static str| values::field(paginator.as_ref()?, key)?.as_i64().and_then(|number| usize::try_from(number).ok());
    subject.skipped = number("current_index").unwrap_or(1).saturating_sub(1) * number("paginate_by").unwrap_or(0);
    subject.total = number("total_pages").unwrap_or(subject.listed.len());
    let first = paginator.as_ref().and_then(|paginator| values::text_of(paginator, "first"));
    subject.list = first.unwrap_or(&subject.address).to_owned();
    Ok(Some(subject))
}

/// The page or section that a value is of.
fn entry(portal: &Portal, value: &Value) -> Option<Entry> {
    values::text_of(value, "relative_path").and_then(|file| portal.of_file(file))
}

/// The pages that values are of.
fn numbers(portal: &Portal, values: &[Value]) -> Vec<PageId> {
    let pages = values.iter().filter_map(|value| match entry(portal, value)? {
        Entry::Page(number) => Some(number),
        Entry::Section(_) => None,
    });
    pages.collect()
}

/// The name and address of something.
fn link(value: &Value, name: &'static str) -> Option<(String, String)> {
    Some((values::text_of(value, name)?.to_owned(), values::text_of(value, "permalink")?.to_owned()))
}

/// The headings of a page that ask something, each with the text below it, up to the next heading that is not
/// below it.
fn answered(portal: &Portal, number: PageId, content: &str) -> Vec<(String, String)> {
    let headings = &portal.pages[number].document.body.headings;
    let asking: HashMap<&str, &str> =
        headings.iter().filter(|heading| heading.title.trim_end().ends_with('?')).map(|heading| (&*heading.id, &*heading.title)).collect();
    if asking.is_empty() {
        return Vec::new();
    }
    let answers = sections(content).into_iter().filter_map(|section| {
        let text = section.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = asking.get(&*section.id).filter(|_| !text.is_empty())?;
        Some(((*title).to_owned(), text))
    });
    answers.collect()
}
