//! Declarations of tables and of sets of words.

/// Declares a table of front matter or `site.toml`: the struct, its decoder and its shape.
///
/// ```text
/// table! {
///     /// What it is.
///     pub struct Session in "a session" {
///         /// What the key means.
///         start: Date = "2026-03-01",          // the example that `new` writes
///         /// May be left out: the type says so (`Option`, `Vec`).
///         place: Option<Known<String>> = "\"Hamburg\"",
///     }
///     check check_session                      // fn(&Session, &Node, &mut Reader) -> Option<()>
/// }
/// ```
macro_rules! table {
    (
        $(#[doc = $doc:literal])+
        pub struct $Name:ident in $label:literal {
            $( $(#[doc = $field_doc:literal])+ $field:ident : $Type:ty = $example:literal , )+
        }
        $( check $check:path )?
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $Name {
            $( $(#[doc = $field_doc])+ pub $field: $Type, )+
        }

        impl $crate::schema::Decode for $Name {
            fn decode(node: &$crate::schema::Node<'_>, reader: &mut $crate::schema::Reader<'_>) -> Option<Self> {
                let mut table = $crate::schema::TableReader::open(node, $label, reader)?;
                $( let $field = table.get::<$Type>(stringify!($field), reader); )+
                table.finish(reader);
                let value = $Name { $( $field: $field?, )+ };
                $( $check(&value, node, reader)?; )?
                Some(value)
            }

            fn shape() -> $crate::schema::Shape {
                $crate::schema::Shape::Table($crate::schema::Table {
                    label: $label,
                    doc: $crate::schema::tidy(concat!($($doc, "\n"),+)),
                    fields: vec![ $( $crate::schema::Field {
                        key: stringify!($field),
                        doc: $crate::schema::tidy(concat!($($field_doc, "\n"),+)),
                        shape: <$Type as $crate::schema::Decode>::shape(),
                        required: <$Type as $crate::schema::Decode>::absent().is_none(),
                        example: $example,
                    }, )+ ],
                })
            }
        }
    };
}

/// Declares a set of words: the enum, its decoder with "did you mean", its shape, and the words themselves.
macro_rules! words {
    (
        $(#[doc = $doc:literal])+
        pub enum $Name:ident in $label:literal {
            $( $(#[doc = $word_doc:literal])+ $Word:ident = $word:literal , )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Name {
            $( $(#[doc = $word_doc])+ $Word, )+
        }

        impl $Name {
            /// All words, in the order of their declaration, each with what it means.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[ $( ($word, concat!($($word_doc),+)), )+ ];

            /// The word, as it is written in front matter.
            pub fn as_str(self) -> &'static str {
                match self { $( $Name::$Word => $word, )+ }
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::schema::Decode for $Name {
            fn decode(node: &$crate::schema::Node<'_>, reader: &mut $crate::schema::Reader<'_>) -> Option<Self> {
                let word = <String as $crate::schema::Decode>::decode(node, reader)?;
                $( if word == $word { return Some($Name::$Word); } )+
                $crate::schema::unknown_word($label, &word, Self::WORDS, node, reader);
                None
            }

            fn shape() -> $crate::schema::Shape {
                $crate::schema::Shape::Words(Self::WORDS)
            }
        }
    };
}

pub(crate) use {table, words};

use super::node::Node;
use super::reader::Reader;
use crate::diagnostic::{Text, did_you_mean, list, text};

/// Reports a word that is not in its set.
pub(crate) fn unknown_word(
    label: &'static str,
    word: &str,
    words: &[(&'static str, &'static str)],
    node: &Node<'_>,
    reader: &mut Reader<'_>,
) {
    let names = || words.iter().map(|(name, _)| *name);
    let message = match did_you_mean(word, names()) {
        Some(name) => text!("unknown {label} `{word}`; did you mean `{near}`?", label = Text::from(label), word, near = name),
        None => text!("unknown {label} `{word}`", label = Text::from(label), word),
    };
    reader.report("unknown-word", node.span.clone(), message, text!("use one of {words}", words = list(names())));
}
