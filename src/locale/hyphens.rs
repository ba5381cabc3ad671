//! Where words may be divided at the end of a line, and where they must not be.

use std::borrow::Cow;

use hypher::Lang;

use super::Locale;

/// Shows nothing, and lets a line end (Unicode, "soft hyphen").
pub(crate) const SOFT_HYPHEN: char = '\u{ad}';

/// Shows nothing, and lets no line end (Unicode, "word joiner").
pub(crate) const WORD_JOINER: char = '\u{2060}';

/// Shorter words are not divided: they find room on any screen.
const SHORTEST: usize = 13;

/// The fewest letters of a word before and behind a division.
const FEWEST: usize = 4;

impl Locale {
    /// A text with soft hyphens where long words may be divided. Behind a hyphen that a word begins with
    /// (`-Manager`) no line ends: it stands for the part of a word that is left out.
    pub(crate) fn hyphenated<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(language) = self.base.as_bytes().try_into().ok().and_then(Lang::from_iso) else { return text.into() };
        let mut said = String::new();
        let mut done = 0;
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_alphabetic()) {
            let word = &rest[start..];
            let word = &word[..word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len())];
            let at = text.len() - rest.len() + start;
            let before = &text[..at];
            // The name of a character reference is no word.
            if !before.ends_with(['&', SOFT_HYPHEN]) {
                if before.strip_suffix('-').is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace)) {
                    said.push_str(&text[done..at]);
                    said.push(WORD_JOINER);
                    done = at;
                }
                if word.chars().count() >= SHORTEST && !text[at + word.len()..].starts_with(SOFT_HYPHEN) {
                    let parts = hypher::hyphenate_bounded(word, language, FEWEST, FEWEST);
                    said.push_str(&text[done..at]);
                    said.push_str(&parts.join("\u{ad}"));
                    done = at + word.len();
                }
            }
            rest = &rest[start + word.len()..];
        }
        if done == 0 {
            return text.into();
        }
        said.push_str(&text[done..]);
        said.into()
    }
}

/// A text without what only says where lines may end.
pub(crate) fn whole_words(text: &str) -> Cow<'_, str> {
    if text.contains([SOFT_HYPHEN, WORD_JOINER]) { text.replace([SOFT_HYPHEN, WORD_JOINER], "").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_may_be_divided_as_their_language_divides_them() {
        let said = |language: &str, text: &str| Locale::of(language).map(|locale| locale.hyphenated(text).replace(SOFT_HYPHEN, "|"));
        assert_eq!(said("en", "Telecommunications, but not a bed"), Some("Telecom|mu|ni|ca|tions, but not a bed".into()));
        assert_eq!(said("en", "&CounterClockwiseContourIntegral; a bed"), Some("&CounterClockwiseContourIntegral; a bed".into()));
    }

    #[test]
    fn what_begins_with_a_hyphen_is_not_divided_behind_it() {
        let said = |text: &str| Locale::of("en").map(|locale| locale.hyphenated(text).into_owned());
        assert_eq!(said("pre- and -post, x-y").as_deref(), Some("pre- and -\u{2060}post, x-y"));
        let long = "pre- and -postprocessing of telecommunications";
        assert_eq!(said(long).map(|said| (said != long, whole_words(&said).into_owned())), Some((true, long.to_owned())));
    }
}
