//! Courses: what is taught, by whom, for how long, at what price, and whether it may be sold.
//!
//! What is offered (the course) is kept apart from when it takes place (its sessions), as the catalogue of
//! the Bundesagentur für Arbeit does.

use serde::{Serialize, Serializer};

use super::age::Aspect;
use super::annotations::{Annotations, WrittenAt};
use super::figure::{Amount, CurrencyCode, Span, Unit};
use super::moment::{Day, Moment};
use super::provider::Provider;
use super::reference::Reference;
use super::role::Role;
use super::source::Source;
use super::web::Web;
use crate::diagnostic::text;
use crate::schema::{Decode, Known, Node, Reader, Shape, TableReader, known, table, words};

table! {
    /// A course of training.
    pub struct Course in "[course]" {
        /// What it is called; the page's title where it is left out.
        name: Option<String> = "\"Social Media Manager\"",
        /// Who offers it: the id of a provider, which is the slug of its page.
        provider: Reference<Provider> = "\"example-academy\"",
        /// The roles it leads to: ids of role pages.
        leads_to: Vec<Reference<Role>> = "[\"social-media-manager\"]",
        /// What one holds in hand at the end.
        credential: Option<Known<Credential>> = "{ name = \"Certificate\", awarded_by = \"Example Academy\", kind = \"provider\" }",
        /// How it is taught.
        mode: Option<Known<Mode>> = "\"distance\"",
        /// Who says how it is taught.
        mode_source: Option<Reference<Source>> = "\"some-source\"",
        /// How long it takes.
        duration: Option<Known<Span>> = "{ months = 12, source = \"some-source\" }",
        /// What other sources say of the duration: shown beside it, each with source and date, and never
        /// averaged.
        other_durations: Option<Vec<Span>> = "[{ months = 10, source = \"other-source\", as_of = \"2025\" }]",
        /// How much longer one may take at no charge.
        extension: Option<Known<Span>> = "{ months = 6, source = \"some-source\" }",
        /// How long one may try it first.
        trial: Option<Known<Span>> = "{ weeks = 4, source = \"some-source\" }",
        /// How much work it is.
        workload: Option<Known<Workload>> = "{ hours = 10, per = \"week\", source = \"some-source\" }",
        /// What one must bring.
        entry_requirements: Option<Known<Vec<String>>> = "[\"Three years in the trade\"]",
        /// Who says what one must bring.
        entry_source: Option<Reference<Source>> = "\"some-source\"",
        /// What it costs in total.
        price: Option<Known<Price>> = "{ amount = 2490, currency = \"EUR\", vat = \"unknown\", source = \"some-source\", as_of = 2026-03-01 }",
        /// What other sources say it costs: shown beside the price, each with source and date, and never
        /// averaged.
        other_prices: Option<Vec<Price>> = "[{ amount = 2390, currency = \"EUR\", vat = \"unknown\", source = \"other-source\", as_of = \"2025\" }]",
        /// Whether it is approved as a distance course, or need not be (§ 12 FernUSG; without approval the
        /// contract is void, § 7).
        approval: Option<Known<Approval>> = "{ number = \"7123456\", source = \"some-source\" }",
        /// What may pay for it.
        funding: Option<Known<Vec<Funding>>> = "[{ name = \"Education voucher\" }]",
        /// When it takes place.
        sessions: Option<Known<Vec<Session>>> = "[{ start = 2026-03-01, end = 2026-09-30, place = \"Hamburg\" }]",
        /// Where to read more at the provider, and whether the link is paid for (§ 5a(4) UWG: then it is
        /// labelled).
        link: Option<Link> = "{ url = \"https://www.example.org/course\", sponsored = false }",
        /// What the editors make of it, in a sentence or two.
        verdict: Option<String> = "\"Thorough, and dear\"",
        /// Whom it suits.
        suits: Option<Vec<String>> = "[\"Who has two evenings a week\"]",
        /// Whom it does not suit.
        does_not_suit: Option<Vec<String>> = "[\"Who needs a degree\"]",
        /// When somebody last went through all of this.
        verified: Option<Day> = "2026-03-01",
    }
}

impl Course {
    /// Notes what of it bears a date, and what names no source.
    pub(super) fn annotate(&self, at: WrittenAt<'_, '_>, notes: &mut Annotations) {
        if let Some(price) = known(&self.price) {
            notes.date(Aspect::CoursePrice, price.as_of.known().copied(), "the price", at.find("price"), "as_of");
        }
        for (price, at) in self.other_prices.iter().flatten().zip(at.items("other_prices")) {
            notes.date(Aspect::CoursePrice, price.as_of.known().copied(), "another price", at, "as_of");
        }
        for (key, what, span) in [
            ("duration", "the duration", &self.duration),
            ("extension", "the extension", &self.extension),
            ("trial", "the trial", &self.trial),
        ] {
            let as_of = known(span).and_then(|span| known(&span.as_of));
            notes.date(Aspect::CourseDuration, as_of.copied(), what, at.find(key), "as_of");
        }
        for (span, at) in self.other_durations.iter().flatten().zip(at.items("other_durations")) {
            notes.date(Aspect::CourseDuration, known(&span.as_of).copied(), "another duration", at, "as_of");
        }
        if let Some(workload) = known(&self.workload) {
            notes.date(Aspect::CourseWorkload, known(&workload.as_of).copied(), "the workload", at.find("workload"), "as_of");
        }
        for (session, at) in known(&self.sessions).into_iter().flatten().zip(at.items("sessions")) {
            let as_of = known(&session.as_of).copied();
            notes.date_until(session.start.0, Aspect::CourseSessions, as_of, "the session", at, "as_of");
        }
        notes.date(Aspect::CourseVerified, self.verified, "the last look at the course", at, "verified");
        if let Some(Approval::Number { source, .. }) = known(&self.approval) {
            notes.source(source.as_ref(), "the approval", at.find("approval"));
        }
        if let Some(credential) = known(&self.credential) {
            notes.source(credential.source.as_ref(), "the credential", at.find("credential"));
        }
        for (funding, at) in known(&self.funding).into_iter().flatten().zip(at.items("funding")) {
            notes.source(funding.source.as_ref(), "the funding", at);
        }
    }
}

words! {
    /// How a course is taught; the groups of the catalogue of the Bundesagentur für Arbeit.
    pub enum Mode in "mode" {
        /// In a room.
        Presence = "presence",
        /// Online, at fixed times.
        OnlineLive = "online-live",
        /// Online, at one's own times.
        OnlineSelfPaced = "online-self-paced",
        /// Partly in a room, partly online.
        Blended = "blended",
        /// At a distance, with letters or online, and with learning watched over (FernUSG).
        Distance = "distance",
    }
}

table! {
    /// What one holds in hand at the end.
    pub struct Credential in "a credential" {
        /// What it is called.
        name: Known<String> = "\"Certificate\"",
        /// Who awards it.
        awarded_by: Option<Known<String>> = "\"Example Academy\"",
        /// What it rests on.
        kind: Option<Known<CredentialKind>> = "\"provider\"",
        /// What is to be said about it.
        text: Option<String> = "\"No degree after the Vocational Training Act\"",
        /// Who says so.
        source: Option<Reference<Source>> = "\"some-source\"",
    }
}

words! {
    /// What a credential rests on.
    pub enum CredentialKind in "kind of credential" {
        /// State law.
        State = "state",
        /// The rules of a chamber.
        Chamber = "chamber",
        /// The rules of a university.
        University = "university",
        /// The rules of an association.
        Association = "association",
        /// The provider's own rules.
        Provider = "provider",
        /// There is none.
        None = "none",
    }
}

table! {
    /// How much work a course is.
    pub struct Workload in "a workload" {
        /// Hours.
        hours: f64 = "10",
        /// Of the whole course, or of a week or month.
        per: Per = "\"week\"",
        /// Who says so.
        source: Reference<Source> = "\"some-source\"",
        /// As of when.
        as_of: Option<Known<Moment>> = "\"2026-03\"",
    }
    check positive_hours
}

words! {
    /// What a workload is counted for.
    pub enum Per in "span" {
        /// The whole course.
        Total = "total",
        /// A week.
        Week = "week",
        /// A month.
        Month = "month",
    }
}

/// The most hours of a workload: beyond it a figure is a slip.
const MOST_HOURS: f64 = 100_000.0;

fn positive_hours(workload: &Workload, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    if workload.hours > 0.0 && workload.hours <= MOST_HOURS {
        return Some(());
    }
    reader.report(
        "out-of-range",
        node.span.clone(),
        text!("a workload of {hours} hours cannot be", hours = workload.hours),
        text!("write a number above 0 and at most {most}, or \"unknown\"", most = MOST_HOURS),
    );
    None
}

table! {
    /// What a course costs in total (§ 3 PAngV: the total price, with everything that must be paid).
    pub struct Price in "a price" {
        /// The total, in whole units of the currency.
        amount: Amount = "2490",
        /// The currency, as ISO 4217.
        currency: CurrencyCode = "\"EUR\"",
        /// Whether value added tax is in it (§ 6 PAngV), or the course is exempt (§ 4 Nr. 21 UStG).
        vat: Vat = "\"unknown\"",
        /// That it may be paid in parts.
        instalments: Option<Instalments> = "{ count = 12, amount = 207.50 }",
        /// What must be paid beside it, in words.
        additional_costs: Option<Known<String>> = "\"Examination fee: unknown\"",
        /// Who says so.
        source: Reference<Source> = "\"some-source\"",
        /// As of when.
        as_of: Known<Moment> = "2026-03-01",
    }
    check instalments_reach_total
}

words! {
    /// Whether value added tax is in a price.
    pub enum Vat in "word on VAT" {
        /// It is.
        Included = "included",
        /// The course is exempt from it.
        Exempt = "exempt",
        /// The source does not say.
        Unknown = "unknown",
    }
}

table! {
    /// That a price may be paid in parts.
    pub struct Instalments in "instalments" {
        /// How many.
        count: u32 = "12",
        /// How much each.
        amount: Amount = "207.50",
        /// How often.
        interval: Option<Unit> = "\"month\"",
    }
}

fn instalments_reach_total(price: &Price, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let Some(parts) = &price.instalments else { return Some(()) };
    let sum = parts.amount.0.saturating_mul(i64::from(parts.count));
    // Rounding each part may cost up to a cent a part; a sum clearly below the total is a slip.
    if sum + i64::from(parts.count) < price.amount.0 {
        let message = text!(
            "{count} instalments of {amount} do not reach the total of {total}",
            count = parts.count,
            amount = parts.amount.units(),
            total = price.amount.units()
        );
        reader.report("instalments", node.span.clone(), message, "check count and amount against the total price");
        return None;
    }
    Some(())
}

/// The approval of a distance course after § 12 FernUSG.
#[derive(Clone, Debug, PartialEq)]
pub enum Approval {
    /// It is approved under this number.
    Number {
        /// The number of the approval.
        number: String,
        /// Who says so.
        source: Option<Reference<Source>>,
    },
    /// It needs none, for this reason.
    NotRequired(String),
}

impl Serialize for Approval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        match self {
            Approval::Number { number, source } => {
                map.serialize_entry("number", number)?;
                map.serialize_entry("source", source)?;
            }
            Approval::NotRequired(reason) => map.serialize_entry("not_required", reason)?,
        }
        map.end()
    }
}

impl Decode for Approval {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let mut table = TableReader::open(node, "an approval", reader)?;
        let number: Option<String> = table.get("number", reader)?;
        let source = table.get("source", reader)?;
        let reason: Option<String> = table.get("not_required", reader)?;
        table.finish(reader);
        match (number, reason) {
            (Some(number), None) => Some(Approval::Number { number, source }),
            (None, Some(reason)) => Some(Approval::NotRequired(reason)),
            _ => {
                reader.report(
                    "approval",
                    node.span.clone(),
                    "an approval has either a `number` or a reason why it is `not_required`",
                    "write `{ number = \"…\" }`, `{ not_required = \"reason\" }`, or \"unknown\"",
                );
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Table(crate::schema::Table {
            label: "an approval",
            doc: String::from("The approval of a distance course (§ 12 FernUSG): its number, or why none is needed."),
            fields: [
                ("number", "The number of the approval.", Shape::Text, "\"7123456\""),
                ("source", "Who says so: an id of content/sources.toml.", Reference::<Source>::shape(), "\"some-source\""),
                ("not_required", "Why no approval is needed.", Shape::Text, "\"Taught in a room\""),
            ]
            .into_iter()
            .map(|(key, doc, shape, example)| crate::schema::Field { key, doc: doc.to_owned(), shape, required: false, example })
            .collect(),
        })
    }
}

table! {
    /// What may pay for a course.
    pub struct Funding in "a funding" {
        /// What it is called.
        name: String = "\"Education voucher\"",
        /// The number of the measure.
        number: Option<Known<String>> = "\"unknown\"",
        /// Who says so.
        source: Option<Reference<Source>> = "\"some-source\"",
    }
}

table! {
    /// When and where a course takes place.
    pub struct Session in "a session" {
        /// The first day.
        start: Day = "2026-03-01",
        /// The last day.
        end: Option<Day> = "2026-09-30",
        /// Where.
        place: Option<Known<String>> = "\"Hamburg\"",
        /// How it is taught, where that differs from the course.
        mode: Option<Known<Mode>> = "\"presence\"",
        /// What is to be said about it.
        note: Option<String> = "\"Evenings\"",
        /// Who says so.
        source: Option<Reference<Source>> = "\"some-source\"",
        /// As of when: a day, a month, a year, or unknown.
        as_of: Option<Known<Moment>> = "\"2026-03\"",
    }
    check ends_after_start
}

fn ends_after_start(session: &Session, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    match session.end {
        Some(end) if end < session.start => {
            let message = text!("the session ends on {end} before it starts on {start}", end = end.0, start = session.start.0);
            reader.report("dates-reversed", node.span.clone(), message, "swap `start` and `end`, or mend the year");
            None
        }
        _ => Some(()),
    }
}

table! {
    /// A link to the provider.
    pub struct Link in "a link" {
        /// The address.
        url: Web = "\"https://www.example.org/course\"",
        /// Whether somebody pays for it: `true` or `false`.
        sponsored: bool = "false",
    }
}
