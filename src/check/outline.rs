//! What a page says of itself: title, description, language, headings, images, names of links, ids.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::report::{Draft, Report};
use super::site::{Site, SitePage};
use crate::content::CONTENT_DIR;
use crate::diagnostic::{Diagnostic, Place, Text, text};
use crate::limits::{LARGE_PAGE, LONGEST_TITLE};
use crate::output::Job;

/// The characters that a description should have: shorter ones say little, longer ones are cut in lists of
/// search engines.
const DESCRIPTION: std::ops::RangeInclusive<usize> = 50..=160;

/// Reports what is wrong with pages, each looked at alone, and titles and descriptions that several have.
pub(super) fn outline(site: &Site<'_>, report: &mut Report<'_>) {
    // Where things were written is looked up in files: that is what takes time.
    let alone = |(number, page): (usize, &SitePage)| {
        let mut drafts = Vec::new();
        let mut add = |finding: Diagnostic, place: Option<Place>| drafts.push(Draft { page: number, finding, place });
        if page.page.refresh.is_some() || page.copied.is_some() {
            return drafts;
        }
        if site.reports("no-lang") && page.page.lang.as_deref().unwrap_or_default().trim().is_empty() {
            let finding = Diagnostic::new("no-lang", "the page does not say its language")
                .help("write `<html lang=\"{{ lang }}\">` in the template: screen readers speak by it");
            add(finding, None);
        }
        length(site, page, &mut add);
        title(site, page, &mut add);
        headings(site, page, &mut add);
        parts(site, page, &mut add);
        placeholders(site, page, &mut add);
        let unlisted = page.page.noindex || matches!(site.outputs()[page.output].job, Job::NotFound(_));
        if !unlisted && page.source.is_some() {
            description(site, page, &mut add);
        }
        drafts
    };
    let drafts: Vec<Vec<Draft>> = site.pages.par_iter().enumerate().map(alone).collect();
    drafts.into_iter().flatten().for_each(|draft| report.add(draft));
    if site.reports("duplicate-title") {
        twice(
            site,
            report,
            &|address, text| Diagnostic::new("duplicate-title", text!("`{address}` has the same title: `{text}`", address, text)),
            "title",
            |page| page.page.title.as_deref(),
        );
    }
    if site.reports("duplicate-description") {
        twice(
            site,
            report,
            &|address, text| {
                Diagnostic::new("duplicate-description", text!("`{address}` has the same description: `{text}`", address, text))
            },
            "description",
            |page| Some(own_description(site, page)),
        );
    }
}

/// A page that is long to load, and long to be laid out by a phone.
fn length(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    if page.length <= LARGE_PAGE || !site.reports("large-page") {
        return;
    }
    let finding = Diagnostic::new(
        "large-page",
        text!("the page has {size} KiB of HTML: on a phone it opens late", size = page.length / 1024),
    )
    .help(
        "divide a long list: `paginate_by` in the front matter of its section, or of `[[taxonomies]]`; make several pages of a long text",
    );
    add(finding, key_place(site, page, "title"));
}

type Add<'a> = dyn FnMut(Diagnostic, Option<Place>) + 'a;

/// The place of a key of the page's front matter, that of its title where it is not there.
fn key_place(site: &Site<'_>, page: &SitePage, key: &str) -> Option<Place> {
    let file = page.source.as_ref()?;
    Some(site.places().of_key(file, key, &format!("{CONTENT_DIR}/{file}")))
}

fn title(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    let title = page.page.title.as_deref().unwrap_or_default().trim();
    if title.is_empty() {
        if !site.reports("no-title") {
            return;
        }
        let finding = Diagnostic::new("no-title", "the page has no title")
            .help("write `<title>` in the head of the template: tabs, bookmarks and search engines show it");
        return add(finding, None);
    }
    let portal = site.title();
    let own = title.strip_suffix(portal).or_else(|| title.strip_prefix(portal)).unwrap_or(title);
    let length = own.trim_matches(|character: char| !character.is_alphanumeric()).chars().count();
    if length > LONGEST_TITLE && site.reports("title-length") {
        let message = text!("the title has {length} characters; search engines show about {most}", length, most = LONGEST_TITLE);
        add(
            Diagnostic::new("title-length", message).help("say it shorter, the most important words first"),
            key_place(site, page, "title"),
        );
    }
}

fn description(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    let text = own_description(site, page);
    let (least, most) = (DESCRIPTION.start(), DESCRIPTION.end());
    let length = text.chars().count();
    if !site.reports(if length == 0 { "no-description" } else { "description-length" }) {
        return;
    }
    if length == 0 {
        let finding = Diagnostic::new("no-description", "the page has no description").help(text!(
            "add `description = \"…\"`: what the page is about, in a sentence of {least} to {most} characters",
            least,
            most
        ));
        add(finding, key_place(site, page, "title"));
    } else if !DESCRIPTION.contains(&length) {
        let (message, help) = if length < *least {
            let message = text!("the description has only {length} characters: in lists of search engines it says little", length);
            (message, text!("say in {least} to {most} characters what a reader finds on the page", least, most))
        } else {
            let message = text!("the description has {length} characters; search engines show about {most}", length, most);
            (message, Text::from("say it shorter, the most important words first"))
        };
        add(Diagnostic::new("description-length", message).help(help), key_place(site, page, "description"));
    }
}

fn headings(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    let headings = &page.page.headings;
    let mut first = headings.iter().filter(|heading| heading.level == 1);
    if first.next().is_none() && site.reports("no-h1") {
        let finding = Diagnostic::new("no-h1", "the page has no heading of the first level")
            .help("write `<h1>` in the template: it says what the page is");
        add(finding, None);
    }
    for second in first.filter(|_| site.reports("several-h1")) {
        let place = site.places().of_heading(page, &second.id);
        let finding = Diagnostic::new("several-h1", text!("`{heading}` is another heading of the first level", heading = second.text))
            .help("the title of the page is its heading of the first level: begin with `##` in Markdown");
        add(finding, place);
    }
    for heading in headings.iter().filter(|heading| heading.text.is_empty() && site.reports("empty-heading")) {
        let finding = Diagnostic::new("empty-heading", text!("a heading of level {level} has no text", level = heading.level))
            .help("write what the part below it is about, or take the heading out");
        add(finding, site.places().of_heading(page, &heading.id));
    }
    for pair in headings.windows(2) {
        let [above, heading] = pair else { continue };
        if heading.level > above.level + 1 && site.reports("heading-order") {
            let place = site.places().of_heading(page, &heading.id);
            let message = text!(
                "the heading `{heading}` is of level {level}, below one of level {above}",
                heading = heading.text,
                level = heading.level,
                above = above.level
            );
            let help = text!("make it one of level {level}: readers who jump from heading to heading miss a step", level = above.level + 1);
            add(Diagnostic::new("heading-order", message).help(help), place);
        }
    }
}

/// Images, links and ids.
fn parts(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    let places = site.places();
    for (src, count) in counted(site, "image-without-alt", &page.page.images_without_alt) {
        for place in or_none(places.of_images_without_alt(page, src, count)) {
            let written = places.as_written(place.as_ref(), src);
            let finding = Diagnostic::new("image-without-alt", text!("the image `{image}` has no text in its place", image = written))
                .help("say in `alt` what it shows; `alt=\"\"` where it only decorates");
            add(finding, place);
        }
    }
    for (src, _) in counted(site, "image-without-alt", &page.page.images_with_empty_alt) {
        // In HTML that is a decision; in Markdown nobody who knew would have left the brackets empty.
        for place in places.of_images_without_text(page, src) {
            let written = places.as_written(Some(&place), src);
            let finding = Diagnostic::new("image-without-alt", text!("the image `{image}` has no text in its place", image = written))
                .help(
                    "say between the brackets what it shows: `![a cat](cat.jpg)`; where it only decorates write `<img src=\"…\" alt=\"\">`",
                );
            add(finding, Some(place));
        }
    }
    // A list of headings cannot name one without a text, which is reported there.
    let empty: HashSet<&str> = page.page.headings.iter().filter(|heading| heading.text.is_empty()).map(|heading| &*heading.id).collect();
    let of_empty_heading = |href: &str| href.strip_prefix('#').is_some_and(|id| empty.contains(id));
    for (href, count) in counted(site, "empty-link", &page.page.nameless_links).into_iter().filter(|(href, _)| !of_empty_heading(href)) {
        for place in or_none(places.of_nameless_links(page, href, count)) {
            let finding =
                Diagnostic::new("empty-link", text!("the link to `{href}` has no text", href = places.as_written(place.as_ref(), href)))
                    .help("say where it leads: screen readers read out its text, of an image its `alt`");
            add(finding, place);
        }
    }
    for id in page.page.repeated_ids.iter().filter(|_| site.reports("duplicate-id")) {
        let finding = Diagnostic::new("duplicate-id", text!("two elements of the page have the id `{id}`", id))
            .help("give one of them another: links and labels find the first alone");
        add(finding, site.places().of_id(page, id));
    }
}

/// Words that stand where something is still to be written.
fn placeholders(site: &Site<'_>, page: &SitePage, add: &mut Add<'_>) {
    for (word, count) in counted(site, "placeholder", &page.page.placeholders) {
        for place in or_none(site.places().of_word(page, word, count)) {
            let finding = Diagnostic::new("placeholder", text!("`{word}` stands where something is still to be written", word))
                .help("write it, or take the word out; what belongs there as it is can stand in `code`");
            add(finding, place);
        }
    }
}

/// Each text that a finding of a code would be about, and how often it is there; none where such findings are
/// not wanted.
fn counted<'t>(site: &Site<'_>, code: &str, texts: &'t [String]) -> BTreeMap<&'t str, usize> {
    let mut counts = BTreeMap::new();
    for text in texts.iter().filter(|_| site.reports(code)) {
        *counts.entry(text.as_str()).or_default() += 1;
    }
    counts
}

/// Some places, or that there is none.
fn or_none(places: Vec<Place>) -> Vec<Option<Place>> {
    if places.is_empty() { vec![None] } else { places.into_iter().map(Some).collect() }
}

/// What several pages say that each should say for itself.
fn twice(
    site: &Site<'_>,
    report: &mut Report<'_>,
    new: &dyn Fn(&str, &str) -> Diagnostic,
    key: &str,
    of: impl for<'p> Fn(&'p SitePage) -> Option<&'p str>,
) {
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, page) in site.made() {
        let text = of(page).map(str::trim).filter(|text| !text.is_empty());
        if let Some(text) = text.filter(|_| !page.page.noindex && page.page.refresh.is_none()) {
            by_text.entry(text).or_default().push(number);
        }
    }
    for (text, pages) in by_text {
        let mut pages = pages.into_iter();
        let Some(first) = pages.next().map(|number| &site.pages[number]) else { continue };
        for number in pages {
            let page = &site.pages[number];
            // The further pages of a list are of one file.
            if page.source.is_some() && page.source == first.source {
                continue;
            }
            let mut finding = new(&first.address, text).help("say in each what sets it apart: in lists of search engines they look alike");
            if let Some(other) = key_place(site, first, key) {
                finding = finding.related("the other page", other);
            }
            report.add(Draft { page: number, finding, place: key_place(site, page, key) });
        }
    }
}

/// The description of a page; nothing where it is only that of the portal, which themes write where a page
/// has none.
fn own_description<'p>(site: &Site<'_>, page: &'p SitePage) -> &'p str {
    let text = page.page.description.as_deref().unwrap_or_default().trim();
    if page.address != "/" && site.description() == Some(text) { "" } else { text }
}
