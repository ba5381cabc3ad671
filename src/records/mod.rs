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
mod kinds;
mod moment;
mod paid;
mod provider;
mod reference;
mod role;
mod salary;
mod scheme;
mod source;
mod term;
mod web;

pub use age::{Age, Aspect};
pub use annotations::{Annotations, Dated, Lapsing, Uncited, WrittenAt};
pub use collection::Collection;
pub use course::{Approval, Course, CredentialKind, Funding, Instalments, Mode, Price, Session, Workload};
pub use derived::{Derived, Rate};
pub use figure::{Amount, CurrencyCode, Span, Unit};
pub use figures_csv::csv_figures;
pub use kinds::{Kind, Record};
pub use moment::{Day, Moment};
pub use paid::{Basis, WEEKS_A_YEAR};
pub use provider::{Accreditation, Address, Provider};
pub use reference::{Reference, Target};
pub use role::{GenderForm, GenderForms, Role};
pub use salary::{Experience, Figures, MOST_HOURS_A_WEEK, MOST_MONTHS_PAID, Period, Salary, SalaryFigure, Shape as FigureShape, Taxes};
pub use scheme::{is_image_itself, refuse_scheme};
pub use source::{BrokenSources, SOURCE, SOURCES_FILE, Source, Sources, decode_sources};
pub use term::Term;
pub use web::Web;
