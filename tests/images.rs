//! Images: sizes that are made of them, what keeps them, and what is not made.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, ImageReader};
use werdegang::api::cli::Outcome;
use werdegang::api::limits::{LARGEST_IMAGE, MOST_PIXELS};

use crate::harness::pictures::{picture, with_exif};
use crate::harness::{Portal, SITE, tree};
use crate::serve::{Folder, Preview, page};

/// A portal with a page and some images beside it, which it shows.
fn portal(settings: &str, images: &[(&str, Vec<u8>)]) -> Portal {
    let shown: Vec<String> = images.iter().map(|(name, _)| format!("![An image]({name} \"A caption\")")).collect();
    let page = format!("+++\ntitle = \"A\"\n+++\n{}\n", shown.join("\n\n"));
    let portal = Portal::of(&[("site.toml", &format!("{SITE}{settings}")), ("content/a/index.md", &page)]);
    for (name, bytes) in images {
        portal.write(&format!("content/a/{name}"), bytes);
    }
    portal
}

fn build(portal: &Portal) -> BTreeMap<String, Vec<u8>> {
    let (outcome, shown) = portal.run(&["build"]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    tree(&portal.path("public")).into_iter().collect()
}

/// Of those outputs the only one whose path begins and ends so.
fn one<'o>(outputs: &'o BTreeMap<String, Vec<u8>>, start: &str, end: &str) -> &'o [u8] {
    let found: Vec<&String> = outputs.keys().filter(|path| path.starts_with(start) && path.ends_with(end)).collect();
    assert_eq!(found.len(), 1, "{start}…{end}: {:?}", outputs.keys());
    &outputs[found[0]]
}

fn size_of(bytes: &[u8]) -> (u32, u32) {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().expect("an image").into_dimensions().expect("a size")
}

#[test]
fn an_image_stands_upright_and_nothing_of_its_place_is_in_its_sizes() {
    let turned = with_exif(&picture("jpg", 90, 60, 0), 6);
    assert!(memchr::memmem::find(&turned, b"GPS").is_some());
    let outputs = build(&portal("[images]\nwidths = [30, 200]\n", &[("photo.jpg", turned)]));
    let page = String::from_utf8_lossy(&outputs["a/index.html"]).into_owned();
    assert!(page.contains("width=\"60\" height=\"90\""), "{page}");
    let small = one(&outputs, "a/photo-30.", ".jpg");
    assert_eq!((size_of(small), size_of(one(&outputs, "a/photo-60.", ".jpg"))), ((30, 45), (60, 90)));
    let sizes = outputs.iter().filter(|(path, _)| path.starts_with("a/photo-"));
    assert!(sizes.clone().count() == 4 && sizes.clone().all(|(_, bytes)| memchr::memmem::find(bytes, b"GPS").is_none()));
    // What was on the left is on top.
    let small = image::load_from_memory_with_format(small, ImageFormat::Jpeg).expect("a JPEG").to_rgb8();
    assert!(small.get_pixel(15, 2).0[0] > 150 && small.get_pixel(15, 42).0[0] < 110);
}

#[test]
fn the_same_bytes_come_out_with_and_without_what_was_kept() {
    let portal =
        portal("[images]\nwidths = [8]\n", &[("photo.jpg", picture("jpg", 20, 10, 1)), ("drawing.png", picture("png", 20, 10, 2))]);
    let first = build(&portal);
    let cache = portal.path(".werdegang/cache/images");
    let entries = || -> Vec<_> { fs::read_dir(&cache).expect("a folder").map(|entry| entry.expect("an entry").path()).collect() };
    // Two sizes each in two formats, and what is known of each image.
    let kept: BTreeMap<_, _> = entries().into_iter().map(|path| (path.clone(), fs::read(path).expect("an entry"))).collect();
    assert_eq!(kept.len(), 6);
    let again = |what: &str| {
        fs::remove_dir_all(portal.path("public")).expect("it was published");
        let outputs = build(&portal);
        assert!(outputs == first, "{what}");
        let now: BTreeMap<_, _> = entries().into_iter().map(|path| (path.clone(), fs::read(path).expect("an entry"))).collect();
        assert!(now == kept, "{what}");
    };
    again("all of it kept");
    for (number, path) in entries().into_iter().enumerate() {
        let bytes = &kept[&path];
        fs::write(&path, if number % 2 == 0 { &bytes[..bytes.len() / 2] } else { b"something else" }).expect("written");
    }
    again("entries that are damaged");
    fs::remove_dir_all(&cache).expect("it is there");
    again("nothing kept");
}

#[test]
fn where_nothing_can_be_kept_images_are_made_all_the_same() {
    let images = [("photo.jpg", picture("jpg", 20, 10, 1))];
    let portal = portal("[images]\nwidths = [8]\n", &images);
    portal.write("taken", "a file is in the place of the folder");
    let (outcome, shown) = portal.run(&["build", "--cache-dir", portal.path("taken").to_str().expect("a path")]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    assert!(
        tree(&portal.path("public"))
            == tree(&{
                build(&portal);
                portal.path("public")
            })
    );
}

#[test]
fn sizes_that_nothing_shows_any_more_go() {
    let portal = portal("[images]\nwidths = [8]\nformats = []\n", &[("photo.jpg", picture("jpg", 20, 10, 1))]);
    let sizes =
        |outputs: &BTreeMap<String, Vec<u8>>| -> Vec<String> { outputs.keys().filter(|path| path.contains("photo-")).cloned().collect() };
    let first = sizes(&build(&portal));
    portal.write("content/a/photo.jpg", picture("jpg", 20, 10, 2));
    let other = sizes(&build(&portal));
    assert!(first.len() == 1 && other.len() == 1 && first != other, "{first:?} {other:?}");
    portal.write("content/a/index.md", "+++\ntitle = \"A\"\n+++\n");
    assert!(sizes(&build(&portal)).is_empty());
}

/// What a build finds about an image, which is published as it is.
fn finding(name: &str, bytes: &[u8]) -> String {
    let portal = portal("", &[(name, bytes.to_vec())]);
    let (outcome, shown) = portal.run(&["check"]);
    assert_eq!(outcome, Outcome::Done, "{}", shown.err);
    let outputs = build(&portal);
    assert!(outputs[&format!("a/{name}")] == bytes, "{name}");
    assert!(outputs.keys().all(|path| !path.contains("photo-")), "{:?}", outputs.keys());
    let page = String::from_utf8_lossy(&outputs["a/index.html"]).into_owned();
    assert!(page.contains(&format!("src=\"https://www.example.org/a/{name}\"")), "{page}");
    shown.err
}

#[test]
fn what_cannot_be_used_is_told_and_published_as_it_is() {
    let (jpeg, png) = (picture("jpg", 40, 20, 0), picture("png", 40, 20, 0));
    let cut = |bytes: &[u8]| bytes[..bytes.len() * 3 / 4].to_vec();
    let damaged = [&png[..40], &[0xAA; 20], &png[60..]].concat();
    for (name, bytes, said) in [
        ("photo.jpg", cut(&jpeg), "ends before its end"),
        ("photo.png", cut(&png), "ends before its end"),
        ("photo.webp", cut(&picture("webp", 40, 20, 0)), "ends before its end"),
        ("photo.png", damaged, "cannot be decoded"),
        ("photo.jpg", png.clone(), "of another format than its name says: it holds image/png"),
        ("photo.svg", png.clone(), "of another format"),
        ("photo.jpg", Vec::new(), "no image that browsers show"),
    ] {
        let told = finding(name, &bytes);
        assert!(
            told.contains("warning[image]") && told.contains(said) && told.contains(&format!("--> content/a/{name}")),
            "{said}: {told}"
        );
    }
}

/// A PNG that says how large it is, and holds nothing of it.
fn empty_png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |name: &[u8], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(data);
        [&u32::try_from(data.len()).expect("short").to_be_bytes()[..], name, data, &crc.sum().to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"IDAT", &[]), &chunk(b"IEND", &[])].concat()
}

#[test]
fn so_many_pixels_are_decoded() {
    let width = u32::try_from(MOST_PIXELS / 1024).expect("a width");
    assert!(finding("photo.png", &empty_png(width, 1025)).contains("× 1025 pixels, more than are decoded"));
    // As many as there may be are looked at, and there are none.
    assert!(finding("photo.png", &empty_png(width, 1024)).contains("cannot be decoded"));
}

#[test]
fn so_large_a_file_is_decoded() {
    let portal = portal("", &[("photo.jpg", picture("jpg", 4, 2, 0))]);
    let grow =
        |path: &Path, length: u64| fs::OpenOptions::new().append(true).open(path).expect("it is there").set_len(length).expect("a length");
    for (length, told) in [(LARGEST_IMAGE, false), (LARGEST_IMAGE + 1, true)] {
        grow(&portal.path("content/a/photo.jpg"), length);
        let (_, shown) = portal.run(&["check"]);
        assert_eq!(shown.err.contains("is larger than 64 MiB"), told, "{}", shown.err);
    }
}

#[test]
fn the_preview_makes_a_size_when_it_is_asked_for_and_follows_the_image() {
    let folder = Folder::portal();
    folder.write("content/guide/film/index.md", &page("Film", "![A film](still.png)"));
    let still = folder.path("content/guide/film/still.png");
    fs::write(&still, picture("png", 20, 10, 1)).expect("written");
    let preview = Preview::of(folder);
    let address = |preview: &Preview| {
        let page = preview.get("/guide/film/").text();
        let from = page.find("/guide/film/still-20.").filter(|_| page.contains("<picture>"))?;
        let list = page[from..].split(['"', ' ']).map(str::to_owned).find(|path| path.ends_with(".avif"))?;
        let png = page.split("src=\"").filter_map(|rest| rest.split('"').next()).find(|path| path.ends_with(".png"))?;
        Some((list, png[png.find("/guide/")?..].to_owned()))
    };
    let (avif, first) = preview.until("the image", &address);
    // Of the image it is known what it is; no size is made yet.
    let kept = |preview: &Preview| fs::read_dir(preview.folder.path(".werdegang/cache/images")).expect("a folder").count();
    assert_eq!(kept(&preview), 1);
    let answer = preview.get(&first);
    assert_eq!((answer.status, answer.header("Content-Type"), size_of(&answer.body)), (200, Some("image/png"), (20, 10)));
    assert_eq!(preview.get(&avif).header("Content-Type"), Some("image/avif"));
    assert_eq!(kept(&preview), 3);
    fs::write(&still, picture("png", 20, 10, 2)).expect("written");
    let (_, second) = preview.until("the other image", |preview| address(preview).filter(|(_, path)| *path != first));
    assert_eq!((preview.get(&second).status, preview.get(&first).status), (200, 404));
}
