//! How readers ask the editors: by a mail that is begun for them, or by a form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::rendering;
use crate::config::Fill;
use crate::portal::Portal;
use crate::reads::{Read, note};

/// What stands for itself in a part of an address (RFC 3986, "unreserved characters").
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("ask_url", ask_url);
}

/// The address to ask at: of a mail with subject and text (RFC 6068), or of a form; a gap where it is one
/// that the publisher has to fill; none where readers cannot ask.
fn ask_url(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["subject", "text", "page"])?;
    let (subject, page) = (kwargs.must_get::<&str>("subject")?, kwargs.must_get::<&str>("page")?);
    let text = kwargs.get::<&str>("text")?.unwrap_or_default();
    note(Read::Config);
    let portal = &rendering()?.portal;
    let encoded = |text: &str| utf8_percent_encode(text, &PLAIN).to_string();
    if let Some(form) = portal.config.site.questions.as_ref().and_then(|questions| questions.form.as_deref()) {
        return Ok(Value::from(form.replace("{subject}", &encoded(subject)).replace("{page}", &encoded(page))));
    }
    Ok(match mail(portal) {
        Some(Fill::Text(mail)) => {
            let body = [text, page].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\r\n\r\n");
            Value::from(format!("mailto:{mail}?subject={}&body={}", encoded(subject), encoded(&body)))
        }
        Some(gap @ Fill::Placeholder(_)) => Value::from_serializable(gap),
        None => Value::none(),
    })
}

/// The address that mail of readers goes to.
fn mail(portal: &Portal) -> Option<&Fill> {
    let site = &portal.config.site;
    let questions = site.questions.as_ref()?;
    questions.mail.as_ref().or_else(|| site.publisher.as_ref()?.email.as_ref())
}
