//! Who is at the gate, and who goes when somebody else comes.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::gate::InnerStream;
use super::open_files::Rooms;

/// How long a reader takes nothing before it makes room for others: one that reads is not sent away, nor one
/// that waits for its answer.
const STUCK: Duration = Duration::from_millis(50);

/// Who is there.
#[derive(Default)]
pub(super) struct Guests {
    pub next: u64,
    /// Those whose head is not complete, by number: the oldest first.
    pub heads: BTreeMap<u64, Arc<TcpStream>>,
    /// Threads of these, also of those that were sent away and have not gone yet, or wait for room to be
    /// answered.
    pub reading: usize,
    pub answers: Answers,
    pub streams: Answers,
}

/// Those that are being answered.
#[derive(Default)]
pub(super) struct Answers {
    /// By number: the oldest first.
    pub present: BTreeMap<u64, Answering>,
    /// Threads of these, also of those that were sent away and have not gone yet.
    pub threads: usize,
    /// Those who wait for room.
    pub waiting: usize,
}

pub(super) struct Answering {
    pub client: Arc<TcpStream>,
    pub inner: Option<Arc<InnerStream>>,
    /// Since when its client has to take something, or to go.
    pub stuck: Option<Instant>,
}

/// What a client is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stay {
    Head,
    Answer,
    Stream,
}

impl Stay {
    pub(super) fn most(self, rooms: Rooms) -> usize {
        match self {
            Stay::Head => rooms.heads,
            Stay::Answer => rooms.answers,
            Stay::Stream => rooms.streams,
        }
    }
}

impl Answering {
    /// Ends the connection.
    pub(super) fn send_away(&self) {
        // One that is gone already is what is wanted.
        let _ = self.client.shutdown(Shutdown::Both);
        if let Some(inner) = &self.inner {
            let _ = inner.shutdown(Shutdown::Both);
        }
    }
}

impl Guests {
    /// Sends the oldest away whose head is not complete.
    pub(super) fn send_head_away(&mut self) {
        if let Some((_, oldest)) = self.heads.pop_first() {
            let _ = oldest.shutdown(Shutdown::Both);
        }
    }

    pub(super) fn answers(&mut self, stay: Stay) -> &mut Answers {
        match stay {
            Stay::Stream => &mut self.streams,
            Stay::Head | Stay::Answer => &mut self.answers,
        }
    }
}

impl Answers {
    /// Makes room for those who wait, and for no more: the next to go would be one that just came. Of streams
    /// the oldest goes, which comes again; of answers the one whose client has taken nothing for longest.
    pub(super) fn make_room(&mut self, stay: Stay) {
        if self.threads - self.present.len() >= self.waiting {
            return;
        }
        let stuck = |(number, answering): (&u64, &Answering)| Some((answering.stuck.filter(|since| since.elapsed() > STUCK)?, *number));
        let gone = match stay {
            Stay::Stream => self.present.pop_first().map(|(_, oldest)| oldest),
            Stay::Head | Stay::Answer => {
                let longest = self.present.iter().filter_map(stuck).min();
                longest.and_then(|(_, number)| self.present.remove(&number))
            }
        };
        if let Some(gone) = gone {
            gone.send_away();
        }
    }
}
