//! Names of pages that mean something elsewhere and nothing here.

use super::model::Portal;
use super::page::Entry;
use crate::content::{CONTENT_DIR, language_in_name};
use crate::diagnostic::{Diagnostic, Place, text};

/// Reports a page or section whose name bears a language, as translations have it in Zola and Hugo:
/// `exams.en.md` would be a page `/exams.en/`.
pub(super) fn check(portal: &Portal, entry: Entry, findings: &mut Vec<Diagnostic>) {
    if !portal.config.reports("language-in-name") {
        return;
    }
    let document = portal.document(entry);
    let Some((name, language)) = language_in_name(&document.file) else { return };
    let own = portal.locale(entry).language;
    let message = text!(
        "`{language}` in the name of the file is no language here: it stands in the address, `{path}`",
        language,
        path = portal.path(entry)
    );
    let help = if language == own {
        text!("name it `{content}/{name}.md`: the portal is in `{own}` anyway", content = CONTENT_DIR, name, own)
    } else {
        text!(
            "a portal has one language: build a portal of its own for `{language}`, and pass the file over here (`ignored_content = \
             [\"*.{language}.md\"]`)",
            language
        )
    };
    findings.push(Diagnostic::new("language-in-name", message).at(Place::file(&document.file.in_portal())).help(help));
}
