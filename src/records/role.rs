//! Roles: what people do for a living.
//!
//! The keys follow what role pages of public career services have in common (UK National Careers Service; US Occupational Outlook Handbook).

use super::figure::{Day, Web};
use super::reference::Reference;
use super::source::Source;
use crate::schema::{Decode, Known, Node, Reader, Shape, table, words};

table! {
    /// An occupation, or a role within one.
    pub struct Role in "[role]" {
        /// What the role is called.
        name: String = "\"Social Media Manager\"",
        /// The form that names all genders.
        gender_fair: Option<Known<String>> = "\"Social Media Manager (all genders)\"",
        /// Other names it goes by.
        other_names: Vec<String> = "[\"Community Manager\"]",
        /// What it is, in one or two sentences.
        definition: Option<Known<String>> = "\"Speaks for a company in online networks.\"",
        /// Its numbers in classifications of occupations.
        codes: Vec<Code> = "[{ system = \"ISCO-08\", code = \"2431\", source = \"some-source\" }]",
        /// What people in the role do.
        tasks: Vec<Item> = "[{ name = \"Monitoring\", text = \"Reads what is said.\" }]",
        /// What they must be able to do.
        skills: Vec<Item> = "[{ name = \"Writing\", text = \"Short and clear.\" }]",
        /// How one gets there.
        ways_in: Vec<WayIn> = "[{ name = \"Further training\", text = \"A course beside the job.\" }]",
        /// The schooling it usually asks for.
        education: Option<Known<String>> = "\"unknown\"",
        /// Where the work is done.
        workplace: Option<Known<String>> = "\"Office, or at home\"",
        /// When and how long people work.
        working_time: Option<Known<String>> = "\"unknown\"",
        /// Whether there is a state-recognised training for it.
        regulated: Option<Known<bool>> = "false",
        /// Roles near to it.
        related: Vec<Reference<Role>> = "[\"online-community-manager\"]",
        /// When somebody last went through all of this.
        reviewed: Option<Day> = "2026-03-01",
    }
}

table! {
    /// The number of an occupation in a classification.
    pub struct Code in "a code" {
        /// Which classification.
        system: System = "\"ISCO-08\"",
        /// The number.
        code: String = "\"2431\"",
        /// What the classification calls it.
        label: Option<String> = "\"Advertising and marketing professionals\"",
        /// Its address in the classification.
        url: Option<Web> = "\"https://www.example.org/occupation/2431\"",
        /// Who says that the number fits.
        source: Reference<Source> = "\"some-source\"",
    }
}

words! {
    /// Classifications of occupations.
    pub enum System in "classification" {
        /// Klassifikation der Berufe 2010, Bundesagentur für Arbeit.
        Kldb = "KldB 2010",
        /// Dokumentationskennziffer, Bundesagentur für Arbeit.
        Dkz = "DKZ",
        /// International Standard Classification of Occupations, ILO.
        Isco = "ISCO-08",
        /// European Skills, Competences, Qualifications and Occupations, European Commission.
        Esco = "ESCO",
        /// O*NET-SOC, US Department of Labor.
        Onet = "O*NET-SOC",
    }
}

table! {
    /// Something with a name, and what is to be said about it.
    pub struct NamedText in "an item" {
        /// The name.
        name: String = "\"Monitoring\"",
        /// What is to be said about it.
        text: Option<String> = "\"Reads what is said about the company.\"",
    }
}

/// A task or skill: a name alone, or a name with a text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Item(pub NamedText);

impl Decode for Item {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            crate::schema::Value::String(name) => Some(Self(NamedText { name: name.to_string(), text: None })),
            _ => NamedText::decode(node, reader).map(Self),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Text, NamedText::shape()])
    }
}

table! {
    /// A way into a role.
    pub struct WayIn in "a way in" {
        /// What it is called.
        name: String = "\"Further training\"",
        /// How it goes.
        text: Option<String> = "\"A course beside the job.\"",
        /// How long it takes, in words.
        duration: Option<Known<String>> = "\"unknown\"",
        /// What it asks for.
        requirements: Option<Known<String>> = "\"unknown\"",
    }
}
