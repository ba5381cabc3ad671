//! One output to its bytes.

use std::borrow::Cow;
use std::sync::Arc;

use tera::{Context, Value};

use super::plan::{Job, Output};
use super::{facets, feed, redirect, sitemap};
use crate::diagnostic::Diagnostic;
use crate::portal::{Entry, Pager};
use crate::theme::lists::{paginator_value, taxonomy_value, term_map, term_value, terms_value};
use crate::theme::values::with;
use crate::theme::{self, Read, Reads, Rendering};

/// What an output holds.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// These bytes.
    Made(Arc<[u8]>),
    /// Bytes in the program or shared with the theme.
    Shared(Cow<'static, [u8]>),
    /// What a file of the portal holds: media may be too large to keep.
    File(Arc<str>),
}

/// Makes an output. Gives its bytes and what was read for them.
///
/// # Errors
/// What is wrong with its template, or with the content it shows.
pub fn render(rendering: &Arc<Rendering>, output: &Output) -> Result<(Bytes, Reads), Vec<Diagnostic>> {
    let portal = &rendering.portal;
    match &output.job {
        Job::Page(number, template) => {
            let mut reads = Reads::from([
                Read::Summary(portal.pages[*number].document.file.clone()),
                Read::Content(portal.pages[*number].document.file.clone()),
            ]);
            let (content, read) = rendering.content(Entry::Page(*number))?;
            reads.extend(read);
            let page = &portal.pages[*number];
            let mut context = context(rendering, &page.path, &page.permalink, &mut reads);
            context.insert_value("page", rendering.values.page_with(*number, content));
            made(theme::render(rendering, template, &context, reads))
        }
        Job::Section(number, template, pager) => {
            let section = &portal.sections[*number];
            let mut reads = Reads::from([
                Read::Summary(section.document.file.clone()),
                Read::Content(section.document.file.clone()),
                Read::Listing(section.document.file.clone()),
            ]);
            reads.extend(shown(pager.as_ref(), &section.pages).iter().map(|page| Read::Summary(portal.pages[*page].document.file.clone())));
            let (content, read) = rendering.content(Entry::Section(*number))?;
            reads.extend(read);
            let (path, permalink) = address(rendering, pager.as_ref(), &section.path);
            let mut context = context(rendering, &path, &permalink, &mut reads);
            // A divided list shows its pages through the paginator alone, so that each of its pages depends on those it shows.
            let value = match pager {
                Some(_) => with(rendering.values.section(*number), [("pages", Value::none()), ("content", content)]),
                None => rendering.values.section_with(portal, *number, content),
            };
            context.insert_value("section", value);
            let by = section.front.paginate_by.unwrap_or(0);
            context.insert_value("paginator", paginator(rendering, pager.as_ref(), &section.pages, by));
            made(theme::render(rendering, template, &context, reads))
        }
        Job::Taxonomy(number, template) => {
            let taxonomy = &portal.taxonomies[*number];
            let mut reads = Reads::from([Read::Taxonomy(taxonomy.setting.name.as_str().into())]);
            let mut context = context(rendering, &taxonomy.path, &portal.config.permalink(&taxonomy.path), &mut reads);
            context.insert_value("taxonomy", taxonomy_value(portal, taxonomy));
            context.insert_value("terms", terms_value(portal, taxonomy));
            made(theme::render(rendering, template, &context, reads))
        }
        Job::Term(number, at, template, pager) => {
            let taxonomy = &portal.taxonomies[*number];
            let term = &taxonomy.terms[*at];
            let mut reads = Reads::from([Read::Taxonomy(taxonomy.setting.name.as_str().into())]);
            reads.extend(shown(pager.as_ref(), &term.pages).iter().map(|page| Read::Summary(portal.pages[*page].document.file.clone())));
            let (path, permalink) = address(rendering, pager.as_ref(), &term.path);
            let mut context = context(rendering, &path, &permalink, &mut reads);
            context.insert_value("taxonomy", taxonomy_value(portal, taxonomy));
            let value = match pager {
                Some(_) => with(&Value::from(term_map(portal, term)), [("pages", Value::none())]),
                None => term_value(portal, &rendering.values, term),
            };
            context.insert_value("term", value);
            let by = taxonomy.setting.paginate_by.unwrap_or(0);
            context.insert_value("paginator", paginator(rendering, pager.as_ref(), &term.pages, by));
            made(theme::render(rendering, template, &context, reads))
        }
        Job::Facet(facet, value, template) => facets::render(rendering, *facet, *value, template),
        Job::NotFound(template) => {
            let mut reads = Reads::new();
            let context = context(rendering, "/404.html", &portal.config.permalink("/404.html"), &mut reads);
            made(theme::render(rendering, template, &context, reads))
        }
        Job::Redirect(target) => Ok((Bytes::Made(redirect::page(target, portal.config.locale.language).into()), Reads::new())),
        Job::Feed(of) => made(feed::bytes(rendering, *of)),
        Job::Sitemap(part) => match sitemap::bytes(portal, rendering.facets(), *part) {
            Ok(bytes) => Ok((Bytes::Made(bytes.into()), Reads::from([Read::Config]))),
            Err(error) => Err(vec![Diagnostic::error("sitemap", error.to_string())]),
        },
        Job::Robots => Ok((Bytes::Made(sitemap::robots(portal).into()), Reads::from([Read::Config]))),
        Job::Copy(file) => Ok((Bytes::File(file.clone()), Reads::from([Read::Data(file.clone())]))),
        Job::Static(asked) => match rendering.theme.statics.get(asked) {
            Some(file) => Ok((Bytes::Shared(file.bytes.clone()), Reads::from([Read::Address(asked.as_str().into())]))),
            None => Err(vec![Diagnostic::error("static", format!("there is no static file `{asked}`"))]),
        },
    }
}

pub(super) fn made(result: Result<(impl Into<Arc<[u8]>>, Reads), Vec<Diagnostic>>) -> Result<(Bytes, Reads), Vec<Diagnostic>> {
    result.map(|(bytes, reads)| (Bytes::Made(bytes.into()), reads))
}

/// What every template sees.
pub(super) fn context(rendering: &Rendering, path: &str, permalink: &str, reads: &mut Reads) -> Context {
    reads.insert(Read::Config);
    let mut context = Context::new();
    context.insert_value("config", rendering.values.config().clone());
    context.insert_value("lang", Value::from(rendering.portal.config.locale.language));
    context.insert_value("current_path", Value::from(path));
    context.insert_value("current_url", Value::from(permalink));
    for name in ["page", "section", "paginator", "taxonomy", "term", "terms", "facet"] {
        context.insert_value(name, Value::none());
    }
    context
}

type Divided = (Arc<Vec<Pager>>, usize);

/// The pages of a list that are shown: those of the pager, where it is divided.
fn shown<'p>(pager: Option<&Divided>, pages: &'p [usize]) -> &'p [usize] {
    let range = pager.and_then(|(pagers, at)| pagers.get(*at)).map_or(0..pages.len(), |pager| pager.range.clone());
    pages.get(range).unwrap_or_default()
}

fn address(rendering: &Rendering, pager: Option<&Divided>, path: &str) -> (String, String) {
    let path = pager.and_then(|(pagers, at)| pagers.get(*at)).map_or_else(|| path.to_owned(), |pager| pager.path.clone());
    let permalink = rendering.portal.config.permalink(&path);
    (path, permalink)
}

fn paginator(rendering: &Rendering, pager: Option<&Divided>, pages: &[usize], by: u32) -> Value {
    match pager {
        Some((pagers, at)) => paginator_value(&rendering.portal, &rendering.values, pagers, *at, pages, by),
        None => Value::none(),
    }
}
