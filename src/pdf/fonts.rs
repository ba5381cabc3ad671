//! Fonts of the theme: unpacked, and their letters set side by side.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::sync::Arc;

use krilla::text::{Font, GlyphId, KrillaGlyph, Tag};
use rustybuzz::ttf_parser;
use rustybuzz::{Face, UnicodeBuffer};

use super::problem::Problem;
use super::style::Style;
use crate::diagnostic::text;
use crate::limits::LARGEST_FONT;

/// A font as OpenType.
pub(crate) type FontFile = Arc<Vec<u8>>;

/// Unpacks a font: OpenType as it is, WOFF2 (W3C, "WOFF File Format 2.0") as what is packed in it; none where
/// it is neither.
pub(crate) fn font_file(bytes: &[u8]) -> Option<FontFile> {
    let bytes = match bytes.get(..4)? {
        b"wOF2" => {
            let mut unpack = |packed: &[u8], length: usize| unpacked(packed, length).map_err(Into::into);
            wuff::decompress_woff2_with_custom_brotli(bytes, &mut unpack).ok()?
        }
        _ => bytes.to_vec(),
    };
    ttf_parser::Face::parse(&bytes, 0).is_ok().then(|| Arc::new(bytes))
}

/// What is packed in a font, at most [`LARGEST_FONT`] of it.
fn unpacked(packed: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    brotli::Decompressor::new(packed, 4096).take(LARGEST_FONT.min(length as u64)).read_to_end(&mut all)?;
    Ok(all)
}

/// Which letters are meant: of the text, thick ones, or those of headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cut {
    Text,
    Bold,
    Heading,
}

const CUTS: [Cut; 3] = [Cut::Text, Cut::Bold, Cut::Heading];

impl Cut {
    /// How thick its letters are (OpenType, axis `wght`), where the font has them of any thickness.
    pub(super) fn weight(self) -> f32 {
        match self {
            Cut::Text => 400.0,
            Cut::Bold | Cut::Heading => 700.0,
        }
    }
}

/// The files of the fonts that a style names: of text, and of headings.
pub(super) fn files(style: &Style, find: &dyn Fn(&str) -> Option<FontFile>, problems: &mut Vec<Problem>) -> Option<(FontFile, FontFile)> {
    let mut get = |path: &str, setting: &str| {
        let found = find(path);
        if found.is_none() {
            let message = if path.is_empty() {
                text!("the report does not say its font: `report:{setting}` is missing", setting)
            } else {
                text!("there is no font `{path}` in OpenType or WOFF2", path)
            };
            problems.push(Problem::new(
                message,
                "name a static file in the `<head>`: `<meta name=\"report:font\" content=\"fonts/text.woff2\">`",
            ));
        }
        found
    };
    let text = get(&style.font, "font");
    let heading = if style.heading_font == style.font { text.clone() } else { get(&style.heading_font, "heading-font") };
    Some((text?, heading?))
}

/// A glyph and where in its text it comes from.
#[derive(Clone, Debug)]
struct Glyph {
    id: u32,
    cluster: usize,
    advance: f32,
    x: f32,
    y: f32,
}

/// The letters of a word, in em.
#[derive(Debug, Default)]
struct Word {
    width: f32,
    glyphs: Vec<Glyph>,
}

/// The fonts of a document.
pub(super) struct Fonts<'f> {
    faces: BTreeMap<Cut, (Face<'f>, Font)>,
    words: RefCell<HashMap<(Cut, String), Arc<Word>>>,
    lacking: RefCell<BTreeSet<char>>,
}

impl<'f> Fonts<'f> {
    pub(super) fn of(files: &'f (FontFile, FontFile)) -> Option<Self> {
        let mut faces = BTreeMap::new();
        for cut in CUTS {
            let file = if cut == Cut::Heading { &files.1 } else { &files.0 };
            let mut face = Face::from_slice(file, 0)?;
            face.set_variation(ttf_parser::Tag::from_bytes(b"wght"), cut.weight());
            let font = Font::new_variable(file.clone().into(), 0, &[(Tag::new(b"wght"), cut.weight())])?;
            faces.insert(cut, (face, font));
        }
        Some(Self { faces, words: RefCell::default(), lacking: RefCell::default() })
    }

    /// The font that writes a cut.
    pub(super) fn font(&self, cut: Cut) -> Option<Font> {
        self.faces.get(&cut).map(|(_, font)| font.clone())
    }

    /// The width of a text, in em.
    pub(super) fn width(&self, cut: Cut, text: &str) -> f32 {
        parts(text).map(|part| self.word(cut, part).width).sum()
    }

    /// The glyphs of a text; `written` is what they stand for, where that is not the same: a division at the
    /// end of a line is shown as a hyphen and is none.
    pub(super) fn glyphs(&self, cut: Cut, text: &str, written: &str) -> Vec<KrillaGlyph> {
        let mut glyphs: Vec<KrillaGlyph> = Vec::new();
        let mut at = 0;
        for part in parts(text) {
            let word = self.word(cut, part);
            for (index, glyph) in word.glyphs.iter().enumerate() {
                let end = word.glyphs[index..].iter().map(|next| next.cluster).find(|next| *next > glyph.cluster).unwrap_or(part.len());
                let range = (at + glyph.cluster).min(written.len())..(at + end).min(written.len());
                glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.id), glyph.advance, glyph.x, glyph.y, 0.0, range, None));
            }
            at += part.len();
        }
        if let Some(last) = glyphs.last_mut() {
            last.text_range.end = written.len();
        }
        glyphs
    }

    /// The letters that no font of the document has.
    pub(super) fn lacking(&self) -> Vec<Problem> {
        let lacking = self.lacking.borrow();
        let problem = |letter: &char| {
            Problem::new(
                text!("the fonts of the report have no letter `{letter}` (U+{code})", letter, code = format!("{:04X}", u32::from(*letter))),
                "write it otherwise, or give the report a font that has it",
            )
        };
        lacking.iter().map(problem).collect()
    }

    fn word(&self, cut: Cut, text: &str) -> Arc<Word> {
        if let Some(word) = self.words.borrow().get(&(cut, text.to_owned())) {
            return word.clone();
        }
        let word = Arc::new(self.faces.get(&cut).map(|(face, _)| self.shaped(face, text)).unwrap_or_default());
        self.words.borrow_mut().insert((cut, text.to_owned()), word.clone());
        word
    }

    fn shaped(&self, face: &Face<'f>, text: &str) -> Word {
        self.lacking.borrow_mut().extend(text.chars().filter(|letter| face.glyph_index(*letter).is_none()));
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let em = face.units_per_em() as f32;
        let shaped = rustybuzz::shape(face, &[], buffer);
        let both = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyphs: Vec<Glyph> = both
            .map(|(info, position)| Glyph {
                id: info.glyph_id,
                cluster: info.cluster as usize,
                advance: position.x_advance as f32 / em,
                x: position.x_offset as f32 / em,
                y: position.y_offset as f32 / em,
            })
            .collect();
        Word { width: glyphs.iter().map(|glyph| glyph.advance).sum(), glyphs }
    }
}

/// The words of a text and the spaces between them, each by itself: words come again and again.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
        .flat_map(|part| match part.strip_suffix(' ') {
            Some(word) => [word, " "],
            None => [part, ""],
        })
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_font_is_unpacked_so_far() {
        let all = vec![0; LARGEST_FONT as usize + 4096];
        let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 1, 22);
        assert!(packer.write_all(&all).is_ok());
        let packed = packer.into_inner();
        let length = |most: usize| unpacked(&packed, most).map(|font| font.len() as u64).ok();
        assert_eq!((length(all.len()), length(100)), (Some(LARGEST_FONT), Some(100)));
    }

    #[test]
    fn what_is_no_font_is_none() {
        for bytes in [&b""[..], b"wOF2", b"wOF2\0\x01\0\0 and more that is none", b"OTTO", b"\0\x01\0\0 and no tables"] {
            assert!(font_file(bytes).is_none(), "{bytes:?}");
        }
    }
}
