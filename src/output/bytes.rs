//! What outputs hold.

use std::borrow::Cow;
use std::sync::Arc;

/// What an output holds.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// These bytes.
    Made(Arc<[u8]>),
    /// Bytes in the program or shared with the theme.
    Shared(Cow<'static, [u8]>),
    /// What a file of the portal holds: media may be too large to keep.
    File(Arc<str>),
}

impl Bytes {
    /// Whether both are known to be the same. What a file holds is not looked at.
    pub fn is_same(&self, other: &Bytes) -> bool {
        match (self.held(), other.held()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    /// The bytes, where they are in memory.
    pub fn held(&self) -> Option<&[u8]> {
        match self {
            Bytes::Made(bytes) => Some(bytes),
            Bytes::Shared(bytes) => Some(bytes),
            Bytes::File(_) => None,
        }
    }

    /// The text, where it is in memory and one.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.held()?).ok()
    }
}
