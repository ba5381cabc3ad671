//! One Markdown file, read and understood as far as it can be alone.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::body::{Body, Heading};
use super::file_name::{day_in_name, name_of_page};
use super::front_matter::{PageFront, SectionFront, split};
use super::markdown::render;
use super::path::ContentPath;
use super::settings::Settings;
use super::{CONTENT_DIR, SECTION_FILE};
use crate::diagnostic::{Diagnostic, Place, SourceText, Spot, list, text};
use crate::files::{self, Files};
use crate::locale::LanguageId;
use crate::records::{Annotations, Day, Figures, Kind, Record, Source, Target, WrittenAt, csv_figures};
use crate::schema::{Decode, Mention, Node, Reader, Spans, Value, is_control, parse_toml};

/// A Markdown file of `content/`.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path below `content/`, such as `kurse/ils.md`.
    pub file: ContentPath,
    /// Its front matter.
    pub front: Front,
    /// Its record, with figures from CSV filled in.
    pub record: Option<Record>,
    /// The language that it is written in.
    pub language: LanguageId,
    /// Its Markdown.
    pub body: Body,
    /// Records and sources it names.
    pub mentions: Vec<Mention>,
    /// What of its record is looked at again after it was read.
    pub annotations: Annotations,
    /// Files read beside it: its CSV.
    pub data_files: Vec<String>,
    /// The file and what it held.
    pub source: Arc<SourceText>,
    /// Where its front matter writes what.
    spans: Spans,
    /// The ids of its headings, each with its number, and of the HTML in it. They are gone through when the
    /// first is asked for.
    anchors: OnceLock<HashMap<String, Option<usize>>>,
}

impl Document {
    /// A document that no file holds.
    pub fn made(file: &str, front: Front) -> Self {
        Self {
            file: file.into(),
            front,
            record: None,
            language: LanguageId::MAIN,
            body: Body::default(),
            mentions: Vec::new(),
            annotations: Annotations::default(),
            data_files: Vec::new(),
            source: SourceText::new(format!("{CONTENT_DIR}/{file}"), String::new()),
            spans: Spans::default(),
            anchors: OnceLock::new(),
        }
    }

    /// Its file, relative to the portal.
    pub fn path(&self) -> &Arc<str> {
        self.source.file()
    }

    /// Some bytes of its file.
    pub fn spot(&self, range: Range<usize>) -> Spot {
        Spot { source: self.source.clone(), range }
    }

    fn anchors(&self) -> &HashMap<String, Option<usize>> {
        self.anchors.get_or_init(|| {
            let in_html = self.body.html.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let headings = self.body.headings.iter().enumerate().map(|(number, heading)| (heading.id.clone(), Some(number)));
            in_html.map(|id| (id.to_owned(), None)).chain(headings).collect()
        })
    }

    /// Whether one of its headings, or of the elements of HTML in it, has an id.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.anchors().contains_key(anchor)
    }

    /// The heading that has an id.
    pub fn heading(&self, id: &str) -> Option<&Heading> {
        self.body.headings.get((*self.anchors().get(id)?)?)
    }

    /// Where a value of its front matter stands, by its key, or by the name of its table and its key.
    pub fn spot_of(&self, keys: &[&str]) -> Option<Spot> {
        self.spans.find(self.source.text(), keys).map(|range| self.spot(range))
    }

    /// The place of the first text of the file that is so; the file as a whole where none is.
    pub fn place_of_text(&self, wanted: &str) -> Place {
        let found = self.source.text().find(wanted).map(|start| self.spot(start..start + wanted.len()));
        found.map_or_else(|| Place::file(self.path()), |spot| spot.place())
    }

    /// The place of a value of its front matter; the file as a whole where it is not there.
    pub fn place(&self, keys: &[&str]) -> Place {
        self.spot_of(keys).map_or_else(|| Place::file(self.path()), |spot| spot.place())
    }
}

/// The front matter of a page or of a section.
#[derive(Clone, Debug)]
pub enum Front {
    /// Of a page.
    Page(Arc<PageFront>),
    /// Of a section: the file is an `_index.md`.
    Section(Arc<SectionFront>),
}

/// Reads and understands the file `path`, which is relative to the portal. Whatever is wrong goes into
/// `findings`; none where it is too much to go on with.
pub(crate) fn load(files: &dyn Files, path: &str, settings: Settings, findings: &mut Vec<Diagnostic>) -> Option<Document> {
    let source = files::read_text(path, files.read(path), findings)?;
    let mut reader = Reader::new(&source);
    let document = understand(files, path, settings, &mut reader);
    findings.append(&mut reader.findings);
    document
}

fn understand(files: &dyn Files, path: &str, settings: Settings, reader: &mut Reader<'_>) -> Option<Document> {
    let text = reader.text;
    let split = match split(text) {
        Ok(split) => split,
        Err((message, help)) => {
            reader.report("front-matter", 0..first_line(text), message, help);
            return None;
        }
    };
    if let Some((at, character)) = first_control(text) {
        let message = text!("the file holds the control character U+{code}", code = format!("{:04X}", u32::from(character)));
        reader.report("control-character", at..at + 1, message, "delete it: it comes from pasting, and neither HTML nor feeds may hold it");
        return None;
    }
    // The Markdown is read even where the front matter is wrong, so that both are reported.
    let body = render(split.body.clone(), settings, reader);
    let root = parse_toml(reader.source, split.toml.clone(), &mut reader.findings)?;
    let file = ContentPath::of(path);
    let is_section = file.rsplit('/').next() == Some(SECTION_FILE);
    if is_section {
        refuse_record_in_section(&root, reader)?;
        let front = SectionFront::decode(&root, reader)?;
        citations(&body, reader);
        let mentions = std::mem::take(&mut reader.mentions);
        return Some(Document {
            file,
            front: Front::Section(Arc::new(front)),
            record: None,
            language: settings.language,
            body,
            mentions,
            annotations: Annotations::default(),
            data_files: Vec::new(),
            source: reader.source.clone(),
            spans: Spans::new(&root),
            anchors: OnceLock::new(),
        });
    }
    let mut front = PageFront::decode(&root, reader)?;
    // What the front matter says comes before what the name of the file says.
    front.date = front.date.or_else(|| day_in_name(name_of_page(&file).1).map(|(day, _)| Day(day)));
    let mut record = match front.take_record() {
        Ok(record) => record,
        Err(kinds) => {
            let names = list(kinds.iter().map(|kind| kind.as_str()));
            let second = kinds.get(1).and_then(|kind| root.find(&[kind.as_str()])).map_or(split.toml.clone(), |node| node.span.clone());
            reader.report(
                "two-records",
                second,
                text!("a page has one record, this one has several: {kinds}", kinds = names),
                "move each to a page of its own",
            );
            return None;
        }
    };
    let mut data_files = Vec::new();
    let mut annotations = Annotations::default();
    if let Some(record) = &record {
        record.annotate(WrittenAt { node: root.find(&[record.kind().as_str()]), source: reader.source }, &mut annotations);
    }
    if let Some(Record::Salary(salary)) = &mut record
        && let Figures::File(name) = &salary.figures
    {
        let csv_path = beside(path, name);
        data_files.push(csv_path.clone());
        salary.figures = Figures::Here(Arc::new(figures_from(files, &csv_path, name, &root, reader, &mut annotations)?));
    }
    citations(&body, reader);
    let mentions = std::mem::take(&mut reader.mentions);
    let (language, source, spans, anchors) = (settings.language, reader.source.clone(), Spans::new(&root), OnceLock::new());
    Some(Document {
        file,
        front: Front::Page(Arc::new(front)),
        record,
        language,
        body,
        mentions,
        annotations,
        data_files,
        source,
        spans,
        anchors,
    })
}

/// Notes the sources that a text cites, by calls of the component `source`.
fn citations(body: &Body, reader: &mut Reader<'_>) {
    for call in &body.calls {
        if call.name == Source::NAME
            && let Some(id) = call.text_argument("id")
        {
            reader.mention(Source::NAME, &Arc::from(id), call.span.clone());
        }
        if let Some(inner) = &call.body {
            citations(inner, reader);
        }
    }
}

/// The first control character of a text, which neither HTML nor feeds may hold.
fn first_control(text: &str) -> Option<(usize, char)> {
    // Only these bytes begin one; nearly no text has any, and bytes are seen faster than characters.
    let may_begin = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f || byte == 0xc2;
    if !text.bytes().any(may_begin) {
        return None;
    }
    text.char_indices().find(|(_, character)| is_control(*character))
}

fn refuse_record_in_section(root: &Node<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let Value::Table(entries) = &root.value else { return Some(()) };
    match entries.iter().find(|entry| Kind::from_name(&entry.key).is_some()) {
        Some(entry) => {
            let message = text!("a section cannot have a `[{kind}]`", kind = entry.key);
            reader.report("record-in-section", entry.key_span.clone(), message, "move the record to a page: another file of the folder");
            None
        }
        None => Some(()),
    }
}

/// Reads the CSV file of a salary page.
fn figures_from(
    files: &dyn Files,
    path: &str,
    name: &str,
    root: &Node<'_>,
    reader: &mut Reader<'_>,
    annotations: &mut Annotations,
) -> Option<Vec<crate::records::SalaryFigure>> {
    let bytes = match files.read_written(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let span = figures_span(root);
            let message = match error.kind() {
                ErrorKind::NotFound => text!("there is no file `{name}` beside this page", name),
                _ => text!("cannot read `{name}`: {error}", name, error),
            };
            reader.report("data-file", span, message, text!("put the file at `{path}`", path));
            return None;
        }
    };
    let source = files::read_text(path, Ok(bytes), &mut reader.findings)?;
    let mut rows = Reader::new(&source);
    let figures = csv_figures(&mut rows, annotations);
    reader.findings.append(&mut rows.findings);
    reader.mentions.append(&mut rows.mentions);
    figures
}

fn figures_span(root: &Node<'_>) -> Range<usize> {
    root.find(&["salary", "figures"]).map_or(0..0, |node| node.span.clone())
}

/// The path of a file beside another.
fn beside(path: &str, name: &str) -> String {
    match path.rfind('/') {
        Some(at) => format!("{}/{name}", &path[..at]),
        None => name.to_owned(),
    }
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
