//! Runs the cases of `tests/cases`, and reports all that fail at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::harness::{archives, run_case, settle};

/// Where the cases are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

#[test]
fn cases_show_what_they_expect() {
    settle(&folder(), |_, case| run_case(case));
}

#[test]
fn at_least_forty_messages_are_pinned_whole() {
    let mut messages = BTreeSet::new();
    for (_, case) in archives(&folder()) {
        for line in case.get("stderr").unwrap_or_default().lines() {
            if line.starts_with("error[") || line.starts_with("warning[") {
                messages.insert(line.to_owned());
            }
        }
    }
    assert!(messages.len() >= 40, "only {} messages are pinned", messages.len());
}
