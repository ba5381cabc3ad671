//! References from one record to another, or to a source.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::schema::{Decode, Node, Reader, Shape};

/// Something that can be referred to by its id.
pub(crate) trait Target {
    /// What messages and templates call it.
    const NAME: &'static str;
}

/// The id of a record of one kind, or of a source. That it exists is checked when everything is loaded.
pub struct Reference<T> {
    /// The id: of a record the slug of its page, of a source its key in `content/sources.toml`.
    pub id: Arc<str>,
    target: PhantomData<fn() -> T>,
}

impl<T: Target> Decode for Reference<T> {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let id = Arc::<str>::decode(node, reader)?;
        reader.mention(T::NAME, &id, node.span.clone());
        Some(Self { id, target: PhantomData })
    }

    fn shape() -> Shape {
        Shape::Reference(T::NAME)
    }
}

// By hand, because a derive would ask the same of `T`.
impl<T> Clone for Reference<T> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), target: PhantomData }
    }
}
impl<T> PartialEq for Reference<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl<T> std::fmt::Debug for Reference<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.id)
    }
}
impl<T> Serialize for Reference<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}
