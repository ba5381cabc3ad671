//! Files packed once, so that servers need not pack them for each reader: `page.html.br`, `page.html.gz`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Packing;
use crate::output::Bytes;
use crate::pipeline::BuiltOutput;

/// Files, by path.
type Files = Vec<(Arc<str>, Bytes)>;

/// Endings of files that become smaller.
const TEXT: [&str; 12] = ["html", "css", "js", "json", "svg", "xml", "txt", "md", "csv", "ics", "webmanifest", "wasm"];

/// Smaller files fit into one packet as they are, and win nothing.
const SMALLEST: usize = 1_024;

/// How hard brotli tries, of 0 to 11: the last steps take many times as long for a hundredth.
const BROTLI_QUALITY: i32 = 9;

/// The base-two logarithm of how far brotli looks back: more than any page is long.
const BROTLI_WINDOW: i32 = 22;

/// The packed files, by path, of all outputs that are held and become smaller.
///
/// # Errors
/// That a file cannot be packed, which memory alone brings about.
pub(super) fn files(outputs: &BTreeMap<Arc<str>, BuiltOutput>, packings: &[Packing]) -> io::Result<Files> {
    if packings.is_empty() {
        return Ok(Vec::new());
    }
    let worth: Vec<(&Arc<str>, &BuiltOutput)> =
        outputs.iter().filter(|(path, _)| path.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))).collect();
    let made: io::Result<Vec<Files>> = worth
        .into_par_iter()
        .map(|(path, output)| {
            let Some(held) = output.bytes.held().filter(|held| held.len() >= SMALLEST) else { return Ok(Vec::new()) };
            let mut files = Vec::new();
            for packing in packings {
                let (ending, bytes) = match packing {
                    Packing::Gzip => ("gz", gzip(&held)?),
                    Packing::Brotli => ("br", brotli(&held)?),
                };
                if bytes.len() < held.len() {
                    files.push((Arc::from(format!("{path}.{ending}")), Bytes::Made(bytes.into())));
                }
            }
            Ok(files)
        })
        .collect();
    Ok(made?.into_iter().flatten().collect())
}

/// RFC 1952, with no time and no name in it, so that the same bytes come out.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// RFC 7932.
fn brotli(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, lgwin: BROTLI_WINDOW, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
    Ok(packed)
}
