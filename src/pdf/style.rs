//! How pages look: measures, and what the HTML says of fonts and colours.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::problem::Problem;
use crate::diagnostic::{list_all, text};
use crate::html::{Tag, Visitor};

/// The width of a page of A4 (ISO 216), in points.
pub(super) const WIDTH: f32 = 595.28;
/// Its height.
pub(super) const HEIGHT: f32 = 841.89;
/// What is left free left and right.
pub(super) const SIDE: f32 = 56.0;
/// What is left free above; the running head stands in it.
pub(super) const ABOVE: f32 = 66.0;
/// What is left free below; the foot stands in it.
pub(super) const BELOW: f32 = 64.0;
/// The width of a line.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * SIDE;

/// The names of settings, each of `<meta name="report:…">`.
pub(super) const SETTINGS: [&str; 12] =
    ["accent", "date", "font", "foot", "head", "heading-font", "ink", "line", "muted", "on-accent", "page", "shade"];

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// What the `<head>` says.
#[derive(Debug, Default)]
pub(super) struct Settings(BTreeMap<String, String>);

impl Visitor for Settings {
    fn start(&mut self, tag: &Tag) {
        let name = tag.get("name").filter(|_| tag.name() == "meta").and_then(|name| name.strip_prefix("report:"));
        if let Some(name) = name {
            self.0.entry(name.to_owned()).or_insert_with(|| tag.get("content").unwrap_or_default().trim().to_owned());
        }
    }
}

/// The look of a document.
#[derive(Debug)]
pub(super) struct Style {
    /// The font of text, by its path.
    pub font: String,
    /// The font of headings.
    pub heading_font: String,
    pub ink: Colour,
    pub muted: Colour,
    pub accent: Colour,
    pub on_accent: Colour,
    pub line: Colour,
    pub shade: Colour,
    /// What stands above each page but the first.
    pub head: String,
    /// What stands below each page.
    pub foot: String,
    /// The day of what it says.
    pub date: Option<Date>,
    /// How pages are numbered, with `{page}` and `{pages}`.
    pub page: String,
}

impl Style {
    /// Reads the settings. What is none, and colours that are none, is reported.
    pub(super) fn of(settings: &Settings, problems: &mut Vec<Problem>) -> Self {
        for name in settings.0.keys().filter(|name| !SETTINGS.contains(&name.as_str())) {
            let names = SETTINGS.map(|name| format!("report:{name}"));
            let help = text!("there are {names}", names = list_all(names.iter().map(String::as_str)));
            problems.push(Problem::new(text!("there is no setting `report:{name}` of reports", name), help));
        }
        let said = |name: &str| settings.0.get(name).cloned().unwrap_or_default();
        let mut colours = Vec::new();
        let mut colour = |name: &str, usual: Colour| match settings.0.get(name) {
            None => usual,
            Some(written) => colour(written).unwrap_or_else(|| {
                colours.push(Problem::new(text!("`{written}` of `report:{name}` is no colour", written, name), "write it as `#0b5a5e`"));
                usual
            }),
        };
        let date = settings.0.get("date").filter(|date| !date.is_empty()).and_then(|written| {
            let date = written.parse::<Date>().ok();
            if date.is_none() {
                problems.push(Problem::new(text!("`{written}` of `report:date` is no day", written), "write it as `2026-03-01`"));
            }
            date
        });
        let font = said("font");
        let heading_font = if said("heading-font").is_empty() { font.clone() } else { said("heading-font") };
        let look = Self {
            font,
            heading_font,
            ink: colour("ink", [0, 0, 0]),
            muted: colour("muted", [70, 70, 70]),
            accent: colour("accent", [0, 0, 0]),
            on_accent: colour("on-accent", [255, 255, 255]),
            line: colour("line", [200, 200, 200]),
            shade: colour("shade", [240, 240, 240]),
            head: said("head"),
            foot: said("foot"),
            date,
            page: if said("page").is_empty() { String::from("{page} / {pages}") } else { said("page") },
        };
        problems.append(&mut colours);
        look
    }
}

/// A colour, written as CSS writes it in hexadecimal digits.
pub(super) fn colour(written: &str) -> Option<Colour> {
    let digits = written.strip_prefix('#').filter(|digits| digits.is_ascii())?;
    let part = |at: usize, length: usize| digits.get(at..at + length).and_then(|part| u8::from_str_radix(part, 16).ok());
    match digits.len() {
        3 => Some([part(0, 1)? * 17, part(1, 1)? * 17, part(2, 1)? * 17]),
        6 => Some([part(0, 2)?, part(2, 2)?, part(4, 2)?]),
        _ => None,
    }
}
