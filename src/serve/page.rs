//! What is done to pages while they are served: the script tag, and the page that stands in while there is no
//! site.

use crate::content::escape;
use crate::diagnostic::{Diagnostic, Language, Text, render};

/// The tag that every page gets.
pub(super) const SCRIPT_TAG: &str = "<script src=\"/__werdegang/reload.js\"></script>";

/// Whether an output is a page, by its path.
pub(super) fn is_page(path: &str) -> bool {
    path.ends_with(".html") || path.ends_with(".htm")
}

/// A page with the script tag before its last `</body>`, or at its end.
pub(super) fn with_script(page: &[u8]) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let at = page.windows(END.len()).rposition(|bytes| bytes.eq_ignore_ascii_case(END)).unwrap_or(page.len());
    let mut with = Vec::with_capacity(page.len() + SCRIPT_TAG.len());
    with.extend_from_slice(&page[..at]);
    with.extend_from_slice(SCRIPT_TAG.as_bytes());
    with.extend_from_slice(&page[at..]);
    with
}

/// The page while no build was whole yet: it shows the findings as text, with or without scripts.
pub(super) fn of_errors(errors: &[Diagnostic], language: Language) -> Vec<u8> {
    let word = |text: &'static str| Text::from(text).in_language(language).into_owned();
    let findings = if errors.is_empty() { word("The first build is not done yet.") } else { render::human(errors, false, language) };
    let title = word("The portal cannot be built yet");
    let then = word("This page is replaced by the portal when the errors are mended.");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>body{{margin:2rem;font:1rem/1.5 system-ui,sans-serif}}pre{{overflow:auto}}\
         @media(prefers-color-scheme:dark){{body{{background:#111;color:#eee}}}}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n<p>{then}</p>\n<pre>{}</pre>\n\
         {SCRIPT_TAG}</body>\n</html>\n",
        language.code(),
        escape(&findings)
    )
    .into_bytes()
}
