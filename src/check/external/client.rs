//! One request, one answer: the only file that speaks to other servers.

use std::fmt;
use std::io;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

use super::public::is_public;
use super::rules::Rules;
use crate::limits::LARGEST_ANSWER_HEAD;

/// How long a connection is waited for, at most; the rules may allow less.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Only the head of the answer (RFC 9110, 9.3.2).
    Head,
    /// The page; its body is not read.
    Get,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The head of an answer.
    Status {
        /// The status.
        code: u16,
        /// `Location`, as it was written.
        location: Option<String>,
        /// `Retry-After`, as it was written.
        retry_after: Option<String>,
    },
    /// None.
    Failed(Failure),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing came in time.
    Timeout,
    /// The name has no address.
    NoSuchHost,
    /// Nothing listens there.
    Refused,
    /// The connection ended before there was an answer.
    Dropped,
    /// The server cannot prove who it is, or does not speak TLS.
    Tls(String),
    /// Its address is not public.
    Private,
    /// Something else.
    Other(String),
}

/// Asks servers. Redirects are not followed, cookies not kept, and proxies not used: the address that is
/// looked at is the one that is asked.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
}

impl Client {
    pub(super) fn new(rules: &Rules) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(rules.user_agent.as_str())
            .accept("text/html,application/xhtml+xml,*/*;q=0.8")
            .max_response_header_size(LARGEST_ANSWER_HEAD)
            .timeout_global(Some(rules.timeout))
            .timeout_connect(Some(rules.timeout.min(LONGEST_CONNECT)))
            // A body that was not read ends its connection anyway, and servers see each other's pauses.
            .max_idle_connections(0)
            .build();
        let resolver = Public { private_hosts: rules.private_hosts.clone(), inner: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    pub(super) fn ask(&self, method: Method, url: &Url) -> Answer {
        let request = match method {
            Method::Head => self.agent.head(url.as_str()),
            Method::Get => self.agent.get(url.as_str()),
        };
        match request.call() {
            Ok(response) => {
                let header = |name: &str| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
                Answer::Status { code: response.status().as_u16(), location: header("location"), retry_after: header("retry-after") }
            }
            Err(error) => Answer::Failed(failure(&error)),
        }
    }
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::HostNotFound => Failure::NoSuchHost,
        ureq::Error::Other(inner) if inner.is::<NotPublic>() => Failure::Private,
        ureq::Error::Rustls(inner) => Failure::Tls(inner.to_string()),
        ureq::Error::Tls(reason) => Failure::Tls((*reason).to_owned()),
        ureq::Error::Io(inner) => io_failure(inner),
        other => Failure::Other(other.to_string()),
    }
}

fn io_failure(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Failure::Timeout,
        io::ErrorKind::ConnectionRefused => Failure::Refused,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => Failure::Dropped,
        // What rustls finds wrong comes as invalid data.
        io::ErrorKind::InvalidData => Failure::Tls(error.get_ref().map_or_else(|| error.to_string(), ToString::to_string)),
        _ => Failure::Other(error.to_string()),
    }
}

/// Finds the addresses of a name, and keeps only public ones. They are the addresses that are connected to,
/// so that no redirect and no name leads into the network that the check runs in: it may be that of a CI
/// system, and what answers there may act on being asked.
#[derive(Debug)]
struct Public {
    private_hosts: Vec<String>,
    inner: DefaultResolver,
}

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        // The system's resolver says only in words that a name has no address.
        let found = self.inner.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            error => error,
        })?;
        if self.private_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(ureq::Error::Other(Box::new(NotPublic))) } else { Ok(public) }
    }
}

/// No address of a name is public.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("its address is not public")
    }
}

impl std::error::Error for NotPublic {}
