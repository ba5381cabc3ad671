//! Links to other servers: each address is asked for once, politely, and judged by what comes back.
//!
//! 1. [`links`](links()) lists the addresses of a finished site, each with the places that write it.
//! 2. What an earlier run found good is taken from the [`Cache`]; the rest is put into queues, one a server
//!    (`hosts`).
//! 3. Each address is asked for (`visit`, by way of `client`), redirects are followed by hand, and the answer
//!    becomes a verdict.
//! 4. Verdicts become findings (`report`).
//!
//! Only the status of an answer counts: whether a foreign page has the anchor that a link names is not looked
//! at, so no body is read.

mod cache;
mod client;
mod hosts;
mod links;
mod public;
mod report;
mod rules;
mod visit;

pub(crate) use cache::CACHE_FILE;
pub use cache::Cache;
pub use links::{Link, links};
pub use rules::{Clock, Rules};

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::diagnostic::Diagnostic;
use crate::limits::MOST_REQUESTS;
use client::Client;
use hosts::Hosts;
use visit::{Verdict, Visitor};

/// How far the run is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Addresses that there is a verdict on.
    pub done: AtomicUsize,
    /// All addresses; 0 until that is known.
    pub all: AtomicUsize,
}

/// Asks for every link that `cache` holds no good answer to, and gives what was found. `cache` holds
/// afterwards what is good now.
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
