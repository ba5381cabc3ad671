//! How each output is made.

use std::sync::Arc;

use super::icon::Icon;
use super::sitemap;
use crate::images::Made;
use crate::locale::LanguageId;
use crate::open_data::DataFile;
use crate::portal::{Entry, PageId, Pager, Portal, SectionId};

/// How to make an output.
#[derive(Clone, Debug)]
pub enum Job {
    /// A page with a template.
    Page(PageId, String),
    /// A section with a template, or one page of its divided list.
    Section(SectionId, String, Option<(Arc<Vec<Pager>>, usize)>),
    /// The list of the terms of a taxonomy.
    Taxonomy(usize, String),
    /// A term of a taxonomy, or one page of its divided list.
    Term(usize, usize, String, Option<(Arc<Vec<Pager>>, usize)>),
    /// One page of a list of the course finder: the address of the list, the number of the page from 0, the
    /// template.
    Finder(Arc<str>, usize, String),
    /// All courses, for the script of the course finder.
    FinderData,
    /// The page for addresses that lead nowhere.
    NotFound(String),
    /// A page that leads elsewhere.
    Redirect(String),
    /// An Atom feed.
    Feed(FeedOf),
    /// Part of the sitemap: all of it, its index, or one of its parts.
    Sitemap(sitemap::Part),
    /// `robots.txt`.
    Robots,
    /// How browsers search the portal.
    OpenSearch,
    /// A file of open data.
    Data(DataFile),
    /// The record of a page, as JSON.
    Record(PageId),
    /// The page that another job makes, as Markdown.
    Twin(Box<Job>),
    /// The sessions of a course, of a provider's courses, or of those that lead to a role.
    Calendar(PageId),
    /// A report of a page, by its number, with its template.
    Report(PageId, usize, String),
    /// The picture of a page or section, drawn from a template.
    Picture(Entry, String),
    /// An icon of the portal, drawn from a template.
    Icon(Icon, String),
    /// The web manifest, from a template.
    Manifest(String),
    /// A file of `content/`, as it is.
    Copy(Arc<str>),
    /// A size of an image, which another output shows.
    Image(Arc<Made>),
    /// A static file, by the path templates ask for.
    Static(String),
}

impl Job {
    /// The language that it is made in: that of the document it is the page of, else the main one.
    pub fn language(&self, portal: &Portal) -> LanguageId {
        match self {
            Job::Page(number, _) | Job::Report(number, ..) | Job::Record(number) | Job::Calendar(number) => {
                portal.language(Entry::Page(*number))
            }
            Job::Section(number, ..) | Job::Feed(FeedOf::Section(number)) => portal.language(Entry::Section(*number)),
            Job::Picture(entry, _) => portal.language(*entry),
            Job::Twin(page) => page.language(portal),
            Job::Taxonomy(..)
            | Job::Term(..)
            | Job::Finder(..)
            | Job::FinderData
            | Job::NotFound(_)
            | Job::Redirect(_)
            | Job::Feed(FeedOf::Portal | FeedOf::Term(..))
            | Job::Sitemap(_)
            | Job::Robots
            | Job::OpenSearch
            | Job::Data(_)
            | Job::Icon(..)
            | Job::Manifest(_)
            | Job::Copy(_)
            | Job::Image(_)
            | Job::Static(_) => LanguageId::MAIN,
        }
    }

    /// The template that makes it; none where none does.
    pub fn template(&self) -> Option<&str> {
        match self {
            Job::Page(_, template)
            | Job::Section(_, template, _)
            | Job::Taxonomy(_, template)
            | Job::Term(_, _, template, _)
            | Job::Finder(_, _, template)
            | Job::Report(_, _, template)
            | Job::Picture(_, template)
            | Job::Icon(_, template)
            | Job::Manifest(template)
            | Job::NotFound(template) => Some(template),
            _ => None,
        }
    }

    /// Whether it is the same as a job of another portal: of the same page or list, with the same template.
    pub fn is_same(&self, portal: &Portal, other: &Job, others: &Portal) -> bool {
        let page = |a: PageId, b: PageId| portal.pages[a].document.file == others.pages[b].document.file;
        let section = |a: SectionId, b: SectionId| portal.sections[a].document.file == others.sections[b].document.file;
        let taxonomy = |a: usize, b: usize| portal.taxonomies[a].setting.name == others.taxonomies[b].setting.name;
        let term = |(a, a_term): (usize, usize), (b, b_term): (usize, usize)| {
            taxonomy(a, b) && portal.taxonomies[a].terms[a_term].name == others.taxonomies[b].terms[b_term].name
        };
        let part = |pager: &Option<(Arc<Vec<Pager>>, usize)>| pager.as_ref().map(|(_, at)| *at);
        // Each kind of job stands here by itself, so that the compiler asks for a new one.
        match (self, other) {
            (Job::Page(a, a_template), Job::Page(b, b_template)) => a_template == b_template && page(*a, *b),
            (Job::Section(a, a_template, a_part), Job::Section(b, b_template, b_part)) => {
                a_template == b_template && part(a_part) == part(b_part) && section(*a, *b)
            }
            (Job::Taxonomy(a, a_template), Job::Taxonomy(b, b_template)) => a_template == b_template && taxonomy(*a, *b),
            (Job::Term(a, a_term, a_template, a_part), Job::Term(b, b_term, b_template, b_part)) => {
                a_template == b_template && part(a_part) == part(b_part) && term((*a, *a_term), (*b, *b_term))
            }
            (Job::Finder(a, a_part, a_template), Job::Finder(b, b_part, b_template)) => (a, a_part, a_template) == (b, b_part, b_template),
            (Job::FinderData, Job::FinderData) => true,
            (Job::NotFound(a), Job::NotFound(b)) | (Job::Redirect(a), Job::Redirect(b)) | (Job::Static(a), Job::Static(b)) => a == b,
            (Job::Feed(a), Job::Feed(b)) => match (a, b) {
                (FeedOf::Portal, FeedOf::Portal) => true,
                (FeedOf::Section(a), FeedOf::Section(b)) => section(*a, *b),
                (FeedOf::Term(a, a_term), FeedOf::Term(b, b_term)) => term((*a, *a_term), (*b, *b_term)),
                (FeedOf::Portal | FeedOf::Section(_) | FeedOf::Term(..), _) => false,
            },
            (Job::Sitemap(a), Job::Sitemap(b)) => a == b,
            (Job::Robots, Job::Robots) | (Job::OpenSearch, Job::OpenSearch) => true,
            (Job::Data(a), Job::Data(b)) => a == b,
            (Job::Record(a), Job::Record(b)) | (Job::Calendar(a), Job::Calendar(b)) => page(*a, *b),
            (Job::Report(a, a_number, a_template), Job::Report(b, b_number, b_template)) => {
                (a_number, a_template) == (b_number, b_template) && page(*a, *b)
            }
            (Job::Twin(a), Job::Twin(b)) => a.is_same(portal, b, others),
            (Job::Picture(a, a_template), Job::Picture(b, b_template)) => {
                a_template == b_template && portal.document(*a).file == others.document(*b).file
            }
            (Job::Icon(a, a_template), Job::Icon(b, b_template)) => (a, a_template) == (b, b_template),
            (Job::Manifest(a), Job::Manifest(b)) => a == b,
            (Job::Copy(a), Job::Copy(b)) => a == b,
            (Job::Image(a), Job::Image(b)) => a == b,
            (
                Job::Page(..)
                | Job::Section(..)
                | Job::Taxonomy(..)
                | Job::Term(..)
                | Job::Finder(..)
                | Job::FinderData
                | Job::NotFound(_)
                | Job::Redirect(_)
                | Job::Feed(_)
                | Job::Sitemap(_)
                | Job::Robots
                | Job::OpenSearch
                | Job::Data(_)
                | Job::Record(_)
                | Job::Twin(_)
                | Job::Calendar(_)
                | Job::Report(..)
                | Job::Picture(..)
                | Job::Icon(..)
                | Job::Manifest(_)
                | Job::Copy(_)
                | Job::Image(_)
                | Job::Static(_),
                _,
            ) => false,
        }
    }
}

/// What a feed is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// All dated pages.
    Portal,
    /// The dated pages of a section.
    Section(SectionId),
    /// The dated pages of a term: number of the taxonomy, and of the term.
    Term(usize, usize),
}
