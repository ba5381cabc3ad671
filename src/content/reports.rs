//! Reports: documents that are made of a template and published beside a page, as PDF.

use crate::diagnostic::text;
use crate::schema::{Node, Reader, one_line, table};

table! {
    /// A report: a PDF that a template makes, published beside the page.
    pub struct Report in "a report" {
        /// The name of the file: `courses-compared.pdf`.
        file: String = "\"courses-compared.pdf\"",
        /// The template that makes it.
        template: String = "\"reports/courses.html\"",
        /// Its title.
        title: String = "\"Courses compared\"",
        /// What is in it, in a sentence.
        description: Option<String> = "\"What is in it\"",
        /// Whatever its template wants.
        extra: Option<serde_json::Value> = "{}",
    }
    check is_sound
}

/// Whether a report has a title, and a name that a file beside a page can have.
fn is_sound(report: &Report, node: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let titled = one_line("title", &report.title, node, reader);
    let stem = report.file.strip_suffix(".pdf").unwrap_or_default();
    let is_name = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_name {
        return titled;
    }
    let span = node.find(&["file"]).map_or_else(|| node.span.clone(), |value| value.span.clone());
    let message = text!("`{file}` is no name of a report", file = report.file);
    reader.report("report", span, message, "write letters from a to z, digits and hyphens, then `.pdf`: `file = \"courses-compared.pdf\"`");
    None
}
