//! From TOML (and CSV) to typed values: every mistake of a file at once, each at its place; and the shape of
//! those types, from which `schema` prints JSON Schema and `new` writes its templates.
//!
//! A type that can stand in front matter or `site.toml` implements [`Decode`]. Tables are declared with
//! `table!`, sets of words with `words!`: the declaration is the one source of the type, its decoder, its
//! documentation and its schema.

mod csv;
mod decode;
mod foreign;
mod json_schema;
mod node;
mod reader;
mod scaffold;
mod shape;
mod spans;
mod table;

pub(crate) use csv::delimiter_of;
pub(crate) use decode::{Decode, Known, UNKNOWN, is_control, known};
pub(crate) use json_schema::json_schema;
pub(crate) use node::{Entry, Node, Value, parse_toml, recover_toml};
pub use reader::Reader;
pub(crate) use reader::{Mention, TableReader, one_line};
pub(crate) use scaffold::{LEGEND, scaffold};
pub(crate) use shape::{Field, Shape, Table, tidy};
pub(crate) use spans::Spans;
pub(crate) use table::unknown_word;
pub(crate) use table::{table, words};
