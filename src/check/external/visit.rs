//! One link: asked for, asked for again, followed, judged.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use url::Url;

use super::client::{Answer, Client, Failure, Method};
use super::hosts::{Hosts, Refused};
use super::rules::{Clock, Rules};
use crate::diagnostic::{Text, text};
use crate::limits::{LONGEST_WAIT, MOST_REDIRECTS};

/// The wait before the first time that a server is asked again; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// What is known of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It leads somewhere.
    Good,
    /// It leads somewhere, by way of a redirect for good to this address.
    Moved(String),
    /// It leads nowhere: the status, and the address that has it where that is another one.
    Gone(u16, Option<String>),
    /// It could not be checked: why, and the address where that is another one.
    Unreachable(Text, Option<String>),
    /// It was not asked for.
    Unchecked,
}

/// What asking for one address, without following it, comes to.
enum Settled {
    Good,
    Redirect { permanent: bool, to: String },
    Gone(u16),
    Unreachable(Text),
    Unchecked,
}

pub(super) struct Visitor<'v, 'a> {
    pub client: &'v Client,
    pub hosts: &'v Hosts<'a>,
    pub rules: &'v Rules,
    pub clock: &'v dyn Clock,
}

impl Visitor<'_, '_> {
    /// Follows a link to its end.
    pub(super) fn visit(&self, url: &Url) -> Verdict {
        // What leads nowhere for `HEAD` may lead somewhere for `GET`.
        self.follow(url, Method::Head).or_else(|| self.follow(url, Method::Get)).unwrap_or_else(|| {
            let why = text!("its redirects run in a circle, or are more than {most}", most = MOST_REDIRECTS);
            Verdict::Unreachable(why, None)
        })
    }

    /// Follows a link to its end; none where it has none.
    fn follow(&self, url: &Url, method: Method) -> Option<Verdict> {
        let mut at = url.clone();
        let mut seen = vec![url.clone()];
        // What a redirect for good leads to, as long as there was no other redirect before it.
        let mut moved: Option<String> = None;
        let mut for_good = true;
        loop {
            let elsewhere = || (at != *url).then(|| at.to_string());
            match self.settle(&at, method) {
                Settled::Good => return Some(moved.map_or(Verdict::Good, Verdict::Moved)),
                Settled::Gone(code) => return Some(Verdict::Gone(code, elsewhere())),
                Settled::Unreachable(why) => return Some(Verdict::Unreachable(why, elsewhere())),
                Settled::Unchecked => return Some(Verdict::Unchecked),
                Settled::Redirect { permanent, to } => {
                    let Some(mut next) = at.join(&to).ok().filter(|next| matches!(next.scheme(), "http" | "https") && next.has_host())
                    else {
                        return Some(Verdict::Unreachable(text!("it redirects to `{to}`, which is no web address", to), elsewhere()));
                    };
                    for_good &= permanent;
                    if for_good {
                        moved = Some(next.to_string());
                    }
                    next.set_fragment(None);
                    if seen.contains(&next) || seen.len() > MOST_REDIRECTS {
                        return None;
                    }
                    seen.push(next.clone());
                    at = next;
                }
            }
        }
    }

    /// Asks for an address until there is an answer that counts. `HEAD` spares the server the page, but some
    /// answer it wrongly, or not at all: whatever speaks against a link is asked for again with `GET` at
    /// once.
    fn settle(&self, url: &Url, mut method: Method) -> Settled {
        let mut again = 0;
        loop {
            let answer = match self.hosts.enter(url) {
                Ok(_entered) => self.client.ask(method, url),
                Err(Refused::TimeIsOver) => return Settled::Unchecked,
                Err(Refused::Closed(why)) => return Settled::Unreachable(why),
            };
            if let Some(settled) = settled(&answer) {
                self.hosts.heard(url, true);
                return settled;
            }
            if method == Method::Head && head_may_be_at_fault(&answer) {
                method = Method::Get;
                continue;
            }
            if !may_pass(&answer) || again >= self.rules.retries {
                return self.give_up(url, &answer);
            }
            method = Method::Get;
            let wait = asked_wait(&answer, self.clock.now()).unwrap_or(FIRST_WAIT * 2_u32.saturating_pow(again));
            again += 1;
            if wait > LONGEST_WAIT {
                let why = text!("the server asks to be left alone for {seconds} seconds", seconds = wait.as_secs());
                self.hosts.close(url, &why);
                return Settled::Unreachable(why);
            }
            if !self.hosts.has_time_for(wait) {
                return Settled::Unchecked;
            }
            match answer {
                // What it asks for is meant for all that is asked of it.
                Answer::Status { code: 429 | 503, .. } => self.hosts.hold(url, wait),
                _ => self.clock.sleep(wait),
            }
        }
    }

    /// The last answer is what is said of the link.
    fn give_up(&self, url: &Url, answer: &Answer) -> Settled {
        match answer {
            Answer::Status { code: code @ (404 | 410), .. } => {
                self.hosts.heard(url, true);
                Settled::Gone(*code)
            }
            Answer::Status { code, .. } => {
                self.hosts.heard(url, true);
                Settled::Unreachable(text!("the server answers {status}", status = status(*code)))
            }
            Answer::Failed(failure) => {
                let why = reason(failure);
                match failure {
                    Failure::NoSuchHost => self.hosts.close(url, &why),
                    Failure::Timeout | Failure::Refused => self.hosts.heard(url, false),
                    _ => {}
                }
                Settled::Unreachable(why)
            }
        }
    }
}

/// What an answer says that speaks for the link, or leads on.
fn settled(answer: &Answer) -> Option<Settled> {
    let Answer::Status { code, location, .. } = answer else { return None };
    match (code, location) {
        (301 | 308, Some(to)) => Some(Settled::Redirect { permanent: true, to: to.clone() }),
        (302 | 303 | 307, Some(to)) => Some(Settled::Redirect { permanent: false, to: to.clone() }),
        // Of several addresses any is one; and what was not modified is there.
        (200..=299 | 300 | 304, _) => Some(Settled::Good),
        _ => None,
    }
}

/// Whether the same question with `GET` may get another answer. One more request is not what a server wants
/// that has too many.
fn head_may_be_at_fault(answer: &Answer) -> bool {
    match answer {
        Answer::Status { code, .. } => *code != 429,
        Answer::Failed(Failure::Timeout | Failure::Dropped | Failure::Other(_)) => true,
        Answer::Failed(Failure::NoSuchHost | Failure::Refused | Failure::Tls(_) | Failure::Private) => false,
    }
}

/// Whether another answer may come in a while.
fn may_pass(answer: &Answer) -> bool {
    match answer {
        Answer::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500 | 502..=504),
        Answer::Failed(Failure::Timeout | Failure::NoSuchHost | Failure::Refused | Failure::Dropped) => true,
        Answer::Failed(Failure::Tls(_) | Failure::Private | Failure::Other(_)) => false,
    }
}

/// How long a server asks to be left alone: `Retry-After` in seconds, or until a moment (RFC 9110, 10.2.3).
fn asked_wait(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let Answer::Status { retry_after: Some(written), .. } = answer else { return None };
    let written = written.trim();
    if let Ok(seconds) = written.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = rfc2822::parse(written).ok()?.timestamp();
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or_default())
}

/// Why there was no answer.
fn reason(failure: &Failure) -> Text {
    match failure {
        Failure::Timeout => Text::from("the server does not answer in time"),
        Failure::NoSuchHost => Text::from("no server is known by its name"),
        Failure::Refused => Text::from("the server refuses the connection"),
        Failure::Dropped => Text::from("the server ends the connection without an answer"),
        Failure::Tls(why) => text!("the server does not speak TLS as it should ({why})", why),
        Failure::Private => Text::from("its address is not public, and readers do not reach it"),
        Failure::Other(why) => text!("the server's answer cannot be read ({why})", why),
    }
}

/// A status with its name (RFC 9110, 15; RFC 6585).
pub(super) fn status(code: u16) -> String {
    let name = ureq::http::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    name.map_or_else(|| code.to_string(), |name| format!("{code} {name}"))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Answer, asked_wait};
    use std::time::Duration;

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_until_a_moment() {
        let now = "2026-11-23T12:00:00Z".parse().expect("a moment");
        let wait = |written: &str| asked_wait(&Answer::Status { code: 429, location: None, retry_after: Some(written.to_owned()) }, now);
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait(" 0 "), Some(Duration::ZERO));
        assert_eq!(wait("Mon, 23 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Mon, 23 Nov 2026 11:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-5"), None);
        assert_eq!(wait("18446744073709551615"), Some(Duration::from_secs(u64::MAX)));
    }
}
