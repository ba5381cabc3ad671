//! What stands around the text of each page; and the first page as a drawing, for pages that offer it.

use std::fmt::Write as _;

use super::drawing::Step;
use super::fonts::Cut;
use super::laid::Laid;
use super::lines::{RAISED, Run, Type};
use super::marks::Mark;
use super::style::{ABOVE, BELOW, HEIGHT, SIDE, WIDTH};
use quick_xml::escape::escape;

/// The size of the running head and of the foot.
const SIZE: f32 = 8.0;

/// The running head, the foot and the number of a page, from 0.
pub(super) fn around(laid: &Laid<'_>, number: usize) -> Vec<Mark> {
    let style = laid.style;
    let of = Type { cut: Cut::Text, size: SIZE, colour: style.muted };
    let words = |x: f32, y: f32, text: String| Mark::Text { x, y, run: Run { text, of, ..Run::plain() }, slot: None };
    let width = |text: &str| laid.fonts.width(of.cut, text) * SIZE;
    let mut marks = Vec::new();
    if number > 0 && !style.head.is_empty() {
        marks.push(words(SIDE, ABOVE - 30.0, style.head.clone()));
        let title = laid.title.to_owned();
        let at = WIDTH - SIDE - width(&title);
        if at > SIDE + width(&style.head) + 12.0 {
            marks.push(words(at, ABOVE - 30.0, title));
        }
    }
    let y = HEIGHT - BELOW + 30.0;
    let rule = Mark::Fill { x: SIDE, y: y - 14.0, width: WIDTH - 2.0 * SIDE, height: 0.5, colour: style.line };
    marks.push(rule);
    if !style.foot.is_empty() {
        marks.push(words(SIDE, y, style.foot.clone()));
    }
    let page = style.page.replace("{pages}", &laid.pages.len().to_string()).replace("{page}", &(number + 1).to_string());
    let at = WIDTH - SIDE - width(&page);
    marks.push(words(at, y, page));
    marks
}

/// The first page as SVG, without a word that a page could not show in its own fonts: decoration.
pub(super) fn picture(laid: &Laid<'_>) -> String {
    let mut svg = format!("<svg class=\"sheet\" viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" aria-hidden=\"true\" focusable=\"false\">");
    let _ = write!(svg, "<rect width=\"{WIDTH:.0}\" height=\"{HEIGHT:.0}\" fill=\"#fff\"/>");
    let marks = laid.pages.first().map(|page| page.marks.as_slice()).unwrap_or_default();
    for mark in marks.iter().chain(&around(laid, 0)) {
        draw(&mut svg, mark);
    }
    svg.push_str("</svg>");
    svg
}

fn draw(svg: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Text { x, y, run, .. } if !run.text.trim().is_empty() => {
            let size = run.of.size * if run.raised { RAISED } else { 1.0 };
            let class = match run.of.cut {
                Cut::Text => "sheet-text",
                Cut::Bold => "sheet-bold",
                Cut::Heading => "sheet-heading",
            };
            let [red, green, blue] = run.of.colour;
            let said = run.text.trim_end();
            write!(
                svg,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" fill=\"#{red:02x}{green:02x}{blue:02x}\">{}</text>",
                escape(said)
            )
        }
        Mark::Fill { x, y, width, height, colour: [red, green, blue] } => write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#{red:02x}{green:02x}{blue:02x}\"/>"
        ),
        Mark::Edge { x, y, size, colour: [red, green, blue], .. } => write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{size:.1}\" height=\"{size:.1}\" fill=\"none\" stroke=\"#{red:02x}{green:02x}{blue:02x}\"/>"
        ),
        Mark::Drawn { x, y, drawn, .. } => {
            for shape in &drawn.shapes {
                let steps: Vec<Step> = shape.steps.iter().map(|step| step.mapped(|a, b| (a + x, b + y))).collect();
                let _ = write!(svg, "<path d=\"{}\"", data(&steps));
                match shape.fill {
                    Some([red, green, blue]) => {
                        let _ = write!(svg, " fill=\"#{red:02x}{green:02x}{blue:02x}\"");
                    }
                    None => svg.push_str(" fill=\"none\""),
                }
                if let Some(([red, green, blue], thick)) = shape.edge {
                    let _ = write!(svg, " stroke=\"#{red:02x}{green:02x}{blue:02x}\" stroke-width=\"{thick:.2}\"");
                }
                svg.push_str("/>");
            }
            Ok(())
        }
        Mark::Text { .. } | Mark::Link { .. } => Ok(()),
    };
}

fn data(steps: &[Step]) -> String {
    let mut data = String::new();
    for step in steps {
        let _ = match step {
            Step::To(x, y) => write!(data, "M{x:.1} {y:.1}"),
            Step::Line(x, y) => write!(data, "L{x:.1} {y:.1}"),
            Step::Curve([a, b, c, d, x, y]) => write!(data, "C{a:.1} {b:.1} {c:.1} {d:.1} {x:.1} {y:.1}"),
            Step::Close => write!(data, "Z"),
        };
    }
    data
}
