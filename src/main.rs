//! The command `werdegang`; everything it does is [`werdegang::api::cli::run`].

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut terminal = werdegang::api::cli::Terminal::of_process(replace);
    werdegang::api::cli::run(std::env::args_os(), &mut terminal).into()
}

/// Puts a new process of this program in the place of this one, with the same arguments, and tells it what was left for it. A template that
/// runs away leaves no other way to end its thread. Where there is nothing to tell, the process ends as one whose site has errors.
#[expect(clippy::exit, reason = "nobody else can end a process with a thread that does not end")]
fn replace(left: Option<&Path>, listens: bool) -> ! {
    if let Some(left) = left {
        // Where the program was built anew meanwhile, Linux still has the one that runs.
        let programs = std::env::current_exe().into_iter().chain(["/proc/self/exe".into()]);
        for program in programs {
            let mut command = Command::new(program);
            command.args(std::env::args_os().skip(1)).env(werdegang::api::cli::LEFT, left);
            begin(&mut command, listens);
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

/// Elsewhere a process cannot be replaced. One that listens makes room for the new one; another waits, and ends as that does.
#[cfg(not(unix))]
#[expect(clippy::exit, reason = "nobody else can end a process with a thread that does not end")]
fn begin(command: &mut Command, listens: bool) {
    if let Ok(mut child) = command.spawn() {
        std::process::exit(if listens { 0 } else { child.wait().ok().and_then(|status| status.code()).unwrap_or(1) })
    }
}
