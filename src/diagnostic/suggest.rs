//! "Did you mean": the nearest of the names that exist.

use crate::limits::MOST_NAMES;

/// The name nearest to `given`, if one is near enough to be a slip: at most a third of its letters differ, or one is the
/// beginning of the other.
pub fn did_you_mean<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (given.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(&given.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed || (given.len() >= 3 && name.starts_with(given)))
        .min()
        .map(|(_, name)| name)
}

/// Names as a message lists them: `` `a`, `b`, `c` ``, and how many more where there are many.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
