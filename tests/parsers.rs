//! Parsers of what people write, over random texts: what they find is there, what they make is whole, and
//! none panics. The seed is printed.

use std::fmt::Display;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use werdegang::api::content::{Settings, Slot, render};
use werdegang::api::diagnostic::SourceText;
use werdegang::api::html::{Notes, candidates, plain_text, sheet_addresses, sheet_with};
use werdegang::api::locale::{LanguageId, Locale};
use werdegang::api::portal::clean_path;
use werdegang::api::records::Moment;
use werdegang::api::schema::Reader;

/// Runs a property over random values, by a seed that `WERDEGANG_SEED` sets.
pub fn holds<S: Strategy>(values: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: Display,
{
    let seed: u64 = std::env::var("WERDEGANG_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    println!("seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)).run(&values, property);
    if let Err(failure) = result {
        panic!("seed {seed}: {failure}");
    }
}

/// Texts put together from pieces that mean something to a parser, and from letters.
pub fn texts(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![4 => select(pieces).prop_map(str::to_owned), 1 => "[a-zäß \\n]{0,6}", 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const MARKDOWN: &[&str] = &[
    "{{ <note /> }}",
    "{{ <note title=\"a\" /> }}",
    "{{ <",
    "/> }}",
    "{% <box> %}",
    "{% </box> %}",
    "{% <box",
    "> %}",
    "`",
    "```\n",
    "\n\n",
    "> ",
    "- ",
    "# ",
    "[a](b.md)",
    "![a](b.png)",
    "<a href=\"c\">",
    "</a>",
    "<!-- more -->",
    "<!--",
    "-->",
    "*",
    "_",
    "\\",
    "|",
    "\"",
    "'",
    "\u{fdd0}",
    "\u{fdd5}",
    "\r\n",
    "\t",
    "&amp;",
    "{#",
    "#}",
    "2.490 €",
];

#[test]
fn any_markdown_becomes_html_with_its_slots_in_order() {
    let locale = Locale::of("de").expect("a language");
    holds(texts(MARKDOWN), |text| {
        let source = SourceText::new("content/a.md", text.clone());
        let settings = Settings { smart_punctuation: text.len() % 2 == 0, language: LanguageId::MAIN, locale, prose: text.len() % 3 == 0 };
        let mut reader = Reader::new(&source);
        let body = render(0..text.len(), settings, &mut reader);
        prop_assert!(!body.html.contains(|letter| ('\u{fdd0}'..='\u{fdef}').contains(&letter)), "a mark is left in {:?}", body.html);
        let mut last = 0;
        for (at, slot) in &body.slots {
            prop_assert!(*at >= last && body.html.is_char_boundary(*at), "{slot:?} at {at} in {:?}", body.html);
            last = *at;
            match slot {
                Slot::Link(number) => prop_assert!(*number < body.links.len()),
                Slot::Image(number) => prop_assert!(*number < body.images.len()),
                Slot::Call(number) => prop_assert!(*number < body.calls.len()),
                Slot::Prose(end) => prop_assert!(*end >= *at && body.html.is_char_boundary(*end)),
            }
        }
        // What is said to stand in the file stands there.
        for link in &body.links {
            prop_assert!(text.get(link.span.clone()).is_some(), "{link:?}");
        }
        for call in &body.calls {
            prop_assert!(text.get(call.span.clone()).is_some_and(|written| written.contains(&*call.name)), "{call:?}");
        }
        Ok(())
    });
}

const SHEET: &[&str] = &[
    "url(a.png)",
    "url(\"b.png\")",
    "url( 'c d.png' )",
    "url(",
    ")",
    "/*",
    "*/",
    "\"",
    "'",
    "\\",
    "\\29 ",
    "@import \"d.css\";",
    "@import url(e.css);",
    "image-set(\"f.png\" 1x)",
    "{",
    "}",
    ";",
    "color: red",
    "<!--",
    "-->",
    "\n",
    "url(data:x)",
    "URL(g.png)",
    "ur\\6c(h.png)",
];

#[test]
fn any_sheet_stays_as_it_is_where_no_address_is_replaced() {
    holds(texts(SHEET), |sheet| {
        let mut seen = Vec::new();
        let same = sheet_with(&sheet, |address| {
            seen.push(address.to_owned());
            None
        });
        prop_assert_eq!(&same, &sheet);
        prop_assert_eq!(&seen, &sheet_addresses(&sheet));
        // Replaced addresses are the only ones that are found then, whatever they hold.
        let hostile = "x) \"'\\ /*.png";
        let replaced = sheet_with(&sheet, |_| Some(hostile.to_owned()));
        prop_assert_eq!(sheet_addresses(&replaced), vec![hostile.to_owned(); seen.len()], "{}", replaced);
        Ok(())
    });
}

#[test]
fn addresses_of_a_srcset_are_parts_of_it() {
    holds(texts(&["a.png 1x", "b.png 200w", ",", " ", ", ", "data:image/png;base64,AA==", "(", ")", "\t", "c.png"]), |srcset| {
        for address in candidates(&srcset) {
            prop_assert!(srcset.contains(address) && !address.is_empty(), "{address:?}");
            prop_assert!(!address.contains(|letter: char| letter.is_ascii_whitespace()), "{address:?}");
        }
        Ok(())
    });
}

const PAGE: &[&str] = &[
    "<p>",
    "</p>",
    "<a href=\"#b\" id=\"b\">",
    "</a>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "<template>",
    "</template>",
    "&amp;",
    "&#0;",
    "<svg>",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "id=",
    "<h2 id='c'>",
    "</h2>",
    "<",
    ">",
    "\"",
    "'",
];

#[test]
fn any_page_is_read_to_its_end() {
    holds(texts(PAGE), |page| {
        let notes = Notes::of(&page);
        for anchor in &notes.anchors {
            prop_assert!(!anchor.is_empty());
        }
        // Text is not longer than what it was written with, but for what stands for a character that cannot
        // be.
        prop_assert!(plain_text(&page).chars().count() <= page.chars().count(), "{:?}", plain_text(&page));
        Ok(())
    });
}

#[test]
fn a_moment_is_what_it_shows() {
    let digits = texts(&["2026", "-", "03", "01", "0", "31", "13", " ", "T10:00", "2026-03-01", "2026-03"]);
    holds(digits, |text| {
        if let Some(moment) = Moment::parse(&text) {
            prop_assert_eq!(moment.to_string(), text.trim());
        }
        Ok(())
    });
    holds("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])", |day| {
        prop_assert_eq!(Moment::parse(&day).map(|moment| moment.to_string()), Some(day));
        Ok(())
    });
}

#[test]
fn a_clean_path_stays_below_the_root_and_is_clean() {
    holds(texts(&["/", "..", ".", "a", "B-1", "file.html", "~", "%2e", "\\", "//", " ", "x.y"]), |written| {
        if let Ok(path) = clean_path(&written) {
            prop_assert!(path.starts_with('/') && !path.contains("//") && path.is_ascii(), "{path}");
            prop_assert!(path.split('/').all(|part| part != ".." && part != "."), "{path}");
            prop_assert_eq!(clean_path(&path), Ok(path.clone()));
        }
        Ok(())
    });
}
