//! Text in the room that a picture has for it: divided into lines, as large as it fits.

use super::Fonts;

/// How text is set.
#[derive(Clone, Debug)]
pub(crate) struct Limits<'t> {
    /// Names of fonts, as in CSS.
    pub family: &'t str,
    /// Its weight, 100 to 900.
    pub weight: f32,
    /// How large it is at most, and at least, in pixels.
    pub sizes: (f32, f32),
    /// How wide it may be, in pixels.
    pub width: f32,
    /// How many lines it may have.
    pub lines: usize,
}

/// Text that fits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    /// How large it is, in pixels.
    pub size: f32,
    /// Its lines.
    pub lines: Vec<String>,
}

/// By how much text shrinks from one try to the next, in pixels.
const STEP: f32 = 4.0;

/// Kerning is not measured: a line may be as much wider as this part of it.
const RESERVE: f32 = 0.985;

const SOFT_HYPHEN: char = '\u{ad}';

/// Divides a text, in which soft hyphens say where words may be divided, into lines that fit. It shrinks as
/// far as it may; what does not fit then is cut behind a word, with an ellipsis. Letters that no font has are
/// left out.
pub(crate) fn fit(fonts: &Fonts, text: &str, limits: &Limits<'_>) -> Fitted {
    let known: String = text.chars().filter(|letter| *letter == SOFT_HYPHEN || letter.is_whitespace() || fonts.has(*letter)).collect();
    let words: Vec<&str> = known.split_whitespace().filter(|word| !word.chars().all(is_invisible)).collect();
    let (most, least) = limits.sizes;
    let mut size = most;
    loop {
        let ruler = Ruler { fonts, limits, size };
        let lines = ruler.lines(&words);
        if lines.len() <= limits.lines {
            return Fitted { size, lines };
        }
        if size - STEP < least {
            return Fitted { size, lines: ruler.cut(lines) };
        }
        size -= STEP;
    }
}

/// What joins or varies letters, and stays where those were left out.
fn is_invisible(letter: char) -> bool {
    matches!(letter, SOFT_HYPHEN | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}')
}

struct Ruler<'r> {
    fonts: &'r Fonts,
    limits: &'r Limits<'r>,
    size: f32,
}

impl Ruler<'_> {
    fn fits(&self, text: &str) -> bool {
        self.fonts.width(self.limits.family, self.limits.weight, self.size, text) <= self.limits.width * RESERVE
    }

    fn lines(&self, words: &[&str]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in words {
            let whole: String = word.chars().filter(|letter| !is_invisible(*letter)).collect();
            let longer = if line.is_empty() { whole.clone() } else { format!("{line} {whole}") };
            if self.fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = if self.fits(&whole) { whole } else { self.divided(word, &mut lines) };
        }
        lines.extend((!line.is_empty()).then_some(line));
        lines
    }

    /// A word that is longer than a line: at its soft hyphens, behind its own, else anywhere. Gives the rest.
    fn divided(&self, word: &str, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for part in word.split_inclusive([SOFT_HYPHEN, '-', '/']) {
            let bare: String = part.chars().filter(|letter| !is_invisible(*letter)).collect();
            let hyphen = if part.ends_with(SOFT_HYPHEN) { "-" } else { "" };
            if self.fits(&format!("{line}{bare}{hyphen}")) {
                line.push_str(&bare);
                continue;
            }
            if !line.is_empty() {
                let before = if line.ends_with(['-', '/']) { "" } else { "-" };
                lines.push(format!("{}{before}", std::mem::take(&mut line)));
            }
            for letter in bare.chars() {
                if !line.is_empty() && !self.fits(&format!("{line}{letter}-")) {
                    lines.push(format!("{}-", std::mem::take(&mut line)));
                }
                line.push(letter);
            }
        }
        line
    }

    /// As many lines as there may be, the last with an ellipsis.
    fn cut(&self, mut lines: Vec<String>) -> Vec<String> {
        lines.truncate(self.limits.lines);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !self.fits(&format!("{last} …")) {
                let end = last.rfind(' ').unwrap_or_else(|| last.char_indices().last().map_or(0, |(at, _)| at));
                last.truncate(end);
            }
            // A word that is divided at the end of the line has its hyphen taken.
            let kept = last.trim_end_matches(['-', ',', ':', ';', '/', ' ', '–', '·']).len();
            last.truncate(kept);
            last.push_str(" …");
        }
        lines
    }
}
