//! `llms.txt`: what the portal holds, for machines that read text (llmstxt.org).

use super::names::markdown_path;
use crate::content::{escape_markdown, markdown_address};
use crate::portal::Portal;
use crate::reads::{List, Read, note, note_summaries};

/// Sections with those of their pages that the sitemap lists, as Markdown where there is that.
pub(super) fn llms(portal: &Portal) -> String {
    note(Read::Config);
    // Which sections have such pages.
    note(Read::Sitemap);
    let mut text = format!("# {}\n", escape_markdown(&portal.config.site.title));
    if let Some(description) = &portal.config.site.description {
        text.push_str(&format!("\n> {}\n", escape_markdown(description)));
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
        text.push_str(&format!("\n## {}\n\n", escape_markdown(&section.title)));
        for page in pages {
            let markdown = markdown_path(portal, &page.path).map(|path| portal.config.permalink(&path));
            let address = markdown_address(markdown.as_deref().unwrap_or(&page.permalink)).replace('(', "\\(").replace(')', "\\)");
            text.push_str(&format!("- [{}]({})", escape_markdown(&page.front.title), address));
            if let Some(description) = &page.front.description {
                text.push_str(&format!(": {}", escape_markdown(description)));
            }
            text.push('\n');
        }
    }
    text
}
