//! The head of a request: whether it is complete, and what of it is handed on.

use crate::limits::{LONGEST_ADDRESS, LONGEST_HEAD};

/// How much may stand on the first line beside the address: the method and the version.
const BESIDE_THE_ADDRESS: usize = 64;

/// The header by which the server behind the gate learns which of the gate's connections a request came on.
/// No client can send it.
pub(super) const CONNECTION: &str = "X-Werdegang-Connection";

/// Headers of one connection, and of bodies, which the preview does not read (RFC 9110, section 7.6.1; RFC
/// 9112, section 6).
const OF_THE_CONNECTION: &[&str] =
    &["connection", "keep-alive", "upgrade", "expect", "content-length", "transfer-encoding", "te", "trailer"];

/// A complete head, in ASCII.
pub(super) struct Head {
    text: String,
}

/// Why a head is not handed on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    /// It is no head of HTTP.
    Malformed,
    /// The address is too long.
    Address,
    /// The headers are too long.
    Headers,
}

impl Refusal {
    /// The answer that says so.
    pub(super) fn answer(self) -> String {
        let (status, text) = match self {
            Refusal::Malformed => ("400 Bad Request", "This is no request."),
            Refusal::Address => ("414 URI Too Long", "The address is too long."),
            Refusal::Headers => ("431 Request Header Fields Too Large", "The headers are too long."),
        };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             X-Frame-Options: DENY\r\n\
             Content-Security-Policy: frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{text}\n",
            text.len() + 1
        )
    }
}

/// The head at the beginning of `bytes`; none where more must come.
pub(super) fn parse(bytes: &[u8]) -> Option<Result<Head, Refusal>> {
    let line = memchr::memchr(b'\n', bytes);
    if line.unwrap_or(bytes.len()) > LONGEST_ADDRESS + BESIDE_THE_ADDRESS {
        return Some(Err(Refusal::Address));
    }
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
        return (bytes.len() > LONGEST_HEAD).then_some(Err(Refusal::Headers));
    };
    if end > LONGEST_HEAD {
        return Some(Err(Refusal::Headers));
    }
    let text = std::str::from_utf8(&bytes[..end]).ok().filter(|text| text.is_ascii());
    let head = text.map(|text| Head { text: text.to_owned() }).filter(Head::is_sound);
    Some(head.ok_or(Refusal::Malformed))
}

impl Head {
    /// Whether it has the form of a request with headers (RFC 9112, sections 3 and 5). Lines that are
    /// continued, and spaces before a colon, are read differently by different servers, and allowed by none.
    fn is_sound(&self) -> bool {
        let mut lines = self.text.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let parts: Vec<&str> = first.split(' ').collect();
        let request = matches!(parts[..], [method, target, "HTTP/1.0" | "HTTP/1.1"] if is_token(method) && !target.is_empty());
        request && lines.all(|line| line.split_once(':').is_some_and(|(name, value)| is_token(name) && !value.contains(['\n', '\r', '\0'])))
    }

    /// What is asked for.
    pub(super) fn target(&self) -> &str {
        self.text.split(' ').nth(1).unwrap_or_default()
    }

    /// The same request as the only one of the gate's connection of this number, without a body.
    pub(super) fn for_inner(&self, connection: u64) -> String {
        let is_dropped = |name: &str| OF_THE_CONNECTION.iter().chain([&CONNECTION]).any(|other| name.eq_ignore_ascii_case(other));
        let of_the_connection = |line: &&str| line.split_once(':').is_some_and(|(name, _)| is_dropped(name));
        let mut head = String::with_capacity(self.text.len() + 64);
        for line in self.text.split("\r\n").filter(|line| !of_the_connection(line)) {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str(&format!("{CONNECTION}: {connection}\r\nConnection: close\r\n\r\n"));
        head
    }
}

/// A token of HTTP (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
