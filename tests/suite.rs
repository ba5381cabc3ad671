//! All integration tests, in one binary. Most are data: see `tests/cases/README.md`.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod architecture;
mod cases;
mod check;
mod codes;
mod determinism;
mod external;
mod finder;
mod findings;
mod freshness;
#[allow(dead_code, reason = "shared with the benchmarks")]
#[path = "../benches/generate.rs"]
mod generate;
mod harness;
#[cfg(feature = "images")]
mod images;
mod imports;
mod limits;
#[allow(dead_code, reason = "shared with the benchmarks")]
#[path = "../benches/market.rs"]
mod market;
mod media;
mod messages;
mod open_data;
mod parsers;
mod publishing;
mod readme;
mod rebuilds;
#[cfg(feature = "reports")]
mod reports;
mod runaway;
mod schemas;
mod search;
mod serve;
mod serve_attacks;
mod serve_updates;
mod serve_watching;
mod share;
mod structured;
mod templates;
mod validator;
mod written;
