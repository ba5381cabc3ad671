//! `site.toml`: the settings of a portal.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::{Serialize, Serializer};

use crate::diagnostic::{Diagnostic, Spot, list};
use crate::files::{self, Files};
use crate::locale::{LANGUAGES, Locale, is_slug};
use crate::records::Web;
use crate::schema::{Decode, Node, Reader, Shape, Value, parse_toml, table};

/// The file that makes a folder a portal.
pub const SITE_FILE: &str = "site.toml";

/// How many entries a feed has where `feed_limit` does not say.
const FEED_LIMIT: u32 = 20;

/// The settings, checked and complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the portal's root, without a slash at its end.
    pub base_url: Arc<str>,
    /// The path of `base_url`: empty, or `/folder`.
    pub base_path: String,
    /// What `site.toml` holds.
    pub site: Site,
    /// The theme's name.
    pub theme: String,
    /// Where `build` publishes to, as it was written.
    pub output_dir: String,
    /// Name of the Atom feed's file.
    pub feed_filename: String,
    /// Most entries of a feed.
    pub feed_limit: usize,
    /// How the portal's language writes and sorts.
    pub locale: &'static Locale,
    /// Files of `content/` that are not part of the portal.
    pub ignored: GlobSet,
    /// Whether quotes, dashes and ellipses are set as a typesetter would.
    pub smart_punctuation: bool,
    /// Whether the first mention of a glossary entry is a link to it.
    pub glossary_links: bool,
}

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
        /// Files of `content/` that are passed over, as globs.
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

table! {
    /// Who publishes the portal: what § 5 DDG and § 18(2) MStV want to be named, and what a privacy notice needs (Art. 13 GDPR).
    pub struct Publisher in "[publisher]" {
        /// Name of the person or company.
        name: Fill = "\"Example GmbH\"",
        /// Legal form, where the name does not say it.
        legal_form: Option<Fill> = "\"GmbH\"",
        /// Street and number; no post-office box.
        street: Option<Fill> = "\"Main Street 1\"",
        /// Postal code.
        postal_code: Option<Fill> = "\"12345\"",
        /// Town.
        city: Option<Fill> = "\"Example\"",
        /// Country.
        country: Option<Fill> = "\"Germany\"",
        /// E-mail address.
        email: Option<Fill> = "\"mail@example.org\"",
        /// Telephone number.
        phone: Option<Fill> = "\"+49 …\"",
        /// Who speaks for it.
        represented_by: Vec<Fill> = "[\"First Last\"]",
        /// The court that keeps the register.
        register_court: Option<Fill> = "\"Local Court of Example\"",
        /// The number in the register.
        register_number: Option<Fill> = "\"HRB 1\"",
        /// VAT number (§ 27a UStG).
        vat_id: Option<Fill> = "\"DE…\"",
        /// Business number (§ 139c AO).
        business_id: Option<Fill> = "\"DE…\"",
        /// Who supervises it, where somebody does.
        supervisory_authority: Option<Fill> = "\"…\"",
        /// Who answers for the editorial content (§ 18(2) MStV).
        editor_name: Option<Fill> = "\"First Last\"",
        /// That person's address.
        editor_address: Option<Fill> = "\"Main Street 1, 12345 Example\"",
        /// Who runs the servers.
        hosting_provider: Option<Fill> = "\"Example Hosting GmbH\"",
        /// Where they sit.
        hosting_address: Option<Fill> = "\"Main Street 2, 12345 Example\"",
        /// How long logs of the servers are kept.
        log_retention: Option<Fill> = "\"7 days\"",
        /// Whom to ask about data protection.
        data_protection_contact: Option<Fill> = "\"privacy@example.org\"",
    }
}

/// A text, or a gap that only the publisher can fill: `{ placeholder = "what belongs here" }`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// The text.
    Text(String),
    /// What belongs here.
    Placeholder(String),
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fill::Text(text) => serializer.serialize_str(text),
            Fill::Placeholder(text) => serializer.collect_map([("placeholder", text)]),
        }
    }
}

impl Decode for Fill {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Value::Table(_) = node.value {
            let mut table = crate::schema::TableReader::open(node, "a placeholder", reader)?;
            let text: Option<String> = table.get("placeholder", reader);
            table.finish(reader);
            let text = text?;
            let finding = Diagnostic::warning("placeholder", format!("a gap is left to fill: {text}"))
                .at(reader.place(node.span.clone()))
                .help("write the text in place of `{ placeholder = … }`");
            reader.findings.push(finding);
            return Some(Fill::Placeholder(text));
        }
        String::decode(node, reader).map(Fill::Text)
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![
            Shape::Text,
            Shape::Table(crate::schema::Table {
                label: "a placeholder",
                doc: String::from("A gap that only the publisher can fill."),
                fields: vec![crate::schema::Field {
                    key: "placeholder",
                    doc: String::from("What belongs here."),
                    shape: Shape::Text,
                    required: true,
                    example: "\"what belongs here\"",
                }],
            }),
        ])
    }
}

impl Config {
    /// Reads `site.toml`. `base_url` takes the place of the one in the file. None where the file is missing or wrong, which is reported.
    pub fn load(files: &dyn Files, base_url: Option<&str>, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        let bytes = match files.read(SITE_FILE) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                findings.push(
                    Diagnostic::error("no-portal", "there is no `site.toml` here")
                        .help("run `werdegang init` to make a portal, or name its folder with `--root`"),
                );
                return None;
            }
            Err(error) => {
                findings.push(files::unreadable(SITE_FILE, &error));
                return None;
            }
        };
        let text = match files::text(SITE_FILE, bytes) {
            Ok(text) => text,
            Err(finding) => {
                findings.push(*finding);
                return None;
            }
        };
        let root = parse_toml(SITE_FILE, &text, 0..text.len(), findings)?;
        let mut reader = Reader::new(Arc::from(SITE_FILE), &text);
        let site = Site::decode(&root, &mut reader);
        let config = site.and_then(|site| Self::check(site, &root, base_url, &mut reader));
        findings.append(&mut reader.findings);
        config
    }

    fn check(site: Site, root: &Node<'_>, base_url: Option<&str>, reader: &mut Reader<'_>) -> Option<Self> {
        let before = reader.findings.iter().filter(|finding| finding.is_error()).count();
        let spot = |key: &str| span_of(root, key);
        let language = site.default_language.clone().unwrap_or_else(|| String::from("en"));
        let locale = Locale::of(&language);
        if locale.is_none() {
            let message = format!("there is no language data for `{language}`");
            reader.error("language", spot("default_language"), message, format!("use one of {}", list(LANGUAGES.iter().copied())));
        }
        let mut globs = GlobSetBuilder::new();
        for pattern in &site.ignored_content {
            match Glob::new(pattern) {
                Ok(glob) => {
                    globs.add(glob);
                }
                Err(error) => {
                    reader.error(
                        "glob",
                        spot("ignored_content"),
                        format!("`{pattern}` is no glob: {}", error.kind()),
                        "use `*` within a name and `**` across folders",
                    );
                }
            }
        }
        let feed_filename = site.feed_filename.clone().unwrap_or_else(|| String::from("atom.xml"));
        if !is_slug(&feed_filename) {
            reader.error(
                "path",
                spot("feed_filename"),
                format!("`{feed_filename}` is no plain file name"),
                "use letters, digits, hyphens and a dot: `atom.xml`",
            );
        }
        let theme = site.theme.clone().unwrap_or_else(|| String::from(crate::config::DEFAULT_THEME));
        if !is_slug(&theme) {
            reader.error("path", spot("theme"), format!("`{theme}` is no plain folder name"), "name a folder of `themes/`");
        }
        let mut names = std::collections::BTreeSet::new();
        for taxonomy in &site.taxonomies {
            if !names.insert(taxonomy.name.as_str()) {
                reader.error("duplicate", spot("taxonomies"), format!("the taxonomy `{}` is declared twice", taxonomy.name), "remove one");
            }
            if taxonomy.paginate_by == Some(0) {
                reader.error(
                    "out-of-range",
                    spot("taxonomies"),
                    "`paginate_by` is 0",
                    "write how many pages stand on one, or leave the key out",
                );
            }
            if taxonomy.paginate_path.as_ref().is_some_and(|path| !is_slug(path)) {
                reader.error("path", spot("taxonomies"), "`paginate_path` is no plain folder name", "use letters, digits and hyphens");
            }
        }
        let base_url = base_url.map_or_else(|| site.base_url.0.to_string(), str::to_owned);
        let base_url: Arc<str> = base_url.trim_end_matches('/').into();
        let url = match url::Url::parse(&base_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none() => url,
            _ => {
                reader.error(
                    "url",
                    spot("base_url"),
                    format!("`{base_url}` is no address of a portal's root"),
                    "write it with `https://` and without `?` or `#`",
                );
                return None;
            }
        };
        let markdown = site.markdown.clone();
        let config = Self {
            base_path: url.path().trim_end_matches('/').to_owned(),
            base_url,
            theme,
            output_dir: site.output_dir.clone().unwrap_or_else(|| String::from("public")),
            feed_filename,
            feed_limit: site.feed_limit.unwrap_or(FEED_LIMIT) as usize,
            locale: locale?,
            ignored: globs.build().ok()?,
            smart_punctuation: markdown.as_ref().and_then(|markdown| markdown.smart_punctuation).unwrap_or(false),
            glossary_links: markdown.as_ref().and_then(|markdown| markdown.glossary_links).unwrap_or(false),
            site,
        };
        (reader.findings.iter().filter(|finding| finding.is_error()).count() == before).then_some(config)
    }

    /// The full address of a path of the portal, which begins with `/`.
    pub fn permalink(&self, path: &str) -> String {
        let mut link = String::with_capacity(self.base_url.len() + path.len());
        link.push_str(&self.base_url);
        link.push_str(path);
        link
    }

    /// The origins that a page may load something from, beside its own.
    pub fn allowed_origins(&self) -> impl Iterator<Item = &str> {
        self.site.privacy.iter().flat_map(|privacy| privacy.allowed_origins.iter().map(|origin| origin.0.trim_end_matches('/')))
    }
}

/// The theme that is in the program, and the one used where `site.toml` names none.
pub const DEFAULT_THEME: &str = "karriere";

fn span_of(root: &Node<'_>, key: &str) -> std::ops::Range<usize> {
    match &root.value {
        Value::Table(entries) => entries.iter().find(|entry| entry.key == key).map_or(0..0, |entry| entry.node.span.clone()),
        _ => 0..0,
    }
}
