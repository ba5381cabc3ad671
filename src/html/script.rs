//! What scripts load by name. What else a script loads cannot be told.

use serde_json::Value;

/// The modules that a script names in full: `import "https://…"`, `… from "https://…"`,
/// `import("https://…")`.
pub(crate) fn imports(script: &str) -> impl Iterator<Item = &str> {
    let starts = script.match_indices("import").chain(script.match_indices("from"));
    starts.filter_map(|(at, word)| {
        if script[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '$' | '.')) {
            return None;
        }
        let rest = script[at + word.len()..].trim_start();
        let rest = rest.strip_prefix('(').map_or(rest, str::trim_start);
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
        let written = rest[1..].split(quote).next()?;
        // Any other name is that of an import map, or a path beside the page.
        (written.contains("//") && !written.contains('\n')).then_some(written)
    })
}

/// The addresses of an import map (HTML standard, "import maps").
pub(super) fn mapped(text: &str) -> Vec<String> {
    let map: Value = serde_json::from_str(text).unwrap_or_default();
    let scopes = map["scopes"].as_object().into_iter().flat_map(|scopes| scopes.values());
    let tables = [&map["imports"]].into_iter().chain(scopes).filter_map(Value::as_object);
    tables.flat_map(|table| table.values()).filter_map(Value::as_str).map(str::to_owned).collect()
}
