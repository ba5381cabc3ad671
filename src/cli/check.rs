//! `werdegang check`: all findings, and nothing of the site is written.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::args::{Args, Check, Format};
use super::build::{Reporter, failed, open, request, summarize_findings, while_showing, with_progress};
use super::guard::Guard;
use super::images;
use super::lines::{census, in_words, say, tell_out};
use super::outcome::Outcome;
use super::terminal::Ui;
use super::whole::write_whole;
use crate::check::external::{self, CACHE_FILE, Cache, Clock, Link, Rules};
use crate::check::{self, Site};
use crate::diagnostic::{self, Diagnostic, text};
use crate::files::{Disk, Files};
use crate::pipeline::{self, Built};

pub(super) fn run(args: &Args, command: &Check, ui: &mut dyn Ui) -> Outcome {
    let report = Reporter { format: command.format, root: &args.root };
    let disk = match open(&args.root) {
        Ok(disk) => images::with_cache(disk, command.cache.cache_dir.as_ref()),
        Err(finding) => return report.cannot_run(finding, ui),
    };
    let files: Arc<dyn Files> = Arc::new(disk.clone().settled());
    let request = match request(&command.request, None) {
        Ok(request) => request,
        Err(finding) => return report.cannot_run(finding, ui),
    };
    let guard = Guard::start(&command.request, false, ui);
    let (mut built, rendered, links) = with_progress(ui, &guard.watchdog, |progress| {
        let mut built = pipeline::look_over(&files, &request, progress);
        let view = built.view.clone();
        let looked = Site::read(&built, &*view).map(|site| {
            let links = if command.external { external::links(&site, &*view) } else { Vec::new() };
            (check::findings(&site), links)
        });
        let rendered = looked.is_some();
        let (found, links) = looked.unwrap_or_default();
        check::take_in(&mut built, found);
        (built, rendered, links)
    });
    let asked = command.external && external(&mut built, rendered.then_some(&links), &disk, command, ui);
    if rendered {
        let looked_for = |code: &str| asked || !code.starts_with("external-");
        let unused = built.policy.unused(&built.allowed, &looked_for);
        built.findings.append(&mut built.policy.judge(unused).shown);
    }
    diagnostic::sort(&mut built.findings);
    report.show(&built.findings, built.config.as_deref(), ui);
    if command.format == Format::Human {
        if let Some(portal) = &built.portal
            && built.is_whole()
        {
            tell_out(ui, &in_words(&census(portal)));
        }
        if !rendered && built.portal.is_some() {
            say(ui, &"the finished pages were not looked at: no site can be made before the errors above are mended".into());
        }
        summarize_findings(&built, ui);
    }
    // Otherwise the process ends here: taking the site apart would only keep the publisher waiting.
    let outcome = match (built.is_whole(), command.deny_warnings && !built.findings.is_empty()) {
        (true, false) => Outcome::Done,
        (true, true) => {
            let n = built.findings.len();
            say(ui, &text!("{n} warning denied" | "{n} warnings denied", n));
            Outcome::SiteErrors
        }
        (false, _) => failed(&built),
    };
    std::mem::forget(built);
    outcome
}

/// Asks for the links to other servers that finished pages have, if there are pages, and adds what is found.
/// Whether all were asked for.
fn external(built: &mut Built, links: Option<&Vec<Link>>, disk: &Disk, command: &Check, ui: &mut dyn Ui) -> bool {
    let (Some(config), Some(links)) = (&built.config, links) else {
        // Without settings nobody knows what is to be asked.
        if built.config.is_some() {
            let finding = Diagnostic::new(
                "external-unchecked",
                "no link to another server was asked for: no page can be made before the errors are mended",
            )
            .help("mend them, and run it again");
            built.add(built.policy.judge(vec![finding]));
        }
        return false;
    };
    let mut cache =
        if command.fresh { Cache::default() } else { disk.read(CACHE_FILE).map(|bytes| Cache::parse(&bytes)).unwrap_or_default() };
    let rules = Rules::of(config);
    let progress = external::Progress::default();
    let shown = || {
        let (done, all) = (progress.done.load(Ordering::Relaxed), progress.all.load(Ordering::Relaxed));
        text!("Asking for links: {done} of {all} …", done, all)
    };
    let found = while_showing(ui, &shown, || external::check(links, &rules, &mut cache, &Running(Instant::now()), &progress));
    if let Err(error) = write_whole(&disk.root().join(CACHE_FILE), &cache.to_json()) {
        // It only costs the next run its time.
        say(ui, &text!("what was found could not be kept in {file}: {error}", file = CACHE_FILE, error));
        ui.err("\n");
    }
    let all = !found.iter().any(|finding| finding.code == "external-unchecked");
    built.add(built.policy.judge(found));
    all
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
