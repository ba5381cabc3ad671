//! Drawings and formulas in a page, whose tags and text are read by rules of their own (HTML standard, "foreign
//! elements").

/// An element that changes how what stands in it is read: whether as drawings and formulas are, or as HTML
/// again.
#[derive(Clone, Copy)]
struct Foreign {
    name: &'static str,
    foreign: bool,
}

/// Elements whose content is no HTML (HTML standard, "foreign elements").
const FOREIGN: [&str; 2] = ["svg", "math"];

/// Elements of those whose content is HTML again ("HTML integration point", "MathML text integration point").
const HTML_AGAIN: [&str; 9] = ["foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"];

/// Start tags that end all foreign elements they stand in ("the rules for parsing tokens in foreign
/// content").
const BREAKS_OUT: [&str; 44] = [
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// The open elements that change how what stands in them is read, the outermost first.
#[derive(Default)]
pub(super) struct ForeignElements(Vec<Foreign>);

impl ForeignElements {
    /// Whether what comes next stands in a drawing or formula, and not in HTML again within it.
    pub(super) fn is_innermost(&self) -> bool {
        self.0.last().is_some_and(|last| last.foreign)
    }

    /// Takes in a start tag. Gives whether its element stands in a drawing or formula.
    pub(super) fn start(&mut self, name: &str, self_closing: bool) -> bool {
        if BREAKS_OUT.contains(&name) {
            while self.is_innermost() {
                self.0.pop();
            }
        }
        let foreign = self.is_innermost();
        let opens = |names: &[&'static str]| names.iter().find(|known| **known == name).copied().filter(|_| !self_closing);
        if let Some(name) = opens(&FOREIGN) {
            self.0.push(Foreign { name, foreign: true });
        } else if let Some(name) = opens(&HTML_AGAIN).filter(|_| foreign) {
            self.0.push(Foreign { name, foreign: false });
        }
        foreign
    }

    /// Takes in an end tag: what stands in a foreign element ends with it.
    pub(super) fn end(&mut self, name: &str) {
        let ends = self.0.iter().rposition(|open| open.name == name).filter(|at| self.0[*at].foreign || at + 1 == self.0.len());
        if let Some(at) = ends {
            self.0.truncate(at);
        }
    }
}
