//! Slugs: the last part of an address, made from a title or a file name.

use std::collections::BTreeMap;

/// Whether `text` is a good part of an address as it is: ASCII letters and digits, `-`, `_`, `.` and `~` (RFC
/// 3986, unreserved), not a dot alone.
pub(crate) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
        && !text.bytes().all(|byte| byte == b'.')
}

/// `text` in lower-case ASCII letters and digits with single hyphens between. Letters in `special` are
/// written as the language does, others by the nearest ASCII. Text that leaves nothing (punctuation only)
/// gives an empty string.
pub(super) fn slug(text: &str, special: &BTreeMap<char, String>) -> String {
    let mut slug = String::with_capacity(text.len());
    // Composed first: some systems store `ü` as `u` and two dots.
    for character in super::composed(text).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if let Some(written) = special.get(&character) {
            slug.push_str(written);
        } else if character.is_ascii() {
            hyphen(&mut slug);
        } else {
            // Soft hyphens and joiners leave no trace; anything else without an ASCII likeness divides words.
            match deunicode::deunicode_char(character) {
                Some(plain) if plain.chars().any(|plain| plain.is_ascii_alphanumeric()) => {
                    slug.extend(plain.chars().filter(char::is_ascii_alphanumeric).map(|plain| plain.to_ascii_lowercase()));
                }
                Some("") => {}
                _ => hyphen(&mut slug),
            }
        }
    }
    if slug.ends_with('-') {
        slug.pop();
    }
    slug
}

fn hyphen(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}
