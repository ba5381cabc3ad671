//! `werdegang serve`: the portal in the browser.

use super::args::{Args, Serve};
use super::{Outcome, Ui};

pub(super) fn run(_: &Args, _: &Serve, _: &mut dyn Ui) -> Outcome {
    Outcome::CannotRun
}
