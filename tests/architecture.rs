//! Invariants of ARCHITECTURE.md that the compiler does not hold.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the ground up.
const ROOMS: [&str; 33] = [
    "limits",
    "diagnostic",
    "files",
    "locale",
    "schema",
    "html",
    "images",
    "pdf",
    "records",
    "charts",
    "raster",
    "config",
    "content",
    "portal",
    "reads",
    "values",
    "words",
    "freshness",
    "glossary",
    "finder",
    "open_data",
    "structured",
    "theme",
    "output",
    "search",
    "pipeline",
    "hosting",
    "watchdog",
    "publish",
    "serve",
    "check",
    "cli",
    "api",
];

pub fn sources() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|ending| ending == "rs") {
            let below = entry.path().strip_prefix(&src).expect("below src");
            let room = below.iter().next().expect("a name").to_string_lossy().trim_end_matches(".rs").to_owned();
            files.push((room, below.to_owned(), fs::read_to_string(entry.path()).expect("text")));
        }
    }
    assert!(files.len() > 50);
    files
}

#[test]
fn rooms_use_only_rooms_nearer_the_ground() {
    let mut upward = Vec::new();
    for (room, path, text) in sources() {
        let Some(height) = ROOMS.iter().position(|name| *name == room) else { continue };
        for used in text.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
            if ROOMS.iter().position(|room| *room == name).is_some_and(|other| other > height) {
                upward.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn every_room_is_on_the_map() {
    let map = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md")).expect("the map");
    for (room, path, _) in sources() {
        if !["lib", "main"].contains(&room.as_str()) {
            assert!(ROOMS.contains(&room.as_str()), "{} is in no known room", path.display());
            assert!(map.contains(&format!("| `{room}` |")), "ARCHITECTURE.md lacks `{room}`");
        }
    }
}

/// Files, clock and environment come in through interfaces.
#[test]
fn the_core_does_not_reach_for_the_world() {
    let allowed = ["files", "watchdog", "publish", "serve", "cli", "main"];
    for (room, path, text) in sources() {
        if allowed.contains(&room.as_str()) {
            continue;
        }
        for word in
            ["std::fs", "SystemTime", "Instant::now", "std::env", "env::var", "TcpStream", "println!", "process::exit", "Zoned::now"]
        {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

/// Only links to other servers are asked for, and only where somebody says so.
#[test]
fn one_file_asks_other_servers() {
    let askers: Vec<String> = sources()
        .into_iter()
        .filter(|(_, _, text)| ["ureq::Agent", "TcpStream::connect", "UdpSocket"].iter().any(|word| text.contains(word)))
        .map(|(_, path, _)| path.display().to_string())
        .collect();
    // The preview's gate connects to itself, to wake up.
    assert_eq!(askers, ["check/external/client.rs", "serve/gate.rs"]);
}

#[test]
fn words_of_a_language_stand_in_language_data() {
    for (_, path, text) in sources() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for word in ["unbekannt", "Kurs ", "Gehalt", "Rolle", "Anbieter", "Seite", "Quelle"] {
                assert!(!line.contains(word), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn the_theme_speaks_from_its_language_files_and_they_have_the_same_keys() {
    let i18n = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/karriere/i18n");
    let keys = |language: &str| {
        let text = fs::read_to_string(i18n.join(format!("{language}.toml"))).expect("words");
        let table: toml::Table = toml::from_str(&text).expect("TOML");
        let mut keys = Vec::new();
        collect(&table, "", &mut keys);
        keys.sort();
        keys
    };
    fn collect(table: &toml::Table, prefix: &str, keys: &mut Vec<String>) {
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => collect(inner, &format!("{prefix}{key}."), keys),
                _ => keys.push(format!("{prefix}{key}")),
            }
        }
    }
    assert!(keys("de").len() > 100);
    assert_eq!(keys("de"), keys("en"));
}
