//! The time of processors that an output has taken. Time on the clock says nothing of it: on a machine that
//! is busy, or asleep, or short of memory, a page that is soon made is late as well.
//!
//! Linux tells what a thread has taken. Other systems tell it to the thread itself alone, which runs a
//! template and does not ask; there the time that the process has taken is shared between all outputs under
//! way.

use std::time::{Duration, Instant};

/// Where a system does not say what time of processors was taken, that much of the time on the clock counts.
const BY_THE_CLOCK: u32 = 4;

/// When an output began, and on which thread.
#[derive(Debug)]
pub(super) struct Begun {
    thread: Option<thread_time::Thread>,
    shared: Duration,
    at: Instant,
}

impl Begun {
    /// An output begins now, on this thread.
    pub(super) fn now(shares: &Shares) -> Self {
        Self { thread: thread_time::Thread::current(), shared: shares.given, at: Instant::now() }
    }

    /// Whether it may have taken longer than that; no thread takes more than the clock shows. Costs nothing
    /// to ask.
    pub(super) fn may_exceed(&self, time: Duration) -> bool {
        self.at.elapsed() > time
    }

    /// What it has taken since.
    pub(super) fn taken(&self, shares: &Shares) -> Duration {
        let of_thread = self.thread.as_ref().and_then(thread_time::Thread::taken);
        of_thread.unwrap_or_else(|| shares.given.saturating_sub(self.shared))
    }
}

/// The time of the process, shared between all outputs under way.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// What an output has been given that was under way from the start.
    given: Duration,
    /// When it was last looked, and what the process had taken then.
    last: Option<(Instant, Duration)>,
}

impl Shares {
    /// Gives so many outputs what was taken since it was last looked.
    pub(super) fn give(&mut self, outputs: usize) {
        let (now, taken) = (Instant::now(), process_time());
        if let Some((before, taken_before)) = self.last {
            let by_the_clock = now - before;
            let share = match taken {
                // What takes time beside outputs must not be counted beyond what one thread can have taken.
                Some(taken) => (taken.saturating_sub(taken_before) / u32::try_from(outputs.max(1)).unwrap_or(u32::MAX)).min(by_the_clock),
                None => by_the_clock / BY_THE_CLOCK,
            };
            self.given += share;
        }
        self.last = Some((now, taken.unwrap_or_default()));
    }

    /// Nothing is under way: what is taken until it is looked again is nobody's.
    pub(super) fn pause(&mut self) {
        self.last = None;
    }
}

/// What the process has taken; none where the system does not say.
fn process_time() -> Option<Duration> {
    #[cfg(all(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd"), not(elsewhere)))]
    return rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).try_into().ok();
    #[cfg(not(all(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd"), not(elsewhere))))]
    return None;
}

#[cfg(all(target_os = "linux", not(elsewhere)))]
mod thread_time {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    /// A thread, and what it had taken when that was first asked.
    #[derive(Debug)]
    pub(in crate::watchdog) struct Thread {
        stat: PathBuf,
        before: Duration,
    }

    impl Thread {
        /// The thread that asks.
        pub(super) fn current() -> Option<Self> {
            let id = rustix::thread::gettid().as_raw_nonzero();
            let before = clock_gettime(ClockId::ThreadCPUTime).try_into().ok()?;
            Some(Self { stat: PathBuf::from(format!("/proc/self/task/{id}/stat")), before })
        }

        /// What it has taken since; none where the system does not say.
        pub(super) fn taken(&self) -> Option<Duration> {
            // proc_pid_stat(5): the name, in brackets, is the second field; the 14th and 15th are the time of
            // the thread and of the system for it.
            let stat = fs::read_to_string(&self.stat).ok()?;
            let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
            let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
            let taken = Duration::from_millis(ticks.checked_mul(1000)? / rustix::param::clock_ticks_per_second().max(1));
            Some(taken.saturating_sub(self.before))
        }
    }
}

#[cfg(not(all(target_os = "linux", not(elsewhere))))]
mod thread_time {
    use std::time::Duration;

    /// A thread of a system that does not say what others have taken.
    #[derive(Debug)]
    pub(in crate::watchdog) enum Thread {}

    impl Thread {
        pub(super) fn current() -> Option<Self> {
            None
        }

        pub(super) fn taken(&self) -> Option<Duration> {
            match *self {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use super::{Begun, Shares};

    const SOME: Duration = Duration::from_millis(200);

    /// Only where threads are told apart.
    #[cfg(all(target_os = "linux", not(elsewhere)))]
    #[test]
    fn a_thread_that_waits_takes_nothing() {
        let shares = Shares::default();
        let (to, from) = channel();
        let (end, ended) = channel::<()>();
        let waits = thread::spawn(move || {
            let sent = to.send(Begun::now(&Shares::default()));
            let _ = ended.recv();
            sent
        });
        let (waiting, working) = (from.recv().ok(), Begun::now(&shares));
        while working.taken(&shares) < SOME {}
        assert!(working.may_exceed(SOME - Duration::from_millis(20)));
        assert!(waiting.as_ref().is_some_and(|begun| begun.may_exceed(Duration::ZERO) && begun.taken(&shares) < SOME / 2));
        drop(end);
        assert!(waits.join().is_ok_and(|sent| sent.is_ok()));
    }

    #[test]
    fn what_is_shared_is_no_more_than_the_clock_shows() {
        let mut shares = Shares::default();
        shares.give(2);
        let begun = Begun { thread: None, ..Begun::now(&shares) };
        while !begun.may_exceed(SOME) {}
        shares.give(2);
        let taken = begun.taken(&shares);
        assert!(taken > Duration::ZERO && taken <= begun.at.elapsed(), "{taken:?}");
        // While nothing is under way nothing is given.
        shares.pause();
        thread::sleep(Duration::from_millis(1));
        shares.give(1);
        assert_eq!(begun.taken(&shares), taken);
    }
}
