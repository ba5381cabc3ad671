//! Keys of other systems, and what to write instead. People bring their settings with them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

type Tables = BTreeMap<String, BTreeMap<String, String>>;

static KEYS: LazyLock<Tables> = LazyLock::new(|| toml::from_str(include_str!("foreign.toml")).unwrap_or_default());

/// What to do about a key of another system that `table` (as messages name it) does not have; none where it
/// is no such key.
pub(super) fn instead_of(table: &str, key: &str) -> Option<&'static str> {
    KEYS.get(table)?.get(key).map(String::as_str)
}
