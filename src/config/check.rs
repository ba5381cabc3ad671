//! `[check]` of `site.toml`: what `werdegang check` does.

use std::collections::BTreeMap;

use super::allowance::{AllowInSite, Weight, codes_are_known};
use crate::diagnostic::{Text, text};
use crate::limits::{MOST_PER_HOST, MOST_RETRIES};
use crate::records::Web;
use crate::schema::{Node, Reader, table};

/// The longest that one answer is waited for, in seconds.
const LONGEST_TIMEOUT: f64 = 300.0;

/// The longest pause between two requests to one server, in seconds.
const LONGEST_PAUSE: f64 = 60.0;

/// The longest that a whole run may take, in minutes: a day.
const LONGEST_RUN: f64 = 1_440.0;

table! {
    /// What `check` looks at.
    pub struct CheckSetting in "[check]" {
        /// How much findings of a code matter.
        severity: BTreeMap<String, Weight> = "{ orphan-page = \"off\" }",
        /// Findings that are allowed.
        allow: Vec<AllowInSite> = "[{ code = \"dead-link\", path = \"content/**\", reason = \"Why\" }]",
        /// How `check --external` asks other servers.
        external: Option<ExternalSetting> = "{ days = 7 }",
    }
    check codes_are_known
}

table! {
    /// How `check --external` asks other servers.
    pub struct ExternalSetting in "[check.external]" {
        /// Addresses that are not asked for.
        exclude: Vec<ExcludeSetting> = "[{ url = \"https://www.example.org/members/\", reason = \"answers members only\" }]",
        /// How long an answer is waited for, in seconds; 15 where it is left out.
        timeout: Option<f64> = "15",
        /// How often a server is asked again that has no answer or is too busy; 2 where it is left out.
        retries: Option<u32> = "2",
        /// For how many days a good answer counts before it is asked for again; 7 where it is left out.
        days: Option<u32> = "7",
        /// How many requests a server gets at once; 2 where it is left out.
        per_host: Option<u32> = "2",
        /// The pause between two requests to one server, in seconds; 0.5 where it is left out.
        pause: Option<f64> = "0.5",
        /// How long the whole run may take, in minutes; 15 where it is left out. What was not asked by then
        /// is reported.
        minutes: Option<f64> = "15",
        /// Servers of a local network that may be asked, by name or address; any other address that is not
        /// public is not.
        private_hosts: Vec<String> = "[\"intranet.example.org\"]",
    }
    check limits_are_possible
}

table! {
    /// Addresses that are not asked for, and why.
    pub struct ExcludeSetting in "an entry of `exclude`" {
        /// What the addresses begin with.
        url: Web = "\"https://www.example.org/members/\"",
        /// Why they cannot be checked.
        reason: String = "\"answers members only\"",
    }
}

fn limits_are_possible(setting: &ExternalSetting, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let count = |number: Option<u32>| number.map(f64::from);
    let limits = [
        ("timeout", setting.timeout, f64::MIN_POSITIVE, LONGEST_TIMEOUT),
        ("retries", count(setting.retries), 0.0, f64::from(MOST_RETRIES)),
        ("per_host", count(setting.per_host), 1.0, f64::from(MOST_PER_HOST)),
        ("pause", setting.pause, 0.0, LONGEST_PAUSE),
        ("minutes", setting.minutes, f64::MIN_POSITIVE, LONGEST_RUN),
    ];
    for (key, number, least, most) in limits {
        if number.is_some_and(|number| !(number >= least && number <= most)) {
            let message = text!("`{key}` cannot be {number}", key, number = number.unwrap_or_default());
            let least = if least == f64::MIN_POSITIVE { Text::from("above 0") } else { text!("of at least {least}", least) };
            reader.report("out-of-range", node.span.clone(), message, text!("write a number {least} and at most {most}", least, most));
            return None;
        }
    }
    Some(())
}
