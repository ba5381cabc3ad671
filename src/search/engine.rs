//! Pagefind, which makes the index.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

use super::entry::Entry;
use super::words::Hidden;

/// What Pagefind brings along and no page of ours asks for: its own boxes for searching.
const LEFT_OUT: [&str; 4] = ["pagefind-ui.", "pagefind-modular-ui.", "pagefind-component-ui.", "pagefind-highlight."];

/// The files of the index, by name.
///
/// # Errors
/// What Pagefind says.
pub(super) fn files<'e>(entries: impl Iterator<Item = (&'e Entry, Hidden)>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let config = PagefindServiceConfig::builder().keep_index_url(false).build();
    runtime.block_on(async {
        let mut index = PagefindIndex::new(Some(config)).map_err(|error| error.to_string())?;
        for (entry, hidden) in entries {
            let join = |words: BTreeSet<String>| words.into_iter().collect::<Vec<_>>().join(" ");
            let mut meta = BTreeMap::from([("title".to_owned(), entry.title.clone()), ("kind".to_owned(), entry.kind.to_owned())]);
            meta.extend(entry.detail.clone().map(|detail| ("detail".to_owned(), detail)));
            let groups = [("about", hidden.about), ("gist", hidden.gist), ("parts", hidden.parts), ("also", hidden.also)];
            for (name, words) in groups.map(|(name, words)| (name, join(words))) {
                if !words.is_empty() {
                    meta.insert(name.to_owned(), words);
                }
            }
            let mut filters: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, value) in &entry.filters {
                filters.entry((*name).to_owned()).or_default().push(value.clone());
            }
            let (url, text) = (entry.url.clone(), entry.text.clone());
            let added = index.add_custom_record(url, text, entry.language.clone(), Some(meta), Some(filters), None).await;
            added.map_err(|error| error.to_string())?;
        }
        let files = index.get_files().await.map_err(|error| error.to_string())?;
        let named = files.into_iter().map(|file| (name_of(&file.filename), file.contents));
        Ok(named.filter(|(name, _)| !LEFT_OUT.iter().any(|left_out| name.starts_with(left_out))).collect())
    })
}

/// A path within the index, with `/` on every system.
fn name_of(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
