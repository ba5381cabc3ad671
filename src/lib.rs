//! Werdegang: a static-site generator for training and career portals.

pub mod charts;
pub mod check;
pub mod cli;
pub mod config;
pub mod content;
pub mod diagnostic;
pub mod files;
pub mod finder;
pub mod freshness;
pub mod glossary;
pub mod html;
pub mod locale;
pub mod open_data;
pub mod output;
pub mod pipeline;
pub mod portal;
pub mod publish;
pub mod reads;
pub mod records;
pub mod schema;
pub mod serve;
pub mod structured;
pub mod theme;
pub mod values;
pub mod watchdog;
pub mod words;
