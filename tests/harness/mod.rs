//! Runs the program in process over a portal in a temporary folder.

mod archive;
mod case;
#[cfg(feature = "images")]
pub mod pictures;
mod server;

pub use archive::{Archive, Section};
pub use case::{archives, run_case, settle};
pub use server::{Asked, Reply, Server};

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use werdegang::api::cli::{Outcome, Ui, run};

/// The day every test is run on, unless it says otherwise.
pub const AS_OF: &str = "2026-11-23";

/// The day that the portal of this repository is built for: none of its pages is dated later.
pub const PORTAL_AS_OF: &str = "2026-11-25";

/// The settings of a portal whose case has none of its own.
pub const SITE: &str = "base_url = \"https://www.example.org\"\ntitle = \"Test\"\ndefault_language = \"en\"\n";

/// What a command showed.
#[derive(Debug, Default)]
pub struct Shown {
    pub out: String,
    pub err: String,
    /// What the environment holds.
    pub variables: Option<Vec<(String, String)>>,
}

impl Ui for Shown {
    fn out(&mut self, text: &str) {
        self.out.push_str(text);
    }
    fn err(&mut self, text: &str) {
        self.err.push_str(text);
    }
    fn color(&self) -> bool {
        false
    }
    fn live(&self) -> bool {
        false
    }
    fn variable(&self, name: &str) -> Option<String> {
        // Messages are English unless a test says otherwise.
        let Some(variables) = &self.variables else { return (name == "WERDEGANG_LANG").then(|| String::from("en")) };
        variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

/// A portal in a folder of its own, which goes away with it.
pub struct Portal {
    dir: TempDir,
}

impl Portal {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { dir: TempDir::new().expect("a temporary folder") }
    }

    /// A portal of these files; `site.toml` is added where it is not among them.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let portal = Self::empty();
        if files.iter().all(|(path, _)| *path != "site.toml") {
            portal.write("site.toml", SITE);
        }
        for (path, text) in files {
            portal.write(path, text);
        }
        portal
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    /// A path in it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let target = self.path(path);
        fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
        fs::write(target, bytes).expect("the file is written");
    }

    /// Runs a command over it, with `--root` and, where the command takes it, `--as-of`.
    pub fn run(&self, arguments: &[&str]) -> (Outcome, Shown) {
        self.run_in(&[("WERDEGANG_LANG", "en")], arguments)
    }

    /// The same in an environment.
    pub fn run_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> (Outcome, Shown) {
        let mut args = vec![String::from("werdegang"), String::from("--root"), self.root().display().to_string()];
        args.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let judged = matches!(arguments.first(), Some(&"build" | &"check"));
        if judged && !arguments.contains(&"--as-of") {
            args.extend(["--as-of".to_owned(), AS_OF.to_owned()]);
        }
        let variables = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut shown = Shown { variables: Some(variables), ..Shown::default() };
        let outcome = run(args, &mut shown);
        (outcome, shown)
    }

    /// Builds it and expects that to go well.
    #[track_caller]
    pub fn build(&self) -> Shown {
        let (outcome, shown) = self.run(&["build"]);
        assert_eq!(outcome, Outcome::Done, "{}", shown.err);
        shown
    }
}

/// All files below a folder with their bytes, ordered by path; none where there is no such folder. The
/// program's own list is left out.
pub fn tree(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| entry.file_name() != ".werdegang");
    for entry in entries.filter_map(Result::ok).filter(|entry| !entry.file_type().is_dir()) {
        let path = entry.path().strip_prefix(root).expect("a path below the root").to_string_lossy().replace('\\', "/");
        files.push((path, fs::read(entry.path()).unwrap_or_default()));
    }
    files.sort();
    files
}

/// What differs from run to run, replaced: folders, times.
pub fn normal(text: &str, root: &Path) -> String {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let text = text.replace(&real.display().to_string(), "[ROOT]").replace(&root.display().to_string(), "[ROOT]");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match ["done in ", "Fertig in "].into_iter().find(|start| line.starts_with(start)) {
            Some(start) => lines.push(format!("{start}[TIME]")),
            None => lines.push(line.trim_end().to_owned()),
        }
    }
    lines.join("\n").trim_end().to_owned()
}
