//! What turns the portal into HTML: the Tera environment, its functions and filters, the theme's static
//! files.
//!
//! A template reaches everything but its own page through functions, and each of them notes what it read
//! ([`Read`](crate::reads::Read)). The page that is being rendered, and the portal, reach those functions
//! through [`scope`]: Tera's functions get arguments and nothing else.

mod arguments;
mod ask;
mod asked;
mod body;
mod checkpoints;
mod compare;
mod context;
mod courses;
mod data;
mod embedded;
mod excess;
mod files;
mod filters;
mod finder;
mod fingerprints;
mod fonts;
mod fragments;
mod functions;
mod images;
mod kept;
mod linked;
mod open_data;
mod pictures;
mod privacy;
mod reports;
mod run;
pub(crate) mod scope;
mod share;
mod statics;
mod template_errors;
mod templates;
mod urls;

pub(crate) use context::context;
pub(crate) use data::DataCache;
pub(crate) use excess::Excess;
pub use excess::Spot;
pub(crate) use files::ThemeFiles;
pub(crate) use images::image_file;
pub(crate) use kept::{Bodies, Fragments, Reports};
pub(crate) use pictures::shown_images;
pub(crate) use privacy::Privacy;
pub use run::Run;
pub(crate) use scope::{Rendering, recorded, render, watched};
pub(crate) use share::{Pictured, drawing, own_picture, picture_context, wrong_picture};
pub(crate) use statics::Statics;
pub(crate) use templates::Templates;
pub(crate) use urls::address;

use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::locale::{LanguageId, Languages};
use crate::words::Words;
use fonts::ThemeFonts;

/// Everything that belongs to the look of a portal, loaded.
#[derive(Debug)]
pub struct Theme {
    /// The templates.
    pub templates: Templates,
    /// Its words, by language.
    pub words: Languages<Words>,
    /// Files published as they are.
    pub statics: Statics,
    /// Those of them that are fonts, which pictures are drawn with.
    pub(crate) fonts: ThemeFonts,
}

impl Theme {
    /// Loads the theme that `site.toml` names, and what the portal puts over it. With `checked` templates can
    /// be stopped, and stop where one ran away before.
    pub fn load(config: &Arc<Config>, files: &dyn Files, checked: Option<&[Spot]>, findings: &mut Vec<Diagnostic>) -> Self {
        let theme = ThemeFiles::load(config, files, findings);
        let statics = Statics::load(&theme, &config.hashed, files, findings);
        let fonts = ThemeFonts::of(&statics);
        Self {
            templates: Templates::load(&theme, checked, findings),
            words: Languages::one(Words::load(config, LanguageId::MAIN, &theme.words(config.main_locale().base), findings)),
            statics,
            fonts,
        }
    }
}
