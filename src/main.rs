//! The command `werdegang`; everything it does is [`werdegang::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    werdegang::cli::run(std::env::args_os(), &mut werdegang::cli::Terminal::new()).into()
}
