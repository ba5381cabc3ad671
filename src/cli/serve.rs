//! `werdegang serve`: the portal in the browser, rebuilt after every change.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::{Args, Serve};
use super::build::{counted, open, request, tell, with_progress};
use super::guard::Guard;
use super::{Outcome, Ui, cannot_run};
use crate::config::SITE_FILE;
use crate::diagnostic::{Diagnostic, any_error};
use crate::files::{Disk, Files};
use crate::pipeline::{Builder, Request, Update};
use crate::serve::{Effect, Memory, Recorder, Server, Settings, Source, Watch};

/// The port that is tried first where none is named, as in Zola, and how many after it.
const FIRST_PORT: u16 = 1111;
const PORTS_TRIED: u16 = 100;
/// How often it is asked whether to go on.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long a new process waits for the port of the one before it.
const LETTING_GO: Duration = Duration::from_secs(5);
/// The file that tells a new process where it is to listen.
const ADDRESS: &str = "address";
/// How many changed files a line names.
const NAMED: usize = 3;

pub(super) fn run(args: &Args, command: &Serve, ui: &mut dyn Ui) -> Outcome {
    let disk = match open(&args.root) {
        Ok(disk) => disk,
        Err(finding) => return cannot_run(ui, &finding),
    };
    // A pipe or a device in its place is a finding of the build.
    if disk.root().join(SITE_FILE).metadata().map_or(true, |found| found.is_dir()) {
        let finding = Diagnostic::new("no-portal", "there is no `site.toml` here")
            .help("run `werdegang init` to make a portal, or name its folder with `--root`");
        return cannot_run(ui, &finding);
    }
    if let Err(finding) = request(&command.request, None) {
        return cannot_run(ui, &finding);
    }
    let guard = Guard::start(&command.request, true, ui);
    let memory = Arc::new(Memory::new());
    let left = guard.take(|folder| {
        memory.take(folder);
        address_left(folder)
    });
    let left = left.flatten();
    let listening = match left {
        Some((address, _)) => listen_again(address).map(|listener| (listener, address)),
        None => listen(command),
    };
    let (listener, address) = match listening {
        Ok(listening) => listening,
        Err(finding) => return cannot_run(ui, &finding),
    };
    match preview(&disk, memory, (listener, address), left.is_some_and(|(_, greeted)| greeted), command, guard, ui) {
        Ok(()) => Outcome::Done,
        Err(error) => {
            let help = if error.kind() == ErrorKind::QuotaExceeded { "allow more with `ulimit -n 256`" } else { "run it again" };
            let finding = Diagnostic::new("server", format!("cannot serve at {address}: {error}")).help(help);
            cannot_run(ui, &finding)
        }
    }
}

/// Opens the port: the one that was named, else the first that is free.
fn listen(command: &Serve) -> Result<(TcpListener, SocketAddr), Diagnostic> {
    let ports = command.port.map_or(FIRST_PORT..=FIRST_PORT + PORTS_TRIED, |port| port..=port);
    let mut failure = None;
    for port in ports {
        match TcpListener::bind((command.interface, port)).and_then(|listener| listener.local_addr().map(|address| (listener, address))) {
            Ok(listening) => return Ok(listening),
            Err(error) => {
                // An address that is not this machine's has no free port either.
                let next = matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied);
                failure = Some((port, error));
                if !next {
                    break;
                }
            }
        }
    }
    let (message, help) = match failure {
        Some((port, error)) if error.kind() == ErrorKind::AddrInUse => (
            format!("port {port} of {} is taken", command.interface),
            "another preview may be running: end it, name another port with `--port`, or leave `--port` out to have a free one chosen",
        ),
        Some((port, error)) => (
            format!("cannot listen at {}: {error}", SocketAddr::new(command.interface, port)),
            "name an address of this machine with `--interface` and a port above 1023 with `--port`",
        ),
        None => (String::from("there is no port to listen at"), "name one with `--port`"),
    };
    Err(Diagnostic::new("port", message).help(help))
}

/// The address that an earlier process listened at, and whether it had said so, taken out of what it left.
fn address_left(folder: &Path) -> Option<(SocketAddr, bool)> {
    let path = folder.join(ADDRESS);
    let left = fs::read_to_string(&path).ok();
    let _ = fs::remove_file(path);
    let (address, greeted) = left.as_ref()?.split_once(' ')?;
    Some((address.parse().ok()?, greeted.parse().ok()?))
}

/// Opens the port that an earlier process had, which may take a moment to let go of it.
fn listen_again(address: SocketAddr) -> Result<TcpListener, Diagnostic> {
    let until = Instant::now() + LETTING_GO;
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < until => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => {
                return Err(Diagnostic::new("port", format!("cannot listen at {address} again: {error}")).help("run it again"));
            }
        }
    }
}

/// Builds, serves and builds again until it is the end.
fn preview(
    disk: &Disk,
    memory: Arc<Memory>,
    (listener, address): (TcpListener, SocketAddr),
    greeted: bool,
    command: &Serve,
    guard: Guard,
    ui: &mut dyn Ui,
) -> std::io::Result<()> {
    let recorder = Arc::new(Recorder::new(Arc::new(disk.clone())));
    // Before the first build, so that no change made meanwhile is lost.
    let mut watch = Watch::start(disk.root(), &recorder, if command.poll { Source::Poll } else { Source::Events });
    let settings = Settings { root: disk.root().to_owned(), bar: !command.no_bar, editor: command.editor_url.clone() };
    let mut portal = Rebuilt { recorder, memory: memory.clone(), guard, builder: None, known: false, warned: 0 };
    memory.begin();
    let server = Server::start(listener, memory.clone(), settings)?;
    let tidy = server.tidy();
    let greeted = Arc::new(AtomicBool::new(greeted));
    let its_greeted = greeted.clone();
    portal.guard.watchdog.leaving(Box::new(move |folder| {
        // Without its address a new process takes the first free one, without the site it has none until there is a good one.
        let _ = fs::write(folder.join(ADDRESS), format!("{address} {}", its_greeted.load(Ordering::Relaxed)));
        let _ = memory.leave(folder);
        tidy();
    }));
    let mut asked = today(command, address, ui);
    portal.build(&BTreeSet::new(), &asked, ui);
    if !greeted.swap(true, Ordering::Relaxed) {
        greet(address, command, ui);
    }
    let mut missed = watch.updated();
    while ui.go_on() {
        let changed = if missed.is_empty() { watch.wait(PATIENCE) } else { Some(std::mem::take(&mut missed)) };
        // What is fresh one day may be stale the next.
        let now = today(command, address, ui);
        if changed.is_some() || now != asked {
            asked = now;
            portal.build(&changed.unwrap_or_default(), &asked, ui);
            missed = watch.updated();
        }
        if let Some(notice) = watch.notice() {
            ui.err(&format!("note: {notice}\n"));
        }
    }
    Ok(())
}

/// What is asked of the build today.
fn today(command: &Serve, address: SocketAddr, ui: &dyn Ui) -> Request {
    let as_of = ui.today();
    // That it is a sound request was found at the start.
    let request = request(&command.request, None).unwrap_or(Request { base_url: None, drafts: command.request.drafts, as_of });
    let fixed =
        command.request.as_of.is_some() || command.request.source_date_epoch.as_deref().is_some_and(|epoch| !epoch.trim().is_empty());
    Request { base_url: Some(format!("http://{address}")), as_of: if fixed { request.as_of } else { as_of }, ..request }
}

/// The portal, built again and again.
struct Rebuilt {
    recorder: Arc<Recorder>,
    memory: Arc<Memory>,
    guard: Guard,
    /// None before the first update, and after one that a bug ended: nobody knows in which state that left it.
    builder: Option<Builder>,
    /// Whether what is served is what the builder takes it to be: it has had a whole update.
    known: bool,
    /// How many warnings the last whole build had.
    warned: usize,
}

impl Rebuilt {
    /// Builds what a change of `files` changes, and has it served.
    fn build(&mut self, files: &BTreeSet<String>, asked: &Request, ui: &mut dyn Ui) {
        let started = Instant::now();
        let recorded: Arc<dyn Files> = self.recorder.clone();
        let mut builder = self.builder.take().unwrap_or_else(|| Builder::new(recorded, asked.clone()));
        builder.request = asked.clone();
        self.memory.begin();
        let (memory, watchdog) = (&self.memory, &self.guard.watchdog);
        let updated = catch_unwind(AssertUnwindSafe(|| {
            with_progress(ui, watchdog, |progress| {
                let update = builder.update(files, &**memory, progress);
                (builder, update)
            })
        }));
        let update = match updated {
            Ok((builder, update)) => {
                self.builder = Some(builder);
                update
            }
            Err(_) => {
                self.known = false;
                let finding = Diagnostic::new("internal", "a bug of Werdegang ended the build; what it said stands in the terminal")
                    .help("undo the last change to go on, and please report what led here");
                Update { findings: vec![finding], ..Update::default() }
            }
        };
        self.recorder.take_in(&update.seen);
        self.recorder.publish(&update.changes);
        let findings = update.findings.clone();
        let effect = self.memory.publish(update, !self.known);
        self.known |= effect.whole;
        report(files, effect, &findings, started.elapsed(), ui);
        if effect.whole && findings.len() != std::mem::replace(&mut self.warned, findings.len()) {
            ui.out(&format!("{}, shown by `werdegang check`\n", counted(findings.len(), "warning")));
        }
    }
}

/// Says where the preview is.
fn greet(address: SocketAddr, command: &Serve, ui: &mut dyn Ui) {
    if command.port.is_none() && address.port() != FIRST_PORT {
        ui.out(&format!("port {FIRST_PORT} is taken; this is port {}\n", address.port()));
    }
    let url = format!("http://{address}/");
    ui.out(&format!("{url}\n"));
    if address.ip().is_unspecified() {
        ui.out("links lead to this address, which other devices cannot follow: for those give this machine's own with `--interface`\n");
    }
    if command.open
        && let Err(error) = open_browser(&reachable(address))
    {
        ui.err(&format!("warning: the browser could not be opened: {error}\n"));
    }
}

/// The address for a browser on this machine.
fn reachable(address: SocketAddr) -> String {
    match address.ip() {
        ip if !ip.is_unspecified() => format!("http://{address}/"),
        IpAddr::V4(_) => format!("http://127.0.0.1:{}/", address.port()),
        IpAddr::V6(_) => format!("http://[::1]:{}/", address.port()),
    }
}

fn open_browser(url: &str) -> std::io::Result<()> {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut child =
        Command::new(program).args(arguments).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // It ends when the browser took over, which nobody need wait for but somebody has to notice.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// One line for a build, or its errors. What nobody can see is not worth a line: an output of the preview that lands in the portal itself
/// would else have the preview talk about its own words for ever.
fn report(touched: &BTreeSet<String>, update: Effect, findings: &[Diagnostic], took: Duration, ui: &mut dyn Ui) {
    let mut line = if touched.is_empty() { String::new() } else { format!("changed: {}; ", names(touched)) };
    if !any_error(findings) {
        if touched.is_empty() || update.changed > 0 || update.news {
            let changed = if touched.is_empty() { String::new() } else { format!("; {} changed", update.changed) };
            ui.out(&format!("{line}{} in {} ms{changed}\n", counted(update.pages, "page"), took.as_millis()));
        }
    } else if update.news {
        let errors: Vec<Diagnostic> = findings.iter().filter(|finding| finding.is_error()).cloned().collect();
        tell(&errors, ui);
        line.push_str(&counted(errors.len(), "error"));
        line.push_str(if update.pages > 0 { "; the last good state is still served\n" } else { "; nothing can be served yet\n" });
        ui.err(&line);
    }
}

fn names(touched: &BTreeSet<String>) -> String {
    let named = touched.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match touched.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
