//! Charts of figures as SVG text: static, without scripts, legible from 320 px on.
//!
//! Positions across are percentages and positions down are `em`, so that a chart takes the width of its
//! column while its text keeps the size of the page's text. Colours are the theme's: marks carry classes, and
//! `currentColor` where a style sheet says nothing. Each chart has a title and a description (SVG 2, 5.7;
//! WAI-ARIA Graphics Module) that says in words what is drawn.

use crate::diagnostic::Text;

mod figure;
mod legend;
mod pay;
mod scale;
mod shares;
mod svg;

pub(crate) use figure::{Grouping, PayChart, PayEntry};
pub(crate) use pay::pay_charts;

/// The words of a chart: by key of the theme's language file and what is to be put into them. The error says
/// which word is missing.
pub(crate) type Words<'w> = &'w dyn Fn(&str, &[(&str, &str)]) -> Result<String, Text>;
