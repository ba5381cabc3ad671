//! What is served while an update is under way, and after it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::date;
use werdegang::api::diagnostic::Diagnostic;
use werdegang::api::limits::{MOST_COMING, UPDATE_PATIENCE};
use werdegang::api::locale::Locale;
use werdegang::api::output::Bytes;
use werdegang::api::pipeline::{Audience, BuiltOutput, Update};
use werdegang::api::serve::{Memory, Server, Settings};

use crate::serve::{Answer, Folder, PATIENCE, Preview, said_to};

/// A server over a memory that the test fills.
struct Filled {
    memory: Arc<Memory>,
    port: u16,
    _server: Server,
}

fn output(text: &str) -> BuiltOutput {
    BuiltOutput { bytes: Bytes::Made(text.as_bytes().into()), source: None }
}

fn update(changes: &[(&str, Option<&str>)]) -> Update {
    let changes: BTreeMap<Arc<str>, Option<BuiltOutput>> = changes.iter().map(|(path, text)| ((*path).into(), text.map(output))).collect();
    Update { changes, ..Update::default() }
}

fn failed() -> Update {
    Update { findings: vec![Diagnostic::new("template", "it does not hold")].into(), ..Update::default() }
}

impl Filled {
    fn with(changes: &[(&str, Option<&str>)]) -> Self {
        let memory = Arc::new(Memory::new());
        memory.begin();
        memory.publish(update(changes), true);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server::start(listener, memory.clone(), Settings::default()).unwrap();
        Self { memory, port, _server: server }
    }

    fn expect(&self, paths: &[&str]) {
        self.memory.begin();
        self.memory.expect(&paths.iter().map(|path| Arc::from(*path)).collect::<Vec<_>>());
    }

    fn wanted(&self) -> Vec<String> {
        self.memory.wanted().iter().map(ToString::to_string).collect()
    }

    fn until_wanted(&self, paths: &[&str]) {
        let start = Instant::now();
        while self.wanted() != paths {
            assert!(start.elapsed() < PATIENCE, "{:?} are wanted", self.wanted());
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn get(&self, path: &str) -> Answer {
        get(self.port, path)
    }
}

fn get(port: u16, path: &str) -> Answer {
    Answer::from(&said_to(port, format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()))
}

#[test]
fn a_request_waits_for_what_is_about_to_be_made_and_has_it_before_the_rest() {
    let served = Filled::with(&[("index.html", Some("old")), ("other/index.html", Some("other"))]);
    let port = served.port;
    served.expect(&["a/index.html", "index.html", "new/index.html"]);
    let home = thread::spawn(move || get(port, "/"));
    served.until_wanted(&["index.html"]);
    let new = thread::spawn(move || get(port, "/new/"));
    // In the order of asking.
    served.until_wanted(&["index.html", "new/index.html"]);
    // What is not expected is answered at once, from the last good site.
    assert!(served.get("/other/").text().starts_with("other"));
    assert_eq!(served.get("/nothing/").status, 404);
    served.memory.made(&"index.html".into(), &output("fresh"));
    assert!(home.join().unwrap().text().starts_with("fresh"));
    served.until_wanted(&["new/index.html"]);
    assert!(served.get("/").text().starts_with("fresh"));
    served.memory.publish(update(&[("index.html", Some("fresh")), ("new/index.html", Some("new"))]), false);
    assert!(new.join().unwrap().text().starts_with("new"));
    assert!(served.wanted().is_empty());
    assert!(served.get("/other/").text().starts_with("other"), "what an update does not name stays");
    served.memory.begin();
    served.memory.publish(update(&[("other/index.html", None)]), false);
    assert_eq!(served.get("/other/").status, 404);
    assert!(served.get("/").text().starts_with("fresh"));
}

#[test]
fn an_update_that_fails_leaves_the_last_good_site() {
    let served = Filled::with(&[("index.html", Some("old"))]);
    let tag = served.get("/").header("ETag").unwrap().to_owned();
    served.expect(&["index.html"]);
    served.memory.made(&"index.html".into(), &output("half"));
    assert!(served.get("/").text().starts_with("half"));
    served.memory.publish(failed(), false);
    assert!(served.get("/").text().starts_with("old"));
    assert_eq!(served.get("/").header("ETag"), Some(&*tag));
    // A builder that knows nothing of what is served names everything.
    served.memory.begin();
    let effect = served.memory.publish(update(&[("index.html", Some("old")), ("b.html", Some("b"))]), true);
    assert_eq!((effect.whole, effect.changed, effect.pages), (true, 1, 2));
    served.memory.begin();
    let effect = served.memory.publish(update(&[("b.html", Some("b"))]), true);
    assert_eq!((effect.changed, effect.pages), (1, 1));
    assert_eq!(served.get("/").status, 404);
}

#[test]
fn nobody_waits_for_ever() {
    let served = Filled::with(&[("index.html", Some("old"))]);
    served.expect(&["index.html"]);
    assert!(UPDATE_PATIENCE < PATIENCE);
    assert!(served.get("/").text().starts_with("old"));
    assert_eq!(served.wanted(), Vec::<String>::new());
}

#[test]
fn what_is_open_is_made_before_what_nobody_looks_at() {
    let served = Filled::with(&[("index.html", Some("old")), ("b/index.html", Some("b")), ("c/index.html", Some("c"))]);
    let port = served.port;
    let events = thread::spawn(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
            .write_all(format!("GET /__werdegang/events?at=/b/&at=/nowhere/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes())
            .unwrap();
        let (mut text, mut buffer) = (String::new(), [0; 1024]);
        // It is told when its page is made, before the update is whole.
        while text.matches("event: ok").count() < 2 {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    });
    served.expect(&["index.html", "b/index.html", "c/index.html"]);
    served.until_wanted(&["b/index.html"]);
    let waiting = thread::spawn(move || get(port, "/c/"));
    served.until_wanted(&["c/index.html", "b/index.html"]);
    served.memory.made(&"c/index.html".into(), &output("C"));
    assert!(waiting.join().unwrap().text().starts_with('C'));
    served.until_wanted(&["b/index.html"]);
    served.memory.made(&"b/index.html".into(), &output("B"));
    served.until_wanted(&[]);
    events.join().unwrap();
}

#[test]
fn a_page_learns_where_it_went_and_what_there_is_to_know_of_it() {
    let folder = Folder::portal();
    folder.write("content/guide/draft.md", "+++\ntitle = \"Draft\"\ndescription = \"A draft.\"\ndraft = true\n+++\n\nThree words here.\n");
    let preview = Preview::with(folder, &["--drafts", "--editor-url", "editor://open{path}?x"]);
    let about = |path: &str| preview.get(&format!("/__werdegang/page?at={path}&uses=/robots.txt&uses=/none.css")).text();
    let draft = about("/guide/draft/");
    for part in [
        "\"draft\":true",
        "\"words\":3",
        "\"file\":\"content/guide/draft.md\"",
        "\"editor\":\"editor://open/",
        "draft.md?x\"",
        "\"/none.css\":null",
    ] {
        assert!(draft.contains(part), "no {part} in {draft}");
    }
    let tag = preview.get("/guide/first/").header("ETag").unwrap().trim_matches('"').to_owned();
    assert!(about("/guide/first/").contains(&format!("\"tag\":\"{tag}\"")), "{}", about("/guide/first/"));
    std::fs::rename(preview.folder.path("content/guide/first.md"), preview.folder.path("content/guide/second.md")).unwrap();
    preview.until_served("/guide/second/", 200, "old words");
    std::fs::rename(preview.folder.path("content/guide/second.md"), preview.folder.path("content/guide/third.md")).unwrap();
    preview.until_served("/guide/third/", 200, "old words");
    // The page is served before the update ends that tells where others went.
    preview.until("the last address", |_| about("/guide/first/").contains("\"moved\":\"/guide/third/\"").then_some(()));
    assert!(about("/guide/third/").contains("\"moved\":null"));
    std::fs::remove_file(preview.folder.path("content/guide/third.md")).unwrap();
    preview.until_served("/guide/third/", 404, "<html");
    assert!(about("/guide/first/").contains("\"moved\":null"), "there is nothing to go to");
}

#[test]
fn pages_that_are_dated_ahead_are_told_with_their_day() {
    let folder = Folder::portal();
    let ahead = |name: &str, date: &str| format!("+++\ntitle = \"{name}\"\ndescription = \"Ahead.\"\ndate = {date}\n+++\n");
    for number in 0..MOST_COMING {
        folder.write(&format!("content/guide/later-{number:02}.md"), &ahead("Later", "2027-03-01"));
    }
    let preview = Preview::with(folder, &["--as-of", "2026-11-23"]);
    let about = || preview.get("/__werdegang/page?at=/guide/first/").text();
    preview.until_served("/guide/first/", 200, "old words");
    assert!(about().contains(&format!("\"coming_count\":{MOST_COMING},")), "{}", about());
    // No output becomes another one by it; who looks at a page hears of it all the same.
    let mut written = false;
    preview.events(|text| {
        if !written && text.contains("event: ok") {
            preview.folder.write("content/guide/sooner.md", &ahead("Sooner", "2026-12-24"));
            written = true;
        }
        text.matches("event: ok").count() > 1
    });
    let about = about();
    let day = Locale::of("en").unwrap().date(date(2026, 12, 24));
    let first = format!("{{\"title\":\"Sooner\",\"date\":\"{day}\",\"file\":\"content/guide/sooner.md\",\"editor\":null}}");
    assert!(about.contains(&format!("\"coming_count\":{},\"coming\":[{first}", MOST_COMING + 1)), "{about}");
    assert_eq!(about.matches("\"date\":").count(), MOST_COMING);
    assert_eq!(preview.get("/guide/sooner/").status, 404);
}

#[test]
fn the_words_of_the_preview_are_those_of_the_portal() {
    let german = Folder::portal();
    german.write("site.toml", "base_url = \"https://portal.example\"\ntitle = \"Portal\"\ndefault_language = \"de\"\n");
    let keys = |script: &str| {
        let words = script.split("const WORDS = ").nth(1).unwrap().split(";\n").next().unwrap().to_owned();
        let words: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&words).unwrap();
        words.keys().cloned().collect::<Vec<_>>()
    };
    let german = Preview::with(german, &["--no-bar"]).get("/__werdegang/reload.js").text();
    let english = Preview::of(Folder::portal()).get("/__werdegang/reload.js").text();
    assert!(german.contains("const LANGUAGE = \"de\"") && german.contains("const BAR = false"));
    assert!(english.contains("const LANGUAGE = \"en\"") && english.contains("const BAR = true"));
    assert!(keys(&german).len() > 10);
    assert_eq!(keys(&german), keys(&english));
}

#[test]
fn at_midnight_the_day_moves_on() {
    let folder = Folder::portal();
    folder.write("templates/404.html", "<body>{{ as_of() }}</body>");
    let preview = Preview::of(folder);
    preview.until_served("/nothing", 404, "2026-03-01");
    *preview.said.today.lock().unwrap() = date(2026, 3, 2);
    preview.until_served("/nothing", 404, "2026-03-02");
}
