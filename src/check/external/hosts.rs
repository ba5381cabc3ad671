//! Politeness: how many requests a server gets at once, and how long it is left alone between them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::rules::{Clock, Rules};
use crate::diagnostic::{Text, text};
use crate::limits::MOST_SILENCES;

/// The servers of a run, with the links that are still to be asked for.
pub(super) struct Hosts<'a> {
    hosts: Mutex<BTreeMap<String, Host>>,
    /// Something ended: a request or a link.
    ended: Condvar,
    rules: &'a Rules,
    clock: &'a dyn Clock,
}

#[derive(Default)]
struct Host {
    /// Links to be asked for, by their numbers.
    queue: VecDeque<usize>,
    /// Links that are being asked for.
    links: usize,
    /// Requests under way, also those that wait for their moment, and those of redirects from elsewhere.
    requests: usize,
    /// When the next request may begin, in the time of the run.
    next: Duration,
    /// Why it is not asked any more.
    closed: Option<Text>,
    /// How many links in a row had no answer.
    silences: usize,
}

/// Why a request is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The time of the run is over.
    TimeIsOver,
    /// The server is not asked any more.
    Closed(Text),
}

impl<'a> Hosts<'a> {
    pub(super) fn new<'u>(links: impl Iterator<Item = (usize, &'u Url)>, rules: &'a Rules, clock: &'a dyn Clock) -> Self {
        let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
        for (number, url) in links {
            hosts.entry(name(url)).or_default().queue.push_back(number);
        }
        Self { hosts: Mutex::new(hosts), ended: Condvar::new(), rules, clock }
    }

    /// The next link to be asked for: of the server that has most left, among those that have room. Waits
    /// until there is one; none where all are done.
    pub(super) fn next(&self) -> Option<Turn<'_, 'a>> {
        let mut hosts = lock(&self.hosts);
        loop {
            let waiting = hosts.iter_mut().filter(|(_, host)| !host.queue.is_empty());
            let room = waiting.filter(|(_, host)| host.links < self.rules.per_host).max_by_key(|(_, host)| host.queue.len());
            if let Some((name, host)) = room
                && let Some(link) = host.queue.pop_front()
            {
                host.links += 1;
                return Some(Turn { link, name: name.clone(), hosts: self });
            }
            if hosts.values().all(|host| host.queue.is_empty()) {
                return None;
            }
            hosts = self.wait(hosts);
        }
    }

    /// Waits until the server of `url` may be asked. The request is under way until what this gives is
    /// dropped.
    pub(super) fn enter(&self, url: &Url) -> Result<Entered<'_, 'a>, Refused> {
        let name = name(url);
        let mut hosts = lock(&self.hosts);
        while hosts.entry(name.clone()).or_default().requests >= self.rules.per_host {
            hosts = self.wait(hosts);
        }
        let host = hosts.entry(name.clone()).or_default();
        host.requests += 1;
        drop(hosts);
        // From here on the room is given back however this ends.
        let entered = Entered { name, hosts: self };
        loop {
            let pause = entered.pause()?;
            if pause.is_zero() {
                return Ok(entered);
            }
            self.clock.sleep(pause);
        }
    }

    /// Leaves the server of `url` alone for a while.
    pub(super) fn hold(&self, url: &Url, pause: Duration) {
        let until = self.clock.elapsed().saturating_add(pause);
        let mut hosts = lock(&self.hosts);
        let host = hosts.entry(name(url)).or_default();
        host.next = host.next.max(until);
    }

    /// Asks the server of `url` nothing more.
    pub(super) fn close(&self, url: &Url, why: &Text) {
        lock(&self.hosts).entry(name(url)).or_default().closed = Some(why.clone());
    }

    /// The server of `url` had an answer to a link, or none: after some silences in a row it is not asked any
    /// more.
    pub(super) fn heard(&self, url: &Url, answered: bool) {
        let mut hosts = lock(&self.hosts);
        let host = hosts.entry(name(url)).or_default();
        host.silences = if answered { 0 } else { host.silences + 1 };
        if host.silences >= MOST_SILENCES {
            host.closed = Some(text!("the server had no answer {most} times in a row, and was not asked again", most = MOST_SILENCES));
        }
    }

    /// Whether a wait of this length ends within the time of the run.
    pub(super) fn has_time_for(&self, pause: Duration) -> bool {
        self.clock.elapsed().saturating_add(pause) < self.rules.limit
    }

    fn wait<'g>(&self, guard: MutexGuard<'g, BTreeMap<String, Host>>) -> MutexGuard<'g, BTreeMap<String, Host>> {
        self.ended.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }
}

/// A link whose turn it is.
pub(super) struct Turn<'h, 'a> {
    /// Its number.
    pub link: usize,
    name: String,
    hosts: &'h Hosts<'a>,
}

impl Drop for Turn<'_, '_> {
    fn drop(&mut self) {
        if let Some(host) = lock(&self.hosts.hosts).get_mut(&self.name) {
            host.links -= 1;
        }
        self.hosts.ended.notify_all();
    }
}

/// A request that is under way.
pub(super) struct Entered<'h, 'a> {
    name: String,
    hosts: &'h Hosts<'a>,
}

impl Entered<'_, '_> {
    /// How long is still to be waited; where that is not at all, the moment is taken.
    fn pause(&self) -> Result<Duration, Refused> {
        let mut hosts = lock(&self.hosts.hosts);
        let host = hosts.entry(self.name.clone()).or_default();
        let now = self.hosts.clock.elapsed();
        if let Some(why) = &host.closed {
            return Err(Refused::Closed(why.clone()));
        }
        let pause = host.next.saturating_sub(now);
        if now.saturating_add(pause) >= self.hosts.rules.limit {
            return Err(Refused::TimeIsOver);
        }
        if pause.is_zero() {
            host.next = now.saturating_add(self.hosts.rules.pause);
        }
        Ok(pause)
    }
}

impl Drop for Entered<'_, '_> {
    fn drop(&mut self) {
        if let Some(host) = lock(&self.hosts.hosts).get_mut(&self.name) {
            host.requests -= 1;
        }
        self.hosts.ended.notify_all();
    }
}

/// What makes a server: its name, with its port where that is not the one of the web. With and without TLS it
/// is the same one.
fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Takes a lock. What is under it is whole after every step, so that a panic elsewhere does not matter.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
