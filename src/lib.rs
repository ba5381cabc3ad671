//! Werdegang: a static-site generator for training and career portals.

pub mod charts;
pub mod check;
pub mod cli;
pub mod config;
pub mod content;
pub mod diagnostic;
pub mod files;
pub mod locale;
pub mod output;
pub mod pipeline;
pub mod portal;
pub mod publish;
pub mod records;
pub mod schema;
pub mod serve;
pub mod structured;
pub mod theme;
pub mod watchdog;
