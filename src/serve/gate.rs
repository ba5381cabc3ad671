//! What stands between `tiny_http` and the world.
//!
//! `tiny_http` (0.12) takes as many connections as come and two file descriptors for each, panics when none
//! is left, reads heads of any length for any time, and keeps a thread for each client. So it listens where
//! only this process connects to it, and this gate in front takes the world's connections: not more than this
//! process may open files for ([`Rooms`]), each with a head of bounded length in bounded time and without a
//! body. A complete head is handed on over a connection of its own, and the answer handed back. Whoever is
//! slow makes room for whoever comes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::OWN;
use super::guests::{Answering, Guests, Stay};
use super::head::{self, Refusal};
use super::open_files::Rooms;
use crate::limits::{HEAD_PATIENCE, WRITE_PATIENCE};

#[cfg(any(not(unix), elsewhere))]
pub(super) use std::net::{TcpListener as InnerListener, TcpStream as InnerStream};
#[cfg(all(unix, not(elsewhere)))]
pub(super) use std::os::unix::net::{UnixListener as InnerListener, UnixStream as InnerStream};

/// How long an answer may take to begin or go on; streams of events show that they live more often.
const ANSWER_PATIENCE: Duration = Duration::from_secs(20);
/// How long and how much is read of what a client still sends when it has its answer: closing at once could
/// take the answer away from it.
const DRAIN: (Duration, usize) = (Duration::from_millis(200), 256 * 1024);
/// How long to wait where the system has no more to give.
const PAUSE: Duration = Duration::from_millis(20);
/// The stack of a thread that hands on.
const STACK: usize = 128 * 1024;

/// How to reach what answers.
pub(super) trait Inner: Send + Sync {
    /// A connection to it, and the number by which the head that is sent on it tells which one it is. There
    /// are not more than [`Rooms::behind`]: one that has not ended is waited for.
    fn connect(&self) -> io::Result<(u64, InnerStream)>;

    /// A connection has ended on its other side, also where it became no request.
    fn ended(&self, connection: u64);

    /// Nobody waits for an answer on a connection any more. What answers it tells when it has ended.
    fn given_up(&self, connection: u64);
}

/// The gate. It is closed when it is dropped.
pub(super) struct Gate {
    shared: Arc<Shared>,
    address: SocketAddr,
    keeper: Option<thread::JoinHandle<()>>,
}

struct Shared {
    inner: Box<dyn Inner>,
    /// How many there may be of each; the oldest makes room.
    rooms: Rooms,
    guests: Mutex<Guests>,
    left: Condvar,
    closed: AtomicBool,
}

impl Shared {
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Takes a client in, when there is room for it.
    fn admit(&self, client: &Arc<TcpStream>) -> u64 {
        let mut guests = self.guests();
        while guests.reading >= self.rooms.heads {
            // Unless somebody is on the way out.
            if guests.reading == guests.heads.len() {
                guests.send_head_away();
            }
            guests = self.left.wait_timeout(guests, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        guests.reading += 1;
        guests.next += 1;
        let number = guests.next;
        guests.heads.insert(number, client.clone());
        number
    }

    /// A client's head is complete: it is answered, when there is room for that. False where it was sent away
    /// meanwhile.
    fn promote(&self, number: u64, client: &Arc<TcpStream>, stay: Stay) -> bool {
        let mut guests = self.guests();
        if guests.heads.remove(&number).is_none() {
            return false;
        }
        guests.answers(stay).waiting += 1;
        while guests.answers(stay).threads >= stay.most(self.rooms) {
            guests.answers(stay).make_room(stay);
            guests = self.left.wait_timeout(guests, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        guests.reading -= 1;
        let answers = guests.answers(stay);
        answers.waiting -= 1;
        answers.threads += 1;
        answers.present.insert(number, Answering { client: client.clone(), inner: None, stuck: None });
        drop(guests);
        self.left.notify_all();
        true
    }

    /// A client has to take something, or to go; or it has.
    fn mark(&self, number: u64, stay: Stay, stuck: bool) {
        if let Some(answering) = self.guests().answers(stay).present.get_mut(&number) {
            answering.stuck = stuck.then(Instant::now);
        }
    }

    /// A client was answered, or went away.
    fn leave(&self, number: u64, stay: Stay) {
        let mut guests = self.guests();
        if stay == Stay::Head {
            guests.heads.remove(&number);
            guests.reading -= 1;
        } else {
            let answers = guests.answers(stay);
            answers.present.remove(&number);
            answers.threads -= 1;
        }
        drop(guests);
        self.left.notify_all();
    }
}

impl Gate {
    /// Takes connections on `listener` and hands what they ask to `inner`.
    pub(super) fn open(listener: TcpListener, inner: Box<dyn Inner>, rooms: Rooms) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { inner, rooms, guests: Mutex::default(), left: Condvar::new(), closed: AtomicBool::new(false) });
        let its = shared.clone();
        let keeper = thread::Builder::new().name(String::from("gate")).spawn(move || accept(&listener, &its))?;
        Ok(Self { shared, address, keeper: Some(keeper) })
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        let mut guests = self.shared.guests();
        guests.answers.present.values().chain(guests.streams.present.values()).for_each(Answering::send_away);
        while let Some((_, head)) = guests.heads.pop_first() {
            let _ = head.shutdown(Shutdown::Both);
        }
        drop(guests);
        // Nothing else wakes a thread that waits for a connection.
        let here = match self.address.ip() {
            std::net::IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), self.address.port()),
            std::net::IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), self.address.port()),
            _ => self.address,
        };
        if TcpStream::connect_timeout(&here, Duration::from_secs(1)).is_ok()
            && let Some(keeper) = self.keeper.take()
        {
            let _ = keeper.join();
        }
    }
}

/// Takes connections until the gate is closed.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    loop {
        let accepted = listener.accept();
        if shared.is_closed() {
            return;
        }
        let client = match accepted {
            Ok((client, _)) => Arc::new(client),
            // A client that changed its mind.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted) => continue,
            // Most likely no descriptor is free: some are made so.
            Err(_) => {
                let mut guests = shared.guests();
                for _ in 0..shared.rooms.heads.div_ceil(4) {
                    guests.send_head_away();
                }
                drop(shared.left.wait_timeout(guests, PAUSE));
                continue;
            }
        };
        let number = shared.admit(&client);
        let its = shared.clone();
        let welcomed = thread::Builder::new().name(String::from("client")).stack_size(STACK).spawn(move || welcome(number, &client, &its));
        if welcomed.is_err() {
            shared.leave(number, Stay::Head);
            thread::sleep(PAUSE);
        }
    }
}

/// Reads a client's head, and has it answered.
fn welcome(number: u64, client: &Arc<TcpStream>, shared: &Shared) {
    let mut stay = Stay::Head;
    // Whoever goes away in the middle is no error.
    let _ = client.set_write_timeout(Some(WRITE_PATIENCE));
    let _ = client.set_nodelay(true);
    match read_head(client) {
        Ok(Ok(head)) => {
            let wanted = if head.target().starts_with(&format!("{OWN}events")) { Stay::Stream } else { Stay::Answer };
            if shared.promote(number, client, wanted) {
                stay = wanted;
                let _ = hand_on(number, stay, client, &head, shared);
                shared.mark(number, stay, true);
            }
        }
        Ok(Err(refusal)) => {
            let _ = (&**client).write_all(refusal.answer().as_bytes());
        }
        Err(_) => {}
    }
    drain(client);
    shared.leave(number, stay);
}

/// A client's head, or why it is none.
fn read_head(client: &TcpStream) -> io::Result<Result<head::Head, Refusal>> {
    let end = Instant::now() + HEAD_PATIENCE;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        client.set_read_timeout(Some(left))?;
        let count = (&*client).read(&mut buffer)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(head) = head::parse(&bytes) {
            return Ok(head);
        }
    }
}

/// Hands a head on, and the answer back.
fn hand_on(number: u64, stay: Stay, client: &TcpStream, head: &head::Head, shared: &Shared) -> io::Result<()> {
    // The server behind may have died under it; then there is a new one.
    for _ in 0..2 {
        let (connection, inner) = shared.inner.connect()?;
        let inner = Arc::new(inner);
        match shared.guests().answers(stay).present.get_mut(&number) {
            Some(answering) => answering.inner = Some(inner.clone()),
            None => {
                drop(inner);
                shared.inner.ended(connection);
                return Ok(());
            }
        }
        let handed = exchange(client, &inner, &head.for_inner(connection), |stuck| shared.mark(number, stay, stuck));
        // Where the client was sent away, the end of the answer is only that.
        let ended = matches!(handed, Ok(Handed::Nothing | Handed::All)) && shared.guests().answers(stay).present.contains_key(&number);
        if ended {
            shared.inner.ended(connection);
        } else {
            let _ = inner.shutdown(Shutdown::Both);
            shared.inner.given_up(connection);
        }
        if !matches!(handed, Ok(Handed::Nothing)) {
            return handed.map(drop);
        }
    }
    Ok(())
}

/// What came back of an answer.
enum Handed {
    /// Nothing: the other side has died.
    Nothing,
    /// All that there was.
    All,
    /// Not all, in the time that there is.
    Part,
}

/// Sends a head to `inner`, and what comes back to `client`. Says before and after each piece whether that is
/// waited for.
fn exchange(client: &TcpStream, inner: &InnerStream, head: &str, waits: impl Fn(bool)) -> io::Result<Handed> {
    let mut buffer = vec![0; 64 * 1024];
    inner.set_read_timeout(Some(ANSWER_PATIENCE))?;
    let (mut from, mut to) = (inner, client);
    if (&mut from).write_all(head.as_bytes()).and_then(|()| inner.shutdown(Shutdown::Write)).is_err() {
        return Ok(Handed::Nothing);
    }
    let mut any = false;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(if any { Handed::All } else { Handed::Nothing }),
            Ok(count) => {
                waits(true);
                to.write_all(&buffer[..count])?;
                waits(false);
            }
            Err(_) => return Ok(Handed::Part),
        }
        any = true;
    }
}

/// Lets a client finish what it sends, for a moment.
fn drain(client: &TcpStream) {
    if client.shutdown(Shutdown::Write).is_err() || client.set_read_timeout(Some(DRAIN.0)).is_err() {
        return;
    }
    let end = Instant::now() + DRAIN.0;
    let (mut buffer, mut left) = ([0; 4096], DRAIN.1);
    while left > 0 && Instant::now() < end {
        match (&*client).read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => left = left.saturating_sub(count),
        }
    }
}
