//! What functions and filters are called with. What is given and would do nothing is refused.

use tera::{Kwargs, TeraResult};

use super::scope::Rendering;
use super::template_errors::{refused, spoken};
use crate::diagnostic::{Text, did_you_mean, list, text};

/// Where to look for what can be given.
pub(super) const ARGUMENTS: &str = "themes/README.md says what each function and filter takes";

/// Refuses arguments that a function or filter does not have: a misspelt one would else do nothing, in
/// silence.
pub(super) fn only(kwargs: &Kwargs, names: &[&str]) -> TeraResult<()> {
    for (key, _) in kwargs.iter() {
        let key = key.as_str().unwrap_or_default();
        if !names.contains(&key) {
            let there_are = if names.is_empty() {
                Text::from("it takes none")
            } else {
                text!("there are {names}", names = list(names.iter().copied()))
            };
            let near = did_you_mean(key, names.iter().copied()).map_or(there_are, |near| text!("did you mean `{near}`?", near));
            return Err(refused(text!("unknown argument `{key}`; {near}", key, near), ARGUMENTS));
        }
    }
    Ok(())
}

/// Refuses an argument `lang` that names another language than the portal's: a portal has one, and its words
/// and pages are in no other.
pub(super) fn no_other_language(kwargs: &Kwargs, rendering: &Rendering) -> TeraResult<()> {
    let own = rendering.locale().language;
    match kwargs.get::<&str>("lang")? {
        Some(other) if other != own => Err(spoken(text!(
            "there is nothing in the language `{other}`: a portal has one language, and this one's is `{own}`",
            other,
            own
        ))),
        _ => Ok(()),
    }
}
