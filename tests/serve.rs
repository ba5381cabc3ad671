//! The preview, as a browser sees it: over a socket, with files changing underneath.
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use werdegang::api::cli::{self, Outcome, Ui};
use werdegang::api::limits;

pub const TAG: &str = "<script src=\"/__werdegang/reload.js\"></script>";
/// How long a change may take to be served on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub const SITE: &str = "base_url = \"https://portal.example\"\ntitle = \"Portal\"\ndefault_language = \"en\"\n";

pub fn page(title: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndescription = \"A page.\"\n+++\n\n{text}\n")
}

/// A folder of its own for a test, removed behind it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("werdegang-serve-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A small portal.
    pub fn portal() -> Self {
        let folder = Self::new();
        folder.write("site.toml", SITE);
        folder.write("content/_index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome.\n");
        folder.write("content/guide/_index.md", "+++\ntitle = \"Guide\"\n+++\n\nAll of it.\n");
        folder.write("content/guide/first.md", &page("First", "old words"));
        folder.write("content/guide/film/index.md", &page("Film", "A film."));
        folder.write("content/guide/film/film.mp4", "0123456789");
        folder
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a command says, and whether it is to go on.
#[derive(Clone)]
pub struct Said {
    text: Arc<Mutex<String>>,
    go_on: Arc<AtomicBool>,
    pub today: Arc<Mutex<Date>>,
}

impl Said {
    pub fn new() -> Self {
        let today = Arc::new(Mutex::new(date(2026, 3, 1)));
        Self { text: Arc::default(), go_on: Arc::new(AtomicBool::new(true)), today }
    }

    pub fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }
}

impl Ui for Said {
    fn out(&mut self, text: &str) {
        self.text.lock().unwrap().push_str(text);
    }

    fn err(&mut self, text: &str) {
        self.out(text);
    }

    fn color(&self) -> bool {
        false
    }

    fn live(&self) -> bool {
        false
    }

    fn go_on(&self) -> bool {
        self.go_on.load(Ordering::Relaxed)
    }

    fn today(&self) -> Date {
        *self.today.lock().unwrap()
    }
}

pub fn run(root: &Path, arguments: &[&str], said: &Said) -> Outcome {
    let root = root.to_str().unwrap();
    let arguments = ["werdegang", "--root", root].into_iter().chain(arguments.iter().copied());
    cli::run(arguments, &mut said.clone())
}

/// What a server says to these bytes.
pub fn said_to(port: u16, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server may close before it has read what it refuses.
    let early = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    if let Err(error) = stream.write_all(bytes) {
        assert!(early.contains(&error.kind()), "{error}");
    }
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert!(early.contains(&error.kind()), "{error}");
    }
    answer
}

/// A running preview.
pub struct Preview {
    pub folder: Folder,
    pub port: u16,
    pub said: Said,
    thread: Option<JoinHandle<Outcome>>,
}

impl Preview {
    pub fn of(folder: Folder) -> Self {
        Self::with(folder, &[])
    }

    pub fn with(folder: Folder, more: &'static [&'static str]) -> Self {
        let said = Said::new();
        let thread = {
            let (root, said) = (folder.0.clone(), said.clone());
            thread::spawn(move || run(&root, &[&["serve", "--port", "0"], more].concat(), &said))
        };
        let mut preview = Self { folder, port: 0, said, thread: Some(thread) };
        let port = preview.until("the address", |preview| {
            let text = preview.said.text();
            text.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok())
        });
        preview.port = port;
        preview
    }

    /// Waits for something to become so.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; said:\n{}", self.said.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn until_served(&self, path: &str, status: u16, text: &str) -> Answer {
        self.until(&format!("{path} with {text}"), |preview| {
            Some(preview.get(path)).filter(|answer| answer.status == status && answer.text().contains(text))
        })
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let host = format!("Host: {}", self.host());
        let headers: Vec<&str> = [&*host].into_iter().chain(headers.iter().copied()).collect();
        self.ask_as(method, path, &headers)
    }

    /// Asks with exactly these headers, on a connection of its own.
    pub fn ask_as(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        Answer::from(&said_to(self.port, format!("{method} {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes()))
    }

    /// Listens to the events; gives what came when `enough` of it did.
    pub fn events(&self, mut enough: impl FnMut(&str) -> bool) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("GET /__werdegang/events HTTP/1.1\r\nHost: {}\r\n\r\n", self.host()).as_bytes()).unwrap();
        let mut text = String::new();
        let mut buffer = [0; 4096];
        while !enough(&text) {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "the events ended: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        text
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.said.go_on.store(false, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn from(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let of = |line: &'_ str| line.split_once(": ").is_some_and(|(other, _)| other.eq_ignore_ascii_case(name));
        self.head.lines().find(|line| of(line)).and_then(|line| line.split_once(": ")).map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[test]
fn a_page_served_is_the_page_built() {
    let preview = Preview::of(Folder::portal());
    let built = Folder::new();
    let url = format!("http://{}", preview.host());
    let to = built.0.to_str().unwrap();
    let said = Said::new();
    let outcome = run(&preview.folder.0, &["build", "--base-url", &url, "--output-dir", to, "--as-of", "2026-03-01"], &said);
    assert_eq!(outcome, Outcome::Done, "{}", said.text());
    let mut folders = vec![built.0.clone()];
    let mut compared = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_name() == ".werdegang" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let address = format!("/{}", path.strip_prefix(&built.0).unwrap().to_str().unwrap().replace('\\', "/"));
            let served = preview.get(&address);
            let mut body = served.body.clone();
            if address.ends_with(".html") {
                assert_eq!(served.text().matches(TAG).count(), 1, "{address}");
                assert!(served.text().contains(&format!("{TAG}</body>")), "{address}");
                body = served.text().replacen(TAG, "", 1).into_bytes();
            }
            assert_eq!(served.status, 200, "{address}");
            assert!(body == fs::read(&path).unwrap(), "{address} is served otherwise than it is built");
            compared += 1;
        }
    }
    assert!(compared > 8, "{compared}");
}

#[test]
fn only_its_own_names_are_answered() {
    let preview = Preview::of(Folder::portal());
    let port = preview.port;
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("LocalHost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(preview.ask_as("GET", "/", &[&format!("Host: {host}")]).status, 200, "{host}");
    }
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "localhost:1", "[::1", "", "127.0.0.1:99999", "\u{1}"] {
        let answer = preview.ask_as("GET", "/", &[&format!("Host: {host}")]);
        assert_eq!(answer.status, 403, "{host}");
        assert!(!answer.text().contains("Welcome"));
    }
    assert_eq!(preview.ask_as("GET", "/", &[]).status, 400);
    let own = format!("Host: 127.0.0.1:{port}");
    assert_eq!(preview.ask_as("GET", "/", &[&own, "Host: evil.example"]).status, 400);
    // No other site reads or embeds anything.
    for path in ["/", "/nothing", "/robots.txt", "/__werdegang/reload.js"] {
        let answer = preview.ask("GET", path, &["Origin: https://evil.example"]);
        assert!(!answer.head.to_lowercase().contains("access-control"), "{path}");
        assert_eq!(answer.header("Cross-Origin-Resource-Policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{path}");
    }
    assert_eq!(preview.ask("GET", "/__werdegang/events", &["Origin: https://evil.example"]).status, 403);
}

#[test]
fn addresses_lead_to_outputs_and_nowhere_else() {
    let preview = Preview::of(Folder::portal());
    assert!(preview.get("/guide/first/").text().contains("old words"));
    assert_eq!(preview.get("/guide/first/?query").status, 200);
    let moved = preview.get("/guide/first?query=1");
    assert_eq!((moved.status, moved.header("Location")), (301, Some("/guide/first/?query=1")));
    let types = [("/", "text/html; charset=utf-8"), ("/robots.txt", "text/plain; charset=utf-8"), ("/guide/film/film.mp4", "video/mp4")];
    for (path, kind) in types {
        assert_eq!(preview.get(path).header("Content-Type"), Some(kind), "{path}");
    }
    let nothing = preview.get("/nothing/here");
    assert_eq!(nothing.status, 404);
    assert!(nothing.text().contains(TAG) && nothing.text().contains("<html"));
    let out = [
        "/../site.toml",
        "/%2e%2e/site.toml",
        "/..%2fsite.toml",
        "/guide/../../site.toml",
        "/..%5csite.toml",
        "/..\\site.toml",
        "//etc/passwd",
        "/site.toml",
        "/content/_index.md",
        "/%00",
        "/guide/%00/",
        "/%ff",
        "/%zz",
        "/%",
        "http://evil.example/",
        "*",
    ];
    for path in out {
        let answer = preview.get(path);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("base_url") && !answer.text().contains("root:"), "{path}");
    }
    assert_eq!(preview.get(&format!("/{}", "a".repeat(limits::LONGEST_ADDRESS + 1))).status, 414);
}

#[test]
fn it_can_only_be_looked_at() {
    let preview = Preview::of(Folder::portal());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"] {
        let answer = preview.ask(method, "/", &["Content-Length: 0"]);
        assert_eq!((answer.status, answer.header("Allow")), (405, Some("GET, HEAD")), "{method}");
    }
    let (get, head) = (preview.get("/guide/"), preview.ask("HEAD", "/guide/", &[]));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["Content-Type", "Content-Length", "ETag"] {
        assert_eq!(get.header(name), head.header(name), "{name}");
    }
    assert_eq!(get.header("Content-Length"), Some(get.body.len().to_string().as_str()));
}

#[test]
fn what_is_known_is_not_sent_again_and_films_come_in_parts() {
    let preview = Preview::of(Folder::portal());
    let first = preview.get("/guide/first/");
    let tag = first.header("ETag").unwrap();
    let again = preview.ask("GET", "/guide/first/", &[&format!("If-None-Match: {tag}")]);
    assert_eq!((again.status, again.body.len(), again.header("ETag")), (304, 0, Some(tag)));
    assert_eq!(preview.ask("GET", "/guide/first/", &["If-None-Match: \"other\""]).status, 200);
    let film = "/guide/film/film.mp4";
    assert_eq!(preview.get(film).text(), "0123456789");
    let parts = [
        ("bytes=0-3", 206, "0123", Some("bytes 0-3/10")),
        ("bytes=4-", 206, "456789", Some("bytes 4-9/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=8-99", 206, "89", Some("bytes 8-9/10")),
        ("bytes=0-1,3-4", 200, "0123456789", None),
        ("bytes=3-1", 200, "0123456789", None),
        ("lines=1-2", 200, "0123456789", None),
    ];
    for (range, status, text, content_range) in parts {
        let answer = preview.ask("GET", film, &[&format!("Range: {range}")]);
        assert_eq!((answer.status, &*answer.text(), answer.header("Content-Range")), (status, text, content_range), "{range}");
    }
    let beyond = preview.ask("GET", film, &["Range: bytes=10-"]);
    assert_eq!((beyond.status, beyond.header("Content-Range")), (416, Some("bytes */10")));
}

#[test]
fn every_change_is_served() {
    let preview = Preview::of(Folder::portal());
    let folder = &preview.folder;
    folder.write("content/guide/first.md", &page("First", "new words"));
    preview.until_served("/guide/first/", 200, "new words");
    folder.write("content/guide/more/deep/second.md", &page("Second", "in new folders"));
    preview.until_served("/guide/more/deep/second/", 200, "in new folders");
    // As editors save: a new file takes the place of the old one.
    folder.write("content/guide/.half", &page("First", "words moved in"));
    fs::rename(folder.path("content/guide/.half"), folder.path("content/guide/first.md")).unwrap();
    preview.until_served("/guide/first/", 200, "words moved in");
    fs::rename(folder.path("content/guide/first.md"), folder.path("content/guide/renamed.md")).unwrap();
    preview.until_served("/guide/renamed/", 200, "words moved in");
    preview.until_served("/guide/first/", 404, TAG);
    fs::remove_file(folder.path("content/guide/renamed.md")).unwrap();
    preview.until_served("/guide/renamed/", 404, TAG);
    folder.write("content/guide/film/film.mp4", "another film");
    preview.until_served("/guide/film/film.mp4", 200, "another film");
    // Folders that were not there, and a file that only a template names.
    folder.write("static/note.txt", "a note");
    preview.until_served("/note.txt", 200, "a note");
    folder.write("figures/a.txt", "eleven");
    folder.write("templates/404.html", "<body>{{ load_data(path=\"figures/a.txt\", format=\"plain\") }}</body>");
    preview.until_served("/nothing", 404, "eleven");
    folder.write("figures/a.txt", "twelve");
    preview.until_served("/nothing", 404, "twelve");
    assert!(preview.said.text().contains("changed: content/guide/first.md; "), "{}", preview.said.text());
}

#[test]
fn errors_are_told_and_the_last_good_site_stays() {
    let preview = Preview::of(Folder::portal());
    let folder = &preview.folder;
    let good = preview.get("/guide/first/").text();
    let mut broken = false;
    let told = preview.events(|text| {
        if text.contains("event: ok\n") && !broken {
            broken = true;
            folder.write("content/guide/first.md", "+++\ntitel = \"<img src=x onerror=alert(1)>\"\n+++\n");
        }
        text.contains("event: errors\n") && text.ends_with("\n\n\r\n")
    });
    assert!(told.contains("\"file\":\"content/guide/first.md\"") && told.contains("<img src=x onerror=alert(1)>"), "{told}");
    assert_eq!(preview.get("/guide/first/").text(), good);
    assert_eq!(preview.get("/").status, 200);
    // Whoever comes later is told at once.
    preview.events(|text| text.contains("event: errors\n"));
    // Back to what it was: no page has to be loaded again.
    let mut mended = false;
    let told = preview.events(|text| {
        if text.contains("event: errors\n") && !mended {
            mended = true;
            folder.write("content/guide/first.md", &page("First", "old words"));
        }
        text.contains("event: ok\n") || text.contains("event: reload\n")
    });
    assert!(!told.contains("event: reload\n"), "{told}");
    let mut changed = false;
    preview.events(|text| {
        if text.contains("event: ok\n") && !changed {
            changed = true;
            folder.write("content/guide/first.md", &page("First", "newer words"));
        }
        text.contains("event: reload\n")
    });
    assert!(preview.get("/guide/first/").text().contains("newer words"));
}

#[test]
fn an_error_at_the_start_is_shown_until_it_is_mended() {
    let folder = Folder::portal();
    folder.write("site.toml", &format!("{SITE}<script>alert(1)</script> = [\n"));
    let preview = Preview::of(folder);
    let answer = preview.get("/guide/");
    assert_eq!(answer.status, 500);
    assert!(answer.text().contains("&lt;script&gt;alert(1)"), "{}", answer.text());
    assert_eq!(answer.text().matches("<script").count(), 1);
    assert!(answer.text().contains(TAG));
    assert_eq!(preview.get("/__werdegang/reload.js").status, 200);
    preview.folder.write("site.toml", SITE);
    preview.until_served("/guide/", 200, "All of it.");
}

/// A pipe has no end to wait for: it is an error like others, under whatever name it lies.
#[test]
#[cfg(unix)]
fn pipes_in_place_of_files_are_told_and_what_comes_after_them_is_served() {
    let folder = Folder::portal();
    folder.write("content/sources.toml", "");
    folder.write("static/note.txt", "a note");
    let preview = Preview::of(folder);
    preview.until_served("/guide/first/", 200, "old words");
    for (number, path) in ["site.toml", "content/sources.toml", "content/guide/first.md", "static/note.txt"].into_iter().enumerate() {
        // The pipe takes the place at once: were the file away for a moment, a site without it would be a
        // good one.
        let [file, aside, pipe] = [path, "aside", "pipe"].map(|path| preview.folder.path(path));
        fs::copy(&file, &aside).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        fs::rename(&pipe, &file).unwrap();
        preview.until("the error", |preview| preview.said.text().contains(&format!("`{path}` is no ordinary file")).then_some(()));
        assert_eq!(preview.get("/guide/first/").status, 200, "the last good site stays");
        fs::rename(&aside, &file).unwrap();
        preview.folder.write("content/guide/film/index.md", &page("Film", &format!("Film number {number}.")));
        preview.until_served("/guide/film/", 200, &format!("Film number {number}."));
    }
}

#[test]
fn slow_and_silent_clients_hold_nobody_up() {
    let preview = Preview::of(Folder::portal());
    let connect = |text: String| {
        let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let host = preview.host();
    let mut clients: Vec<TcpStream> = (0..60).map(|_| connect(String::from("GET / HTTP/1.1\r\nHost: 127"))).collect();
    clients.extend((0..30).map(|_| connect(format!("GET /__werdegang/events HTTP/1.1\r\nHost: {host}\r\n\r\n"))));
    // Answers on one connection come in order, and the first of these never ends.
    let queued = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(20);
    clients.push(connect(format!("GET /__werdegang/events HTTP/1.1\r\nHost: {host}\r\n\r\n{queued}")));
    clients.push(connect(format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\nx", u64::MAX)));
    // The answer does not wait for the time that the others have.
    let start = Instant::now();
    assert_eq!(preview.get("/").status, 200);
    assert!(start.elapsed() < limits::HEAD_PATIENCE / 2, "{:?}", start.elapsed());
    preview.folder.write("content/guide/first.md", &page("First", "new words"));
    preview.until_served("/guide/first/", 200, "new words");
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let folder = Folder::portal();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = Said::new();
    assert_eq!(run(&folder.0, &["serve", "--port", &port], &said), Outcome::CannotRun);
    assert!(said.text().contains(&format!("port {port} of 127.0.0.1 is taken")), "{}", said.text());
    let empty = Folder::new();
    assert_eq!(run(&empty.0, &["serve", "--port", "0"], &Said::new()), Outcome::CannotRun);
}

#[test]
fn without_a_port_the_next_free_one_is_taken_and_said() {
    // Where somebody else has it, that does as well.
    let _taken = TcpListener::bind(("127.0.0.1", 1111));
    let folder = Folder::portal();
    let said = Said::new();
    let thread = {
        let (root, said) = (folder.0.clone(), said.clone());
        thread::spawn(move || run(&root, &["serve"], &said))
    };
    let start = Instant::now();
    while !said.text().contains("http://") {
        assert!(start.elapsed() < PATIENCE, "{}", said.text());
        thread::sleep(Duration::from_millis(10));
    }
    let text = said.text();
    let port: u16 = text.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()).unwrap().parse().unwrap();
    assert!(port > 1111 && text.contains(&format!("port 1111 is taken; this is port {port}\n")), "{text}");
    said.go_on.store(false, Ordering::Relaxed);
    assert_eq!(thread.join().unwrap(), Outcome::Done);
    for wrong in ["javascript:alert(1)//{path}", "editor://open", "no address {path}"] {
        assert_eq!(run(&folder.0, &["serve", "--editor-url", wrong], &Said::new()), Outcome::CannotRun, "{wrong}");
    }
}

#[test]
fn the_preview_ends_when_it_is_told_to() {
    let mut preview = Preview::of(Folder::portal());
    preview.get("/");
    preview.said.go_on.store(false, Ordering::Relaxed);
    assert_eq!(preview.thread.take().unwrap().join().unwrap(), Outcome::Done);
    let port = preview.port;
    preview.until("the port to be free", |_| TcpListener::bind(("127.0.0.1", port)).ok());
}
