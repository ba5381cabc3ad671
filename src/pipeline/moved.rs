//! Pages that have another address than before, so that whoever looks at one can follow it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::portal::Portal;

/// Adds to `moved` the pages that stand elsewhere than they did: those of the same file, and those whose file
/// was renamed. It leads from addresses below the root to addresses below the root; an address that somebody
/// has again leads nowhere.
pub(super) fn note(before: &Portal, now: &Portal, moved: &mut BTreeMap<String, String>) {
    if Arc::ptr_eq(&before.by_file, &now.by_file) {
        return;
    }
    let mut steps: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    // Pages whose file is new, by what they say: a page that went and one that came with the same title and
    // text are one.
    let mut came: HashMap<(&str, &str), Option<&Arc<str>>> = HashMap::new();
    for page in now.pages.iter().filter(|page| before.of_file(&page.document.file).is_none()) {
        // Two of a kind are not told apart.
        came.entry((&page.front.title, &page.document.body.html)).and_modify(|path| *path = None).or_insert(Some(&page.path));
    }
    for entry in before.entries() {
        let (document, path) = (before.document(entry), before.path(entry));
        let now_at = match now.of_file(&document.file) {
            Some(entry) => Some(now.path(entry)),
            None => came.get(&(before.title(entry), document.body.html.as_str())).copied().flatten(),
        };
        if let Some(now_at) = now_at.filter(|now_at| *now_at != path) {
            steps.insert(path.clone(), now_at.clone());
        }
    }
    if steps.is_empty() && moved.is_empty() {
        return;
    }
    for target in moved.values_mut() {
        if let Some(further) = steps.get(&**target) {
            *target = further.to_string();
        }
    }
    moved.extend(steps.into_iter().map(|(from, to)| (from.to_string(), to.to_string())));
    let taken: std::collections::HashSet<&str> = now.entries().map(|entry| &**now.path(entry)).collect();
    moved.retain(|from, to| from != to && !taken.contains(from.as_str()));
}
