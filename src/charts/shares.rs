//! Shares of a survey, drawn as what they are: a histogram. Each range of pay is a bar as long as the share
//! of those asked who earn in it. Parts of one survey stand together, whoever reports each.

use super::figure::{Drawn, PayChart, PayEntry, UnitOfPay, date_in_words, percent, range_in_words, share_in_words, unit, unit_words};
use super::svg::Canvas;
use crate::diagnostic::Text;

/// What makes figures parts of one survey: its name, or else who reports it and as of when; and the unit.
fn survey(entry: &PayEntry<'_>) -> (String, UnitOfPay) {
    let figure = entry.figure;
    let name = figure.survey.clone().unwrap_or_else(|| format!("{} {:?}", figure.source.id, figure.as_of));
    (name, unit(figure))
}

/// The surveys of which two shares or more are known, each in the order of its ranges.
pub(super) fn surveys<'e, 'f>(entries: &'e [PayEntry<'f>]) -> Vec<Vec<&'e PayEntry<'f>>> {
    let mut surveys: Vec<((String, UnitOfPay), Vec<&PayEntry<'_>>)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.figure.share.is_some()) {
        let own = survey(entry);
        match surveys.iter_mut().find(|(key, _)| *key == own) {
            Some((_, members)) => members.push(entry),
            None => surveys.push((own, vec![entry])),
        }
    }
    let mut surveys: Vec<Vec<&PayEntry<'_>>> =
        surveys.into_iter().map(|(_, members)| members).filter(|members| members.len() > 1).collect();
    for members in &mut surveys {
        members.sort_by_key(|entry| (entry.figure.low, entry.figure.high));
    }
    surveys
}

/// Draws a survey.
pub(super) fn draw(chart: &PayChart<'_>, members: &[&PayEntry<'_>], number: usize) -> Result<Drawn, Text> {
    let most = members.iter().filter_map(|entry| entry.figure.share.as_ref()).map(|share| share.percent).fold(1.0, f64::max);
    let mut canvas = Canvas::default();
    let mut said = vec![(chart.words)("chart.text", &[])?];
    let mut sources: Vec<String> = Vec::new();
    for entry in members {
        let Some(share) = &entry.figure.share else { continue };
        let (range, value) = (range_in_words(chart, entry.figure), share_in_words(chart, share)?);
        canvas.y += 0.35;
        canvas.paragraph("chart-label", &range);
        canvas.y += 0.75;
        canvas.bar("chart-share", "0%", &percent(share.percent / most * 100.0), 0.45);
        canvas.y += 0.6;
        canvas.paragraph("chart-value", &value);
        let source = (chart.words)("chart.source", &[("publisher", &entry.publisher), ("date", &date_in_words(chart, entry.figure)?)])?;
        said.push((chart.words)("chart.row", &[("label", &range), ("amounts", &value), ("source", &source)])?);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    canvas.y += 0.4;
    for source in &sources {
        canvas.paragraph("chart-source", source);
    }
    let first = members.first().map(|entry| entry.figure);
    let unit = first.map(|figure| unit_words(chart, figure)).transpose()?.unwrap_or_default();
    let survey = first.and_then(|figure| figure.survey.clone()).or_else(|| members.first().map(|entry| entry.publisher.clone()));
    let title = (chart.words)("chart.shares_title", &[("name", chart.name), ("unit", &unit), ("survey", &survey.unwrap_or_default())])?;
    let svg = canvas.finish(&format!("{}-{number}", chart.id), &title, &said.join(" "));
    Ok(Drawn { title, svg })
}
