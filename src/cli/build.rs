//! `werdegang build`: the portal into a directory.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::args::{Args, Build, Format, RequestArgs};
use super::guard::Guard;
use super::images;
use super::lines::{census, counted, in_words, say};
use super::outcome::Outcome;
use super::terminal::Ui;
use crate::config::{Config, SITE_FILE};
use crate::diagnostic::{Diagnostic, Language, Severity, Text, join, render, sarif, text};
use crate::files::{Copied, Disk, Files, Witness};
use crate::freshness::NextRebuild;
use crate::hosting;
use crate::limits::MOST_SHOWN;
use crate::pipeline::{self, Built, BuiltOutput, Progress, Request};
use crate::portal::Portal;
use crate::publish::{self, Last, Published, Told};
use crate::search;
use crate::watchdog::Watchdog;

/// How long a build may take before its progress is shown.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(args: &Args, command: &Build, ui: &mut dyn Ui) -> Outcome {
    let started = Instant::now();
    let reporter = Reporter { format: command.format, root: &args.root };
    let disk = match open(&args.root) {
        Ok(disk) => images::with_cache(disk, command.cache.cache_dir.as_ref()),
        Err(finding) => return reporter.cannot_run(finding, ui),
    };
    let request = match request(&command.request, command.base_url.clone()) {
        Ok(request) => request,
        Err(finding) => return reporter.cannot_run(finding, ui),
    };
    let asked = publish::asked(&request);
    if let Some(report) = asked.as_ref().and_then(|asked| as_it_was(&disk, &request, command, asked, ui.language())) {
        reporter.show(&[], None, ui);
        report.show(started.elapsed(), command.format, ui);
        return Outcome::Done;
    }
    let witness = Arc::new(Witness::new(Arc::new(disk.clone().settled())));
    let files: Arc<dyn Files> = witness.clone();
    let guard = Guard::start(&command.request, false, ui);
    let mut built = build_with_progress(&files, &request, &guard.watchdog, ui);
    reporter.show(&errors_only(&built, command.format), built.config.as_deref(), ui);
    if !built.is_whole() {
        summarize_findings(&built, ui);
        say(ui, &"nothing was published".into());
        return failed(&built);
    }
    if let Err(findings) = images::make(&built, ui) {
        reporter.show(&findings, None, ui);
        return Outcome::CannotRun;
    }
    if let Err(finding) = add_search(&mut built, ui).and_then(|()| add_hosting(&mut built, ui)) {
        return reporter.cannot_run(finding, ui);
    }
    let (Some(config), Some(portal)) = (&built.config, &built.portal) else { return Outcome::SiteErrors };
    // A path on the command line is seen from where one stands, one in site.toml from the portal.
    let to = command.output_dir.clone().unwrap_or_else(|| disk.root().join(&config.output_dir));
    if let Err(refusal) = publish::refuse(disk.root(), &to) {
        let finding =
            Diagnostic::new("output-directory", text!("`{path}` cannot be the output directory: {refusal}", path = to.display(), refusal))
                .help("name another one with `--output-dir`, or with `output_dir` in site.toml");
        return reporter.cannot_run(finding, ui);
    }
    let cannot_write = |error: std::io::Error, ui: &mut dyn Ui| {
        let finding = Diagnostic::new("output-directory", text!("cannot write in `{path}`: {error}", path = to.display(), error));
        reporter.cannot_run(finding.help("make room, and check who may write there"), ui)
    };
    // One that stayed would have later builds end early for ever.
    if let Err(error) = Last::forget(&to) {
        return cannot_write(error, ui);
    }
    while_showing(ui, &|| Text::from("Drawing …"), || publish::draw_all(disk.root(), &mut built.outputs));
    let copied = Copied(&built.view);
    match publish::publish(&to, &built.outputs, &copied) {
        Ok(published) => {
            let told = told(portal, &built, ui.language());
            if let Err(error) = publish::write_next_rebuild(&to, told.next_rebuild.as_ref()) {
                return cannot_write(error, ui);
            }
            if let (Some(asked), Some(inputs)) = (asked, witness.testimony())
                && let Some(last) = Last::new(asked, told.clone(), inputs, &built.outputs, &copied)
                && let Err(error) = last.write(&to)
            {
                return cannot_write(error, ui);
            }
            images::cache_of(disk.root(), command.cache.cache_dir.as_ref()).clear_out();
            Report { told, published, to }.show(started.elapsed(), command.format, ui);
            // The process ends here: taking apart what ten thousand pages were made of would only keep the
            // publisher waiting.
            std::mem::forget(built);
            Outcome::Done
        }
        Err(findings) => {
            reporter.show(&findings, None, ui);
            Outcome::CannotRun
        }
    }
}

/// Adds the index by which readers search. A file of the portal that lies in its place stays.
fn add_search(built: &mut Built, ui: &mut dyn Ui) -> Result<(), Diagnostic> {
    let Some(portal) = built.portal.clone() else { return Ok(()) };
    let page = |path: &str| built.outputs.get(path)?.bytes.text();
    let files = while_showing(ui, &|| "Indexing …".into(), || search::index(&portal, &page)).map_err(|error| {
        Diagnostic::new("internal", text!("the index by which readers search could not be made: {error}", error))
            .help("take `[search]` out of site.toml to publish without it, and please report what led here")
    })?;
    for (path, bytes) in files {
        built.outputs.entry(path).or_insert(BuiltOutput { bytes, source: None });
    }
    Ok(())
}

/// Adds what servers are told. A file of the portal that lies in its place stays.
fn add_hosting(built: &mut Built, ui: &mut dyn Ui) -> Result<(), Diagnostic> {
    let Some(portal) = built.portal.clone() else { return Ok(()) };
    let files = while_showing(ui, &|| "Packing …".into(), || hosting::files(&portal, &built.outputs)).map_err(|error| {
        Diagnostic::new("internal", text!("a file could not be packed: {error}", error))
            .help("take `compress` out of `[hosting]` to publish without it, and please report what led here")
    })?;
    for (path, bytes) in files {
        built.outputs.entry(path).or_insert(BuiltOutput { bytes, source: None });
    }
    Ok(())
}

/// What there is to tell of a build.
fn told(portal: &Portal, built: &Built, language: Language) -> Told {
    let next_rebuild = built.next_rebuild.clone();
    let reason = next_rebuild.as_ref().and_then(|next| next.reasons.first()).map(|reason| reason.in_language(language).into_owned());
    Told {
        census: census(portal),
        warnings: built.findings.len(),
        next_rebuild,
        reason: reason.unwrap_or_default(),
        language: language.code().to_owned(),
    }
}

/// What there is to report where the last build is the one that is asked for, and nothing is different since.
fn as_it_was(disk: &Disk, request: &Request, command: &Build, asked: &str, language: Language) -> Option<Report> {
    let to = match &command.output_dir {
        Some(to) => to.clone(),
        None => disk.root().join(&Config::load(disk, request.base_url.as_deref(), &mut Vec::new())?.output_dir),
    };
    let last = Last::of(&to, asked)?;
    if last.told.language != language.code() {
        return None;
    }
    if last.told.warnings > 0 && command.format != Format::Human {
        return None; // Machines are told what each warning says.
    }
    let published = last.publish_again(&to, disk)?;
    Some(Report { told: last.told, published, to })
}

/// What a build tells when it is done.
struct Report {
    told: Told,
    published: Published,
    to: PathBuf,
}

/// Opens the folder of a portal.
pub(super) fn open(root: &Path) -> Result<Disk, Diagnostic> {
    if root.is_file() {
        return Err(Diagnostic::new("no-portal", text!("`{path}` is a file", path = root.display()))
            .help("name the folder of a portal with `--root`"));
    }
    Disk::new(root).map_err(|error| {
        Diagnostic::new("no-portal", text!("cannot open the folder `{path}`: {error}", path = root.display(), error))
            .help("run `werdegang init` to make a portal, or name its folder with `--root`")
    })
}

/// What is asked of the build.
///
/// # Errors
/// A finding about `SOURCE_DATE_EPOCH`, where it is no moment: to take today instead would make builds
/// differ, silently.
pub(super) fn request(args: &RequestArgs, base_url: Option<String>) -> Result<Request, Diagnostic> {
    let written = args.source_date_epoch.as_deref().unwrap_or_default().trim();
    let epoch = if written.is_empty() { None } else { Some(written.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())) };
    let epoch = match epoch {
        Some(None) => {
            return Err(Diagnostic::new("usage", text!("SOURCE_DATE_EPOCH is `{value}`, which is no moment", value = written))
                .help("set it to seconds since 1970, such as the output of `git log -1 --format=%ct`, or leave it out"));
        }
        epoch => epoch.flatten(),
    };
    let as_of = args.as_of.or_else(|| epoch.map(|moment| moment.to_zoned(TimeZone::UTC).date())).unwrap_or_else(|| Zoned::now().date());
    Ok(Request { base_url, drafts: args.drafts, future: args.future, as_of })
}

/// Builds, and shows how far it is when that takes long.
fn build_with_progress(files: &Arc<dyn Files>, request: &Request, watchdog: &Watchdog, ui: &mut dyn Ui) -> Built {
    with_progress(ui, watchdog, |progress| pipeline::build(files, request, progress))
}

/// Does the work of a build, and shows how far it is when that takes long.
pub(super) fn with_progress<T: Send>(ui: &mut dyn Ui, watchdog: &Watchdog, work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress { watchdog: Some(watchdog.for_pipeline()), ..Progress::default() };
    let shown = || match (progress.rendered.load(Ordering::Relaxed), progress.planned.load(Ordering::Relaxed)) {
        (_, 0) => Text::from("Reading …"),
        (done, all) => text!("Rendering {done} of {all} …", done, all),
    };
    while_showing(ui, &shown, || work(&progress))
}

/// Does some work, and shows what `line` gives when that takes long.
pub(super) fn while_showing<T: Send>(ui: &mut dyn Ui, line: &dyn Fn() -> Text, work: impl FnOnce() -> T + Send) -> T {
    if !ui.live() {
        return work();
    }
    let started = Instant::now();
    thread::scope(|scope| {
        let (done, ended) = channel::<()>();
        let work = scope.spawn(move || {
            let result = work();
            // Dropped as well where the work panics.
            drop(done);
            result
        });
        let mut shown = false;
        let mut pause = PATIENCE;
        while matches!(ended.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
            if started.elapsed() >= PATIENCE {
                ui.err(&format!("\r\x1b[K{}", line().in_language(ui.language())));
                shown = true;
                pause = Duration::from_millis(100);
            }
        }
        if shown {
            ui.err("\r\x1b[K");
        }
        // A panic of the work is passed on as it is.
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What `build` shows: for people the errors, for machines everything.
fn errors_only(built: &Built, format: Format) -> Vec<Diagnostic> {
    built.findings.iter().filter(|finding| finding.is_error() || format != Format::Human).cloned().collect()
}

/// How findings are shown.
#[derive(Clone, Copy)]
pub(super) struct Reporter<'a> {
    pub format: Format,
    /// The folder of the portal, as the command names it.
    pub root: &'a Path,
}

impl Reporter<'_> {
    /// Shows findings: for people on standard error, for machines on standard output.
    pub(super) fn show(&self, findings: &[Diagnostic], config: Option<&Config>, ui: &mut dyn Ui) {
        match self.format {
            Format::Human => tell(findings, ui),
            Format::Json => ui.out(&render::json(findings)),
            Format::Github => ui.out(&render::github(&self.seen_from_here(findings))),
            Format::Sarif => {
                let set = config.and_then(|config| config.site.check.as_ref()).map(|check| &check.severity);
                let set = set.into_iter().flatten().map(|(code, weight)| (code.as_str(), weight.severity())).collect();
                let whole = format!("{}{SITE_FILE}", self.prefix());
                ui.out(&sarif::sarif(&self.seen_from_here(findings), &whole, &set));
            }
        }
    }

    /// Says why a command could not be run.
    pub(super) fn cannot_run(&self, finding: Diagnostic, ui: &mut dyn Ui) -> Outcome {
        self.show(&[finding], None, ui);
        Outcome::CannotRun
    }

    /// The same findings, with paths as code hosts know them: from where the command runs, which is the
    /// folder that is under version control.
    fn seen_from_here(&self, findings: &[Diagnostic]) -> Vec<Diagnostic> {
        let prefix = self.prefix();
        let mut findings = findings.to_vec();
        for finding in &mut findings {
            let places = finding.place.iter_mut().chain(finding.related.iter_mut().map(|related| &mut related.place));
            places.for_each(|place| place.file.insert_str(0, &prefix));
        }
        findings
    }

    /// The folder of the portal from where the command runs, with a `/` at its end; nothing where it is that,
    /// or lies elsewhere.
    fn prefix(&self) -> String {
        let here = std::env::current_dir().unwrap_or_default();
        let below = if self.root.is_absolute() { self.root.strip_prefix(&here).unwrap_or(Path::new("")) } else { self.root };
        let mut path = String::new();
        for part in below.components() {
            match part {
                Component::Normal(name) => {
                    path.push_str(&name.to_string_lossy());
                    path.push('/');
                }
                Component::ParentDir if path.is_empty() || path.ends_with("../") => path.push_str("../"),
                // `a/../b` is `b`.
                Component::ParentDir => path.truncate(path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1)),
                _ => {}
            }
        }
        path
    }
}

/// Shows findings to people.
pub(super) fn tell(findings: &[Diagnostic], ui: &mut dyn Ui) {
    let shown = &findings[..findings.len().min(MOST_SHOWN)];
    ui.err(&render::human(shown, ui.color(), ui.language()));
    if findings.len() > shown.len() {
        say(ui, &text!("and {more} more; `--format json` lists all", more = findings.len() - shown.len()));
        ui.err("\n");
    }
}

/// A line that counts errors and warnings.
pub(super) fn summarize_findings(built: &Built, ui: &mut dyn Ui) {
    let count = |severity: Severity| built.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let parts = [(errors, Severity::Error), (warnings, Severity::Warning)];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, severity)| counted(count, severity));
    let text = if errors + warnings == 0 { Text::from("no findings") } else { join(parts) };
    let text = match built.allowed.len() {
        0 => text,
        count => text!("{findings} ({count} allowed)", findings = text, count),
    };
    say(ui, &text);
}

/// How a command ends whose site has errors: one without a portal could not even be run.
pub(super) fn failed(built: &Built) -> Outcome {
    if built.findings.iter().any(|finding| matches!(finding.code, "no-portal" | "usage")) {
        Outcome::CannotRun
    } else {
        Outcome::SiteErrors
    }
}

impl Report {
    /// For people on standard output; where that is for machines, on standard error.
    fn show(&self, took: Duration, format: Format, ui: &mut dyn Ui) {
        let Self { told: Told { census, warnings, next_rebuild, reason, .. }, published, to } = self;
        let written = text!("{n} file written" | "{n} files written", n = published.written);
        let (unchanged, removed) = (published.unchanged, published.removed);
        let mut lines = vec![
            in_words(census),
            text!("{written}, {unchanged} unchanged, {removed} removed in {path}", written, unchanged, removed, path = to.display()),
        ];
        if *warnings > 0 {
            lines.push(text!("{warnings}; `werdegang check` shows them", warnings = counted(*warnings, Severity::Warning)));
        }
        if let Some(NextRebuild { date, reasons }) = next_rebuild {
            lines.push(match reasons.len().saturating_sub(1) {
                0 => text!("next rebuild due {date}: {reason}", date, reason),
                more => text!("next rebuild due {date}: {reason} and {more} more", date, reason, more),
            });
        }
        lines.push(text!("done in {time} ms", time = took.as_millis()));
        let text: String = lines.iter().map(|line| format!("{}\n", line.in_language(ui.language()))).collect();
        match format {
            Format::Human => ui.out(&text),
            Format::Json | Format::Github | Format::Sarif => ui.err(&text),
        }
    }
}
