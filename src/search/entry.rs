//! What is searched of each page.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::html::{Tag, Visitor, Within, read};
use crate::locale::{Locale, whole_words};
use crate::portal::{Entry as Node, Portal};
use crate::records::{Figures, Kind, headlines};
use crate::schema::known;

/// A page that can be found.
pub(super) struct Entry {
    /// Its address below the root: `/kurse/ils/`.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is about, in a sentence.
    pub description: String,
    /// What its `<main>` says to readers.
    pub text: String,
    /// The language, as ISO 639 names it.
    pub language: String,
    /// The kind of its record: `course`; `section` of a section, `page` of any other.
    pub kind: &'static str,
    /// What is asked of it first, in figures: of a course price and length, of a role what it pays.
    pub detail: Option<String>,
    /// By what results are narrowed down: name and values.
    pub filters: Vec<(&'static str, String)>,
}

/// All pages and sections that search engines may list too, but for the page for searching itself.
pub(super) fn entries<'b>(portal: &Portal, page: &(dyn Fn(&str) -> Option<Cow<'b, str>> + Sync)) -> Vec<Entry> {
    let nodes: Vec<Node> = portal.entries().collect();
    nodes.into_par_iter().filter_map(|node| entry(portal, node, page)).collect()
}

fn entry<'b>(portal: &Portal, node: Node, page: &(dyn Fn(&str) -> Option<Cow<'b, str>> + Sync)) -> Option<Entry> {
    let (path, title, description, kind, listed) = match node {
        Node::Page(number) => {
            let page = &portal.pages[number];
            (&page.path, page.front.title.clone(), &page.front.description, page.kind_name(), page.front.in_sitemap)
        }
        Node::Section(number) => {
            let section = &portal.sections[number];
            (
                &section.path,
                section.title.to_string(),
                &section.front.description,
                "section",
                if section.redirect.is_none() { section.front.in_sitemap } else { Some(false) },
            )
        }
    };
    if listed == Some(false) || portal.search.as_ref().is_some_and(|search| *search.path == **path) {
        return None;
    }
    let html = page(&crate::output::file_of(path))?;
    let mut main = Main::default();
    read(&html, &mut main);
    let mut filters = vec![("kind", kind.to_owned())];
    let locale = portal.locale(node);
    let mut detail = None;
    if let Node::Page(number) = node {
        let page = &portal.pages[number];
        if let Some(course) = page.course() {
            if let Some(provider) = portal.by_id.get(&(Kind::Provider, course.provider.id.clone())) {
                filters.push(("provider", portal.pages[*provider].name.to_string()));
            }
            filters.extend(known(&course.mode).map(|mode| ("mode", mode.as_str().to_owned())));
            let price = known(&course.price).map(|price| locale.money(price.amount.0, price.currency.0.code()));
            let length = known(&course.duration).map(|span| locale.duration(span.value, span.unit.as_str()));
            let parts: Vec<String> = price.into_iter().chain(length).collect();
            detail = (!parts.is_empty()).then(|| parts.join(" · "));
        } else {
            detail = pay_of(portal, page.kind_name(), &page.slug, locale);
        }
    }
    Some(Entry {
        url: path.to_string(),
        title,
        description: description.clone().unwrap_or_default(),
        text: main.text.trim().to_owned(),
        language: locale.language.split('-').next().unwrap_or_default().to_owned(),
        kind,
        detail,
        filters,
    })
}

/// What a role pays, as its page says first.
fn pay_of(portal: &Portal, kind: &str, id: &str, locale: &Locale) -> Option<String> {
    let salaries = match kind {
        "role" => portal.records_of(Kind::Salary, None, Some(id)).into_owned(),
        "salary" => vec![*portal.by_id.get(&(Kind::Salary, id.into()))?],
        _ => return None,
    };
    let salary = portal.pages[*salaries.first()?].salary()?;
    let Figures::Here(figures) = &salary.figures else { return None };
    let first = headlines(figures).into_iter().next()?;
    let currency = first.currency.0.code();
    match first.amount.or(first.median) {
        Some(amount) => Some(locale.money(amount.0, currency)),
        None => locale.money_between(first.low.map(|low| low.0), first.high.map(|high| high.0), currency),
    }
}

/// Takes in what a page says in its `<main>`: text that readers see, words parted where elements are.
#[derive(Default)]
struct Main {
    text: String,
    /// How deep in `<main>` what is read stands; 0 outside.
    depth: usize,
    /// The element that is passed over, and how deep in elements of its name.
    over: Option<(String, usize)>,
}

/// What says that an element is passed over, too (Pagefind, "Removing individual elements from the index").
const IGNORED: &str = "data-pagefind-ignore";

/// What is passed over: drawings, whose values stand in a table too, ways to other pages, and controls.
const PASSED_OVER: [&str; 6] = ["svg", "nav", "form", "template", "button", "cite"];

impl Visitor for Main {
    fn start(&mut self, tag: &Tag) {
        if let Some((name, depth)) = &mut self.over {
            *depth += usize::from(name == tag.name() && !tag.is_self_closing());
            return;
        }
        match tag.name() {
            "main" => self.depth += 1,
            name if self.depth > 0 && (PASSED_OVER.contains(&name) || tag.get(IGNORED).is_some()) => self.over = Some((name.to_owned(), 1)),
            // Letters of a word may be set off; anything else parts words.
            "b" | "i" | "em" | "strong" | "span" | "a" | "abbr" | "wbr" | "code" => {}
            _ => self.text.push(' '),
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((over, depth)) = &mut self.over {
            *depth -= usize::from(over == name);
            if *depth == 0 {
                self.over = None;
                self.text.push(' ');
            }
            return;
        }
        if name == "main" {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    fn text(&mut self, within: Within, text: &str) {
        if self.depth > 0 && self.over.is_none() && within == Within::Text {
            self.text.push_str(&whole_words(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_of_the_page_is_not_searched() {
        let mut main = Main::default();
        read(
            "a<main><p data-pagefind-ignore>b</p><p>c<b>d</b> <span data-pagefind-ignore>(<cite>e</cite>)</span>f<svg><text>g</text></svg></p></main>h",
            &mut main,
        );
        assert_eq!(main.text.split_whitespace().collect::<Vec<_>>(), ["cd", "f"]);
    }
}
