//! The keys of front matter: Zola's, and one typed table.

use std::collections::BTreeMap;
use std::ops::Range;

use super::questions::Question;
use super::reports::Report;
use crate::config::Allow;
use crate::records::{Course, Day, Kind, Provider, Record, Reference, Role, Salary, Source, Term, refuse_scheme};
use crate::schema::{Node, Reader, one_line, table, words};

table! {
    /// The front matter of a page.
    pub struct PageFront in "a page" {
        /// The title: the page's heading, and its name everywhere else.
        title: String = "\"Title\"",
        /// What the page is about, in a sentence of 50 to 160 characters: for search engines and lists.
        description: Option<String> = "\"What the page is about\"",
        /// When it was first published.
        date: Option<Day> = "2026-03-01",
        /// When it was last changed in substance.
        updated: Option<Day> = "2026-03-01",
        /// Its rank in a section sorted by weight: the smallest first.
        weight: Option<i64> = "10",
        /// Whether it is left out of a build (not of a preview with `--drafts`).
        draft: Option<bool> = "true",
        /// The last part of its address, in place of the file's name.
        slug: Option<String> = "\"my-page\"",
        /// Its whole address, in place of folder and file name.
        path: Option<String> = "\"some/where\"",
        /// Addresses it once had, which lead to it.
        aliases: Vec<String> = "[\"old/address\"]",
        /// The template, in place of the usual one.
        template: Option<String> = "\"page.html\"",
        /// Who wrote it.
        authors: Vec<String> = "[\"First Last\"]",
        /// What it rests on: ids of content/sources.toml.
        sources: Vec<Reference<Source>> = "[\"some-source\"]",
        /// Whether it stands in sitemap.xml.
        in_sitemap: Option<bool> = "true",
        /// The terms it is grouped by, for each taxonomy of site.toml.
        taxonomies: BTreeMap<String, Vec<String>> = "{ topic = [\"Pay\"] }",
        /// An occupation.
        role: Option<Box<Role>> = "{ … }",
        /// A course of training.
        course: Option<Box<Course>> = "{ … }",
        /// Who offers courses.
        provider: Option<Box<Provider>> = "{ … }",
        /// What a role pays.
        salary: Option<Box<Salary>> = "{ … }",
        /// A glossary entry.
        term: Option<Box<Term>> = "{ … }",
        /// Questions of readers, and answers.
        questions: Vec<Question> = "[{ date = 2026-03-01, text = \"Is there an exam?\" }]",
        /// Reports that are made for it, and published beside it.
        reports: Vec<Report> = "[{ file = \"courses-compared.pdf\", template = \"reports/courses.html\", title = \"Courses compared\" }]",
        /// Its picture where it is shared, 1200 × 630 pixels, in place of the one that is drawn: a file beside
        /// it, or of `static/`.
        share_image: Option<String> = "\"photo.png\"",
        /// Findings about it that are allowed.
        allow: Vec<Allow> = "[{ code = \"orphan-page\", reason = \"Why\" }]",
        /// Whatever templates want.
        extra: Option<serde_json::Value> = "{}",
    }
    check has_title
}

fn has_title(front: &PageFront, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if !front.title.trim().is_empty() {
        return one_line("title", &front.title, node, reader);
    }
    reader.report(
        "empty",
        span_of(node, "title"),
        "the title is empty",
        "give the page a title: it is its heading, and its name everywhere else",
    );
    None
}

fn is_sound(front: &SectionFront, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let title = one_line("title", front.title.as_deref().unwrap_or_default(), node, reader);
    let leads = match &front.redirect_to {
        Some(address) => refuse_scheme(address, span_of(node, "redirect_to"), reader),
        None => Some(()),
    };
    title.and(leads)
}

fn span_of(node: &Node<'_>, key: &str) -> Range<usize> {
    node.find(&[key]).map_or_else(|| node.span.clone(), |value| value.span.clone())
}

table! {
    /// The front matter of a section, in the `_index.md` of its folder.
    pub struct SectionFront in "a section" {
        /// The title: the page's heading, and its name everywhere else.
        title: Option<String> = "\"Title\"",
        /// What the section is about, in a sentence of 50 to 160 characters.
        description: Option<String> = "\"What the section is about\"",
        /// Its rank among the sections beside it: the smallest first.
        weight: Option<i64> = "10",
        /// Whether it and everything in it is left out of a build.
        draft: Option<bool> = "true",
        /// The order of its pages.
        sort_by: Option<SortBy> = "\"weight\"",
        /// How many pages stand on one page of its list; all where it is left out.
        paginate_by: Option<u32> = "20",
        /// The folder of the further pages of its list.
        paginate_path: Option<String> = "\"page\"",
        /// Whether the list runs backwards.
        paginate_reversed: Option<bool> = "false",
        /// The template of its pages, and of those of sections in it that do not say otherwise.
        page_template: Option<String> = "\"page.html\"",
        /// The template of its list.
        template: Option<String> = "\"section.html\"",
        /// Whether its pages belong to the section above as well.
        transparent: Option<bool> = "false",
        /// Where its address leads instead of to a list: a path, or `@/…`.
        redirect_to: Option<String> = "\"@/courses/some-course.md\"",
        /// Addresses it once had, which lead to it.
        aliases: Vec<String> = "[\"old/address\"]",
        /// Whether it has an Atom feed of its own.
        generate_feeds: Option<bool> = "false",
        /// What it rests on: ids of content/sources.toml.
        sources: Vec<Reference<Source>> = "[\"some-source\"]",
        /// Whether it stands in sitemap.xml.
        in_sitemap: Option<bool> = "true",
        /// Its picture where it is shared, 1200 × 630 pixels, in place of the one that is drawn: a file beside
        /// it, or of `static/`.
        share_image: Option<String> = "\"photo.png\"",
        /// Findings about it that are allowed.
        allow: Vec<Allow> = "[{ code = \"orphan-page\", reason = \"Why\" }]",
        /// Whatever templates want.
        extra: Option<serde_json::Value> = "{}",
    }
    check is_sound
}

words! {
    /// Orders of the pages of a section. Pages equal in it are ordered by title, then by path, so that the
    /// order is always the same.
    pub enum SortBy in "order" {
        /// By date, the newest first; pages without a date last.
        Date = "date",
        /// By date of the last change, else by date, the newest first.
        UpdateDate = "update_date",
        /// By title, as the language sorts.
        Title = "title",
        /// By weight, the smallest first; pages without a weight last.
        Weight = "weight",
        /// By slug.
        Slug = "slug",
        /// By path.
        None = "none",
    }
}

impl PageFront {
    /// Takes the record out. `Err` names the kinds where there is more than one.
    pub fn take_record(&mut self) -> Result<Option<Record>, Vec<Kind>> {
        let mut records: Vec<Record> = Vec::new();
        records.extend(Kind::ALL.into_iter().filter_map(|kind| match kind {
            Kind::Role => self.role.take().map(Record::Role),
            Kind::Course => self.course.take().map(Record::Course),
            Kind::Provider => self.provider.take().map(Record::Provider),
            Kind::Salary => self.salary.take().map(Record::Salary),
            Kind::Term => self.term.take().map(Record::Term),
        }));
        if records.len() > 1 { Err(records.iter().map(Record::kind).collect()) } else { Ok(records.pop()) }
    }
}

/// Where the front matter of a file is, and where its Markdown begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The TOML between the lines of `+++`.
    pub toml: Range<usize>,
    /// The rest.
    pub body: Range<usize>,
}

/// Finds the front matter: TOML between a first line of `+++` and another.
///
/// # Errors
/// What is wrong, and what to do, where there is none.
pub(super) fn split(text: &str) -> Result<Split, (&'static str, &'static str)> {
    let start = text.len() - text.trim_start_matches(['\n', '\r', ' ']).len();
    let first = text[start..].split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "+++" {
        return Err(if first.trim_end() == "---" {
            ("the front matter is YAML", "write it as TOML between lines of `+++`: `title = \"…\"`")
        } else {
            ("the file has no front matter", "begin it with a line `+++`, then `title = \"…\"`, then a line `+++`")
        });
    }
    let toml_start = start + first.len();
    let mut at = toml_start;
    for line in text[toml_start..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Ok(Split { toml: toml_start..at, body: at + line.len()..text.len() });
        }
        at += line.len();
    }
    Err(("the front matter is not closed", "end it with a line `+++`"))
}

/// Where the TOML of the front matter of a file ends.
///
/// # Errors
/// What is wrong, and what to do, where there is none.
pub(crate) fn end_of_front_matter(text: &str) -> Result<usize, (&'static str, &'static str)> {
    split(text).map(|split| split.toml.end)
}

/// What a section without front matter of its own has.
impl Default for SectionFront {
    fn default() -> Self {
        Self {
            title: None,
            description: None,
            weight: None,
            draft: None,
            sort_by: None,
            paginate_by: None,
            paginate_path: None,
            paginate_reversed: None,
            page_template: None,
            template: None,
            transparent: None,
            redirect_to: None,
            aliases: Vec::new(),
            generate_feeds: None,
            sources: Vec::new(),
            in_sitemap: None,
            share_image: None,
            allow: Vec::new(),
            extra: None,
        }
    }
}
