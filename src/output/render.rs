//! One output to its bytes.

use std::borrow::Cow;
use std::sync::Arc;

use tera::Value;

use super::bytes::Bytes;
use super::job::Job;
use super::plan::Output;
use super::{calendar, facets, feed, opensearch, pictures, redirect, sitemap, twin};
use crate::diagnostic::{Diagnostic, text};
use crate::files::Blob;
use crate::finder;
use crate::html::{main_with_text, minified, said};
use crate::open_data;
use crate::portal::{Entry, PageId, Pager, Portal};
use crate::reads::{List, Read, Reads, note, note_summaries};
use crate::theme::{self, Rendering, context, recorded};
use crate::values::lists::{counted_term_map, paginator_value, taxonomy_value, term_value, terms_value};
use crate::values::with;

/// Makes an output. Gives its bytes, and what was read for them.
///
/// # Errors
/// What is wrong with its template, or with the content it shows.
pub(crate) fn render(rendering: &Arc<Rendering>, output: &Output) -> Result<(Bytes, Reads), Vec<Diagnostic>> {
    let (bytes, reads) = recorded(rendering, output.job.language(&rendering.portal), || match &output.job {
        // What is wrong with the page is reported there.
        Job::Twin(page) => {
            let page = bytes(rendering, page).map_err(|_| Vec::new())?;
            Ok(twin::twin(rendering, output, &said(&page.text().unwrap_or_default(), None)))
        }
        job => bytes(rendering, job).map(|made| finished(rendering, job, made)),
    });
    Ok((bytes?, reads))
}

/// A page as it is published: long words may be divided where `[markdown] hyphenation` asks for it, and what browsers
/// do not show is left out where `minify_html` does.
fn finished(rendering: &Rendering, job: &Job, made: Bytes) -> Bytes {
    let config = &rendering.portal.config;
    let minify = config.site.minify_html.unwrap_or(false);
    let is_page = job.template().is_some() && !matches!(job, Job::Report(..) | Job::Picture(..) | Job::Icon(..) | Job::Manifest(_));
    if !(config.hyphenation || minify) || !is_page {
        return made;
    }
    let Some(page) = made.text() else { return made };
    let mut page = page.into_owned();
    if config.hyphenation {
        let locale = config.locale(job.language(&rendering.portal));
        page = main_with_text(&page, &|text| locale.hyphenated(text));
    }
    if minify {
        page = minified(&page);
    }
    Bytes::Made(page.into_bytes().into())
}

/// The bytes that a job makes.
fn bytes(rendering: &Arc<Rendering>, job: &Job) -> Result<Bytes, Vec<Diagnostic>> {
    let portal = &rendering.portal;
    match job {
        Job::Page(number, template) => {
            let page = &portal.pages[*number];
            note(Read::Summary(page.document.file.clone()));
            let content = rendering.content(Entry::Page(*number))?;
            let mut context = context(rendering, &page.path, &page.permalink);
            context.insert_value("page", rendering.values.page_with(*number, content));
            theme::render(rendering, template, &context).map(Bytes::Made)
        }
        Job::Section(number, template, pager) => {
            let section = &portal.sections[*number];
            note(Read::Summary(section.document.file.clone()));
            note_list(portal, pager.as_ref(), List::Section(section.document.file.clone()), &section.pages);
            let content = rendering.content(Entry::Section(*number))?;
            let (path, permalink) = address(rendering, pager.as_ref(), &section.path);
            let mut context = context(rendering, &path, &permalink);
            // A divided list shows its pages through the paginator alone, so that each of its pages depends
            // on those it shows.
            let value = match pager {
                Some(_) => with(rendering.values.section(*number), [("pages", Value::none()), ("content", content)]),
                None => rendering.values.section_with(portal, *number, content),
            };
            context.insert_value("section", value);
            let by = section.front.paginate_by.unwrap_or(0) as usize;
            context.insert_value("paginator", paginator(rendering, pager.as_ref(), &section.pages, by));
            theme::render(rendering, template, &context).map(Bytes::Made)
        }
        Job::Taxonomy(number, template) => {
            let taxonomy = &portal.taxonomies[*number];
            note(Read::Terms(taxonomy.setting.name.as_str().into()));
            let mut context = context(rendering, &taxonomy.path, &portal.config.permalink(&taxonomy.path));
            context.insert_value("taxonomy", taxonomy_value(portal, taxonomy));
            context.insert_value("terms", terms_value(portal, taxonomy));
            theme::render(rendering, template, &context).map(Bytes::Made)
        }
        Job::Term(number, at, template, pager) => {
            let taxonomy = &portal.taxonomies[*number];
            let term = &taxonomy.terms[*at];
            note_list(portal, pager.as_ref(), List::Term(taxonomy.setting.name.as_str().into(), term.name.clone()), &term.pages);
            let (path, permalink) = address(rendering, pager.as_ref(), &term.path);
            let mut context = context(rendering, &path, &permalink);
            context.insert_value("taxonomy", taxonomy_value(portal, taxonomy));
            let value = match pager {
                Some(_) => with(&Value::from(counted_term_map(portal, term)), [("pages", Value::none())]),
                None => term_value(portal, &rendering.values, term),
            };
            context.insert_value("term", value);
            let by = taxonomy.setting.paginate_by.unwrap_or(0) as usize;
            context.insert_value("paginator", paginator(rendering, pager.as_ref(), &term.pages, by));
            theme::render(rendering, template, &context).map(Bytes::Made)
        }
        Job::Finder(path, at, template) => facets::render(rendering, path, *at, template),
        Job::FinderData => Ok(Bytes::Made(finder::data(&rendering.facets, portal).into())),
        Job::NotFound(template) => {
            let mut context = context(rendering, "/404.html", &portal.config.permalink("/404.html"));
            // It is shown at addresses that have no page, and none as Markdown.
            context.insert_value("current_markdown", Value::none());
            theme::render(rendering, template, &context).map(Bytes::Made)
        }
        Job::Redirect(target) => {
            note(Read::Config);
            Ok(Bytes::Made(redirect::page(target, portal.config.main_locale().language).into()))
        }
        Job::Feed(of) => feed::bytes(rendering, *of).map(|bytes| Bytes::Made(bytes.into())),
        Job::Sitemap(part) => {
            note(Read::Sitemap);
            let bytes = sitemap::bytes(portal, &rendering.facets, *part);
            bytes
                .map(|bytes| Bytes::Made(bytes.into()))
                .map_err(|error| vec![Diagnostic::new("internal", text!("the sitemap cannot be written: {error}", error))])
        }
        Job::Robots => {
            note(Read::Config);
            Ok(Bytes::Made(sitemap::robots(portal).into()))
        }
        Job::OpenSearch => {
            note(Read::Config);
            let bytes = opensearch::bytes(portal);
            bytes
                .map(|bytes| Bytes::Made(bytes.into()))
                .map_err(|error| vec![Diagnostic::new("internal", text!("opensearch.xml cannot be written: {error}", error))])
        }
        Job::Data(file) => open_data::file(portal, *file).map(|bytes| Bytes::Made(bytes.into())),
        Job::Record(number) => Ok(Bytes::Made(open_data::record(portal, *number).into())),
        Job::Picture(entry, template) => pictures::picture(rendering, *entry, template),
        Job::Icon(icon, template) => pictures::icon(rendering, *icon, template),
        Job::Manifest(template) => pictures::manifest(rendering, template),
        Job::Twin(page) => bytes(rendering, page),
        Job::Calendar(number) => Ok(Bytes::Made(calendar::calendar(rendering, *number).into())),
        Job::Report(number, at, _) => rendering.report(*number, *at).map(|report| Bytes::Made(report.bytes.clone())),
        Job::Copy(file) => {
            note(Read::File(file.clone()));
            Ok(Bytes::File(file.clone()))
        }
        Job::Image(made) => Ok(Bytes::Image(made.clone())),
        Job::Static(asked) => {
            note(Read::Static(asked.as_str().into()));
            let file = rendering.theme.statics.get(asked);
            let file = file.ok_or_else(|| vec![Diagnostic::new("internal", text!("there is no static file `{path}`", path = asked))]);
            file.map(|file| match &file.bytes {
                Some(Blob::Fixed(bytes)) => Bytes::Shared(Cow::Borrowed(bytes)),
                Some(Blob::Own(bytes)) => Bytes::Made(bytes.clone()),
                None => Bytes::File(file.shown.as_str().into()),
            })
        }
    }
}

/// Notes that a list was read: all of it, or one of the pages it is divided into.
fn note_list(portal: &Portal, pager: Option<&Divided>, list: List, pages: &[PageId]) {
    note_summaries(portal, shown(pager, pages));
    note(match pager {
        Some((_, at)) => Read::Part(list, *at),
        None => Read::Listing(list),
    });
}

type Divided = (Arc<Vec<Pager>>, usize);

/// The pages of a list that are shown: those of the pager, where it is divided.
fn shown<'p>(pager: Option<&Divided>, pages: &'p [PageId]) -> &'p [PageId] {
    let range = pager.and_then(|(pagers, at)| pagers.get(*at)).map_or(0..pages.len(), |pager| pager.range.clone());
    pages.get(range).unwrap_or_default()
}

fn address(rendering: &Rendering, pager: Option<&Divided>, path: &str) -> (String, String) {
    let path = pager.and_then(|(pagers, at)| pagers.get(*at)).map_or_else(|| path.to_owned(), |pager| pager.path.clone());
    let permalink = rendering.portal.config.permalink(&path);
    (path, permalink)
}

fn paginator(rendering: &Rendering, pager: Option<&Divided>, pages: &[PageId], by: usize) -> Value {
    match pager {
        Some((pagers, at)) => paginator_value(&rendering.portal, &rendering.values, pagers, *at, pages, pages.len(), by),
        None => Value::none(),
    }
}
