//! Taxonomies: pages grouped by terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::slice::ParallelSliceMut;

use super::ids::{Numbered, PageId};
use super::order::{Pager, compare};
use super::page::Page;
use crate::config::{Config, TaxonomySetting};
use crate::content::{Document, SortBy};
use crate::diagnostic::{Diagnostic, Text, did_you_mean, list, text};

/// A taxonomy that `site.toml` declares.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// As it is declared.
    pub setting: TaxonomySetting,
    /// The part of the address.
    pub slug: String,
    /// Its address below the root.
    pub path: String,
    /// Its terms, as the language sorts them.
    pub terms: Vec<Term>,
}

/// A term of a taxonomy.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its name, as the first page that has it writes it.
    pub name: Arc<str>,
    /// The part of the address.
    pub slug: String,
    /// Its address below the root.
    pub path: String,
    /// Its pages, the newest first.
    pub pages: Vec<PageId>,
}

impl Taxonomy {
    /// The pages that the list of a term is divided into; none where it is not.
    pub fn pagers(&self, term: &Term) -> Option<Vec<Pager>> {
        let by = self.setting.paginate_by?;
        Some(Pager::divide(&term.path, self.setting.paginate_path.as_deref().unwrap_or("page"), term.pages.len(), by as usize))
    }

    /// The term of that name.
    pub fn term(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| &*term.name == name)
    }
}

/// Groups the pages. A taxonomy that is not declared, and two terms with one address, are reported.
pub(super) fn group(config: &Config, pages: &Numbered<PageId, Arc<Page>>, findings: &mut Vec<Diagnostic>) -> Vec<Taxonomy> {
    let mut grouped: Vec<BTreeMap<&str, Vec<PageId>>> = config.site.taxonomies.iter().map(|_| BTreeMap::new()).collect();
    for (number, page) in pages.numbered() {
        for (name, terms) in &page.front.taxonomies {
            let Some(index) = config.site.taxonomies.iter().position(|taxonomy| taxonomy.name == *name) else {
                findings.push(undeclared(config, page, name));
                continue;
            };
            for term in terms {
                let pages = grouped[index].entry(term.as_str()).or_default();
                if pages.last() != Some(&number) {
                    pages.push(number);
                }
            }
        }
    }
    config.site.taxonomies.iter().zip(grouped).map(|(setting, terms)| taxonomy(config, setting, terms, pages, findings)).collect()
}

fn taxonomy(
    config: &Config,
    setting: &TaxonomySetting,
    terms: BTreeMap<&str, Vec<PageId>>,
    pages: &Numbered<PageId, Arc<Page>>,
    findings: &mut Vec<Diagnostic>,
) -> Taxonomy {
    let slug = super::address::part(&setting.name, config.main_locale());
    let path = format!("/{slug}/");
    let mut slugs: BTreeMap<String, (&str, &Arc<Document>)> = BTreeMap::new();
    let mut list: Vec<Term> = Vec::new();
    for (name, mut numbers) in terms {
        let term_slug = config.main_locale().slug(name);
        let Some(first) = numbers.first().map(|number| &pages[*number].document) else { continue };
        let place = || first.place(&["taxonomies", &setting.name]);
        if term_slug.is_empty() {
            findings.push(
                Diagnostic::new(
                    "term",
                    text!("the term `{name}` of `{taxonomy}` has no letter or digit for an address", name, taxonomy = setting.name),
                )
                .at(place())
                .help("give it a name with letters or digits"),
            );
            continue;
        }
        if let Some((other, other_page)) = slugs.insert(term_slug.clone(), (name, first)) {
            findings.push(
                Diagnostic::new(
                    "term",
                    text!(
                        "the terms `{other}` and `{name}` of `{taxonomy}` have one address, `{path}{slug}/`",
                        other,
                        name,
                        taxonomy = setting.name,
                        path,
                        slug = term_slug
                    ),
                )
                .at(place())
                .help("write the term the same way on every page")
                .related("the other one", other_page.place(&["taxonomies", &setting.name])),
            );
            continue;
        }
        numbers.par_sort_by(|a, b| compare(&pages[*a], &pages[*b], SortBy::Date, config.main_locale()));
        list.push(Term { name: name.into(), path: format!("{path}{term_slug}/"), slug: term_slug, pages: numbers });
    }
    list.sort_by(|a, b| config.main_locale().compare(&a.name, &b.name));
    Taxonomy { setting: setting.clone(), slug, path, terms: list }
}

fn undeclared(config: &Config, page: &Page, name: &str) -> Diagnostic {
    let names = || config.site.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
    let message = match did_you_mean(name, names()) {
        Some(near) => text!("no taxonomy `{name}`; did you mean `{near}`?", name, near),
        None => text!("no taxonomy `{name}`", name),
    };
    let help = if names().next().is_none() {
        Text::from("declare it in site.toml with `[[taxonomies]]`")
    } else {
        text!("site.toml declares {taxonomies}", taxonomies = list(names()))
    };
    Diagnostic::new("taxonomy", message).at(page.document.place(&["taxonomies", name])).help(help)
}
