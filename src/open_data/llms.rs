//! `llms.txt`: what the portal holds, for machines that read text (llmstxt.org).

use super::names::markdown_path;
use crate::portal::Portal;
use crate::reads::{List, Read, note, note_summaries};

/// Sections with those of their pages that the sitemap lists, as Markdown where there is that.
pub(super) fn llms(portal: &Portal) -> String {
    note(Read::Config);
    // Which sections have such pages.
    note(Read::Sitemap);
    let mut text = format!("# {}\n", line(&portal.config.site.title));
    if let Some(description) = &portal.config.site.description {
        text.push_str(&format!("\n> {}\n", line(description)));
    }
    for section in portal.sections.iter().filter(|section| section.redirect.is_none()) {
        let mut pages =
            section.pages.iter().map(|number| &portal.pages[*number]).filter(|page| page.front.in_sitemap != Some(false)).peekable();
        if pages.peek().is_none() {
            continue;
        }
        note(Read::Summary(section.document.file.clone()));
        note(Read::Listing(List::Section(section.document.file.clone())));
        note_summaries(portal, &section.pages);
        text.push_str(&format!("\n## {}\n\n", line(&section.title)));
        for page in pages {
            let markdown = markdown_path(portal, &page.path).map(|path| portal.config.permalink(&path));
            text.push_str(&format!("- [{}]({})", line(&page.front.title), markdown.as_deref().unwrap_or(&page.permalink)));
            if let Some(description) = &page.front.description {
                text.push_str(&format!(": {}", line(description)));
            }
            text.push('\n');
        }
    }
    text
}

/// A text that stands in a line of Markdown and opens no link.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('[', "\\[").replace(']', "\\]")
}
