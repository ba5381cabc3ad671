use super::args::{Args, New};
use super::{Outcome, Ui};
pub(super) fn run(_: &Args, _: &New, _: &mut dyn Ui) -> Outcome {
    Outcome::CannotRun
}
