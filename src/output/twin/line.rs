//! Text in a line of Markdown: what would be read as marks is escaped, white space is one blank.

/// An end of line that is meant (`<br>`).
const BREAK: &str = "  \n";

/// A line, or some that belong together.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Whether white space stood before the first text.
    leads: bool,
    /// Whether the last thing was a mark that an end of emphasis or its beginning must not touch.
    marked: bool,
}

impl Line {
    /// Adds text as it is read.
    pub(super) fn text(&mut self, text: &str) {
        self.text.reserve(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(|character: char| character.is_ascii() && (character.is_ascii_whitespace() || is_mark(character))) {
            self.plain(&rest[..at]);
            let mark = rest.as_bytes()[at] as char;
            let after = &rest[at + 1..];
            if mark.is_ascii_whitespace() {
                self.blank();
            } else {
                if needs_escape(mark, self.text.chars().next_back(), after) {
                    self.text.push('\\');
                }
                self.text.push(mark);
                self.marked = false;
            }
            rest = after;
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        if self.marked && text.starts_with(char::is_alphanumeric) {
            self.apart();
        }
        self.marked &= text.is_empty();
        self.text.push_str(text);
    }

    /// Adds white space.
    pub(super) fn blank(&mut self) {
        if self.text.is_empty() {
            self.leads = true;
        } else if !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
        self.marked = false;
    }

    /// Adds an end of line.
    pub(super) fn line_break(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        if !self.text.is_empty() {
            self.text.push_str(BREAK);
        }
        self.marked = false;
    }

    /// Adds Markdown as it is.
    pub(super) fn raw(&mut self, markdown: &str) {
        self.text.push_str(markdown);
        self.marked = false;
    }

    /// Adds what another line says between two marks; nothing where it says nothing. White space at its ends stands outside, or it would be no emphasis.
    pub(super) fn between(&mut self, inner: Line, open: &str, close: &str) {
        let trails = inner.text.ends_with([' ', '\n']);
        let text = inner.text.trim_end();
        if inner.leads || (text.is_empty() && trails) {
            self.blank();
        }
        if text.is_empty() {
            return;
        }
        let is_emphasis = open.starts_with(['*', '~']);
        // Two marks that touch, or one between a letter and a sign, would be read otherwise (CommonMark, 6.2).
        let touches = self.text.ends_with(['*', '~']) || (self.text.ends_with(char::is_alphanumeric) && text.starts_with(is_sign));
        if is_emphasis && touches {
            self.apart();
        }
        self.text.push_str(open);
        self.text.push_str(text);
        self.text.push_str(close);
        self.marked = is_emphasis && text.ends_with(is_sign);
        if trails {
            self.blank();
        }
    }

    /// Keeps two things apart without a blank.
    fn apart(&mut self) {
        self.text.push_str("<!---->");
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.text.trim_end().is_empty()
    }

    /// The lines as a paragraph: what would begin another block at the beginning of a line is escaped.
    pub(super) fn paragraph(&self) -> String {
        let lines: Vec<String> = self.text.trim_end().split(BREAK).map(escape_start).collect();
        lines.join(BREAK)
    }

    /// All in one line; what ends a line in a text is `between`.
    pub(super) fn one_line(&self, between: &str) -> String {
        self.text.trim_end().replace(BREAK, between)
    }
}

fn is_sign(character: char) -> bool {
    !character.is_alphanumeric() && !character.is_whitespace()
}

fn is_mark(character: char) -> bool {
    matches!(character, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '&' | '~')
}

/// Whether a sign would be read as a mark where it stands.
fn needs_escape(mark: char, before: Option<char>, after: &str) -> bool {
    let next = after.chars().next();
    match mark {
        // In a word it is no mark (CommonMark, 6.2).
        '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
        '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
        '&' => after.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') && name.len() < 40
        }),
        '~' => next == Some('~') || before == Some('~'),
        _ => true,
    }
}

/// A line whose beginning is text, whatever it looks like.
fn escape_start(line: &str) -> String {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let rest = line.trim_start_matches('#');
    let is_heading = line.starts_with('#') && ends(rest);
    let is_item = line.strip_prefix(['-', '+']).is_some_and(ends);
    let is_rule =
        ['-', '='].into_iter().any(|mark| !line.is_empty() && line.chars().all(|character| character == mark || character == ' '));
    if is_heading || is_item || is_rule || line.starts_with('>') {
        return format!("\\{line}");
    }
    let number = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (digits, rest) = line.split_at(number);
    if (1..=9).contains(&number) && rest.strip_prefix(['.', ')']).is_some_and(ends) {
        return format!("{digits}\\{rest}");
    }
    line.to_owned()
}
