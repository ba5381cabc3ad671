//! What outputs hold.

use std::borrow::Cow;
use std::sync::Arc;

use lz4_flex::block::{compress, decompress};

use crate::images::Made;
use crate::raster::Drawing;

/// What is shorter is kept as it is: it would hardly become shorter still.
const WORTH_PACKING: usize = 512;

/// What an output holds.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// These bytes.
    Made(Arc<[u8]>),
    /// Bytes that were made, compressed: a site of thousands of pages is held whole until all of it is known
    /// to be right, and pages are much like each other.
    Packed(Packed),
    /// Bytes in the program or shared with the theme.
    Shared(Cow<'static, [u8]>),
    /// What a file of the portal holds: media may be too large to keep.
    File(Arc<str>),
    /// A size of an image, made when somebody asks for it.
    Image(Arc<Made>),
    /// A picture that is drawn when its bytes are wanted: thousands would be too large to keep.
    Drawn(Arc<Drawing>),
}

/// Bytes, compressed as one LZ4 block. The same bytes always give the same block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    block: Arc<[u8]>,
    /// How many bytes there were.
    length: usize,
}

impl Packed {
    /// The bytes.
    fn open(&self) -> Vec<u8> {
        // A block of our own making can always be read.
        decompress(&self.block, self.length).unwrap_or_default()
    }
}

impl Bytes {
    /// The same, taking less memory where that is worth it.
    pub(crate) fn packed(self) -> Self {
        match self {
            Bytes::Made(bytes) if bytes.len() >= WORTH_PACKING => {
                Bytes::Packed(Packed { block: compress(&bytes).into(), length: bytes.len() })
            }
            other => other,
        }
    }

    /// Whether both are known to be the same. What a file holds is not looked at.
    pub fn is_same(&self, other: &Bytes) -> bool {
        match (self, other) {
            (Bytes::Packed(one), Bytes::Packed(other)) => return one == other,
            (Bytes::Image(one), Bytes::Image(other)) => return one == other,
            (Bytes::Drawn(one), Bytes::Drawn(other)) => return one.key() == other.key(),
            _ => {}
        }
        match (self.held(), other.held()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    /// The bytes, where they are in memory.
    pub fn held(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Bytes::Made(bytes) => Some(Cow::Borrowed(bytes)),
            Bytes::Packed(packed) => Some(Cow::Owned(packed.open())),
            Bytes::Shared(bytes) => Some(Cow::Borrowed(bytes)),
            Bytes::File(_) | Bytes::Image(_) | Bytes::Drawn(_) => None,
        }
    }

    /// The bytes, drawn where they have to be; none of a file, and of what cannot be drawn.
    pub fn opened(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Bytes::Drawn(drawing) => drawing.draw().map(Cow::Owned),
            bytes => bytes.held(),
        }
    }

    /// How many bytes are in memory, once they are opened.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Bytes::Made(bytes) => Some(bytes.len()),
            Bytes::Packed(packed) => Some(packed.length),
            Bytes::Shared(bytes) => Some(bytes.len()),
            Bytes::File(_) | Bytes::Image(_) | Bytes::Drawn(_) => None,
        }
    }

    /// The text, where it is in memory and one.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self.held()? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn packing_changes_nothing_but_the_room_it_takes() {
        let page: Vec<u8> = "<p>One course after the other.</p>\n".repeat(100).into_bytes();
        for made in [page.clone(), page[..page.len() - 1].to_vec(), b"short".to_vec(), Vec::new()] {
            let plain = Bytes::Made(made.clone().into());
            let packed = plain.clone().packed();
            assert_eq!(packed.held().as_deref(), Some(&*made));
            assert_eq!(packed.length(), Some(made.len()));
            assert!(packed.is_same(&plain) && packed.is_same(&packed.clone()));
            assert_eq!(packed.is_same(&Bytes::Made(page.clone().into()).packed()), made == page);
        }
    }
}
