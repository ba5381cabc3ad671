//! What can be typed. Flags mean what they mean in Zola where Zola has them.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, value_parser};
use jiff::civil::Date;

use crate::diagnostic::Language;

/// A static-site generator for training and career portals.
#[derive(Debug, Parser)]
#[command(name = "werdegang", version, max_term_width = 100)]
pub(crate) struct Args {
    /// The folder of the portal.
    #[arg(short, long, global = true, default_value = ".", value_name = "DIR")]
    pub root: PathBuf,
    /// The language of messages; else WERDEGANG_LANG, else that of the portal, else that of the system.
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<Language>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a small portal to start from.
    Init(Init),
    /// Write the front matter of a new page, with every key explained.
    New(New),
    /// Show the portal in the browser while it is written.
    Serve(Serve),
    /// Build the portal into a directory.
    Build(Build),
    /// Look for everything that is wrong, and write nothing.
    Check(Check),
    /// List what is to be done: drafts, what is coming, what has grown old, gaps.
    List(List),
    /// Say what a finding means, and how to mend it.
    Explain(Explain),
    /// Print the JSON Schema of the front matter, for editors.
    Schema(Schema),
    /// Print what a shell completes the commands by.
    Completions(Completions),
    /// Write the pages of the manual.
    Man(Man),
}

/// `werdegang init`
#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The folder to make.
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// The language of the portal: de, en.
    #[arg(long, default_value = "de", value_name = "LANG")]
    pub language: String,
}

/// `werdegang new`
#[derive(Debug, ClapArgs)]
pub(crate) struct New {
    /// What the page is: page, section, role, course, provider, salary, term; or `question`, to add one of a
    /// reader to a page.
    pub kind: String,
    /// The file below `content/`, with or without `.md`.
    pub path: String,
    /// The title; made from the file's name where it is left out.
    #[arg(long)]
    pub title: Option<String>,
}

/// `werdegang serve`
#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// The port. Without it the first free one from 1111 on.
    #[arg(short, long)]
    pub port: Option<u16>,
    /// The address to listen on.
    #[arg(short, long, visible_alias = "bind", default_value = "127.0.0.1")]
    pub interface: IpAddr,
    /// Open the browser.
    #[arg(short = 'O', long)]
    pub open: bool,
    /// Look for changes from time to time, where the system tells of none (network shares, containers).
    #[arg(long)]
    pub poll: bool,
    /// Show pages without the bar that names their file and findings.
    #[arg(long)]
    pub no_bar: bool,
    /// An address that opens a file in your editor, {path} standing for its path: `vscode://file{path}`. The
    /// bar links to it.
    #[arg(long, value_name = "URL", value_parser = parse_editor_url)]
    pub editor_url: Option<String>,
    /// Where what is made of images is kept.
    #[command(flatten)]
    pub cache: CacheArgs,
    /// What is asked of the build.
    #[command(flatten)]
    pub request: RequestArgs,
}

/// `werdegang build`
#[derive(Debug, ClapArgs)]
pub(crate) struct Build {
    /// The directory to publish to, in place of the one in site.toml.
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// The address of the root, in place of the one in site.toml.
    #[arg(short = 'u', long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Where what is made of images is kept.
    #[command(flatten)]
    pub cache: CacheArgs,
    /// What is asked of the build.
    #[command(flatten)]
    pub request: RequestArgs,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// `werdegang check`
#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// Ask other servers whether the links to them still lead somewhere. Without it no one is contacted.
    #[arg(long)]
    pub external: bool,
    /// Ask for all of them, also those that were good a few days ago.
    #[arg(long, requires = "external")]
    pub fresh: bool,
    /// Where what is made of images is kept.
    #[command(flatten)]
    pub cache: CacheArgs,
    /// What is asked of the build.
    #[command(flatten)]
    pub request: RequestArgs,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// End with exit code 1 where there are warnings as well.
    #[arg(long)]
    pub deny_warnings: bool,
}

/// `werdegang list`
#[derive(Debug, ClapArgs)]
pub(crate) struct List {
    /// What to list. All but what was changed where it is left out.
    #[arg(value_enum)]
    pub what: Option<Listed>,
    /// As JSON: an array of `{list, day, file, what}`.
    #[arg(long)]
    pub json: bool,
    /// What is asked of the build.
    #[command(flatten)]
    pub request: RequestArgs,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// Pages when they were last changed, as they say, the newest first.
    Changed,
    /// Pages that are dated ahead.
    Coming,
    /// Pages that are not published.
    Drafts,
    /// What only the publisher can say, and has not said yet.
    Gaps,
    /// Pages that nothing leads to.
    Orphans,
    /// What is older than it may be.
    Stale,
}

impl Listed {
    /// Its name, as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Listed::Changed => "changed",
            Listed::Coming => "coming",
            Listed::Drafts => "drafts",
            Listed::Gaps => "gaps",
            Listed::Orphans => "orphans",
            Listed::Stale => "stale",
        }
    }
}

/// `werdegang completions`
#[derive(Debug, ClapArgs)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `werdegang man`
#[derive(Debug, ClapArgs)]
pub(crate) struct Man {
    /// The folder to write them to, such as `/usr/local/share/man/man1`.
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
}

/// `werdegang explain`
#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// The code, as a message has it in brackets. All are listed where it is left out.
    pub code: Option<String>,
}

/// `werdegang schema`
#[derive(Debug, ClapArgs)]
pub(crate) struct Schema {
    /// Of what: page, section, role, course, provider, salary, term, source, site. Of a page with any record
    /// where it is left out.
    pub kind: Option<String>,
}

/// Where what can be made again is kept.
#[derive(Debug, ClapArgs)]
pub(crate) struct CacheArgs {
    /// The folder in which sizes of images are kept from one run to the next; `.werdegang/cache/images` of the
    /// portal where it is left out.
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
}

/// What is asked of a build, whatever is done with it.
#[derive(Debug, ClapArgs)]
pub(crate) struct RequestArgs {
    /// Build drafts as well.
    #[arg(long)]
    pub drafts: bool,
    /// Build pages that are dated ahead as well.
    #[arg(long)]
    pub future: bool,
    /// The day that freshness and expiry are judged by; else SOURCE_DATE_EPOCH, else today.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// The processor time that one output may take before its template is held to run away; 10 s where it is
    /// left out.
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub output_time: Option<Duration>,
    /// The memory that one output may take; 1024 MiB where it is left out.
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..))]
    pub output_memory: Option<u64>,
    /// Seconds since 1970, as reproducible builds set them (reproducible-builds.org, SOURCE_DATE_EPOCH).
    #[arg(long, env = "SOURCE_DATE_EPOCH", hide = true)]
    pub source_date_epoch: Option<String>,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// As JSON.
    Json,
    /// As annotations of GitHub Actions.
    Github,
    /// As SARIF 2.1.0, for code hosts.
    Sarif,
}

fn parse_editor_url(text: &str) -> Result<String, String> {
    let scheme = url::Url::parse(text).map_err(|error| error.to_string())?;
    // Such an address would run in the page instead of opening something.
    if ["javascript", "data", "vbscript"].contains(&scheme.scheme()) {
        return Err(String::from("write the address that your editor listens to"));
    }
    if text.contains("{path}") { Ok(text.to_owned()) } else { Err(String::from("write {path} where the path of the file belongs")) }
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|seconds| !seconds.is_zero()).ok_or_else(|| String::from("write seconds as 10 or 0.5"))
}

fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| String::from("write a day as 2026-03-01"))
}
