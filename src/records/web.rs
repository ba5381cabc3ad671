//! Ids, and addresses on the web.

use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::text;
use crate::schema::{Decode, Node, Reader, Shape};

/// An id as others write it: lower-case ASCII letters, digits and hyphens.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}

/// A web address, `https://…` or `http://…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Web(pub Arc<str>);

impl Decode for Web {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::decode(node, reader)?;
        match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(Self(text.into())),
            _ => {
                reader.report("url", node.span.clone(), text!("`{text}` is no web address", text), "write it in full, with `https://`");
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Form("a web address", "^https?://", "https://www.example.org/")
    }
}
