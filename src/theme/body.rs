//! The content of pages: HTML with its slots filled.

use std::collections::BTreeSet;
use std::sync::Arc;

use tera::{Context, Value};

use super::asked;
use super::pictures;
use super::scope::{self, Rendering};
use crate::content::{Body, Call, Slot};
use crate::diagnostic::{Diagnostic, Place};
use crate::portal::{Entry, PageId, Portal};
use crate::reads::{self, Read, note};
use crate::values::{href, with};

impl Rendering {
    /// The content of a page or section for its own page, as a safe string.
    ///
    /// # Errors
    /// The findings about its shortcodes.
    pub(crate) fn content(self: &Arc<Self>, entry: Entry) -> Result<Value, Vec<Diagnostic>> {
        note(Read::Content(self.portal.document(entry).file.clone()));
        let own = match entry {
            Entry::Page(page) => Some(page),
            Entry::Section(_) => None,
        };
        let filled = scope::open(entry, || {
            let mut linked: BTreeSet<PageId> = own.into_iter().collect();
            let body = &self.portal.document(entry).body;
            let mut filled = Filler { rendering: self, entry, linked: &mut linked, has_image: false, context: None, findings: Vec::new() };
            let html = filled.fill(body);
            if filled.findings.is_empty() { Ok(Value::safe_string(&html)) } else { Err(filled.findings) }
        });
        filled.unwrap_or_else(|| {
            Err(vec![
                Diagnostic::new("shortcode", "the content shows itself")
                    .at(Place::file(&self.portal.document(entry).file.in_portal()))
                    .help("one of its shortcodes asks for the content of a page that shows this one; use `metadata_only=true`"),
            ])
        })
    }

    /// The content of a page or section for others that show it: a feed, or a template that asks for it.
    ///
    /// # Errors
    /// As [`Rendering::content`].
    pub(crate) fn shared_content(self: &Arc<Self>, entry: Entry) -> Result<Value, Vec<Diagnostic>> {
        let (content, reads) = match self.bodies.get(entry) {
            Some(kept) => kept,
            None => {
                let (content, reads) = scope::recorded(self, self.portal.language(entry), || self.content(entry));
                if let Ok(content) = &content {
                    self.bodies.keep(entry, content.clone(), reads.clone());
                }
                (content?, reads)
            }
        };
        reads::note_all(&reads);
        Ok(content)
    }
}

/// Notes what the address of a link depends on.
fn note_link(portal: &Portal, from: Entry, target: &str) {
    if let Some(file) = target.strip_prefix("@/") {
        let file = file.split('#').next().unwrap_or(file);
        if let Some(entry) = portal.entry(file) {
            note(Read::Place(portal.document(entry).file.clone()));
        }
        return;
    }
    let elsewhere = target.starts_with(['#', '/']) || target.contains("://");
    if !elsewhere {
        // A file beside the page, or of its section.
        note(Read::Place(portal.document(from).file.clone()));
        if let Entry::Page(page) = from
            && let Some(section) = portal.pages[page].section
        {
            note(Read::Place(portal.sections[section].document.file.clone()));
        }
    }
}

struct Filler<'r> {
    rendering: &'r Arc<Rendering>,
    entry: Entry,
    /// Glossary entries that need no link any more.
    linked: &'r mut BTreeSet<PageId>,
    /// Whether an image was met.
    has_image: bool,
    /// What calls of components see; made when the first is met.
    context: Option<Context>,
    findings: Vec<Diagnostic>,
}

impl Filler<'_> {
    fn fill(&mut self, body: &Body) -> String {
        let portal = &self.rendering.portal;
        let mentions = self.rendering.glossary.mentions(body, self.linked);
        if portal.config.glossary_links {
            note(Read::Mentions(portal.document(self.entry).file.clone()));
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
                        note_link(portal, self.entry, &link.target);
                    }
                    html.push_str(&href(portal, self.entry, body, *index));
                }
                Slot::Image(index) => {
                    if let Some(image) = body.images.get(*index) {
                        if let Some(link) = body.links.get(image.link) {
                            note_link(portal, self.entry, &link.target);
                        }
                        let first = !std::mem::replace(&mut self.has_image, true);
                        html.push_str(&pictures::markup(self.rendering, self.entry, body, image, first));
                    }
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
        note(Read::Component(call.name.as_str().into()));
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
        asked::lacking();
        match theme.templates.tera.render_str(&source, &context, true) {
            Ok(html) => html,
            Err(error) => {
                let source = &self.rendering.portal.document(self.entry).source;
                let place = |range: std::ops::Range<usize>| {
                    let (start, end) = (call.span.start.saturating_add(range.start), call.span.start.saturating_add(range.end));
                    source.place(start.min(call.span.end)..end.min(call.span.end))
                };
                let lacking = asked::lacking();
                let found = theme.templates.call_findings(&error, call, &place);
                self.findings.extend(found.into_iter().map(|finding| Diagnostic { about: lacking.clone(), ..finding }));
                String::new()
            }
        }
    }

    fn context(&mut self) -> &Context {
        let rendering = self.rendering;
        self.context.get_or_insert_with(|| {
            let mut context = Context::new();
            context.insert_value("config", rendering.values.config().clone());
            context.insert("lang", rendering.portal.locale(self.entry).language);
            match self.entry {
                Entry::Page(page) => {
                    note(Read::Summary(rendering.portal.pages[page].document.file.clone()));
                    context.insert_value("page", rendering.values.page(page).clone());
                }
                Entry::Section(section) => {
                    note(Read::Summary(rendering.portal.sections[section].document.file.clone()));
                    asked::note_listing(&rendering.portal, section);
                    let section_value =
                        with(rendering.values.section(section), [("pages", rendering.values.listing(&rendering.portal, section).clone())]);
                    context.insert_value("section", section_value.clone());
                    // Components that take `page` serve sections as well.
                    context.insert_value("page", section_value);
                }
            }
            context
        })
    }
}
