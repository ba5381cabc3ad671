//! What differs between languages: how numbers, money, durations and dates are written, how names are sorted,
//! how a title becomes a slug.
//!
//! Numbers, dates, plural categories and collation come from ICU4X (Unicode CLDR); the few patterns it has no
//! stable interface for (money, units) are in the language data beside this file. No word of any language
//! stands in code.

mod hyphens;
mod languages;
mod slug;
mod starter;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets;
use icu_datetime::input::Date as IcuDate;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_plurals::{PluralCategory, PluralRules};
use jiff::civil::Date;
use serde::Deserialize;

pub(crate) use hyphens::whole_words;
#[cfg(feature = "reports")]
pub(crate) use hyphens::{SOFT_HYPHEN, WORD_JOINER};
pub use languages::LanguageId;
pub(crate) use languages::Languages;
pub(crate) use slug::is_slug;
pub(crate) use starter::starter;

/// The languages there is data for.
pub(crate) const LANGUAGES: &[&str] = &["de", "de-AT", "de-CH", "en"];

/// The languages of ISO 639-1, in two letters each.
const TWO_LETTER_LANGUAGES: &str = include_str!("languages.txt");

/// What marks an amount of money in any language: signs, and codes of ISO 4217 that are no words.
const MONEY_MARKS: [&str; 9] = ["€", "$", "£", "¥", "EUR", "USD", "GBP", "CHF", "PLN"];

const NO_BREAK_SPACE: &str = "\u{a0}";

/// The patterns of one language, as its data file writes them.
#[derive(Debug, Deserialize)]
struct Patterns {
    slug: BTreeMap<char, String>,
    money: String,
    /// How currencies are written that are not written as their code.
    symbols: BTreeMap<String, String>,
    percent: String,
    range: String,
    from: String,
    below: String,
    /// How currencies are called in a text.
    money_words: Vec<String>,
    unit: BTreeMap<String, BTreeMap<String, String>>,
    /// Words that writers put where something is still to be written.
    placeholders: Vec<String>,
    quotes: Quotes,
    /// Words before which an apostrophe stands for letters that are left out.
    elisions: Vec<String>,
    /// How words are searched for.
    search: SearchWords,
}

/// What a search must know of the words of a language.
#[derive(Debug, Deserialize)]
pub(crate) struct SearchWords {
    /// Letters that link the parts of a compound, the commonest first; none where words are not joined.
    pub links: Vec<String>,
    /// Endings that make the word for a woman of the one for a man.
    pub endings: Vec<String>,
}

/// The marks of a quotation.
#[derive(Debug, Deserialize)]
pub struct Quotes {
    /// The opening and the closing one, where `"` is written.
    pub double: [String; 2],
    /// The same where `'` is written: of a quotation in a quotation.
    pub single: [String; 2],
}

/// How one language writes and sorts.
#[derive(Debug)]
pub struct Locale {
    /// The language, as BCP 47 names it, with its region where there is data for that.
    pub language: &'static str,
    /// The language without its region: by which words are found.
    pub base: &'static str,
    patterns: Patterns,
    /// What marks an amount of money in a text.
    money_marks: AhoCorasick,
    decimal: DecimalFormatter,
    plurals: PluralRules,
    collator: CollatorBorrowed<'static>,
    day: DateTimeFormatter<fieldsets::YMD>,
    month: DateTimeFormatter<fieldsets::YM>,
}

/// How a number relates to a bound, in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least.
    From,
    /// Less than.
    Below,
}

impl Locale {
    /// The locale of a language; none where there is no data for it.
    pub fn of(language: &str) -> Option<&'static Locale> {
        static GERMAN: OnceLock<Option<Locale>> = OnceLock::new();
        static AUSTRIAN: OnceLock<Option<Locale>> = OnceLock::new();
        static SWISS: OnceLock<Option<Locale>> = OnceLock::new();
        static ENGLISH: OnceLock<Option<Locale>> = OnceLock::new();
        const DE: &str = include_str!("de.toml");
        match language {
            "de" => GERMAN.get_or_init(|| Locale::load("de", "de", DE, "")).as_ref(),
            "de-AT" => AUSTRIAN.get_or_init(|| Locale::load("de-AT", "de", DE, include_str!("de-AT.toml"))).as_ref(),
            "de-CH" => SWISS.get_or_init(|| Locale::load("de-CH", "de", DE, include_str!("de-CH.toml"))).as_ref(),
            "en" => ENGLISH.get_or_init(|| Locale::load("en", "en", include_str!("en.toml"), "")).as_ref(),
            _ => None,
        }
    }

    /// A language from its data, in which that of the region takes the place of what it names.
    fn load(language: &'static str, base: &'static str, data: &str, region: &str) -> Option<Locale> {
        let locale: icu_locale_core::Locale = language.parse().ok()?;
        let table = |data: &str| data.replace('~', NO_BREAK_SPACE).parse::<toml::Table>().ok();
        let mut all = table(data)?;
        all.extend(table(region)?);
        let patterns: Patterns = all.try_into().ok()?;
        let marks = MONEY_MARKS.iter().copied().chain(patterns.money_words.iter().map(String::as_str));
        Some(Locale {
            language,
            base,
            money_marks: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(marks).ok()?,
            patterns,
            decimal: DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?,
            plurals: PluralRules::try_new_cardinal((&locale).into()).ok()?,
            collator: Collator::try_new((&locale).into(), CollatorOptions::default()).ok()?,
            day: DateTimeFormatter::try_new((&locale).into(), fieldsets::YMD::long()).ok()?,
            month: DateTimeFormatter::try_new((&locale).into(), fieldsets::YM::long()).ok()?,
        })
    }

    /// Words that writers put where something is still to be written, as they write them.
    pub fn placeholders(&self) -> &[String] {
        &self.patterns.placeholders
    }

    /// The marks of a quotation.
    pub fn quotes(&self) -> &Quotes {
        &self.patterns.quotes
    }

    /// What a search must know of the words of the language.
    pub(crate) fn search_words(&self) -> &SearchWords {
        &self.patterns.search
    }

    /// Words before which an apostrophe stands for letters that are left out: `'tis`.
    pub fn elisions(&self) -> &[String] {
        &self.patterns.elisions
    }

    /// A number with its thousands grouped and at most two digits after the decimal sign: `1.234,5`.
    pub fn number(&self, number: f64) -> String {
        // Two digits are all that figures of this domain carry; rounding to them takes the noise of binary
        // fractions away. Cast: saturates, and no figure comes near.
        let hundredths = (number * 100.0).round() as i64;
        let mut decimal = Decimal::from(hundredths);
        decimal.multiply_pow10(-2);
        decimal.absolute.trim_end();
        self.decimal.format(&decimal).to_string()
    }

    /// An amount of money given in hundredths, without its currency: `35.000`, `2.490,50`. Whole amounts have
    /// no cents.
    pub fn amount(&self, hundredths: i64) -> String {
        let mut decimal = Decimal::from(hundredths);
        decimal.multiply_pow10(-2);
        if hundredths % 100 == 0 {
            decimal.absolute.trim_end();
        }
        self.decimal.format(&decimal).to_string()
    }

    /// An amount of money in hundredths with its currency (ISO 4217): `2.490 €`.
    pub fn money(&self, hundredths: i64, currency: &str) -> String {
        self.with_currency(&self.amount(hundredths), currency)
    }

    /// A range of money: `35.000–60.000 €`.
    pub fn money_range(&self, low: i64, high: i64, currency: &str) -> String {
        let range = self.patterns.range.replace("{a}", &self.amount(low)).replace("{b}", &self.amount(high));
        self.with_currency(&range, currency)
    }

    /// A range of money that may be open at one end: `ab 30.000 €`; none where it is open at both.
    pub fn money_between(&self, low: Option<i64>, high: Option<i64>, currency: &str) -> Option<String> {
        Some(match (low, high) {
            (Some(low), Some(high)) => self.money_range(low, high, currency),
            (Some(low), None) => self.bounded(Bound::From, &self.money(low, currency)),
            (None, Some(high)) => self.bounded(Bound::Below, &self.money(high, currency)),
            (None, None) => return None,
        })
    }

    fn with_currency(&self, amount: &str, currency: &str) -> String {
        let symbol = self.symbol(currency);
        // Letters would run into digits (CLDR, `currencySpacing`).
        let glue = if symbol.ends_with(char::is_alphabetic) { NO_BREAK_SPACE } else { "" };
        let pattern = self.patterns.money.replace("{symbol}{n}", &format!("{{symbol}}{glue}{{n}}"));
        pattern.replace("{symbol}", symbol).replace("{n}", amount)
    }

    /// How a currency (ISO 4217) is written beside an amount: `€`, `CHF`.
    pub fn symbol<'c>(&'c self, currency: &'c str) -> &'c str {
        self.patterns.symbols.get(currency).map_or(currency, String::as_str)
    }

    /// An amount of money in hundredths with the code of its currency, for addresses: a symbol may leave
    /// nothing in them.
    pub fn coded_money(&self, hundredths: i64, currency: &str) -> String {
        self.patterns.money.replace("{symbol}", currency).replace("{n}", &self.amount(hundredths))
    }

    /// The first amount of money that a text writes in figures: the bytes of its sign or word, which has a
    /// digit beside it.
    pub fn money_in(&self, text: &str) -> Option<Range<usize>> {
        let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        self.money_marks.find_iter(text).map(|found| found.range()).find(|range| {
            let (before, after) = (&text[..range.start], &text[range.end..]);
            let sign = !text[range.clone()].starts_with(char::is_alphabetic);
            let whole_word = !is_letter(before.chars().next_back()) && !is_letter(after.chars().next());
            let figure_before = is_digit(before.trim_end().chars().next_back());
            // `EUR 100` and `€ 100` are written, `Euro 100` is not: there the figure belongs to what follows.
            let figure_after = is_digit(after.trim_start().chars().next()) && MONEY_MARKS.contains(&&text[range.clone()]);
            (sign || whole_word) && (figure_before || figure_after)
        })
    }

    /// Something bounded: `ab 30.000 €`.
    pub fn bounded(&self, bound: Bound, text: &str) -> String {
        let pattern = match bound {
            Bound::From => &self.patterns.from,
            Bound::Below => &self.patterns.below,
        };
        pattern.replace("{n}", text)
    }

    /// A percentage: `51 %`.
    pub fn percent(&self, percent: f64) -> String {
        self.patterns.percent.replace("{n}", &self.number(percent))
    }

    /// A number of units of time (`hour`, `day`, `week`, `month`, `year`): `12 Monate`.
    pub fn duration(&self, value: f64, unit: &str) -> String {
        let forms = self.patterns.unit.get(unit);
        let form = forms.and_then(|forms| forms.get(self.plural(value)).or_else(|| forms.get("other")));
        form.map_or_else(|| format!("{} {unit}", self.number(value)), |form| form.replace("{n}", &self.number(value)))
    }

    /// The plural category of a number, as CLDR names it: `one`, `other`, ...
    pub fn plural(&self, number: f64) -> &'static str {
        let text = format!("{number}");
        let category = text.parse::<Decimal>().map_or(PluralCategory::Other, |decimal| self.plurals.category_for(&decimal));
        match category {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    /// A date: `1. März 2026`. The spaces inside do not break.
    pub fn date(&self, date: Date) -> String {
        match icu_date(date) {
            Some(day) => self.day.format(&day).to_string().replace(' ', NO_BREAK_SPACE),
            None => date.to_string(),
        }
    }

    /// A month: `März 2026`.
    pub fn month(&self, year: i16, month: i8) -> String {
        match Date::new(year, month, 1).ok().and_then(icu_date) {
            Some(day) => self.month.format(&day).to_string().replace(' ', NO_BREAK_SPACE),
            None => format!("{year}-{month:02}"),
        }
    }

    /// The order of two names in this language; names it holds for equal are ordered by their code points, so
    /// that the order is total.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.collator.compare(a, b).then_with(|| a.cmp(b))
    }

    /// The letter a name stands under in an index: `Ä` under `A`; what is no letter under `#`.
    pub fn initial(&self, name: &str) -> String {
        let first = name.chars().find(|character| character.is_alphanumeric());
        let plain =
            first.and_then(deunicode::deunicode_char).and_then(|text| text.chars().next()).map(|letter| letter.to_ascii_uppercase());
        match plain {
            Some(letter) if letter.is_ascii_alphabetic() => letter.to_string(),
            _ => String::from("#"),
        }
    }

    /// A title as part of an address: `Prüfung & Gehalt` becomes `pruefung-gehalt`.
    pub fn slug(&self, text: &str) -> String {
        slug::slug(text, &self.patterns.slug)
    }
}

/// Whether a text is the tag of a language as BCP 47 writes it: a language of two letters, and what narrows
/// it down: `en`, `pt-BR`, `zh-hans`.
pub(crate) fn is_language_tag(text: &str) -> bool {
    let (language, rest) = text.split_once('-').map_or((text, None), |(language, rest)| (language, Some(rest)));
    let is_known = language.len() == 2 && TWO_LETTER_LANGUAGES.split_ascii_whitespace().any(|known| known == language);
    let narrows = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_known && rest.is_none_or(|rest| rest.split('-').all(narrows))
}

/// Text in composed form (Unicode normalization form C), so that what looks the same is the same: some
/// systems store names decomposed.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

fn icu_date(date: Date) -> Option<IcuDate<icu_calendar::Iso>> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    IcuDate::try_new_iso(i32::from(date.year()), month, day).ok()
}
