//! How many connections the preview takes: as many as it may open files for.
//!
//! A process that may open no more files cannot answer, and `tiny_http` panics then. So the limit that the
//! system sets is divided before the first connection is taken.

use std::io;

use crate::diagnostic::text;
use crate::limits::{MOST_ANSWERS, MOST_HEADS, MOST_STREAMS};

/// What there is of each, where the system allows as many files as that needs.
const MOST: Rooms = Rooms { heads: MOST_HEADS, answers: MOST_ANSWERS, streams: MOST_STREAMS };

/// What there is of each at least.
const LEAST: Rooms = Rooms { heads: 4, answers: 2, streams: 1 };

/// Up to what the limit of open files is raised, where that is allowed: more than all connections and a build
/// need, and what most systems give.
#[cfg(all(unix, not(elsewhere)))]
const ENOUGH: u64 = 1024;

/// Connections behind the gate beyond those that are being answered: those that were given up and have not
/// ended yet.
const ON_THE_WAY_OUT: usize = 2;

/// Files that are open besides: those that an update reads, at the least, and two for each of its threads, of
/// which this many are counted.
const OF_UPDATES: usize = 12;
const THREADS_COUNTED: usize = 8;

/// How many clients there may be at once, by what they are there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rooms {
    /// Connections whose head is not complete.
    pub heads: usize,
    /// Requests that are being answered.
    pub answers: usize,
    /// Streams of events.
    pub streams: usize,
}

impl Rooms {
    /// As many as the limit of this process allows, which is raised where it is low.
    ///
    /// # Errors
    /// That even the fewest need more files than may be opened.
    pub(super) fn of_this_process() -> io::Result<Self> {
        let Some(limit) = raised_limit() else { return Ok(MOST) };
        Self::within(limit, open_now(), rayon::current_num_threads())
    }

    /// As many as `limit` open files allow, of which `open` are open already, beside an update by `threads`
    /// threads.
    fn within(limit: usize, open: usize, threads: usize) -> io::Result<Self> {
        let taken = open + OF_UPDATES + threads.min(THREADS_COUNTED);
        let (left, fixed) = (limit.saturating_sub(taken), Rooms { heads: 0, answers: 0, streams: 0 }.files());
        let of = |most: usize, least: usize| {
            let share = most * left.saturating_sub(fixed) / (MOST.files() - fixed);
            share.clamp(least, most)
        };
        let rooms = Rooms {
            heads: of(MOST.heads, LEAST.heads),
            answers: of(MOST.answers, LEAST.answers),
            streams: of(MOST.streams, LEAST.streams),
        };
        if left < LEAST.files() {
            let message = text!("this process may open {limit} files, and needs at least {least}", limit, least = taken + LEAST.files());
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, message));
        }
        // What is rounded up to the least is taken from the others.
        Ok(if rooms.files() > left { LEAST } else { rooms })
    }

    /// The most connections that `tiny_http` has open. It holds two descriptors of each.
    pub(super) fn behind(self) -> usize {
        self.answers + self.streams + ON_THE_WAY_OUT
    }

    /// How many files all of them need: each client's connection, one more that knocks, the gate's own to
    /// `tiny_http` and the two that it holds, and the file that an answer reads.
    fn files(self) -> usize {
        self.heads + 1 + 3 * self.answers + 2 * self.streams + 2 * self.behind()
    }
}

/// The limit of open files of this process, raised as far as is useful and allowed; none where there is none.
#[cfg(all(unix, not(elsewhere)))]
fn raised_limit() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current?;
    let wanted = limit.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if current < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit }).is_ok() {
        return usize::try_from(wanted).ok();
    }
    usize::try_from(current).ok()
}

#[cfg(any(not(unix), elsewhere))]
fn raised_limit() -> Option<usize> {
    None
}

/// How many files are open now. Where the system does not tell, what a process has when it begins to serve.
fn open_now() -> usize {
    const AT_THE_BEGINNING: usize = 12;
    std::fs::read_dir("/dev/fd").map_or(AT_THE_BEGINNING, |entries| entries.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the limit, all connections and a build together stay within it, or it is said that they
    /// cannot.
    #[test]
    fn all_stay_within_the_limit() {
        for limit in 0..2000 {
            for open in [3, 10, 40] {
                for threads in [1, 2, 64] {
                    let Ok(rooms) = Rooms::within(limit, open, threads) else {
                        assert!(limit < 100, "{limit} files, {open} open");
                        continue;
                    };
                    let needed = open + OF_UPDATES + threads.min(THREADS_COUNTED) + rooms.files();
                    assert!(needed <= limit, "{rooms:?} need {needed} of {limit}");
                }
            }
        }
        assert_eq!(Rooms::within(256, 12, 64).ok(), Some(MOST));
        assert!(Rooms::within(64, 12, 8).is_ok());
    }
}
