//! All limits of the program in one place: what is bounded, by how much, why, and what happens beyond it.
//! docs/limits.md shows them as a table, which is made from this file; tests/limits.rs has a test for each.

use std::time::Duration;

/// A limit, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The name of its constant.
    pub name: &'static str,
    /// Its value, with a unit: `512 MiB`, `16 shortcodes`.
    pub value: String,
    /// What is bounded, and why.
    pub what: String,
    /// What happens beyond it.
    pub beyond: &'static str,
}

/// A value with its unit, for people.
trait Shown {
    fn shown(self, unit: &str) -> String;
}

impl Shown for u64 {
    fn shown(self, unit: &str) -> String {
        const STEPS: [(u64, &str); 3] = [(1024 * 1024 * 1024, "GiB"), (1024 * 1024, "MiB"), (1024, "KiB")];
        match STEPS.iter().find(|(size, _)| unit == "bytes" && self >= *size && self.is_multiple_of(*size)) {
            Some((size, name)) => format!("{} {name}", self / size),
            None if self >= 1000 => format!("{},{:03} {unit}", self / 1000, self % 1000),
            None => format!("{self} {unit}"),
        }
    }
}

impl Shown for usize {
    fn shown(self, unit: &str) -> String {
        (self as u64).shown(unit)
    }
}

impl Shown for u32 {
    fn shown(self, unit: &str) -> String {
        u64::from(self).shown(unit)
    }
}

impl Shown for Duration {
    fn shown(self, _: &str) -> String {
        const DAY: u64 = 24 * 60 * 60;
        match self.subsec_millis() {
            0 if self.as_secs() >= DAY && self.as_secs().is_multiple_of(DAY) => format!("{} days", self.as_secs() / DAY),
            0 => format!("{} s", self.as_secs()),
            millis => format!("{} ms", self.as_secs() * 1000 + u64::from(millis)),
        }
    }
}

/// Constants, and the list of them: `NAME: type = value, "unit"; "what happens beyond it"`, each under a
/// comment that says what is bounded and why.
macro_rules! limits {
    ($($(#[doc = $what:literal])+ $name:ident: $type:ty = $value:expr, $unit:literal; $beyond:literal)+) => {
        $($(#[doc = $what])+ pub const $name: $type = $value;)+

        /// All of them, in the order of this file.
        pub fn all() -> Vec<Limit> {
            vec![$(Limit {
                name: stringify!($name),
                value: Shown::shown($name, $unit),
                what: String::from(concat!($($what),+).trim()),
                beyond: $beyond,
            }),+]
        }
    };
}

limits! {
    /// The largest file that is read. Media may be large; a file beyond this is a mistake.
    LARGEST_FILE: u64 = 512 * 1024 * 1024, "bytes"; "`unreadable`, with the file"
    /// The largest file of `static/` that is held in memory: what pages need at once is smaller.
    LARGEST_HELD: u64 = 256 * 1024, "bytes"; "it is read piece by piece when it is published, and when the preview is asked for it"
    /// The largest image whose sizes are made: what cameras give is a fifth of it.
    LARGEST_IMAGE: u64 = 64 * 1024 * 1024, "bytes"; "`image`, and it is published as it is"
    /// The most pixels of an image whose sizes are made: decoded, each takes up to four bytes.
    MOST_PIXELS: u64 = 64 * 1024 * 1024, "pixels"; "`image`, and it is published as it is"
    /// The most pixels, across or down, of a size that a setting or a template asks for: AVIF and JPEG have no
    /// more.
    WIDEST_IMAGE: u32 = 16_384, "pixels"; "`out-of-range`, or an error of the template"
    /// How long a size of an image is kept in the cache that nobody uses.
    CACHE_PATIENCE: Duration = Duration::from_secs(30 * 24 * 60 * 60), ""; "it is removed, and made again when it is needed"
    /// The largest font of a report, unpacked.
    LARGEST_FONT: u64 = 16 * 1024 * 1024, "bytes"; "`report`: it is no font"
    /// The largest output of a template, so that loops that multiply end.
    LARGEST_OUTPUT: usize = 64 * 1024 * 1024, "bytes"; "`template`, with its line"
    /// The time of a processor that one output may take (`--output-time`): a hundred times what a large page
    /// takes, and as long as somebody waits who does not know what for. Time on the clock is not counted,
    /// which a busy machine makes long.
    OUTPUT_TIME: Duration = Duration::from_secs(10), ""; "`template-runaway`, with its line"
    /// By how much the process may grow while one output is made (`--output-memory`): a page as large as an
    /// output may be, held several times over, is far below it, and less than many systems grant a process.
    OUTPUT_MEMORY: u64 = 1024 * 1024 * 1024, "bytes"; "`template-runaway`, with its line"
    /// The longest path of an address, which file systems and browsers agree on.
    LONGEST_PATH: usize = 1000, "bytes"; "`path`"
    /// The longest part of a path, between two slashes, which file systems agree on.
    LONGEST_PART: usize = 255, "bytes"; "`path`"
    /// The most rows of a CSV file: no page could show more.
    MOST_ROWS: usize = 20_000, "rows"; "`too-large`, and no more rows are read"
    /// The most findings about one CSV file: what is wrong in every row is said often enough by then.
    MOST_ROW_FINDINGS: usize = 20, "findings"; "`too-many`"
    /// The longest age that a setting names, of any unit: nobody means more.
    LONGEST_AGE: u32 = 1000, "days, weeks, months or years"; "`age`"
    /// The deepest that shortcodes stand in each other, so that Markdown cannot exhaust the stack.
    DEEPEST_SHORTCODE: usize = 16, "shortcodes"; "`too-deep`"
    /// The deepest that frames in frames (`srcdoc`) are looked into for addresses; people stop long before.
    DEEPEST_FRAME: usize = 8, "frames"; "what stands deeper is not looked into"
    /// The deepest that elements stand in each other in a page that becomes Markdown, so that no page can
    /// exhaust the stack.
    DEEPEST_MARKDOWN: usize = 100, "elements"; "of what stands deeper only the text is taken"
    /// The most columns that a cell of a table spans in Markdown.
    WIDEST_CELL: usize = 100, "columns"; "it spans no more"
    /// The most addresses of one file of a sitemap (sitemaps.org protocol).
    MOST_SITEMAP_ADDRESSES: usize = 50_000, "addresses"; "several files, and a list of them"
    /// The most figures of one drawing, so that it stands whole on a printed page.
    MOST_CHART_ROWS: usize = 8, "figures"; "several drawings"
    /// How often templates are loaded again without those that have errors, to find the errors of the others.
    MOST_TEMPLATE_ROUNDS: usize = 100, "rounds"; "the templates that are left are not looked at"
    /// The most words that a misspelt one may stand for: they are loaded when nothing was found.
    MOST_KNOWN_WORDS: usize = 5_000, "words"; "the most frequent are known"
    /// The most pages and sections of a portal whose pictures are drawn without being asked for: each takes
    /// about ten milliseconds of a processor, once.
    MOST_PICTURES: usize = 1_000, "pages and sections"; "none are drawn, unless `[share]` says `images = true`"
    /// The most pictures that are kept between builds; what is not of the last build goes first.
    MOST_KEPT_PICTURES: usize = 50_000, "pictures"; "the others are drawn again"
    /// The most hashes of scripts or style sheets in pages that a Content-Security-Policy lists: servers take
    /// headers of a few kilobytes.
    MOST_POLICY_HASHES: usize = 40, "hashes"; "all that stand in pages are allowed"
    /// The most findings that a person is shown: they are work enough.
    MOST_SHOWN: usize = 100, "findings"; "a line says how many more there are; `--format json` lists all"
    /// The most characters of a line of a file that a finding shows.
    LONGEST_SHOWN_LINE: usize = 200, "characters"; "the line is cut around the place"
    /// The most characters of a value that a message repeats.
    LONGEST_SHOWN_VALUE: usize = 60, "characters"; "the rest is left out"
    /// The most characters of something that somebody wrote that a message repeats.
    LONGEST_REPEATED: usize = 200, "characters"; "the rest is left out"
    /// For how many misspelt names of one file a better one is sought: whoever reads as far has found out
    /// what is wrong.
    MOST_GUESSED: usize = 100, "names"; "the finding has no \"did you mean\""
    /// The most names that a message lists.
    MOST_NAMES: usize = 12, "names"; "it says how many more there are"
    /// The most findings about files that cannot be written: a full disk says the same of each.
    MOST_WRITE_FINDINGS: usize = 5, "findings"; "one finding says how many more there are"
    /// The most characters of a title that search engines show.
    LONGEST_TITLE: usize = 70, "characters"; "`title-length`"
    /// The most HTML of a page that phones open at once: five times what a long page has.
    LARGE_PAGE: usize = 512 * 1024, "bytes"; "`large-page`"
    /// The most requests to other servers at once, by default.
    MOST_REQUESTS: usize = 16, "requests"; "the others wait"
    /// The most requests to one server at once that a setting may allow.
    MOST_PER_HOST: u32 = 16, "requests"; "`out-of-range`"
    /// The most often that a server without an answer is asked again.
    MOST_RETRIES: u32 = 10, "times"; "`out-of-range`"
    /// The most redirects that a link to another server is followed through.
    MOST_REDIRECTS: usize = 10, "redirects"; "`external-unreachable`"
    /// The largest head of an answer of another server; bodies are not read.
    LARGEST_ANSWER_HEAD: usize = 64 * 1024, "bytes"; "`external-unreachable`"
    /// The longest that a server is waited for that asks for it (`Retry-After`).
    LONGEST_WAIT: Duration = Duration::from_secs(60), ""; "the link was not checked: `external-unchecked`"
    /// How often in a row a server gives no answer before it is left alone.
    MOST_SILENCES: usize = 3, "times"; "its other links were not checked: `external-unchecked`"
    /// The most connections to the preview whose head is not complete. All connections and an update have to
    /// do with the files that may be open, and fewer are taken where that needs it.
    MOST_HEADS: usize = 48, "connections"; "the oldest makes room"
    /// The most requests that the preview answers at once.
    MOST_ANSWERS: usize = 20, "requests"; "one whose client takes nothing makes room, or the next waits"
    /// The most streams of events at once.
    MOST_STREAMS: usize = 12, "streams"; "the oldest makes room, and its page asks again later"
    /// The longest address that the preview is asked for.
    LONGEST_ADDRESS: usize = 8 * 1024, "bytes"; "status 414"
    /// The longest head of a request.
    LONGEST_HEAD: usize = 32 * 1024, "bytes"; "status 431"
    /// How long a head may take to come.
    HEAD_PATIENCE: Duration = Duration::from_secs(10), ""; "the connection is closed"
    /// How long a reader may take for each piece of an answer.
    WRITE_PATIENCE: Duration = Duration::from_secs(10), ""; "the connection is closed"
    /// How long the preview, put in the place of one whose template ran away, waits for the port of that.
    PORT_PATIENCE: Duration = Duration::from_secs(5), ""; "`port`"
    /// How long a request waits for what an update is about to make: a browser should not seem to hang.
    UPDATE_PATIENCE: Duration = Duration::from_secs(5), ""; "the last good state is served"
    /// How many moves of a page are followed for somebody who looks at it.
    MOST_MOVES: usize = 32, "moves"; "the page counts as gone"
    /// The most files of a page that it asks the preview about at once.
    MOST_USED: usize = 200, "files"; "the others are not asked about"
    /// The most pages dated ahead that the bar of the preview names.
    MOST_COMING: usize = 50, "pages"; "it says how many there are"
    /// The largest file whose content decides whether it changed: a film should not be read for every touch.
    LARGEST_COMPARED: u64 = 16 * 1024 * 1024, "bytes"; "length and time stamp decide"
    /// How many files change at once before a longer quiet is waited for: a checkout is one change.
    MANY_CHANGES: usize = 8, "files"; "80 ms of quiet instead of 5 ms"
    /// The most changed files that a line of the preview names.
    MOST_CHANGED_NAMED: usize = 3, "files"; "it says how many more there are"
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Shown, all};

    #[test]
    fn values_have_units() {
        assert_eq!((512 * 1024 * 1024_u64).shown("bytes"), "512 MiB");
        assert_eq!((8 * 1024 + 64_usize).shown("bytes"), "8,256 bytes");
        assert_eq!(50_000_usize.shown("addresses"), "50,000 addresses");
        assert_eq!(Duration::from_secs(60).shown(""), "60 s");
        assert_eq!(Duration::from_secs(30 * 24 * 60 * 60).shown(""), "30 days");
        assert_eq!(Duration::from_millis(80).shown(""), "80 ms");
        assert!(all().iter().all(|limit| !limit.what.is_empty() && !limit.beyond.is_empty()));
    }
}
