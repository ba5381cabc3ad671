//! `opensearch.xml`: how browsers search the portal from their own box (OpenSearch 1.1).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::portal::Portal;

/// Its address below the root.
pub(super) const PATH: &str = "/opensearch.xml";

/// The longest name (OpenSearch 1.1, "ShortName": 16 characters or fewer).
const LONGEST_NAME: usize = 16;

/// The longest description (OpenSearch 1.1, "Description": 1,024 characters or fewer).
const LONGEST_DESCRIPTION: usize = 1_024;

/// The description of the search. A name that is too long is cut behind a word, where it has one that is short
/// enough.
///
/// # Errors
/// None that memory has: the writer writes to memory alone.
pub(super) fn bytes(portal: &Portal) -> std::io::Result<Vec<u8>> {
    let site = &portal.config.site;
    let template = format!("{}?q={{searchTerms}}", portal.search.as_ref().map_or("", |search| &search.permalink));
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element("OpenSearchDescription").with_attribute(("xmlns", "http://a9.com/-/spec/opensearch/1.1/")).write_inner_content(
        |writer| {
            writer.create_element("ShortName").write_text_content(BytesText::new(&short(&site.title, LONGEST_NAME)))?;
            let about = site.description.as_deref().unwrap_or(&site.title);
            writer.create_element("Description").write_text_content(BytesText::new(&short(about, LONGEST_DESCRIPTION)))?;
            writer.create_element("InputEncoding").write_text_content(BytesText::new("UTF-8"))?;
            writer.create_element("Language").write_text_content(BytesText::new(portal.config.main_locale().language))?;
            writer
                .create_element("Url")
                .with_attribute(("type", "text/html"))
                .with_attribute(("template", template.as_str()))
                .write_empty()?;
            Ok(())
        },
    )?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// As many words as fit; of a first word that does not as many letters.
fn short(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..end];
    let is_whole = text[end..].starts_with(char::is_whitespace);
    let whole = if is_whole { Some(cut) } else { cut.rsplit_once(char::is_whitespace).map(|(before, _)| before) };
    whole.unwrap_or(cut).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn names_are_cut_behind_a_word() {
        let long = ["Careers in social media", "Careers", "Socialmediamanagement", "Careers in social"];
        assert_eq!(long.map(|name| short(name, 17)), ["Careers in social", "Careers", "Socialmediamanage", "Careers in social"]);
        assert_eq!(short("Care for the old", 10), "Care for");
    }
}
