//! Drawings: of SVG (SVG 2) what marks and plain charts are made of.

use std::rc::Rc;

use markup5ever_rcdom::Node;

use super::blocks::{attribute, name};
use super::problem::Problem;
use super::style::{Colour, Style, colour};
use crate::diagnostic::{Text, text};

/// A drawing, in points from its left upper corner.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub width: f32,
    pub height: f32,
    pub shapes: Vec<Shape>,
    /// What it shows; none of what is only decoration.
    pub says: Option<String>,
}

/// A shape of a drawing.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub steps: Vec<Step>,
    pub fill: Option<Colour>,
    /// The colour of its edge, and how thick that is.
    pub edge: Option<(Colour, f32)>,
}

/// A step of the outline of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    To(f32, f32),
    Line(f32, f32),
    Curve([f32; 6]),
    Close,
}

/// All that a drawing may hold.
const SHOWN: &str = "`<rect>`, `<circle>`, `<line>`, `<path>` (of M, L, H, V, C and Z) and `<g>`, with `fill`, `stroke` and `stroke-width`";

/// How far the handles of a curve stand off that is a quarter of a circle.
const ROUND: f32 = 0.552_285;

impl Drawn {
    /// The same, larger or smaller.
    pub(super) fn scaled(mut self, by: f32) -> Self {
        self.width *= by;
        self.height *= by;
        for shape in &mut self.shapes {
            shape.edge = shape.edge.map(|(colour, thick)| (colour, thick * by));
            for step in &mut shape.steps {
                *step = step.mapped(|x, y| (x * by, y * by));
            }
        }
        self
    }
}

impl Step {
    /// The same with other coordinates.
    pub(super) fn mapped(self, map: impl Fn(f32, f32) -> (f32, f32)) -> Self {
        match self {
            Step::To(x, y) => {
                let (x, y) = map(x, y);
                Step::To(x, y)
            }
            Step::Line(x, y) => {
                let (x, y) = map(x, y);
                Step::Line(x, y)
            }
            Step::Curve([a, b, c, d, e, f]) => {
                let ((a, b), (c, d), (e, f)) = (map(a, b), map(c, d), map(e, f));
                Step::Curve([a, b, c, d, e, f])
            }
            Step::Close => Step::Close,
        }
    }
}

/// Reads a drawing; `ink` is what `currentColor` is.
pub(super) fn drawing(node: &Rc<Node>, ink: Colour, style: &Style, problems: &mut Vec<Problem>) -> Option<Drawn> {
    let view = attribute(node, "viewBox").map(|view| numbers(&view)).filter(|view| view.len() == 4);
    let size = |wanted: &str, usual: Option<f32>| attribute(node, wanted).and_then(|size| size.trim().parse::<f32>().ok()).or(usual);
    let (width, height) = (size("width", view.as_ref().map(|view| view[2])), size("height", view.as_ref().map(|view| view[3])));
    let (Some(width), Some(height)) = (width.filter(is_length), height.filter(is_length)) else {
        problems.push(Problem::new("a drawing of a report has no size", "give it a `width` and a `height` in points, or a `viewBox`"));
        return None;
    };
    let view = view.unwrap_or_else(|| vec![0.0, 0.0, width, height]);
    let is_decoration = attribute(node, "aria-hidden").as_deref() == Some("true");
    let says = attribute(node, "aria-label").filter(|says| !says.trim().is_empty());
    if says.is_none() && !is_decoration {
        let help = "say what it shows: `<svg role=\"img\" aria-label=\"…\">`; or that it is decoration: `aria-hidden=\"true\"`";
        problems.push(Problem::new("a drawing of a report does not say what it shows", help));
    }
    let mut reader = Reader { ink, style, problems, shapes: Vec::new() };
    reader.below(node, &Look { fill: Some([0, 0, 0]), stroke: None, thick: 1.0 }, 0);
    let mut shapes = reader.shapes;
    let by = if view[2] > 0.0 { width / view[2] } else { 1.0 };
    for shape in &mut shapes {
        shape.edge = shape.edge.map(|(colour, thick)| (colour, thick * by));
        for step in &mut shape.steps {
            *step = step.mapped(|x, y| ((x - view[0]) * by, (y - view[1]) * by));
        }
    }
    Some(Drawn { width, height, shapes, says: says.filter(|_| !is_decoration) })
}

fn is_length(length: &f32) -> bool {
    *length > 0.0 && *length < 10_000.0
}

#[derive(Clone, Copy)]
struct Look {
    fill: Option<Colour>,
    stroke: Option<Colour>,
    thick: f32,
}

struct Reader<'r> {
    ink: Colour,
    style: &'r Style,
    problems: &'r mut Vec<Problem>,
    shapes: Vec<Shape>,
}

impl Reader<'_> {
    fn below(&mut self, node: &Rc<Node>, look: &Look, depth: usize) {
        for child in node.children.borrow().iter() {
            let Some(name) = name(child) else { continue };
            let look = self.look(child, *look);
            let of = |wanted: &str| {
                attribute(child, wanted)
                    .and_then(|number| number.trim().parse::<f32>().ok())
                    .filter(|number| number.is_finite())
                    .unwrap_or(0.0)
            };
            let steps = match name {
                "g" if depth < 8 => {
                    self.below(child, &look, depth + 1);
                    continue;
                }
                "title" | "desc" | "style" => continue,
                "rect" => rectangle(of("x"), of("y"), of("width"), of("height")),
                "circle" => circle(of("cx"), of("cy"), of("r")),
                "line" => vec![Step::To(of("x1"), of("y1")), Step::Line(of("x2"), of("y2"))],
                "path" => match path(&attribute(child, "d").unwrap_or_default()) {
                    Some(steps) => steps,
                    None => {
                        self.refuse(Text::from("this `<path>`"));
                        continue;
                    }
                },
                _ => {
                    self.refuse(text!("`<{name}>`", name));
                    continue;
                }
            };
            let fill = look.fill.filter(|_| name != "line");
            self.shapes.push(Shape { steps, fill, edge: look.stroke.map(|stroke| (stroke, look.thick)) });
        }
    }

    fn refuse(&mut self, what: Text) {
        let help = text!("it can show {shown}", shown = Text::from(SHOWN));
        self.problems.push(Problem::new(text!("a drawing of a report cannot show {what}", what), help));
    }

    fn look(&mut self, node: &Rc<Node>, look: Look) -> Look {
        let thick = attribute(node, "stroke-width").and_then(|thick| thick.trim().parse().ok()).unwrap_or(look.thick);
        Look { fill: self.paint(node, "fill", look.fill), stroke: self.paint(node, "stroke", look.stroke), thick }
    }

    fn paint(&mut self, node: &Rc<Node>, key: &str, usual: Option<Colour>) -> Option<Colour> {
        let Some(written) = attribute(node, key) else { return usual };
        match written.trim() {
            "none" => None,
            "currentColor" => Some(self.ink),
            "accent" => Some(self.style.accent),
            "line" => Some(self.style.line),
            "muted" => Some(self.style.muted),
            "shade" => Some(self.style.shade),
            other => colour(other).or_else(|| {
                let help = "write it as `#0b5a5e`, `currentColor`, `accent`, `line`, `muted`, `shade` or `none`";
                self.problems.push(Problem::new(text!("`{other}` is no colour of a drawing", other), help));
                usual
            }),
        }
    }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Vec<Step> {
    vec![Step::To(x, y), Step::Line(x + width, y), Step::Line(x + width, y + height), Step::Line(x, y + height), Step::Close]
}

fn circle(x: f32, y: f32, r: f32) -> Vec<Step> {
    let k = r * ROUND;
    vec![
        Step::To(x + r, y),
        Step::Curve([x + r, y + k, x + k, y + r, x, y + r]),
        Step::Curve([x - k, y + r, x - r, y + k, x - r, y]),
        Step::Curve([x - r, y - k, x - k, y - r, x, y - r]),
        Step::Curve([x + k, y - r, x + r, y - k, x + r, y]),
        Step::Close,
    ]
}

/// The numbers of a text, parted by spaces or commas.
fn numbers(text: &str) -> Vec<f32> {
    let parts = text.split(|letter: char| letter.is_whitespace() || letter == ',').filter(|part| !part.is_empty());
    parts.map_while(|part| part.parse::<f32>().ok().filter(|number| number.is_finite())).collect()
}

/// The steps of a path; none where it has others than these.
fn path(data: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let mut rest = data.trim();
    while let Some(letter) = rest.chars().next() {
        let end = rest[letter.len_utf8()..]
            .find(|next: char| next.is_ascii_alphabetic() && next != 'e')
            .map_or(rest.len(), |at| at + letter.len_utf8());
        let given = numbers(&rest[letter.len_utf8()..end]);
        rest = &rest[end..];
        match letter {
            'M' | 'L' => {
                for (at, pair) in given.chunks_exact(2).enumerate() {
                    (x, y) = (pair[0], pair[1]);
                    steps.push(if letter == 'M' && at == 0 { Step::To(x, y) } else { Step::Line(x, y) });
                }
            }
            'H' => {
                x = *given.last()?;
                steps.push(Step::Line(x, y));
            }
            'V' => {
                y = *given.last()?;
                steps.push(Step::Line(x, y));
            }
            'C' => {
                for six in given.chunks_exact(6) {
                    steps.push(Step::Curve([six[0], six[1], six[2], six[3], six[4], six[5]]));
                    (x, y) = (six[4], six[5]);
                }
            }
            'Z' | 'z' => steps.push(Step::Close),
            _ => return None,
        }
    }
    matches!(steps.first(), Some(Step::To(..))).then_some(steps)
}
