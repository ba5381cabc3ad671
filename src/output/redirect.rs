//! Pages that lead elsewhere: for addresses that a page once had.

use crate::content::escape;

/// A page that leads to `target` at once, and says so to search engines. It has no words but the address, so
/// it needs no language.
pub(super) fn page(target: &str, language: &str) -> Vec<u8> {
    let target = escape(target);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{target}</title>\n<link rel=\"canonical\" href=\"{target}\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={target}\">\n</head>\n<body>\n<p><a href=\"{target}\">{target}</a></p>\n</body>\n</html>\n"
    )
    .into_bytes()
}
