//! What a graph refers to: records of other pages, and sources.

use std::sync::Arc;

use serde_json::Value;

use super::node::Node;
use super::subject::Sight;
use crate::portal::{PageId, Portal};
use crate::records::Kind;
use crate::schema::Known;

/// The address of the record of a page.
pub(super) fn record_id(portal: &Portal, number: PageId) -> String {
    let page = &portal.pages[number];
    format!("{}#{}", page.permalink, page.kind_name())
}

/// The record of another page: its type, address and name.
pub(super) fn mention(portal: &Portal, kind: Kind, id: &Arc<str>, sight: &mut dyn Sight) -> Option<Node> {
    let number = portal.by_id.get(&(kind, id.clone())).copied()?;
    sight.page(number);
    let page = &portal.pages[number];
    let of = if kind == Kind::Role { "Occupation" } else { "EducationalOrganization" };
    Some(Node::at(of, record_id(portal, number)).with("name", &*page.name).with("url", &*page.permalink))
}

/// A source that is cited.
pub(super) fn source(portal: &Portal, id: &Arc<str>, sight: &mut dyn Sight) -> Option<Value> {
    sight.source(id);
    let source = portal.sources.get(id)?;
    let address = source.url.as_ref().and_then(Known::known).map(|url| url.0.to_string());
    let published = source.published.known().map(ToString::to_string);
    let node = Node::new("CreativeWork").with("name", source.title.as_str());
    Some(node.maybe("url", address).maybe("datePublished", published).into())
}
