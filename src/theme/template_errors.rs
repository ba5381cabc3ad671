//! Tera's errors, told apart and turned into findings.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use tera::{Error, ErrorKind};

use crate::diagnostic::{Diagnostic, Place, Text, did_you_mean, text};
use crate::limits::LARGEST_OUTPUT;

/// An error of Tera, as far as it can be told apart.
pub(super) struct TemplateError {
    pub message: Text,
    pub template: Option<String>,
    /// Line and column from 1, and length.
    at: Option<(usize, usize, usize)>,
    pub range: Option<std::ops::Range<usize>>,
    /// Names of other templates by which the line can be found, where Tera gives none.
    names: Vec<String>,
    /// What to do, where that is not told by Tera's words.
    help: Option<Text>,
}

/// What stands between the message of an error and what to do about it: errors of Tera hold a text and
/// nothing else.
const THEN_HELP: char = '\u{1f}';

/// How many errors of functions are remembered: a template may try one thing after another.
const REMEMBERED: usize = 16;

thread_local! {
    /// What functions said last on this thread, with what to do about it: through Tera only its English passes.
    static SAID: RefCell<VecDeque<(Text, Option<Text>)>> = const { RefCell::new(VecDeque::new()) };
}

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(Text, Option<Text>);

impl From<Text> for Refusal {
    fn from(message: Text) -> Self {
        Self(message, None)
    }
}

/// What is wrong, with what to do about it.
pub(super) fn with_help(message: impl Into<Text>, help: &'static str) -> Refusal {
    Refusal(message.into(), Some(help.into()))
}

/// An error of a function or filter, with what to do about it.
pub(super) fn refused(message: impl Into<Text>, help: &'static str) -> Error {
    spoken(with_help(message, help))
}

/// An error of a function or filter.
pub(super) fn spoken(refusal: impl Into<Refusal>) -> Error {
    let Refusal(message, help) = refusal.into();
    let english = help.as_ref().map_or_else(|| message.to_string(), |help| format!("{message}{THEN_HELP}{help}"));
    SAID.with_borrow_mut(|said| {
        if said.len() == REMEMBERED {
            said.pop_front();
        }
        said.push_back((message, help));
    });
    Error::message(english)
}

/// What was said in these words.
fn remembered(english: &str) -> (Text, Option<Text>) {
    let (message, help) = english.split_once(THEN_HELP).map_or((english, None), |(message, help)| (message, Some(help)));
    let known = |(said, what): &&(Text, Option<Text>)| *said == message && what.as_deref() == help;
    SAID.with_borrow(|said| said.iter().rev().find(known).cloned())
        .unwrap_or_else(|| (message.to_owned().into(), help.map(|help| help.to_owned().into())))
}

impl TemplateError {
    pub(super) fn finding(&self, sources: &BTreeMap<String, (String, String)>) -> Diagnostic {
        let finding = match undefined_field(&self.message) {
            Some((message, near)) => Diagnostic::new("template", message).help(near),
            None => {
                Diagnostic::new("template", self.message.clone()).help(self.help.clone().unwrap_or_else(|| help_for(&self.message).into()))
            }
        };
        let Some((shown, text)) = self.template.as_ref().and_then(|name| sources.get(name)) else {
            return finding;
        };
        match (&self.range, self.at) {
            (Some(range), _) => finding.at(Place::new(shown, text, range.clone())),
            (None, Some((line, column, length))) => finding.at(Place::new(shown, text, byte_range(text, line, column, length))),
            (None, None) => match self.names.iter().find_map(|name| text.find(&format!("\"{name}\"")).map(|at| at..at + name.len() + 2)) {
                Some(range) => finding.at(Place::new(shown, text, range)),
                None => finding.at(Place::file(shown)),
            },
        }
    }
}

/// What is wrong where a key is misspelt, and what was meant: Tera lists all keys that there are.
fn undefined_field(message: &str) -> Option<(Text, Text)> {
    let (what, known) = message.split_once(" Available fields: ")?;
    let name = what.split('`').nth(1)?;
    let near = did_you_mean(name, known.split(", "))?;
    Some((what.trim_end_matches('.').to_owned().into(), text!("did you mean `{near}`? There are {known}", near, known)))
}

/// What to do about an error of a template, by the words Tera uses for it.
fn help_for(message: &str) -> &'static str {
    if message.starts_with("Unknown argument") {
        "check the spelling of the arguments"
    } else if message.starts_with("Unknown ") {
        "check its spelling; themes/README.md lists the functions, filters and tests that Werdegang adds to Tera's"
    } else if message.contains("not defined") {
        "check its spelling; themes/README.md says which values each template gets, and `a?.b` is none where `a` is"
    } else if message.contains("recursion depth for components") {
        "a component calls itself without end, or more than 20 deep"
    } else if message.contains("Invalid type for the value") {
        "an argument is of the wrong type: text stands in quotes, numbers without"
    } else if message.contains("does not exist") {
        "check its name: it is the path below `templates/`"
    } else {
        "see Tera's documentation of its template language, and themes/README.md"
    }
}

fn byte_range(text: &str, line: usize, column: usize, length: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let bytes = |count: usize| text[start..].char_indices().nth(count).map_or(text.len(), |(at, _)| start + at);
    bytes(column.saturating_sub(1))..bytes(column.saturating_sub(1) + length)
}

/// The errors in one error: Tera puts all unknown names of a template into one message, with a frame for
/// each.
pub(super) fn errors(error: &Error) -> Vec<TemplateError> {
    let mut errors = told(error);
    for error in &mut errors {
        if let Some(message) = in_order(&error.message) {
            error.message = message.into();
        }
        let (message, help) = remembered(&error.message);
        error.message = message;
        error.help = help.or(error.help.take());
    }
    errors
}

fn told(error: &Error) -> Vec<TemplateError> {
    let circle = |what: &'static str, template: &str, names: &[String]| TemplateError {
        help: Some(Text::from("let one of them stand on its own")),
        ..named(text!("the template {what} itself: {chain}", what = Text::from(what), chain = chain(names)), template, names)
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => vec![TemplateError {
            message: report.message().to_owned().into(),
            template: Some(report.filename().to_owned()).filter(|name| !name.is_empty()),
            at: None,
            range: Some(report.span().range.clone()),
            names: Vec::new(),
            help: None,
        }],
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            vec![circle("extends", tpl, inheritance_chain)]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            vec![circle("includes", tpl, include_chain)]
        }
        ErrorKind::MissingParent { current, parent } => {
            vec![named(text!("the template extends `{parent}`, which does not exist", parent), current, std::slice::from_ref(parent))]
        }
        ErrorKind::Io(std::io::ErrorKind::FileTooLarge) => {
            vec![TemplateError {
                help: Some(Text::from("a loop, or loops in each other, write more than a page can be")),
                ..unplaced(text!("the output grows beyond {size} MiB", size = LARGEST_OUTPUT / 1024 / 1024))
            }]
        }
        ErrorKind::Msg(text) => {
            let framed: Vec<TemplateError> = text.split("\n\n").filter_map(frame).collect();
            if framed.is_empty() { vec![unplaced(text.clone())] } else { framed }
        }
        other => vec![unplaced(other.to_string())],
    }
}

fn unplaced(message: impl Into<Text>) -> TemplateError {
    TemplateError { message: message.into(), template: None, at: None, range: None, names: Vec::new(), help: None }
}

fn named(message: Text, template: &str, names: &[String]) -> TemplateError {
    TemplateError { template: Some(template.to_owned()), names: names.to_vec(), ..unplaced(message) }
}

fn chain(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ")
}

/// An error that Tera has drawn already: `error: MESSAGE`, ` --> TEMPLATE:LINE:COLUMN`, and its frame.
fn frame(text: &str) -> Option<TemplateError> {
    let message = text.strip_prefix("error: ")?.lines().next()?.to_owned();
    let at = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = at.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let length = text.lines().last().map_or(1, |line| line.matches('^').count()).max(1);
    Some(TemplateError { template: parts.next().map(str::to_owned), at: Some((line, column, length)), ..unplaced(message) })
}

/// What stands around the names of arguments that a component does not have, in an error of Tera.
const UNKNOWN: (&str, &str) = ("Unknown argument(s) ", " in component call");

/// The arguments that a call has and its component has not, where that is what an error of Tera says.
pub(super) fn unknown_arguments(message: &str) -> Option<Vec<&str>> {
    let names = message.strip_prefix(UNKNOWN.0)?.split(UNKNOWN.1).next()?;
    Some(names.split('`').skip(1).step_by(2).collect())
}

/// The same message, where Tera lists names in an order that differs from run to run.
fn in_order(message: &str) -> Option<String> {
    let mut names = unknown_arguments(message)?;
    names.sort_unstable();
    let (_, rest) = message.split_once(UNKNOWN.1)?;
    let listed: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    Some(format!("{}{}{}{rest}", UNKNOWN.0, listed.join(", "), UNKNOWN.1))
}
