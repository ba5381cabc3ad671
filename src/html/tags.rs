//! Goes through a page, tag by tag, as the tokenizer of the HTML standard does; without a tree, so what the
//! standard decides by the tree is known only where it changes how text is read: in drawings and formulas,
//! and where there are no scripts.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, State, Tokenizer};

use super::foreign::ForeignElements;

/// Takes in a page, piece by piece.
pub(crate) trait Visitor {
    /// A start tag, whether or not an end tag will follow.
    fn start(&mut self, tag: &Tag);

    /// An end tag of that name, in small letters.
    fn end(&mut self, _name: &str) {}

    /// Text, character references resolved; `within` says what it is the text of.
    fn text(&mut self, _within: Within, _text: &str) {}

    /// The same text, and where in what is read it is written; only of what stands in no `<noscript>`.
    fn written(&mut self, _within: Within, _place: Range<usize>) {}

    /// A comment, and where in what is read it is written, from `<!--` to `-->`.
    fn comment(&mut self, _place: Range<usize>) {}

    /// What comes up to the next call stands in a `<noscript>`, or does so no more: only who has no scripts
    /// sees it.
    fn noscript(&mut self, _inside: bool) {}
}

/// What a text is the text of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Within {
    /// What readers see, and all that is none of the others.
    #[default]
    Text,
    /// A style sheet.
    Style,
    /// A script, or data that one may run.
    Script,
    /// Linked data, which no browser runs.
    Data,
    /// A script that can import others.
    Module,
    /// An import map (HTML standard, "import maps").
    ImportMap,
}

impl Within {
    fn of(tag: &Tag) -> Self {
        match tag.name() {
            "style" => Self::Style,
            "script" if tag.is("type", "module") => Self::Module,
            "script" if tag.is("type", "importmap") => Self::ImportMap,
            "script" if tag.is("type", "application/ld+json") => Self::Data,
            "script" => Self::Script,
            _ => Self::Text,
        }
    }
}

/// A start tag.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tag {
    name: String,
    self_closing: bool,
    /// The names and values of the attributes, one behind the other.
    said: String,
    attributes: Vec<Attribute>,
}

#[derive(Clone, Debug)]
struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
    written: Range<usize>,
}

impl Tag {
    /// Its name, in small letters.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it ends with `/>`, which only drawings and formulas heed.
    pub(crate) fn is_self_closing(&self) -> bool {
        self.self_closing
    }

    /// What an attribute says, character references resolved; nothing where it is not there. Of two with one
    /// name the first holds.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|attribute| &self.said[attribute.value.clone()])
    }

    /// Whether an attribute says a word, in letters of any size.
    pub(crate) fn is(&self, name: &str, word: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case(word))
    }

    /// The attributes, in order: their names, in small letters, and what they say.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|attribute| (&self.said[attribute.name.clone()], &self.said[attribute.value.clone()]))
    }

    /// Where in what is read the value of an attribute stands, without its quotes; only in what stands in no
    /// `<noscript>`.
    pub(crate) fn written(&self, name: &str) -> Option<Range<usize>> {
        self.find(name).map(|attribute| attribute.written.clone())
    }

    fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &self.said[attribute.name.clone()] == name)
    }

    fn say(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.said.len();
        self.said.push_str(&String::from_utf8_lossy(bytes));
        start..self.said.len()
    }
}

/// Reads a page, or a piece of one.
pub(crate) fn read(html: &str, visitor: &mut dyn Visitor) {
    read_as(html, true, visitor);
}

/// Reads as a browser does that has scripts, or none.
fn read_as(html: &str, scripts: bool, visitor: &mut dyn Visitor) {
    let taking = Taking {
        visitor,
        scripts,
        tag: Tag::default(),
        open: false,
        within: Inside::Known(Within::Text),
        foreign: ForeignElements::default(),
        as_markup: false,
    };
    let mut emitter = CallbackEmitter::new(taking);
    emitter.naively_switch_states(true);
    // The events are taken in by the callback; there is nothing to iterate over.
    for Ok(_) in Tokenizer::new_with_emitter(html, Switching(emitter)) {}
}

/// What the text that comes is the text of.
#[derive(Clone, Copy)]
enum Inside {
    Known(Within),
    NoScript,
}

struct Taking<'v> {
    visitor: &'v mut dyn Visitor,
    scripts: bool,
    tag: Tag,
    /// Whether the value that comes is that of an attribute of a start tag, the last of `tag`.
    open: bool,
    within: Inside,
    foreign: ForeignElements,
    /// Whether what follows the tag that was just read is markup, though the name of the tag says otherwise.
    as_markup: bool,
}

impl Taking<'_> {
    fn start(&mut self, self_closing: bool) {
        self.open = false;
        self.tag.self_closing = self_closing;
        let name = self.tag.name.as_str();
        let foreign = self.foreign.start(name, self_closing);
        self.as_markup = foreign || (!self.scripts && name == "noscript");
        self.within = match name {
            _ if foreign && self_closing => Inside::Known(Within::Text),
            "noscript" if !self.as_markup => Inside::NoScript,
            _ => Inside::Known(Within::of(&self.tag)),
        };
        self.visitor.start(&self.tag);
    }

    fn end(&mut self, name: &[u8]) {
        let name = String::from_utf8_lossy(name);
        self.within = Inside::Known(Within::Text);
        self.as_markup = false;
        self.foreign.end(&name);
        self.visitor.end(&name);
    }

    fn text(&mut self, value: &[u8], place: Range<usize>) {
        let text = String::from_utf8_lossy(value);
        match self.within {
            Inside::Known(within) => {
                self.visitor.text(within, &text);
                if self.scripts {
                    self.visitor.written(within, place);
                }
            }
            Inside::NoScript => {
                self.visitor.noscript(true);
                // Where there are no scripts a `<noscript>` in it is an element like others, so that this
                // goes one step down and no more.
                read_as(&text, false, self.visitor);
                self.visitor.noscript(false);
            }
        }
    }
}

impl Callback<Infallible, usize> for Taking<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.name.clear();
                self.tag.name.push_str(&String::from_utf8_lossy(name));
                self.tag.said.clear();
                self.tag.attributes.clear();
                self.open = false;
            }
            CallbackEvent::AttributeName { name } => {
                let name = self.tag.say(name);
                self.open = self.tag.find(&self.tag.said[name.clone()]).is_none();
                if self.open {
                    self.tag.attributes.push(Attribute { value: name.end..name.end, name, written: span.end..span.end });
                }
            }
            CallbackEvent::AttributeValue { value } if self.open => {
                self.open = false;
                let value = self.tag.say(value);
                if let Some(attribute) = self.tag.attributes.last_mut() {
                    (attribute.value, attribute.written) = (value, span.start..span.end);
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => self.text(value, span.start..span.end),
            CallbackEvent::Comment { .. } if self.scripts => self.visitor.comment(span.start..span.end),
            _ => {}
        }
        None
    }
}

/// Tells the tokenizer how to read on behind a tag.
struct Switching<'v>(CallbackEmitter<Taking<'v>, Infallible, usize>);

impl ForwardingEmitter for Switching<'_> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.0
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let state = Emitter::emit_current_tag(&mut self.0);
        state.filter(|_| !self.0.callback_mut().as_markup)
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.0.callback_mut().foreign.is_innermost()
    }
}

#[cfg(test)]
mod tests {
    use super::{Tag, Visitor, Within, read};

    /// Writes down what it is told.
    #[derive(Default)]
    struct Log(Vec<String>);

    impl Visitor for Log {
        fn start(&mut self, tag: &Tag) {
            let attributes: Vec<_> = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
            self.0.push(format!("<{}{}>", tag.name(), attributes.concat()));
        }

        fn end(&mut self, name: &str) {
            self.0.push(format!("</{name}>"));
        }

        fn text(&mut self, within: Within, text: &str) {
            self.0.push(if within == Within::Text { text.to_owned() } else { format!("{within:?}:{text}") });
        }

        fn noscript(&mut self, inside: bool) {
            self.0.push(String::from(if inside { "(" } else { ")" }));
        }
    }

    fn log(html: &str) -> String {
        let mut log = Log::default();
        read(html, &mut log);
        log.0.join("|")
    }

    #[test]
    fn text_is_told_from_markup_as_browsers_do() {
        for (html, expected) in [
            ("<p title=\"a > b\">One&nbsp;two</p>", "<p title=a > b>|One\u{a0}two|</p>"),
            ("<A HREF=x hReF=y disabled ID=''>", "<a href=x disabled= id=>"),
            ("<!-- <a> --><textarea><b></textarea>", "<textarea>|<b>|</textarea>"),
            ("<style>a{}</style><script type=module>1<2</script>", "<style>|Style:a{}|</style>|<script type=module>|Module:1<2|</script>"),
            // A drawing is read as markup all through, up to what is no drawing any more.
            ("<svg><style/><title/><a>x</svg><title><b></title>", "<svg>|<style>|<title>|<a>|x|</svg>|<title>|<b>|</title>"),
            ("<svg><style>a&amp;b<g/></style>", "<svg>|<style>|Style:a&b|<g>|</style>"),
            ("<svg><style><![CDATA[a{}]]></style></svg><![CDATA[x]]>", "<svg>|<style>|Style:a{}|</style>|</svg>"),
            (
                "<svg><desc><style><g></style></desc><style><g></style>",
                "<svg>|<desc>|<style>|Style:<g>|</style>|</desc>|<style>|<g>|</style>",
            ),
            ("<svg><p><style><g></style>", "<svg>|<p>|<style>|Style:<g>|</style>"),
            // Who has no scripts sees what stands for them, all of it.
            ("<noscript><i>x</i></noscript>y", "<noscript>|(|<i>|x|</i>|)|</noscript>|y"),
            ("<noscript><noscript><i>", "<noscript>|(|<noscript>|<i>|)"),
            ("", ""),
        ] {
            assert_eq!(log(html), expected, "{html}");
        }
    }

    #[test]
    fn elements_in_elements_exhaust_nothing() {
        for piece in ["<noscript>", "<svg>", "<svg><desc>", "<div>", "<p a=\"", "<!--", "<svg><![CDATA["] {
            read(&piece.repeat(50_000), &mut Log::default());
        }
    }
}
