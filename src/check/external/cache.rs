//! What earlier runs found: good answers only. What went wrong is asked for again each time, because what was
//! mended should show at once.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use super::visit::Verdict;

/// Where it is kept, below the portal's folder.
pub(crate) const CACHE_FILE: &str = ".werdegang/links.json";

/// The version of what stands in the file. What another version wrote is passed over.
const VERSION: u32 = 2;

/// Good answers, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    links: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    checked: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    moved: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    version: u32,
    /// The check sum of what follows ([`sum_of`]).
    sum: String,
    links: T,
}

/// The check sum of links, however their file was laid out.
fn sum_of(links: &BTreeMap<String, Entry>) -> String {
    format!("{:032x}", xxh3_128(&serde_json::to_vec(links).unwrap_or_default()))
}

impl Cache {
    /// What a file holds; nothing where that cannot be made out, since all it costs is to ask again.
    pub fn parse(bytes: &[u8]) -> Self {
        let stored: Option<Stored<BTreeMap<String, Entry>>> = serde_json::from_slice(bytes).ok();
        let sound = stored.filter(|stored| stored.version == VERSION && stored.sum == sum_of(&stored.links));
        Self { links: sound.map(|stored| stored.links).unwrap_or_default() }
    }

    /// What is to be written.
    pub fn to_json(&self) -> String {
        let stored = Stored { version: VERSION, sum: sum_of(&self.links), links: &self.links };
        let mut text = serde_json::to_string_pretty(&stored).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Forgets what is older than `keep`, or from the future, where a clock was wrong.
    pub(super) fn forget_before(&mut self, now: Timestamp, keep: SignedDuration) {
        self.links.retain(|_, entry| {
            let age = now.duration_since(entry.checked);
            age >= SignedDuration::ZERO && age < keep
        });
    }

    pub(super) fn get(&self, url: &Url) -> Option<Verdict> {
        let entry = self.links.get(url.as_str())?;
        Some(entry.moved.clone().map_or(Verdict::Good, Verdict::Moved))
    }

    pub(super) fn keep(&mut self, url: &Url, verdict: &Verdict, checked: Timestamp) {
        let moved = match verdict {
            Verdict::Good => None,
            Verdict::Moved(to) => Some(to.clone()),
            Verdict::Gone(..) | Verdict::Unreachable(..) | Verdict::Unchecked => {
                self.links.remove(url.as_str());
                return;
            }
        };
        self.links.insert(url.to_string(), Entry { checked, moved });
    }
}
