//! A preview that runs, and who asks it for pages.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

pub type Result<T> = std::result::Result<T, String>;

/// How long a change may take before it counts as lost.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// An address of this machine that nobody listens at.
pub fn free_address() -> Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).map_err(|error| error.to_string())
}

/// The status and the body that a path is answered with, and how long that took.
///
/// # Errors
/// What the connection fails with.
pub fn ask(address: SocketAddr, path: &str) -> Result<(u16, Vec<u8>, Duration)> {
    let shown = |error: std::io::Error| format!("{path}: {error}");
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).map_err(shown)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(shown)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port()).map_err(shown)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(shown)?;
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or_else(|| format!("{path}: an answer without a head"))?;
    let status = String::from_utf8_lossy(&answer[..head]).split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(|| format!("{path}: an answer without a status"))?, answer.split_off(head + 4), started.elapsed()))
}

/// A preview that runs.
pub struct Preview {
    child: Child,
    pub address: SocketAddr,
    root: PathBuf,
    /// What it says, with the time it said it.
    pub said: Receiver<(Instant, String)>,
    pub started: Instant,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = (self.child.kill(), self.child.wait());
    }
}

impl Preview {
    /// Runs what shows a portal at an address.
    pub fn start(mut command: Command, address: SocketAddr, root: &Path) -> Result<Self> {
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let (sender, said) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
                    if sender.send((Instant::now(), line)).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Self { child, address, root: root.to_owned(), said, started })
    }

    /// The status and the body that a path is answered with, and how long that took.
    ///
    /// # Errors
    /// What the connection fails with.
    pub fn ask(&self, path: &str) -> Result<(u16, Vec<u8>, Duration)> {
        ask(self.address, path)
    }

    /// A page, if it is answered.
    pub fn get(&self, path: &str) -> Option<String> {
        let (status, body, _) = self.ask(path).ok()?;
        (status == 200).then(|| String::from_utf8_lossy(&body).into_owned())
    }

    /// Asks for a page until it holds `wanted`.
    pub fn wait(&self, path: &str, wanted: &str) -> Result<Instant> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if self.get(path).is_some_and(|page| page.contains(wanted)) {
                return Ok(Instant::now());
            }
            std::thread::sleep(Duration::from_micros(300));
        }
        Err(format!("{path} never showed `{wanted}`"))
    }

    pub fn save(&self, file: &str, text: &str) -> Result<Instant> {
        let now = Instant::now();
        fs::write(self.root.join(file), text).map_err(|error| error.to_string())?;
        Ok(now)
    }

    pub fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.root.join(file)).map_err(|error| error.to_string())
    }

    /// Memory held now, in KiB (Linux, proc(5)).
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    }
}
