//! `[privacy]`: which servers beside the portal's own pages contact, and what they keep in the browsers of
//! readers.

use serde::{Serialize, Serializer};

use super::publisher::Fill;
use crate::diagnostic::{Spot, text};
use crate::records::Web;
use crate::schema::{Decode, Node, Reader, Shape, table};

table! {
    /// Which foreign servers a page may contact (LG München I, 3 O 17493/20: not without consent), and what
    /// it stores in browsers. The privacy page lists both.
    pub struct PrivacySetting in "[privacy]" {
        /// Origins that a page may load something from or send forms to. Prefer `services`, which also tells
        /// readers what for.
        allowed_origins: Vec<Origin> = "[\"https://media.example.org\"]",
        /// The same, each with what readers are to know of it.
        services: Vec<ServiceSetting> = "[{ origin = \"https://media.example.org\", provider = \"Example Ltd\", purpose = \"Plays our videos\" }]",
        /// What scripts of the portal keep in the browsers of readers: cookies, local storage.
        storage: Vec<StorageSetting> = "[{ name = \"list\", purpose = \"Remembers the courses on your list\", kept = \"1 year\" }]",
    }
    check origins_are_described
}

table! {
    /// A server that pages load something from, or send forms to: what Art. 13(1)(c) and (e) GDPR want
    /// readers to be told.
    pub struct ServiceSetting in "[[privacy.services]]" {
        /// Its origin.
        origin: Origin = "\"https://media.example.org\"",
        /// Who runs it.
        provider: Fill = "\"Example Ltd, Main Street 1, 12345 Example\"",
        /// What it is there for, in a sentence.
        purpose: Fill = "\"Plays our videos\"",
        /// The address of its privacy notice.
        policy: Option<Web> = "\"https://media.example.org/privacy\"",
    }
}

table! {
    /// Something that scripts of the portal keep in browsers (§ 25 TDDDG).
    pub struct StorageSetting in "[[privacy.storage]]" {
        /// Its name, as browsers show it.
        name: String = "\"list\"",
        /// What it is there for, in a sentence.
        purpose: Fill = "\"Remembers the courses on your list\"",
        /// How long it is kept.
        kept: Option<Fill> = "\"1 year\"",
    }
}

/// The origin of a server (RFC 6454), and where it was written.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As it is compared: `https://media.example.org`.
    pub origin: String,
    /// Its name: `media.example.org`.
    pub host: String,
    /// Where.
    pub spot: Spot,
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.origin)
    }
}

impl Decode for Origin {
    fn decode(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let written = Web::decode(node, reader)?;
        // What `Web` takes has a host.
        let url = url::Url::parse(&written.0).ok()?;
        let spot = reader.spot(node.span.clone());
        Some(Self { origin: url.origin().ascii_serialization(), host: url.host_str()?.to_owned(), spot })
    }

    fn shape() -> Shape {
        Web::shape()
    }
}

/// Reports origins that are allowed without a word for readers, or twice.
fn origins_are_described(setting: &PrivacySetting, _: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let mut services: Vec<&Origin> = Vec::new();
    for ServiceSetting { origin, .. } in &setting.services {
        if services.contains(&origin) {
            let message = text!("the service `{origin}` is described twice", origin = origin.origin);
            reader.report("duplicate", origin.spot.range.clone(), message, "remove one");
        }
        services.push(origin);
    }
    for origin in setting.allowed_origins.iter().filter(|origin| !services.contains(origin)) {
        let message = text!("readers are not told what `{origin}` is for", origin = origin.origin);
        let help = text!(
            "write it as a service: `[[privacy.services]]` with `origin = \"{origin}\"`, `provider` (who runs it) and `purpose` (what for)",
            origin = origin.origin
        );
        reader.report("undescribed-origin", origin.spot.range.clone(), message, help);
    }
    Some(())
}
