//! What is served, handed over to the process that takes the place of this one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;

const LIST: &str = "site.json";
const BYTES: &str = "site.bytes";

/// A site without its bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Site {
    outputs: Vec<Output>,
    moved: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Output {
    path: Arc<str>,
    source: Option<Arc<str>>,
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
        for (path, output) in outputs {
            let held = output.bytes.held().unwrap_or_default();
            bytes.write_all(held)?;
            let file = match &output.bytes {
                Bytes::File(file) => Some(file.clone()),
                Bytes::Made(_) | Bytes::Shared(_) => None,
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
                None => Bytes::Made(bytes.get(its).unwrap_or_default().into()),
            };
            (output.path, BuiltOutput { bytes, source: output.source })
        });
        self.serve_site(outputs.collect(), site.moved);
    }
}
