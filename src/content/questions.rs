//! Questions and comments of readers, as the editors published them.

use crate::records::Day;
use crate::schema::table;

table! {
    /// A question or comment of a reader.
    pub struct Question in "a question" {
        /// Who asks; without a name where it is left out.
        name: Option<String> = "\"A reader\"",
        /// When it was published.
        date: Day = "2026-03-01",
        /// What is asked, as plain text; an empty line begins a paragraph.
        text: String = "\"Is there an exam?\"",
        /// Answers, and what was asked and said since, in order.
        answers: Vec<Answer> = "[{ by = \"The editors\", date = 2026-03-02, text = \"Yes.\" }]",
    }
}

table! {
    /// An answer, or something else that was said since.
    pub struct Answer in "an answer" {
        /// Who says it; without a name where it is left out.
        by: Option<String> = "\"The editors\"",
        /// When it was published.
        date: Day = "2026-03-02",
        /// What is said, as plain text; an empty line begins a paragraph.
        text: String = "\"Yes.\"",
    }
}
