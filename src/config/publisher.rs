//! `[publisher]`: who publishes the portal.

use serde::{Serialize, Serializer};

use crate::diagnostic::{Diagnostic, text};
use crate::schema::{Decode, Field, Node, Reader, Shape, Table, TableReader, Value, table};

table! {
    /// Who publishes the portal: what § 5 DDG and § 18(2) MStV want to be named, and what a privacy notice
    /// needs (Art. 13 GDPR).
    pub struct Publisher in "[publisher]" {
        /// Name of the person or company.
        name: Fill = "\"Example GmbH\"",
        /// Legal form, where the name does not say it.
        legal_form: Option<Fill> = "\"GmbH\"",
        /// Street and number; no post-office box.
        street: Option<Fill> = "\"Main Street 1\"",
        /// Postal code.
        postal_code: Option<Fill> = "\"12345\"",
        /// Town.
        city: Option<Fill> = "\"Example\"",
        /// Country.
        country: Option<Fill> = "\"Germany\"",
        /// E-mail address.
        email: Option<Fill> = "\"mail@example.org\"",
        /// Telephone number.
        phone: Option<Fill> = "\"+49 …\"",
        /// Who speaks for it.
        represented_by: Vec<Fill> = "[\"First Last\"]",
        /// The court that keeps the register.
        register_court: Option<Fill> = "\"Local Court of Example\"",
        /// The number in the register.
        register_number: Option<Fill> = "\"HRB 1\"",
        /// VAT number (§ 27a UStG).
        vat_id: Option<Fill> = "\"DE…\"",
        /// Business number (§ 139c AO).
        business_id: Option<Fill> = "\"DE…\"",
        /// Who supervises it, where somebody does.
        supervisory_authority: Option<Fill> = "\"…\"",
        /// Who answers for the editorial content (§ 18(2) MStV).
        editor_name: Option<Fill> = "\"First Last\"",
        /// That person's address.
        editor_address: Option<Fill> = "\"Main Street 1, 12345 Example\"",
        /// Who runs the servers.
        hosting_provider: Option<Fill> = "\"Example Hosting GmbH\"",
        /// Where they sit.
        hosting_address: Option<Fill> = "\"Main Street 2, 12345 Example\"",
        /// How long logs of the servers are kept.
        log_retention: Option<Fill> = "\"7 days\"",
        /// Whom to ask about data protection.
        data_protection_contact: Option<Fill> = "\"privacy@example.org\"",
    }
}

/// A text, or a gap that only the publisher can fill: `{ placeholder = "what belongs here" }`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// The text.
    Text(String),
    /// What belongs here.
    Placeholder(String),
}

impl Fill {
    /// The text; none where it is a gap.
    pub fn text(&self) -> Option<&str> {
        match self {
            Fill::Text(text) => Some(text),
            Fill::Placeholder(_) => None,
        }
    }
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fill::Text(text) => serializer.serialize_str(text),
            Fill::Placeholder(text) => serializer.collect_map([("placeholder", text)]),
        }
    }
}

impl Decode for Fill {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if let Value::Table(_) = node.value {
            let mut table = TableReader::open(node, "a placeholder", reader)?;
            let text: Option<String> = table.get("placeholder", reader);
            table.finish(reader);
            let text = text?;
            let finding = Diagnostic::new("placeholder", text!("a gap is left to fill: {text}", text))
                .at(reader.place(node.span.clone()))
                .help("write the text in place of `{ placeholder = … }`");
            reader.findings.push(finding);
            return Some(Fill::Placeholder(text));
        }
        String::decode(node, reader).map(Fill::Text)
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![
            Shape::Text,
            Shape::Table(Table {
                label: "a placeholder",
                doc: String::from("A gap that only the publisher can fill."),
                fields: vec![Field {
                    key: "placeholder",
                    doc: String::from("What belongs here."),
                    shape: Shape::Text,
                    required: true,
                    example: "\"what belongs here\"",
                }],
            }),
        ])
    }
}
