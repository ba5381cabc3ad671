//! HTTP for the preview, by `tiny_http`, behind a [`Gate`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tiny_http::{HTTPVersion, Header, Request, Response};

use super::answer::{Answer, Asked, Body, Reply, reply};
use super::events::{self, Listeners};
use super::gate::{Gate, Inner, InnerListener, InnerStream};
use super::head::CONNECTION;
use super::memory::Memory;
use super::open_files::Rooms;
use super::settings::Settings;

/// How often a server that died is started again before that is given up, and how long to wait between:
/// others may give descriptors back.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// How long room for one more connection is waited for.
const ROOM_PATIENCE: Duration = Duration::from_secs(20);
/// After what time a connection that was given up is taken to have ended, whatever came of it: no answer that
/// nobody reads takes as long.
const FORGOTTEN: Duration = Duration::from_secs(30);

/// The server. It ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    gate: Option<Gate>,
}

struct Shared {
    address: SocketAddr,
    memory: Arc<Memory>,
    settings: Settings,
    listeners: Listeners,
    /// The folder of the socket of the server within.
    folder: Mutex<PathBuf>,
    connections: Connections,
}

/// The connections that `tiny_http` has open: it panics when it is given more than there are descriptors for.
#[derive(Debug)]
struct Connections {
    open: Mutex<Open>,
    ended: Condvar,
    most: usize,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    /// By number; for those that the gate gave up, since when.
    all: BTreeMap<u64, Option<Instant>>,
}

impl Connections {
    fn new(most: usize) -> Self {
        Self { open: Mutex::default(), ended: Condvar::new(), most }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more, when there is room for it. Gives its number.
    fn begin(&self) -> io::Result<u64> {
        let end = Instant::now() + ROOM_PATIENCE;
        let mut open = self.lock();
        loop {
            open.all.retain(|_, given_up| given_up.is_none_or(|since| since.elapsed() < FORGOTTEN));
            if open.all.len() < self.most {
                break;
            }
            if Instant::now() >= end {
                return Err(io::ErrorKind::ResourceBusy.into());
            }
            open = self.ended.wait_timeout(open, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        open.last += 1;
        let number = open.last;
        open.all.insert(number, None);
        Ok(number)
    }

    /// One has ended; whoever says so first is right.
    fn end(&self, number: u64) {
        if self.lock().all.remove(&number).is_some() {
            self.ended.notify_one();
        }
    }

    /// The gate has given one up, and its request, if it became one, goes on.
    fn give_up(&self, number: u64) {
        if let Some(given_up) = self.lock().all.get_mut(&number) {
            *given_up = Some(Instant::now());
        }
    }
}

impl Server {
    /// Answers on `listener` from `memory`; files that are not in it are read from the portal's folder.
    ///
    /// # Errors
    /// Those of the system; [`io::ErrorKind::QuotaExceeded`] where it lets this process open too few files.
    pub fn start(listener: TcpListener, memory: Arc<Memory>, settings: Settings) -> io::Result<Self> {
        let rooms = Rooms::of_this_process()?;
        let shared = Arc::new(Shared {
            address: listener.local_addr()?,
            memory,
            settings,
            listeners: Listeners::new(rooms.streams),
            connections: Connections::new(rooms.behind()),
            folder: Mutex::default(),
        });
        let inside = Inside { running: Mutex::new(Some(Running::start(&shared)?)), shared: shared.clone() };
        let gate = Gate::open(listener, Box::new(inside), rooms)?;
        Ok(Self { shared, gate: Some(gate) })
    }

    /// What removes what the server would leave behind where the process ends without dropping it.
    pub fn tidy(&self) -> impl Fn() + Send + Sync + 'static {
        let shared = self.shared.clone();
        move || {
            let _ = fs::remove_dir_all(&*shared.folder.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.memory.close();
        self.gate = None;
    }
}

/// The server of `tiny_http`, and a new one where it died.
struct Inside {
    running: Mutex<Option<Running>>,
    shared: Arc<Shared>,
}

impl Inner for Inside {
    fn connect(&self) -> io::Result<(u64, InnerStream)> {
        let number = self.shared.connections.begin()?;
        let connected = self.stream().map(|stream| (number, stream));
        if connected.is_err() {
            self.ended(number);
        }
        connected
    }

    fn ended(&self, connection: u64) {
        self.shared.connections.end(connection);
    }

    fn given_up(&self, connection: u64) {
        self.shared.connections.give_up(connection);
    }
}

impl Inside {
    fn stream(&self) -> io::Result<InnerStream> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let mut failure = io::Error::from(io::ErrorKind::ConnectionRefused);
        for _ in 0..ATTEMPTS {
            match running.as_ref().map(Running::connect) {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(error)) if error.kind() != io::ErrorKind::ConnectionRefused => failure = error,
                // It takes no connections any more.
                _ => *running = None,
            }
            if running.is_none() {
                match Running::start(&self.shared) {
                    Ok(fresh) => {
                        *running = Some(fresh);
                        continue;
                    }
                    Err(error) => failure = error,
                }
            }
            thread::sleep(PAUSE);
        }
        Err(failure)
    }
}

/// A server of `tiny_http` where only this process reaches it, and the thread that hands its requests on.
struct Running {
    server: Arc<tiny_http::Server>,
    /// Where it listens.
    #[cfg(all(unix, not(elsewhere)))]
    place: PathBuf,
    #[cfg(any(not(unix), elsewhere))]
    place: SocketAddr,
    /// The folder of that, which is this user's alone and goes when the server has gone.
    _folder: Arc<TempDir>,
}

impl Running {
    fn start(shared: &Arc<Shared>) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("werdegang-").tempdir()?;
        #[cfg(all(unix, not(elsewhere)))]
        let (listener, place, folder) = match InnerListener::bind(folder.path().join("http")) {
            Ok(listener) => (listener, folder.path().join("http"), folder),
            // The path of a socket has about a hundred bytes, and temporary folders may lie deep.
            Err(_) => {
                let folder = tempfile::Builder::new().prefix("werdegang-").tempdir_in("/tmp")?;
                let place = folder.path().join("http");
                (InnerListener::bind(&place)?, place, folder)
            }
        };
        #[cfg(any(not(unix), elsewhere))]
        let (listener, place) = {
            let listener = InnerListener::bind(("127.0.0.1", 0))?;
            let place = listener.local_addr()?;
            (listener, place)
        };
        let server = Arc::new(tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?);
        *shared.folder.lock().unwrap_or_else(PoisonError::into_inner) = folder.path().to_owned();
        let folder = Arc::new(folder);
        let (its, its_folder, shared) = (server.clone(), folder.clone(), shared.clone());
        thread::Builder::new().name(String::from("requests")).spawn(move || {
            hand_on(&its, &shared);
            // In this order: a server that ends connects to itself.
            drop(its);
            drop(its_folder);
        })?;
        Ok(Self { server, place, _folder: folder })
    }

    fn connect(&self) -> io::Result<InnerStream> {
        InnerStream::connect(&self.place)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its thread lets go of the server then.
        self.server.unblock();
    }
}

/// Gives every request a thread. The gate sees to it that there are not too many.
fn hand_on(server: &tiny_http::Server, shared: &Arc<Shared>) {
    // An error is the end: the server was retired, or takes no connections any more, which whoever connects
    // next finds out.
    while let Ok(request) = server.recv() {
        let ending = Ending { shared: shared.clone(), number: number_of(&request) };
        // Where no thread can be had, dropping the request says so to the client.
        let _ = thread::Builder::new().name(String::from("request")).spawn(move || {
            // Dropped when the request is gone, and its connection with it.
            let ending = ending;
            serve(request, &ending.shared);
        });
    }
}

/// The number of the connection that a request came on.
fn number_of(request: &Request) -> Option<u64> {
    let header = request.headers().iter().find(|header| header.field.equiv(CONNECTION))?;
    header.value.as_str().parse().ok()
}

/// Says that a connection has ended, when it is dropped.
struct Ending {
    shared: Arc<Shared>,
    number: Option<u64>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.shared.connections.end(number);
        }
    }
}

/// Answers a request.
fn serve(request: Request, shared: &Shared) {
    let asked = Asked {
        method: request.method().as_str(),
        url: request.url(),
        headers: request.headers().iter().map(|header| (header.field.as_str().as_str(), header.value.as_str())).collect(),
    };
    match reply(&asked, shared.address, &shared.memory, &shared.settings) {
        Reply::Answer(answer) => send(request, answer),
        Reply::Events(open) => {
            let chunked = *request.http_version() >= HTTPVersion(1, 1);
            let mut writer = request.into_writer();
            if begin_events(&mut writer, chunked).is_ok() {
                events::tell(&shared.memory, &shared.listeners, writer, chunked, open, shared.settings.language);
            }
        }
    }
}

fn send(request: Request, answer: Answer) {
    let length = answer.part.end - answer.part.start;
    let headers = answer.headers.iter().filter_map(|(name, value)| Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()).collect();
    let Ok(body) = part_of(answer.body, answer.part.start) else { return };
    // Where there is no such length, the file could not have been opened.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let response = Response::new(answer.status.into(), headers, body.take(length as u64), Some(length), None);
    // Whoever asks for the head of an answer is told its length as well. A client that went away is no error.
    let _ = request.respond(response.with_chunked_threshold(usize::MAX));
}

fn part_of(body: Body, start: u64) -> io::Result<Box<dyn Read>> {
    fn from<B: AsRef<[u8]> + 'static>(bytes: B, start: u64) -> Box<dyn Read> {
        let mut cursor = Cursor::new(bytes);
        cursor.set_position(start);
        Box::new(cursor)
    }
    Ok(match body {
        Body::Own(bytes) => from(bytes, start),
        Body::Shared(bytes) => from(bytes, start),
        Body::Fixed(bytes) => from(bytes, start),
        Body::File(mut file, _) => {
            File::seek(&mut file, SeekFrom::Start(start))?;
            Box::new(file)
        }
    })
}

/// The head of a stream of events, which `tiny_http` cannot write without holding back what follows.
fn begin_events(to: &mut impl Write, chunked: bool) -> io::Result<()> {
    let coding = if chunked { "Transfer-Encoding: chunked" } else { "Connection: close" };
    write!(
        to,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         X-Frame-Options: DENY\r\n\
         Content-Security-Policy: frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n{coding}\r\n\r\n"
    )
}
