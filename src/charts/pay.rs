//! What a role pays, drawn: each figure as its source gave it, beside the others, with source and date.
//! Nothing is averaged, and a range is never drawn as a distribution: ranges are bars without a median,
//! single amounts are dots, distributions are boxes with one.

use super::figure::{Drawn, Grouping, PayChart, PayEntry, date_in_words, percent, range_in_words, share_in_words, unit, unit_words};
use super::legend::legend;
use super::scale::Scale;
use super::shares;
use super::svg::Canvas;
use crate::diagnostic::Text;
use crate::limits::MOST_CHART_ROWS;
use crate::locale::Locale;
use crate::records::{Amount, Experience, FigureShape, Moment, SalaryFigure};
use crate::schema::known;

/// Draws figures: those with one currency, period and word on taxes share an axis, and others get a chart of
/// their own, since they cannot be compared. A chart of many figures comes in parts, each with its axis and
/// legend.
///
/// # Errors
/// Which word the theme lacks.
pub(crate) fn pay_charts(chart: &PayChart<'_>) -> Result<Vec<Drawn>, Text> {
    let mut axes: Vec<Vec<&PayEntry<'_>>> = Vec::new();
    let shares = shares::surveys(chart.entries);
    let is_drawn_as_share = |entry: &PayEntry<'_>| shares.iter().flatten().any(|share| std::ptr::eq(*share, entry));
    for entry in chart.entries.iter().filter(|entry| !is_drawn_as_share(entry)) {
        match axes.iter_mut().find(|axis| axis.first().is_some_and(|first| unit(first.figure) == unit(entry.figure))) {
            Some(axis) => axis.push(entry),
            None => axes.push(vec![entry]),
        }
    }
    let mut drawn = Vec::new();
    for entries in &axes {
        draw(chart, entries, &mut drawn)?;
    }
    for survey in &shares {
        drawn.push(shares::draw(chart, survey, drawn.len() + 1)?);
    }
    Ok(drawn)
}

/// All amounts of a figure.
fn amounts(figure: &SalaryFigure) -> impl Iterator<Item = i64> + Clone + use<> {
    let SalaryFigure { amount, low, high, median, p10, p25, p75, p90, .. } = figure;
    [*amount, *low, *high, *median, *p10, *p25, *p75, *p90].into_iter().flatten().map(|Amount(hundredths)| hundredths)
}

/// Draws the figures of one axis.
fn draw(chart: &PayChart<'_>, entries: &[&PayEntry<'_>], drawn: &mut Vec<Drawn>) -> Result<(), Text> {
    let Some(scale) = Scale::of(entries.iter().flat_map(|entry| amounts(entry.figure))) else { return Ok(()) };
    let Some(first) = entries.first() else { return Ok(()) };
    let unit = unit_words(chart, first.figure)?;
    let title = (chart.words)("chart.title", &[("name", chart.name), ("unit", &unit)])?;
    let rows: Vec<(String, &PayEntry<'_>)> = groups(chart, entries)?
        .into_iter()
        .flat_map(|(heading, members)| members.into_iter().map(move |entry| (heading.clone(), entry)))
        .collect();
    let parts = rows.chunks(MOST_CHART_ROWS);
    let count = parts.len();
    for (number, rows) in parts.enumerate() {
        let title = match count {
            1 => title.clone(),
            _ => (chart.words)("chart.part", &[("title", &title), ("part", &(number + 1).to_string()), ("parts", &count.to_string())])?,
        };
        let svg = part(chart, &scale, entries, rows, &format!("{}-{}", chart.id, drawn.len() + 1), &title)?;
        drawn.push(Drawn { title, svg });
    }
    Ok(())
}

/// Draws some of the figures of an axis, each below its heading.
fn part(
    chart: &PayChart<'_>,
    scale: &Scale,
    entries: &[&PayEntry<'_>],
    rows: &[(String, &PayEntry<'_>)],
    id: &str,
    title: &str,
) -> Result<String, Text> {
    let mut canvas = Canvas::default();
    axis(&mut canvas, scale, chart.locale);
    let mut said = vec![(chart.words)("chart.text", &[])?];
    let mut under = None;
    for (heading, entry) in rows {
        if under.replace(heading) != Some(heading) {
            canvas.y += 0.7;
            canvas.paragraph("chart-group", heading);
        }
        let before = if chart.grouping == Grouping::Year { earlier(entry, entries) } else { None };
        said.push(row(&mut canvas, chart, scale, entry, before)?);
    }
    canvas.y += 0.5;
    axis(&mut canvas, scale, chart.locale);
    let shown: Vec<&PayEntry<'_>> = rows.iter().map(|(_, entry)| *entry).collect();
    legend(&mut canvas, chart, &shown, entries)?;
    Ok(canvas.finish(id, title, &said.join(" ")))
}

fn axis(canvas: &mut Canvas, scale: &Scale, locale: &Locale) {
    canvas.y += super::svg::LEADING;
    for tick in scale.ticks() {
        canvas.label("chart-tick", scale.place(tick), &locale.amount(tick));
    }
}

/// The entries under their headings.
fn groups<'e, 'f>(chart: &PayChart<'_>, entries: &[&'e PayEntry<'f>]) -> Result<Vec<(String, Vec<&'e PayEntry<'f>>)>, Text> {
    let mut ordered: Vec<&PayEntry<'_>> = entries.to_vec();
    match chart.grouping {
        Grouping::Source => {}
        // Starters first; what is about all of them, or does not say, behind.
        Grouping::Experience => ordered.sort_by_key(|entry| experience(entry.figure).map_or(u8::MAX, |level| level as u8)),
        // Figures without a date behind those with one.
        Grouping::Year => ordered.sort_by_key(|entry| {
            let moment = entry.figure.as_of.known().copied();
            (moment.is_none(), moment.and_then(Moment::first_day))
        }),
    }
    let mut groups: Vec<(String, Vec<&PayEntry<'_>>)> = Vec::new();
    for entry in ordered {
        let heading = match chart.grouping {
            Grouping::Source => entry.publisher.clone(),
            Grouping::Experience => match experience(entry.figure) {
                Some(level) => (chart.words)(&format!("experience.{}", level.as_str()), &[])?,
                None => (chart.words)("chart.no_experience", &[])?,
            },
            Grouping::Year => match entry.figure.as_of.known() {
                Some(Moment::Year(year) | Moment::Month(year, _)) => year.to_string(),
                Some(Moment::Day(day)) => day.year().to_string(),
                None => (chart.words)("chart.no_year", &[])?,
            },
        };
        match groups.iter_mut().find(|(name, _)| *name == heading) {
            Some((_, members)) => members.push(entry),
            None => groups.push((heading, vec![entry])),
        }
    }
    Ok(groups)
}

fn experience(figure: &SalaryFigure) -> Option<Experience> {
    known(&figure.experience).copied()
}

/// What a figure is called without the year it is of: the name of its series.
fn series(figure: &SalaryFigure) -> Option<String> {
    let year = figure.as_of.known().and_then(|moment| moment.first_day()).map(|day| day.year().to_string()).unwrap_or_default();
    let words = figure.label.as_deref()?.split_whitespace().filter(|word| word.trim_matches(|c: char| !c.is_ascii_digit()) != year);
    Some(words.collect::<Vec<_>>().join(" "))
}

/// The figure of the same series before this one: published by the same, called the same, about the same
/// people and hours, of the same kind. Others are not connected, since a difference between them need not be
/// a change. Of a year and a month in it neither is earlier.
pub(super) fn earlier<'e, 'f>(entry: &PayEntry<'_>, entries: &[&'e PayEntry<'f>]) -> Option<&'e PayEntry<'f>> {
    let own = entry.figure.as_of.known().and_then(|moment| moment.first_day())?;
    let same = |other: &PayEntry<'_>| {
        let (a, b) = (entry.figure, other.figure);
        entry.publisher == other.publisher
            && a.shape_of() == b.shape_of()
            && series(a) == series(b)
            && (&a.hours_a_week, &a.months_paid) == (&b.hours_a_week, &b.months_paid)
            && (&a.region, &a.experience, &a.employer_size, &a.population, a.covers)
                == (&b.region, &b.experience, &b.employer_size, &b.population, b.covers)
            && (a.share.is_none() && b.share.is_none())
    };
    let dated = entries.iter().filter(|other| centre(other.figure).is_some() && same(other)).filter_map(|other| {
        let day = other.figure.as_of.known().and_then(|moment| moment.last_day())?;
        (day < own).then_some((day, *other))
    });
    dated.max_by_key(|(day, _)| *day).map(|(_, other)| other)
}

/// The one amount that stands for a figure; a range has none.
fn centre(figure: &SalaryFigure) -> Option<i64> {
    figure.amount.or(figure.median).map(|amount| amount.0)
}

/// One figure: its label, its mark, its amounts with source and date. Gives what was drawn, in words.
fn row(
    canvas: &mut Canvas,
    chart: &PayChart<'_>,
    scale: &Scale,
    entry: &PayEntry<'_>,
    before: Option<&PayEntry<'_>>,
) -> Result<String, Text> {
    let figure = entry.figure;
    canvas.y += 0.35;
    canvas.paragraph("chart-label", &entry.label);
    canvas.y += 0.9;
    canvas.across("chart-track", &percent(scale.left()), &percent(scale.right()), 1);
    for tick in scale.ticks() {
        canvas.upright("chart-grid", &percent(scale.place(tick)), 0.25, 1);
    }
    mark(canvas, scale, figure);
    // Above the mark: a box would hide it.
    if let (Some(then), Some(now)) = (before.and_then(|before| centre(before.figure)), centre(figure)) {
        canvas.across("chart-change", &percent(scale.place(then)), &percent(scale.place(now)), 2);
        canvas.dot("chart-before", &percent(scale.place(then)));
    }
    canvas.y += 0.75;
    let amounts = in_words(chart, figure)?;
    let date = date_in_words(chart, figure)?;
    canvas.paragraph("chart-value", &amounts);
    let source = (chart.words)("chart.source", &[("publisher", &entry.publisher), ("date", &date)])?;
    canvas.paragraph("chart-source", &source);
    (chart.words)("chart.row", &[("label", &entry.label), ("amounts", &amounts), ("source", &source)])
}

/// The mark of a figure.
fn mark(canvas: &mut Canvas, scale: &Scale, figure: &SalaryFigure) {
    let place = |amount: Option<Amount>| amount.map(|amount| scale.place(amount.0));
    let bar = |canvas: &mut Canvas, class: &str, from: f64, to: f64, half: f64| {
        canvas.bar(class, &percent(from), &percent((to - from).max(0.4)), half);
    };
    match figure.shape_of() {
        Some(FigureShape::Point) => {
            if let Some(at) = place(figure.amount) {
                canvas.dot("chart-point", &percent(at));
            }
        }
        Some(FigureShape::Range) => {
            let (low, high) = (place(figure.low), place(figure.high));
            bar(canvas, "chart-range", low.unwrap_or(scale.left()), high.unwrap_or(scale.right()), 0.32);
            // An end that the source gives is closed, one that it leaves open is not.
            for end in [low, high].into_iter().flatten() {
                canvas.upright("chart-end", &percent(end), 0.5, 2);
            }
        }
        Some(FigureShape::Distribution) => {
            if let (Some(low), Some(high)) = (place(figure.p10.or(figure.p25)), place(figure.p90.or(figure.p75))) {
                canvas.across("chart-whisker", &percent(low), &percent(high), 2);
            }
            for decile in [figure.p10, figure.p90] {
                if let Some(at) = place(decile) {
                    canvas.upright("chart-whisker", &percent(at), 0.3, 2);
                }
            }
            match (place(figure.p25), place(figure.p75)) {
                (Some(low), Some(high)) => bar(canvas, "chart-box", low, high, 0.5),
                // One quartile is a line, and no box.
                (Some(at), None) | (None, Some(at)) => canvas.upright("chart-whisker", &percent(at), 0.5, 2),
                (None, None) => {}
            }
            if let Some(at) = place(figure.median) {
                canvas.upright("chart-median", &percent(at), 0.7, 4);
            }
        }
        None => {}
    }
}

/// The amounts of a figure in words: all that it has.
fn in_words(chart: &PayChart<'_>, figure: &SalaryFigure) -> Result<String, Text> {
    let (locale, currency) = (chart.locale, figure.currency.0.code());
    let money = |amount: Amount| locale.money(amount.0, currency);
    let mut parts = Vec::new();
    match figure.amount {
        Some(amount) => parts.push(money(amount)),
        None => parts.extend(Some(range_in_words(chart, figure)).filter(|range| !range.is_empty())),
    }
    let steps = [
        ("chart.median", figure.median),
        ("chart.p10", figure.p10),
        ("chart.p25", figure.p25),
        ("chart.p75", figure.p75),
        ("chart.p90", figure.p90),
    ];
    for (key, amount) in steps {
        if let Some(amount) = amount {
            parts.push((chart.words)(key, &[("amount", &money(amount))])?);
        }
    }
    if let Some(share) = &figure.share {
        parts.push(share_in_words(chart, share)?);
    }
    Ok(parts.join("; "))
}
