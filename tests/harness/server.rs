//! A server of this machine that answers as a test says, and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// What the server was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub method: String,
    pub path: String,
    /// How often this path was asked for before, by whatever method.
    pub before: usize,
    pub user_agent: String,
}

/// What it does.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers with a status and header lines.
    Status(u16, Vec<String>),
    /// Says nothing until the other side goes away.
    Hang,
    /// Closes the connection.
    Drop,
    /// Sends a body that never ends.
    Endless,
    /// Sends a head that never ends.
    EndlessHead,
}

impl Reply {
    pub fn status(code: u16) -> Self {
        Self::Status(code, Vec::new())
    }

    pub fn to(code: u16, location: &str) -> Self {
        Self::Status(code, vec![format!("Location: {location}")])
    }

    /// As a case writes it: `hang`, `drop`, `endless`, or a status with a header line after it.
    pub fn parse(written: &str) -> Self {
        match written {
            "hang" => Self::Hang,
            "drop" => Self::Drop,
            "endless" => Self::Endless,
            _ => {
                let (code, header) = written.split_once(' ').unwrap_or((written, ""));
                let headers = if header.is_empty() { Vec::new() } else { vec![header.to_owned()] };
                Self::Status(code.parse().expect("a status"), headers)
            }
        }
    }
}

/// What a server saw.
#[derive(Debug, Default)]
pub struct Seen {
    pub asked: Vec<Asked>,
    /// Connections, whether or not anything was asked by them.
    pub connections: usize,
    /// The most requests that were under way at once.
    pub most_at_once: usize,
    at_once: usize,
}

/// The server. It listens until the process ends.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub fn start(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::knowing_its_port(|_| reply)
    }

    /// A server that answers by path, and 200 elsewhere; `port` stands for its port.
    pub fn of(replies: BTreeMap<String, Reply>, port: &'static str) -> Self {
        Self::knowing_its_port(move |own| {
            move |asked: &Asked| match replies.get(&asked.path) {
                Some(Reply::Status(code, headers)) => {
                    Reply::Status(*code, headers.iter().map(|line| line.replace(port, &own.to_string())).collect())
                }
                Some(reply) => reply.clone(),
                None => Reply::status(200),
            }
        })
    }

    fn knowing_its_port<R: Fn(&Asked) -> Reply + Send + Sync + 'static>(reply: impl FnOnce(u16) -> R) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let reply = Arc::new(reply(port));
        let server = Self { port, seen: seen.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let (seen, reply) = (seen.clone(), reply.clone());
                seen.lock().expect("what was seen").connections += 1;
                thread::spawn(move || answer(stream, &seen, &*reply));
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("what was seen")
    }

    /// How often a path was asked for.
    pub fn times(&self, path: &str) -> usize {
        self.seen().asked.iter().filter(|asked| asked.path == path).count()
    }

    /// How often anything was asked for since this was last called.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.seen().asked)
    }
}

fn answer(mut stream: TcpStream, seen: &Mutex<Seen>, reply: &(dyn Fn(&Asked) -> Reply + Send + Sync)) {
    let Some(asked) = read(&stream, seen) else { return };
    let reply = reply(&asked);
    // It is over before the other side can know it: one that asks again at once is not counted twice.
    seen.lock().expect("what was seen").at_once -= 1;
    match reply {
        Reply::Status(code, headers) => {
            let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
            let _ = stream.write_all(format!("HTTP/1.1 {code} X\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
        }
        Reply::Hang => {
            let _ = stream.read(&mut [0]);
        }
        Reply::Drop => {}
        Reply::EndlessHead => {
            let _ = stream.write_all(b"HTTP/1.1 200 X\r\n");
            while stream.write_all(b"Name: value\r\n").is_ok() {}
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

/// Reads the head of a request, and notes it.
fn read(stream: &TcpStream, seen: &Mutex<Seen>) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let first = lines.next()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let user_agent =
        lines.filter_map(|line| line.to_lowercase().strip_prefix("user-agent: ").map(str::to_owned)).last().unwrap_or_default();
    let mut seen = seen.lock().expect("what was seen");
    let before = seen.asked.iter().filter(|asked| asked.path == path).count();
    let asked = Asked { method, path, before, user_agent };
    seen.asked.push(asked.clone());
    seen.at_once += 1;
    seen.most_at_once = seen.most_at_once.max(seen.at_once);
    Some(asked)
}
