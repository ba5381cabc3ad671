//! The Markdown twin of a page: what its `<main>` says, for programs that read text (llmstxt.org). It is made
//! from the finished page, so that it says what the page says, whatever theme and shortcodes made it.

use std::rc::Rc;

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::options::{BulletListMarker, HrStyle, Options};
use htmd::{Element, HtmlToMarkdown};
use markup5ever_rcdom::{Node, NodeData};
use url::Url;

use super::bytes::Bytes;
use super::job::Job;
use super::plan::{Output, Planner, address_of};
use crate::content::{escape_markdown, markdown_address};
use crate::diagnostic::text;
use crate::html::Said;
use crate::limits::{DEEPEST_MARKDOWN, WIDEST_CELL};
use crate::open_data::markdown_path;
use crate::theme::Rendering;

/// What says nothing without a browser.
const LEFT_OUT: [&str; 14] =
    ["button", "canvas", "dialog", "form", "iframe", "label", "link", "meta", "nav", "noscript", "script", "select", "style", "template"];

/// What may end an address in Markdown.
const ENDS_ADDRESS: [char; 6] = [' ', '<', '>', '"', '\\', '`'];

/// What may begin something in a text of Markdown.
const MARKDOWN: [char; 8] = ['\\', '`', '*', '_', '[', ']', '<', '&'];

impl Planner<'_> {
    /// Plans the Markdown of each page that a template makes, where `[data]` in site.toml asks for it.
    pub(super) fn twins(&mut self) {
        for number in 0..self.outputs.len() {
            let output = &self.outputs[number];
            let is_page = matches!(output.job, Job::Page(..) | Job::Section(..) | Job::Taxonomy(..) | Job::Term(..));
            if !is_page {
                continue;
            }
            let Some(path) = markdown_path(self.portal, &address_of(&output.path)) else { return };
            let (origin, job) = (text!("the Markdown of {origin}", origin = output.origin), Job::Twin(Box::new(output.job.clone())));
            self.add(&path, origin, job);
        }
    }
}

/// The path of the page that an output is the Markdown of; none where it is none.
pub(crate) fn twin_of(output: &Output) -> Option<&str> {
    matches!(output.job, Job::Twin(_)).then(|| output.path.strip_suffix(".md"))?
}

/// The Markdown of a page, made from what the page says.
pub(crate) fn twin(rendering: &Rendering, planned: &Output, page: &Said) -> Bytes {
    let path = twin_of(planned).unwrap_or(&planned.path);
    let permalink = rendering.portal.config.permalink(&address_of(path));
    Bytes::Made(CONVERTER.with(|converter| markdown(converter, page, &permalink)).into_bytes().into())
}

/// What a finished page says as Markdown, with its title, description and address above.
fn markdown(converter: &HtmlToMarkdown, page: &Said, permalink: &str) -> String {
    prepare(&page.main, Url::parse(permalink).ok().as_ref());
    let mut twin = String::from("---\n");
    for (key, value) in [("title", page.title.as_deref()), ("description", page.description.as_deref()), ("url", Some(permalink))] {
        if let Some(value) = value {
            // A string of JSON is one of YAML.
            let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
            // No element begins in it for whoever takes the head for Markdown.
            twin.push_str(&format!("{key}: {}\n", serde_json::Value::from(line).to_string().replace('<', "\\u003c")));
        }
    }
    twin.push_str("---\n\n");
    twin.push_str(&converter.tree_to_markdown(&page.main));
    twin.push('\n');
    twin
}

thread_local! {
    static CONVERTER: HtmlToMarkdown = converter();
}

fn converter() -> HtmlToMarkdown {
    let options = Options {
        hr_style: HrStyle::Dashes,
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    HtmlToMarkdown::builder()
        .options(options)
        .add_handler(vec!["dl"], descriptions)
        .add_handler(vec!["table"], table)
        .add_handler(vec!["svg"], drawing)
        .add_handler(vec!["input"], task)
        .add_handler(vec!["sup", "div"], footnote)
        .build()
}

/// The box of a task; other inputs say nothing.
fn task(_: &dyn Handlers, input: Element<'_>) -> Option<HandlerResult> {
    let is_box = attribute(input.node, "type").as_deref() == Some("checkbox");
    is_box.then(|| if attribute(input.node, "checked").is_some() { "[x] " } else { "[ ] " }.into())
}

/// A footnote of Markdown, where it is called and where it stands.
fn footnote(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    match attribute(element.node, "class").as_deref() {
        Some("footnote-reference") => Some(format!("[^{}]", label(text(element.node).trim())).into()),
        Some("footnote-definition") => {
            let mut number = String::new();
            below(element.node, &["sup"], &[], &mut |node| number.push_str(text(node).trim()));
            let said = handlers.walk_children(element.node).content;
            Some(format!("\n\n[^{}]: {}\n\n", label(&number), said.trim().replace('\n', "\n    ")).into())
        }
        Some("footnote-definition-label") => None,
        _ => handlers.fallback(element),
    }
}

/// The name of a footnote: letters and digits, which is what it is made of unless a template makes it.
fn label(name: &str) -> String {
    name.chars().map(|character| if character.is_alphanumeric() || character == '-' { character } else { '_' }).collect()
}

/// A drawing: what its `<desc>` says.
fn drawing(_: &dyn Handlers, svg: Element<'_>) -> Option<HandlerResult> {
    let mut said = String::new();
    below(svg.node, &["desc"], &[], &mut |node| said.push_str(&text(node)));
    (!said.trim().is_empty()).then(|| format!("\n\n{}\n\n", escape_markdown(&said)).into())
}

/// A list of terms and their descriptions, which Markdown does not know: a list of `**term:** description`.
fn descriptions(handlers: &dyn Handlers, list: Element<'_>) -> Option<HandlerResult> {
    let mut lines = String::from("\n\n");
    below(list.node, &["dt", "dd"], &["dl"], &mut |node| {
        let inner = handlers.walk_children(node).content;
        let inner = inner.trim();
        if name(node) == Some("dt") {
            lines.push_str(&format!("\n- **{}:**", inner.trim_matches('*').trim_end_matches(':')));
        } else {
            // What follows its first line belongs to it where it is set in.
            let before = if inner.starts_with("- ") { "\n  " } else { " " };
            lines.push_str(&format!("{before}{}", inner.replace('\n', "\n  ")));
        }
    });
    lines.push_str("\n\n");
    Some(lines.into())
}

/// A table; Markdown wants a head, which is empty where the first row is none. Cells that span others are
/// followed by empty ones.
fn table(handlers: &dyn Handlers, table: Element<'_>) -> Option<HandlerResult> {
    let mut text = String::from("\n\n");
    let mut rows: Vec<Vec<String>> = Vec::new();
    below(table.node, &["caption", "tr"], &["table"], &mut |node| {
        if name(node) == Some("caption") {
            text.push_str(&format!("**{}**\n\n", in_a_line(&handlers.walk_children(node).content)));
            return;
        }
        let mut row = Vec::new();
        let mut is_head = false;
        below(node, &["td", "th"], &["table"], &mut |cell| {
            is_head |= name(cell) == Some("th") && attribute(cell, "scope").as_deref() != Some("row");
            row.push(in_a_line(&handlers.walk_children(cell).content).replace('|', "\\|"));
            let spans = attribute(cell, "colspan").and_then(|spans| spans.parse::<usize>().ok()).unwrap_or(1);
            row.resize((row.len() + spans.min(WIDEST_CELL)).saturating_sub(1), String::new());
        });
        if rows.is_empty() && !is_head {
            rows.push(Vec::new());
        }
        rows.push(row);
    });
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    for (number, mut row) in rows.into_iter().enumerate() {
        row.resize(width, String::new());
        text.push_str(&format!("| {} |\n", row.join(" | ")));
        if number == 0 {
            text.push_str(&format!("|{}\n", " --- |".repeat(width)));
        }
    }
    text.push('\n');
    Some(text.into())
}

/// Text that may have paragraphs, in one line.
fn in_a_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>")
}

/// The nodes of some names below a node, in order; not those below each other, nor below one of the names
/// `but`.
fn below(node: &Rc<Node>, names: &[&str], but: &[&str], look: &mut dyn FnMut(&Rc<Node>)) {
    each(node, |below, depth| {
        let name = name(below).unwrap_or_default();
        let found = depth > 0 && names.contains(&name);
        if found {
            look(below);
        }
        !found && (depth == 0 || !but.contains(&name))
    });
}

/// Takes out what says nothing as text, and makes addresses whole.
fn prepare(main: &Rc<Node>, base: Option<&Url>) {
    each(main, |node, depth| {
        if depth == DEEPEST_MARKDOWN {
            let text = text(node);
            *node.children.borrow_mut() = vec![Node::new(NodeData::Text { contents: std::cell::RefCell::new(text.into()) })];
            return false;
        }
        node.children.borrow_mut().retain(|child| !is_left_out(child));
        if let NodeData::Element { attrs, .. } = &node.data {
            for attribute in attrs.borrow_mut().iter_mut() {
                match &*attribute.name.local {
                    "href" | "src" => {
                        // Most are whole, and told so faster.
                        if !attribute.value.contains("://")
                            && let Some(Ok(whole)) = base.map(|base| base.join(&attribute.value))
                        {
                            attribute.value = whole.as_str().into();
                        }
                        if attribute.value.contains(ENDS_ADDRESS) {
                            attribute.value = markdown_address(&attribute.value).into();
                        }
                    }
                    // The converter takes these for Markdown.
                    "alt" | "title" if attribute.value.contains(MARKDOWN) => attribute.value = escape_markdown(&attribute.value).into(),
                    _ => {}
                }
            }
        }
        true
    });
}

fn is_left_out(node: &Rc<Node>) -> bool {
    match name(node) {
        Some(name) => LEFT_OUT.contains(&name) || says(node, "hidden", |_| true) || says(node, "aria-hidden", |value| value == "true"),
        None => matches!(node.data, NodeData::Comment { .. }),
    }
}

/// Goes through a tree from the top, without recursion; below a node only where `look` says so.
fn each(top: &Rc<Node>, mut look: impl FnMut(&Rc<Node>, usize) -> bool) {
    let mut open = vec![(top.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        if look(&node, depth) {
            open.extend(node.children.borrow().iter().rev().map(|child| (child.clone(), depth + 1)));
        }
    }
}

fn name(node: &Node) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

/// Whether an attribute is there, and says what it should.
fn says(node: &Node, wanted: &str, is_right: impl FnOnce(&str) -> bool) -> bool {
    with_attribute(node, wanted, is_right).unwrap_or(false)
}

fn attribute(node: &Node, wanted: &str) -> Option<String> {
    with_attribute(node, wanted, str::to_owned)
}

/// What is made of an attribute; none where it is not there.
fn with_attribute<T>(node: &Node, wanted: &str, make: impl FnOnce(&str) -> T) -> Option<T> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| make(&attribute.value))
}

/// The text below a node.
fn text(node: &Rc<Node>) -> String {
    let mut all = String::new();
    each(node, |node, _| {
        if let NodeData::Text { contents } = &node.data {
            all.push_str(&contents.borrow());
        }
        true
    });
    all
}
