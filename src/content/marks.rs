//! How slots pass through pulldown-cmark's HTML writer: as noncharacters of Unicode (U+FDD0 to U+FDD6), which
//! no text for interchange holds, and which are taken out again at once.

use super::body::{Body, Slot};

pub(super) const LINK: char = '\u{fdd0}';
pub(super) const CALL: char = '\u{fdd1}';
pub(super) const PROSE: char = '\u{fdd2}';
pub(super) const PROSE_END: char = '\u{fdd3}';
pub(super) const MORE: char = '\u{fdd4}';
pub(super) const IMAGE: char = '\u{fdd5}';
pub(super) const INDEX_END: char = '\u{fdd6}';

/// A stand-in for call number `index`, `length` bytes long: a mark, five letters, and filling.
pub(super) fn token(index: usize, length: usize) -> String {
    let mut token = String::with_capacity(length);
    token.push(CALL);
    let mut rest = index;
    for _ in 0..TOKEN_LETTERS {
        token.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    while token.len() < length {
        token.push('z');
    }
    token
}

const TOKEN_LETTERS: usize = 5;

pub(super) fn token_index(letters: &str) -> usize {
    letters.bytes().take(TOKEN_LETTERS).rev().fold(0, |index, letter| index * 26 + usize::from(letter.wrapping_sub(b'a')))
}

pub(super) fn is_mark(character: char) -> bool {
    (LINK..=INDEX_END).contains(&character)
}

/// Where the next mark is. Marks begin with a byte that is rare in text of European languages, which is
/// looked for first.
pub(super) fn next_mark(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xEF, bytes).find(|at| matches!(bytes.get(at + 1..at + 3), Some([0xB7, 0x90..=0x96])))
}

/// Moves the marks out of the HTML into slots.
pub(super) fn take_marks_out(marked: &str, body: &mut Body) {
    let mut html = String::with_capacity(marked.len());
    let mut slots = Vec::new();
    let mut prose: Option<usize> = None;
    let mut rest = marked;
    while let Some(at) = next_mark(rest) {
        html.push_str(&rest[..at]);
        let mark = rest[at..].chars().next().unwrap_or(INDEX_END);
        rest = &rest[at + mark.len_utf8()..];
        match mark {
            LINK | CALL | IMAGE => {
                let end = rest.find(INDEX_END).unwrap_or(0);
                let index: usize = rest[..end].parse().unwrap_or(usize::MAX);
                rest = rest.get(end + INDEX_END.len_utf8()..).unwrap_or_default();
                if mark == LINK {
                    slots.push((html.len(), Slot::Link(index)));
                    continue;
                }
                // What is alone in its paragraph stands without the paragraph.
                let alone = html.ends_with("<p>") && rest.starts_with("</p>");
                if alone {
                    html.truncate(html.len() - "<p>".len());
                    rest = &rest["</p>".len()..];
                }
                if mark == CALL {
                    slots.push((html.len(), Slot::Call(index)));
                } else if let Some(image) = body.images.get_mut(index) {
                    image.alone = alone;
                    slots.push((html.len(), Slot::Image(index)));
                }
            }
            PROSE => {
                prose = Some(slots.len());
                slots.push((html.len(), Slot::Prose(html.len())));
            }
            PROSE_END => {
                if let Some((_, Slot::Prose(end))) = prose.take().and_then(|index| slots.get_mut(index)) {
                    *end = html.len();
                }
            }
            MORE => body.more = Some(html.len()),
            _ => {}
        }
    }
    html.push_str(rest);
    body.html = html;
    body.slots = slots;
}
