//! From TOML (and CSV) to typed values: every mistake of a file at once, each at its place; and the shape of those types, from
//! which `schema` prints JSON Schema and `new` writes its templates.
//!
//! A type that can stand in front matter or `site.toml` implements [`Decode`]. Tables are declared with `table!`, sets of
//! words with `words!`: the declaration is the one source of the type, its decoder, its documentation and its schema.

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

pub use csv::delimiter_of;
pub use decode::{Decode, Known, UNKNOWN, is_control, known};
pub use json_schema::json_schema;
pub use node::{Entry, Node, Value, parse_toml, recover_toml};
pub use reader::{Mention, Reader, TableReader, one_line};
pub use scaffold::{LEGEND, scaffold};
pub use shape::{Field, Shape, Table, tidy};
pub use spans::Spans;
pub use table::unknown_word;
pub(crate) use table::{table, words};
