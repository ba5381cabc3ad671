//! Open data: the records and their sources as JSON and CSV, with what describes both, and `llms.txt`. Where
//! each is published, and what it holds.
//!
//! All of it is made from the records as templates see them. What nobody knows is `"unknown"`; what a record
//! does not say is left out, in CSV an empty cell.

mod columns;
mod files;
mod llms;
mod names;
mod schema;
mod table;
mod value;

pub(crate) use files::{DataFile, file, record};
pub(crate) use names::{DataForm, LLMS, calendar_path, collections, licence, markdown_path};
pub(crate) use value::{Found, age, media, value};
