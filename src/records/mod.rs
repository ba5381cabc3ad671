//! The typed tables of a training and career portal: role, course, provider, salary, term; and the values
//! they are made of.
//!
//! Templates get them through `serde`, as their keys are written in front matter.

mod age;
mod annotations;
mod collection;
mod course;
mod derived;
mod figure;
mod figures_csv;
mod headline;
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

pub(crate) use age::{Age, Aspect};
pub(crate) use annotations::{Annotations, WrittenAt};
pub(crate) use collection::Collection;
pub(crate) use course::{Approval, Course, CredentialKind, Mode, Price, Session, Workload};
pub(crate) use derived::{Derived, Rate};
pub(crate) use figure::{Amount, Span, Unit};
pub(crate) use figures_csv::csv_figures;
pub(crate) use headline::headlines;
pub use kinds::Kind;
pub(crate) use kinds::Record;
pub(crate) use moment::Day;
pub use moment::Moment;
pub(crate) use paid::{Basis, WEEKS_A_YEAR};
pub(crate) use provider::Provider;
pub(crate) use reference::{Reference, Target};
pub(crate) use role::{GenderForm, Role};
pub(crate) use salary::Shape as FigureShape;
pub(crate) use salary::{Experience, Figures, MOST_HOURS_A_WEEK, MOST_MONTHS_PAID, Period, Salary, SalaryFigure, Share, Taxes};
pub(crate) use scheme::{is_image_itself, refuse_scheme};
pub(crate) use source::{BrokenSources, SOURCE, SOURCES_FILE, Source, Sources, decode_sources};
pub(crate) use term::Term;
pub(crate) use web::Web;
