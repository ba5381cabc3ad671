//! What templates see of `[privacy]`: `privacy()`; and `missing()`, by which a page says that something is
//! missing.

use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use crate::config::{CodeName, Fill, Origin, ServiceSetting, StorageSetting};
use crate::content::Front;
use crate::portal::Portal;
use crate::reads::{Read, note};
use crate::values::map;

/// Findings about other servers: whoever allows one publishes pages that contact servers of which settings
/// say nothing.
const OF_SERVERS: [&str; 2] = ["foreign-origin", "foreign-form"];

/// Findings about what browsers keep.
const OF_STORAGE: [&str; 1] = ["browser-storage"];

/// The word of the theme for what is missing.
const PLACEHOLDER: &str = "placeholder";

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("privacy", privacy);
    tera.register_function("missing", missing);
}

/// What readers have to be told.
#[derive(Debug, PartialEq)]
pub(crate) struct Privacy<'p> {
    /// Servers that are allowed without a word on what for.
    undescribed: Vec<&'p Origin>,
    services: &'p [ServiceSetting],
    storage: &'p [StorageSetting],
    /// Whether pages may contact servers, or keep something, that settings do not name: where such findings
    /// are allowed, or not errors.
    more_services: bool,
    more_storage: bool,
}

impl<'p> Privacy<'p> {
    /// Of a portal.
    pub(crate) fn of(portal: &'p Portal) -> Self {
        let site = &portal.config.site;
        let (services, storage) = site.privacy.as_ref().map_or((&[][..], &[][..]), |privacy| (&privacy.services[..], &privacy.storage[..]));
        let origins = site.privacy.iter().flat_map(|privacy| &privacy.allowed_origins);
        let undescribed = origins.filter(|origin| services.iter().all(|service| service.origin != **origin)).collect();
        let of_site = site.check.iter().flat_map(|check| check.allow.iter().map(|allow| &allow.code.name).chain(check.severity.keys()));
        let mut allowed: Vec<&str> = of_site.map(String::as_str).collect();
        for entry in portal.entries() {
            let allow = match &portal.document(entry).front {
                Front::Page(front) => &front.allow,
                Front::Section(front) => &front.allow,
            };
            allowed.extend(allow.iter().map(|allow| &allow.code).map(|CodeName { name, .. }| name.as_str()));
        }
        let any_of = |codes: &[&str]| codes.iter().any(|code| allowed.contains(code));
        Self { undescribed, services, storage, more_services: any_of(&OF_SERVERS), more_storage: any_of(&OF_STORAGE) }
    }
}

/// What readers have to be told: `{services: [{origin, host, provider, purpose, policy}], storage: [{name,
/// purpose, kept}], more_services, more_storage}`. `provider` and the like are as the values of
/// `config.publisher`. The last two say that pages may do more than that.
fn privacy(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let rendering = rendering()?;
    note(Read::Privacy);
    let told = Privacy::of(&rendering.portal);
    let fill = |fill: Option<&Fill>| fill.map_or_else(Value::none, Value::from_serializable);
    let service = |origin: &Origin, described: Option<&ServiceSetting>| {
        Value::from(map([
            ("origin", Value::from(origin.origin.as_str())),
            ("host", Value::from(origin.host.as_str())),
            ("provider", fill(described.map(|service| &service.provider))),
            ("purpose", fill(described.map(|service| &service.purpose))),
            ("policy", described.and_then(|service| service.policy.as_ref()).map_or_else(Value::none, |policy| Value::from(&*policy.0))),
        ]))
    };
    let described = told.services.iter().map(|of| service(&of.origin, Some(of)));
    let services: Vec<Value> = described.chain(told.undescribed.iter().map(|origin| service(origin, None))).collect();
    let storage = told.storage.iter().map(|stored| {
        Value::from(map([
            ("name", Value::from(stored.name.as_str())),
            ("purpose", fill(Some(&stored.purpose))),
            ("kept", fill(stored.kept.as_ref())),
        ]))
    });
    Ok(Value::from(map([
        ("services", Value::from(services)),
        ("storage", Value::from(storage.collect::<Vec<_>>())),
        ("more_services", Value::from(told.more_services)),
        ("more_storage", Value::from(told.more_storage)),
    ])))
}

/// The theme's word for a statement that is missing; `key` is the key of `site.toml` that would give it,
/// which becomes a finding.
fn missing(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["key"])?;
    let rendering = rendering()?;
    let key: Arc<str> = kwargs.must_get::<&str>("key")?.into();
    note(Read::Missing(key));
    let word = rendering.word(PLACEHOLDER, None);
    word.map(Value::from).map_err(tera::Error::message)
}
