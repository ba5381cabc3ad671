use super::args::Init;
use super::{Outcome, Ui};
pub(super) fn run(_: &Init, _: &mut dyn Ui) -> Outcome {
    Outcome::CannotRun
}
