//! Roles: what people do for a living.
//!
//! The keys follow what role pages of public career services have in common (UK National Careers Service; US
//! Occupational Outlook Handbook).

use super::moment::Day;
use super::reference::Reference;
use super::source::Source;
use super::web::{LanguageTag, Web};
use crate::schema::{Decode, Known, Node, Reader, Shape, known, table, words};

table! {
    /// An occupation, or a role within one.
    pub struct Role in "[role]" {
        /// What the role is called.
        name: String = "\"Social Media Manager\"",
        /// The form that names all genders.
        gender_fair: Option<Known<String>> = "\"Social Media Manager (all genders)\"",
        /// Forms of the name, of which `[language] gender_form` in site.toml chooses one.
        gender_forms: Option<GenderForms> = "{ pair = \"Managers, women and men\", neutral = \"Social media management\" }",
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
        /// Roles that come after it: `[]` where it is meant to be the end of a path.
        next: Option<Known<Vec<Reference<Role>>>> = "[\"head-of-social-media\"]",
        /// Who says what comes after it.
        next_source: Option<Reference<Source>> = "\"some-source\"",
        /// When somebody last went through all of this.
        reviewed: Option<Day> = "2026-03-01",
    }
}

words! {
    /// How names of roles speak of all genders. Recommendations differ (DBSV: pairs or neutral words; others:
    /// a colon), so each portal decides.
    pub enum GenderForm in "gender form" {
        /// The name as it is.
        Name = "name",
        /// `gender_fair`, whichever form that is.
        Fair = "fair",
        /// Both forms, one after the other.
        Pair = "pair",
        /// A word that names no gender.
        Neutral = "neutral",
        /// Both forms with a slash.
        Slash = "slash",
        /// Both forms with a colon.
        Colon = "colon",
        /// Both forms with an asterisk.
        Star = "star",
    }
}

table! {
    /// Forms of a role's name that speak of all genders.
    pub struct GenderForms in "gender forms" {
        /// Both forms, one after the other.
        pair: Option<String> = "\"Managerinnen und Manager\"",
        /// A word that names no gender.
        neutral: Option<String> = "\"Social-Media-Fachkraft\"",
        /// Both forms with a slash.
        slash: Option<String> = "\"Manager/in\"",
        /// Both forms with a colon.
        colon: Option<String> = "\"Manager:in\"",
        /// Both forms with an asterisk.
        star: Option<String> = "\"Manager*in\"",
    }
}

impl Role {
    /// What the role is called in a form; where that form is not written, `gender_fair`, else the name.
    pub fn called(&self, form: GenderForm) -> &str {
        let forms = self.gender_forms.as_ref();
        let written = match form {
            GenderForm::Name => return &self.name,
            GenderForm::Fair => None,
            GenderForm::Pair => forms.and_then(|forms| forms.pair.as_deref()),
            GenderForm::Neutral => forms.and_then(|forms| forms.neutral.as_deref()),
            GenderForm::Slash => forms.and_then(|forms| forms.slash.as_deref()),
            GenderForm::Colon => forms.and_then(|forms| forms.colon.as_deref()),
            GenderForm::Star => forms.and_then(|forms| forms.star.as_deref()),
        };
        written.or_else(|| known(&self.gender_fair).map(String::as_str)).unwrap_or(&self.name)
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
        /// The language of that name, where it is not the portal's.
        label_language: Option<LanguageTag> = "\"en\"",
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
