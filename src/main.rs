//! The command `werdegang`; everything it does is [`run`].

use std::path::Path;
use std::process::{Command, ExitCode};

use werdegang::api::cli::{LEFT, Terminal, run};

fn main() -> ExitCode {
    run(std::env::args_os(), &mut Terminal::of_process(replace)).into()
}

/// Puts a new process of this program in the place of this one and tells it what was left for it: a template
/// that runs away leaves no other way to end its thread. Where nothing is left, the process ends in failure.
#[expect(clippy::exit, reason = "nobody else can end a process with a thread that does not end")]
fn replace(left: Option<&Path>, listens: bool) -> ! {
    if let Some(left) = left {
        // Where the program was built anew meanwhile, Linux still has the one that runs.
        let programs = std::env::current_exe().into_iter().chain(["/proc/self/exe".into()]);
        for program in programs {
            begin(Command::new(program).args(std::env::args_os().skip(1)).env(LEFT, left), listens);
        }
    }
    std::process::exit(1)
}

/// Returns where that did not work.
#[cfg(unix)]
fn begin(command: &mut Command, _: bool) {
    use std::os::unix::process::CommandExt;
    let _ = command.exec();
}

/// Elsewhere one that listens makes room for the new process, and another waits, and ends as that does.
#[cfg(not(unix))]
#[expect(clippy::exit, reason = "nobody else can end a process with a thread that does not end")]
fn begin(command: &mut Command, listens: bool) {
    if let Ok(mut child) = command.spawn() {
        std::process::exit(if listens { 0 } else { child.wait().ok().and_then(|status| status.code()).unwrap_or(1) })
    }
}
