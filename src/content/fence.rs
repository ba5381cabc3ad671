//! What stands behind the marks of a fenced block of code: its language, and annotations as Zola has them:
//! `rust,linenos,hl_lines=2-4`.

use std::fmt::Write;

use super::escape::escape;

/// Annotations that templates, style sheets and scripts can use: they become attributes of `<pre>`,
/// `hl_lines` as `data-hl-lines`.
///
/// Source: Zola's documentation, "Syntax Highlighting", annotations.
const KEPT: [&str; 5] = ["linenos", "linenostart", "hl_lines", "name", "copy"];

/// Annotations that are for tools which run the code, and change nothing about how it is shown.
///
/// Source: The rustdoc book, "Documentation tests", attributes; mdBook's user guide, "mdBook-specific
/// features".
const FOR_OTHERS: [&str; 8] = ["ignore", "should_panic", "no_run", "compile_fail", "editable", "playground", "noplayground", "noplaypen"];

/// What the first line of a block of code says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fence<'i> {
    /// The language; empty where none is named.
    pub language: &'i str,
    /// Attributes of `<pre>`, each with a space before it.
    pub attributes: String,
    /// What nobody understands.
    pub unknown: Vec<&'i str>,
}

impl<'i> Fence<'i> {
    /// Reads what stands behind the marks.
    pub(super) fn new(info: &'i str) -> Self {
        let mut fence = Self::default();
        let mut words = words(info).into_iter().peekable();
        if let Some(first) = words.next_if(|word| is_language(word)) {
            fence.language = first;
        }
        while let Some(word) = words.next() {
            let (name, value) = word.split_once('=').map_or((word, ""), |(name, value)| (name, value.trim_matches(['"', '\''])));
            if FOR_OTHERS.contains(&name) || name.starts_with("edition") {
                continue;
            }
            if !KEPT.contains(&name) {
                fence.unknown.push(word);
                continue;
            }
            let _ = write!(fence.attributes, " data-{}=\"{}", name.replace('_', "-"), escape(value));
            // Lines are divided by blanks: `hl_lines=1 3-5`.
            while let Some(more) = words.next_if(|word| name == "hl_lines" && word.starts_with(|first: char| first.is_ascii_digit())) {
                let _ = write!(fence.attributes, " {}", escape(more));
            }
            fence.attributes.push('"');
        }
        fence
    }

    /// The annotations that mean something, for a message.
    pub(super) fn known() -> crate::diagnostic::Listed {
        crate::diagnostic::list(KEPT)
    }
}

/// Whether a word can be the name of a language: `c++`, `f#`, `text/html`.
fn is_language(word: &str) -> bool {
    word.chars().all(|character| character.is_alphanumeric() || "+#._-/*".contains(character))
}

/// The words of a line, which commas and blanks divide, but for those between quotes.
fn words(info: &str) -> Vec<&str> {
    let mut quote = None;
    let divides = |character: char| {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            _ => {}
        }
        quote.is_none() && (character == ',' || character.is_whitespace())
    };
    info.split(divides).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_told_from_the_language() {
        for (info, language, attributes, unknown) in [
            ("rust", "rust", "", vec![]),
            ("", "", "", vec![]),
            ("rust,linenos, hl_lines=1 3-5,name=a b", "rust", r#" data-linenos="" data-hl-lines="1 3-5" data-name="a""#, vec!["b"]),
            (r#"c++ name="a, <b>""#, "c++", r#" data-name="a, &lt;b&gt;""#, vec![]),
            ("rust,ignore,edition2021,frobnicate", "rust", "", vec!["frobnicate"]),
            ("go {linenos=table}", "go", "", vec!["{linenos=table}"]),
            ("{.python}", "", "", vec!["{.python}"]),
            ("hl_lines=2", "", r#" data-hl-lines="2""#, vec![]),
        ] {
            let fence = Fence { language, attributes: attributes.to_owned(), unknown };
            assert_eq!(Fence::new(info), fence, "{info}");
        }
    }
}
