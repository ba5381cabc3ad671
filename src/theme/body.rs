//! The content of pages: HTML with its slots filled.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use tera::{Context, Value};

use super::scope::{self, Rendering, within};
use super::values::href;
use super::{Read, Reads};
use crate::content::{Body, CONTENT_DIR, Call, Slot};
use crate::diagnostic::{Diagnostic, Place};
use crate::files;
use crate::portal::{Entry, Portal};
use crate::records::Kind;

/// Contents that were rendered, with what they read. Only those without errors are kept: the others are rendered anew for each page that shows
/// them, so that what is reported does not depend on which came first.
#[derive(Debug)]
pub struct Bodies {
    pages: Vec<OnceLock<(Value, Reads)>>,
    sections: Vec<OnceLock<(Value, Reads)>>,
}

impl Bodies {
    pub(super) fn new(portal: &Portal) -> Self {
        let empty = |count: usize| (0..count).map(|_| OnceLock::new()).collect();
        Self { pages: empty(portal.pages.len()), sections: empty(portal.sections.len()) }
    }

    fn cell(&self, entry: Entry) -> &OnceLock<(Value, Reads)> {
        match entry {
            Entry::Page(page) => &self.pages[page],
            Entry::Section(section) => &self.sections[section],
        }
    }
}

impl Rendering {
    /// The content of a page or section, as a safe string, and what was read for it.
    ///
    /// # Errors
    /// The findings about its shortcodes.
    pub fn content(self: &Arc<Self>, entry: Entry) -> Result<(Value, Reads), Vec<Diagnostic>> {
        let cell = self.bodies.cell(entry);
        if let Some(done) = cell.get() {
            scope::note_all(&done.1);
            return Ok(done.clone());
        }
        let own = match entry {
            Entry::Page(page) => Some(page),
            Entry::Section(_) => None,
        };
        let (result, reads) = within(self, Reads::new(), || {
            scope::open(entry, || {
                let mut linked: BTreeSet<usize> = own.into_iter().collect();
                let body = &self.portal.document(entry).body;
                let mut filled = Filler { rendering: self, entry, linked: &mut linked, context: None, findings: Vec::new() };
                let html = filled.fill(body);
                if filled.findings.is_empty() { Ok(html) } else { Err(filled.findings) }
            })
        });
        scope::note_all(&reads);
        match result {
            Some(Ok(html)) => Ok(cell.get_or_init(|| (Value::safe_string(&html), reads.settled())).clone()),
            Some(Err(findings)) => Err(findings),
            None => Err(vec![
                Diagnostic::error("shortcode", "the content shows itself")
                    .at(Place::file(&format!("{CONTENT_DIR}/{}", self.portal.document(entry).file)))
                    .help("one of its shortcodes asks for the content of a page that shows this one; use `metadata_only=true`"),
            ]),
        }
    }
}

struct Filler<'r> {
    rendering: &'r Arc<Rendering>,
    entry: Entry,
    /// Glossary entries that need no link any more.
    linked: &'r mut BTreeSet<usize>,
    /// What calls of components see; made when the first is met.
    context: Option<Context>,
    findings: Vec<Diagnostic>,
}

impl Filler<'_> {
    fn fill(&mut self, body: &Body) -> String {
        let portal = &self.rendering.portal;
        let mentions = portal.glossary.mentions(body, self.linked);
        if portal.config.glossary_links {
            scope::note(Read::Records(Kind::Term));
        }
        let mut mentions = mentions.into_iter().peekable();
        let mut html = String::with_capacity(body.html.len() + body.slots.len() * 64);
        let mut from = 0;
        for (at, slot) in &body.slots {
            html.push_str(&body.html[from..*at]);
            from = *at;
            match slot {
                Slot::Link(index) => {
                    if let Some(link) = body.links.get(*index) {
                        scope::note(Read::Address(link.target.as_str().into()));
                    }
                    html.push_str(&href(portal, self.entry, body, *index));
                }
                Slot::Call(index) => {
                    if let Some(call) = body.calls.get(*index) {
                        let given = self.call(call);
                        html.push_str(&given);
                    }
                }
                Slot::Prose(end) => {
                    while let Some(mention) = mentions.next_if(|mention| mention.range.end <= *end) {
                        html.push_str(&body.html[from..mention.range.start]);
                        html.push_str("<a class=\"term\" href=\"");
                        html.push_str(&crate::content::escape(&portal.pages[mention.page].permalink));
                        html.push_str("\">");
                        html.push_str(&body.html[mention.range.clone()]);
                        html.push_str("</a>");
                        from = mention.range.end;
                    }
                }
            }
        }
        html.push_str(&body.html[from..]);
        html
    }

    /// What a component gives.
    fn call(&mut self, call: &Call) -> String {
        let mut source = call.source.clone();
        let inner = call.body.as_ref().map(|body| self.fill(body));
        let mut context = self.context().clone();
        context.insert("nth", &call.nth);
        if let Some(inner) = inner {
            context.insert_value("__body", Value::safe_string(&inner));
            source.push_str("{{ __body | safe }}{% </");
            source.push_str(&call.name);
            source.push_str("> %}");
        }
        let theme = &self.rendering.theme;
        match theme.templates.tera.render_str(&source, &context, true) {
            Ok(html) => html,
            Err(error) => {
                let file = format!("{CONTENT_DIR}/{}", self.rendering.portal.document(self.entry).file);
                let text = self.rendering.files.read(&file).ok().and_then(|bytes| files::text(&file, bytes).ok());
                let place = |range: std::ops::Range<usize>| {
                    let (start, end) = (call.span.start.saturating_add(range.start), call.span.start.saturating_add(range.end));
                    match &text {
                        Some(text) => Place::new(&file, text, start.min(call.span.end)..end.min(call.span.end)),
                        None => Place::file(&file),
                    }
                };
                self.findings.extend(theme.templates.call_findings(&error, &call.name, &place));
                String::new()
            }
        }
    }

    fn context(&mut self) -> &Context {
        let rendering = self.rendering;
        self.context.get_or_insert_with(|| {
            let mut context = Context::new();
            context.insert_value("config", rendering.values.config().clone());
            context.insert("lang", rendering.portal.config.locale.language);
            match self.entry {
                Entry::Page(page) => context.insert_value("page", rendering.values.page(page).clone()),
                Entry::Section(section) => {
                    let section_value = super::values::with(
                        rendering.values.section(section),
                        [("pages", rendering.values.listing(&rendering.portal, section).clone())],
                    );
                    context.insert_value("section", section_value.clone());
                    // Components that take `page` serve sections as well.
                    context.insert_value("page", section_value);
                }
            }
            context
        })
    }
}
