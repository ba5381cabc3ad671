//! Images: what is known of one, the sizes that are made of it, and their bytes.
//!
//! A page needs to know how large an image is and what its bytes are, which is looked at once
//! ([`Pictures`]). What a size is made of stands in its [`Recipe`], of which its address is made; its bytes
//! are made where they are asked for ([`Made`]), and kept in the cache of the files.

#[cfg(feature = "images")]
mod codec;
#[cfg(not(feature = "images"))]
#[path = "without.rs"]
mod codec;
mod made;
mod picture;
mod pictures;
mod recipe;
mod sniff;
mod target;

pub(crate) use made::{Made, make_all};
pub(crate) use picture::{Format, Look, Picture};
pub(crate) use pictures::Pictures;
pub(crate) use recipe::{Operation, Recipe, sizes};
pub(crate) use target::Target;

/// Whether sizes of images can be made by this program.
pub(crate) const CAN_MAKE: bool = cfg!(feature = "images");
