//! What is said to people: an English template with its arguments, put into words of a language when it is
//! shown.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::language::{Language, filled, is_frame};
use crate::limits::MOST_NAMES;

/// Something that is said to people. As a `str` it is English: that is what machines are told, by which
/// findings are ordered, and what is shown where there is no translation.
#[derive(Clone, Debug)]
pub struct Text(Said);

#[derive(Clone, Debug)]
enum Said {
    /// A template without arguments.
    Template(Cow<'static, str>),
    /// Words that come from elsewhere, and are the same in every language.
    Foreign(String),
    /// A template with arguments.
    Filled(Box<Filled>),
}

#[derive(Clone, Debug)]
struct Filled {
    template: &'static str,
    english: String,
    arguments: Vec<(&'static str, Argument)>,
}

/// What is put into a template.
#[derive(Clone, Debug)]
pub enum Argument {
    /// What is the same in every language: a name, a path, a value as it was written.
    Verbatim(String),
    /// How many there are: the first of a template decides on its form.
    Number(u64),
    /// Names, of which some may be left out.
    Names(Listed),
    /// What is itself said in words.
    Text(Text),
}

/// Names as a message lists them: `` `a`, `b`, `c` ``, and how many more there are.
#[derive(Clone, Debug)]
pub struct Listed {
    shown: String,
    more: usize,
}

/// Names as a message lists them, at most [`MOST_NAMES`].
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> Listed {
    listed(names, MOST_NAMES)
}

/// Names as a message lists them, all of them.
pub(crate) fn list_all<'a>(names: impl IntoIterator<Item = &'a str>) -> Listed {
    listed(names, usize::MAX)
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> Listed {
    let mut names = names.into_iter();
    let mut shown = String::new();
    for name in names.by_ref().take(most) {
        let separator = if shown.is_empty() { "" } else { ", " };
        shown.push_str(&format!("{separator}`{name}`"));
    }
    Listed { shown, more: names.count() }
}

impl Listed {
    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    fn text(&self) -> Text {
        match self.more {
            0 => Text(Said::Foreign(self.shown.clone())),
            more => text!("{names} and {more} more", names = self.shown, more),
        }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.text().english())
    }
}

impl Text {
    /// A template whose arguments have been put into its English; see [`text!`].
    pub(crate) fn filled(template: &'static str, english: String, arguments: Vec<(&'static str, Argument)>) -> Self {
        Self(Said::Filled(Box::new(Filled { template, english, arguments })))
    }

    /// A template without arguments that is put together from data of the program, such as what a key means.
    pub(crate) fn of_data(template: String) -> Self {
        Self(Said::Template(Cow::Owned(template)))
    }

    /// Words that come from elsewhere, of which it is known that they say what `template` says.
    pub(crate) fn known(template: &'static str, words: String) -> Self {
        Self::filled(template, words, Vec::new())
    }

    /// The English of it.
    pub fn english(&self) -> &str {
        match &self.0 {
            Said::Template(text) => text,
            Said::Foreign(text) => text,
            Said::Filled(filled) => &filled.english,
        }
    }

    /// What it says in a language; in English where there is no translation of it.
    pub fn in_language(&self, language: Language) -> Cow<'_, str> {
        match &self.0 {
            _ if language == Language::English => Cow::Borrowed(self.english()),
            Said::Template(text) => Cow::Borrowed(language.wording(text, None).unwrap_or(text)),
            Said::Foreign(text) => Cow::Borrowed(text),
            Said::Filled(said) => {
                let number = said.arguments.iter().find_map(|(_, argument)| argument.number());
                let own = is_frame(said.template).then_some(said.template);
                match language.wording(said.template, number).or(own) {
                    Some(template) => Cow::Owned(filled(template, |name| {
                        said.arguments.iter().find(|(known, _)| *known == name).map(|(_, argument)| argument.in_language(language))
                    })),
                    None => Cow::Borrowed(&said.english),
                }
            }
        }
    }

    /// Whether it has some words in any of the languages.
    pub fn says(&self, words: &str) -> bool {
        Language::ALL.iter().any(|language| self.in_language(*language).contains(words))
    }
}

/// Texts in a row, with commas between them.
pub(crate) fn join(texts: impl IntoIterator<Item = Text>) -> Text {
    texts.into_iter().reduce(|all, next| text!("{all}, {next}", all, next)).unwrap_or_default()
}

impl Argument {
    /// The number that it is.
    pub(crate) fn number(&self) -> Option<u64> {
        match self {
            Argument::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn in_language(&self, language: Language) -> Cow<'_, str> {
        match self {
            Argument::Verbatim(text) => Cow::Borrowed(text),
            Argument::Number(number) => Cow::Owned(number.to_string()),
            Argument::Names(names) => Cow::Owned(names.text().in_language(language).into_owned()),
            Argument::Text(text) => text.in_language(language),
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.in_language(Language::English))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.english())
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.english()
    }
}

impl From<&'static str> for Text {
    fn from(template: &'static str) -> Self {
        Self(Said::Template(Cow::Borrowed(template)))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Said::Foreign(text))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english())
    }
}

/// A text that was written as English says the same in every language.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.english() == other.english()
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.english() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.english() == *other
    }
}

impl Eq for Text {}

impl Default for Text {
    fn default() -> Self {
        Self::from("")
    }
}

impl std::error::Error for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.english().cmp(other.english())
    }
}

/// What can be put into a template.
pub trait ToArgument {
    /// The argument.
    fn to_argument(&self) -> Argument;
}

impl<T: ToArgument + ?Sized> ToArgument for &mut T {
    fn to_argument(&self) -> Argument {
        (**self).to_argument()
    }
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn to_argument(&self) -> Argument {
        (**self).to_argument()
    }
}

impl ToArgument for Text {
    fn to_argument(&self) -> Argument {
        Argument::Text(self.clone())
    }
}

impl ToArgument for Listed {
    fn to_argument(&self) -> Argument {
        Argument::Names(self.clone())
    }
}

/// What our own code says of a file is a text; what the system says is as it says it.
impl ToArgument for std::io::Error {
    fn to_argument(&self) -> Argument {
        let own = self.get_ref().and_then(|inner| inner.downcast_ref::<Text>());
        own.map_or_else(|| Argument::Verbatim(self.to_string()), ToArgument::to_argument)
    }
}

/// Types whose values are put into templates as they are written in every language: dates too, since a message
/// speaks of them as they stand in files.
macro_rules! verbatim {
    ($($Type:ty),+ $(,)?) => { $(
        impl $crate::diagnostic::ToArgument for $Type {
            fn to_argument(&self) -> $crate::diagnostic::Argument {
                $crate::diagnostic::Argument::Verbatim(self.to_string())
            }
        }
    )+ };
}

verbatim!(
    str,
    String,
    Cow<'_, str>,
    Arc<str>,
    Box<str>,
    char,
    f64,
    Date,
    std::path::Display<'_>,
    std::net::IpAddr,
    std::net::SocketAddr,
    url::Url,
    std::str::EscapeDebug<'_>,
    csv::Error,
    serde_json::Error,
    jiff::Error,
    globset::ErrorKind,
);

macro_rules! numbers {
    ($($Type:ty),+) => { $(
        impl ToArgument for $Type {
            fn to_argument(&self) -> Argument {
                u64::try_from(*self).map_or_else(|_| Argument::Verbatim(self.to_string()), Argument::Number)
            }
        }
    )+ };
}

numbers!(u8, u16, u32, u64, u128, usize, i32, i64);

/// Something to say: an English template, which names it in the catalogues of other languages, and its
/// arguments by name. Where the English depends on a number, the form for one stands before that for others.
///
/// ```text
/// text!("there is no page `{path}`", path)
/// text!("`{file}` is no page of {kind}", file = path.display(), kind = Text::from(kind))
/// text!("{count} page" | "{count} pages", count = pages.len())
/// ```
macro_rules! text {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($template:literal $(,)?) => { $crate::diagnostic::Text::from($template) };
    ($template:literal, $( $name:ident $( = $value:expr )? ),+ $(,)?) => {
        match ( $( $crate::diagnostic::ToArgument::to_argument(&$crate::diagnostic::text!(@value $name $($value)?)), )+ ) {
            ( $( $name, )+ ) => {
                let english = format!($template, $( $name = $name ),+);
                $crate::diagnostic::Text::filled($template, english, vec![ $( (stringify!($name), $name) ),+ ])
            }
        }
    };
    ($one:literal | $other:literal, $( $name:ident $( = $value:expr )? ),+ $(,)?) => {
        match ( $( $crate::diagnostic::ToArgument::to_argument(&$crate::diagnostic::text!(@value $name $($value)?)), )+ ) {
            ( $( $name, )+ ) => {
                let is_one = [ $( &$name ),+ ].into_iter().find_map($crate::diagnostic::Argument::number) == Some(1);
                let english = if is_one { format!($one, $( $name = $name ),+) } else { format!($other, $( $name = $name ),+) };
                $crate::diagnostic::Text::filled($other, english, vec![ $( (stringify!($name), $name) ),+ ])
            }
        }
    };
}

pub(crate) use {text, verbatim};
