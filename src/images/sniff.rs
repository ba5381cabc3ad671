//! What the first and last bytes of a file say of an image, without decoding it.

use super::picture::Format;

/// The format that bytes are in; none of another than those of [`Format`]. SVG is told by its name alone.
pub(super) fn format_of(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        [b'G', b'I', b'F', b'8', ..] => Some(Format::Gif),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some(Format::Avif),
        _ => None,
    }
}

/// Whether an image ends before its end: a part of it alone was copied or downloaded. Decoders fill in what
/// is missing, so that it has to be looked for.
#[cfg_attr(not(any(feature = "images", test)), expect(dead_code, reason = "only what is decoded is looked at so closely"))]
pub(super) fn is_cut(bytes: &[u8], format: Format) -> bool {
    match format {
        Format::Jpeg => !jpeg_ends(bytes),
        Format::Png => !png_ends(bytes),
        Format::WebP => {
            let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map_or(0, u32::from_le_bytes);
            (bytes.len() as u64) < u64::from(length) + 8
        }
        Format::Gif | Format::Avif | Format::Svg => false,
    }
}

/// Whether the mark of the end stands behind the first scan. A small image within the head, which has its own
/// end, does not count (ITU T.81, B.1.1).
fn jpeg_ends(bytes: &[u8]) -> bool {
    const SCAN: u8 = 0xDA;
    let mut at = 2;
    while let Some([0xFF, marker]) = bytes.get(at..at + 2) {
        match *marker {
            // Filling.
            0xFF => at += 1,
            // Without a length.
            0x01 | 0xD0..=0xD8 => at += 2,
            SCAN => return memchr::memmem::rfind(&bytes[at..], &[0xFF, 0xD9]).is_some(),
            _ => {
                let length = bytes.get(at + 2..at + 4).and_then(|length| length.try_into().ok()).map_or(0, u16::from_be_bytes);
                at += 2 + usize::from(length);
            }
        }
    }
    false
}

/// Whether all chunks are whole up to the last one (PNG, third edition, 5.2).
fn png_ends(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = head[..4].try_into().map_or(0, u32::from_be_bytes) as usize;
        let end = at.saturating_add(length).saturating_add(12);
        if &head[4..] == b"IEND" {
            return end <= bytes.len();
        }
        at = end;
    }
    false
}

/// The width and height of a GIF (GIF89a, 18).
pub(super) fn gif_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    Some((number(6)?, number(8)?)).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The width and height that an SVG names in pixels; none where it is as large as its place.
pub(super) fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(bytes);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => {
                let number = |name: &str| {
                    let value = root.try_get_attribute(name).ok()??;
                    let text = std::str::from_utf8(&value.value).ok()?.trim();
                    let pixels: f64 = text.strip_suffix("px").unwrap_or(text).trim().parse().ok()?;
                    // What has no pixel, or more than any screen, is nothing to go by.
                    (pixels >= 1.0 && pixels <= f64::from(u16::MAX)).then(|| pixels.round() as u32)
                };
                return Some((number("width")?, number("height")?));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, format_of, gif_size, is_cut, svg_size};

    #[test]
    fn sizes_stand_in_the_head() {
        assert_eq!(gif_size(b"GIF89a\x03\x00\x02\x01"), Some((3, 258)));
        assert_eq!(gif_size(b"GIF89a\x03"), None);
        assert_eq!(svg_size(b"<?xml version='1.0'?><!-- a --><svg width=\"20px\" height=\"10.4\"/>"), Some((20, 10)));
        for other in ["<svg viewBox=\"0 0 2 2\"/>", "<svg width=\"100%\" height=\"2\"/>", "<svg width=\"1e9\" height=\"2\"/>", "", "<"] {
            assert_eq!(svg_size(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_jpeg_without_its_end_is_cut() {
        // A small image in the head has its own end.
        let head = [&[0xFF, 0xD8, 0xFF, 0xE1, 0, 6][..], &[0xFF, 0xD8, 0xFF, 0xD9], &[0xFF, 0xDA, 0, 2, 1, 2, 3]].concat();
        assert!(format_of(&head) == Some(Format::Jpeg) && is_cut(&head, Format::Jpeg));
        assert!(!is_cut(&[&head[..], &[0xFF, 0xD9]].concat(), Format::Jpeg));
        assert!(is_cut(&head[..4], Format::Jpeg));
    }
}
