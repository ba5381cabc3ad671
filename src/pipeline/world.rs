//! What a builder keeps of the portal that it rendered, and has of the one that it is to render.

use std::sync::Arc;

use super::inputs::Inputs;
use super::request::Request;
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::output::Planned;
use crate::portal::{Entry, Portal};
use crate::theme::Rendering;

/// A portal that was rendered.
pub(super) struct World {
    pub request: Request,
    pub rendering: Arc<Rendering>,
    pub planned: Arc<Planned>,
    /// What was found when it was put together, beside what came of the links of documents.
    pub findings: Vec<Diagnostic>,
}

/// What a builder leaves.
#[derive(Default)]
pub(super) struct Rest {
    pub _inputs: Inputs,
    pub _world: Option<World>,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Rest")
    }
}

/// A portal that is to be rendered, and what is different from the one before.
pub(super) struct Next {
    pub portal: Arc<Portal>,
    pub glossary: Arc<Glossary>,
    pub planned: Arc<Planned>,
    /// What was found when the portal was put together.
    pub findings: Vec<Diagnostic>,
    /// What was found when its outputs were planned.
    pub of_plan: Vec<Diagnostic>,
    /// Where only some documents are different: the entries whose values may be, and whether these have
    /// nothing but another text.
    pub replaced: Option<(Vec<Entry>, bool)>,
}
