//! Calls of shortcodes in the text of a page: marks take the place of their tokens.

use std::fmt::Write;
use std::ops::Range;

use super::body::Call;
use super::markdown::part;
use super::marks::{CALL, INDEX_END, next_mark, token_index};
use super::shortcode;
use super::writer::Writer;
use crate::diagnostic::{Text, text};
use crate::records::{Source, Target, refuse_scheme};

impl Writer<'_, '_, '_> {
    /// Renders the bodies of the calls whose tokens stand in `text`, and puts marks in place of the tokens.
    pub(super) fn calls_in(&mut self, text: &str) -> String {
        if next_mark(text).is_none() {
            return text.to_owned();
        }
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some(at) = rest.find(CALL) {
            out.push_str(&rest[..at]);
            let letters = &rest[at + CALL.len_utf8()..];
            let index = token_index(letters);
            let Some(found) = self.calls.get_mut(index).and_then(Option::take) else {
                rest = letters;
                continue;
            };
            let alone = text.trim().len() == found.whole.len();
            rest = &rest[at + found.whole.len()..];
            let body = found.body.clone().map(|range| {
                let mut body = part(range, self.settings, self.reader, self.shared, self.depth + 1);
                self.body.headings.append(&mut body.headings);
                self.body.foreign.append(&mut body.foreign);
                self.money.uncited.append(&mut body.uncited);
                self.body.words += body.words;
                if !alone && !body.in_a_line() {
                    let span = found.tag.clone();
                    let message = text!("the body of `{name}` has paragraphs, but the call stands in a line", name = found.name);
                    self.reader.report("shortcode", span, message, "put the call on lines of its own, or keep its body to one line");
                }
                body
            });
            self.refuse_addresses(&found);
            if found.name == Source::NAME {
                self.money.cite();
            }
            let nth = self.shared.calls.entry(found.name.clone()).or_insert(0);
            *nth += 1;
            let _ = write!(out, "{CALL}{}{INDEX_END}", self.body.calls.len());
            let source = self.reader.text[found.tag.clone()].to_owned();
            self.body.calls.push(Call { name: found.name, span: found.tag, source, body, nth: *nth });
        }
        out.push_str(rest);
        out
    }

    /// Reports addresses among the arguments of a call that no link may have. Arguments that hold addresses
    /// are known by their names.
    fn refuse_addresses(&mut self, found: &shortcode::Found) {
        let tag = &self.reader.text[found.tag.clone()];
        for (name, value) in shortcode::text_arguments(tag) {
            let is_address = name.rsplit('_').next().is_some_and(|last| matches!(last, "url" | "href" | "src" | "link" | "action"));
            if is_address {
                // In a text of Tera an end of a line and a tab may be written with a backslash.
                let address = tag[value.clone()].replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
                let _ = refuse_scheme(&address, found.tag.start + value.start..found.tag.start + value.end, self.reader);
            }
        }
    }

    /// Text without the tokens of calls.
    pub(super) fn without_calls(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(CALL) {
            out.push_str(&rest[..at]);
            let letters = &rest[at + CALL.len_utf8()..];
            let token = self.lengths.get(token_index(letters)).copied().unwrap_or(CALL.len_utf8());
            rest = rest.get(at + token..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// Reports a call where there can be none.
    pub(super) fn no_call_in(&mut self, what: &'static str, range: &Range<usize>) {
        let span = self.base + range.start..self.base + range.end;
        let message = text!("a shortcode cannot stand in {what}", what = Text::from(what));
        self.reader.report("shortcode", span, message, "put the shortcode beside it, or the whole into the shortcode");
    }
}
