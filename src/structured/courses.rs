//! Courses, when they take place, what they cost, and who offers them.

use serde_json::{Value, json};

use super::mentions::{mention, record_id};
use super::node::{Node, reference};
use super::subject::Sight;
use crate::portal::{PageId, Portal};
use crate::records::{Amount, Approval, Course, CredentialKind, Kind, Mode, Price, Provider, Session, Span, Unit, Workload};
use crate::schema::known;

/// A course, with its sessions that have not begun and its offer.
pub(super) fn course(portal: &Portal, number: PageId, course: &Course, sight: &mut dyn Sight) -> Value {
    let page = &portal.pages[number];
    let provider = mention(portal, Kind::Provider, &course.provider.id, sight);
    let offers = known(&course.price).map(|price| offer(portal, course, price));
    let required = known(&course.entry_requirements).into_iter().flatten();
    let funding = known(&course.funding).into_iter().flatten();
    let leads_to = course.leads_to.iter().filter_map(|role| mention(portal, Kind::Role, &role.id, sight)).map(Value::from).collect();
    // The approval of a distance course (§ 12 FernUSG).
    let approval = known(&course.approval).and_then(|approval| match approval {
        Approval::Number { number, .. } => {
            Some(Node::new("PropertyValue").with("propertyID", "FernUSG § 12").with("value", number.as_str()))
        }
        Approval::NotRequired(_) => None,
    });
    Node::at("Course", record_id(portal, number))
        .with("name", &*page.name)
        .maybe("description", page.front.description.as_deref())
        .with("url", &*page.permalink)
        .maybe("identifier", approval)
        .maybe("provider", provider)
        .list("about", leads_to)
        .maybe("timeRequired", known(&course.duration).map(duration))
        .list("coursePrerequisites", required.map(|text| json!(text)).collect())
        .maybe("educationalCredentialAwarded", credential(course, sight))
        .list("financialAidEligible", funding.map(|funding| json!(funding.name)).collect())
        .maybe("offers", offers)
        .list("hasCourseInstance", instances(portal, number, course, sight))
        .into()
}

/// What one holds in hand at the end; none where there is nothing, or nobody knows its name.
fn credential(course: &Course, sight: &mut dyn Sight) -> Option<Node> {
    let credential = known(&course.credential)?;
    let name = credential.name.known()?;
    let kind = known(&credential.kind);
    if kind == Some(&CredentialKind::None) {
        return None;
    }
    let category = kind.and_then(|kind| sight.word(&format!("credential_kind.{}", kind.as_str())));
    let awarded_by = known(&credential.awarded_by).map(String::as_str).map(|name| Node::new("Organization").with("name", name));
    let node = Node::new("EducationalOccupationalCredential").with("name", name.as_str());
    Some(node.maybe("description", credential.text.as_deref()).maybe("credentialCategory", category).maybe("recognizedBy", awarded_by))
}

fn offer(portal: &Portal, course: &Course, price: &Price) -> Node {
    let amount = json!(price.amount);
    let currency = price.currency.0.code();
    let seller = portal.by_id.get(&(Kind::Provider, course.provider.id.clone())).map(|number| reference(&record_id(portal, *number)));
    Node::new("Offer")
        .with("category", if price.amount.0 == 0 { "Free" } else { "Paid" })
        .with("price", amount)
        .with("priceCurrency", currency)
        .list("priceSpecification", total(price).into_iter().chain(instalments(price)).map(Value::from).collect())
        .maybe("url", course.link.as_ref().map(|link| link.url.0.to_string()))
        .maybe("seller", seller)
}

fn amount(amount: Amount, price: &Price) -> Node {
    Node::new("UnitPriceSpecification").with("price", json!(amount)).with("priceCurrency", price.currency.0.code())
}

/// What is to be said about the total: whether value added tax is in it, and what must be paid beside it. Of
/// a course that is exempt from the tax there is no word: that it is not included would mean that it comes on
/// top.
fn total(price: &Price) -> Option<Node> {
    let included = (price.vat.as_str() == "included").then_some(true);
    let beside = known(&price.additional_costs).map(String::as_str);
    let says_more = included.is_some() || beside.is_some();
    says_more.then(|| amount(price.amount, price).maybe("valueAddedTaxIncluded", included).maybe("description", beside))
}

/// The other way to pay: in parts. How long that goes on is known where their interval is.
fn instalments(price: &Price) -> Option<Node> {
    let parts = price.instalments.as_ref()?;
    let node = amount(parts.amount, price).with("priceComponentType", "https://schema.org/Installment");
    // Units of time as UN/CEFACT Recommendation 20 codes them.
    let Some(unit) = parts.interval.map(|interval| match interval {
        Unit::Hour => "HUR",
        Unit::Day => "DAY",
        Unit::Week => "WEE",
        Unit::Month => "MON",
        Unit::Year => "ANN",
    }) else {
        return Some(node);
    };
    Some(node.with("billingIncrement", 1).with("billingDuration", parts.count).with("unitCode", unit))
}

/// The sessions that have not begun; where none is known, how the course is taught at any time.
fn instances(portal: &Portal, number: PageId, course: &Course, sight: &mut dyn Sight) -> Vec<Value> {
    let mode = known(&course.mode).copied();
    let workload = known(&course.workload);
    let mut instances: Vec<Value> = Vec::new();
    if known(&course.sessions).is_some_and(|sessions| !sessions.is_empty()) {
        sight.sessions(number);
        instances.extend(course.upcoming(portal.as_of).map(|session| instance(session, mode, workload)));
    }
    if instances.is_empty() {
        let node = with_workload(Node::new("CourseInstance").maybe("courseMode", mode.map(mode_word)), workload);
        instances.extend((!node.is_bare()).then(|| node.into()));
    }
    instances
}

fn instance(session: &Session, mode: Option<Mode>, workload: Option<&Workload>) -> Value {
    let own = match &session.mode {
        Some(own) => own.known().copied(),
        None => mode,
    };
    let place = known(&session.place).map(String::as_str).map(|place| Node::new("Place").with("name", place));
    let schedule =
        Node::new("Schedule").with("startDate", session.start.0.to_string()).maybe("endDate", session.end.map(|day| day.0.to_string()));
    let node = Node::new("CourseInstance")
        .maybe("courseMode", own.map(mode_word))
        .with("startDate", session.start.0.to_string())
        .maybe("endDate", session.end.map(|day| day.0.to_string()))
        .maybe("location", place)
        .maybe("description", session.note.as_deref());
    let Some(workload) = workload else { return node.with("courseSchedule", schedule).into() };
    match repeated(workload) {
        Some(every) => node.with("courseSchedule", schedule.with("repeatFrequency", every).with("duration", hours(workload))).into(),
        None => node.with("courseSchedule", schedule).with("courseWorkload", hours(workload)).into(),
    }
}

/// How much work it is: of the whole course, or as a schedule that comes again.
fn with_workload(node: Node, workload: Option<&Workload>) -> Node {
    let Some(workload) = workload else { return node };
    match repeated(workload) {
        Some(every) => node.with("courseSchedule", Node::new("Schedule").with("repeatFrequency", every).with("duration", hours(workload))),
        None => node.with("courseWorkload", hours(workload)),
    }
}

/// How often a workload comes again; none where it is that of the whole course.
fn repeated(workload: &Workload) -> Option<&'static str> {
    match workload.per.as_str() {
        "week" => Some("P1W"),
        "month" => Some("P1M"),
        _ => None,
    }
}

fn hours(workload: &Workload) -> String {
    format!("PT{}H", workload.hours)
}

/// The word for a mode; those of the documentation of search engines, where they have one.
fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Presence => "Onsite",
        Mode::OnlineLive | Mode::OnlineSelfPaced => "Online",
        Mode::Blended => "Blended",
        Mode::Distance => "Distance",
    }
}

/// A span as ISO 8601 writes it.
fn duration(span: &Span) -> String {
    let (before, unit) = match span.unit {
        Unit::Hour => ("PT", 'H'),
        Unit::Day => ("P", 'D'),
        Unit::Week => ("P", 'W'),
        Unit::Month => ("P", 'M'),
        Unit::Year => ("P", 'Y'),
    };
    format!("{before}{}{unit}", span.value)
}

/// Who offers courses.
pub(super) fn provider(portal: &Portal, number: PageId, provider: &Provider) -> Value {
    let page = &portal.pages[number];
    let address = known(&provider.address).map(|address| {
        Node::new("PostalAddress")
            .maybe("streetAddress", known(&address.street).map(String::as_str))
            .maybe("postalCode", known(&address.postal_code).map(String::as_str))
            .with("addressLocality", address.city.as_str())
            .maybe("addressCountry", address.country.as_deref())
    });
    Node::at("EducationalOrganization", record_id(portal, number))
        .with("name", &*page.name)
        .maybe("legalName", provider.legal_name.known().map(String::as_str))
        .maybe("description", page.front.description.as_deref())
        .maybe("url", known(&provider.website).map(|url| url.0.to_string()))
        .with("mainEntityOfPage", &*page.permalink)
        .maybe("address", address)
        .maybe("foundingDate", known(&provider.founded).map(ToString::to_string))
        .into()
}
