//! The functions that templates call. Each notes what it reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::{ARGUMENTS, no_other_language, only};
use super::asked::{entry_of, lacks, note_listing, record, rendering};
use super::data::{data_path, format_named};
use super::scope::Rendering;
use super::template_errors::{refused, spoken};
use crate::diagnostic::{About, Text, did_you_mean, list, text};
use crate::freshness::{has_expired_noting, staleness_noting};
use crate::portal::{Entry, Portal, Taxonomy};
use crate::reads::{self, List, Read, note, note_sessions, note_summaries};
use crate::records::{Aspect, Kind, Moment};
use crate::values::lists::{taxonomy_value, term_value};
use crate::values::{map, with};
use crate::words::filled;

/// What to do where the theme lacks a word.
const NO_WORD: &str = "add the word to the language file of the theme or of the portal, or to `[translations]` in site.toml";

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_page", get_page);
    tera.register_function("get_section", get_section);
    tera.register_function("get_record", get_record);
    tera.register_function("records", records);
    tera.register_function("count_records", count_records);
    tera.register_function("get_source", get_source);
    tera.register_function("cited_sources", cited_sources);
    tera.register_function("sources", sources);
    tera.register_function("get_taxonomy", get_taxonomy);
    tera.register_function("get_taxonomy_url", get_taxonomy_url);
    tera.register_function("load_data", load_data);
    tera.register_function("as_of", as_of);
    tera.register_function("trans", trans);
    tera.register_function("upcoming_sessions", upcoming_sessions);
    tera.register_function("staleness", staleness);
    tera.register_function("expired", expired);
    super::urls::register(tera);
    super::ask::register(tera);
    super::privacy::register(tera);
    super::compare::register(tera);
    super::courses::register(tera);
    super::finder::register(tera);
    super::fragments::register(tera);
    super::images::register(tera);
    super::open_data::register(tera);
    super::reports::register(tera);
    super::linked::register(tera);
    super::share::register(tera);
}

fn content(rendering: &Arc<Rendering>, entry: Entry) -> TeraResult<Value> {
    let file = rendering.portal.document(entry).file.clone();
    note(Read::Content(file.clone()));
    rendering.shared_content(entry).map_err(|_| {
        refused(
            text!("the content of `{file}` cannot be shown here: it has errors, or shows this page itself", file),
            "let one of the two pages stand on its own",
        )
    })
}

fn get_page(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "metadata_only", "lang"])?;
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let path = kwargs.must_get::<&str>("path")?;
    let Entry::Page(page) = entry_of(&rendering.portal, path).map_err(spoken)? else {
        return Err(spoken(text!("`{path}` is a section; use `get_section`", path)));
    };
    note(Read::Summary(rendering.portal.pages[page].document.file.clone()));
    if kwargs.get::<bool>("metadata_only")?.unwrap_or(false) {
        return Ok(rendering.values.page(page).clone());
    }
    let content = content(&rendering, Entry::Page(page))?;
    Ok(rendering.values.page_with(page, content))
}

fn get_section(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "metadata_only", "lang"])?;
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let path = kwargs.must_get::<&str>("path")?;
    let Entry::Section(section) = entry_of(&rendering.portal, path).map_err(spoken)? else {
        return Err(spoken(text!("`{path}` is a page; use `get_page`", path)));
    };
    let file = &rendering.portal.sections[section].document.file;
    note(Read::Summary(file.clone()));
    if kwargs.get::<bool>("metadata_only")?.unwrap_or(false) {
        return Ok(rendering.values.section(section).clone());
    }
    note_listing(&rendering.portal, section);
    let content = content(&rendering, Entry::Section(section))?;
    Ok(rendering.values.section_with(&rendering.portal, section, content))
}

fn kind_of(name: &str) -> TeraResult<Kind> {
    Kind::from_name(name)
        .ok_or_else(|| spoken(text!("there is no kind `{name}`; there are {kinds}", name, kinds = list(Kind::ALL.map(Kind::as_str)))))
}

fn get_record(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["kind", "id"])?;
    let rendering = rendering()?;
    let kind = kind_of(kwargs.must_get::<&str>("kind")?)?;
    let (page, _) = record(&rendering, kind, kwargs.must_get("id")?)?;
    Ok(rendering.values.page(page).clone())
}

fn records(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["kind", "provider", "role", "limit"])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    let kind = kind_of(kwargs.must_get::<&str>("kind")?)?;
    let (provider, role) = (kwargs.get::<&str>("provider")?, kwargs.get::<&str>("role")?);
    let limit = kwargs.get::<usize>("limit")?;
    let of = (provider.map(Arc::from), role.map(Arc::from));
    note(match limit {
        Some(limit) => Read::First(kind, of.0, of.1, limit),
        None => Read::Records(kind, of.0, of.1),
    });
    let pages = portal.records_of(kind, provider, role);
    let pages = &pages[..limit.unwrap_or(usize::MAX).min(pages.len())];
    note_summaries(portal, pages);
    Ok(rendering.values.summaries(pages))
}

/// How many records there are of a kind: all, or those of a provider and about a role. Cheaper than to ask
/// for them.
fn count_records(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["kind", "provider", "role"])?;
    let rendering = rendering()?;
    let kind = kind_of(kwargs.must_get::<&str>("kind")?)?;
    let (provider, role) = (kwargs.get::<&str>("provider")?, kwargs.get::<&str>("role")?);
    note(Read::Count(kind, provider.map(Arc::from), role.map(Arc::from)));
    Ok(Value::from(rendering.portal.records_of(kind, provider, role).len()))
}

fn source_value(portal: &Portal, id: &Arc<str>) -> Option<Value> {
    let source = portal.sources.get(id)?;
    Some(with(&Value::from_serializable(source), [("id", Value::from(&**id))]))
}

fn get_source(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["id"])?;
    let rendering = rendering()?;
    let id: Arc<str> = kwargs.must_get::<&str>("id")?.into();
    note(Read::Source(id.clone()));
    source_value(&rendering.portal, &id).ok_or_else(|| {
        let near = did_you_mean(&id, rendering.portal.sources.keys().map(|id| &**id))
            .map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
        lacks(About::Source(id.to_string()));
        spoken(text!("there is no source `{id}` in content/sources.toml{near}", id, near))
    })
}

/// The sources of the page as far as it is rendered: those of `first`, then all that something on it cited,
/// in order.
fn cited_sources(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["first"])?;
    let mut ids: Vec<Arc<str>> = Vec::new();
    if let Some(first) = kwargs.get::<&Value>("first")?.filter(|first| !first.is_none()) {
        let first = first.as_array().ok_or_else(|| spoken(Text::from("`first` should be an array of ids")))?;
        ids.extend(first.iter().filter_map(Value::as_str).map(Arc::from));
    }
    ids.extend(reads::cited());
    let mut seen = BTreeSet::new();
    Ok(Value::from(ids.iter().filter(|id| seen.insert(*id)).map(|id| Value::from(&**id)).collect::<Vec<_>>()))
}

fn sources(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["used_by"])?;
    let most = kwargs.get::<usize>("used_by")?.unwrap_or(usize::MAX);
    let rendering = rendering()?;
    let portal = &rendering.portal;
    note(Read::Sources);
    let locale = rendering.locale();
    let mut all: Vec<_> = portal.sources.iter().collect();
    all.sort_by(|(a_id, a), (b_id, b)| {
        locale.compare(&a.publisher, &b.publisher).then_with(|| locale.compare(&a.title, &b.title)).then_with(|| a_id.cmp(b_id))
    });
    let values: Vec<Value> = all
        .into_iter()
        .filter_map(|(id, _)| {
            let all = portal.used_on(id);
            let users = all.iter().take(most).map(|entry| {
                let entry = *entry;
                Value::from(map([("title", Value::from(portal.title(entry))), ("permalink", Value::from(&**portal.permalink(entry)))]))
            });
            let users = Value::from(users.collect::<Vec<_>>());
            Some(with(&source_value(portal, id)?, [("used_by", users), ("used", Value::from(all.len()))]))
        })
        .collect();
    Ok(Value::from(values))
}

fn taxonomy_of<'p>(portal: &'p Portal, kind: &str) -> TeraResult<&'p Taxonomy> {
    portal.taxonomy(kind).ok_or_else(|| {
        let names: Vec<&str> = portal.taxonomies.iter().map(|taxonomy| taxonomy.setting.name.as_str()).collect();
        let there_are = if names.is_empty() { Text::from("none at all") } else { text!("{names}", names = list(names)) };
        spoken(text!("site.toml declares no taxonomy `{name}`; it declares {taxonomies}", name = kind, taxonomies = there_are))
    })
}

fn get_taxonomy(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["kind", "lang"])?;
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let portal = &rendering.portal;
    let taxonomy = taxonomy_of(portal, kwargs.must_get::<&str>("kind")?)?;
    let name: Arc<str> = taxonomy.setting.name.as_str().into();
    note(Read::Terms(name.clone()));
    for term in &taxonomy.terms {
        note(Read::Listing(List::Term(name.clone(), term.name.clone())));
        note_summaries(portal, &term.pages);
    }
    let items: Vec<Value> = taxonomy.terms.iter().map(|term| term_value(portal, &rendering.values, term)).collect();
    Ok(Value::from(map([("taxonomy", taxonomy_value(portal, taxonomy)), ("items", Value::from(items))])))
}

fn get_taxonomy_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["kind", "name", "lang"])?;
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let taxonomy = taxonomy_of(&rendering.portal, kwargs.must_get::<&str>("kind")?)?;
    let name = kwargs.must_get::<&str>("name")?;
    note(Read::Term(taxonomy.setting.name.as_str().into(), name.into()));
    let term = taxonomy.term(name).ok_or_else(|| {
        let near = did_you_mean(name, taxonomy.terms.iter().map(|term| &*term.name))
            .map_or_else(Text::default, |near| text!("; did you mean `{near}`?", near));
        spoken(text!("the taxonomy `{taxonomy}` has no term `{name}`{near}", taxonomy = taxonomy.setting.name, name, near))
    })?;
    Ok(Value::from(rendering.portal.config.permalink(&term.path)))
}

fn load_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["path", "format", "delimiter"])?;
    let rendering = rendering()?;
    let path = kwargs.must_get::<&str>("path")?;
    let path: Arc<str> = data_path(path).into();
    note(Read::Data(path.clone()));
    let format = format_named(&path, kwargs.get::<&str>("format")?, kwargs.get::<&str>("delimiter")?).map_err(spoken)?;
    rendering.data.load(&*rendering.files, &path, format.as_deref()).map_err(spoken)
}

fn as_of(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    note(Read::AsOf);
    let day = rendering.portal.as_of;
    if let Ok(tomorrow) = day.tomorrow() {
        rendering.due.note(tomorrow, || "a template shows the day".into());
    }
    Ok(Value::from(day.to_string()))
}

/// The sessions of a course that have not begun: `course` is the id of its page. Those that are unknown are
/// none.
fn upcoming_sessions(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["course"])?;
    let rendering = rendering()?;
    let portal = &rendering.portal;
    let (page, of) = record(&rendering, Kind::Course, kwargs.must_get("course")?)?;
    note_sessions(portal, page);
    let sessions = of.course().map(|course| course.upcoming(portal.as_of));
    Ok(Value::from(sessions.into_iter().flatten().map(Value::from_serializable).collect::<Vec<_>>()))
}

/// The age that something of `date` has exceeded, `{value, unit}`; none where it is fresh, of no known date,
/// or `[freshness]` does not speak of it. `of` is the field as `[freshness]` names it: `course.price`; with
/// an empty one nothing is judged.
fn staleness(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["date", "of"])?;
    let rendering = rendering()?;
    let of = kwargs.must_get::<&str>("of")?;
    if of.is_empty() {
        return Ok(Value::none());
    }
    let aspect = Aspect::from_name(of).ok_or_else(|| {
        let names = Aspect::WORDS.iter().map(|(name, _)| *name);
        let near = did_you_mean(of, names.clone())
            .map_or_else(|| text!("{names}", names = list(names)), |near| text!("did you mean `{near}`?", near));
        spoken(text!("nothing is said of the age of `{name}`: {near}", name = of, near))
    })?;
    let date = kwargs.get::<&Value>("date")?.and_then(Value::as_str).and_then(Moment::parse);
    let Some(moment) = date else { return Ok(Value::none()) };
    note(Read::Freshness(aspect, moment));
    let age = staleness_noting(&rendering.portal, aspect, moment, &rendering.due);
    Ok(age.map_or_else(Value::none, |age| Value::from_serializable(&age)))
}

/// Whether something holds no longer that holds until `date`; false where that is none or unknown.
fn expired(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["date"])?;
    let rendering = rendering()?;
    let date = kwargs.get::<&Value>("date")?.and_then(Value::as_str).and_then(Moment::parse);
    let Some(moment) = date else { return Ok(Value::from(false)) };
    note(Read::Expiry(moment));
    Ok(Value::from(has_expired_noting(&rendering.portal, moment, "what a template shows", &rendering.due)))
}

fn trans(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let rendering = rendering()?;
    no_other_language(&kwargs, &rendering)?;
    let key = kwargs.must_get::<&str>("key")?;
    let word = rendering.word(key, kwargs.get::<f64>("n")?).map_err(|message| refused(message, NO_WORD))?;
    let given = kwargs.iter().filter_map(|(name, value)| Some((name.as_str()?, value)));
    let put: Vec<(&str, String)> = given
        .filter(|(name, _)| !matches!(*name, "key" | "n" | "lang"))
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    // A translation may leave out what it is given. What it wants and is not given is a misspelt argument.
    let wanted = || gaps(&word).filter(|gap| put.iter().all(|(name, _)| name != gap));
    let strange = put.iter().map(|(name, _)| *name).filter(|name| gaps(&word).all(|gap| gap != *name));
    if let Some((name, near)) = strange.into_iter().find_map(|name| Some((name, did_you_mean(name, wanted())?))) {
        let message = text!("unknown argument `{name}`: the word `{key}` has no `{{{name}}}`; did you mean `{near}`?", name, key, near);
        return Err(refused(message, ARGUMENTS));
    }
    Ok(Value::from(filled(word, put.iter().map(|(name, text)| (*name, text.as_str())))))
}

/// The names in braces of a word: what it wants to be given.
fn gaps(word: &str) -> impl Iterator<Item = &str> {
    word.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
