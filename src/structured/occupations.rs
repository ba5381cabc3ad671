//! Roles and what they pay.

use serde_json::{Value, json};

use super::mentions::{self, mention, record_id};
use super::node::Node;
use super::subject::Sight;
use crate::portal::{PageId, Portal};
use crate::records::{FigureShape, Figures, GenderForm, Kind, Moment, Period, Role, Salary, SalaryFigure, Taxes};
use crate::schema::{UNKNOWN, known};

/// An occupation, with its numbers and what it pays.
pub(super) fn occupation(portal: &Portal, number: PageId, role: &Role, sight: &mut dyn Sight) -> Value {
    let page = &portal.pages[number];
    let mut pay = Vec::new();
    for salary in sight.salaries(&page.slug) {
        sight.page(salary);
        if let Some(salary) = portal.pages[salary].salary() {
            pay.extend(figures(portal, salary, sight));
        }
    }
    // Without a node of its own a number would be taken for one of O*NET-SOC.
    let codes = role.codes.iter().map(|code| {
        let set = Node::new("CategoryCodeSet").with("name", code.system.as_str());
        Node::new("CategoryCode")
            .with("codeValue", code.code.as_str())
            .maybe("name", code.label.as_deref().filter(|label| *label != UNKNOWN))
            .maybe("url", code.url.as_ref().map(|url| url.0.to_string()))
            .with("inCodeSet", set)
            .into()
    });
    let names = role.other_names.iter().map(String::as_str);
    let own = (role.called(GenderForm::Name) != &*page.name).then(|| role.called(GenderForm::Name));
    Node::at("Occupation", record_id(portal, number))
        .with("name", &*page.name)
        .list("alternateName", own.into_iter().chain(names).map(|name| json!(name)).collect())
        .maybe("description", known(&role.definition).map(String::as_str))
        .with("url", &*page.permalink)
        .list("occupationalCategory", codes.collect())
        .list("responsibilities", role.tasks.iter().map(|task| json!(task.0.name)).collect())
        .list("skills", role.skills.iter().map(|skill| json!(skill.0.name)).collect())
        .maybe("educationRequirements", known(&role.education).map(String::as_str))
        .list("estimatedSalary", pay)
        .into()
}

/// The occupation of a salary page, with what that page says it pays.
pub(super) fn paid(portal: &Portal, salary: &Salary, sight: &mut dyn Sight) -> Option<Value> {
    let estimates = figures(portal, salary, sight);
    mention(portal, Kind::Role, &salary.role.id, sight).map(|node| node.list("estimatedSalary", estimates).into())
}

/// The figures that are estimates of pay for the role itself. Shares of those asked, figures of wider groups,
/// net pay, and amounts of which nobody knows whether they are for a year, a month or an hour are none.
fn figures(portal: &Portal, salary: &Salary, sight: &mut dyn Sight) -> Vec<Value> {
    let Figures::Here(figures) = &salary.figures else { return Vec::new() };
    let estimates = figures.iter().filter(|figure| {
        figure.share.is_none()
            && figure.gross != Taxes::Net
            && figure.period.known().is_some()
            && figure.covers.is_none_or(|covers| covers.as_str() == "role")
    });
    estimates.filter_map(|figure| self::figure(portal, figure, sight)).collect()
}

/// A figure as it is: a point or a range as an amount, a distribution as one.
fn figure(portal: &Portal, figure: &SalaryFigure, sight: &mut dyn Sight) -> Option<Value> {
    let amount = |amount: Option<crate::records::Amount>| amount.and_then(|amount| serde_json::to_value(amount).ok());
    let currency = figure.currency.0.code();
    let period = figure.period.known().copied();
    let source = mentions::source(portal, &figure.source.id, sight);
    // Only an amount of money has a day from which it holds; other dates stand in the description.
    let day = figure.as_of.known().and_then(|moment| match moment {
        Moment::Day(day) => Some(day.to_string()),
        Moment::Month(..) | Moment::Year(_) => None,
    });
    let node = match figure.shape_of()? {
        FigureShape::Distribution => Node::new("MonetaryAmountDistribution")
            .with("currency", currency)
            .maybe(
                "duration",
                period.map(|period| match period {
                    Period::Year => "P1Y",
                    Period::Month => "P1M",
                    Period::Hour => "PT1H",
                }),
            )
            .maybe("percentile10", amount(figure.p10))
            .maybe("percentile25", amount(figure.p25))
            .maybe("median", amount(figure.median))
            .maybe("percentile75", amount(figure.p75))
            .maybe("percentile90", amount(figure.p90)),
        // An amount of money has no period: that of pay is the unit of its value.
        FigureShape::Point | FigureShape::Range => {
            let value = Node::new("QuantitativeValue")
                .maybe("value", amount(figure.amount))
                .maybe("minValue", amount(figure.low))
                .maybe("maxValue", amount(figure.high))
                .maybe("unitText", period.map(|period| period.as_str().to_uppercase()));
            Node::new("MonetaryAmount").with("currency", currency).maybe("validFrom", day).with("value", value)
        }
    };
    Some(node.maybe("name", figure.label.as_deref()).maybe("description", described(figure, sight)).maybe("subjectOf", source).into())
}

/// What tells a figure from others, in the theme's words: whether anybody knows that it is gross, for whom,
/// where, of when, and the note.
fn described(figure: &SalaryFigure, sight: &mut dyn Sight) -> Option<String> {
    let mut parts = Vec::new();
    if figure.gross == Taxes::Unknown {
        parts.extend(sight.word("gross.unknown"));
    }
    if let Some(experience) = known(&figure.experience) {
        parts.extend(sight.word(&format!("experience.{}", experience.as_str())));
    }
    let as_of = figure.as_of.known().map(ToString::to_string);
    for (key, value) in [
        ("pay.population", known(&figure.population).map(String::as_str)),
        ("pay.region", known(&figure.region).map(String::as_str)),
        ("pay.employer_size", known(&figure.employer_size).map(String::as_str)),
        ("as_of", as_of.as_deref()),
    ] {
        if let Some(value) = value {
            parts.push(sight.word(key).map_or_else(|| value.to_owned(), |word| format!("{word}: {value}")));
        }
    }
    parts.extend(figure.note.clone());
    (!parts.is_empty()).then(|| parts.join("; "))
}
