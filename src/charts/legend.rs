//! What the marks of a chart mean.

use super::figure::{Grouping, PayChart, PayEntry};
use super::pay::earlier;
use super::svg::{Canvas, LEADING};
use crate::diagnostic::Text;
use crate::records::{FigureShape, SalaryFigure};

/// What each mark means; of those that are there. `all` are the figures of the axis, those of other parts
/// too.
pub(super) fn legend(canvas: &mut Canvas, chart: &PayChart<'_>, entries: &[&PayEntry<'_>], all: &[&PayEntry<'_>]) -> Result<(), Text> {
    let has = |shape: FigureShape| entries.iter().any(|entry| entry.figure.shape_of() == Some(shape));
    let any = |is: &dyn Fn(&SalaryFigure) -> bool| entries.iter().any(|entry| is(entry.figure));
    let quartiles = any(&|figure| figure.p25.is_some() && figure.p75.is_some());
    let whiskers = any(&|figure| figure.p10.is_some() || figure.p90.is_some());
    let open = any(&|figure| figure.shape_of() == Some(FigureShape::Range) && (figure.low.is_none() || figure.high.is_none()));
    let change = chart.grouping == Grouping::Year && entries.iter().any(|entry| earlier(entry, all).is_some());
    canvas.y += 0.6;
    let items = [
        (has(FigureShape::Range), "chart.mark_range"),
        (open, "chart.mark_open"),
        (has(FigureShape::Point), "chart.mark_point"),
        (has(FigureShape::Distribution), "chart.mark_median"),
        (quartiles, "chart.mark_box"),
        (whiskers, "chart.mark_whisker"),
        (change, "chart.mark_before"),
    ];
    for (_, key) in items.into_iter().filter(|(there, _)| *there) {
        canvas.y += LEADING;
        match key {
            "chart.mark_range" => {
                canvas.bar("chart-range", "0.3em", "1.8em", 0.32);
                canvas.upright("chart-end", "0.3em", 0.5, 2);
                canvas.upright("chart-end", "2.1em", 0.5, 2);
            }
            "chart.mark_open" => {
                canvas.bar("chart-range", "0.3em", "1.8em", 0.32);
                canvas.upright("chart-end", "0.3em", 0.5, 2);
            }
            "chart.mark_whisker" => {
                canvas.across("chart-whisker", "0.3em", "2.1em", 2);
                canvas.upright("chart-whisker", "0.3em", 0.3, 2);
                canvas.upright("chart-whisker", "2.1em", 0.3, 2);
            }
            "chart.mark_point" => canvas.dot("chart-point", "1.2em"),
            "chart.mark_median" => canvas.upright("chart-median", "1.2em", 0.6, 4),
            "chart.mark_box" => canvas.bar("chart-box", "0.3em", "1.8em", 0.5),
            _ => canvas.dot("chart-before", "1.2em"),
        }
        canvas.legend("chart-legend", 2.8, &(chart.words)(key, &[])?);
    }
    canvas.y += 0.6;
    Ok(())
}
