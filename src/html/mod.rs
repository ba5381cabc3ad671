//! Reads HTML and CSS for all other rooms, as browsers read them: which addresses a page or a style sheet
//! names and what for, which anchors a page has, what a piece of HTML says as text. Nothing here knows of
//! portals.
//!
//! HTML is taken apart by html5gum, CSS by cssparser. A page is read once by [`read`], which tells a
//! [`Visitor`] of each tag and each text; [`Notes`] is the visitor for what the outputs of a build are asked
//! about. There is a tree only of what pages say ([`said`]), for their Markdown.

mod address;
mod divide;
mod foreign;
mod notes;
mod script;
mod sheet;
mod tags;
mod text;
mod tree;

pub(crate) use address::Use;
pub use address::candidates;
pub(crate) use divide::{main_with_text, minified};
pub use notes::Notes;
pub(crate) use script::imports;
pub use sheet::{addresses as sheet_addresses, rewritten as sheet_with};
pub(crate) use tags::{Tag, Visitor, Within, read};
pub use text::plain_text;
pub(crate) use text::sections;
pub(crate) use tree::{Said, said};
