//! `werdegang serve`: the portal in the browser, rebuilt after every change.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::{Args, Serve};
use super::build::{open, request, tell, with_progress};
use super::guard::Guard;
use super::images;
use super::lines::{counted, pages, say, tell_out};
use super::outcome::{Outcome, cannot_run};
use super::terminal::Ui;
use crate::config::{SITE_FILE, no_portal};
use crate::diagnostic::{Diagnostic, Severity, Text, text};
use crate::files::Disk;
use crate::limits::MOST_CHANGED_NAMED;
use crate::pipeline::{Findings, Request};
use crate::serve::{Effect, Listening, Memory, Preview, Rebuilt, Server, Settings, Source};
use crate::watchdog::Watchdog;

/// The port that is tried first where none is named, as in Zola, and how many after it.
const FIRST_PORT: u16 = 1111;
const PORTS_TRIED: u16 = 100;
/// How often it is asked whether to go on.
const PATIENCE: Duration = Duration::from_millis(100);

pub(super) fn run(args: &Args, command: &Serve, ui: &mut dyn Ui) -> Outcome {
    let disk = match open(&args.root) {
        Ok(disk) => images::with_cache(disk, command.cache.cache_dir.as_ref()),
        Err(finding) => return cannot_run(ui, &finding),
    };
    // A pipe or a device in its place is a finding of the build.
    if disk.root().join(SITE_FILE).metadata().map_or(true, |found| found.is_dir()) {
        return cannot_run(ui, &no_portal(&disk));
    }
    if let Err(finding) = request(&command.request, None) {
        return cannot_run(ui, &finding);
    }
    let guard = Guard::start(&command.request, true, ui);
    let memory = Arc::new(Memory::new());
    let left = guard.take(|folder| {
        memory.take(folder);
        Listening::take(folder)
    });
    let listening = match left.flatten() {
        Some(left) => listen_again(left),
        None => listen(command).map(|(listener, address)| (listener, Listening { address, greeted: false })),
    };
    let (listener, listening) = match listening {
        Ok(listening) => listening,
        Err(finding) => return cannot_run(ui, &finding),
    };
    let address = listening.address;
    match preview(&disk, memory, (listener, listening), command, &guard, ui) {
        Ok(()) => Outcome::Done,
        Err(error) => {
            let help = if error.kind() == ErrorKind::QuotaExceeded { "allow more with `ulimit -n 256`" } else { "run it again" };
            let finding = Diagnostic::new("server", text!("cannot serve at {address}: {error}", address, error)).help(help);
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
            text!("port {port} of {interface} is taken", port, interface = command.interface),
            "another preview may be running: end it, name another port with `--port`, or leave `--port` out to have a free one chosen",
        ),
        Some((port, error)) => (
            text!("cannot listen at {address}: {error}", address = SocketAddr::new(command.interface, port), error),
            "name an address of this machine with `--interface` and a port above 1023 with `--port`",
        ),
        None => (Text::from("there is no port to listen at"), "name one with `--port`"),
    };
    Err(Diagnostic::new("port", message).help(help))
}

/// Opens the port that an earlier process had.
fn listen_again(left: Listening) -> Result<(TcpListener, Listening), Diagnostic> {
    let listening = left.again().map(|listener| (listener, left));
    listening.map_err(|error| {
        Diagnostic::new("port", text!("cannot listen at {address} again: {error}", address = left.address, error)).help("run it again")
    })
}

/// Builds, serves and builds again until it is the end.
fn preview(
    disk: &Disk,
    memory: Arc<Memory>,
    (listener, listening): (TcpListener, Listening),
    command: &Serve,
    guard: &Guard,
    ui: &mut dyn Ui,
) -> std::io::Result<()> {
    let address = listening.address;
    let source = if command.poll { Source::Poll } else { Source::Events };
    let mut portal = Preview::start(disk, memory.clone(), source, today(command, address, ui));
    let settings = Settings {
        root: disk.root().to_owned(),
        files: Some(Arc::new(disk.clone())),
        bar: !command.no_bar,
        editor: command.editor_url.clone(),
        language: ui.language(),
    };
    let server = Server::start(listener, memory.clone(), settings)?;
    let tidy = server.tidy();
    let greeted = Arc::new(AtomicBool::new(listening.greeted));
    let its_greeted = greeted.clone();
    guard.watchdog.leaving(Box::new(move |folder| {
        // Without its address a new process takes the first free one, without the site it has none until
        // there is a good one.
        let _ = Listening { address, greeted: its_greeted.load(Ordering::Relaxed) }.leave(folder);
        let _ = memory.leave(folder);
        tidy();
    }));
    build(&mut portal, &BTreeSet::new(), &guard.watchdog, ui);
    if !greeted.swap(true, Ordering::Relaxed) {
        greet(address, command, ui);
    }
    while ui.go_on() {
        if let Some(changed) = portal.wait(PATIENCE, || today(command, address, ui)) {
            build(&mut portal, &changed, &guard.watchdog, ui);
        }
        if let Some(notice) = portal.notice() {
            say(ui, &text!("note: {notice}", notice));
        }
    }
    Ok(())
}

/// Builds what a change of `files` changes, and says what that did.
fn build(portal: &mut Preview, files: &BTreeSet<String>, watchdog: &Watchdog, ui: &mut dyn Ui) {
    let started = Instant::now();
    let Rebuilt { effect, findings, warnings } = with_progress(ui, watchdog, |progress| portal.build(files, progress));
    report(files, effect, &findings, started.elapsed(), ui);
    if let Some(warnings) = warnings {
        tell_out(ui, &text!("{warnings}, shown by `werdegang check`", warnings = counted(warnings, Severity::Warning)));
    }
}

/// What is asked of the build today.
fn today(command: &Serve, address: SocketAddr, ui: &dyn Ui) -> Request {
    let as_of = ui.today();
    // That it is a sound request was found at the start.
    let (drafts, future) = (command.request.drafts, command.request.future);
    let request = request(&command.request, None).unwrap_or(Request { base_url: None, drafts, future, as_of });
    let fixed =
        command.request.as_of.is_some() || command.request.source_date_epoch.as_deref().is_some_and(|epoch| !epoch.trim().is_empty());
    Request { base_url: Some(format!("http://{address}")), as_of: if fixed { request.as_of } else { as_of }, ..request }
}

/// Says where the preview is.
fn greet(address: SocketAddr, command: &Serve, ui: &mut dyn Ui) {
    if command.port.is_none() && address.port() != FIRST_PORT {
        let (first, port) = (FIRST_PORT.to_string(), address.port().to_string());
        tell_out(ui, &text!("port {first} is taken; this is port {port}", first, port));
    }
    let url = format!("http://{address}/");
    ui.out(&format!("{url}\n"));
    if address.ip().is_unspecified() {
        tell_out(
            ui,
            &"links lead to this address, which other devices cannot follow: for those give this machine's own with `--interface`".into(),
        );
    }
    if command.open
        && let Err(error) = open_browser(&reachable(address))
    {
        say(ui, &text!("warning: the browser could not be opened: {error}", error));
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

/// One line for a build, or its errors. What nobody can see is not worth a line: an output of the preview
/// that lands in the portal itself would else have the preview talk about its own words for ever.
fn report(touched: &BTreeSet<String>, update: Effect, findings: &Findings, took: Duration, ui: &mut dyn Ui) {
    if !findings.any_error() {
        if touched.is_empty() || update.changed > 0 || update.news {
            let (pages, time) = (pages(update.pages), took.as_millis());
            tell_out(
                ui,
                &match touched.is_empty() {
                    true => text!("{pages} in {time} ms", pages, time),
                    false => {
                        let (files, changed) = (names(touched), update.changed);
                        text!("changed: {files}; {pages} in {time} ms; {changed} changed", files, pages, time, changed)
                    }
                },
            );
        }
    } else if update.news {
        let errors = findings.errors();
        tell(&errors, ui);
        let errors = counted(errors.len(), Severity::Error);
        let errors = match touched.is_empty() {
            true => errors,
            false => text!("changed: {files}; {errors}", files = names(touched), errors),
        };
        say(
            ui,
            &match update.pages {
                0 => text!("{errors}; nothing can be served yet", errors),
                _ => text!("{errors}; the last good state is still served", errors),
            },
        );
    }
}

fn names(touched: &BTreeSet<String>) -> Text {
    let named = touched.iter().take(MOST_CHANGED_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match touched.len().saturating_sub(MOST_CHANGED_NAMED) {
        0 => named.into(),
        more => text!("{names} and {more} more", names = named, more),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_CHANGED_NAMED, names};

    #[test]
    fn a_line_names_so_many_files() {
        let of = |count: usize| names(&(0..count).map(|number| format!("{number}.md")).collect());
        assert_eq!(of(2), "0.md, 1.md");
        assert!(!of(MOST_CHANGED_NAMED).contains("more"));
        assert!(of(MOST_CHANGED_NAMED + 2).ends_with(" and 2 more"));
    }
}
