//! What is in the output directory: whole files, all of them, and nobody else's are touched.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::harness::{AS_OF, Portal, SITE, tree};
use werdegang::api::cli::Outcome;
use werdegang::api::publish::Last;

fn page(title: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n+++\nText of {title}.\n")
}

#[test]
fn unchanged_files_are_not_touched() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/b.md", &page("B"))]);
    portal.build();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for (path, _) in tree(&portal.path("public")) {
        let file = fs::File::options().write(true).open(portal.path("public").join(path)).expect("an output");
        file.set_modified(old).expect("the time is set");
    }
    portal.write("content/a.md", page("A").replace("Text", "Other text"));
    portal.build();
    let touched: Vec<String> = tree(&portal.path("public"))
        .into_iter()
        .filter(|(path, _)| fs::metadata(portal.path("public").join(path)).and_then(|found| found.modified()).expect("a time") != old)
        .map(|(path, _)| path)
        .collect();
    assert_eq!(touched, ["a/index.html"]);
}

#[test]
fn only_files_of_earlier_builds_are_removed() {
    let portal = Portal::of(&[("content/a/b.md", &page("B")), ("content/c.md", &page("C"))]);
    portal.build();
    portal.write("public/a/b/mine.txt", "mine");
    portal.write("public/CNAME", "mine");
    fs::remove_file(portal.path("content/a/b.md")).expect("removed");
    fs::remove_file(portal.path("content/c.md")).expect("removed");
    let shown = portal.build();
    // Each page, and its picture.
    assert!(shown.out.contains("4 removed"), "{}", shown.out);
    let paths: Vec<String> = tree(&portal.path("public")).into_iter().map(|(path, _)| path).collect();
    assert!(!paths.contains(&String::from("a/b/index.html")) && !portal.path("public/c").exists());
    assert!(paths.contains(&String::from("a/b/mine.txt")) && paths.contains(&String::from("CNAME")));
}

#[test]
fn a_list_that_was_tampered_with_removes_nothing_outside() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("precious.txt", "mine")]);
    portal.build();
    let list = portal.path("public/.werdegang/written");
    let text = fs::read_to_string(&list).expect("the list");
    fs::write(&list, format!("{text}../precious.txt\n{}\n", portal.path("precious.txt").display())).expect("written");
    portal.build();
    assert!(portal.path("precious.txt").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_links() {
    let portal = Portal::of(&[("content/a/b.md", &page("B")), ("elsewhere/index.html", "mine")]);
    portal.build();
    fs::remove_dir_all(portal.path("public/a")).expect("removed");
    std::os::unix::fs::symlink(portal.path("elsewhere"), portal.path("public/a")).expect("linked");
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::CannotRun);
    assert!(shown.err.contains("error[write]") && shown.err.contains("symbolic link"), "{}", shown.err);
    fs::remove_file(portal.path("content/a/b.md")).expect("removed");
    portal.run(&["build"]);
    assert_eq!(tree(&portal.path("elsewhere")).len(), 1);
}

#[test]
fn a_build_with_errors_changes_nothing() {
    let portal = Portal::of(&[("content/a.md", &page("A"))]);
    portal.build();
    let before = tree(&portal.path("public"));
    portal.write("content/b.md", "+++\ntitle = 1\n+++\n");
    portal.write("content/a.md", page("Other"));
    assert_eq!(portal.run(&["build"]).0, Outcome::SiteErrors);
    assert!(before == tree(&portal.path("public")));
}

#[test]
fn a_page_can_become_a_folder_and_a_folder_a_page() {
    let portal = Portal::of(&[("content/a.md", "+++\ntitle = \"A\"\npath = \"x.html\"\n+++\n")]);
    portal.build();
    portal.write("content/a.md", "+++\ntitle = \"A\"\npath = \"x.html/z\"\n+++\n");
    portal.build();
    assert!(portal.path("public/x.html/z/index.html").is_file());
    portal.write("content/a.md", "+++\ntitle = \"A\"\npath = \"x.html\"\n+++\n");
    portal.build();
    assert!(portal.path("public/x.html").is_file());
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let portal = Portal::of(&[("content/a.md", &page("A"))]);
    portal.build();
    let lock = fs::File::create(portal.path("public/.werdegang/lock")).expect("the lock");
    lock.lock().expect("locked");
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::CannotRun);
    assert!(shown.err.contains("error[locked]: another build is writing to"), "{}", shown.err);
}

/// A build that is killed leaves each file whole, and the next one puts things right.
#[test]
fn a_killed_build_leaves_whole_files() {
    const PAGES: usize = 1_500;
    let portal = Portal::of(&[("site.toml", SITE)]);
    let write = |edition: &str| {
        for number in 0..PAGES {
            portal.write(&format!("content/p{number}.md"), page(&format!("{edition} {number}")));
        }
    };
    write("First");
    portal.build();
    let first = tree(&portal.path("public"));
    write("Second");
    // The clean build of the second edition, elsewhere.
    let clean = portal.path("clean");
    portal.run(&["build", "-o", &clean.display().to_string()]);
    let second = tree(&clean);
    assert_eq!(first.len(), second.len());
    let half = portal.path("public/.werdegang/half");
    let staged = |count: usize| fs::read_dir(&half).is_ok_and(|found| found.take(count).count() == count);
    let placed = |number: usize| {
        let path = format!("p{number}/index.html");
        let at = second.binary_search_by(|(other, _)| (**other).cmp(&path)).expect("a page of it");
        fs::read(portal.path(&format!("public/{path}"))).is_ok_and(|bytes| bytes == second[at].1)
    };
    // When it is killed: at once, while it writes beside what is there, while it puts that in its place.
    let moments: [(&str, &dyn Fn() -> bool); 5] = [
        ("at once", &|| true),
        ("the first file is written", &|| staged(1)),
        ("half of them are written", &|| staged(PAGES / 2)),
        ("the first is in place", &|| placed(0) || placed(1)),
        ("one is in place", &|| placed(PAGES / 2) || placed(PAGES - 1)),
    ];
    for (moment, has_come) in moments {
        // It may be done before it is killed; then once more, with a moment that lies earlier before it.
        let mut killed = false;
        for _ in 0..20 {
            let mut child = Command::new(env!("CARGO_BIN_EXE_werdegang"))
                .args(["--root", &portal.root().display().to_string(), "build", "--as-of", AS_OF])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts");
            while !has_come() && child.try_wait().expect("a state").is_none() {
                thread::yield_now();
            }
            killed = child.try_wait().expect("a state").is_none();
            let _ = child.kill();
            let _ = child.wait();
            for (path, bytes) in tree(&portal.path("public")) {
                let at = |edition: &[(String, Vec<u8>)]| {
                    edition.binary_search_by(|(other, _)| other.cmp(&path)).map(|at| edition[at].1.clone()).ok()
                };
                assert!(Some(&bytes) == at(&first).as_ref() || Some(&bytes) == at(&second).as_ref(), "{path} is not whole: {moment}");
            }
            if killed {
                break;
            }
            // The first edition again, for which it has all to do.
            write("First");
            portal.build();
            write("Second");
        }
        assert!(killed, "no build was still running: {moment}");
    }
    portal.build();
    assert!(tree(&portal.path("public")) == second, "the next build does not put things right");
    assert!(!portal.path("public/.werdegang/half").exists());
}

/// A full disk: `ulimit -f` bounds the size of files instead, which fails in the same place.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_reported_and_the_others_stay_whole() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/z.md", &page("Z"))]);
    portal.build();
    fs::remove_file(portal.path("public/a/index.html")).expect("removed");
    fs::create_dir(portal.path("public/a/index.html")).expect("a folder in its place");
    portal.write("public/a/index.html/mine.txt", "mine");
    portal.write("content/z.md", page("Other"));
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::CannotRun);
    assert!(shown.err.contains("error[write]: cannot write `") && shown.err.contains("a/index.html"), "{}", shown.err);
    assert!(portal.path("public/a/index.html/mine.txt").is_file());
    fs::remove_dir_all(portal.path("public/a/index.html")).expect("removed");
    portal.build();
    assert!(portal.path("public/a/index.html").is_file());
}

/// What stands in the way of one file is found before any other is touched.
#[cfg(unix)]
#[test]
fn a_build_that_cannot_be_published_changes_nothing() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/gone.md", &page("G"))]);
    portal.build();
    portal.write("public/b", "mine");
    portal.write("content/b.md", page("B"));
    portal.write("content/a.md", page("Other"));
    fs::remove_file(portal.path("content/gone.md")).expect("removed");
    let before = tree(&portal.path("public"));
    assert_eq!(portal.run(&["build"]).0, Outcome::CannotRun);
    assert!(before == tree(&portal.path("public")));
    // The program's own folder is not followed to somewhere else.
    fs::remove_file(portal.path("public/b")).expect("removed");
    portal.write("elsewhere/half/y", "mine");
    fs::remove_dir_all(portal.path("public/.werdegang")).expect("removed");
    std::os::unix::fs::symlink(portal.path("elsewhere"), portal.path("public/.werdegang")).expect("linked");
    assert_eq!(portal.run(&["build"]).0, Outcome::CannotRun);
    assert!(portal.path("elsewhere/half/y").is_file());
}

#[test]
fn a_moment_that_is_none_is_refused() {
    let portal = Portal::of(&[]);
    let build = |moment: &str| {
        let status = Command::new(env!("CARGO_BIN_EXE_werdegang"))
            .args(["--root", &portal.root().display().to_string(), "build"])
            .env("SOURCE_DATE_EPOCH", moment)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.expect("the program starts").code()
    };
    assert_eq!(build("tomorrow"), Some(2));
    assert_eq!(build("99999999999999999"), Some(2));
    assert_eq!(build(""), Some(0));
}

#[test]
fn source_date_epoch_is_the_day() {
    let portal = Portal::of(&[("templates/index.html", "{{ as_of() }}"), ("templates/404.html", "404")]);
    let status = Command::new(env!("CARGO_BIN_EXE_werdegang"))
        .args(["--root", &portal.root().display().to_string(), "build"])
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .stdout(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success());
    assert_eq!(fs::read_to_string(portal.path("public/index.html")).expect("a home page"), "2027-01-15");
}

#[test]
fn a_build_that_would_come_out_the_same_is_told_by_contents_alone() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/note.txt", "a note"), ("content/b/index.md", &page("B"))]);
    let first = portal.build();
    let before = tree(&portal.path("public"));
    assert!(portal.path("public/.werdegang/last").is_file(), "the build left no word of itself");
    let again = portal.build();
    let census = |shown: &str| shown.lines().next().map(str::to_owned);
    assert_eq!(census(&again.out), census(&first.out));
    assert!(again.out.contains("0 files written") && again.out.contains("0 removed"), "{}", again.out);
    // Whatever is different is noticed, also where a file keeps its length and its time.
    let keep_time = |path: &str, text: &str| {
        let modified = fs::metadata(portal.path(path)).and_then(|found| found.modified()).expect("a time");
        fs::write(portal.path(path), text).expect("written");
        fs::File::options().write(true).open(portal.path(path)).and_then(|file| file.set_modified(modified)).expect("set");
    };
    keep_time("content/note.txt", "b note");
    assert!(portal.build().out.contains("1 file written"));
    let output = fs::read_to_string(portal.path("public/a/index.html")).expect("an output");
    keep_time("public/a/index.html", &output.replacen("Text of A", "Test of A", 1));
    assert!(portal.build().out.contains("1 file written"));
    portal.write("content/c.md", page("C"));
    assert!(portal.build().out.contains(" 0 removed"));
    assert!(portal.path("public/c/index.html").is_file());
    fs::remove_file(portal.path("content/c.md")).expect("removed");
    assert!(portal.build().out.contains("2 removed"), "the page and its picture");
    keep_time("content/note.txt", "a note");
    portal.build();
    assert_eq!(tree(&portal.path("public")), before);
    portal.write("static/new.txt", "new");
    assert!(portal.build().out.contains("1 file written"));
    let other = portal.run(&["build", "--base-url", "https://other.example"]).1;
    assert!(!other.out.contains("\n0 files written"), "{}", other.out);
}

#[test]
fn a_build_left_out_tells_of_its_warnings() {
    let site = format!("{SITE}[publisher]\nname = {{ placeholder = \"Who publishes it\" }}\n");
    let portal = Portal::of(&[("site.toml", &site), ("content/a.md", &page("A"))]);
    let warned = |shown: &str| shown.lines().find(|line| line.contains("warning")).map(str::to_owned);
    let first = warned(&portal.build().out);
    assert!(first.is_some());
    let again = portal.build();
    assert!(again.out.contains("0 files written"), "{}", again.out);
    assert_eq!(warned(&again.out), first);
    // Machines are told what each says.
    let first = portal.run(&["build", "--format", "json"]).1.out;
    assert!(first.contains("placeholder"), "{first}");
    assert_eq!(portal.run(&["build", "--format", "json"]).1.out.lines().next(), first.lines().next());
}

/// A build into a directory where pipes lie under the program's own names ends, and says which it cannot do
/// without.
#[cfg(unix)]
#[test]
fn pipes_in_the_output_directory_hold_nobody_up() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/b.md", &page("B"))]);
    portal.build();
    let pipe = |path: &str| {
        let _ = fs::remove_file(portal.path(path));
        let _ = fs::remove_dir_all(portal.path(path));
        assert!(Command::new("mkfifo").arg(portal.path(path)).status().expect("mkfifo runs").success());
    };
    // What is only kept to save time is made anew.
    for path in ["public/.werdegang/last", "public/.werdegang/next-rebuild.json", "public/.werdegang/half", "public/a/index.html"] {
        pipe(path);
        portal.write("content/b.md", page(path));
        portal.build();
        assert!(!portal.path(path).exists() || portal.path(path).is_file(), "{path}");
        assert!(portal.build().out.contains("0 written") || portal.build().out.contains("0 files written"), "{path}");
    }
    for path in ["public/.werdegang/lock", "public/.werdegang/written"] {
        pipe(path);
        portal.write("content/b.md", page(path));
        let (outcome, shown) = portal.run(&["build"]);
        assert_eq!(outcome, Outcome::CannotRun, "{path}");
        assert!(shown.err.contains("error[special-file]") && shown.err.contains(path), "{}", shown.err);
        fs::remove_file(portal.path(path)).expect("removed");
        portal.run(&["build"]);
    }
    pipe("public");
    assert_eq!(portal.run(&["build"]).0, Outcome::CannotRun);
}

/// Wherever the note that the last build left is cut, and whichever of its bytes is another, it is none, and
/// the next build puts everything right.
#[test]
fn a_note_of_the_last_build_that_is_cut_or_altered_is_none() {
    let portal = Portal::of(&[("content/a.md", &page("A")), ("content/b.md", &page("B"))]);
    portal.build();
    let (public, path) = (portal.path("public"), portal.path("public/.werdegang/last"));
    let good = fs::read(&path).expect("the note");
    let holds = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        Last::read(&public).is_some()
    };
    assert!(holds(&good));
    for at in 0..good.len() {
        assert!(!holds(&good[..at]), "cut at byte {at}, it is believed");
        let mut other = good.clone();
        other[at] ^= 1;
        assert!(!holds(&other), "with another byte {at}, it is believed");
    }
    // A line taken out, a line twice, and two notes in one.
    let text = String::from_utf8(good.clone()).expect("a text");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let without: String = lines.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, line)| *line).collect();
        let twice: String =
            lines.iter().enumerate().map(|(other, line)| if other == at { line.repeat(2) } else { (*line).to_owned() }).collect();
        assert!(!holds(without.as_bytes()) && !holds(twice.as_bytes()), "{}", lines[at]);
    }
    assert!(!holds(text.repeat(2).as_bytes()));
    // In full: at the end of each line, where what is left is well formed.
    let whole = tree(&public);
    for at in 1..lines.len() {
        fs::write(&path, lines[..at].concat()).expect("written");
        portal.write("public/a/index.html", "another page");
        fs::remove_file(portal.path("public/b/index.html")).expect("removed");
        portal.build();
        assert!(tree(&public) == whole, "with the first {at} lines, the build left things as they were");
    }
}

#[cfg(unix)]
#[test]
fn a_note_of_the_last_build_that_stays_is_an_error() {
    let portal = Portal::of(&[("content/a.md", &page("A"))]);
    portal.build();
    let path = portal.path("public/.werdegang/last");
    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("a folder in its place");
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::CannotRun);
    assert!(shown.err.contains("error[output-directory]: cannot write in"), "{}", shown.err);
}
