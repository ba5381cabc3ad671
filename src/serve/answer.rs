//! From a request to its answer: who may ask, what lies at an address, and with which headers it is sent.
//!
//! Nothing here touches a socket or joins a path: an address is decoded and looked up among the outputs, or
//! it is not there.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::form_urlencoded;

use super::memory::Memory;
use super::settings::Settings;
use super::state::{Found, Held};
use super::{OWN, about, page, script};
use crate::files::{Blob, Disk, ordinary};
use crate::limits::{LONGEST_ADDRESS, LONGEST_HEAD};
use crate::output::{Bytes, file_of};
use crate::publish;

/// The page for what is not there.
const NOT_FOUND: &str = "404.html";

/// What an address is written with as it is.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request.
pub(super) struct Asked<'r> {
    pub method: &'r str,
    /// The target as it was sent.
    pub url: &'r str,
    /// Names and values.
    pub headers: Vec<(&'r str, &'r str)>,
}

/// An answer.
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    /// Which of the body's bytes are sent.
    pub part: Range<u64>,
}

/// What to do with a request.
pub(super) enum Reply {
    /// Send this.
    Answer(Answer),
    /// Tell the page what happens from now on; the paths of outputs that are open.
    Events(Vec<Arc<str>>),
}

/// Bytes, wherever they are kept.
pub(super) enum Body {
    Own(Vec<u8>),
    Shared(Arc<[u8]>),
    Fixed(Cow<'static, [u8]>),
    /// A file, and its length.
    File(File, u64),
}

impl Body {
    fn length(&self) -> u64 {
        match self {
            Body::Own(bytes) => bytes.len() as u64,
            Body::Shared(bytes) => bytes.len() as u64,
            Body::Fixed(bytes) => bytes.len() as u64,
            Body::File(_, length) => *length,
        }
    }

    /// The bytes, where they are in memory.
    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Body::Own(bytes) => Some(bytes),
            Body::Shared(bytes) => Some(bytes),
            Body::Fixed(bytes) => Some(bytes),
            Body::File(..) => None,
        }
    }
}

impl Asked<'_> {
    /// The values of a header, in order.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Whether a browser says that one of the preview's own pages shows this in a frame. It lets no page say
    /// that of itself.
    fn is_for_own_frame(&self) -> bool {
        self.header("Sec-Fetch-Site") == Some("same-origin")
            && matches!(self.header("Sec-Fetch-Dest"), Some("iframe" | "frame" | "object" | "embed"))
    }
}

impl Answer {
    fn new(status: u16, kind: &str, body: Body) -> Self {
        let part = 0..body.length();
        let headers = vec![
            ("Content-Type", kind.to_owned()),
            // No other site may load or read what an editor has not published (there is never a CORS header),
            // nor show it in a frame.
            ("Cross-Origin-Resource-Policy", String::from("same-origin")),
            ("X-Frame-Options", String::from("DENY")),
            ("Content-Security-Policy", String::from("frame-ancestors 'none'")),
            ("X-Content-Type-Options", String::from("nosniff")),
            ("Cache-Control", String::from("no-store")),
        ];
        Self { status, headers, body, part }
    }

    fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", Body::Own(format!("{text}\n").into_bytes()))
    }

    /// The same for a frame of one of the preview's own pages: what the portal shows in frames is shown.
    fn in_own_frame(mut self) -> Self {
        for (name, value) in &mut self.headers {
            match *name {
                "X-Frame-Options" => *value = String::from("SAMEORIGIN"),
                "Content-Security-Policy" => *value = String::from("frame-ancestors 'self'"),
                _ => {}
            }
        }
        self
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What is replied to `asked` by the server that listens on `own`.
pub(super) fn reply(asked: &Asked<'_>, own: SocketAddr, memory: &Memory, settings: &Settings) -> Reply {
    if let Some(refused) = refuse(asked, own) {
        return Reply::Answer(refused);
    }
    let (encoded, query) = asked.url.split_once('?').map_or((asked.url, None), |(path, query)| (path, Some(query)));
    let Some(path) = decoded(encoded) else {
        return Reply::Answer(Answer::text(400, "This is no address of a page."));
    };
    match path.strip_prefix(&OWN[1..]) {
        Some(name) => own_answer(name, query.unwrap_or_default(), asked, own, memory, settings),
        None => {
            let answer = site_answer(&path, query, asked, memory, settings);
            Reply::Answer(if asked.is_for_own_frame() { answer.in_own_frame() } else { answer })
        }
    }
}

/// A path of an address without `/` at its beginning, as outputs are named; none where it is none.
fn decoded(encoded: &str) -> Option<Cow<'_, str>> {
    let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
    let sound = decoded.starts_with('/') && !decoded.contains(['\0', '\\']);
    sound.then(|| match decoded {
        Cow::Borrowed(path) => Cow::Borrowed(&path[1..]),
        Cow::Owned(path) => Cow::Owned(path[1..].to_owned()),
    })
}

/// Why a request is not listened to.
fn refuse(asked: &Asked<'_>, own: SocketAddr) -> Option<Answer> {
    // A page of another site can have its own name lead here (DNS rebinding), but cannot change what it calls
    // us.
    let mut hosts = asked.all("Host");
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if is_own_name(host, own) => {}
        (Some(_), None) => return Some(Answer::text(403, "The preview answers only to its own address.")),
        _ => return Some(Answer::text(400, "A request names one host.")),
    }
    if asked.url.bytes().any(|byte| byte.is_ascii_control()) {
        return Some(Answer::text(400, "This is no address of a page."));
    }
    if asked.url.len() > LONGEST_ADDRESS {
        return Some(Answer::text(414, "The address is too long."));
    }
    if asked.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LONGEST_HEAD {
        return Some(Answer::text(431, "The headers are too long."));
    }
    if !matches!(asked.method, "GET" | "HEAD") {
        return Some(Answer::text(405, "The preview can only be looked at.").with("Allow", "GET, HEAD"));
    }
    None
}

/// Whether a host, with its port, is one by which the server on `own` is meant.
fn is_own_name(host: &str, own: SocketAddr) -> bool {
    let with_port = |host: &str| match host.parse::<SocketAddr>() {
        Ok(address) => {
            let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].contains(&address.ip());
            // Where it listens on all addresses of the machine, any of them is its own. No name can lead to a
            // number.
            address.port() == own.port() && (address.ip() == own.ip() || loopback || own.ip().is_unspecified())
        }
        Err(_) => {
            host.rsplit_once(':').is_some_and(|(name, port)| name.eq_ignore_ascii_case("localhost") && port.parse() == Ok(own.port()))
        }
    };
    // Browsers leave out the port that HTTP has anyway.
    with_port(host) || (own.port() == 80 && with_port(&format!("{host}:80")))
}

/// What lies under the preview's own addresses.
fn own_answer(name: &str, query: &str, asked: &Asked<'_>, own: SocketAddr, memory: &Memory, settings: &Settings) -> Reply {
    let values = |wanted: &'static str| {
        form_urlencoded::parse(query.as_bytes()).filter(move |(key, _)| key == wanted).map(|(_, value)| value.into_owned())
    };
    Reply::Answer(match name {
        "reload.js" => {
            let script = script::of(settings);
            Answer::new(200, "text/javascript; charset=utf-8", Body::Own(script.into_bytes()))
        }
        "events" | "page" => {
            let foreign =
                asked.header("Origin").is_some_and(|origin| !origin.strip_prefix("http://").is_some_and(|host| is_own_name(host, own)));
            let across = asked.header("Sec-Fetch-Site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
            if foreign || across {
                Answer::text(403, "Only the preview's own pages are told.")
            } else if name == "page" {
                let uses: Vec<String> = values("uses").collect();
                let about = about::page(&values("at").next().unwrap_or_default(), &uses, memory, settings);
                Answer::new(200, "application/json; charset=utf-8", Body::Own(about))
            } else if asked.method == "GET" {
                return Reply::Events(values("at").filter_map(|address| path_of(&address)).collect());
            } else {
                Answer::new(200, "text/event-stream", Body::Own(Vec::new()))
            }
        }
        _ => Answer::text(404, "There is nothing here."),
    })
}

/// The path of the output at an address of a page.
pub(super) fn path_of(address: &str) -> Option<Arc<str>> {
    decoded(address).map(|path| file_of(&path).into())
}

/// What the site has at a path.
fn site_answer(path: &str, query: Option<&str>, asked: &Asked<'_>, memory: &Memory, settings: &Settings) -> Answer {
    let file = file_of(path);
    match memory.find(&file) {
        Found::Output(held) => match open(&held.bytes, settings) {
            Ok(body) => found(&file, body, &held.tag(), asked),
            Err(error) if error.kind() == ErrorKind::NotFound => not_found(memory, settings),
            Err(error) => Answer::text(500, &format!("`{file}` cannot be read: {error}.")),
        },
        Found::NoSite(errors) => Answer::new(500, "text/html; charset=utf-8", Body::Own(page::of_errors(&errors, settings.language)))
            .with("Server-Timing", timing("none")),
        Found::Nothing if let Some(held) = memory.searched(&file) => match open(&held.bytes, settings) {
            Ok(body) => found(&file, body, &held.tag(), asked),
            Err(error) => Answer::text(500, &format!("`{file}` cannot be read: {error}.")),
        },
        Found::Nothing if file == path && memory.has(&format!("{path}/index.html")) => {
            let query = query.map_or_else(String::new, |query| format!("?{query}"));
            let to = format!("/{}/{query}", utf8_percent_encode(path, &PLAIN));
            Answer::text(301, "The page is one folder further.").with("Location", to)
        }
        Found::Nothing => not_found(memory, settings),
    }
}

/// What an output holds. A copied file is read as it is now: it may have become a link that leads out of the
/// portal since it was listed.
fn open(bytes: &Bytes, settings: &Settings) -> io::Result<Body> {
    Ok(match bytes {
        Bytes::Made(bytes) => Body::Shared(bytes.clone()),
        Bytes::Packed(_) => Body::Own(bytes.held().unwrap_or_default().into_owned()),
        Bytes::Shared(bytes) => Body::Fixed(bytes.clone()),
        Bytes::Drawn(drawing) => Body::Own(publish::picture(&settings.root, drawing).ok_or(ErrorKind::InvalidData)?),
        Bytes::File(file) => {
            let target = settings.root.join(Path::new(&**file)).canonicalize()?;
            if !target.starts_with(&settings.root) {
                return Err(ErrorKind::PermissionDenied.into());
            }
            let file = ordinary::open(&target)?;
            let length = file.metadata()?.len();
            Body::File(file, length)
        }
        Bytes::Image(made) => {
            let made = match &settings.files {
                Some(files) => made.bytes(&**files)?,
                None => made.bytes(&Disk::new(&settings.root)?)?,
            };
            match made {
                Blob::Fixed(bytes) => Body::Fixed(Cow::Borrowed(bytes)),
                Blob::Own(bytes) => Body::Shared(bytes),
            }
        }
    })
}

/// The only header of its own page that a script can read; it tells the script which version the page is.
fn timing(tag: &str) -> String {
    format!("werdegang;desc=\"{tag}\"")
}

/// A page as it is served.
fn with_script(body: Body) -> Body {
    match body.bytes() {
        Some(bytes) => Body::Own(page::with_script(bytes)),
        None => match body {
            // A page that is copied as it is.
            Body::File(file, length) => {
                let mut bytes = Vec::new();
                let read = io::Read::read_to_end(&mut io::Read::take(file, length), &mut bytes);
                Body::Own(page::with_script(if read.is_ok() { &bytes } else { &[] }))
            }
            body => body,
        },
    }
}

/// An output, or what of it is asked for.
fn found(file: &str, body: Body, tag: &str, asked: &Asked<'_>) -> Answer {
    let page = page::is_page(file);
    let body = if page { with_script(body) } else { body };
    let etag = format!("\"{tag}\"");
    let length = body.length();
    let mut answer = Answer::new(200, &content_type(file), body).with("ETag", etag.clone()).with("Server-Timing", timing(tag));
    if !page {
        answer = answer.with("Accept-Ranges", "bytes");
    }
    let known = |value: &str| value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag);
    if asked.all("If-None-Match").any(known) {
        answer.status = 304;
        return answer;
    }
    let still = asked.header("If-Range").is_none_or(|value| value == etag);
    let wanted = asked.header("Range").filter(|_| asked.method == "GET" && !page && still);
    match wanted.map_or(Ok(None), |range| part(range, length)) {
        Ok(None) => answer,
        Ok(Some(part)) => {
            answer.status = 206;
            answer.part = part.clone();
            answer.with("Content-Range", format!("bytes {}-{}/{length}", part.start, part.end - 1))
        }
        Err(()) => Answer::text(416, "The file has no such part.").with("Content-Range", format!("bytes */{length}")),
    }
}

/// The part that a range asks for; none where it is to be ignored.
///
/// # Errors
/// Where there is no such part.
fn part(range: &str, length: u64) -> Result<Option<Range<u64>>, ()> {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else { return Ok(None) };
    // Several parts at once may be ignored, and no player asks for them.
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(u64::MAX));
    let part = match (first.trim(), last.trim()) {
        ("", "") => return Ok(None),
        ("", last) => {
            let Some(count) = number(last) else { return Ok(None) };
            length.saturating_sub(count)..length
        }
        (first, last) => {
            let end = if last.is_empty() { Some(u64::MAX) } else { number(last) };
            let (Some(first), Some(end)) = (number(first), end) else { return Ok(None) };
            if end < first {
                return Ok(None);
            }
            first..end.saturating_add(1).min(length)
        }
    };
    if part.start < part.end { Ok(Some(part)) } else { Err(()) }
}

/// The portal's own page for what is not there.
fn not_found(memory: &Memory, settings: &Settings) -> Answer {
    let Found::Output(Held { bytes, .. }) = memory.find(NOT_FOUND) else { return Answer::text(404, "There is nothing here.") };
    match open(&bytes, settings) {
        Ok(body) => Answer::new(404, "text/html; charset=utf-8", with_script(body)).with("Server-Timing", timing(&tag_of_nothing(memory))),
        Err(_) => Answer::text(404, "There is nothing here."),
    }
}

/// What tells the page for what is not there from others.
pub(super) fn tag_of_nothing(memory: &Memory) -> String {
    match memory.peek(NOT_FOUND) {
        Found::Output(held) => format!("404-{}", held.tag()),
        _ => String::from("404"),
    }
}

/// The type of a file by its ending. All text of a portal is UTF-8.
fn content_type(file: &str) -> String {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    let name = kind.essence_str();
    let text = kind.type_() == mime_guess::mime::TEXT
        || kind.suffix().is_some_and(|suffix| ["xml", "json"].contains(&suffix.as_str()))
        || ["application/javascript", "application/json", "application/xml"].contains(&name);
    if text { format!("{name}; charset=utf-8") } else { name.to_owned() }
}
