//! The Markdown twin of a page: what its `<main>` says, for programs that read text (llmstxt.org). It is made from the finished page, so that it
//! says what the page says, whatever theme and shortcodes made it.

mod line;
mod tag;
mod tree;
mod writer;

use url::Url;

use self::tree::Tree;
use self::writer::Writer;
use super::job::Job;
use super::plan::{Output, Planner, address_of};
use super::render::Bytes;
use crate::theme::Rendering;

impl Planner<'_> {
    /// Plans the Markdown of each page that a template makes, where `[data]` in site.toml asks for it.
    pub(super) fn twins(&mut self) {
        for number in 0..self.outputs.len() {
            let output = &self.outputs[number];
            let is_page = matches!(output.job, Job::Page(..) | Job::Section(..) | Job::Taxonomy(..) | Job::Term(..) | Job::Facet(..));
            if !is_page {
                continue;
            }
            let Some(path) = self.portal.markdown_path(&address_of(&output.path)) else { return };
            let (origin, job) = (format!("the Markdown of {}", output.origin), Job::Twin(Box::new(output.job.clone())));
            self.add(&path, origin, job);
        }
    }
}

/// The path of the page that an output is the Markdown of; none where it is none.
pub fn twin_of(output: &Output) -> Option<&str> {
    matches!(output.job, Job::Twin(_)).then(|| output.path.strip_suffix(".md"))?
}

/// The Markdown of a page, made from what the page holds.
pub fn twin(rendering: &Rendering, planned: &Output, page: &Bytes) -> Bytes {
    let html = page.held().and_then(|html| std::str::from_utf8(html).ok()).unwrap_or_default();
    let path = twin_of(planned).unwrap_or(&planned.path);
    Bytes::Made(markdown(html, &rendering.portal.config.permalink(&address_of(path))).into_bytes().into())
}

/// A finished page as Markdown, with its title, description and address above.
fn markdown(html: &str, permalink: &str) -> String {
    let tree = Tree::read(html);
    let mut text = String::with_capacity(html.len() / 2);
    text.push_str("---\n");
    for (key, value) in [("title", tree.title.as_deref()), ("description", tree.description.as_deref()), ("url", Some(permalink))] {
        if let Some(value) = value {
            // A string of JSON is one of YAML.
            let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
            text.push_str(&format!("{key}: {}\n", serde_json::Value::from(line)));
        }
    }
    text.push_str("---\n\n");
    let base = Url::parse(permalink).ok();
    text.push_str(&Writer { tree: &tree, base: base.as_ref() }.write());
    text.push('\n');
    text
}
