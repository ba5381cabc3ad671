//! From a request to its answer: who may ask, what lies at an address, and with which headers it is sent.
//!
//! Nothing here touches a socket or joins a path: an address is decoded and looked up among the outputs, or it is not there.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use xxhash_rust::xxh3::xxh3_64;

use super::site::{Site, Snapshot};
use super::{OWN, page};
use crate::files::Files;
use crate::output::Bytes;

/// The longest address, and the most bytes of headers, that are listened to.
const LONGEST_ADDRESS: usize = 8 * 1024;
const MOST_HEADERS: usize = 32 * 1024;

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
    pub body: Held,
    /// Which of the body's bytes are sent.
    pub part: Range<usize>,
}

/// What to do with a request.
pub(super) enum Reply {
    /// Send this.
    Answer(Answer),
    /// Tell the page what happens from now on.
    Events,
}

/// Bytes, wherever they are kept.
pub(super) enum Held {
    Own(Vec<u8>),
    Shared(Arc<[u8]>),
    Fixed(std::borrow::Cow<'static, [u8]>),
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        match self {
            Held::Own(bytes) => bytes,
            Held::Shared(bytes) => bytes,
            Held::Fixed(bytes) => bytes,
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
}

impl Answer {
    fn new(status: u16, kind: &str, body: Held) -> Self {
        let part = 0..body.as_ref().len();
        let headers = vec![
            ("Content-Type", kind.to_owned()),
            // No other site may show, embed or read what an editor has not published (there is never a CORS header).
            ("Cross-Origin-Resource-Policy", String::from("same-origin")),
            ("X-Content-Type-Options", String::from("nosniff")),
            ("Cache-Control", String::from("no-store")),
        ];
        Self { status, headers, body, part }
    }

    fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", Held::Own(format!("{text}\n").into_bytes()))
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What is replied to `asked` by the server that listens on `own`.
pub(super) fn reply(asked: &Asked<'_>, own: SocketAddr, snapshot: &Snapshot, files: &dyn Files) -> Reply {
    if let Some(refused) = refuse(asked, own) {
        return Reply::Answer(refused);
    }
    let (encoded, query) = asked.url.split_once('?').map_or((asked.url, None), |(path, query)| (path, Some(query)));
    let decoded = percent_decode_str(encoded).decode_utf8();
    let Some(path) = decoded.as_deref().ok().and_then(|path| path.strip_prefix('/')).filter(|path| !path.contains(['\0', '\\'])) else {
        return Reply::Answer(Answer::text(400, "This is no address of a page."));
    };
    if let Some(name) = path.strip_prefix(&OWN[1..]) {
        return own_answer(name, asked, own);
    }
    let Some(site) = &snapshot.site else {
        let answer = Answer::new(500, "text/html; charset=utf-8", Held::Own(page::of_errors(&snapshot.errors)));
        return Reply::Answer(answer.with("Server-Timing", timing(snapshot)));
    };
    Reply::Answer(site_answer(path, query, asked, site, snapshot, files))
}

/// Why a request is not listened to.
fn refuse(asked: &Asked<'_>, own: SocketAddr) -> Option<Answer> {
    // A page of another site can have its own name lead here (DNS rebinding), but cannot change what it calls us.
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
    if asked.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST_HEADERS {
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
            // Where it listens on all addresses of the machine, any of them is its own. No name can lead to a number.
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
fn own_answer(name: &str, asked: &Asked<'_>, own: SocketAddr) -> Reply {
    Reply::Answer(match name {
        "reload.js" => Answer::new(200, "text/javascript; charset=utf-8", Held::Fixed(page::SCRIPT.as_bytes().into())),
        "events" => {
            let foreign =
                asked.header("Origin").is_some_and(|origin| !origin.strip_prefix("http://").is_some_and(|host| is_own_name(host, own)));
            let across = asked.header("Sec-Fetch-Site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
            if foreign || across {
                Answer::text(403, "Only the preview's own pages are told.")
            } else if asked.method == "GET" {
                return Reply::Events;
            } else {
                Answer::new(200, "text/event-stream", Held::Own(Vec::new()))
            }
        }
        _ => Answer::text(404, "There is nothing here."),
    })
}

fn timing(snapshot: &Snapshot) -> String {
    // The only header of its own page that a script can read; it tells the script which version the page is.
    format!("werdegang;desc=\"{}\"", snapshot.version)
}

/// What the site has at a path.
fn site_answer(path: &str, query: Option<&str>, asked: &Asked<'_>, site: &Site, snapshot: &Snapshot, files: &dyn Files) -> Answer {
    let index = format!("{path}index.html");
    let file = if path.is_empty() || path.ends_with('/') { index.as_str() } else { path };
    if let Some(bytes) = site.output(file) {
        return match read(bytes, files) {
            Ok(held) => found(file, held, asked, snapshot),
            Err(ErrorKind::NotFound) => not_found(site, snapshot, files),
            Err(kind) => Answer::text(500, &format!("`{file}` cannot be read: {kind}.")),
        };
    }
    if site.output(&format!("{path}/index.html")).is_some() && file == path {
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let to = format!("/{}/{query}", utf8_percent_encode(path, &PLAIN));
        return Answer::text(301, "The page is one folder further.").with("Location", to);
    }
    not_found(site, snapshot, files)
}

fn read(bytes: &Bytes, files: &dyn Files) -> Result<Held, ErrorKind> {
    match bytes {
        Bytes::Made(bytes) => Ok(Held::Shared(bytes.clone())),
        Bytes::Shared(bytes) => Ok(Held::Fixed(bytes.clone())),
        // As it is now: it may have become a link that leads out of the portal since it was listed.
        Bytes::File(file) => files.read_written(file).map(Held::Own).map_err(|error| error.kind()),
    }
}

/// An output, or what of it is asked for.
fn found(file: &str, held: Held, asked: &Asked<'_>, snapshot: &Snapshot) -> Answer {
    let page = page::is_page(file);
    let held = if page { Held::Own(page::with_script(held.as_ref())) } else { held };
    let tag = format!("\"{:016x}\"", xxh3_64(held.as_ref()));
    let length = held.as_ref().len();
    let mut answer = Answer::new(200, &content_type(file), held).with("ETag", tag.clone());
    if page {
        answer = answer.with("Server-Timing", timing(snapshot));
    } else {
        answer = answer.with("Accept-Ranges", "bytes");
    }
    let known = |value: &str| value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag);
    if asked.all("If-None-Match").any(known) {
        answer.status = 304;
        return answer;
    }
    let still = asked.header("If-Range").is_none_or(|value| value == tag);
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
fn part(range: &str, length: usize) -> Result<Option<Range<usize>>, ()> {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else { return Ok(None) };
    // Several parts at once may be ignored, and no player asks for them.
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(usize::MAX));
    let part = match (first.trim(), last.trim()) {
        ("", "") => return Ok(None),
        ("", last) => {
            let Some(count) = number(last) else { return Ok(None) };
            length.saturating_sub(count)..length
        }
        (first, last) => {
            let end = if last.is_empty() { Some(usize::MAX) } else { number(last) };
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
fn not_found(site: &Site, snapshot: &Snapshot, files: &dyn Files) -> Answer {
    match site.output("404.html").map(|bytes| read(bytes, files)) {
        Some(Ok(held)) => Answer::new(404, "text/html; charset=utf-8", Held::Own(page::with_script(held.as_ref())))
            .with("Server-Timing", timing(snapshot)),
        _ => Answer::text(404, "There is nothing here."),
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
