//! Pages to a file of PDF.

use std::num::{NonZeroU16, NonZeroU32};

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::drawing::{Drawn, Step};
use super::laid::Laid;
use super::lines::{RAISED, Run};
use super::marks::Mark;
use super::problem::Problem;
use super::structure::{DOCUMENT, Role};
use super::style::{Colour, HEIGHT, WIDTH};
use crate::diagnostic::{Text, text};

/// Writes a document.
///
/// # Errors
/// What the standard forbids and was not seen before.
pub(super) fn write(laid: &Laid<'_>) -> Result<Vec<u8>, Problem> {
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| unwritten(&format!("{error:?}").into()))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let metadata = Metadata::new().title(laid.title.to_owned()).language(laid.language.to_owned()).creator(String::from("Werdegang"));
    document.set_metadata(match laid.style.date {
        Some(date) => metadata.creation_date(day(date)),
        None => metadata,
    });
    let mut tags = Tags { drawn: laid.flow.structure.0.iter().map(|_| Vec::new()).collect() };
    for (number, page) in laid.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| unwritten(&Text::from("the size of a page")))?;
        let mut sheet = document.start_page_with(settings);
        let mut links: Vec<(usize, Annotation)> = Vec::new();
        let mut surface = sheet.surface();
        for mark in page.marks.iter().chain(&super::picture::around(laid, number)) {
            match mark {
                Mark::Link { element, .. } => links.extend(link(mark, laid).map(|link| (*element, link))),
                mark => tags.draw(&mut surface, mark, laid),
            }
        }
        surface.finish();
        for (element, annotation) in links {
            let identifier = sheet.add_tagged_annotation(annotation);
            tags.add(element, identifier);
        }
        sheet.finish();
    }
    document.set_outline(outline(laid));
    let mut tree = TagTree::new().with_lang(Some(laid.language.to_owned()));
    for node in tags.nodes(DOCUMENT, laid) {
        tree.push(node);
    }
    document.set_tag_tree(tree);
    document.finish().map_err(|error| unwritten(&format!("{error:?}").into()))
}

/// A day as PDF writes it.
fn day(date: jiff::civil::Date) -> DateTime {
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    DateTime::new(u16::try_from(date.year()).unwrap_or(0)).month(part(date.month())).day(part(date.day()))
}

fn unwritten(why: &Text) -> Problem {
    Problem::new(text!("the report cannot be written as PDF/UA: {why}", why), "write its template more plainly")
}

/// The content that was drawn for each element.
struct Tags {
    drawn: Vec<Vec<Identifier>>,
}

impl Tags {
    fn add(&mut self, element: usize, identifier: Identifier) {
        if let Some(drawn) = self.drawn.get_mut(element) {
            drawn.push(identifier);
        }
    }

    fn draw(&mut self, surface: &mut Surface<'_>, mark: &Mark, laid: &Laid<'_>) {
        let slot = match mark {
            Mark::Text { slot, .. } | Mark::Edge { slot, .. } | Mark::Drawn { slot, .. } => *slot,
            Mark::Fill { .. } | Mark::Link { .. } => None,
        };
        let divided = match mark {
            Mark::Text { run, .. } if run.is_divided => Some(written(run)),
            _ => None,
        };
        let tag = match (slot, mark) {
            (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            (Some(_), Mark::Text { .. }) => ContentTag::Span(SpanTag::empty().with_actual_text(divided.as_deref())),
            (Some(_), _) => ContentTag::Other,
        };
        let identifier = surface.start_tagged(tag);
        draw(surface, mark, laid);
        surface.end_tagged();
        if let Some(slot) = slot {
            self.add(slot, identifier);
        }
    }

    /// The nodes below an element.
    fn nodes(&mut self, element: usize, laid: &Laid<'_>) -> Vec<Node> {
        let mut nodes: Vec<Node> =
            self.drawn.get_mut(element).map(std::mem::take).unwrap_or_default().into_iter().map(Node::Leaf).collect();
        let Some(of) = laid.flow.structure.0.get(element) else { return nodes };
        for child in &of.children {
            let below = self.nodes(*child, laid);
            match laid.flow.structure.0.get(*child).and_then(|child| kind(&child.role)) {
                Some(_) if below.is_empty() => {}
                Some(kind) => nodes.push(Node::Group(TagGroup::with_children(kind, below))),
                None => nodes.extend(below),
            }
        }
        nodes
    }
}

/// What an element is in PDF; none of what is nothing by itself.
fn kind(role: &Role) -> Option<TagKind> {
    let spans = |span: u32| NonZeroU32::new(span).filter(|span| span.get() > 1);
    Some(match role {
        Role::Document | Role::Slot => return None,
        Role::Paragraph => Tag::P.into(),
        Role::Heading(level, text) => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(text.clone())).into(),
        Role::List(true) => Tag::L(ListNumbering::Decimal).into(),
        Role::List(false) => Tag::L(ListNumbering::Disc).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell(true, span) => Tag::TH(TableHeaderScope::Column).with_col_span(spans(*span)).into(),
        Role::HeadCell(false, span) => Tag::TH(TableHeaderScope::Row).with_col_span(spans(*span)).into(),
        Role::Cell(span) => Tag::TD.with_col_span(spans(*span)).into(),
        Role::Caption => Tag::Caption.into(),
        Role::Link => Tag::Link.into(),
        Role::Figure(says) => Tag::Figure(Some(says.clone())).into(),
        Role::Quote => Tag::BlockQuote.into(),
        Role::Note => Tag::Note.into(),
        Role::Strong => Tag::Strong.into(),
        Role::Emphasis => Tag::Em.into(),
    })
}

/// What a run says: a word that the line divides goes on in the next one.
fn written(run: &Run) -> String {
    let said = run.text.strip_suffix('-').unwrap_or(&run.text);
    format!("{said}\u{ad}")
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, laid: &Laid<'_>) {
    match mark {
        Mark::Text { x, y, run, .. } => {
            let Some(font) = laid.fonts.font(run.of.cut) else { return };
            let said = if run.is_divided { written(run) } else { run.text.clone() };
            let glyphs = laid.fonts.glyphs(run.of.cut, &run.text, &said);
            surface.set_fill(Some(fill(run.of.colour)));
            surface.set_stroke(None);
            let size = run.of.size * if run.raised { RAISED } else { 1.0 };
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, font, &said, size, false);
        }
        Mark::Fill { x, y, width, height, colour } => {
            shape(surface, &rectangle(*x, *y, *width, *height), Some(*colour), None);
        }
        Mark::Edge { x, y, size, colour, .. } => {
            shape(surface, &rectangle(*x, *y, *size, *size), None, Some((*colour, 0.8)));
        }
        Mark::Drawn { x, y, drawn, .. } => drawing(surface, drawn, *x, *y),
        Mark::Link { .. } => {}
    }
}

fn drawing(surface: &mut Surface<'_>, drawn: &Drawn, left: f32, top: f32) {
    for one in &drawn.shapes {
        let steps: Vec<Step> = one.steps.iter().map(|step| step.mapped(|x, y| (x + left, y + top))).collect();
        shape(surface, &steps, one.fill, one.edge);
    }
}

fn shape(surface: &mut Surface<'_>, steps: &[Step], inside: Option<Colour>, edge: Option<(Colour, f32)>) {
    let Some(path) = path(steps).filter(|_| inside.is_some() || edge.is_some()) else { return };
    surface.set_fill(inside.map(fill));
    surface.set_stroke(edge.map(|(colour, width)| Stroke { paint: paint(colour).into(), width, ..Stroke::default() }));
    surface.draw_path(&path);
}

fn path(steps: &[Step]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for step in steps {
        match *step {
            Step::To(x, y) => builder.move_to(x, y),
            Step::Line(x, y) => builder.line_to(x, y),
            Step::Curve([a, b, c, d, x, y]) => builder.cubic_to(a, b, c, d, x, y),
            Step::Close => builder.close(),
        }
    }
    builder.finish()
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> [Step; 5] {
    [Step::To(x, y), Step::Line(x + width, y), Step::Line(x + width, y + height), Step::Line(x, y + height), Step::Close]
}

fn paint([red, green, blue]: Colour) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: paint(colour).into(), opacity: NormalizedF32::ONE, rule: krilla::paint::FillRule::NonZero }
}

/// The place of a link and where it leads; none where that is nowhere.
fn link(mark: &Mark, laid: &Laid<'_>) -> Option<Annotation> {
    let Mark::Link { x, y, width, height, to, .. } = mark else { return None };
    let area = Rect::from_xywh(*x, *y, width.max(0.1), *height)?;
    let target = match to.strip_prefix('#') {
        Some(id) => Target::Destination(place_of(id, laid)?.into()),
        None => Target::Action(Action::Link(LinkAction::new(to.clone()))),
    };
    let says = to.strip_prefix("mailto:").unwrap_or(to).to_owned();
    Some(Annotation::new_link(LinkAnnotation::new(area, target), Some(says)))
}

/// Where the heading with an id stands.
fn place_of(id: &str, laid: &Laid<'_>) -> Option<XyzDestination> {
    let number = laid.flow.headings.iter().position(|heading| heading.id.as_deref() == Some(id))?;
    place(number, laid)
}

fn place(heading: usize, laid: &Laid<'_>) -> Option<XyzDestination> {
    let found = laid.pages.iter().enumerate().find_map(|(page, on)| {
        let (_, y) = on.headings.iter().find(|(number, _)| *number == heading)?;
        Some((page, *y))
    });
    found.map(|(page, y)| XyzDestination::new(page, Point::from_xy(0.0, (y - 12.0).max(0.0))))
}

/// The outline: headings of the first two levels, those of the second below those of the first; the title,
/// where there are none.
fn outline(laid: &Laid<'_>) -> Outline {
    let mut outline = Outline::new();
    let mut above: Option<OutlineNode> = None;
    for (number, heading) in laid.flow.headings.iter().enumerate() {
        let Some(place) = place(number, laid) else { continue };
        let node = OutlineNode::new(heading.text.clone(), place);
        match (heading.level, above.as_mut()) {
            (1, _) => {
                if let Some(done) = above.replace(node.with_open(true)) {
                    outline.push_child(done);
                }
            }
            (2, Some(above)) => above.push_child(node),
            (2, None) => outline.push_child(node),
            _ => {}
        }
    }
    match above {
        Some(last) => outline.push_child(last),
        None if laid.flow.headings.iter().all(|heading| heading.level > 2) => {
            outline.push_child(OutlineNode::new(laid.title.to_owned(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
        }
        None => {}
    }
    outline
}
