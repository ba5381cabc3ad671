//! A document on its pages.

use super::flow::Flow;
use super::fonts::Fonts;
use super::pages::Page;
use super::style::Style;

/// A document that stands on its pages.
pub(super) struct Laid<'l> {
    pub title: &'l str,
    pub language: &'l str,
    pub style: &'l Style,
    pub fonts: &'l Fonts<'l>,
    pub flow: &'l Flow<'l>,
    pub pages: &'l [Page],
}
