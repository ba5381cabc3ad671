//! Ids, and addresses on the web.

use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::text;
use crate::locale::is_language_tag;
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

/// A language, as BCP 47 names it: `en`, `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LanguageTag(pub Arc<str>);

impl Decode for LanguageTag {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::decode(node, reader)?;
        if is_language_tag(&text) {
            return Some(Self(text.into()));
        }
        reader.report(
            "language",
            node.span.clone(),
            text!("`{text}` is no language", text),
            "write its two letters (ISO 639-1): `en`, `fr`",
        );
        None
    }

    fn shape() -> Shape {
        Shape::Form("a language", "^[a-z]{2}(-[A-Za-z0-9]{2,8})*$", "en")
    }
}
