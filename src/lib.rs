//! Werdegang: a static-site generator for training and career portals.
//!
//! The rooms are the crate's own; what is used of them from outside is named in [`api`].

// Here and not in `Cargo.toml`: what the tests and benchmarks share by `mod` is of no such reach.
#![warn(unreachable_pub)]
#![deny(clippy::disallowed_methods)]

pub mod api;
mod charts;
mod check;
#[expect(clippy::disallowed_methods, reason = "it is where the world comes in")]
mod cli;
mod config;
mod content;
mod diagnostic;
#[expect(clippy::disallowed_methods, reason = "it is the files")]
mod files;
mod finder;
mod freshness;
mod glossary;
mod hosting;
mod html;
mod images;
mod limits;
mod locale;
mod open_data;
mod output;
#[cfg(feature = "reports")]
mod pdf;
mod pipeline;
mod portal;
#[expect(clippy::disallowed_methods, reason = "it writes outputs to the disk")]
mod publish;
mod raster;
mod reads;
mod records;
mod schema;
mod search;
#[expect(clippy::disallowed_methods, reason = "it waits, watches and holds what is served")]
mod serve;
mod structured;
mod theme;
mod values;
#[expect(clippy::disallowed_methods, reason = "it measures time, and leaves notes for the process that follows")]
mod watchdog;
mod words;
