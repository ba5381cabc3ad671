//! `werdegang check`: all findings, and nothing of the site is written.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::args::{Args, Check, Format};
use super::build::{build_with_progress, census, failed, open, request, show, summarize_findings, while_showing};
use super::{Outcome, Ui, cannot_run};
use crate::build::Built;
use crate::check::external::{self, CACHE_FILE, Cache, Clock, Rules};
use crate::diagnostic;
use crate::files::{Disk, Files};

pub(super) fn run(args: &Args, command: &Check, ui: &mut dyn Ui) -> Outcome {
    let disk = match open(&args.root) {
        Ok(disk) => disk,
        Err(finding) => return cannot_run(ui, &finding),
    };
    let files: Arc<dyn Files> = Arc::new(disk.clone());
    let request = match request(&command.request, None) {
        Ok(request) => request,
        Err(finding) => return cannot_run(ui, &finding),
    };
    let mut built = build_with_progress(&files, &request, ui);
    if command.external {
        external(&mut built, &disk, command, ui);
    }
    show(&built.findings, command.format, ui);
    if command.format == Format::Human {
        if let Some(portal) = &built.portal
            && built.is_whole()
        {
            ui.out(&format!("{}\n", census(portal)));
        }
        summarize_findings(&built, ui);
    }
    if built.is_whole() { Outcome::Done } else { failed(&built) }
}

/// Asks for the links to other servers of a whole site, and adds what is found.
fn external(built: &mut Built, disk: &Disk, command: &Check, ui: &mut dyn Ui) {
    let (Some(config), Some(portal), true) = (&built.config, &built.portal, built.is_whole()) else {
        ui.err("links to other servers were not checked: the site has errors\n\n");
        return;
    };
    let outputs = built.outputs.iter().map(|(path, output)| (&**path, &output.bytes, output.source.as_deref()));
    let links = external::links(portal, outputs, disk);
    let mut cache = if command.fresh { Cache::default() } else { Cache::parse(&disk.read(CACHE_FILE).unwrap_or_default()) };
    let rules = Rules::of(config);
    let progress = external::Progress::default();
    let shown = || {
        let (done, all) = (progress.done.load(Ordering::Relaxed), progress.all.load(Ordering::Relaxed));
        format!("Asking for links: {done} of {all} …")
    };
    let found = while_showing(ui, &shown, || external::check(&links, &rules, &mut cache, &Running(Instant::now()), &progress));
    if let Err(error) = keep(&disk.root().join(CACHE_FILE), &cache.to_json()) {
        // It only costs the next run its time.
        ui.err(&format!("what was found could not be kept in {CACHE_FILE}: {error}\n\n"));
    }
    built.findings.extend(found);
    diagnostic::sort(&mut built.findings);
}

/// Writes a file whole or not at all.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// Time as it passes, since the run began.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}
