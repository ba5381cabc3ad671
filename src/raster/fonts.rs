//! The fonts of a theme, as they are drawn with: read from the files that its pages load.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use resvg::usvg::fontdb::{Database, ID, Source};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider, Tag};

use super::FontFile;
use crate::diagnostic::{Text, text};
use crate::limits::LARGEST_FILE;

/// The fonts of a theme.
pub(crate) struct Fonts {
    /// In the order of their files.
    faces: Vec<Face>,
    /// The same, as resvg wants them.
    pub(super) database: Arc<Database>,
}

/// A font, and what it is called: by its file, since a font of the Web has any name inside.
struct Face {
    name: String,
    id: ID,
    bytes: Arc<Vec<u8>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.faces.iter().map(|face| &face.name)).finish()
    }
}

impl Fonts {
    /// Reads them.
    ///
    /// # Errors
    /// Which file is no font.
    pub(crate) fn load(files: &[FontFile]) -> Result<Self, Text> {
        let mut database = Database::new();
        let mut faces = Vec::new();
        for (path, bytes) in files {
            let bytes = Arc::new(read(bytes).ok_or_else(|| text!("`static/{path}` is no font that can be read", path))?);
            let file = path.rsplit('/').next().unwrap_or(path);
            let name = plain(file.rsplit_once('.').map_or(file, |(name, _)| name));
            let ids = database.load_font_source(Source::Binary(bytes.clone()));
            let Some(id) = ids.first().copied().filter(|_| FontRef::new(&bytes).is_ok()) else {
                return Err(text!("`static/{path}` is no font that can be read", path));
            };
            faces.push(Face { name, id, bytes });
        }
        Ok(Self { faces, database: Arc::new(database) })
    }

    /// The font for the first of some names that there is one for; else the first of all.
    fn face<'n>(&self, mut families: impl Iterator<Item = &'n str>) -> Option<&Face> {
        families.find_map(|family| self.named(family)).or(self.faces.first())
    }

    fn named(&self, family: &str) -> Option<&Face> {
        let family = plain(family);
        let begins = |face: &&Face| !family.is_empty() && face.name.starts_with(&family);
        self.faces.iter().find(|face| face.name == family).or_else(|| self.faces.iter().find(begins))
    }

    /// The same, as resvg names it.
    pub(super) fn id<'n>(&self, families: impl Iterator<Item = &'n str>) -> Option<ID> {
        self.face(families).map(|face| face.id)
    }

    /// Another font than `used` that has a letter.
    pub(super) fn other(&self, letter: char, used: &[ID]) -> Option<ID> {
        let mut others = self.faces.iter().filter(|face| !used.contains(&face.id));
        others.find(|face| face.has(letter)).map(|face| face.id)
    }

    /// Whether a font has a letter.
    pub(super) fn has(&self, letter: char) -> bool {
        letter.is_ascii() || self.faces.iter().any(|face| face.has(letter))
    }

    /// How wide a text is, of that weight (100 to 900) and size (in pixels), in pixels; without kerning.
    pub(super) fn width(&self, family: &str, weight: f32, size: f32, text: &str) -> f32 {
        let Some(first) = self.face(family.split(',').map(|name| name.trim().trim_matches(['"', '\'']))) else { return 0.0 };
        let fonts: Vec<_> = std::iter::once(first).chain(&self.faces).filter_map(|face| FontRef::new(&face.bytes).ok()).collect();
        let axes = [(Tag::new(b"wght"), weight), (Tag::new(b"opsz"), size)];
        let locations: Vec<_> = fonts.iter().map(|font| font.axes().location(axes)).collect();
        let metrics =
            |(font, location)| (FontRef::charmap(font), FontRef::glyph_metrics(font, Size::new(size), LocationRef::from(location)));
        let measured: Vec<_> = fonts.iter().zip(&locations).map(metrics).collect();
        let advance = |letter: char| {
            let found = measured.iter().find_map(|(letters, metrics)| metrics.advance_width(letters.map(letter)?));
            found.unwrap_or(0.0)
        };
        text.chars().map(advance).sum()
    }
}

impl Face {
    fn has(&self, letter: char) -> bool {
        FontRef::new(&self.bytes).is_ok_and(|font| font.charmap().map(letter).is_some())
    }
}

/// A name in small letters, without blanks and signs: `Bricolage Grotesque` is `bricolagegrotesque`.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a file of a font holds, as TrueType or OpenType; none where it is no font.
fn read(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"wOF2") {
        return Some(bytes.to_vec());
    }
    let mut opened = |packed: &[u8], length: usize| {
        let most = u64::try_from(length)?.min(LARGEST_FILE);
        let mut opened = Vec::new();
        brotli::Decompressor::new(packed, 4096).take(most).read_to_end(&mut opened)?;
        Ok(opened)
    };
    wuff::decompress_woff2_with_custom_brotli(bytes, &mut opened).ok()
}
