//! The text of a chart while it is drawn.

use std::fmt::Write;

use quick_xml::escape::escape;

/// How many letters a line of a chart has: at 320 px no more fit, also of a wide font.
const LINE: usize = 32;

/// The height of a line, in em.
pub(super) const LEADING: f64 = 1.35;

/// Marks and text, from the top down. All heights are in em.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    body: String,
    /// How far down the drawing goes.
    pub y: f64,
}

impl Canvas {
    /// Text from the left edge, in as many lines as it needs.
    pub(super) fn paragraph(&mut self, class: &str, text: &str) {
        for line in lines(text) {
            self.y += LEADING;
            let y = self.y - 0.35;
            let _ = write!(self.body, "<text class=\"{class}\" x=\"0\" y=\"{y:.2}em\">{}</text>", escape(&line));
        }
    }

    /// A word centred below a place.
    pub(super) fn label(&mut self, class: &str, x: f64, text: &str) {
        let y = self.y - 0.35;
        let _ = write!(self.body, "<text class=\"{class}\" x=\"{x:.2}%\" y=\"{y:.2}em\" text-anchor=\"middle\">{}</text>", escape(text));
    }

    /// A word `indent` em from the left edge, beside a mark of the legend.
    pub(super) fn legend(&mut self, class: &str, indent: f64, text: &str) {
        let y = self.y + 0.35;
        let _ = write!(self.body, "<text class=\"{class}\" x=\"{indent}em\" y=\"{y:.2}em\">{}</text>", escape(text));
    }

    /// A line from one place to another, at a height, `width` px thick.
    pub(super) fn across(&mut self, class: &str, from: &str, to: &str, width: u8) {
        let y = self.y;
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{from}\" x2=\"{to}\" y1=\"{y:.2}em\" y2=\"{y:.2}em\" stroke=\"currentColor\" stroke-width=\"{width}\"/>"
        );
    }

    /// A line upright through a place, `half` em up and down.
    pub(super) fn upright(&mut self, class: &str, x: &str, half: f64, width: u8) {
        let (above, below) = (self.y - half, self.y + half);
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{x}\" x2=\"{x}\" y1=\"{above:.2}em\" y2=\"{below:.2}em\" stroke=\"currentColor\" stroke-width=\"{width}\"/>"
        );
    }

    /// A bar, `half` em up and down.
    pub(super) fn bar(&mut self, class: &str, x: &str, width: &str, half: f64) {
        let (above, height) = (self.y - half, half * 2.0);
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{above:.2}em\" width=\"{width}\" height=\"{height:.2}em\" fill=\"currentColor\"/>"
        );
    }

    /// A dot.
    pub(super) fn dot(&mut self, class: &str, x: &str) {
        let y = self.y;
        let _ = write!(self.body, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y:.2}em\" r=\"0.42em\" fill=\"currentColor\"/>");
    }

    /// The whole, with a title and a description. `id` begins the ids of both.
    pub(super) fn finish(self, id: &str, title: &str, description: &str) -> String {
        let (id, height) = (escape(id), self.y + 0.3);
        format!(
            "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" width=\"100%\" height=\"{height:.2}em\" \
             focusable=\"false\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{}</svg>",
            escape(title),
            escape(description),
            self.body
        )
    }
}

/// A text in lines of at most [`LINE`] letters; longer words are divided.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + letters.len() <= LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ if letters.len() <= LINE => lines.push(word.to_owned()),
            _ => {
                let parts = letters.chunks(LINE - 1);
                let last = parts.len() - 1;
                lines.extend(parts.enumerate().map(|(at, part)| part.iter().chain((at < last).then_some(&'-')).collect::<String>()));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_a_narrow_screen() {
        let text =
            "gehalt.de 2016: vom Einstieg bis zur oberen Grenze Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter";
        let lines = lines(text);
        assert!(lines.iter().all(|line| line.chars().count() <= LINE), "{lines:?}");
        assert_eq!(lines.join("").replace(['-', ' '], ""), text.replace(' ', ""));
    }
}
