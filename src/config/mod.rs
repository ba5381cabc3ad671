//! `site.toml`: the settings of a portal.

mod allowance;
mod check;
mod foreign;
mod freshness;
mod hosting;
mod images;
mod privacy;
mod publisher;
mod share;
mod site;

pub(crate) use allowance::{Allow, AllowInSite, CodeName, PathPattern};
pub(crate) use check::CheckSetting;
pub(crate) use foreign::{instead_of_template, is_foreign, no_portal, unread};

pub(crate) use hosting::{Packing, Server};
pub(crate) use images::Images;
pub(crate) use privacy::{Origin, ServiceSetting, StorageSetting};
pub(crate) use publisher::{Fill, Publisher};
pub(crate) use site::{MenuEntry, MenuTarget, Site, TaxonomySetting};

use std::ops::Range;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::diagnostic::{Diagnostic, Spot, Text, list, text};
use crate::files::{self, Files};
use crate::locale::{LANGUAGES, LanguageId, Languages, Locale, is_slug};
use crate::records::{Basis, GenderForm};
use crate::schema::{Decode, Node, Reader, Value, parse_toml};

/// The file that makes a folder a portal.
pub(crate) const SITE_FILE: &str = "site.toml";

/// The hours of a week that conversions of pay assume where `[pay]` does not say.
const HOURS_A_WEEK: f64 = 40.0;

/// The monthly salaries of a year that conversions of pay assume where `[pay]` does not say.
const MONTHS_PAID: f64 = 12.0;

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
    /// Where that was written.
    pub theme_spot: Option<Spot>,
    /// Where `build` publishes to, as it was written.
    pub output_dir: String,
    /// Name of the Atom feed's file.
    pub feed_filename: String,
    /// Most entries of a feed.
    pub feed_limit: usize,
    /// How the languages of the portal write and sort.
    pub locales: Languages<&'static Locale>,
    /// Files of `content/` that are not part of the portal.
    pub ignored: GlobSet,
    /// Files of `static/` whose names get a hash of what they hold.
    pub hashed: GlobSet,
    /// Whether quotes, dashes and ellipses are set as a typesetter would.
    pub smart_punctuation: bool,
    /// Whether the first mention of a glossary entry is a link to it.
    pub glossary_links: bool,
    /// Whether long words may be divided at the end of a line.
    pub hyphenation: bool,
    /// How images in content are published; none where they pass through as they are.
    pub images: Option<Images>,
}

/// What matches one of some globs; those that are none are reported.
fn globs(patterns: &[String], span: Range<usize>, reader: &mut Reader<'_>) -> Option<GlobSet> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        match Glob::new(pattern) {
            Ok(glob) => {
                globs.add(glob);
            }
            Err(error) => {
                let message = text!("`{pattern}` is no glob: {error}", pattern, error = error.kind());
                reader.report("glob", span.clone(), message, "use `*` within a name and `**` across folders");
            }
        }
    }
    globs.build().ok()
}

/// The format that the name of a feed says, where that is not Atom.
fn other_format(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let ending = name.rsplit('.').next().filter(|ending| ending.len() < name.len()).unwrap_or_default();
    let says = |word: &str| {
        name.split(|character: char| !character.is_ascii_alphanumeric())
            .any(|part| part.trim_end_matches(|digit: char| digit.is_ascii_digit()) == word)
    };
    match ending {
        _ if says("rss") => Some("RSS"),
        "rdf" => Some("RDF"),
        "json" => Some("JSON"),
        "xml" | "atom" => None,
        _ => Some("nothing of its format"),
    }
}

impl Config {
    /// Reads `site.toml`. `base_url` takes the place of the one in the file. None where the file is missing
    /// or wrong, which is reported.
    pub fn load(files: &dyn Files, base_url: Option<&str>, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        let source = match files.read(SITE_FILE) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                findings.push(no_portal(files));
                return None;
            }
            read => files::read_text(SITE_FILE, read, findings)?,
        };
        let root = parse_toml(&source, 0..source.text().len(), findings)?;
        let mut reader = Reader::new(&source);
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
            let message = text!("there is no language data for `{language}`", language);
            reader.report(
                "language",
                spot("default_language"),
                message,
                text!("use one of {languages}", languages = list(LANGUAGES.iter().copied())),
            );
        }
        let ignored = globs(&site.ignored_content, spot("ignored_content"), reader);
        let hashed = globs(&site.hashed, spot("hashed"), reader);
        let feed_filename = site.feed_filename.clone().unwrap_or_else(|| String::from("atom.xml"));
        if !is_slug(&feed_filename) {
            reader.report(
                "path",
                spot("feed_filename"),
                text!("`{feed_filename}` is no plain file name", feed_filename),
                "use letters, digits, hyphens and a dot: `atom.xml`",
            );
        }
        if let Some(other) = other_format(&feed_filename) {
            reader.report(
                "feed-name",
                spot("feed_filename"),
                text!("`{feed_filename}` says {format}, and the feed is Atom", feed_filename, format = Text::from(other)),
                "name it `atom.xml`, and have your server lead the old address there; or allow this finding",
            );
        }
        let theme = site.theme.clone().unwrap_or_else(|| String::from(crate::config::DEFAULT_THEME));
        if !is_slug(&theme) {
            reader.report("path", spot("theme"), text!("`{theme}` is no plain folder name", theme), "name a folder of `themes/`");
        }
        let mut names = std::collections::BTreeSet::new();
        for (number, taxonomy) in site.taxonomies.iter().enumerate() {
            let spot = |key: &str| span_of_item(root, "taxonomies", number, key);
            if !names.insert(taxonomy.name.as_str()) {
                reader.report(
                    "duplicate",
                    spot("name"),
                    text!("the taxonomy `{name}` is declared twice", name = taxonomy.name),
                    "remove one",
                );
            }
            if taxonomy.paginate_by == Some(0) {
                reader.report(
                    "out-of-range",
                    spot("paginate_by"),
                    "`paginate_by` is 0",
                    "write how many pages stand on one, or leave the key out",
                );
            }
            if taxonomy.paginate_path.as_ref().is_some_and(|path| !is_slug(path)) {
                reader.report("path", spot("paginate_path"), "`paginate_path` is no plain folder name", "use letters, digits and hyphens");
            }
        }
        let given = base_url.is_some();
        let base_url = base_url.map_or_else(|| site.base_url.0.to_string(), str::to_owned);
        let base_url: Arc<str> = base_url.trim_end_matches('/').into();
        let url = match url::Url::parse(&base_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none() => url,
            _ if given => {
                let finding =
                    Diagnostic::new("usage", text!("`{base_url}`, given as `--base-url`, is no address of a portal's root", base_url));
                reader.findings.push(finding.help("write it with `https://` and without `?` or `#`"));
                return None;
            }
            _ => {
                reader.report(
                    "url",
                    spot("base_url"),
                    text!("`{base_url}` is no address of a portal's root", base_url),
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
            theme_spot: root.find(&["theme"]).map(|node| reader.spot(node.span.clone())),
            output_dir: site.output_dir.clone().unwrap_or_else(|| String::from("public")),
            feed_filename,
            feed_limit: site.feed_limit.unwrap_or(FEED_LIMIT) as usize,
            locales: Languages::one(locale?),
            ignored: ignored?,
            hashed: hashed?,
            smart_punctuation: markdown.as_ref().and_then(|markdown| markdown.smart_punctuation).unwrap_or(false),
            glossary_links: markdown.as_ref().and_then(|markdown| markdown.glossary_links).unwrap_or(false),
            images: Images::of(site.images.as_ref()),
            hyphenation: markdown.as_ref().and_then(|markdown| markdown.hyphenation).unwrap_or(false),
            site,
        };
        (reader.findings.iter().filter(|finding| finding.is_error()).count() == before).then_some(config)
    }

    /// How a language of the portal writes and sorts.
    pub fn locale(&self, language: LanguageId) -> &'static Locale {
        self.locales.of(language)
    }

    /// How its main language does: of what belongs to no document, or to documents in several languages.
    pub fn main_locale(&self) -> &'static Locale {
        self.locale(LanguageId::MAIN)
    }

    /// The full address of a path of the portal, which begins with `/`.
    pub fn permalink(&self, path: &str) -> String {
        let mut link = String::with_capacity(self.base_url.len() + path.len());
        link.push_str(&self.base_url);
        link.push_str(path);
        link
    }

    /// The form that names of roles have.
    pub fn gender_form(&self) -> GenderForm {
        self.site.language.as_ref().and_then(|language| language.gender_form).unwrap_or(GenderForm::Name)
    }

    /// What conversions of pay assume where a figure does not say.
    pub fn pay_basis(&self) -> Basis {
        let pay = self.site.pay.as_ref();
        Basis {
            hours_a_week: pay.and_then(|pay| pay.hours_a_week).unwrap_or(HOURS_A_WEEK),
            months_paid: pay.and_then(|pay| pay.months_paid).unwrap_or(MONTHS_PAID),
        }
    }

    /// Whether findings of a code are wanted at all: those that are `off` need not be made.
    pub fn reports(&self, code: &str) -> bool {
        let set = self.site.check.as_ref().and_then(|check| check.severity.get(code));
        set.is_none_or(|weight| weight.severity().is_some())
    }

    /// The servers that pages may load something from, and send forms to, beside the portal's own.
    pub fn allowed_origins(&self) -> impl Iterator<Item = &Origin> {
        let privacy = self.site.privacy.iter();
        privacy.flat_map(|privacy| privacy.allowed_origins.iter().chain(privacy.services.iter().map(|service| &service.origin)))
    }
}

/// The theme that is in the program, and the one used where `site.toml` names none.
pub(crate) const DEFAULT_THEME: &str = "karriere";

/// The place of a key of an item of a list of tables; of the item where it has no such key.
fn span_of_item(root: &Node<'_>, list: &str, number: usize, key: &str) -> std::ops::Range<usize> {
    let Value::Table(entries) = &root.value else { return 0..0 };
    let Some(Value::Array(items)) = entries.iter().find(|entry| entry.key == list).map(|entry| &entry.node.value) else { return 0..0 };
    items.get(number).map_or(0..0, |item| match &item.value {
        Value::Table(_) => Some(span_of(item, key)).filter(|span| !span.is_empty()).unwrap_or_else(|| item.span.clone()),
        _ => item.span.clone(),
    })
}

fn span_of(root: &Node<'_>, key: &str) -> std::ops::Range<usize> {
    match &root.value {
        Value::Table(entries) => entries.iter().find(|entry| entry.key == key).map_or(0..0, |entry| entry.node.span.clone()),
        _ => 0..0,
    }
}
