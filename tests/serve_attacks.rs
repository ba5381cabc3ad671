//! What was done to other preview servers, done to this one; and what one client can hold.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use werdegang::api::limits::{HEAD_PATIENCE, MOST_ANSWERS, MOST_HEADS, MOST_STREAMS};

use crate::harness::tree;
use crate::serve::{Answer, Folder, PATIENCE, Preview, page, said_to};

/// esbuild GHSA-67mh-4wv8-2f99, Vite CVE-2025-24010: other sites read along through CORS, or through a
/// WebSocket whose origin nobody checks.
#[test]
fn other_sites_read_nothing() {
    let preview = Preview::of(Folder::portal());
    let asks = ["/", "/guide/first/", "/__werdegang/reload.js", "/__werdegang/page?at=/", "/__werdegang/events", "/nothing"];
    for path in asks {
        for origin in
            ["https://evil.example", "null", "http://localhost:1", "http://evil.example:80", "http://127.0.0.1", "", "\\", "http://["]
        {
            let answer = preview.ask("HEAD", path, &[&format!("Origin: {origin}")]);
            assert!(!answer.head.to_lowercase().contains("access-control"), "{path} for {origin}: {}", answer.head);
            assert_eq!(answer.header("Cross-Origin-Resource-Policy"), Some("same-origin"), "{path}");
            if path.contains("page?") || path.contains("events") {
                assert_eq!(answer.status, 403, "{path} for {origin}");
            }
        }
    }
    for site in ["cross-site", "same-site"] {
        assert_eq!(preview.ask("GET", "/__werdegang/page?at=/", &[&format!("Sec-Fetch-Site: {site}")]).status, 403);
    }
    let socket = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"];
    for path in ["/", "/__werdegang/page?at=/"] {
        assert_eq!(preview.ask("GET", path, &socket).status, 200, "no protocol is changed to");
    }
    assert_eq!(preview.get("/__werdegang/page?at=/").status, 200);
}

/// Vite CVE-2025-30208 and the like: a query that has a check look elsewhere. CVE-2026-53571: other names of
/// a file. esbuild GHSA-g7r4-m6w7-qqqr: `\`.
#[test]
fn no_other_name_of_a_file_is_known() {
    let preview = Preview::of(Folder::portal());
    fs::write(preview.folder.path("secret.txt"), "secret").unwrap();
    let names = [
        "/secret.txt?import&raw??",
        "/secret.txt?url",
        "/@fs/etc/passwd?raw",
        "/guide/first/index.html::$DATA",
        "/guide/first/index.html.",
        "/guide/first/index.html%20",
        "/GUIDE/FIRST/",
        "/SECRET~1.TXT",
        "/guide/..%5c..%5csecret.txt",
        "/.%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/..;/secret.txt",
        "/./secret.txt",
        "/guide//first/",
        "/.werdegang/files",
        "/content/guide/first.md",
        "/__werdegang/../secret.txt",
        "/__werdegang/",
        "/__werdegang/%2e%2e/site.toml",
    ];
    for name in names {
        let answer = preview.get(name);
        assert!([400, 404].contains(&answer.status), "{name}: {}", answer.status);
        assert!(!answer.text().contains("secret") && !answer.text().contains("base_url"), "{name}");
    }
    assert!(preview.get("/guide/first/?import&raw??").text().contains("old words"), "a query changes nothing");
    let about = preview.get("/__werdegang/page?at=/../secret.txt&uses=/../secret.txt&uses=//etc/passwd&uses=%00");
    assert!(about.text().contains("\"page\":null") && !about.text().contains("\"secret\""), "{}", about.text());
}

/// webpack-dev-server CVE-2026-14631: a malformed head ended the process. Smuggling (RUSTSEC-2020-0031): a
/// head that two servers read differently.
#[test]
fn a_malformed_head_is_refused_and_nothing_else_happens() {
    let preview = Preview::of(Folder::portal());
    let host = preview.host();
    let heads: [(&[u8], &str); 17] = [
        (b"GET / HTTP/1.1\r\nHost: [\r\n\r\n", "403"),
        (b"GET / HTTP/1.1\r\nHost: :::::\r\n\r\n", "403"),
        (b"GET / HTTP/1.1\r\nHost: localhost:1111111111111111111111\r\n\r\n", "403"),
        (b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", "400"),
        (b"GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n continued\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\nHost: x\n\n\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"),
        (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        (b"GET /\r\n\r\n", "400"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "400"),
        (b"GET / HTTP/9\r\nHost: x\r\n\r\n", "400"),
        (b"\r\n\r\n", "400"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "400"),
        (b"G\0T / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nName: a\0b\r\n\r\n", "400"),
    ];
    for (head, status) in heads {
        let answer = said_to(preview.port, head);
        let text = String::from_utf8_lossy(&answer);
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{}: {text}", String::from_utf8_lossy(head));
    }
    // What follows a head is a body that nobody reads, never another request.
    let second = format!("GET /guide/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let bodies = [
        String::new(),
        format!("Content-Length: {}\r\n", second.len()),
        String::from("Content-Length: 0\r\n"),
        String::from("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        String::from("Transfer-Encoding: chunked\r\n"),
        String::from("Content-Length: 18446744073709551616\r\n"),
        String::from("Content-Length: -1\r\nContent-Length: 7\r\n"),
        String::from("Expect: 100-continue\r\nContent-Length: 10\r\n"),
        String::from("Connection: keep-alive\r\n"),
        String::from("Connection: Upgrade\r\nUpgrade: h2c\r\n"),
    ];
    for body in bodies {
        let answer = said_to(preview.port, format!("GET / HTTP/1.1\r\nHost: {host}\r\n{body}\r\n{second}").as_bytes());
        let text = String::from_utf8_lossy(&answer);
        assert!(text.starts_with("HTTP/1.1 200 ") && text.contains("Welcome."), "{body}: {text}");
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{body}");
    }
    assert_eq!(preview.get("/").status, 200);
}

/// webpack-dev-server CVE-2025-30359: whoever can reach the port can read. It listens on this machine alone
/// unless another address is named.
#[test]
fn only_this_machine_is_listened_to() {
    let preview = Preview::of(Folder::portal());
    // Another address of the same machine, as a neighbour's would be.
    assert!(TcpStream::connect(("127.0.0.2", preview.port)).is_err());
}

/// Clickjacking: another site shows the preview in a frame. What the portal itself shows in a frame is shown.
#[test]
fn no_other_site_shows_it_in_a_frame() {
    let preview = Preview::of(Folder::portal());
    let framed = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: iframe"];
    for path in ["/", "/guide/film/film.mp4", "/guide", "/nothing", "/__werdegang/page?at=/", "/__werdegang/reload.js", "/%00"] {
        for headers in [&[] as &[&str], &framed, &["Sec-Fetch-Site: same-site", "Sec-Fetch-Dest: iframe"], &["Sec-Fetch-Dest: iframe"]] {
            let answer = preview.ask("GET", path, headers);
            assert_eq!(answer.header("X-Frame-Options"), Some("DENY"), "{path}: {}", answer.head);
            assert_eq!(answer.header("Content-Security-Policy"), Some("frame-ancestors 'none'"), "{path}");
        }
    }
    let events = preview.events(|text| text.contains("\r\n\r\n"));
    assert!(events.contains("\r\nX-Frame-Options: DENY\r\n") && events.contains("frame-ancestors 'none'"), "{events}");
    let refused = said_to(preview.port, b"GET / HTTP/9\r\n\r\n");
    assert!(String::from_utf8_lossy(&refused).contains("X-Frame-Options: DENY"));
    let own = preview.ask("GET", "/guide/", &["Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: iframe"]);
    assert_eq!(
        (own.header("X-Frame-Options"), own.header("Content-Security-Policy")),
        (Some("SAMEORIGIN"), Some("frame-ancestors 'self'"))
    );
}

#[test]
fn looking_changes_nothing() {
    let preview = Preview::of(Folder::portal());
    let before = tree(&preview.folder.0);
    for path in ["/", "/__werdegang/page?at=/guide/", "/__werdegang/reload.js", "/__werdegang/open?at=/", "/nothing"] {
        preview.get(path);
        preview.ask("POST", path, &["Content-Length: 0"]);
    }
    assert!(before == tree(&preview.folder.0));
}

/// A preview in a process of its own that may open so many files.
struct Confined {
    child: Child,
    port: u16,
    said: PathBuf,
    _place: Folder,
}

impl Confined {
    fn of(folder: &Folder, files: usize) -> Self {
        let place = Folder::new();
        let said = place.path("stderr");
        let program = env!("CARGO_BIN_EXE_werdegang");
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\""), program, "--root"])
            .arg(&folder.0)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&said).unwrap())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.filter_map(|line| line.strip_prefix("http://127.0.0.1:")?.trim_end_matches('/').parse().ok()).next();
        Self { child, port: port.expect("the address is said"), said, _place: place }
    }

    fn connect_to(port: u16, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        // It may have been sent away again.
        let _ = stream.write_all(text.as_bytes());
        stream
    }

    /// How long it takes to be answered: the median of some times.
    fn answers_within(&mut self) -> Duration {
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let start = Instant::now();
                let bytes = said_to(self.port, format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).as_bytes());
                let answer = Answer::from(&bytes);
                assert!(answer.status == 200 && answer.text().contains("Welcome."));
                start.elapsed()
            })
            .collect();
        assert!(self.child.try_wait().unwrap().is_none(), "the preview has ended");
        times.sort();
        times[times.len() / 2]
    }

    /// The most memory it had, in MiB, where the system tells.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
    }
}

impl Drop for Confined {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a client is answered within when others are slow: it does not wait for the time that those have.
const SOON: Duration = Duration::from_secs(HEAD_PATIENCE.as_secs() / 2);

#[test]
#[cfg(unix)]
fn no_client_holds_up_another_one() {
    const { assert!(MOST_HEADS < 400 && MOST_ANSWERS < 60 && MOST_STREAMS < 60) };
    let folder = Folder::portal();
    fs::write(folder.path("content/guide/film/film.mp4"), vec![7; 24 << 20]).unwrap();
    let mut preview = Confined::of(&folder, 256);
    let port = preview.port;
    let connect = |text: &str| Confined::connect_to(port, text);
    let memory = preview.memory();

    let half_open: Vec<TcpStream> =
        (0..400).map(|number| connect(if number % 2 == 0 { "GET / HTTP/1.1\r\nHost: 127" } else { "" })).collect();
    let time = preview.answers_within();
    assert!(time < SOON, "with 400 half-open connections: {time:?}");

    let slow: Vec<TcpStream> =
        (0..60).map(|_| connect(&format!("GET /guide/film/film.mp4 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"))).collect();
    let time = preview.answers_within();
    assert!(time < SOON, "with slow readers: {time:?}");
    let told: Vec<TcpStream> =
        (0..60).map(|_| connect(&format!("GET /__werdegang/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"))).collect();
    let time = preview.answers_within();
    assert!(time < SOON, "with open pages: {time:?}");

    let mut endless = connect("GET / HTTP/1.1\r\nEndless: ");
    let (piece, mut sent) = (vec![b'a'; 1 << 20], 0);
    while sent < 64 && endless.write_all(&piece).is_ok() {
        sent += 1;
    }
    assert!(sent < 64, "a head of 64 MiB was taken");
    let time = preview.answers_within();
    assert!(time < SOON, "after a long head: {time:?}");
    if let (Some(before), Some(after)) = (memory, preview.memory()) {
        assert!(after < before + 48, "{before} MiB became {after} MiB");
    }
    drop((half_open, slow, told));
    let time = preview.answers_within();
    assert!(time < SOON, "after all have gone: {time:?}");
}

/// Where a process may open few files there are fewer clients at once, and each is answered. Nothing panics,
/// also while the portal changes.
#[test]
#[cfg(unix)]
fn few_open_files_are_enough() {
    let folder = Folder::portal();
    fs::write(folder.path("content/guide/film/film.mp4"), vec![7; 4 << 20]).unwrap();
    let mut preview = Confined::of(&folder, 64);
    let port = preview.port;
    let ask = |path: &str| Confined::connect_to(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"));
    let half_open: Vec<TcpStream> = (0..100).map(|_| Confined::connect_to(port, "GET / HTTP/1.1\r\nHost: 127")).collect();
    preview.answers_within();
    let slow: Vec<TcpStream> = (0..40).map(|_| ask("/guide/film/film.mp4")).collect();
    preview.answers_within();
    let told: Vec<TcpStream> = (0..40).map(|_| ask("/__werdegang/events")).collect();
    preview.answers_within();
    for number in 0..20 {
        // At once: of a file that is half written an error would be told.
        folder.write("content/guide/.first.tmp", &page("First", &format!("words of {number}")));
        fs::rename(folder.path("content/guide/.first.tmp"), folder.path("content/guide/first.md")).unwrap();
        drop((0..10).map(|_| ask("/guide/first/")).collect::<Vec<_>>());
        preview.answers_within();
    }
    let start = Instant::now();
    loop {
        let answer = Answer::from(&said_to(port, format!("GET /guide/first/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()));
        if answer.text().contains("words of 19") {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "the last change is not served");
    }
    drop((half_open, slow, told));
    preview.answers_within();
    let said = fs::read_to_string(&preview.said).unwrap();
    assert!(!said.contains("panicked") && !said.contains("error"), "{said}");
}

/// Where there are too few even for that, it is said how many are needed.
#[test]
#[cfg(unix)]
fn too_few_open_files_are_said() {
    let folder = Folder::portal();
    let program = env!("CARGO_BIN_EXE_werdegang");
    let command = ["-c", "ulimit -n 24; exec \"$0\" \"$@\"", program, "--root"];
    let output = Command::new("sh").args(command).arg(&folder.0).args(["serve", "--port", "0"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("this process may open 24 files, and needs at least") && said.contains("ulimit -n"), "{said}");
}

/// Who reads slowly gets all of it, as long as nobody else needs the place.
#[test]
fn a_slow_reader_gets_all_of_it() {
    let folder = Folder::portal();
    fs::write(folder.path("content/guide/film/film.mp4"), vec![7; 12 << 20]).unwrap();
    let preview = Preview::of(folder);
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(format!("GET /guide/film/film.mp4 HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()).as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        std::thread::sleep(Duration::from_millis(5));
        let count = stream.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..count]);
        if count == 0 {
            break;
        }
    }
    assert_eq!(Answer::from(&bytes).body.len(), 12 << 20);
}
