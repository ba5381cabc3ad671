//! Text as it must stand in HTML and in Markdown to be nothing but text.

/// Text for an attribute or element of HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = pulldown_cmark_escape::escape_html(&mut out, text);
    out
}

/// Text for a line of Markdown, where it is nothing but text: no element of HTML, no link, no emphasis, no
/// list (CommonMark 0.31.2, 2.4: a backslash before punctuation). White space is one space.
pub(crate) fn escape_markdown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, character) in line.char_indices() {
        let rest = &line[at + character.len_utf8()..];
        let special = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' => true,
            // A character reference, a line struck through, a cell.
            '&' => rest.starts_with(|next: char| next == '#' || next.is_ascii_alphabetic()),
            '~' | '|' => true,
            // What only at the beginning of a line begins something: a heading, a quote, a list; or ends a
            // heading.
            '#' => at == 0 || rest.trim_end_matches('#').is_empty(),
            '>' | '-' | '+' | '=' => at == 0,
            '.' | ')' => at == digits && digits > 0,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// An address for a link of Markdown: what would end it, or begin something else, is percent-encoded;
/// parentheses are not, which want a backslash.
pub(crate) fn markdown_address(address: &str) -> String {
    const ENDS: percent_encoding::AsciiSet = percent_encoding::CONTROLS.add(b' ').add(b'<').add(b'>').add(b'"').add(b'\\').add(b'`');
    percent_encoding::utf8_percent_encode(address, &ENDS).to_string()
}
