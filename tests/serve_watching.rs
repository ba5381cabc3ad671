//! Which changes are noticed, as which files, and how often it is built for them.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{CreateKind, DataChange, EventKind, Flag, ModifyKind};
use notify::{Event, RecursiveMode, Watcher, WatcherKind};
use werdegang::api::files::{Disk, Files, View};
use werdegang::api::limits::{LARGEST_COMPARED, MANY_CHANGES};
use werdegang::api::serve::{Recorder, Source, Tell, Watch, remote_file_system};

use crate::serve::{Folder, PATIENCE, Preview, page};

/// A portal that is watched, after a first update that read all of `content/`.
struct Watched {
    folder: Folder,
    recorder: Arc<Recorder>,
    watch: Watch,
    /// How many files were made to see that nothing else is told.
    marks: usize,
}

impl Watched {
    fn with(folder: Folder, source: Source<'_>) -> Self {
        let disk = Disk::new(&folder.0).unwrap();
        let recorder = Arc::new(Recorder::new(Arc::new(disk.clone())));
        let watch = Watch::start(disk.root(), &recorder, source);
        let mut watched = Self { folder, recorder, watch, marks: 0 };
        watched.update();
        assert_eq!(watched.watch.updated(), BTreeSet::new());
        watched
    }

    fn of(folder: Folder) -> Self {
        Self::with(folder, Source::Events)
    }

    /// Reads what an update reads.
    fn update(&mut self) {
        self.update_reading(&[]);
    }

    /// The same, and some files that a template loads.
    fn update_reading(&mut self, data: &[&str]) {
        let view = View::new(self.recorder.clone());
        for path in view.list("content").files.into_iter().filter(|path| path.ends_with(".md")) {
            view.read(&path).unwrap();
        }
        let _ = view.read("site.toml");
        for path in data {
            let _ = view.read_written(path);
        }
        self.recorder.take_in(&view.close());
    }

    /// All that is told until all of `paths` is; nothing else may be.
    #[track_caller]
    fn tells(&mut self, paths: &[&str]) {
        let wanted: BTreeSet<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let mut told = BTreeSet::new();
        let start = Instant::now();
        while told != wanted {
            told.extend(self.watch.wait(Duration::from_millis(50)).unwrap_or_default());
            assert!(told.is_subset(&wanted), "{told:?} instead of {wanted:?}");
            assert!(start.elapsed() < PATIENCE, "{told:?} instead of {wanted:?}");
        }
        self.update();
    }

    /// The first that is told.
    #[track_caller]
    fn waits(&mut self) -> BTreeSet<String> {
        let start = Instant::now();
        loop {
            if let Some(told) = self.watch.wait(Duration::from_millis(50)) {
                return told;
            }
            assert!(start.elapsed() < PATIENCE, "nothing is told");
        }
    }

    /// What was done is not told: what is done after it is, and alone.
    #[track_caller]
    fn tells_nothing(&mut self) {
        self.marks += 1;
        let mark = format!("static/mark-{}", self.marks);
        self.folder.write(&mark, "what was before this would be told by now");
        let start = Instant::now();
        let mut told = BTreeSet::new();
        while !told.contains(&mark) {
            told.extend(self.watch.wait(Duration::from_millis(50)).unwrap_or_default());
            assert!(start.elapsed() < PATIENCE, "{mark} is not told");
        }
        assert_eq!(told, BTreeSet::from([mark]));
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path(path)
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }
}

const FIRST: &str = "content/guide/first.md";

#[test]
fn every_way_of_saving_is_one_change_of_that_file() {
    let mut watched = Watched::of(Folder::portal());
    // In place: truncated and written.
    watched.folder.write(FIRST, &page("First", "in place"));
    watched.tells(&[FIRST]);
    // In place, in pieces.
    let mut file = File::create(watched.path(FIRST)).unwrap();
    for piece in [page("First", "in pieces").as_str(), "one\n", "two\n"] {
        file.write_all(piece.as_bytes()).unwrap();
        file.flush().unwrap();
        thread::sleep(Duration::from_millis(8));
    }
    drop(file);
    watched.tells(&[FIRST]);
    watched.tells_nothing();
    // Beside it, and moved over it: Helix, VS Code, sed -i.
    for temporary in ["content/guide/.first.md.tmp", "content/guide/sedAb12Xy", "outside.tmp"] {
        watched.folder.write(temporary, &page("First", temporary));
        watched.rename(temporary, FIRST);
        watched.tells(&[FIRST]);
    }
    // Vim with `backupcopy=no`: the old one is moved away, a new one made, the old one removed.
    watched.rename(FIRST, "content/guide/first.md~");
    watched.folder.write(FIRST, &page("First", "by vim"));
    fs::remove_file(watched.path("content/guide/first.md~")).unwrap();
    watched.tells(&[FIRST]);
    // JetBrains: written aside, the old one moved away, the new one moved there, the old one removed.
    watched.folder.write("content/guide/first.md___jb_tmp___", &page("First", "by an IDE"));
    watched.rename(FIRST, "content/guide/first.md___jb_old___");
    watched.rename("content/guide/first.md___jb_tmp___", FIRST);
    fs::remove_file(watched.path("content/guide/first.md___jb_old___")).unwrap();
    watched.tells(&[FIRST]);
    // Two writes of one length within one tick of the clock.
    watched.folder.write(FIRST, &page("First", "aaaa"));
    watched.tells(&[FIRST]);
    watched.folder.write(FIRST, &page("First", "bbbb"));
    watched.tells(&[FIRST]);
    fs::remove_file(watched.path(FIRST)).unwrap();
    watched.tells(&[FIRST]);
    watched.folder.write(FIRST, &page("First", "bbbb"));
    watched.tells(&[FIRST]);
    watched.tells_nothing();
}

#[test]
fn what_holds_the_same_has_not_changed() {
    let folder = Folder::portal();
    let old = SystemTime::now() - Duration::from_secs(100);
    File::options().append(true).open(folder.path(FIRST)).unwrap().set_times(FileTimes::new().set_modified(old)).unwrap();
    let text = fs::read_to_string(folder.path(FIRST)).unwrap();
    let mut watched = Watched::of(folder);
    // Touched, saved as it was, replaced by its copy, there and back.
    File::options().append(true).open(watched.path(FIRST)).unwrap().set_times(FileTimes::new().set_modified(SystemTime::now())).unwrap();
    watched.tells_nothing();
    watched.folder.write(FIRST, &text);
    watched.tells_nothing();
    fs::copy(watched.path(FIRST), watched.path("content/guide/.copy")).unwrap();
    watched.rename("content/guide/.copy", FIRST);
    watched.tells_nothing();
    watched.folder.write(FIRST, "something else");
    watched.folder.write(FIRST, &text);
    watched.tells_nothing();
    // What an update has read already need not be told, and what it read half must.
    watched.folder.write(FIRST, "a beginning");
    assert_eq!(watched.waits(), BTreeSet::from([String::from(FIRST)]));
    watched.folder.write(FIRST, "half");
    watched.update();
    watched.tells_nothing();
    watched.folder.write(FIRST, &text);
    watched.tells(&[FIRST]);
    // What one read that was told of nothing must be told: what it keeps of earlier ones was made from
    // something else.
    watched.folder.write(FIRST, "half");
    watched.update();
    watched.tells(&[FIRST]);
}

/// Of a file that is too large to be read at every touch, a time stamp says that it changed.
#[test]
fn of_large_files_the_time_decides() {
    for (length, told) in [(LARGEST_COMPARED, false), (LARGEST_COMPARED + 1, true)] {
        let folder = Folder::portal();
        let film = "content/guide/film/film.mp4";
        let old = SystemTime::now() - Duration::from_secs(100);
        let file = File::options().append(true).open(folder.path(film)).unwrap();
        // With a hole, so that no disk is filled.
        file.set_len(length).unwrap();
        file.set_times(FileTimes::new().set_modified(old)).unwrap();
        let mut watched = Watched::of(folder);
        watched.update_reading(&[film]);
        assert_eq!(watched.watch.updated(), BTreeSet::new());
        file.set_times(FileTimes::new().set_modified(SystemTime::now())).unwrap();
        if told {
            watched.tells(&[film]);
        } else {
            watched.tells_nothing();
        }
    }
}

#[test]
fn what_nobody_reads_is_told_once() {
    let mut watched = Watched::of(Folder::portal());
    watched.folder.write("content/guide/.first.md.swp", "one");
    watched.tells(&["content/guide/.first.md.swp"]);
    watched.folder.write("content/guide/.first.md.swp", "two and more");
    watched.folder.write("unrelated.txt", "no update looked for it");
    watched.folder.write("public/index.html", "nor for this");
    watched.tells_nothing();
    // A file without an ending, in a folder that was not there.
    watched.folder.write("static/CNAME", "www.example.org");
    watched.tells(&["static/CNAME"]);
}

#[test]
fn folders_that_come_go_and_move_are_told_with_all_that_is_in_them() {
    let mut watched = Watched::of(Folder::portal());
    watched.folder.write("content/new/a/b/c.md", &page("C", "deep"));
    watched.tells(&["content/new/a/b/c.md"]);
    watched.rename("content/new", "content/other");
    watched.tells(&["content/new/a/b/c.md", "content/other/a/b/c.md"]);
    // It is watched where it is now.
    watched.folder.write("content/other/a/b/c.md", &page("C", "moved"));
    watched.tells(&["content/other/a/b/c.md"]);
    watched.rename("content/other", "away");
    watched.tells(&["content/other/a/b/c.md"]);
    watched.rename("away", "content/back");
    watched.tells(&["content/back/a/b/c.md"]);
    fs::remove_dir_all(watched.path("content/back")).unwrap();
    watched.tells(&["content/back/a/b/c.md"]);
    // All of it, made anew.
    let all: Vec<String> = Disk::new(&watched.folder.0).unwrap().list("content").files;
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    watched.rename("content", "kept");
    watched.tells(&all);
    watched.rename("kept", "content");
    watched.tells(&all);
    watched.folder.write(FIRST, &page("First", "watched again"));
    watched.tells(&[FIRST]);
}

#[test]
fn what_an_update_looked_for_is_told_when_it_comes() {
    let mut watched = Watched::of(Folder::portal());
    watched.update_reading(&["figures/deep/a.csv"]);
    assert_eq!(watched.watch.updated(), BTreeSet::new());
    watched.folder.write("figures/deep/a.csv", "1");
    watched.folder.write("figures/deep/b.csv", "2");
    watched.tells(&["figures/deep/a.csv"]);
    watched.update_reading(&["figures/deep/a.csv"]);
    watched.folder.write("figures/deep/a.csv", "3");
    watched.tells(&["figures/deep/a.csv"]);
    // One that was changed while an update that read it for the first time went on.
    watched.folder.write("late.txt", "1");
    let view = View::new(watched.recorder.clone());
    view.read_written("late.txt").unwrap();
    watched.folder.write("late.txt", "2");
    watched.recorder.take_in(&view.close());
    let mut told = watched.watch.updated();
    if told.is_empty() {
        told = watched.watch.wait(PATIENCE).unwrap_or_default();
    }
    assert_eq!(told, BTreeSet::from([String::from("late.txt")]));
}

/// A watcher that tells what the test says.
struct Fake {
    refuses: bool,
}

impl Watcher for Fake {
    fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
        Ok(Self { refuses: false })
    }

    fn watch(&mut self, _: &Path, mode: RecursiveMode) -> notify::Result<()> {
        match (self.refuses, mode) {
            (true, RecursiveMode::Recursive) => Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)),
            _ => Ok(()),
        }
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        Ok(())
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

/// A portal that hears of changes only what the test tells it.
fn told_by_the_test(refuses: bool) -> (Watched, Tell) {
    let slot: Mutex<Option<Tell>> = Mutex::new(None);
    let make = |tell: Tell| {
        *slot.lock().unwrap() = Some(tell);
        Ok(Box::new(Fake { refuses }) as Box<dyn Watcher + Send>)
    };
    let watched = Watched::with(Folder::portal(), Source::Watcher(&make));
    let tell = slot.into_inner().unwrap().unwrap();
    (watched, tell)
}

#[test]
fn only_files_that_events_name_are_looked_at_and_all_where_events_were_lost() {
    let (mut watched, mut tell) = told_by_the_test(false);
    let second = "content/guide/film/index.md";
    watched.folder.write(FIRST, &page("First", "new"));
    watched.folder.write(second, &page("Film", "new"));
    tell(Ok(Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any))).add_path(watched.path(FIRST))));
    assert_eq!(watched.watch.wait(PATIENCE), Some(BTreeSet::from([FIRST.to_owned()])));
    tell(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
    assert_eq!(watched.watch.wait(PATIENCE), Some(BTreeSet::from([second.to_owned()])));
    // A folder that is told of alone, whose files nobody tells of.
    watched.folder.write("content/silent/a.md", &page("A", "a"));
    tell(Ok(Event::new(EventKind::Create(CreateKind::Folder)).add_path(watched.path("content/silent"))));
    watched.tells(&["content/silent/a.md"]);
    watched.folder.write("content/silent/b.md", &page("B", "b"));
    watched.tells(&["content/silent/b.md"]);
}

#[test]
fn what_no_event_tells_of_is_found_beside_them() {
    let (mut watched, _tell) = told_by_the_test(false);
    watched.folder.write(FIRST, &page("First", "silently"));
    watched.tells(&[FIRST]);
}

#[test]
fn where_the_system_watches_no_more_it_is_said_and_looked() {
    let (mut watched, _tell) = told_by_the_test(true);
    let notice = watched.watch.notice().unwrap();
    assert!(notice.contains("fs.inotify.max_user_watches") && notice.contains("looking for changes every"), "{notice}");
    assert_eq!(watched.watch.notice(), None, "once is enough");
    watched.folder.write(FIRST, &page("First", "silently"));
    watched.tells(&[FIRST]);
}

#[test]
fn polling_finds_what_events_would_tell() {
    let mut watched = Watched::with(Folder::portal(), Source::Poll);
    assert_eq!(watched.watch.notice(), None);
    watched.folder.write(FIRST, &page("First", "polled"));
    watched.tells(&[FIRST]);
    fs::remove_file(watched.path(FIRST)).unwrap();
    watched.tells(&[FIRST]);
    let preview = Preview::with(Folder::portal(), &["--poll"]);
    preview.folder.write(FIRST, &page("First", "new words"));
    preview.until_served("/guide/first/", 200, "new words");
}

#[test]
fn remote_file_systems_are_known() {
    let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:40 / /home/a\\040b/share rw shared:1 - nfs4 server:/x rw\n\
                  31 22 0:41 / /mnt/c rw - 9p C: rw\n32 31 0:42 / /mnt/c/inner rw - tmpfs none rw\n33 22 0:43 / /far rw - fuse.sshfs x rw\nnonsense\n";
    let kind = |path: &str| remote_file_system(mounts, Path::new(path));
    assert_eq!(kind("/home/a b/share/portal").as_deref(), Some("nfs4"));
    assert_eq!(kind("/mnt/c").as_deref(), Some("9p"));
    assert_eq!(kind("/far/portal").as_deref(), Some("fuse.sshfs"));
    for path in ["/home/a b/sharer", "/mnt/c/inner/portal", "/mnt", "/"] {
        assert_eq!(kind(path), None, "{path}");
    }
}

#[test]
fn a_burst_is_at_most_two_builds() {
    let preview = Preview::of(Folder::portal());
    const { assert!(MANY_CHANGES < 400) };
    let builds = |preview: &Preview| preview.said.text().matches("changed: ").count();
    for number in 0..1000 {
        preview.folder.write(&format!("content/guide/page-{number}.md"), &page("Page", "one of many"));
    }
    preview.until_served("/guide/page-999/", 200, "one of many");
    preview.until("all of them", |preview| preview.said.text().contains("1005 pages").then_some(()));
    assert!(builds(&preview) <= 2, "{}", preview.said.text());
    let before = builds(&preview);
    // As a version control system goes from one branch to another: removed, made anew, moved.
    for number in 0..400 {
        let path = preview.folder.path(&format!("content/guide/page-{number}.md"));
        fs::remove_file(&path).unwrap();
        match number % 3 {
            0 => fs::write(&path, page("Page", "of another branch")).unwrap(),
            1 => fs::write(preview.folder.path(&format!("content/guide/moved-{number}.md")), page("Moved", "of another branch")).unwrap(),
            _ => {}
        }
    }
    preview.until_served("/guide/page-399/", 200, "of another branch");
    preview.until_served("/guide/moved-397/", 200, "of another branch");
    preview.until_served("/guide/page-398/", 404, "<html");
    assert!(builds(&preview) - before <= 2, "{}", preview.said.text());
}
