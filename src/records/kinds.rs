//! The kinds of record. Each is declared once, below; what a kind lacks here does not compile.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::age::Aspect;
use super::annotations::{Annotations, WrittenAt};
use super::course::Course;
use super::provider::Provider;
use super::reference::Target;
use super::role::{GenderForm, Role};
use super::salary::{Figures, Salary};
use super::term::Term;
use crate::schema::{Decode, Node, Reader, Shape, Table};

/// Declares the kinds of record, in the order of reports: `Kind: what it is called, what several are called,
/// the accessor of a record`.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $Kind:ident: $name:literal, $names:literal, $accessor:ident;)+) => {
        /// The kinds of record, each the name of its table in front matter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])+ $Kind,)+
        }

        impl Kind {
            /// All kinds, in the order of reports.
            pub const ALL: [Kind; [$($name),+].len()] = [$(Kind::$Kind),+];

            /// The name of the table, of the template, and in references.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Kind::$Kind => $name,)+
                }
            }

            /// What several are called, in names of files and of lists.
            pub fn plural(self) -> &'static str {
                match self {
                    $(Kind::$Kind => $names,)+
                }
            }

            /// The keys of its table.
            pub fn table(self) -> Table {
                let shape = match self {
                    $(Kind::$Kind => $Kind::shape(),)+
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
            $($(#[doc = $doc])+ $Kind(Box<$Kind>),)+
        }

        impl Record {
            /// Reads the table of a kind.
            pub fn decode(kind: Kind, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
                Some(match kind {
                    $(Kind::$Kind => Record::$Kind(Box::new($Kind::decode(node, reader)?)),)+
                })
            }

            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Record::$Kind(_) => Kind::$Kind,)+
                }
            }

            $(
                #[doc = concat!("The ", $name, ", if it is one.")]
                pub fn $accessor(&self) -> Option<&$Kind> {
                    // With a single kind there would be no other.
                    #[allow(irrefutable_let_patterns)]
                    if let Record::$Kind(record) = self { Some(record) } else { None }
                }
            )+
        }

        impl Serialize for Record {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Record::$Kind(record) => record.serialize(serializer),)+
                }
            }
        }

        $(
            impl Target for $Kind {
                const NAME: &'static str = $name;
            }
        )+
    };
}

kinds! {
    /// An occupation.
    Role: "role", "roles", role;
    /// A course of training.
    Course: "course", "courses", course;
    /// Who offers courses.
    Provider: "provider", "providers", provider;
    /// What a role pays.
    Salary: "salary", "salaries", salary;
    /// A glossary entry.
    Term: "term", "terms", term;
}

impl Kind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Record {
    /// The ids of the roles it is about: those that a course leads to, the one whose pay it is, those that a
    /// role is related to.
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

    /// Notes what of it is looked at again after it was read; `at` is where it was written. The figures of a
    /// CSV file were noted there.
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
