//! HTTP for the preview, by `tiny_http`, and what shields the preview from its limits.
//!
//! `tiny_http` (0.12) ends its accept loop at the first error, panics in it when no file descriptor is left, and writes answers in the order
//! of requests, however slowly they are read. So the listener is kept here and a new server set upon it when the old one died, and every
//! request is answered by a thread of its own: nobody waits for somebody else's reader.

use std::io::{self, Cursor, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tiny_http::{HTTPVersion, Header, Request, Response};

use super::OWN;
use super::answer::{Answer, Asked, Reply, reply};
use super::events::{self, Listeners};
use super::site::Memory;
use crate::files::Files;

/// The most requests that are answered at once; more are not answered.
const MOST: usize = 256;
/// The largest body of a request that `tiny_http` may read away, in bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// How often it is asked whether the server lives, while nobody asks it for anything.
const PULSE: Duration = Duration::from_secs(2);
/// How long it may take to show that it does.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long to wait between two attempts to start the server anew.
const PAUSE: Duration = Duration::from_millis(200);
/// How many servers that died may still serve the connections they had.
const MOST_RETIRED: usize = 8;

/// The server. It ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
}

struct Shared {
    address: SocketAddr,
    memory: Arc<Memory>,
    files: Arc<dyn Files>,
    listeners: Listeners,
    /// Requests that are being answered.
    busy: AtomicUsize,
    /// Requests there were.
    heard: AtomicUsize,
    state: Mutex<State>,
    changed: Condvar,
}

/// What the keeper waits for.
#[derive(Default)]
struct State {
    end: bool,
    died: bool,
}

impl Server {
    /// Answers on `listener` from `memory`; files that are not in it are read from `files`. What a person should know is said to `notices`.
    ///
    /// # Errors
    /// Those of the system.
    pub fn start(listener: TcpListener, memory: Arc<Memory>, files: Arc<dyn Files>, notices: Sender<String>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            address: listener.local_addr()?,
            memory,
            files,
            listeners: Listeners::default(),
            busy: AtomicUsize::new(0),
            heard: AtomicUsize::new(0),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let first = Running::start(&listener, &shared)?;
        let keeper = {
            let shared = shared.clone();
            thread::Builder::new().name(String::from("keeper")).spawn(move || keep(&listener, first, &shared, &notices))?
        };
        Ok(Self { shared, keeper: Some(keeper) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.memory.close();
        self.shared.tell(|state| state.end = true);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

impl Shared {
    fn tell(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Waits for news. Gives whether it is the end, and whether the server died.
    fn wait(&self, patience: Duration) -> (bool, bool) {
        let guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |state: &mut State| !state.end && !state.died;
        let (mut state, _) = self.changed.wait_timeout_while(guard, patience, waiting).unwrap_or_else(PoisonError::into_inner);
        (state.end, std::mem::take(&mut state.died))
    }
}

/// A server of `tiny_http`, and the thread that hands its requests on.
struct Running {
    server: Arc<tiny_http::Server>,
}

impl Running {
    fn start(listener: &TcpListener, shared: &Arc<Shared>) -> io::Result<Self> {
        let server = tiny_http::Server::from_listener(listener.try_clone()?, None).map_err(io::Error::other)?;
        let server = Arc::new(server);
        let (its, shared) = (server.clone(), shared.clone());
        thread::Builder::new().name(String::from("requests")).spawn(move || hand_on(&its, &shared))?;
        Ok(Self { server })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its thread looks whether it is the end, or that it was retired, and lets go of the server.
        self.server.unblock();
    }
}

/// Keeps a server running on the listener until the end.
fn keep(listener: &TcpListener, first: Running, shared: &Arc<Shared>, notices: &Sender<String>) {
    let mut running = first;
    let mut retired: Vec<Running> = Vec::new();
    let mut heard = 0;
    // After a death the next may be near: those who waited meanwhile come all at once.
    let mut frail = false;
    loop {
        let (end, mut died) = shared.wait(if frail { PAUSE } else { PULSE });
        if end {
            return;
        }
        if !died && (frail || shared.heard.load(Ordering::Relaxed) == heard) {
            match lives(shared.address) {
                Some(true) => frail = false,
                Some(false) => died = frail || lives(shared.address) == Some(false),
                None => {}
            }
        }
        heard = shared.heard.load(Ordering::Relaxed);
        if !died {
            continue;
        }
        let fresh = loop {
            match Running::start(listener, shared) {
                Ok(fresh) => break fresh,
                // No descriptor or thread is free yet.
                Err(_) if shared.wait(PAUSE).0 => return,
                Err(_) => {}
            }
        };
        // The old one still serves the connections it has.
        retired.push(std::mem::replace(&mut running, fresh));
        if retired.len() > MOST_RETIRED {
            retired.remove(0);
        }
        let _ = notices.send(String::from("the preview's server had stopped (too many connections?) and was started again"));
        frail = true;
        thread::sleep(PAUSE);
    }
}

/// Whether the server answers; none where that cannot be told, because nothing can be opened to ask it.
fn lives(address: SocketAddr) -> Option<bool> {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, address.port());
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    let asked = stream.set_read_timeout(Some(PATIENCE)).and_then(|()| {
        stream.write_all(format!("HEAD {OWN}reload.js HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
    });
    Some(asked.is_ok() && matches!(stream.read(&mut [0; 16]), Ok(1..)))
}

/// Gives every request a thread.
fn hand_on(server: &Arc<tiny_http::Server>, shared: &Arc<Shared>) {
    loop {
        match server.recv() {
            Ok(request) => {
                shared.heard.fetch_add(1, Ordering::Relaxed);
                let Some(slot) = Slot::take(shared) else {
                    // Saying so might wait for this very client.
                    drop(request.into_writer());
                    continue;
                };
                // Where no thread can be had, dropping the request says so to the client.
                let _ = thread::Builder::new().name(String::from("request")).spawn(move || serve(request, &slot.0));
            }
            // Dropping `Running` does this; every other error is one of the system.
            Err(error) if error.raw_os_error().is_none() => return,
            Err(_) => shared.tell(|state| state.died = true),
        }
    }
}

/// The right to answer a request.
struct Slot(Arc<Shared>);

impl Slot {
    fn take(shared: &Arc<Shared>) -> Option<Self> {
        let slot = Self(shared.clone());
        // Dropping it, here or later, gives it back.
        (shared.busy.fetch_add(1, Ordering::Relaxed) < MOST).then_some(slot)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers a request.
fn serve(request: Request, shared: &Shared) {
    if request.body_length().is_some_and(|length| length > LARGEST_BODY) {
        // To drop it would have `tiny_http` reserve as many bytes as the client says it will send. Its connection stays as it is.
        std::mem::forget(request);
        return;
    }
    let snapshot = shared.memory.current();
    let asked = Asked {
        method: request.method().as_str(),
        url: request.url(),
        headers: request.headers().iter().map(|header| (header.field.as_str().as_str(), header.value.as_str())).collect(),
    };
    let reply = reply(&asked, shared.address, &snapshot, &*shared.files);
    drop(snapshot);
    match reply {
        Reply::Answer(answer) => send(request, answer),
        Reply::Events => {
            let chunked = *request.http_version() >= HTTPVersion(1, 1);
            let mut writer = request.into_writer();
            if begin_events(&mut writer, chunked).is_ok() {
                events::tell(&shared.memory, &shared.listeners, writer, chunked);
            }
        }
    }
}

fn send(request: Request, answer: Answer) {
    let length = answer.part.len();
    let headers = answer.headers.iter().filter_map(|(name, value)| Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()).collect();
    let mut body = Cursor::new(answer.body);
    body.set_position(answer.part.start as u64);
    let response = Response::new(answer.status.into(), headers, body.take(length as u64), Some(length), None);
    // Whoever asks for the head of an answer is told its length as well. A client that went away is no error.
    let _ = request.respond(response.with_chunked_threshold(usize::MAX));
}

/// The head of a stream of events, which `tiny_http` cannot write without holding back what follows.
fn begin_events(to: &mut impl Write, chunked: bool) -> io::Result<()> {
    let coding = if chunked { "Transfer-Encoding: chunked" } else { "Connection: close" };
    write!(
        to,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n{coding}\r\n\r\n"
    )
}
