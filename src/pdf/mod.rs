//! HTML laid out on pages of A4, as PDF: tagged for screen readers (PDF/UA-1, ISO 14289-1), with an outline,
//! links, a running head and page numbers, in the fonts and colours that the HTML names. Nothing here knows
//! of portals.
//!
//! What HTML says ([`blocks`], by [`reader`]) is broken into lines ([`lines`], [`table`], [`drawing`]), lines
//! are put on pages ([`pages`]), and pages are written ([`mod@write`]), drawn as a picture ([`picture`]) or told
//! as text ([`text`]). The same HTML and fonts always give the same bytes: no clock is read, and no font of the
//! machine.

mod blocks;
mod drawing;
mod flow;
mod fonts;
mod laid;
mod lines;
mod making;
mod marks;
mod pages;
mod picture;
mod problem;
mod reader;
mod spans;
mod structure;
mod style;
mod table;
mod text;
mod write;

pub(crate) use fonts::{FontFile, font_file};
pub(crate) use making::Making;
pub(crate) use problem::Problem;

use jiff::civil::Date;

use crate::html::said;
use crate::locale::Locale;
use flow::Flow;
use laid::Laid;
use style::Style;

/// A document that was made.
#[derive(Clone, Debug)]
pub(crate) struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The headings of its parts, those of the second level.
    pub parts: Vec<String>,
    /// The day of what it says.
    pub date: Option<Date>,
    /// Its first page, as SVG.
    pub picture: String,
}

/// Makes a document of HTML: of its `<main>`, with the title and the settings of its `<head>`.
///
/// # Errors
/// All that the HTML asks for and cannot have, each once.
pub(crate) fn pdf(html: &str, making: &Making<'_>) -> Result<Pdf, Vec<Problem>> {
    laid_out(html, making, |laid| {
        let bytes = write::write(laid).map_err(|problem| vec![problem])?;
        let parts = laid.flow.headings.iter().filter(|heading| heading.level == 2).map(|heading| heading.text.clone()).collect();
        Ok(Pdf { bytes, pages: laid.pages.len(), parts, date: laid.style.date, picture: picture::picture(laid) })
    })
}

/// What such a document says, page by page and line by line, for tests; `font` gives the file of a font by
/// the path that the HTML names.
///
/// # Errors
/// As [`pdf`]: what is wrong, and what to do.
pub fn told(html: &str, locale: &'static Locale, font: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<String, Vec<(String, String)>> {
    let fonts = |path: &str| font_file(&font(path)?);
    let making = Making { locale, base: "https://www.example.org/", fonts: &fonts };
    let told = laid_out(html, &making, |laid| {
        // What is told is what can be written.
        write::write(laid).map_err(|problem| vec![problem])?;
        Ok(text::told(laid))
    });
    told.map_err(|problems| problems.into_iter().map(|problem| (problem.message.to_string(), problem.help.to_string())).collect())
}

fn laid_out<T>(html: &str, making: &Making<'_>, make: impl FnOnce(&Laid<'_>) -> Result<T, Vec<Problem>>) -> Result<T, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut settings = style::Settings::default();
    let said = said(html, Some(&mut settings));
    let style = Style::of(&settings, &mut problems);
    let files = fonts::files(&style, making.fonts, &mut problems);
    let Some(fonts) = files.as_ref().and_then(fonts::Fonts::of) else { return Err(once(problems)) };
    let title = said.title.clone().unwrap_or_default();
    if title.trim().is_empty() {
        problems.push(Problem::new("the report has no title", "write a `<title>` in the `<head>` of its template"));
    }
    let mut flow = Flow::new(&style, &fonts, making);
    let blocks = reader::blocks(&said.main, &mut flow.problems);
    flow.lay(&blocks);
    problems.append(&mut flow.problems);
    if flow.rows.is_empty() {
        problems.push(Problem::new("the report is empty", "its template should have a `<main>` that says something"));
    }
    let pages = pages::pages(&flow);
    problems.append(&mut fonts.lacking());
    if !problems.is_empty() {
        return Err(once(problems));
    }
    make(&Laid { title: title.trim(), language: making.locale.language, style: &style, fonts: &fonts, flow: &flow, pages: &pages })
}

/// The problems, in one order, each once.
fn once(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}
