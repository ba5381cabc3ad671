//! The languages of a portal. Today it has one; whoever asks for words, numbers and dates says in which
//! language all the same.

use super::Locale;

/// A language, by its number among those of a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageId(u8);

impl LanguageId {
    /// The language that the settings name (`default_language`). What belongs to no document is in it.
    pub const MAIN: Self = Self(0);
}

/// Something that each language of a portal has.
#[derive(Clone, Debug)]
pub struct Languages<T> {
    main: T,
    others: Vec<T>,
}

impl<T> Languages<T> {
    /// Of a portal with one language.
    pub fn one(main: T) -> Self {
        Self { main, others: Vec::new() }
    }

    /// What a language has; a number of another portal stands for the main language.
    pub fn of(&self, language: LanguageId) -> &T {
        let other = usize::from(language.0).checked_sub(1).and_then(|at| self.others.get(at));
        other.unwrap_or(&self.main)
    }

    /// What each language has, the main one first.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.main).chain(&self.others)
    }
}

impl PartialEq for Languages<&'static Locale> {
    fn eq(&self, other: &Self) -> bool {
        self.all().map(|locale| locale.language).eq(other.all().map(|locale| locale.language))
    }
}
