//! The figure that answers first what a role pays.
//!
//! An editor chooses it (`headline = true`). Where nobody did, it is what the newest figures say: those of
//! the latest year, or those without a date where none has one; shares of a survey are left out, which say
//! how many earn in a range, and not what is paid. Figures that contradict each other are a range of what
//! sources say, from the lowest to the highest; they are never averaged. What is said of the role itself and
//! what of a wider group stay apart.

use std::sync::Arc;

use serde::Serialize;

use super::figure::{Amount, CurrencyCode};
use super::moment::Moment;
use super::salary::{Covers, Period, SalaryFigure, Taxes};
use crate::schema::Known;

/// What answers first: one figure, or the range of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Headline {
    /// What it is about: the role, or a wider group.
    pub covers: Covers,
    /// How many figures it is made of.
    pub count: usize,
    /// What the figure is called, where it is one.
    pub label: Option<String>,
    /// Whom it is about, where it is one figure.
    pub population: Option<Known<String>>,
    /// A single amount.
    pub amount: Option<Amount>,
    /// The lower end of a range; of several figures the lowest amount of all.
    pub low: Option<Amount>,
    /// The upper end of a range; of several figures the highest amount of all.
    pub high: Option<Amount>,
    /// The middle of a distribution, where it is one figure.
    pub median: Option<Amount>,
    /// The currency of all.
    pub currency: CurrencyCode,
    /// What all are paid for.
    pub period: Known<Period>,
    /// Before or after taxes, of all.
    pub gross: Taxes,
    /// The oldest of their dates; unknown where one has none.
    pub since: Known<Moment>,
    /// The newest of their dates.
    pub as_of: Known<Moment>,
    /// Who says so: ids of sources, each once.
    pub sources: Vec<Arc<str>>,
}

/// What answers first of some figures: of the role, then of a wider group, each where it is known.
pub(crate) fn headlines(figures: &[SalaryFigure]) -> Vec<Headline> {
    let chosen: Vec<&SalaryFigure> = figures.iter().filter(|figure| figure.headline == Some(true)).collect();
    let is_chosen = !chosen.is_empty();
    let from = if is_chosen { chosen } else { figures.iter().filter(|figure| figure.share.is_none()).collect() };
    [Covers::Role, Covers::Group]
        .into_iter()
        .filter_map(|covers| {
            let about: Vec<&SalaryFigure> = from.iter().copied().filter(|figure| covers_of(figure) == covers).collect();
            together(covers, &if is_chosen { about } else { newest(about) })
        })
        .collect()
}

/// A figure that does not say whom it covers is about the role that its page is of.
fn covers_of(figure: &SalaryFigure) -> Covers {
    figure.covers.unwrap_or(Covers::Role)
}

/// Those of the latest year; those without a date where none has one.
fn newest(figures: Vec<&SalaryFigure>) -> Vec<&SalaryFigure> {
    let Some(latest) = figures.iter().filter_map(|figure| year(figure)).max() else { return figures };
    figures.into_iter().filter(|figure| year(figure) == Some(latest)).collect()
}

fn year(figure: &SalaryFigure) -> Option<i16> {
    Some(figure.as_of.known()?.last_day()?.year())
}

/// One answer of several figures. What is paid in another currency, for another period or after other taxes
/// than the first cannot be compared with it, and is left to the page that shows all.
fn together(covers: Covers, figures: &[&SalaryFigure]) -> Option<Headline> {
    let first = *figures.first()?;
    let alike =
        |figure: &&&SalaryFigure| (figure.currency.0, &figure.period, figure.gross) == (first.currency.0, &first.period, first.gross);
    let alike: Vec<&SalaryFigure> = figures.iter().filter(alike).copied().collect();
    let mut sources: Vec<Arc<str>> = Vec::new();
    for figure in &alike {
        if !sources.contains(&figure.source.id) {
            sources.push(figure.source.id.clone());
        }
    }
    let date = |pick: fn(Known<Moment>, Known<Moment>) -> Known<Moment>| alike.iter().map(|figure| figure.as_of.clone()).reduce(pick);
    let mut headline = Headline {
        covers,
        count: alike.len(),
        label: None,
        population: None,
        amount: None,
        low: None,
        high: None,
        median: None,
        currency: first.currency,
        period: first.period.clone(),
        gross: first.gross,
        since: date(older)?,
        as_of: date(newer)?,
        sources,
    };
    match alike.as_slice() {
        [figure] => {
            let SalaryFigure { amount, low, high, median, .. } = **figure;
            (headline.amount, headline.low, headline.high, headline.median) = (amount, low, high, median);
            (headline.label, headline.population) = (figure.label.clone(), figure.population.clone());
        }
        several => {
            let amounts = several.iter().flat_map(|figure| [figure.amount, figure.low, figure.high, figure.median]).flatten();
            let (low, high) = (amounts.clone().min(), amounts.max());
            match low == high {
                true => headline.amount = low,
                false => (headline.low, headline.high) = (low, high),
            }
        }
    }
    Some(headline)
}

/// The older of two dates; unknown where one is.
fn older(one: Known<Moment>, other: Known<Moment>) -> Known<Moment> {
    match (one.known(), other.known()) {
        (Some(a), Some(b)) if a.first_day() > b.first_day() => other,
        (Some(_), Some(_)) | (None, _) => one,
        (Some(_), None) => other,
    }
}

/// The newer of two dates.
fn newer(one: Known<Moment>, other: Known<Moment>) -> Known<Moment> {
    match (one.known(), other.known()) {
        (Some(a), Some(b)) if a.last_day() < b.last_day() => other,
        (None, _) => other,
        _ => one,
    }
}
