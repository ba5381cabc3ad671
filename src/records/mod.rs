//! The typed tables of a training and career portal: role, course, provider, salary, term; and the values they are made of.
//!
//! Templates get them through `serde`, as their keys are written in front matter.

mod age;
mod annotations;
mod collection;
mod course;
mod derived;
mod figure;
mod figures_csv;
mod paid;
mod provider;
mod reference;
mod role;
mod salary;
mod source;
mod term;

pub use age::{Age, Aspect};
pub use annotations::{Annotations, Dated, Lapsing, Uncited, WrittenAt};
pub use collection::Collection;
pub use course::{Approval, Course, CredentialKind, Funding, Instalments, Mode, Price, Session, Workload};
pub use derived::{Derived, Rate};
pub use figure::{Amount, CurrencyCode, Day, Moment, Span, Unit, Web};
pub use figures_csv::csv_figures;
pub use paid::{Basis, WEEKS_A_YEAR};
pub use provider::{Accreditation, Address, Provider};
pub use reference::{Reference, SOURCE, Target};
pub use role::{GenderForm, GenderForms, Role};
pub use salary::{Experience, Figures, MOST_HOURS_A_WEEK, MOST_MONTHS_PAID, Period, Salary, SalaryFigure, Shape as FigureShape, Taxes};
pub use source::{SOURCES_FILE, Source, Sources, decode_sources};
pub use term::Term;

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::schema::{Decode, Node, Reader, Shape, Table};

/// The kinds of record, each the name of its table in front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An occupation.
    Role,
    /// A course of training.
    Course,
    /// Who offers courses.
    Provider,
    /// What a role pays.
    Salary,
    /// A glossary entry.
    Term,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Kind; 5] = [Kind::Role, Kind::Course, Kind::Provider, Kind::Salary, Kind::Term];

    /// The name of the table, of the template, and in references.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::Course => "course",
            Kind::Provider => "provider",
            Kind::Salary => "salary",
            Kind::Term => "term",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The keys of its table.
    pub fn table(self) -> Table {
        let shape = match self {
            Kind::Role => Role::shape(),
            Kind::Course => Course::shape(),
            Kind::Provider => Provider::shape(),
            Kind::Salary => Salary::shape(),
            Kind::Term => Term::shape(),
        };
        match shape {
            Shape::Table(table) => table,
            _ => Table { label: self.as_str(), doc: String::new(), fields: Vec::new() },
        }
    }
}

/// The typed table of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An occupation.
    Role(Box<Role>),
    /// A course of training.
    Course(Box<Course>),
    /// Who offers courses.
    Provider(Box<Provider>),
    /// What a role pays.
    Salary(Box<Salary>),
    /// A glossary entry.
    Term(Box<Term>),
}

impl Record {
    /// Reads the table of a kind.
    pub fn decode(kind: Kind, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        Some(match kind {
            Kind::Role => Record::Role(Box::new(Role::decode(node, reader)?)),
            Kind::Course => Record::Course(Box::new(Course::decode(node, reader)?)),
            Kind::Provider => Record::Provider(Box::new(Provider::decode(node, reader)?)),
            Kind::Salary => Record::Salary(Box::new(Salary::decode(node, reader)?)),
            Kind::Term => Record::Term(Box::new(Term::decode(node, reader)?)),
        })
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Record::Role(_) => Kind::Role,
            Record::Course(_) => Kind::Course,
            Record::Provider(_) => Kind::Provider,
            Record::Salary(_) => Kind::Salary,
            Record::Term(_) => Kind::Term,
        }
    }

    /// The role, if it is one.
    pub fn role(&self) -> Option<&Role> {
        if let Record::Role(role) = self { Some(role) } else { None }
    }

    /// The course, if it is one.
    pub fn course(&self) -> Option<&Course> {
        if let Record::Course(course) = self { Some(course) } else { None }
    }

    /// The provider, if it is one.
    pub fn provider(&self) -> Option<&Provider> {
        if let Record::Provider(provider) = self { Some(provider) } else { None }
    }

    /// The salary, if it is one.
    pub fn salary(&self) -> Option<&Salary> {
        if let Record::Salary(salary) = self { Some(salary) } else { None }
    }

    /// The glossary entry, if it is one.
    pub fn term(&self) -> Option<&Term> {
        if let Record::Term(term) = self { Some(term) } else { None }
    }

    /// The ids of the roles it is about: those that a course leads to, the one whose pay it is, those that a role is related to.
    pub fn roles(&self) -> impl Iterator<Item = &Arc<str>> {
        let roles = match self {
            Record::Course(course) => course.leads_to.as_slice(),
            Record::Salary(salary) => std::slice::from_ref(&salary.role),
            Record::Role(role) => role.related.as_slice(),
            Record::Provider(_) | Record::Term(_) => &[],
        };
        roles.iter().map(|role| &role.id)
    }

    /// Whether it is about the role of that id.
    pub fn is_about_role(&self, id: &str) -> bool {
        self.roles().any(|role| &**role == id)
    }

    /// The name it gives itself; where there is none, the page's title serves.
    /// A role is called in the form that the portal has chosen.
    pub fn name(&self, form: GenderForm) -> Option<&str> {
        match self {
            Record::Role(role) => Some(role.called(form)),
            Record::Course(course) => course.name.as_deref(),
            Record::Provider(provider) => provider.name.as_deref(),
            Record::Salary(_) => None,
            Record::Term(term) => term.name.as_deref(),
        }
    }
}

impl Record {
    /// Notes what of it is looked at again after it was read; `at` is where it was written. The figures of a CSV file were noted there.
    pub fn annotate(&self, at: WrittenAt<'_, '_>, notes: &mut Annotations) {
        match self {
            Record::Role(role) => notes.date(Aspect::RoleReviewed, role.reviewed, "the last look at the role", at, "reviewed"),
            Record::Course(course) => course.annotate(at, notes),
            Record::Provider(provider) => provider.annotate(at, notes),
            Record::Salary(salary) => {
                if let Figures::Here(figures) = &salary.figures {
                    figures.iter().zip(at.items("figures")).for_each(|(figure, at)| figure.annotate(at, notes));
                }
            }
            Record::Term(_) => {}
        }
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Record::Role(role) => role.serialize(serializer),
            Record::Course(course) => course.serialize(serializer),
            Record::Provider(provider) => provider.serialize(serializer),
            Record::Salary(salary) => salary.serialize(serializer),
            Record::Term(term) => term.serialize(serializer),
        }
    }
}
