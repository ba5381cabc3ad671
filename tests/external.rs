//! Links to other servers, asked for at a server of this machine.

use std::net::TcpListener;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use werdegang::api::check::external::{Cache, Clock, Link, Progress, Rules, check};
use werdegang::api::cli::Outcome;
use werdegang::api::diagnostic::Diagnostic;
use werdegang::api::limits::{LARGEST_ANSWER_HEAD, LONGEST_WAIT, MOST_REDIRECTS, MOST_REQUESTS, MOST_SILENCES};

use crate::harness::{Asked, Portal, Reply, Server};
use crate::serve::PATIENCE;

/// Time that passes only where somebody waits.
struct Virtual {
    start: Timestamp,
    elapsed: Arc<Mutex<Duration>>,
}

impl Virtual {
    fn new() -> Self {
        Self { start: "2026-11-23T12:00:00Z".parse().expect("a moment"), elapsed: Arc::default() }
    }

    fn at(start: &str) -> Self {
        Self { start: start.parse().expect("a moment"), elapsed: Arc::default() }
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        self.start + self.elapsed()
    }
    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().expect("time")
    }
    fn sleep(&self, duration: Duration) {
        *self.elapsed.lock().expect("time") += duration;
    }
}

/// For servers that never answer: any time is over some day.
const SHORT: Duration = Duration::from_millis(300);

fn rules() -> Rules {
    Rules {
        exclude: Vec::new(),
        timeout: PATIENCE,
        retries: 2,
        keep: SignedDuration::from_hours(24 * 7),
        per_host: 2,
        pause: Duration::ZERO,
        limit: Duration::from_secs(3600),
        private_hosts: vec![String::from("127.0.0.1")],
        user_agent: String::from("werdegang/test (+https://www.example.org)"),
    }
}

fn links(urls: &[String]) -> Vec<Link> {
    urls.iter().map(|url| Link { url: url.parse().expect("an address"), places: Vec::new() }).collect()
}

/// Holds requests until so many were there at once, however slow the machine is; then no more.
#[derive(Clone)]
struct Met {
    wanted: usize,
    now: Arc<(Mutex<(usize, usize)>, Condvar)>,
}

impl Met {
    fn of(wanted: usize) -> Self {
        Self { wanted, now: Arc::default() }
    }

    fn reply(&self) -> impl Fn(&Asked) -> Reply + Send + Sync + 'static {
        let Self { wanted, now } = self.clone();
        move |_| {
            let (count, more) = &*now;
            let mut count = count.lock().expect("a count");
            count.0 += 1;
            count.1 = count.1.max(count.0);
            more.notify_all();
            let (mut count, _) = more.wait_timeout_while(count, PATIENCE / 2, |count| count.1 < wanted).expect("a count");
            count.0 -= 1;
            Reply::status(200)
        }
    }

    /// The most that were there at once.
    fn most(&self) -> usize {
        self.now.0.lock().expect("a count").1
    }
}

/// What is found, with a cache that is not kept.
fn ask(urls: &[String], rules: &Rules, clock: &Virtual) -> Vec<Diagnostic> {
    check(&links(urls), rules, &mut Cache::default(), clock, &Progress::default())
}

/// The code and message of what is found about one link of a server; empty where it is good.
fn verdict(server: &Server, path: &str) -> String {
    // What hangs has a short time, and all else one that no load of the machine exhausts.
    let timeout = if path.ends_with("hangs") { SHORT } else { PATIENCE };
    let found = ask(&[server.url(path)], &Rules { timeout, ..rules() }, &Virtual::new());
    found.first().map(|finding| format!("{}: {}", finding.code, finding.message)).unwrap_or_default()
}

#[test]
fn each_answer_has_its_verdict() {
    let head = |status: u16| move |asked: &Asked| if asked.method == "HEAD" { Reply::status(status) } else { Reply::status(200) };
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/head/405" => head(405)(asked),
        "/head/501" => head(501)(asked),
        "/head/403" => head(403)(asked),
        "/head/404" => head(404)(asked),
        "/head/500" => head(500)(asked),
        "/head/drops" if asked.method == "HEAD" => Reply::Drop,
        "/head/hangs" if asked.method == "HEAD" => Reply::Hang,
        "/head/circle" if asked.method == "HEAD" => Reply::to(302, "/head/circle"),
        "/endless" if asked.method == "HEAD" => Reply::status(405),
        "/endless" => Reply::Endless,
        "/hangs" => Reply::Hang,
        "/drops" => Reply::Drop,
        "/circle/a" => Reply::to(301, "/circle/b"),
        "/circle/b" => Reply::to(301, "/circle/a"),
        "/301" => Reply::to(301, "/new"),
        "/308" => Reply::to(308, "new?x=1#part"),
        "/302" => Reply::to(302, "/new"),
        "/303" => Reply::to(303, "/new"),
        "/307" => Reply::to(307, "/new"),
        "/301-302" => Reply::to(301, "/302"),
        "/302-301" => Reply::to(302, "/301"),
        "/301-404" => Reply::to(301, "/404"),
        "/301-nowhere" => Reply::status(301),
        "/302-mail" => Reply::to(302, "mailto:a@b.example"),
        path if path.starts_with("/forever/") => {
            let number: usize = path["/forever/".len()..].parse().expect("a number");
            Reply::to(302, &format!("/forever/{}", number + 1))
        }
        path if path.starts_with("/steps/") => {
            let number: usize = path["/steps/".len()..].parse().expect("a number");
            if number == 0 { Reply::status(200) } else { Reply::to(302, &format!("/steps/{}", number - 1)) }
        }
        path => path[1..].parse().map_or(Reply::status(200), Reply::status),
    });
    for path in [
        "/200",
        "/204",
        "/206",
        "/300",
        "/304",
        "/302",
        "/303",
        "/307",
        "/head/405",
        "/head/501",
        "/head/403",
        "/head/404",
        "/head/500",
        "/head/drops",
        "/head/hangs",
        "/head/circle",
        "/endless",
        "/302-301",
        "/steps/10",
    ] {
        assert_eq!(verdict(&server, path), "", "{path}");
    }
    let base = server.url("");
    for (path, wanted) in [
        ("/404", "external-gone: `[URL]` is gone: the server answers 404 Not Found"),
        ("/410", "external-gone: `[URL]` is gone: the server answers 410 Gone"),
        ("/301-404", "external-gone: `[URL]` redirects to `[BASE]/404`, which is gone: the server answers 404 Not Found"),
        ("/301", "external-moved: `[URL]` has moved for good"),
        ("/308", "external-moved: `[URL]` has moved for good"),
        ("/301-302", "external-moved: `[URL]` has moved for good"),
        ("/400", "external-unreachable: `[URL]` could not be checked: the server answers 400 Bad Request"),
        ("/401", "external-unreachable: `[URL]` could not be checked: the server answers 401 Unauthorized"),
        ("/403", "external-unreachable: `[URL]` could not be checked: the server answers 403 Forbidden"),
        ("/429", "external-unreachable: `[URL]` could not be checked: the server answers 429 Too Many Requests"),
        ("/500", "external-unreachable: `[URL]` could not be checked: the server answers 500 Internal Server Error"),
        ("/503", "external-unreachable: `[URL]` could not be checked: the server answers 503 Service Unavailable"),
        ("/999", "external-unreachable: `[URL]` could not be checked: the server answers 999"),
        ("/hangs", "external-unreachable: `[URL]` could not be checked: the server does not answer in time"),
        ("/drops", "external-unreachable: `[URL]` could not be checked: the server ends the connection without an answer"),
        ("/circle/a", "external-unreachable: `[URL]` could not be checked: its redirects run in a circle, or are more than 10"),
        ("/forever/0", "external-unreachable: `[URL]` could not be checked: its redirects run in a circle, or are more than 10"),
        ("/301-nowhere", "external-unreachable: `[URL]` could not be checked: the server answers 301 Moved Permanently"),
        ("/302-mail", "external-unreachable: `[URL]` could not be checked: it redirects to `mailto:a@b.example`, which is no web address"),
    ] {
        let found = verdict(&server, path).replace(&format!("`{}`", server.url(path)), "`[URL]`").replace(&base, "[BASE]");
        assert_eq!(found, wanted, "{path}");
    }
    let followed = |number: usize| server.times(&format!("/forever/{number}")) > 0;
    assert!(followed(MOST_REDIRECTS) && !followed(MOST_REDIRECTS + 1));
    let help = |path: &str| ask(&[server.url(path)], &rules(), &Virtual::new())[0].help.clone().unwrap_or_default();
    assert_eq!(&*help("/301"), format!("write the new address: {base}/new"));
    assert_eq!(&*help("/308"), format!("write the new address: {base}/new?x=1#part"));
    // The redirect for now is not what is to be written.
    assert_eq!(&*help("/301-302"), format!("write the new address: {base}/302"));
}

#[test]
fn a_link_is_dead_only_when_its_page_is() {
    let server = Server::start(|_| Reply::status(404));
    assert!(verdict(&server, "/a").starts_with("external-gone"));
    let methods: Vec<String> = server.take().into_iter().map(|asked| asked.method).collect();
    assert_eq!(methods, ["HEAD", "GET"]);
}

#[test]
fn servers_that_are_not_there_are_told_from_dead_links() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let plain = Server::start(|_| Reply::Drop);
    let of = |url: String| ask(&[url], &rules(), &Virtual::new())[0].message.clone();
    assert!(of(format!("http://127.0.0.1:{closed}/")).ends_with("could not be checked: the server refuses the connection"));
    let message = of(format!("https://127.0.0.1:{}/", plain.port));
    assert!(message.contains("could not be checked: the server "), "{message}");
    // A server that does not speak TLS at all.
    let text = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = text.local_addr().expect("an address").port();
    thread::spawn(move || {
        for mut stream in text.incoming().filter_map(Result::ok) {
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    let message = of(format!("https://127.0.0.1:{port}/"));
    assert!(message.contains("could not be checked: the server does not speak TLS as it should ("), "{message}");
}

#[test]
fn an_answer_that_may_pass_is_asked_for_again() {
    for first in [Reply::status(500), Reply::status(503), Reply::status(429), Reply::Drop, Reply::Hang] {
        let shown = format!("{first:?}");
        // HEAD, and GET at once where HEAD may be at fault, fail; so does the first time it is asked again.
        let server = Server::start(move |asked| if asked.before < 2 { first.clone() } else { Reply::status(200) });
        let clock = Virtual::new();
        assert_eq!(ask(&[server.url("/a")], &rules(), &clock), [], "{shown}");
        assert_eq!(server.times("/a"), 3, "{shown}");
        assert!(clock.elapsed() >= Duration::from_secs(1), "{shown}");
    }
    for never in [Reply::status(401), Reply::status(403), Reply::status(404)] {
        let shown = format!("{never:?}");
        let server = Server::start(move |_| never.clone());
        ask(&[server.url("/a")], &rules(), &Virtual::new());
        assert_eq!(server.times("/a"), 2, "{shown}");
    }
    // One that is always busy is asked as often as the rules say: HEAD, then twice again, each time later.
    let server = Server::start(|_| Reply::status(429));
    let clock = Virtual::new();
    assert_eq!(ask(&[server.url("/a")], &rules(), &clock)[0].code, "external-unreachable");
    assert_eq!((server.times("/a"), clock.elapsed()), (3, Duration::from_secs(3)));
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let busy = |wait: &str| {
        let wait = wait.to_owned();
        Server::start(move |asked| match asked.before {
            0 => Reply::Status(429, vec![format!("Retry-After: {}", wait)]),
            _ => Reply::status(200),
        })
    };
    let longest = LONGEST_WAIT.as_secs();
    for (wait, seconds) in [("0", 0), ("1", 1), (&*longest.to_string(), longest), ("Mon, 23 Nov 2026 12:00:20 GMT", 20)] {
        let (server, clock) = (busy(wait), Virtual::new());
        assert_eq!(ask(&[server.url("/a")], &rules(), &clock), [], "{wait}");
        assert_eq!(clock.elapsed(), Duration::from_secs(seconds), "{wait}");
        assert_eq!(server.times("/a"), 2, "{wait}");
    }
    // One that asks for an hour is left alone, with all its links.
    let (server, clock) = (busy("3600"), Virtual::new());
    let urls: Vec<String> = (0..20).map(|number| server.url(&format!("/{number}"))).collect();
    let found = ask(&urls, &Rules { per_host: 1, ..rules() }, &clock);
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|finding| finding.message.ends_with("the server asks to be left alone for 3600 seconds")), "{found:#?}");
    assert_eq!(server.seen().asked.len(), 1);
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[test]
fn a_server_gets_two_requests_at_once_and_all_of_them_sixteen() {
    // Who comes first waits for others, until as many were there at once as there may be.
    let met = Met::of(2);
    let server = Server::start(met.reply());
    let urls: Vec<String> = (0..12).map(|number| server.url(&format!("/{number}"))).collect();
    assert_eq!(ask(&urls, &rules(), &Virtual::new()), []);
    assert_eq!(server.seen().asked.len(), 12);
    assert_eq!(server.seen().most_at_once, 2);
    // Redirects from elsewhere count like links.
    let to = server.url("/x");
    let others: Vec<Server> = (0..6)
        .map(|number| {
            let to = format!("{to}{number}");
            Server::start(move |_| Reply::to(302, &to))
        })
        .collect();
    server.seen().most_at_once = 0;
    let urls: Vec<String> = others.iter().map(|other| other.url("/")).collect();
    assert_eq!(ask(&urls, &Rules { per_host: 1, ..rules() }, &Virtual::new()), []);
    assert_eq!(server.seen().most_at_once, 1);
    // Many servers, counted together.
    let met = Met::of(MOST_REQUESTS);
    let many: Vec<Server> = (0..24).map(|_| Server::start(met.reply())).collect();
    let urls: Vec<String> = many.iter().flat_map(|server| [server.url("/a"), server.url("/b")]).collect();
    assert_eq!(ask(&urls, &rules(), &Virtual::new()), []);
    assert_eq!(met.most(), MOST_REQUESTS);
}

#[test]
fn a_server_is_left_alone_between_two_requests() {
    let clock = Virtual::new();
    let (elapsed, moments) = (clock.elapsed.clone(), Arc::new(Mutex::new(Vec::new())));
    let noted = moments.clone();
    let server = Server::start(move |asked| {
        noted.lock().expect("moments").push(*elapsed.lock().expect("time"));
        if asked.path == "/0" { Reply::to(302, "/more") } else { Reply::status(200) }
    });
    let urls: Vec<String> = (0..5).map(|number| server.url(&format!("/{number}"))).collect();
    let pause = Duration::from_millis(500);
    assert_eq!(ask(&urls, &Rules { per_host: 1, pause, ..rules() }, &clock), []);
    let moments = moments.lock().expect("moments").clone();
    assert_eq!(moments, (0..6).map(|number| pause * number).collect::<Vec<_>>());
}

#[test]
fn a_silent_server_is_not_waited_for_at_each_of_its_links() {
    let server = Server::start(|_| Reply::Hang);
    let urls: Vec<String> = (0..30).map(|number| server.url(&format!("/{number}"))).collect();
    let found = ask(&urls, &Rules { retries: 0, timeout: SHORT, ..rules() }, &Virtual::new());
    assert_eq!(found.len(), 30);
    assert!(found.iter().all(|finding| finding.code == "external-unreachable"));
    let asked = server.seen().asked.len();
    // Each link is asked for in two ways, and those that are under way when it is given up come to their end.
    assert!((MOST_SILENCES..=2 * (MOST_SILENCES + 1)).contains(&asked), "{asked} requests");
}

#[test]
fn a_head_without_end_is_not_read_to_it() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/large" => Reply::Status(200, vec![format!("X: {}", "a".repeat(LARGEST_ANSWER_HEAD / 2))]),
        _ => Reply::EndlessHead,
    });
    assert_eq!(verdict(&server, "/large"), "");
    assert!(verdict(&server, "/endless").starts_with("external-unreachable: "));
}

#[test]
fn what_is_not_asked_in_time_is_reported() {
    let server = Server::start(|_| Reply::status(200));
    let urls: Vec<String> = (0..10).map(|number| server.url(&format!("/{number}"))).collect();
    let rules = Rules { per_host: 1, pause: Duration::from_secs(1), limit: Duration::from_millis(3500), ..rules() };
    let found = ask(&urls, &rules, &Virtual::new());
    assert_eq!(server.seen().asked.len(), 4);
    assert_eq!(found.iter().filter(|finding| finding.code == "external-unchecked").count(), 6);
    // Nor is a server waited for beyond the end.
    let busy = Server::start(|_| Reply::Status(503, vec![String::from("Retry-After: 30")]));
    let found = ask(&[busy.url("/a")], &rules, &Virtual::new());
    assert_eq!(found[0].code, "external-unchecked");
}

#[test]
fn addresses_that_are_not_public_are_not_contacted() {
    let server = Server::start(|_| Reply::status(200));
    let inside = format!("http://localhost:{}/", server.port);
    let found = ask(&[inside.clone(), format!("http://[::1]:{}/", server.port)], &rules(), &Virtual::new());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|finding| finding.message.contains("its address is not public")), "{found:#?}");
    let none = Rules { private_hosts: Vec::new(), ..rules() };
    assert_eq!(ask(&[server.url("/")], &none, &Virtual::new()).len(), 1);
    assert_eq!(server.seen().connections, 0);
    // Nor is one that a server redirects to.
    let to = inside.clone();
    let other = Server::start(move |_| Reply::to(301, &to));
    let found = ask(&[other.url("/")], &rules(), &Virtual::new());
    assert_eq!(found[0].code, "external-unreachable");
    assert!(found[0].message.contains("`, which could not be checked: its address is not public"), "{}", found[0].message);
    assert_eq!((server.seen().connections, other.seen().connections), (0, 1));
    // The same address is asked where the settings name it.
    let allowed = Rules { private_hosts: vec![String::from("localhost")], ..rules() };
    assert_eq!(ask(&[inside], &allowed, &Virtual::new()), []);
    assert_eq!(server.seen().connections, 1);
}

#[test]
fn good_answers_are_kept_for_a_while_and_bad_ones_never() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/moved" => Reply::to(301, "/new"),
        "/gone" => Reply::status(404),
        "/forbidden" => Reply::status(403),
        _ => Reply::status(200),
    });
    let links = links(&["/good", "/moved", "/gone", "/forbidden"].map(|path| server.url(path)));
    let mut cache = Cache::default();
    let mut run = |moment: &str| {
        let found = check(&links, &rules(), &mut cache, &Virtual::at(moment), &Progress::default());
        // Between runs it is a file.
        cache = Cache::parse(cache.to_json().as_bytes());
        let mut asked: Vec<String> = server.take().into_iter().map(|asked| asked.path).collect();
        asked.sort();
        asked.dedup();
        (found, asked)
    };
    let (first, asked) = run("2026-11-23T12:00:00Z");
    assert_eq!(asked, ["/forbidden", "/gone", "/good", "/moved", "/new"]);
    assert_eq!(first.len(), 3);
    let (second, asked) = run("2026-11-30T11:59:59Z");
    assert_eq!(asked, ["/forbidden", "/gone"]);
    assert_eq!(second, first);
    let (third, asked) = run("2026-11-30T12:00:00Z");
    assert_eq!(asked, ["/forbidden", "/gone", "/good", "/moved", "/new"]);
    assert_eq!(third, first);
    // A clock that went back makes nothing older than it is.
    assert_eq!(run("2026-11-29T12:00:00Z").1.len(), 5);
}

#[test]
fn a_cache_that_cannot_be_read_is_none() {
    let good = {
        let server = Server::start(|_| Reply::status(200));
        let mut cache = Cache::default();
        check(&links(&[server.url("/")]), &rules(), &mut cache, &Virtual::new(), &Progress::default());
        cache
    };
    let text = good.to_json();
    assert_eq!(Cache::parse(text.as_bytes()), good);
    assert_ne!(good, Cache::default());
    let other_version = text.replace("\"version\": 2", "\"version\": 3");
    assert_ne!(other_version, text);
    for end in 0..text.trim_end().len() {
        assert_eq!(Cache::parse(&text.as_bytes()[..end]), Cache::default());
    }
    let other_address = text.replace("http://", "https://");
    assert_ne!(other_address, text);
    for bad in [other_version.as_str(), other_address.as_str(), "[]", "{\"version\":1,\"links\":{\"a\":{\"checked\":7}}}", "\u{0}", "null"]
    {
        assert_eq!(Cache::parse(bad.as_bytes()), Cache::default(), "{bad}");
    }
    assert_eq!(Cache::parse(b"\xff\xfe"), Cache::default());
}

/// A portal whose pages link to a server.
fn portal(server: &Server) -> Portal {
    let settings = "[check]\nseverity = { no-description = \"off\", orphan-page = \"off\" }\n[check.external]\npause = 0\nretries = 0\ntimeout = 2\nprivate_hosts = [\"127.0.0.1\"]\n";
    let portal = Portal::of(&[("site.toml", &format!("{}{settings}", crate::harness::SITE))]);
    portal.write("content/a.md", format!("+++\ntitle = \"A\"\n+++\nText, and a [link]({}).\n", server.url("/gone#here")));
    portal.write("content/b.md", format!("+++\ntitle = \"B\"\n+++\n[Good]({0}), [gone]({1}).\n", server.url("/good"), server.url("/gone")));
    portal
}

#[test]
fn the_command_asks_once_and_remembers() {
    let server = Server::start(|asked| if asked.path == "/gone" { Reply::status(404) } else { Reply::status(200) });
    let portal = portal(&server);
    let (outcome, shown) = portal.run(&["check", "--external", "--format", "json"]);
    assert_eq!(outcome, Outcome::SiteErrors);
    let findings: Value = serde_json::from_str(&shown.out).expect("JSON");
    let finding = &findings[0];
    assert_eq!((findings.as_array().map(Vec::len), &finding["code"]), (Some(2), &Value::from("external-gone")));
    assert_eq!(finding["severity"], "error");
    assert_eq!(
        (&finding["place"]["file"], &finding["place"]["line"], &finding["place"]["column"]),
        (&"content/a.md".into(), &4.into(), &20.into())
    );
    assert_eq!(finding["place"]["text"], format!("Text, and a [link]({}).", server.url("/gone#here")));
    assert_eq!((&findings[1]["place"]["file"], &findings[1]["place"]["line"]), (&"content/b.md".into(), &4.into()));
    let asked = server.take();
    assert_eq!(asked.iter().filter(|asked| asked.path == "/gone").count(), 2);
    assert_eq!(asked.iter().filter(|asked| asked.path == "/good").count(), 1);
    let agent = &asked[0].user_agent;
    assert!(agent.starts_with("werdegang/") && agent.contains("+https://www.example.org;"), "{agent}");
    let paths = || server.take().into_iter().map(|asked| asked.path).collect::<Vec<_>>();
    portal.run(&["check", "--external"]);
    assert_eq!(paths(), ["/gone", "/gone"]);
    portal.run(&["check", "--external", "--fresh"]);
    assert!(paths().contains(&String::from("/good")));
    // Whatever stands in the file, the run goes on.
    portal.write(".werdegang/links.json", "{ \"version\": 1, \"links\": ");
    assert_eq!(portal.run(&["check", "--external"]).0, Outcome::SiteErrors);
    assert!(paths().contains(&String::from("/good")));
    // Where it cannot be kept, that is said, and nothing else changes.
    std::fs::remove_dir_all(portal.path(".werdegang")).expect("removed");
    portal.write(".werdegang", "a file in its place");
    let (outcome, shown) = portal.run(&["check", "--external"]);
    assert_eq!(outcome, Outcome::SiteErrors);
    assert!(shown.err.contains("could not be kept in .werdegang/links.json"), "{}", shown.err);
}

#[test]
fn nobody_is_contacted_unless_that_is_asked_for() {
    let server = Server::start(|_| Reply::status(404));
    let portal = portal(&server);
    for command in [&["check"][..], &["build"], &["check", "--format", "json"]] {
        let (outcome, shown) = portal.run(command);
        assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    }
    assert_eq!(server.seen().connections, 0);
    assert!(!portal.path(".werdegang/links.json").exists());
    assert_eq!(portal.run(&["check", "--fresh"]).0, Outcome::CannotRun);
}
