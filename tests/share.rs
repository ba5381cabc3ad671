//! Pictures of pages: how they are kept between builds, and what is served.

use std::fs;
use std::path::PathBuf;

use crate::harness::Portal;
use crate::serve::{Folder, Preview};

fn portal() -> Portal {
    Portal::of(&[
        ("site.toml", "base_url = \"https://example.org\"\ntitle = \"Portal\"\n[share]\nicons = false\n"),
        ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n"),
    ])
}

fn kept(portal: &Portal) -> Vec<PathBuf> {
    let found = fs::read_dir(portal.path(".werdegang/cache/share")).expect("the folder is there");
    let mut files: Vec<PathBuf> = found.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn a_picture_is_drawn_once_and_again_where_it_is_damaged() {
    let portal = portal();
    portal.build();
    let first = fs::read(portal.path("public/share.png")).expect("it is published");
    assert!(first.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(first.len() < 40 * 1024, "it has {} bytes", first.len());
    let files = kept(&portal);
    assert_eq!(files.len(), 1);
    assert!(fs::read(&files[0]).expect("it is kept") == first);
    // What is damaged is not what its name says.
    for damage in [&b"damaged"[..], &first[..first.len() - 1], b""] {
        fs::write(&files[0], damage).expect("it is damaged");
        fs::remove_file(portal.path("public/share.png")).expect("it is gone");
        portal.build();
        assert!(fs::read(portal.path("public/share.png")).expect("it is published again") == first);
        assert!(kept(&portal) == files && fs::read(&files[0]).expect("it is kept") == first);
    }
}

#[test]
fn what_cannot_be_kept_is_drawn_all_the_same() {
    let portal = portal();
    portal.write(".werdegang", "in its place");
    portal.build();
    assert!(fs::read(portal.path("public/share.png")).expect("it is published").starts_with(b"\x89PNG"));
}

#[test]
fn a_picture_is_served_as_it_is_published() {
    let portal = portal();
    portal.build();
    let published = fs::read(portal.path("public/share.png")).expect("it is published");
    let folder = Folder::new();
    for file in ["site.toml", "content/_index.md"] {
        folder.write(file, &fs::read_to_string(portal.path(file)).expect("a file"));
    }
    let preview = Preview::of(folder);
    preview.until_served("/", 200, "Start");
    let served = preview.get("/share.png");
    assert_eq!((served.status, served.header("Content-Type")), (200, Some("image/png")));
    assert!(served.body == published);
}
