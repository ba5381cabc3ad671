//! What files were asked for and what they answered, as hashes: by it a later run can tell that nothing is
//! different.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::hash_of;
use super::pieces::{Hashing, Sink};
use super::{Blob, Cache, Files, Listing, plain};

/// Something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Listing(String),
    Bytes(String),
}

/// Files that note what is asked of them, and what they answer.
pub struct Witness {
    files: Arc<dyn Files>,
    answers: Mutex<BTreeMap<Asked, Option<u128>>>,
}

/// What a [`Witness`] noted.
#[derive(Debug, PartialEq, Eq)]
pub struct Testimony(BTreeMap<Asked, u128>);

impl Witness {
    /// Notes what is asked of `files`.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, answers: Mutex::default() }
    }

    fn note(&self, asked: Asked, answer: Option<u128>) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.entry(asked).or_insert(answer);
        // A file that changed while it was read twice is nothing to go by.
        if *known != answer {
            *known = None;
        }
    }

    /// All that was noted; none where something was answered that is no file: an error, or a path that leads
    /// out.
    pub fn testimony(&self) -> Option<Testimony> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.iter().map(|(asked, answer)| Some((asked.clone(), (*answer)?))).collect::<Option<_>>().map(Testimony)
    }
}

impl Files for Witness {
    fn list(&self, dir: &str) -> Listing {
        let listing = self.files.list(dir);
        self.note(Asked::Listing(dir.to_owned()), of_listing(&listing));
        listing
    }

    fn read(&self, path: &str) -> io::Result<Blob> {
        let answer = self.files.read(path);
        self.note(Asked::Bytes(path.to_owned()), of_bytes(&answer));
        answer
    }

    fn pass(&self, path: &str, to: &mut dyn Sink) -> io::Result<()> {
        let mut hashing = Hashing::new(to);
        let passed = self.files.pass(path, &mut hashing);
        let answer = passed.as_ref().map_or_else(of_failure, |()| Some(hashing.hash.long()));
        self.note(Asked::Bytes(path.to_owned()), answer);
        passed
    }

    // What follows from it is read as well, and noted then.
    fn length(&self, path: &str) -> io::Result<u64> {
        self.files.length(path)
    }

    fn admit(&self, path: &str) -> io::Result<()> {
        let answer = self.files.admit(path);
        if let Err(error) = &answer {
            self.note(Asked::Bytes(path.to_owned()), of_failure(error));
        }
        answer
    }

    // It is nothing that an output depends on: what is kept could be made again.
    fn cache(&self) -> Option<Arc<dyn Cache>> {
        self.files.cache()
    }
}

impl Testimony {
    /// Whether all of it would be answered the same way now.
    pub fn holds(&self, files: &dyn Files) -> bool {
        let (listings, bytes): (Vec<_>, Vec<_>) = self.0.iter().partition(|(asked, _)| matches!(asked, Asked::Listing(_)));
        let same = |(asked, answer): &(&Asked, &u128)| {
            let now = match asked {
                Asked::Listing(dir) => of_listing(&files.list(dir)),
                Asked::Bytes(path) => {
                    let hash = files.admit(path).and_then(|()| hash_of(files, &plain(path)));
                    hash.as_ref().map_or_else(of_failure, |hash| Some(hash.long()))
                }
            };
            now == Some(**answer)
        };
        listings.par_iter().all(same) && bytes.par_iter().all(same)
    }

    /// As text: one line for each answer.
    pub fn write(&self, to: &mut String) {
        for (asked, answer) in &self.0 {
            let (kind, path) = match asked {
                Asked::Listing(path) => ("list", path),
                Asked::Bytes(path) => ("read", path),
            };
            to.push_str(&format!("{kind} {answer:032x} {path}\n"));
        }
    }

    /// From lines that [`Testimony::write`] wrote; none where one of them is no such line.
    pub fn parse<'l>(lines: impl Iterator<Item = &'l str>) -> Option<Self> {
        let answer = |line: &'l str| {
            let (kind, rest) = line.split_once(' ')?;
            let (answer, path) = rest.split_once(' ')?;
            let asked = match kind {
                "list" => Asked::Listing(path.to_owned()),
                "read" => Asked::Bytes(path.to_owned()),
                _ => return None,
            };
            Some((asked, u128::from_str_radix(answer, 16).ok()?))
        };
        lines.map(answer).collect::<Option<_>>().map(Self)
    }
}

fn of_listing(listing: &Listing) -> Option<u128> {
    // A name cannot hold a line break: one that does is a finding.
    listing.findings.is_empty().then(|| xxh3_128(listing.files.join("\n").as_bytes()))
}

/// The hash of what a file holds.
fn of_bytes(answer: &io::Result<Blob>) -> Option<u128> {
    answer.as_ref().map_or_else(of_failure, |bytes| Some(xxh3_128(bytes)))
}

/// That a file is not there is as good an answer.
fn of_failure(error: &io::Error) -> Option<u128> {
    const MISSING: u128 = 0;
    (error.kind() == io::ErrorKind::NotFound).then_some(MISSING)
}
