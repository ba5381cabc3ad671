//! What is asked of the pipeline, and who waits for it.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use jiff::civil::Date;

use super::made::BuiltOutput;
use super::watchdog::Watchdog;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address of the root, in place of the one in `site.toml`.
    pub base_url: Option<String>,
    /// Whether drafts are pages like any other.
    pub drafts: bool,
    /// Whether pages that are dated ahead are pages like any other.
    pub future: bool,
    /// The day that freshness and expiry are judged by.
    pub as_of: Date,
}

/// What has been done, for whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Outputs that have been rendered.
    pub rendered: AtomicUsize,
    /// Outputs to be rendered; 0 until that is known.
    pub planned: AtomicUsize,
    /// Who sees to it that each output ends; nobody, where that is none.
    pub watchdog: Option<Arc<dyn Watchdog>>,
}

/// Who looks at outputs while they are made: what is looked at is made first.
pub trait Audience: Sync {
    /// These outputs will soon hold something else, or something for the first time. Not called where nothing
    /// is to be made.
    fn expect(&self, paths: &[Arc<str>]);

    /// The outputs that somebody waits for or looks at now, the most urgent first. Asked for again and again.
    fn wanted(&self) -> Vec<Arc<str>>;

    /// One of the expected outputs is made. Whether the whole update is good is not known yet.
    fn made(&self, path: &Arc<str>, output: &BuiltOutput);
}

/// Nobody looks.
impl Audience for () {
    fn expect(&self, _: &[Arc<str>]) {}
    fn wanted(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn made(&self, _: &Arc<str>, _: &BuiltOutput) {}
}
