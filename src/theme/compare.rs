//! The functions and filters by which readers compare pay: charts, and pay for another period.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::{record, rendering};
use super::scope::Rendering;
use super::template_errors::spoken;
use crate::charts::{Grouping, PayChart, PayEntry, pay_charts};
use crate::diagnostic::{Text, list, text};
use crate::reads::{Read, note};
use crate::records::{Amount, Basis, Figures, Kind, Period, Taxes, WEEKS_A_YEAR, headlines};
use crate::schema::UNKNOWN;
use crate::values::{field, map};
use crate::words::filled;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("pay_chart", pay_chart);
    tera.register_function("headline_pay", headline_pay);
    tera.register_filter("in_period", in_period);
}

/// The theme's word with what is to be put into it; the word counts as read.
pub(super) fn word(rendering: &Rendering, key: &str, put: &[(&str, &str)]) -> Result<String, Text> {
    let word = rendering.word(key, None)?;
    Ok(filled(word, put.iter().copied()))
}

/// Charts of the figures of a salary: an array of `{title, svg}`, one for each unit of pay.
fn pay_chart(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["salary", "by", "id"])?;
    let rendering = rendering()?;
    let salary = kwargs.must_get::<&str>("salary")?;
    let by = kwargs.get::<&str>("by")?.unwrap_or("source");
    let grouping = Grouping::from_name(by)
        .ok_or_else(|| spoken(text!("charts of pay are not grouped by `{by}`; use {names}", by, names = list(Grouping::NAMES))))?;
    let own_id = format!("chart-{salary}-{by}");
    let id = kwargs.get::<&str>("id")?.unwrap_or(&own_id);
    let (_, page) = record(&rendering, Kind::Salary, salary)?;
    let Some(salary) = page.salary() else { return Ok(Value::from(Vec::<Value>::new())) };
    let Figures::Here(figures) = &salary.figures else { return Ok(Value::from(Vec::<Value>::new())) };
    let words = |key: &str, put: &[(&str, &str)]| word(&rendering, key, put);
    let mut entries = Vec::with_capacity(figures.len());
    for figure in figures.iter() {
        note(Read::Source(figure.source.id.clone()));
        let publisher = rendering.portal.sources.get(&figure.source.id).map_or(&*figure.source.id, |source| source.publisher.as_str());
        let label = match &figure.label {
            Some(label) => label.clone(),
            None => words("chart.no_label", &[]).map_err(spoken)?,
        };
        entries.push(PayEntry { figure, label, publisher: publisher.to_owned() });
    }
    let locale = rendering.locale();
    let chart = PayChart { id, name: &page.name, entries: &entries, grouping, locale, words: &words };
    let drawn = pay_charts(&chart).map_err(spoken)?;
    let values = drawn
        .into_iter()
        .map(|drawn| Value::from(map([("title", Value::from(drawn.title)), ("svg", Value::safe_string(&drawn.svg))])))
        .collect::<Vec<_>>();
    Ok(Value::from(values))
}

/// The figures that answer first what a role pays: an array, of the role itself and of a wider group, as far as
/// they are known. Each has the keys of a figure, and `count` (how many figures it is made of), `since` (the
/// oldest of their dates) and `sources`.
fn headline_pay(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["salary"])?;
    let rendering = rendering()?;
    let (_, page) = record(&rendering, Kind::Salary, kwargs.must_get::<&str>("salary")?)?;
    let found = match page.salary().map(|salary| &salary.figures) {
        Some(Figures::Here(figures)) => headlines(figures),
        _ => Vec::new(),
    };
    Ok(Value::from_serializable(&found))
}

/// A figure of a salary for another period, with what that was counted with: `{…, period, converted: {from,
/// hours_a_week, hours_assumed, months_paid, months_assumed, weeks_a_year}}`; what was not needed is none,
/// and `…_assumed` is true where the figure does not say. Unknown where the figure's own period is, and for
/// net pay of another period: taxes and contributions of a year are not those of twelve months, or of hours.
fn in_period(figure: &Value, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["to"])?;
    let rendering = rendering()?;
    let to = period(kwargs.must_get::<&str>("to")?)?;
    let Some(from) = field(figure, "period").and_then(Value::as_str) else {
        return Err(spoken(text!("the filter `in_period` takes a figure of a salary, not {found}", found = figure.name())));
    };
    if from == UNKNOWN {
        return Ok(Value::from(UNKNOWN));
    }
    let from = period(from)?;
    if from != to && field(figure, "gross").and_then(Value::as_str) == Some(Taxes::Net.as_str()) {
        return Ok(Value::from(UNKNOWN));
    }
    note(Read::Config);
    let setting = rendering.portal.config.pay_basis();
    let said = |name: &'static str| field(figure, name).and_then(Value::as_f64);
    let basis = Basis {
        hours_a_week: said("hours_a_week").unwrap_or(setting.hours_a_week),
        months_paid: said("months_paid").unwrap_or(setting.months_paid),
    };
    let mut converted = figure.as_map().cloned().unwrap_or_default();
    for name in ["amount", "low", "high", "median", "p10", "p25", "p75", "p90"] {
        if let Some(units) = field(figure, name).and_then(Value::as_f64) {
            // Cast: bounded, as amounts are when they are read.
            let amount = basis.convert(Amount((units * 100.0).round() as i64), from, to);
            converted.insert(name.into(), Value::from_serializable(&amount));
        }
    }
    let needs = |period: Period| from != to && (from == period || to == period);
    let assumed = |needed: bool, number: f64| if needed { Value::from(number) } else { Value::none() };
    converted.insert("period".into(), Value::from(to.as_str()));
    converted.insert(
        "converted".into(),
        Value::from(map([
            ("from", Value::from(from.as_str())),
            ("hours_a_week", assumed(needs(Period::Hour), basis.hours_a_week)),
            ("hours_assumed", Value::from(said("hours_a_week").is_none())),
            ("weeks_a_year", assumed(needs(Period::Hour), WEEKS_A_YEAR)),
            ("months_paid", assumed(needs(Period::Month), basis.months_paid)),
            ("months_assumed", Value::from(said("months_paid").is_none())),
        ])),
    );
    Ok(Value::from(converted))
}

fn period(name: &str) -> TeraResult<Period> {
    [Period::Year, Period::Month, Period::Hour]
        .into_iter()
        .find(|period| period.as_str() == name)
        .ok_or_else(|| spoken(text!("there is no period `{name}`; there are `year`, `month`, `hour`", name)))
}
