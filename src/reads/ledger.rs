//! Reads by number.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::{Read, Reads};

/// Reads by number: ten thousand pages look at the same words, and each remembers a few bytes for it.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    of: HashMap<Arc<Read>, u32>,
    all: Vec<Arc<Read>>,
}

impl Ledger {
    fn lock(&self) -> MutexGuard<'_, Numbers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The numbers of some reads, in order, each once.
    pub(crate) fn enter(&self, reads: Reads) -> Box<[u32]> {
        let mut numbers = Vec::with_capacity(reads.iter().len());
        let mut known = self.lock();
        for read in reads {
            let number = match known.of.get(&read) {
                Some(number) => *number,
                None => {
                    // More than 2³² different things cannot be looked at: each takes more than a byte.
                    let number = u32::try_from(known.all.len()).unwrap_or(u32::MAX);
                    let read = Arc::new(read);
                    known.all.push(read.clone());
                    known.of.insert(read, number);
                    number
                }
            };
            numbers.push(number);
        }
        drop(known);
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_boxed_slice()
    }

    /// What `work` gives for each read that was ever entered, by number.
    pub(crate) fn map<T: Send>(&self, work: impl Fn(&Read) -> T + Sync) -> Vec<T> {
        self.lock().all.par_iter().with_min_len(ENOUGH).map(|read| work(read)).collect()
    }
}

/// How many reads are worth a thread.
const ENOUGH: usize = 4096;
