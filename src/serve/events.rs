//! What open pages are told, as Server-Sent Events (HTML Living Standard, section 9.2).
//!
//! A page learns the state, not a history: whoever is slow or comes late is told what is the case now, so
//! nothing queues up. Each event carries the version that is served, by which a page sees whether it is an
//! old one.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::memory::Memory;
use super::state::Status;
use crate::diagnostic::{Diagnostic, Language, Place};

/// How often a page that nothing happens on hears of us, so that those of closed tabs are noticed.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// After how many milliseconds a page asks again that lost us.
const RETRY: u32 = 500;

/// The pages that are being told.
#[derive(Debug)]
pub(super) struct Listeners {
    all: Mutex<VecDeque<Arc<AtomicBool>>>,
    /// The most that are told at once; the one that was told for longest makes room.
    most: usize,
}

impl Listeners {
    pub(super) fn new(most: usize) -> Self {
        Self { all: Mutex::default(), most }
    }

    /// One more. The flag is set when it has to make room.
    fn join(&self, memory: &Memory) -> Arc<AtomicBool> {
        let flag = Arc::new(AtomicBool::new(false));
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back(flag.clone());
        let oldest = if all.len() > self.most { all.pop_front() } else { None };
        drop(all);
        if let Some(oldest) = oldest {
            oldest.store(true, Ordering::Relaxed);
            memory.wake();
        }
        flag
    }

    fn leave(&self, flag: &Arc<AtomicBool>) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(other, flag));
    }
}

/// Tells a page what happens until it goes away. `chunked` as the answer's head said; without it the end of
/// the connection is the end. `open` are the outputs that are looked at: what changes of them is made first.
pub(super) fn tell(memory: &Memory, listeners: &Listeners, mut to: impl Write, chunked: bool, open: Vec<Arc<str>>, language: Language) {
    let given_up = listeners.join(memory);
    let number = memory.opened(open);
    // A page that went away is the usual end.
    let _ = tell_all(memory, &given_up, &mut to, chunked, language);
    memory.left(number);
    listeners.leave(&given_up);
}

fn tell_all(memory: &Memory, given_up: &AtomicBool, to: &mut impl Write, chunked: bool, language: Language) -> io::Result<()> {
    let mut send = |text: &str| {
        if chunked {
            write!(to, "{:x}\r\n{text}\r\n", text.len())?;
        } else {
            to.write_all(text.as_bytes())?;
        }
        to.flush()
    };
    let mut told = memory.status();
    send(&format!("retry: {RETRY}\n\n{}", event(&told, None, language)))?;
    loop {
        let now = memory.wait(told.serial, HEARTBEAT, given_up);
        if memory.is_closed() || given_up.load(Ordering::Relaxed) {
            break;
        }
        if now.serial == told.serial {
            send(":\n\n")?;
            continue;
        }
        send(&event(&now, Some(&told.version), language))?;
        told = now;
    }
    if chunked {
        to.write_all(b"0\r\n\r\n")?;
    }
    to.flush()
}

/// The data of an event.
#[derive(Serialize)]
struct Told<'t> {
    /// What a page is served from now.
    version: &'t str,
    /// What is wrong.
    findings: Vec<Shown<'t>>,
}

/// A finding as the browser shows it.
#[derive(Serialize)]
pub(super) struct Shown<'t> {
    severity: &'t str,
    message: Cow<'t, str>,
    place: Option<ShownPlace<'t>>,
    help: Option<Cow<'t, str>>,
    related: Vec<ShownRelated<'t>>,
}

#[derive(Serialize)]
struct ShownRelated<'t> {
    message: Cow<'t, str>,
    place: ShownPlace<'t>,
}

/// A place with its line in three parts, so that the browser need not count characters.
#[derive(Serialize)]
struct ShownPlace<'t> {
    file: &'t str,
    line: usize,
    column: usize,
    before: &'t str,
    marked: &'t str,
    after: &'t str,
}

impl<'t> Shown<'t> {
    /// A finding in a language.
    pub(super) fn new(finding: &'t Diagnostic, language: Language) -> Self {
        let related =
            finding.related.iter().map(|other| ShownRelated { message: other.message.in_language(language), place: (&other.place).into() });
        Self {
            severity: finding.severity.word(),
            message: finding.message.in_language(language),
            place: finding.place.as_ref().map(Into::into),
            help: finding.help.as_ref().map(|help| help.in_language(language)),
            related: related.collect(),
        }
    }
}

impl<'t> From<&'t Place> for ShownPlace<'t> {
    fn from(place: &'t Place) -> Self {
        let Range { start, end } = place.range_in_text();
        let (before, rest) = place.text.split_at(start);
        let (marked, after) = rest.split_at(end - start);
        Self { file: &place.file, line: place.line, column: place.column, before, marked, after }
    }
}

/// The event for a state, given the version last told.
fn event(now: &Status, before: Option<&str>, language: Language) -> String {
    let name = match before {
        _ if !now.errors.is_empty() => "errors",
        Some(before) if before != &*now.version => "reload",
        _ => "ok",
    };
    let told = Told { version: &now.version, findings: now.errors.iter().map(|finding| Shown::new(finding, language)).collect() };
    // JSON holds no line breaks of its own, so it is one line of data.
    let data = serde_json::to_string(&told).unwrap_or_else(|_| String::from("{}"));
    format!("event: {name}\ndata: {data}\n\n")
}
