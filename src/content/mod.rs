//! Files of `content/` to pages: front matter, typed record, and Markdown.
//!
//! What is made here depends on one file (and its CSV) and the language alone, so it can be kept until that
//! file changes. Links, shortcodes and glossary entries are left open in the HTML as slots: they are filled
//! when everything else is known.

mod body;
mod calls;
mod document;
mod escape;
mod fence;
mod file_name;
mod foreign;
mod front_matter;
mod markdown;
mod marks;
mod money;
mod path;
mod questions;
mod quotes;
mod raw_html;
mod reports;
mod settings;
mod shortcode;
mod table;
mod writer;

pub use body::Slot;
pub(crate) use body::{Body, Call, Heading, Image, Link};
pub(crate) use document::{Document, Front, load};
pub(crate) use escape::{escape, escape_markdown, markdown_address};
pub(crate) use file_name::{FileKind, day_in_name, file_kind, is_left_behind, language_in_name, name_of_page};
pub(crate) use foreign::{Foreign, Form};
pub(crate) use front_matter::{PageFront, SectionFront, SortBy, end_of_front_matter};
pub(crate) use markdown::fragment;
pub use markdown::render;
pub(crate) use path::{ContentPath, below_content};
pub(crate) use questions::Question;
pub(crate) use reports::Report;
pub use settings::Settings;

/// The folder of the Markdown files.
pub(crate) const CONTENT_DIR: &str = "content";

/// The file that makes a folder a section.
pub(crate) const SECTION_FILE: &str = "_index.md";
