//! What is served, handed over to the process that takes the place of this one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use crate::content::ContentPath;
use crate::limits::PORT_PATIENCE;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;

const ADDRESS: &str = "address";
const LIST: &str = "site.json";
const BYTES: &str = "site.bytes";

/// How often a new process tries whether it has the port of the one before it.
const PAUSE: Duration = Duration::from_millis(20);

/// Where a preview listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listening {
    /// The address.
    pub address: SocketAddr,
    /// Whether it was said in the terminal.
    pub greeted: bool,
}

impl Listening {
    /// Leaves it in a folder.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn leave(self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(ADDRESS), format!("{} {}", self.address, self.greeted))
    }

    /// Takes what was left in a folder out of it; none, where that cannot be understood.
    pub(crate) fn take(folder: &Path) -> Option<Self> {
        let path = folder.join(ADDRESS);
        let left = fs::read_to_string(&path).ok();
        let _ = fs::remove_file(path);
        let (address, greeted) = left.as_ref()?.split_once(' ')?;
        Some(Self { address: address.parse().ok()?, greeted: greeted.parse().ok()? })
    }

    /// Opens the port again. The process that had it may take a moment to let go of it.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn again(self) -> io::Result<TcpListener> {
        let until = Instant::now() + PORT_PATIENCE;
        loop {
            match TcpListener::bind(self.address) {
                Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < until => thread::sleep(PAUSE),
                opened => return opened,
            }
        }
    }
}

/// A site without its bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Site {
    outputs: Vec<Output>,
    moved: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Output {
    path: Arc<str>,
    source: Option<ContentPath>,
    /// The file of the portal that it is a copy of; none where its bytes are handed over.
    file: Option<Arc<str>>,
    /// How many bytes are handed over.
    length: usize,
}

impl Memory {
    /// Leaves the last good site in a folder.
    ///
    /// # Errors
    /// Those of the system. Nothing is left then.
    pub fn leave(&self, folder: &Path) -> io::Result<()> {
        let Some((outputs, moved)) = self.site() else { return Ok(()) };
        let mut bytes = BufWriter::new(File::create(folder.join(BYTES))?);
        let mut site = Site { outputs: Vec::with_capacity(outputs.len()), moved };
        // What is drawn is drawn anew when somebody asks for it.
        for (path, output) in outputs.into_iter().filter(|(_, output)| !matches!(output.bytes, Bytes::Drawn(_))) {
            let held = output.bytes.held().unwrap_or_default();
            bytes.write_all(&held)?;
            if matches!(output.bytes, Bytes::Image(_)) {
                // It is made again as soon as the portal was read.
                continue;
            }
            let file = match &output.bytes {
                Bytes::File(file) => Some(file.clone()),
                _ => None,
            };
            site.outputs.push(Output { path, source: output.source, file, length: held.len() });
        }
        bytes.flush()?;
        fs::write(folder.join(LIST), serde_json::to_vec(&site)?)
    }

    /// Serves the site that was left in a folder, and takes it out of there; nothing, where none was left.
    pub fn take(&self, folder: &Path) {
        let read = || -> Option<(Site, Vec<u8>)> {
            let site = serde_json::from_slice(&fs::read(folder.join(LIST)).ok()?).ok()?;
            Some((site, fs::read(folder.join(BYTES)).ok()?))
        };
        let left = read();
        for file in [LIST, BYTES] {
            let _ = fs::remove_file(folder.join(file));
        }
        let Some((site, bytes)) = left else { return };
        let mut from = 0;
        let outputs = site.outputs.into_iter().map(|output| {
            let its = from..from + output.length;
            from = its.end;
            let bytes = match output.file {
                Some(file) => Bytes::File(file),
                None => Bytes::Made(bytes.get(its).unwrap_or_default().into()).packed(),
            };
            (output.path, BuiltOutput { bytes, source: output.source })
        });
        self.serve_site(outputs.collect(), site.moved);
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::ErrorKind;
    use std::net::TcpListener;
    use std::time::Instant;

    use super::{Listening, PORT_PATIENCE};

    #[test]
    fn a_port_that_somebody_keeps_is_not_waited_for_for_ever() {
        let kept = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let listening = Listening { address: kept.local_addr().expect("its address"), greeted: true };
        let folder = tempfile::tempdir().expect("a folder");
        listening.leave(folder.path()).expect("left");
        let (left, started) = (Listening::take(folder.path()), Instant::now());
        assert_eq!((left, Listening::take(folder.path())), (Some(listening), None));
        assert_eq!(listening.again().map_err(|error| error.kind()).err(), Some(ErrorKind::AddrInUse));
        assert!(started.elapsed() >= PORT_PATIENCE);
        drop(kept);
        assert!(listening.again().is_ok());
    }
}
