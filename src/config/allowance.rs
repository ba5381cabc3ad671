//! How much findings matter, and which are allowed: `[check]` in site.toml, `[[allow]]` in front matter.

use globset::GlobBuilder;
use serde::{Serialize, Serializer};

use super::CheckSetting;
use crate::diagnostic::{Severity, Spot, codes, text};
use crate::records::Day;
use crate::schema::{Decode, Node, Reader, Shape, Value, table, words};

words! {
    /// How much findings of a code matter.
    pub enum Weight in "severity" {
        /// They are neither shown nor counted.
        Off = "off",
        /// They are shown.
        Warning = "warning",
        /// No site is published with one.
        Error = "error",
    }
}

impl Weight {
    /// The severity; none where findings are not to be shown.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Weight::Off => None,
            Weight::Warning => Some(Severity::Warning),
            Weight::Error => Some(Severity::Error),
        }
    }
}

/// Reports codes in `severity` of `[check]` that there are not.
pub(super) fn codes_are_known(_: &CheckSetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let entries_of = |node: &Node<'_>, key: &str| match &node.value {
        Value::Table(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| match &entry.node.value {
            Value::Table(entries) => entries.iter().map(|entry| (entry.key.to_string(), entry.key_span.clone())).collect(),
            _ => Vec::new(),
        }),
        _ => None,
    };
    let mut sound = true;
    for (code, span) in entries_of(node, "severity").unwrap_or_default() {
        sound &= is_allowable(&code, span, reader);
    }
    sound.then_some(())
}

table! {
    /// Findings that are allowed.
    pub struct AllowInSite in "[[check.allow]]" {
        /// Their code.
        code: CodeName = "\"dead-link\"",
        /// The file they are in, relative to the portal; `*` stands for letters of a name, `**` for folders.
        path: PathPattern = "\"content/jobs/*.md\"",
        /// What their message holds; any where it is left out.
        text: Option<String> = "\"/shop/\"",
        /// Why.
        reason: String = "\"The shop is another program on the same server\"",
        /// The last day on which they are allowed; always where it is left out.
        until: Option<Day> = "2027-03-01",
    }
    check site_says_why
}

table! {
    /// Findings about this page that are allowed.
    pub struct Allow in "[[allow]]" {
        /// Their code.
        code: CodeName = "\"orphan-page\"",
        /// Why.
        reason: String = "\"Only people with the address are to find it\"",
        /// The last day on which they are allowed; always where it is left out.
        until: Option<Day> = "2027-03-01",
    }
    check page_says_why
}

fn site_says_why(allow: &AllowInSite, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    says_why(&allow.reason, node, reader)
}

fn page_says_why(allow: &Allow, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    says_why(&allow.reason, node, reader)
}

/// Reports an allowance whose reason says nothing.
fn says_why(reason: &str, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if reason.trim().is_empty() {
        reader.report("empty", node.span.clone(), "an allowance gives no reason", "say why, for whoever finds it in a year");
        return None;
    }
    Some(())
}

/// The code of a finding that can be allowed, and where that was written.
#[derive(Clone, Debug)]
pub struct CodeName {
    /// The code.
    pub name: String,
    /// Where.
    pub spot: Spot,
}

impl PartialEq for CodeName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Serialize for CodeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl Decode for CodeName {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let name = String::decode(node, reader)?;
        is_allowable(&name, node.span.clone(), reader).then(|| Self { name, spot: reader.spot(node.span.clone()) })
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// Reports a code that there is not, or that cannot be allowed.
fn is_allowable(code: &str, span: std::ops::Range<usize>, reader: &mut Reader<'_>) -> bool {
    let Some(known) = codes::get(code) else {
        let message = match codes::near(code) {
            Some(near) => text!("there is no finding `{code}`; did you mean `{near}`?", code, near),
            None => text!("there is no finding `{code}`", code),
        };
        reader.report("unknown-code", span, message, "docs/findings.md lists all; a message has its code in brackets");
        return false;
    };
    if !known.allow {
        let message = text!("`{code}` can be neither allowed nor turned down: {summary}", code, summary = known.summary);
        reader.report("unallowable", span, message, "mend what it finds: no site can be made with it");
    }
    known.allow
}

/// A glob.
#[derive(Clone, Debug)]
pub struct PathPattern {
    /// As it was written.
    pub written: String,
    matcher: globset::GlobMatcher,
}

impl PathPattern {
    /// Whether it means a file.
    pub fn matches(&self, file: &str) -> bool {
        self.matcher.is_match(file)
    }
}

impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl Decode for PathPattern {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let written = String::decode(node, reader)?;
        match GlobBuilder::new(&written).literal_separator(true).build() {
            Ok(glob) => Some(Self { written, matcher: glob.compile_matcher() }),
            Err(error) => {
                let message = text!("`{pattern}` is no glob: {error}", pattern = written, error = error.kind());
                reader.report("glob", node.span.clone(), message, "use `*` within a name and `**` across folders");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}
