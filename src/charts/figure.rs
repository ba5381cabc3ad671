//! The figures of a chart of pay, and what is said of them in words.

use super::Words;
use crate::diagnostic::Text;
use crate::locale::Locale;
use crate::records::{Moment, Period, SalaryFigure, Share, Taxes};
use crate::schema::Known;

/// A figure, and what is to be said about it.
#[derive(Clone, Debug)]
pub(crate) struct PayEntry<'f> {
    /// The figure.
    pub figure: &'f SalaryFigure,
    /// What it is called.
    pub label: String,
    /// Who published it.
    pub publisher: String,
}

/// How the figures of a chart are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Under who published them, in the order of the record.
    Source,
    /// Under how much experience they are about.
    Experience,
    /// Under their years, the oldest first; a figure of a series also shows the one before it.
    Year,
}

impl Grouping {
    /// The names that templates use.
    pub(crate) const NAMES: [&'static str; 3] = ["source", "experience", "year"];

    /// The grouping of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "source" => Some(Self::Source),
            "experience" => Some(Self::Experience),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// A chart that is asked for.
pub(crate) struct PayChart<'f> {
    /// Begins the ids in the SVG; unique on the page.
    pub id: &'f str,
    /// Whose pay it is.
    pub name: &'f str,
    /// The figures, in the order of the record.
    pub entries: &'f [PayEntry<'f>],
    /// How they are put together.
    pub grouping: Grouping,
    /// How the language writes.
    pub locale: &'f Locale,
    /// The theme's words.
    pub words: Words<'f>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// What it shows, in a line.
    pub title: String,
    /// The drawing.
    pub svg: String,
}

/// What must be the same of figures that share an axis.
pub(super) type UnitOfPay = (iso_currency::Currency, Known<Period>, Taxes);

pub(super) fn unit(figure: &SalaryFigure) -> UnitOfPay {
    (figure.currency.0, figure.period.clone(), figure.gross)
}

/// The currency, the period and whether it is gross: `€ per year, gross`.
pub(super) fn unit_words(chart: &PayChart<'_>, figure: &SalaryFigure) -> Result<String, Text> {
    let period = figure.period.known().map_or("unknown", |period| period.as_str());
    let symbol = chart.locale.symbol(figure.currency.0.code());
    let (period, gross) =
        ((chart.words)(&format!("period.{period}"), &[])?, (chart.words)(&format!("gross.{}", figure.gross.as_str()), &[])?);
    (chart.words)("chart.unit", &[("currency", symbol), ("period", &period), ("gross", &gross)])
}

/// As of when a figure is.
pub(super) fn date_in_words(chart: &PayChart<'_>, figure: &SalaryFigure) -> Result<String, Text> {
    match figure.as_of.known() {
        Some(Moment::Day(day)) => Ok(chart.locale.date(*day)),
        Some(Moment::Month(year, month)) => Ok(chart.locale.month(*year, *month)),
        Some(Moment::Year(year)) => Ok(year.to_string()),
        None => (chart.words)("chart.no_date", &[]),
    }
}

pub(super) fn percent(place: f64) -> String {
    format!("{place:.2}%")
}

/// The range of a figure, which may be open at one end; nothing where it has none.
pub(super) fn range_in_words(chart: &PayChart<'_>, figure: &SalaryFigure) -> String {
    let amounts = (figure.low.map(|low| low.0), figure.high.map(|high| high.0));
    chart.locale.money_between(amounts.0, amounts.1, figure.currency.0.code()).unwrap_or_default()
}

/// Which share of those asked a figure is about, as exactly as its source says.
pub(super) fn share_in_words(chart: &PayChart<'_>, share: &Share) -> Result<String, Text> {
    let key = format!("precision.{}", share.precision.as_str());
    let value = (chart.words)(&key, &[("value", &chart.locale.percent(share.percent))])?;
    (chart.words)("pay.share", &[("share", &value)])
}
