//! Roles and what they pay.

use serde_json::{Value, json};

use super::node::Node;
use super::{Sight, pages, record_id};
use crate::portal::Portal;
use crate::records::{FigureShape, Figures, GenderForm, Kind, Period, Record, Role, Salary, SalaryFigure, Taxes};
use crate::schema::Known;

/// An occupation, with its numbers and what it pays.
pub(super) fn occupation(portal: &Portal, number: usize, role: &Role, sight: &mut dyn Sight) -> Value {
    let page = &portal.pages[number];
    let mut pay = Vec::new();
    for salary in sight.salaries(&page.slug) {
        sight.page(salary);
        if let Some(Record::Salary(salary)) = &portal.pages[salary].document.record {
            pay.extend(figures(portal, salary, sight));
        }
    }
    // Without a node of its own a number would be taken for one of O*NET-SOC.
    let codes = role.codes.iter().map(|code| {
        let set = Node::new("CategoryCodeSet").with("name", code.system.as_str());
        Node::new("CategoryCode")
            .with("codeValue", code.code.as_str())
            .maybe("name", code.label.as_deref())
            .maybe("url", code.url.as_ref().map(|url| url.0.to_string()))
            .with("inCodeSet", set)
            .into()
    });
    let names = role.other_names.iter().map(String::as_str);
    let own = (role.called(GenderForm::Name) != &*page.name).then(|| role.called(GenderForm::Name));
    Node::at("Occupation", record_id(portal, number))
        .with("name", &*page.name)
        .list("alternateName", own.into_iter().chain(names).map(|name| json!(name)).collect())
        .maybe("description", known(&role.definition))
        .with("url", &*page.permalink)
        .list("occupationalCategory", codes.collect())
        .list("responsibilities", role.tasks.iter().map(|task| json!(task.0.name)).collect())
        .list("skills", role.skills.iter().map(|skill| json!(skill.0.name)).collect())
        .maybe("educationRequirements", known(&role.education))
        .list("estimatedSalary", pay)
        .into()
}

/// The occupation of a salary page, with what that page says it pays.
pub(super) fn paid(portal: &Portal, salary: &Salary, sight: &mut dyn Sight) -> Option<Value> {
    let estimates = figures(portal, salary, sight);
    mention(portal, Kind::Role, &salary.role.id, sight).map(|node| node.list("estimatedSalary", estimates).into())
}

/// The record of another page: its type, address and name.
pub(super) fn mention(portal: &Portal, kind: Kind, id: &std::sync::Arc<str>, sight: &mut dyn Sight) -> Option<Node> {
    let number = portal.by_id.get(&(kind, id.clone())).copied()?;
    sight.page(number);
    let page = &portal.pages[number];
    let of = if kind == Kind::Role { "Occupation" } else { "EducationalOrganization" };
    Some(Node::at(of, record_id(portal, number)).with("name", &*page.name).with("url", &*page.permalink))
}

/// A text that may be unknown.
pub(super) fn known(text: &Option<Known<String>>) -> Option<&str> {
    text.as_ref().and_then(Known::known).map(String::as_str)
}

/// The figures that are estimates of gross pay for the role itself. Shares of those asked, figures of wider groups and net pay are none.
fn figures(portal: &Portal, salary: &Salary, sight: &mut dyn Sight) -> Vec<Value> {
    let Figures::Here(figures) = &salary.figures else { return Vec::new() };
    let estimates = figures.iter().filter(|figure| {
        figure.share.is_none() && figure.gross != Taxes::Net && figure.covers.is_none_or(|covers| covers.as_str() == "role")
    });
    estimates.filter_map(|figure| self::figure(portal, figure, sight)).collect()
}

/// A figure as it is: a point or a range as an amount, a distribution as one.
fn figure(portal: &Portal, figure: &SalaryFigure, sight: &mut dyn Sight) -> Option<Value> {
    let amount = |amount: Option<crate::records::Amount>| amount.and_then(|amount| serde_json::to_value(amount).ok());
    let currency = figure.currency.0.code();
    let period = figure.period.known().copied();
    let source = pages::source(portal, &figure.source.id, sight);
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
            Node::new("MonetaryAmount").with("currency", currency).with("value", value)
        }
    };
    Some(node.maybe("name", figure.label.as_deref()).maybe("description", figure.note.as_deref()).maybe("subjectOf", source).into())
}
