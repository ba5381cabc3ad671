//! The tables of `site.toml`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::publisher::Publisher;
use crate::diagnostic::Spot;
use crate::records::Web;
use crate::schema::{Decode, Node, Reader, Shape, table};

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
        /// Files of `content/` that are passed over, as globs, beside those that editors leave behind (`.*`, `*~`, `#*#`, `Thumbs.db`).
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
        /// Which foreign servers a page may contact.
        privacy: Option<PrivacySetting> = "{ allowed_origins = [] }",
        /// Words of the theme, replaced: key of the theme's language file, and the word.
        translations: Option<BTreeMap<String, String>> = "{ home = \"Start\" }",
        /// Whatever templates want.
        extra: Option<serde_json::Value> = "{}",
    }
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
        Some(Self { url, spot: Spot { file: reader.file.clone(), range: node.span.clone() } })
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

table! {
    /// How Markdown is set.
    pub struct MarkdownSetting in "[markdown]" {
        /// Whether quotes, dashes and ellipses are set as a typesetter would; as they are written where it is left out.
        smart_punctuation: Option<bool> = "true",
        /// Whether the first mention of a glossary entry on a page is a link to it.
        glossary_links: Option<bool> = "true",
    }
}

table! {
    /// Which foreign servers a page may contact (LG München I, 3 O 17493/20: not without consent).
    pub struct PrivacySetting in "[privacy]" {
        /// Origins that a page may load something from.
        allowed_origins: Vec<Web> = "[\"https://media.example.org\"]",
    }
}
