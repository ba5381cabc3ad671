//! What a script over the same crates does: read, parse the front matter, Markdown to HTML, one template,
//! write. No lists, no links, no checks.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tera::{Context, Tera};
use walkdir::WalkDir;

use crate::generate::PAGE;

type Failure = Box<dyn Error + Send + Sync>;

pub fn build(root: &Path, output: &Path) -> Result<(), Failure> {
    let mut tera = Tera::new();
    tera.add_raw_template("page.html", PAGE)?;
    let content = root.join("content");
    let files: Vec<PathBuf> = WalkDir::new(&content)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != "_index.md")
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.par_iter().try_for_each(|file| {
        let text = fs::read_to_string(file)?;
        let (front, body) = text.trim_start_matches("+++\n").split_once("+++\n").ok_or("no front matter")?;
        let front: toml::Table = toml::from_str(front)?;
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(body, pulldown_cmark::Options::all()));
        let mut context = Context::new();
        context.insert(
            "page",
            &serde_json::json!({
                "title": front.get("title").and_then(toml::Value::as_str),
                "description": front.get("description").and_then(toml::Value::as_str),
                "date": front.get("date").and_then(toml::Value::as_datetime).map(ToString::to_string),
                "content": html,
            }),
        );
        let target = output.join(file.strip_prefix(&content)?.with_extension("")).join("index.html");
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(target, tera.render("page.html", &context)?)?;
        Ok(())
    })
}
