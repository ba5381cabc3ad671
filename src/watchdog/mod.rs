//! What sees to it that no output takes the machine away: a thread that looks at what is being made, since
//! when, and at the memory of the process.
//!
//! Tera runs a template to its end, and no thread can be ended from outside. So there are two ways:
//!
//! - A process starts without checkpoints in its templates, which cost time. Where an output takes too much,
//!   it leaves a [`Note`], and has itself replaced by a new process that does the same work with checkpoints.
//! - With checkpoints an output that takes too much is told to stop, and is a finding like any other, with
//!   its line. One that comes to no checkpoint any more (within one tag a value can grow without bounds) has
//!   the process replaced once more; the next one stops before that tag.
//!
//! How a process is replaced is for whoever starts this to say ([`Replace`]).

mod clock;
mod note;

pub(crate) use note::Note;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::ptr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use clock::{Begun, Shares};

use crate::diagnostic::text;
use crate::limits::{OUTPUT_MEMORY, OUTPUT_TIME};
use crate::pipeline;
use crate::theme::{Excess, Run, Spot, Theme};

/// How often it is looked. Within that time memory grows by a few ten megabytes.
const POLL: Duration = Duration::from_millis(10);
/// The part of its time that an output that was told to stop is given to come to a checkpoint.
const GRACE: u32 = 10;
/// What checkpoints cost at most: templates that do little else than pass them take five times as long.
/// Limits are those without.
const COST: u32 = 5;
/// How many times its size an output may occupy when it is made: it has a Markdown copy, and notes what it
/// has read.
const PER_BYTE: u64 = 4;

/// What one output may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time of a processor, whatever the clock shows meanwhile.
    pub time: Duration,
    /// Memory, in bytes: by how much the process may grow meanwhile.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: OUTPUT_TIME, memory: OUTPUT_MEMORY }
    }
}

/// Replaces the process by one that finds what was left in that folder, and does not return; where nothing
/// could be left, ends it. The text says why.
pub type Replace = Box<dyn Fn(Option<&Path>, &str) + Send + Sync>;
/// Leaves what else the new process is to find, in that folder.
pub(crate) type Leave = Box<dyn Fn(&Path) + Send + Sync>;

/// The watchdog. It ends when it is dropped.
#[derive(Debug)]
pub struct Watchdog {
    shared: Arc<Shared>,
}

impl Watchdog {
    /// Watches with these limits. `left` is what an earlier process left. Where a process cannot be replaced,
    /// templates have checkpoints from the start.
    pub fn start(limits: Limits, left: Option<&Note>, replace: Option<Replace>) -> Self {
        let known = left.cloned().unwrap_or_default();
        let state = State { one_at_a_time: left.is_some(), known, ..State::default() };
        let shared = Arc::new(Shared {
            limits,
            checked: left.is_some() || replace.is_none(),
            replace,
            leave: Mutex::default(),
            state: Mutex::new(state),
            woken: Condvar::new(),
        });
        let its = shared.clone();
        // Where no thread can be had nobody watches; the build itself will say that there is none.
        let _ = thread::Builder::new().name(String::from("watchdog")).spawn(move || its.watch());
        Self { shared }
    }

    /// What the pipeline tells of its outputs.
    pub fn for_pipeline(&self) -> Arc<dyn pipeline::Watchdog> {
        self.shared.clone()
    }

    /// Has more left for a new process, where there will be one.
    pub fn leaving(&self, leave: Leave) {
        *self.shared.leave.lock().unwrap_or_else(PoisonError::into_inner) = Some(leave);
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.woken.notify_all();
    }
}

struct Shared {
    limits: Limits,
    /// Whether templates have checkpoints.
    checked: bool,
    replace: Option<Replace>,
    leave: Mutex<Option<Leave>>,
    state: Mutex<State>,
    woken: Condvar,
}

impl fmt::Debug for Shared {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Watchdog").field("limits", &self.limits).field("checked", &self.checked).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    under_way: BTreeMap<usize, UnderWay>,
    /// Bytes of finished outputs.
    made: u64,
    /// The time of processors.
    shares: Shares,
    /// The memory of the process when it was last looked at, and when that was.
    memory: Option<(Instant, u64)>,
    one_at_a_time: bool,
    /// What ran away, here or in an earlier process.
    known: Note,
    /// The theme of the last output. With another one what ran away may be mended.
    theme: Option<Weak<Theme>>,
    /// Whether an output was stopped in this update.
    stopped: bool,
    /// Whether the thread waits until there is something to watch.
    idle: bool,
    ended: bool,
}

/// An output that is being made.
struct UnderWay {
    output: String,
    run: Arc<Run>,
    begun: Begun,
    /// The memory of the process, and the bytes of finished outputs, when it was first seen.
    before: Option<(u64, u64)>,
    /// What time it had taken when it was told to stop.
    stopped: Option<Duration>,
}

/// Why the process is to be replaced.
struct Reason {
    output: String,
    excess: Excess,
    /// Whether it had been told to stop, and the tag it was in then.
    unstoppable: Option<Option<Spot>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut state = self.lock();
        while !state.ended {
            if state.under_way.is_empty() {
                state.idle = true;
                state.shares.pause();
                state = self.woken.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            if let Some(reason) = self.look(&mut state) {
                // Whoever wants to begin an output waits from now on.
                self.hand_over(&mut state, reason);
            }
            state = self.woken.wait_timeout(state, POLL).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Looks at all that is under way, and tells to stop what takes too much. Gives why that will not do.
    fn look(&self, state: &mut State) -> Option<Reason> {
        let now = Instant::now();
        let memory = memory_stats::memory_stats().map_or(0, |found| found.physical_mem as u64);
        // What was there shortly before an output was seen is what it began with.
        let before = state.memory.filter(|(when, _)| now - *when < POLL * 5).map_or(memory, |(_, before)| before.min(memory));
        state.memory = Some((now, memory));
        let (made, limits, count) = (state.made, self.limits, state.under_way.len());
        state.shares.give(count);
        // Where several are made at once, it cannot be said whose the memory is. Then all are made again, one
        // at a time; where there is no process to do that, what they take together counts.
        let told_apart = state.one_at_a_time || count == 1;
        let memory_limit = if told_apart || self.replace.is_some() { limits.memory } else { limits.memory.saturating_mul(count as u64) };
        let shares = &state.shares;
        for under_way in state.under_way.values_mut() {
            let (memory_before, made_before) = *under_way.before.get_or_insert((before, made));
            let grown = memory.saturating_sub(memory_before).saturating_sub((made - made_before) * PER_BYTE);
            let suspect = state.known.suspects.get(&under_way.output).copied();
            // One that ran away before is only to be found where.
            let time = if self.checked && suspect.is_none() { limits.time.saturating_mul(COST) } else { limits.time };
            let taken = || under_way.begun.taken(shares);
            let late = under_way.begun.may_exceed(time) && taken() > time;
            let too_much = grown > memory_limit;
            if !late && !too_much {
                continue;
            }
            let found = if too_much { Excess::Memory(limits.memory) } else { Excess::Time(limits.time) };
            let excess = suspect.unwrap_or(found);
            let reason = |unstoppable| Some(Reason { output: under_way.output.clone(), excess, unstoppable });
            match under_way.stopped {
                None if self.checked && (told_apart || !too_much || self.replace.is_none()) => {
                    under_way.run.stop(excess);
                    under_way.stopped = Some(taken());
                    state.known.suspects.insert(under_way.output.clone(), excess);
                }
                None if self.replace.is_some() => return reason(None),
                Some(told) if self.replace.is_some() && (taken() - told > limits.time / GRACE || grown / 2 > limits.memory) => {
                    return reason(Some(under_way.run.spot(under_way.run.excess().unwrap_or(excess))));
                }
                _ => {}
            }
        }
        None
    }

    /// Leaves what a new process is to know, and has this one replaced.
    fn hand_over(&self, state: &mut State, reason: Reason) {
        let Some(replace) = &self.replace else { return };
        let Reason { output, excess, unstoppable } = reason;
        match unstoppable {
            Some(Some(spot)) => state.known.spots.push(spot),
            Some(None) => state.known.outputs.push((output.clone(), excess)),
            None => {}
        }
        let takes = text!("`{output}` takes {excess}", output, excess);
        state.known.suspects.insert(output, excess);
        match note::folder().and_then(|folder| state.known.write(&folder).map(|()| folder)) {
            Ok(folder) => {
                if let Some(leave) = &*self.leave.lock().unwrap_or_else(PoisonError::into_inner) {
                    leave(&folder);
                }
                replace(Some(&folder), &text!("{takes}; all is made once more, to find the line", takes));
            }
            Err(error) => {
                let message = text!("{takes}; the line cannot be found, because no temporary file can be written: {error}", takes, error);
                replace(None, &message)
            }
        }
    }
}

impl pipeline::Watchdog for Shared {
    fn checkpoints(&self) -> Option<Vec<Spot>> {
        self.checked.then(|| self.lock().known.spots.clone())
    }

    fn one_at_a_time(&self) -> bool {
        self.lock().one_at_a_time
    }

    fn begin(&self, output: &str, theme: &Arc<Theme>) -> Arc<Run> {
        let run = Arc::new(Run::new(theme.clone()));
        let mut state = self.lock();
        let same = state.theme.as_ref().map(|known| ptr::eq(known.as_ptr(), Arc::as_ptr(theme)));
        if same == Some(false) {
            state.known.suspects.clear();
        }
        if same != Some(true) {
            state.theme = Some(Arc::downgrade(theme));
        }
        if let Some((_, excess)) = state.known.outputs.iter().find(|(known, _)| known == output) {
            run.stop(*excess);
        }
        let under_way =
            UnderWay { output: output.to_owned(), run: run.clone(), begun: Begun::now(&state.shares), before: None, stopped: None };
        state.under_way.insert(key(&run), under_way);
        if std::mem::take(&mut state.idle) {
            self.woken.notify_all();
        }
        run
    }

    fn end(&self, run: &Arc<Run>) {
        let mut state = self.lock();
        state.under_way.remove(&key(run));
        state.stopped |= run.excess().is_some();
    }

    fn made(&self, bytes: usize) {
        self.lock().made += bytes as u64;
    }

    fn rendered(&self) {
        let mut state = self.lock();
        state.one_at_a_time = std::mem::take(&mut state.stopped);
        // In the next update whatever made them run away may be mended.
        state.known.spots.clear();
        state.known.outputs.clear();
        if !state.one_at_a_time {
            state.known.suspects.clear();
        }
    }
}

/// What tells one run from all others that are under way.
fn key(run: &Arc<Run>) -> usize {
    Arc::as_ptr(run).addr()
}
