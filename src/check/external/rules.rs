//! How other servers are asked, and by which clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Config;

/// Time, as the network needs it: it comes in through an interface, like all that differs from run to run.
pub trait Clock: Sync {
    /// The moment it is.
    fn now(&self) -> Timestamp;
    /// How long the run has taken; never goes back.
    fn elapsed(&self) -> Duration;
    /// Waits.
    fn sleep(&self, duration: Duration);
}

/// How other servers are asked.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What addresses begin with that are not asked for.
    pub exclude: Vec<String>,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// How often a server is asked again.
    pub retries: u32,
    /// How long a good answer counts.
    pub keep: SignedDuration,
    /// Requests a server gets at once.
    pub per_host: usize,
    /// The pause between two requests to one server.
    pub pause: Duration,
    /// How long the run may take.
    pub limit: Duration,
    /// Servers that may be asked although their address is not public.
    pub private_hosts: Vec<String>,
    /// Who asks.
    pub user_agent: String,
}

impl Rules {
    /// By the settings of a portal.
    pub fn of(config: &Config) -> Self {
        let setting = config.site.check.as_ref().and_then(|check| check.external.as_ref());
        let seconds = |number: Option<f64>, default: f64| Duration::try_from_secs_f64(number.unwrap_or(default)).unwrap_or(Duration::MAX);
        let days = setting.and_then(|setting| setting.days).unwrap_or(7);
        Self {
            exclude: setting.iter().flat_map(|setting| &setting.exclude).map(|exclude| exclude.url.0.to_string()).collect(),
            timeout: seconds(setting.and_then(|setting| setting.timeout), 15.0),
            retries: setting.and_then(|setting| setting.retries).unwrap_or(2),
            keep: SignedDuration::from_hours(24 * i64::from(days)),
            per_host: setting.and_then(|setting| setting.per_host).unwrap_or(2) as usize,
            pause: seconds(setting.and_then(|setting| setting.pause), 0.5),
            limit: seconds(setting.and_then(|setting| setting.minutes).map(|minutes| minutes * 60.0), 15.0 * 60.0),
            private_hosts: setting.map(|setting| setting.private_hosts.clone()).unwrap_or_default(),
            user_agent: format!("werdegang/{} (+{}; link check)", env!("CARGO_PKG_VERSION"), config.base_url),
        }
    }

    /// Whether an address is not to be asked for: it begins as one of `exclude`, up to the end of a part.
    pub(super) fn excludes(&self, url: &str) -> bool {
        self.exclude.iter().any(|start| {
            let rest = url.strip_prefix(start.as_str());
            rest.is_some_and(|rest| rest.is_empty() || start.ends_with('/') || rest.starts_with(['/', '?']))
        })
    }
}
