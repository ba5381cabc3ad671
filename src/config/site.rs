//! The tables of `site.toml`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::check::CheckSetting;
use super::freshness::FreshnessSetting;
use super::hosting::HostingSetting;
use super::images::ImagesSetting;
use super::privacy::PrivacySetting;
use super::publisher::{Fill, Publisher};
use super::share::ShareSetting;
use crate::diagnostic::{Spot, text};
use crate::records::{GenderForm, MOST_HOURS_A_WEEK, MOST_MONTHS_PAID, Web, refuse_scheme};
use crate::schema::{Decode, Node, Reader, Shape, one_line, table};

table! {
    /// The settings of a portal.
    pub struct Site in "site.toml" {
        /// Address of the portal's root.
        base_url: Web = "\"https://www.example.org\"",
        /// Name of the portal.
        title: String = "\"My portal\"",
        /// What the portal is, in a sentence.
        description: Option<String> = "\"What the portal is about\"",
        /// The language of the portal, as BCP 47 names it.
        default_language: Option<String> = "\"de\"",
        /// The theme: a folder of `themes/`, or the one in the program.
        theme: Option<String> = "\"karriere\"",
        /// The folder that `build` publishes to.
        output_dir: Option<String> = "\"public\"",
        /// Who writes, where a page does not say.
        author: Option<String> = "\"Editorial staff\"",
        /// Whether there is an Atom feed of all dated pages.
        generate_feeds: Option<bool> = "true",
        /// File name of the feed.
        feed_filename: Option<String> = "\"atom.xml\"",
        /// How many pages the feed has at most.
        feed_limit: Option<u32> = "20",
        /// Whether white space and comments that browsers do not show are left out of pages.
        minify_html: Option<bool> = "true",
        /// Files of `static/` that are published under a name with a hash of what they hold, as globs: templates
        /// ask `get_url` for their address, and browsers may keep them for ever.
        hashed: Vec<String> = "[\"img/*\"]",
        /// Files of `content/` that are passed over, as globs, beside those that editors and file managers
        /// leave behind (`.*`, `*~`, `*.bak`, `~$*`, `desktop.ini`).
        ignored_content: Vec<String> = "[\"*.swp\", \"**/.DS_Store\"]",
        /// Ways of grouping pages by terms.
        taxonomies: Vec<TaxonomySetting> = "[{ name = \"topic\" }]",
        /// The main menu.
        navigation: Vec<MenuEntry> = "[{ name = \"Courses\", url = \"@/courses/_index.md\" }]",
        /// The menu at the foot of each page.
        footer: Vec<MenuEntry> = "[{ name = \"Imprint\", url = \"@/imprint.md\" }]",
        /// How Markdown is set.
        markdown: Option<MarkdownSetting> = "{ smart_punctuation = true }",
        /// Who publishes the portal, for the imprint (§ 5 DDG, § 18 MStV) and the privacy page.
        publisher: Option<Publisher> = "{ name = \"Example GmbH\" }",
        /// Which foreign servers a page may contact, and what it stores in browsers: what the privacy page
        /// says of both.
        privacy: Option<PrivacySetting> = "{ allowed_origins = [] }",
        /// How the portal speaks.
        language: Option<LanguageSetting> = "{ gender_form = \"pair\" }",
        /// What conversions of pay assume where a figure does not say.
        pay: Option<PaySetting> = "{ hours_a_week = 40, months_paid = 12 }",
        /// The course finder.
        finder: Option<FinderSetting> = "{ page = \"@/courses/_index.md\", minimum = 3 }",
        /// How readers search the portal; without it they cannot.
        search: Option<SearchSetting> = "{ page = \"@/search.md\" }",
        /// How readers ask the editors; without it pages do not offer it.
        questions: Option<QuestionsSetting> = "{ mail = \"editors@example.org\" }",
        /// How images in content are published.
        images: Option<ImagesSetting> = "{ widths = [480, 800, 1200] }",
        /// Pictures of pages for those who share them, and icons.
        share: Option<ShareSetting> = "{ images = true }",
        /// What servers are told of the site; without it nothing.
        hosting: Option<HostingSetting> = "{ servers = [\"netlify\"] }",
        /// What `check` looks at.
        check: Option<CheckSetting> = "{ external = { days = 7 } }",
        /// Whether pages say in linked data (schema.org) what they are about; they do where it is left out.
        structured_data: Option<bool> = "true",
        /// How old what readers rely on may become.
        freshness: Option<FreshnessSetting> = "{ course = { price = \"12 months\" } }",
        /// The records as open data, beside the pages.
        data: Option<DataSetting> = "{ licence = \"CC BY 4.0\" }",
        /// Words of the theme, replaced: key of the theme's language file, and the word.
        translations: Option<BTreeMap<String, String>> = "{ home = \"Start\" }",
        /// Whatever templates want.
        extra: Option<serde_json::Value> = "{}",
    }
    check title_is_one_line
}

fn title_is_one_line(site: &Site, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    one_line("title", &site.title, node, reader)
}

table! {
    /// A way of grouping pages by terms.
    pub struct TaxonomySetting in "a taxonomy" {
        /// Its name, which is the key in `[taxonomies]` of a page.
        name: String = "\"topic\"",
        /// How many pages of a term stand on one page; all where it is left out.
        paginate_by: Option<u32> = "20",
        /// The folder of the further pages of a term.
        paginate_path: Option<String> = "\"page\"",
        /// Whether each term has an Atom feed.
        feed: Option<bool> = "false",
        /// Whether it has pages of its own.
        render: Option<bool> = "true",
    }
}

table! {
    /// An entry of a menu.
    pub struct MenuEntry in "a menu entry" {
        /// What it says.
        name: String = "\"Courses\"",
        /// Where it leads: `@/courses/_index.md`, `/courses/`, or `https://…`.
        url: MenuTarget = "\"@/courses/_index.md\"",
        /// Entries below it, which have none of their own.
        children: Vec<MenuChild> = "[{ name = \"Compared\", url = \"@/courses/compare.md\" }]",
    }
}

table! {
    /// An entry of a menu below another one.
    pub struct MenuChild in "an entry below a menu entry" {
        /// What it says.
        name: String = "\"Compared\"",
        /// Where it leads: `@/courses/_index.md`, `/courses/`, or `https://…`.
        url: MenuTarget = "\"@/courses/compare.md\"",
    }
}

/// Where a menu entry leads, and where that was written.
#[derive(Clone, Debug)]
pub struct MenuTarget {
    /// As it was written.
    pub url: String,
    /// Where.
    pub spot: Spot,
}

impl PartialEq for MenuTarget {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Serialize for MenuTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.url)
    }
}

impl Decode for MenuTarget {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let url = String::decode(node, reader)?;
        refuse_scheme(&url, node.span.clone(), reader)?;
        Some(Self { url, spot: reader.spot(node.span.clone()) })
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

table! {
    /// How Markdown is set.
    pub struct MarkdownSetting in "[markdown]" {
        /// Whether quotes, dashes and ellipses are set as a typesetter would; as they are written where it is
        /// left out.
        smart_punctuation: Option<bool> = "true",
        /// Whether the first mention of a glossary entry on a page is a link to it.
        glossary_links: Option<bool> = "true",
        /// Whether long words in the `<main>` of pages may be divided at the end of a line (soft hyphens).
        hyphenation: Option<bool> = "true",
    }
}

table! {
    /// How the portal speaks.
    pub struct LanguageSetting in "[language]" {
        /// Which form names of roles have in lists, links and headings: `name`, `fair`, `pair`, `neutral`,
        /// `slash`, `colon` or `star`; `name` where it is left out.
        gender_form: Option<GenderForm> = "\"pair\"",
    }
}

table! {
    /// What conversions of pay between year, month and hour assume where a figure does not say. Every
    /// conversion is shown with what it assumed.
    pub struct PaySetting in "[pay]" {
        /// Hours a week; 40 where it is left out.
        hours_a_week: Option<f64> = "40",
        /// Monthly salaries a year; 12 where it is left out.
        months_paid: Option<f64> = "12",
    }
    check basis_is_possible
}

fn basis_is_possible(setting: &PaySetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    for (key, number, most) in
        [("hours_a_week", setting.hours_a_week, MOST_HOURS_A_WEEK), ("months_paid", setting.months_paid, MOST_MONTHS_PAID)]
    {
        if number.is_some_and(|number| !(number > 0.0 && number <= most)) {
            let message = text!("`{key}` cannot be {number}", key, number = number.unwrap_or_default());
            reader.report("out-of-range", node.span.clone(), message, text!("write a number above 0 and at most {most}", most));
            return None;
        }
    }
    Some(())
}

table! {
    /// The records as open data: JSON and CSV with their schema, calendars of sessions, pages as Markdown,
    /// and `llms.txt`. Without the table there is none of it.
    pub struct DataSetting in "[data]" {
        /// The licence that the data is given under, or a gap.
        licence: Option<Fill> = "\"CC BY 4.0\"",
        /// Whether records are published as JSON and CSV; they are where it is left out.
        records: Option<bool> = "true",
        /// Whether sessions are published as calendars (RFC 5545); they are where it is left out.
        calendars: Option<bool> = "true",
        /// Whether each page is published as Markdown beside itself; it is where it is left out.
        markdown: Option<bool> = "true",
        /// Whether there is an `llms.txt`; there is where it is left out.
        llms: Option<bool> = "true",
    }
}

table! {
    /// How readers search the portal.
    pub struct SearchSetting in "[search]" {
        /// The page with the results: a page whose template is `search.html`. Forms on other pages lead to it.
        page: MenuTarget = "\"@/search.md\"",
        /// Words that mean the same, in groups: who looks for one of a group finds pages that have another.
        synonyms: Vec<Vec<String>> = "[[\"pay\", \"salary\", \"wages\"]]",
    }
}

table! {
    /// How readers ask the editors, and tell them of mistakes.
    pub struct QuestionsSetting in "[questions]" {
        /// The address that their mail goes to; that of the publisher where it is left out.
        mail: Option<Fill> = "\"editors@example.org\"",
        /// The address of a form in place of a mail: `{subject}` and `{page}` in it become what is asked about.
        form: Option<String> = "\"https://www.example.org/ask?page={page}&subject={subject}\"",
    }
}

table! {
    /// The course finder: lists of courses by what they have in common, below the page that shows all of
    /// them.
    pub struct FinderSetting in "[finder]" {
        /// The section that shows all courses: the lists stand below its address.
        page: MenuTarget = "\"@/courses/_index.md\"",
        /// The fewest courses that a list has: shorter ones are no pages of their own; 3 where it is left
        /// out.
        minimum: Option<u32> = "3",
        /// The fewest courses of a list of those that have two things in common; 12 where it is left out.
        minimum_combined: Option<u32> = "12",
        /// How many courses stand on one page of a list; 40 where it is left out.
        paginate_by: Option<u32> = "40",
        /// The most courses that are shown whole, without anything to narrow them down; 12 where it is left
        /// out.
        few: Option<u32> = "12",
        /// The most values of a facet that are shown beside each list: of more, the most frequent, and a page
        /// that lists all; 12 where it is left out.
        most_values: Option<u32> = "12",
        /// The page on which readers compare the courses that they chose; without it they choose none.
        compare: Option<MenuTarget> = "\"@/courses/compare.md\"",
        /// Where one span of durations ends and the next begins, in months; 3, 6, 12 and 24 where it is left
        /// out.
        months: Vec<u32> = "[3, 6, 12, 24]",
        /// Where one span of prices ends and the next begins, in whole units of the currency; 500, 1000, 2000
        /// and 4000 where it is left out.
        prices: Vec<u32> = "[500, 1000, 2000, 4000]",
    }
    check bounds_rise
}

fn bounds_rise(setting: &FinderSetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    for (key, bounds) in [("months", &setting.months), ("prices", &setting.prices)] {
        if bounds.contains(&0) || bounds.windows(2).any(|pair| matches!(pair, [a, b] if a >= b)) {
            let message = text!("the bounds of `{key}` do not rise", key);
            reader.report("out-of-range", node.span.clone(), message, "write each bound once, the smallest first, all above 0");
            return None;
        }
    }
    Some(())
}
