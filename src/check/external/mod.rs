//! Links to other servers: each address is asked for once, politely, and judged by what comes back.
//!
//! 1. [`links`](links()) lists the addresses of a finished site, each with the places that write it.
//! 2. What an earlier run found good is taken from the [`Cache`]; the rest is put into queues, one a server (`hosts`).
//! 3. Each address is asked for (`visit`, by way of `client`), redirects are followed by hand, and the answer becomes a verdict.
//! 4. Verdicts become findings (`report`).
//!
//! Only the status of an answer counts: whether a foreign page has the anchor that a link names is not looked at, so no body is read.

mod cache;
mod client;
mod hosts;
mod links;
mod public;
mod report;
mod visit;

pub use cache::{CACHE_FILE, Cache};
pub use links::{Link, links};

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::limits::MOST_REQUESTS;
use client::Client;
use hosts::Hosts;
use visit::{Verdict, Visitor};

/// Time, as the network needs it: it comes in through an interface, like all that differs from run to run.
pub trait Clock: Sync {
    /// The moment it is.
    fn now(&self) -> Timestamp;
    /// How long the run has taken; never goes back.
    fn elapsed(&self) -> Duration;
    /// Waits.
    fn sleep(&self, duration: Duration);
}

/// How far the run is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Addresses that there is a verdict on.
    pub done: AtomicUsize,
    /// All addresses; 0 until that is known.
    pub all: AtomicUsize,
}

/// How other servers are asked.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What addresses begin with that are not asked for.
    pub exclude: Vec<String>,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// How often a server is asked again.
    pub retries: u32,
    /// How long a good answer counts.
    pub keep: SignedDuration,
    /// Requests a server gets at once.
    pub per_host: usize,
    /// The pause between two requests to one server.
    pub pause: Duration,
    /// How long the run may take.
    pub limit: Duration,
    /// Servers that may be asked although their address is not public.
    pub private_hosts: Vec<String>,
    /// Who asks.
    pub user_agent: String,
}

impl Rules {
    /// By the settings of a portal.
    pub fn of(config: &Config) -> Self {
        let setting = config.site.check.as_ref().and_then(|check| check.external.as_ref());
        let seconds = |number: Option<f64>, default: f64| Duration::try_from_secs_f64(number.unwrap_or(default)).unwrap_or(Duration::MAX);
        let days = setting.and_then(|setting| setting.days).unwrap_or(7);
        Self {
            exclude: setting.iter().flat_map(|setting| &setting.exclude).map(|exclude| exclude.url.0.to_string()).collect(),
            timeout: seconds(setting.and_then(|setting| setting.timeout), 15.0),
            retries: setting.and_then(|setting| setting.retries).unwrap_or(2),
            keep: SignedDuration::from_hours(24 * i64::from(days)),
            per_host: setting.and_then(|setting| setting.per_host).unwrap_or(2) as usize,
            pause: seconds(setting.and_then(|setting| setting.pause), 0.5),
            limit: seconds(setting.and_then(|setting| setting.minutes).map(|minutes| minutes * 60.0), 15.0 * 60.0),
            private_hosts: setting.map(|setting| setting.private_hosts.clone()).unwrap_or_default(),
            user_agent: format!("werdegang/{} (+{}; link check)", env!("CARGO_PKG_VERSION"), config.base_url),
        }
    }

    /// Whether an address is not to be asked for: it begins as one of `exclude`, up to the end of a part.
    fn excludes(&self, url: &str) -> bool {
        self.exclude.iter().any(|start| {
            let rest = url.strip_prefix(start.as_str());
            rest.is_some_and(|rest| rest.is_empty() || start.ends_with('/') || rest.starts_with(['/', '?']))
        })
    }
}

/// Asks for every link that `cache` holds no good answer to, and gives what was found. `cache` holds afterwards what is good now.
pub fn check(links: &[Link], rules: &Rules, cache: &mut Cache, clock: &dyn Clock, progress: &Progress) -> Vec<Diagnostic> {
    let now = clock.now();
    cache.forget_before(now, rules.keep);
    let asked: Vec<&Link> = links.iter().filter(|link| !rules.excludes(link.url.as_str())).collect();
    progress.all.store(asked.len(), Ordering::Relaxed);
    let mut verdicts: Vec<Option<Verdict>> = asked.iter().map(|link| cache.get(&link.url)).collect();
    progress.done.store(verdicts.iter().flatten().count(), Ordering::Relaxed);
    let open: Vec<usize> = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.is_none()).map(|(number, _)| number).collect();
    for (number, verdict) in visit_all(&open, &asked, rules, clock, progress) {
        if let (Some(link), Some(place)) = (asked.get(number), verdicts.get_mut(number)) {
            cache.keep(&link.url, &verdict, now);
            *place = Some(verdict);
        }
    }
    asked.iter().zip(verdicts).filter_map(|(link, verdict)| Some(report::findings(link, &verdict?))).flatten().collect()
}

/// The verdicts on some links, by their numbers.
fn visit_all(open: &[usize], links: &[&Link], rules: &Rules, clock: &dyn Clock, progress: &Progress) -> Vec<(usize, Verdict)> {
    let client = Client::new(rules);
    let queue = open.iter().filter_map(|number| links.get(*number).map(|link| (*number, &link.url)));
    let hosts = Hosts::new(queue, rules, clock);
    let verdicts = Mutex::new(Vec::with_capacity(open.len()));
    let visitor = Visitor { client: &client, hosts: &hosts, rules, clock };
    thread::scope(|scope| {
        for _ in 0..MOST_REQUESTS.min(open.len()) {
            scope.spawn(|| {
                while let Some(turn) = hosts.next() {
                    let Some(link) = links.get(turn.link) else { continue };
                    let verdict = visitor.visit(&link.url);
                    hosts::lock(&verdicts).push((turn.link, verdict));
                    progress.done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    verdicts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
