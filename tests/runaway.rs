//! Templates that run away: with the program as it is run, in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::date;
use werdegang::api::config::Config;
use werdegang::api::files::{Disk, Files, Memory};
use werdegang::api::limits::{OUTPUT_MEMORY, OUTPUT_TIME};
use werdegang::api::pipeline::{self, Progress, Request, Watchdog};
use werdegang::api::theme::{Run, Spot, Theme};
use werdegang::api::watchdog::{Limits, Replace, Watchdog as Watch};

use crate::harness::{Portal, SITE};
use crate::serve::{Answer, PATIENCE};

/// Limits that are soon reached. Where time is what is looked for there is enough memory, and the other way
/// round, whatever else the machine does.
const SHORT: [&str; 4] = ["--output-time", "1", "--output-memory", "100000"];
const SMALL: [&str; 4] = ["--output-time", "600", "--output-memory", "192"];

const PAGE: &str = "+++\ntitle = \"A\"\ndescription = \"A page.\"\n+++\n\nText.\n";
const HEADING: &str = "<h1>{{ page.title }}</h1>\n";

/// Loops in each other that write nothing, one a line. The innermost has the most rounds, so that it is the
/// one that is being run.
fn loops(open: &str, close: &str) -> String {
    let rounds = |depth| if depth == 9 { 100_000 } else { 1000 };
    let heads: String = (0..10).map(|depth| format!("{open} for a{depth} in range(end={}) {close}\n", rounds(depth))).collect();
    heads + &format!("{open} endfor {close}").repeat(10)
}

fn doubling_in_a_loop(doubled: &str) -> String {
    format!(
        "{{% set x = {} %}}\n{{% for i in range(end=40) %}}\n{{% set_global x = {doubled} %}}\n{{% endfor %}}\n{{{{ x | length }}}}",
        if doubled.contains('[') { "[1]" } else { "\"a\"" }
    )
}

/// A portal with one page whose template holds that.
fn portal(files: &[(&str, &str)]) -> Portal {
    let all: Vec<(&str, &str)> = [("content/a.md", PAGE), ("templates/index.html", "home"), ("templates/404.html", "nothing")]
        .into_iter()
        .chain(files.iter().copied())
        .collect();
    Portal::of(&all)
}

/// Runs the program with four gigabytes of addresses, as some systems grant them.
fn program(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 4194304; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_werdegang"), "--root"]).arg(root).args(arguments);
    command
}

#[track_caller]
fn run(portal: &Portal, command: &str, limits: [&str; 4], more: &[&str]) -> Output {
    let arguments: Vec<&str> = [command].into_iter().chain(limits).chain(more.iter().copied()).collect();
    let output = program(portal.root(), &arguments).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!portal.path("public").exists(), "something was written");
    output
}

/// Builds, and expects the finding at this place.
#[track_caller]
fn runs_away(files: &[(&str, &str)], limits: [&str; 4], place: &str) {
    let output = run(&portal(files), "build", limits, &[]);
    let shown = String::from_utf8_lossy(&output.stderr);
    let message =
        if limits == SHORT { "one output takes more than 1 s of processor time" } else { "one output takes more than 192 MiB of memory" };
    assert!(shown.contains(&format!("error[template-runaway]: the template runs away: {message}\n")), "{shown}");
    assert!(shown.contains(&format!("--> {place}")), "not at {place}: {shown}");
    assert!(shown.contains("1 error\nnothing was published"), "{shown}");
}

#[test]
fn loops_that_write_nothing_end_with_their_line() {
    runs_away(&[("templates/page.html", &format!("{HEADING}{}", loops("{%", "%}")))], SHORT, "templates/page.html:11:1\n");
}

#[test]
fn loops_that_trim_white_space_end_with_their_line() {
    runs_away(&[("templates/page.html", &format!("{HEADING}{}", loops("{%-", "-%}")))], SHORT, "templates/page.html:11:1\n");
}

#[test]
fn list_comprehensions_end_with_their_line() {
    let lists = "{% set a = [[0 for i in range(end=100000)] for k in range(end=100000)] %}";
    runs_away(&[("templates/page.html", &format!("{HEADING}\n{lists}\n{{{{ a | length }}}}"))], SMALL, "templates/page.html:3:1\n");
}

#[test]
fn texts_that_double_end_with_their_line() {
    let doubled = format!("{HEADING}{{% set x = \"a\" %}}\n{}{{{{ x | length }}}}", "{% set x = x ~ x %}\n".repeat(40));
    // 2^26 bytes and all that were before: the line depends on when it is looked.
    runs_away(&[("templates/page.html", &doubled)], SMALL, "templates/page.html:");
    runs_away(&[("templates/page.html", &doubling_in_a_loop("x ~ x"))], SMALL, "templates/page.html:3:1\n");
}

#[test]
fn lists_that_double_end_with_their_line() {
    runs_away(&[("templates/page.html", &doubling_in_a_loop("[...x, ...x]"))], SMALL, "templates/page.html:3:1\n");
}

/// It is the included template that is named, once, though many pages include it.
#[test]
fn an_included_template_is_named() {
    let files: Vec<(String, String)> = (0..40).map(|number| (format!("content/p{number}.md"), PAGE.replace("\"A\"", "\"P\""))).collect();
    let part = format!("\n{}", loops("{%", "%}"));
    let mut all = vec![("templates/page.html", "{{ page.title }}\n{% include \"part.html\" %}"), ("templates/part.html", part.as_str())];
    all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    runs_away(&all, SHORT, "templates/part.html:11:1\n");
}

#[test]
fn a_component_called_from_content_is_named_with_the_call() {
    let component = format!("{{% component box() %}}\n{}\n{{% endcomponent %}}", loops("{%", "%}"));
    let content = format!("{PAGE}\n{{{{ <box/> }}}}\n");
    let files =
        [("content/a.md", content.as_str()), ("templates/page.html", "{{ page.content }}"), ("templates/components/box.html", &component)];
    runs_away(&files, SHORT, "templates/components/box.html:11:1\n");
    let output = run(&portal(&files), "build", SHORT, &[]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("note: it was called here\n") && shown.contains("--> content/a.md:8:"), "{shown}");
}

/// Two to the fortieth parts, in little memory: what is done with them is done within one tag, where nothing
/// can be stopped.
#[test]
fn a_tag_that_does_not_end_is_named() {
    let text = "{% set x = [1] %}{% for i in range(end=40) %}{% set_global x = [x, x] %}{% endfor %}\n{% set y = [x] %}\n{% if x ~ \"\" == \"\" %}{% endif %}";
    runs_away(&[("templates/page.html", text)], SHORT, "templates/page.html:3:1\n");
}

#[test]
fn check_tells_machines_of_it_with_all_else() {
    let portal = portal(&[("templates/page.html", &loops("{%", "%}")), ("content/b.md", "+++\ntitle = \"B\"\n+++\n\nText.\n")]);
    let output = run(&portal, "check", SHORT, &["--format", "json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON alone on standard output");
    let text = found.to_string();
    assert!(text.contains("\"template-runaway\"") && text.contains("\"templates/page.html\""), "{text}");
    assert!(text.contains("\"no-description\"") || text.contains("description"), "other findings are lost: {text}");
}

/// Where templates of a portal that has other errors run away, all of them are told.
#[test]
fn calls_of_a_portal_with_other_errors_end_as_well() {
    let component = format!("{{% component box() %}}\n{}\n{{% endcomponent %}}", loops("{%", "%}"));
    let content = format!("{PAGE}\n{{{{ <box/> }}}} [dead](@/dead.md)\n");
    let files =
        [("content/a.md", content.as_str()), ("templates/page.html", "{{ page.content }}"), ("templates/components/box.html", &component)];
    let output = run(&portal(&files), "build", SHORT, &[]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("error[template-runaway]") && shown.contains("2 errors"), "{shown}");
}

/// Checkpoints make templates that do little else several times slower, which is nobody's fault.
#[test]
fn an_honest_page_beside_one_that_runs_away_is_left_alone() {
    let honest = "{% for a in range(end=300) %}{% for c in range(end=1000) %}{% if c %}{{ c }}{% endif %}{% endfor %}{% endfor %}";
    let content = PAGE.replace("description", "template = \"honest.html\"\ndescription");
    let files = [("templates/page.html", loops("{%", "%}")), ("templates/honest.html", honest.to_owned()), ("content/b.md", content)];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let output = run(&portal(&files), "build", ["--output-time", "0.3", "--output-memory", "100000"], &[]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("--> templates/page.html") && shown.contains("1 error\n"), "{shown}");
}

/// Somebody who asks for checkpoints, and for nothing else.
#[derive(Debug)]
struct Asking;

impl Watchdog for Asking {
    fn checkpoints(&self) -> Option<Vec<Spot>> {
        Some(Vec::new())
    }
    fn one_at_a_time(&self) -> bool {
        false
    }
    fn begin(&self, _: &str, theme: &Arc<Theme>) -> Arc<Run> {
        Arc::new(Run::new(theme.clone()))
    }
    fn end(&self, _: &Arc<Run>) {}
    fn made(&self, _: usize) {}
    fn rendered(&self) {}
}

/// Shown with the portal of this repository, which uses all of the theme; other tests run with checkpoints
/// anyway.
#[test]
fn checkpoints_change_no_byte() {
    let files: Arc<dyn Files> = Arc::new(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository"));
    let request = Request { base_url: None, drafts: false, future: false, as_of: date(2026, 11, 25) };
    let without = pipeline::build(&files, &request, &Progress::default());
    let with = pipeline::build(&files, &request, &Progress { watchdog: Some(Arc::new(Asking)), ..Progress::default() });
    assert!(without.is_whole() && without.outputs.len() > 20, "{:?}", without.findings);
    assert_eq!(with.findings, without.findings);
    assert!(with.outputs.keys().eq(without.outputs.keys()));
    for ((path, one), other) in with.outputs.iter().zip(without.outputs.values()) {
        assert!(one.bytes.held() == other.bytes.held(), "{path} differs");
    }
}

/// A preview in a process of its own.
struct Serving {
    portal: Portal,
    child: Child,
    port: u16,
    said: Arc<Mutex<String>>,
}

impl Serving {
    fn start(portal: Portal, limits: [&str; 4]) -> Self {
        let arguments: Vec<&str> = ["serve", "--port", "0"].into_iter().chain(limits).collect();
        let mut child = program(portal.root(), &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| line.strip_prefix("http://127.0.0.1:")?.trim_end_matches('/').parse().ok());
        // What is said later must be read as well, so that it can go on.
        thread::spawn(move || lines.for_each(drop));
        let said = Arc::new(Mutex::new(String::new()));
        let (to, mut from) = (said.clone(), child.stderr.take().expect("its errors"));
        thread::spawn(move || {
            let mut some = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut some) {
                to.lock().expect("what was said").push_str(&String::from_utf8_lossy(&some[..count]));
            }
        });
        Self { portal, child, port: port.expect("the address is said"), said }
    }

    /// What lies at an address; none where nobody answers, as while the process is replaced.
    fn try_get(&self, path: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        (!answer.is_empty()).then(|| Answer::from(&answer))
    }

    fn get(&self, path: &str) -> Answer {
        self.try_get(path).expect("an answer")
    }

    /// Puts a file in its place whole: one that is written there is empty for a moment, which may be seen.
    fn replace(&self, path: &str, text: &str) {
        self.portal.write("fresh", text);
        std::fs::rename(self.portal.path("fresh"), self.portal.path(path)).expect("it takes its place");
    }

    /// Waits until a page says something.
    #[track_caller]
    fn until_shown(&self, path: &str, text: &str) {
        self.until(text, |serving| serving.try_get(path).is_some_and(|answer| answer.text().contains(text)));
    }

    /// Waits until something is said in the terminal.
    #[track_caller]
    fn until_said(&self, text: &str) {
        self.until(text, |serving| serving.said().contains(text));
    }

    fn said(&self) -> String {
        self.said.lock().expect("what was said").clone()
    }

    /// Waits until something is the case.
    #[track_caller]
    fn until(&self, what: &str, mut is: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !is(self) {
            assert!(start.elapsed() < PATIENCE * 3, "{what} did not come about; it said: {}", self.said());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The time of processors it has used, in hundredths of a second.
    #[cfg(target_os = "linux")]
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it lives");
        let fields: Vec<u64> = stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        fields[11] + fields[12]
    }

    /// What pages that are open are told first.
    fn told(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it answers");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        write!(stream, "GET /__werdegang/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).expect("it is asked");
        let mut some = [0; 65536];
        let mut text = String::new();
        while !text.contains("\n\ndata") && !text.contains("data:") {
            let count = stream.read(&mut some).expect("it tells");
            assert!(count > 0, "it tells nothing: {text}");
            text.push_str(&String::from_utf8_lossy(&some[..count]));
        }
        text
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page alone has a template that runs away: it is as it was, and so are the others, until the template is
/// mended.
fn comes_back(broken: &str, limits: [&str; 4]) {
    let files = [
        ("templates/page.html", "{% block a %}<p>{{ page.title }}, first</p>{% endblock %}"),
        ("templates/other.html", "<p>{{ page.title }}, other</p>"),
        ("content/b.md", "+++\ntitle = \"B\"\ndescription = \"A page.\"\ntemplate = \"other.html\"\n+++\n\nText.\n"),
        ("content/film.mp4", "0123456789"),
    ];
    let mut serving = Serving::start(portal(&files), limits);
    serving.until_shown("/a/", "A, first");
    let before = serving.get("/a/").text();
    serving.replace("templates/page.html", &format!("{HEADING}{broken}"));
    // The last of what is said of it.
    serving.until_said("1 error; the last good state is still served");
    let said = serving.said();
    assert!(said.contains("error[template-runaway]") && said.contains("--> templates/page.html:"), "{said}");
    // The process is the same for whoever started it, and its port for whoever looks.
    assert!(serving.child.try_wait().expect("a state").is_none());
    assert_eq!(serving.get("/a/").text(), before);
    assert!(serving.get("/b/").text().contains("B, other"));
    assert_eq!(serving.get("/film.mp4").text(), "0123456789");
    let told = serving.told();
    assert!(told.contains("template-runaway") || told.contains("runs away"), "{told}");
    // Edits elsewhere do not end it either: of one the template is tried again, of the other another error is
    // told.
    serving.replace("templates/other.html", "<p>{{ page.title }}, another</p>");
    serving.replace("content/c.md", "+++\ntitle = \"C\"\nnonsense = 1\n+++\n");
    serving.until_said("error[unknown-key]");
    std::fs::remove_file(serving.portal.path("content/c.md")).expect("it was there");
    serving.replace("templates/page.html", "<p>{{ page.title }}, mended</p>");
    serving.until_shown("/a/", "A, mended");
    serving.until_shown("/b/", "B, another");
    assert!(serving.child.try_wait().expect("a state").is_none());
    #[cfg(target_os = "linux")]
    serving.until("rest", |serving| {
        let before = serving.ticks();
        thread::sleep(Duration::from_millis(500));
        serving.ticks() - before < 10
    });
}

#[test]
fn a_preview_comes_back_from_loops() {
    comes_back(&loops("{%", "%}"), SHORT);
}

#[test]
fn a_preview_comes_back_from_texts_that_double() {
    comes_back(&doubling_in_a_loop("x ~ x"), SMALL);
}

#[test]
fn a_preview_that_has_no_site_yet_comes_back() {
    let serving = Serving::start(portal(&[("templates/page.html", &loops("{%", "%}"))]), SHORT);
    serving.until_said("1 error; nothing can be served yet");
    assert!(serving.said().contains("error[template-runaway]"), "{}", serving.said());
    assert!(serving.get("/a/").text().contains("template-runaway"));
    serving.replace("templates/page.html", "{{ page.title }}, mended");
    serving.until_shown("/a/", "A, mended");
}

/// A watchdog that replaces nothing, and tells what it would have replaced the process for.
fn telling(limits: Limits) -> (Watch, Receiver<String>) {
    let (to, told) = channel();
    let to = Mutex::new(to);
    let replace: Replace = Box::new(move |left, message| {
        if let Some(left) = left {
            let _ = std::fs::remove_dir_all(left);
        }
        let _ = to.lock().expect("the other end").send(message.to_owned());
    });
    (Watch::start(limits, None, Some(replace)), told)
}

fn no_theme() -> Arc<Theme> {
    let files = Memory::new().with("site.toml", SITE);
    let config = Arc::new(Config::load(&files, None, &mut Vec::new()).expect("settings"));
    Arc::new(Theme::load(&config, &files, None, &mut Vec::new()))
}

/// The clock says nothing of how long an output takes: on a machine that is busy all of them wait.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_waits_takes_no_time() {
    let (watch, told) = telling(Limits { time: Duration::from_millis(300), memory: u64::MAX });
    let (theme, pipeline) = (no_theme(), watch.for_pipeline());
    let (begun, waits) = channel();
    let (end, ended) = channel::<()>();
    let waiting = {
        let (pipeline, theme) = (pipeline.clone(), theme.clone());
        thread::spawn(move || {
            let run = pipeline.begin("waits/index.html", &theme);
            begun.send(()).expect("somebody asks");
            let _ = ended.recv();
            pipeline.end(&run);
        })
    };
    waits.recv().expect("it begins");
    let run = pipeline.begin("works/index.html", &theme);
    let message = loop {
        if let Ok(message) = told.try_recv() {
            break message;
        }
    };
    pipeline.end(&run);
    drop(end);
    waiting.join().expect("it ends");
    assert_eq!(message, "`works/index.html` takes more than 0.3 s of processor time; all is made once more, to find the line");
    drop(watch);
    assert!(told.try_iter().all(|message| message.contains("works")));
}

#[test]
fn an_output_may_take_as_much_as_the_limits() {
    assert_eq!(Limits::default(), Limits { time: OUTPUT_TIME, memory: OUTPUT_MEMORY });
    let portal = portal(&[]);
    let (time, memory) = (OUTPUT_TIME.as_secs(), OUTPUT_MEMORY / 1024 / 1024);
    let help = portal.run(&["build", "--help"]).1.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains(&format!("{time} s where it is left out")) && help.contains(&format!("{memory} MiB where it is left out")),
        "{help}"
    );
    let explained = portal.run(&["explain", "template-runaway"]).1.out;
    assert!(explained.contains(&format!("{time} seconds")) && explained.contains(&format!("{} GiB", memory / 1024)), "{explained}");
    // An honest page within them: 16 MiB, put together twice over.
    let honest = "{% set x = \"a\" %}{% for i in range(end=24) %}{% set_global x = x ~ x %}{% endfor %}{{ x }}";
    let portal = self::portal(&[("templates/page.html", honest)]);
    let output = program(portal.root(), &["build", "--output-memory", "192"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let (watch, told) = telling(Limits { time: Duration::MAX, memory: 48 << 20 });
    let (theme, pipeline) = (no_theme(), watch.for_pipeline());
    let run = pipeline.begin("large/index.html", &theme);
    let grown = vec![1_u8; 256 << 20];
    let message = told.recv_timeout(PATIENCE).expect("it is noticed");
    pipeline.end(&run);
    assert_eq!(message, "`large/index.html` takes more than 48 MiB of memory; all is made once more, to find the line");
    assert!(grown.iter().all(|byte| *byte == 1));
}
