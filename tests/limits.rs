//! What happens at each limit of `src/limits.rs`, and beyond it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use werdegang::api::cli::Outcome;
use werdegang::api::diagnostic::{list, repeated};
use werdegang::api::html::Notes;
use werdegang::api::limits::*;
use werdegang::api::output::SitemapPart;

use crate::harness::Portal;
use crate::serve::{Folder, PATIENCE, Preview};

/// Where it is shown what happens.
enum Shown {
    /// A case below `tests/cases`.
    Case(&'static str),
    /// A test: its file and its name.
    Test(&'static str, &'static str),
}

use Shown::{Case, Test};

const IMAGES: &str = "tests/images.rs";
const HERE: &str = "tests/limits.rs";
const GATE: &str = "tests/serve_attacks.rs";
const EXTERNAL: &str = "tests/external.rs";

/// Every limit, and what shows it.
const SHOWN: [(&str, Shown); 52] = [
    ("LARGEST_FILE", Case("limits/file.txt")),
    ("LARGEST_HELD", Test("tests/media.rs", "what_is_large_is_never_held")),
    ("LARGEST_IMAGE", Test(IMAGES, "so_large_a_file_is_decoded")),
    ("MOST_PIXELS", Test(IMAGES, "so_many_pixels_are_decoded")),
    ("WIDEST_IMAGE", Case("site/images-wrong.txt")),
    ("CACHE_PATIENCE", Test("src/files/cache.rs", "what_nobody_uses_goes_and_what_is_used_stays")),
    ("LARGEST_FONT", Test("src/pdf/fonts.rs", "a_font_is_unpacked_so_far")),
    ("LARGEST_OUTPUT", Case("templates/too-large.txt")),
    ("OUTPUT_TIME", Test("tests/runaway.rs", "an_output_may_take_as_much_as_the_limits")),
    ("OUTPUT_MEMORY", Test("tests/runaway.rs", "an_output_may_take_as_much_as_the_limits")),
    ("LONGEST_PATH", Test(HERE, "paths_are_as_long_as_the_limit")),
    ("LONGEST_PART", Case("addresses/too-long.txt")),
    ("MOST_ROWS", Case("records/csv-too-many.txt")),
    ("MOST_ROW_FINDINGS", Case("records/csv-many-errors.txt")),
    ("LONGEST_AGE", Case("freshness/settings.txt")),
    ("DEEPEST_SHORTCODE", Case("shortcodes/deep.txt")),
    ("DEEPEST_FRAME", Test(HERE, "frames_in_frames_are_looked_into_so_deep")),
    ("DEEPEST_MARKDOWN", Test(HERE, "of_what_stands_deep_the_markdown_has_the_text")),
    ("WIDEST_CELL", Test(HERE, "a_cell_spans_so_many_columns")),
    ("MOST_SITEMAP_ADDRESSES", Test(HERE, "a_sitemap_is_parted_without_a_gap")),
    ("MOST_CHART_ROWS", Test(HERE, "a_chart_of_many_figures_comes_in_parts")),
    ("MOST_TEMPLATE_ROUNDS", Test(HERE, "so_many_templates_with_errors_are_found")),
    ("MOST_KNOWN_WORDS", Test("src/search/words.rs", "so_many_words_are_known")),
    ("MOST_PICTURES", Test("src/output/pictures.rs", "so_many_pictures_are_drawn_unasked")),
    ("MOST_KEPT_PICTURES", Test("src/publish/pictures.rs", "so_many_pictures_are_kept")),
    ("MOST_POLICY_HASHES", Test("src/hosting/policy.rs", "so_many_hashes_are_listed")),
    ("MOST_SHOWN", Test(HERE, "a_person_is_shown_so_many_findings")),
    ("LONGEST_SHOWN_LINE", Test(HERE, "a_long_line_is_cut_around_the_place")),
    ("LONGEST_SHOWN_VALUE", Test(HERE, "a_long_value_is_cut")),
    ("LONGEST_REPEATED", Test(HERE, "a_message_repeats_so_much")),
    ("MOST_GUESSED", Test(HERE, "so_many_misspelt_names_are_guessed")),
    ("MOST_NAMES", Test(HERE, "a_message_lists_so_many_names")),
    ("MOST_WRITE_FINDINGS", Test("src/publish/directory.rs", "a_full_disk_is_said_some_times")),
    ("LONGEST_TITLE", Test(HERE, "a_title_is_as_long_as_search_engines_show")),
    ("LARGE_PAGE", Test(HERE, "a_page_is_as_large_as_phones_open")),
    ("MOST_REQUESTS", Test(EXTERNAL, "a_server_gets_two_requests_at_once_and_all_of_them_sixteen")),
    ("MOST_PER_HOST", Test(HERE, "settings_of_requests_are_within_limits")),
    ("MOST_RETRIES", Test(HERE, "settings_of_requests_are_within_limits")),
    ("MOST_REDIRECTS", Test(EXTERNAL, "each_answer_has_its_verdict")),
    ("LARGEST_ANSWER_HEAD", Test(EXTERNAL, "a_head_without_end_is_not_read_to_it")),
    ("LONGEST_WAIT", Test(EXTERNAL, "a_server_that_asks_for_time_gets_it")),
    ("MOST_SILENCES", Test(EXTERNAL, "a_silent_server_is_not_waited_for_at_each_of_its_links")),
    ("MOST_HEADS", Test(GATE, "no_client_holds_up_another_one")),
    ("MOST_ANSWERS", Test(GATE, "no_client_holds_up_another_one")),
    ("MOST_STREAMS", Test(GATE, "no_client_holds_up_another_one")),
    ("LONGEST_ADDRESS", Test(HERE, "what_is_asked_for_is_within_limits")),
    ("LONGEST_HEAD", Test(HERE, "what_is_asked_for_is_within_limits")),
    ("HEAD_PATIENCE", Test(HERE, "a_head_that_does_not_come_is_not_waited_for")),
    ("WRITE_PATIENCE", Test(HERE, "who_takes_nothing_is_sent_away")),
    ("PORT_PATIENCE", Test("src/serve/handover.rs", "a_port_that_somebody_keeps_is_not_waited_for_for_ever")),
    ("UPDATE_PATIENCE", Test("tests/serve_updates.rs", "nobody_waits_for_ever")),
    ("MOST_MOVES", Test("src/serve/memory.rs", "a_page_is_followed_through_so_many_moves")),
];

/// Those of the preview that watching and its pages have.
const SHOWN_OF_PAGES: [(&str, Shown); 5] = [
    ("MOST_USED", Test(HERE, "a_page_asks_about_so_many_files")),
    ("MOST_COMING", Test("tests/serve_updates.rs", "pages_that_are_dated_ahead_are_told_with_their_day")),
    ("LARGEST_COMPARED", Test("tests/serve_watching.rs", "of_large_files_the_time_decides")),
    ("MANY_CHANGES", Test("tests/serve_watching.rs", "a_burst_is_at_most_two_builds")),
    ("MOST_CHANGED_NAMED", Test("src/cli/serve.rs", "a_line_names_so_many_files")),
];

#[test]
fn every_limit_is_shown() {
    let shown: Vec<&(&str, Shown)> = SHOWN.iter().chain(&SHOWN_OF_PAGES).collect();
    let names: Vec<&str> = shown.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, all().iter().map(|limit| limit.name).collect::<Vec<_>>());
    for (name, how) in shown {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        match how {
            Case(file) => assert!(root.join("tests/cases").join(file).is_file(), "{name}: {file}"),
            Test(file, test) => {
                let text = fs::read_to_string(root.join(file)).unwrap_or_default();
                let body = text.split_once(&format!("fn {test}(")).map(|(_, rest)| rest.split("\n}").next().unwrap_or_default());
                assert!(body.is_some_and(|body| body.contains(name)), "{file}: {test} does not use {name}");
            }
        }
    }
}

#[test]
fn all_limits_are_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/limits.md");
    let shown = fs::read_to_string(&path).unwrap();
    let mut table = String::from("| limit | what it bounds, and why | beyond it | name |\n|---|---|---|---|\n");
    for limit in all() {
        table.push_str(&format!("| {} | {} | {} | `{}` |\n", limit.value, limit.what, limit.beyond, limit.name));
    }
    let (before, rest) = shown.split_once("| limit |").expect("a table of limits");
    assert!(!rest.contains("\n\n"), "nothing stands behind the table");
    let wanted = format!("{before}{table}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).unwrap();
    } else {
        assert!(shown == wanted, "the table in docs/limits.md differs from src/limits.rs; UPDATE=1 writes it anew");
    }
}

fn page(title: &str, front: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n{front}+++\n{text}\n")
}

/// What a command says, and how it ends.
fn said(portal: &Portal, arguments: &[&str]) -> (Outcome, String) {
    let (outcome, shown) = portal.run(arguments);
    (outcome, shown.out + &shown.err)
}

#[test]
fn paths_are_as_long_as_the_limit() {
    // Parts of 100 bytes, of which each begins with a slash.
    let of_length = |length: usize| -> String { (0..length).map(|at| if at % 100 == 0 { '/' } else { 'a' }).collect() };
    for (length, outcome) in [(LONGEST_PATH - 1, Outcome::Done), (LONGEST_PATH + 2, Outcome::SiteErrors)] {
        let portal = Portal::of(&[("content/a.md", &page("A", &format!("path = \"{}\"\n", &of_length(length)[1..]), ""))]);
        let (found, text) = said(&portal, &["check"]);
        assert_eq!(found == Outcome::SiteErrors && text.contains("error[path]"), outcome == Outcome::SiteErrors, "{length}: {text}");
    }
}

#[test]
fn frames_in_frames_are_looked_into_so_deep() {
    let in_frames = |count: usize| {
        let mut html = String::from("<img src=deep>");
        for _ in 0..count {
            html = format!("<iframe srcdoc=\"{}\"></iframe>", html.replace('&', "&amp;").replace('"', "&quot;"));
        }
        Notes::of(&html).addresses.len()
    };
    assert_eq!((in_frames(DEEPEST_FRAME), in_frames(DEEPEST_FRAME + 1)), (1, 0));
}

/// The Markdown of a page with this in its `<main>`.
fn markdown_of(main: &str) -> String {
    let template = format!("<html><title>T</title><main>{main}</main></html>");
    let portal = Portal::of(&[("templates/page.html", &template), ("content/a.md", &page("A", "", ""))]);
    let site = format!("{}[data]\nmarkdown = true\n", crate::harness::SITE);
    portal.write("site.toml", site);
    portal.build();
    let paths = ["public/a/index.md", "public/a.md", "public/a/index.html.md"];
    let found = paths.iter().find_map(|path| fs::read_to_string(portal.path(path)).ok());
    found.expect("the Markdown of the page")
}

#[test]
fn of_what_stands_deep_the_markdown_has_the_text() {
    let quoted = |count: usize| {
        let markdown = markdown_of(&format!("{}deep{}", "<blockquote>".repeat(count), "</blockquote>".repeat(count)));
        let line = markdown.lines().find(|line| line.contains("deep")).unwrap_or_default().to_owned();
        line.matches('>').count()
    };
    assert_eq!(quoted(DEEPEST_MARKDOWN - 1), DEEPEST_MARKDOWN - 1);
    assert_eq!(quoted(DEEPEST_MARKDOWN), DEEPEST_MARKDOWN);
    assert_eq!(quoted(DEEPEST_MARKDOWN + 1), DEEPEST_MARKDOWN);
    assert_eq!(quoted(DEEPEST_MARKDOWN * 100), DEEPEST_MARKDOWN);
}

#[test]
fn a_cell_spans_so_many_columns() {
    let columns = |span: usize| {
        let markdown = markdown_of(&format!("<table><tr><th colspan={span}>x</th></tr><tr><td>y</td></tr></table>"));
        markdown.lines().find(|line| line.contains("---") && line.starts_with('|')).map_or(0, |line| line.matches("---").count())
    };
    assert_eq!((columns(WIDEST_CELL), columns(WIDEST_CELL + 1)), (WIDEST_CELL, WIDEST_CELL));
}

#[test]
fn a_sitemap_is_parted_without_a_gap() {
    assert_eq!(SitemapPart::of(MOST_SITEMAP_ADDRESSES, MOST_SITEMAP_ADDRESSES), [SitemapPart::Whole]);
    assert_eq!(SitemapPart::of(MOST_SITEMAP_ADDRESSES + 1, MOST_SITEMAP_ADDRESSES).len(), 3);
    for most in 1..7 {
        for count in 0..40 {
            let parts = SitemapPart::of(count, most);
            let held: Vec<usize> = parts.iter().flat_map(|part| part.holds(most)).filter(|number| *number < count).collect();
            assert_eq!(held, (0..count).collect::<Vec<_>>(), "{count} addresses, {most} a file");
            assert!(parts.iter().all(|part| part.holds(most).len() <= most));
            let files = parts.iter().filter(|part| matches!(part, SitemapPart::Numbered(_))).count();
            assert_eq!(parts.first() == Some(&SitemapPart::Index(files)), count > most, "{count} addresses, {most} a file");
        }
    }
}

#[test]
fn a_chart_of_many_figures_comes_in_parts() {
    let charts = |count: usize| {
        let figure = "{ label = \"L\", low = 30000, high = 50000, currency = \"EUR\", period = \"year\", gross = \"gross\", \
                      source = \"s\", as_of = \"2024\" },\n";
        let pay = format!("[salary]\nrole = \"role\"\nfigures = [\n{}]\n", figure.repeat(count));
        let portal = Portal::of(&[
            ("templates/salary.html", "{% for chart in pay_chart(salary=page.id, by=\"source\") %}{{ chart.svg | safe }}{% endfor %}"),
            ("content/role.md", &page("R", "[role]\nname = \"R\"\n", "")),
            ("content/pay.md", &page("P", &pay, "")),
            (
                "content/sources.toml",
                "[s]\ntitle = \"S\"\npublisher = \"P\"\nurl = \"https://www.example.org/s\"\npublished = \"2024\"\naccessed = \"2026-01-01\"\n",
            ),
        ]);
        portal.build();
        fs::read_to_string(portal.path("public/pay/index.html")).unwrap().matches("<svg").count()
    };
    assert_eq!((charts(MOST_CHART_ROWS), charts(MOST_CHART_ROWS + 1)), (1, 2));
}

#[test]
fn so_many_templates_with_errors_are_found() {
    let portal = Portal::of(&[]);
    for number in 0..MOST_TEMPLATE_ROUNDS {
        portal.write(&format!("templates/t{number:03}.html"), "{% if %}");
    }
    let (outcome, text) = said(&portal, &["check", "--format", "json"]);
    assert_eq!(outcome, Outcome::SiteErrors);
    for number in 0..MOST_TEMPLATE_ROUNDS {
        assert!(text.contains(&format!("t{number:03}.html")), "{number}");
    }
}

#[test]
fn a_person_is_shown_so_many_findings() {
    let portal = Portal::of(&[]);
    for number in 0..=MOST_SHOWN {
        portal.write(&format!("content/p{number:03}.md"), page("P", "nonsense = 1\n", ""));
    }
    let (_, text) = said(&portal, &["build"]);
    assert_eq!(text.matches("error[unknown-key]").count(), MOST_SHOWN);
    assert!(text.contains(&format!("{} errors", MOST_SHOWN + 1)), "{text}");
    let (_, json) = said(&portal, &["build", "--format", "json"]);
    assert_eq!(json.matches("\"unknown-key\"").count(), MOST_SHOWN + 1);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let shown = |length: usize| {
        // The key, ` = "`, and the end of the text.
        let line = format!("nonsense = \"{}\"", "x".repeat(length - 13));
        let portal = Portal::of(&[("content/a.md", &page("A", &format!("{line}\n"), ""))]);
        let (_, json) = said(&portal, &["check", "--format", "json"]);
        let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let texts = found.to_string();
        texts.split("\"text\":\"").skip(1).map(|rest| rest.replace("\\\"", "'").split('"').next().unwrap_or_default().chars().count()).max()
    };
    assert_eq!((shown(LONGEST_SHOWN_LINE), shown(LONGEST_SHOWN_LINE + 1)), (Some(LONGEST_SHOWN_LINE), Some(LONGEST_SHOWN_LINE)));
}

#[test]
fn a_long_value_is_cut() {
    let repeated = |length: usize| {
        let portal = Portal::of(&[
            ("content/role.md", &page("R", "[role]\nname = \"R\"\n", "")),
            ("content/pay/index.md", &page("P", "[salary]\nrole = \"role\"\nfigures = \"figures.csv\"\n", "")),
            ("content/pay/figures.csv", &format!("label,amount\nL,{}\n", "x".repeat(length))),
        ]);
        let (_, text) = said(&portal, &["check"]);
        // Lines of the file stand behind a bar.
        let messages = text.lines().filter(|line| !line.contains(" | "));
        messages.flat_map(|line| line.split('`')).filter(|part| part.starts_with("xx")).map(str::len).max()
    };
    assert_eq!((repeated(LONGEST_SHOWN_VALUE), repeated(LONGEST_SHOWN_VALUE + 1)), (Some(LONGEST_SHOWN_VALUE), Some(LONGEST_SHOWN_VALUE)));
}

#[test]
fn a_message_repeats_so_much() {
    let of = |length: usize| repeated(&"x".repeat(length)).into_owned();
    assert_eq!(of(LONGEST_REPEATED), "x".repeat(LONGEST_REPEATED));
    assert_eq!(of(LONGEST_REPEATED + 1), format!("{}…", "x".repeat(LONGEST_REPEATED)));
}

#[test]
fn so_many_misspelt_names_are_guessed() {
    let front: String = (0..=MOST_GUESSED).map(|number| format!("weight{number} = 1\n")).collect();
    let portal = Portal::of(&[("content/a.md", &page("A", &front, ""))]);
    let (_, json) = said(&portal, &["check", "--format", "json"]);
    assert_eq!(json.matches("unknown-key").count(), MOST_GUESSED + 1);
    assert_eq!(json.matches("did you mean").count(), MOST_GUESSED);
}

#[test]
fn a_message_lists_so_many_names() {
    let of = |count: usize| list(vec!["name"; count]).to_string();
    assert!(of(MOST_NAMES).matches("`name`").count() == MOST_NAMES && !of(MOST_NAMES).contains("more"));
    assert!(of(MOST_NAMES + 2).ends_with(" and 2 more") && of(MOST_NAMES + 2).matches("`name`").count() == MOST_NAMES);
}

#[test]
fn a_page_is_as_large_as_phones_open() {
    let found = |length: usize| {
        let (before, after) = ("<html lang=en><title>A</title><h1>x</h1><p>", "</p></html>");
        let text = "x".repeat(length - before.len() - after.len());
        let portal = Portal::of(&[("content/a.md", &page("A", "", "")), ("templates/page.html", &format!("{before}{text}{after}"))]);
        said(&portal, &["check"]).1.contains("large-page")
    };
    assert_eq!((found(LARGE_PAGE), found(LARGE_PAGE + 1)), (false, true));
}

#[test]
fn a_title_is_as_long_as_search_engines_show() {
    let found = |length: usize| {
        let portal = Portal::of(&[
            ("content/a.md", &page("A", "", "")),
            ("templates/page.html", &format!("<html lang=en><title>{}</title><h1>x</h1></html>", "x".repeat(length))),
        ]);
        said(&portal, &["check"]).1.contains("title-length")
    };
    assert_eq!((found(LONGEST_TITLE), found(LONGEST_TITLE + 1)), (false, true));
}

#[test]
fn settings_of_requests_are_within_limits() {
    let found = |key: &str, value: u32| {
        let portal = Portal::of(&[]);
        portal.write("site.toml", format!("{}[check.external]\n{key} = {value}\n", crate::harness::SITE));
        said(&portal, &["check"]).1.contains("out-of-range")
    };
    assert_eq!((found("per_host", MOST_PER_HOST), found("per_host", MOST_PER_HOST + 1)), (false, true));
    assert_eq!((found("retries", MOST_RETRIES), found("retries", MOST_RETRIES + 1)), (false, true));
}

#[test]
fn what_is_asked_for_is_within_limits() {
    let preview = Preview::of(Folder::portal());
    let address = |length: usize| preview.get(&format!("/{}", "a".repeat(length - 1))).status;
    assert_eq!((address(LONGEST_ADDRESS), address(LONGEST_ADDRESS + 1)), (404, 414));
    // The first line, the host and the name of the header stand in it as well.
    let headers = |length: usize| {
        let header = format!("X: {}", "a".repeat(length));
        preview.ask("GET", "/", &[header.as_str()]).status
    };
    assert_eq!((headers(LONGEST_HEAD - 300), headers(LONGEST_HEAD + 1)), (200, 431));
}

/// Reads until the other side ends the connection.
fn until_closed(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let start = Instant::now();
    let mut piece = [0; 4096];
    // An end without a word is an error on some systems.
    while stream.read(&mut piece).is_ok_and(|count| count > 0) {
        assert!(start.elapsed() < PATIENCE);
    }
    assert!(start.elapsed() < PATIENCE, "the connection is not closed");
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    assert!(HEAD_PATIENCE * 2 < PATIENCE);
    let preview = Preview::of(Folder::portal());
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    until_closed(&mut stream);
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn who_takes_nothing_is_sent_away() {
    assert!(WRITE_PATIENCE * 2 < PATIENCE);
    let folder = Folder::portal();
    // More than the system keeps for a connection.
    fs::write(folder.path("content/guide/film/film.mp4"), vec![7; 64 << 20]).unwrap();
    let preview = Preview::of(folder);
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
    stream.write_all(format!("GET /guide/film/film.mp4 HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()).as_bytes()).unwrap();
    // Once it is sent away, what it sends is refused.
    let start = Instant::now();
    while stream.write_all(b"x").is_ok() {
        assert!(start.elapsed() < PATIENCE, "nobody sends it away");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn a_page_asks_about_so_many_files() {
    let preview = Preview::of(Folder::portal());
    let uses: Vec<String> = (0..=MOST_USED).map(|number| format!("&uses=/{number}.css")).collect();
    // Each is a part of an address, which has a limit of its own.
    let answer = preview.get(&format!("/__werdegang/page?at=/{}", uses.concat())).text();
    assert!(answer.contains(&format!("\"/{}.css\"", MOST_USED - 1)), "{answer}");
    assert!(!answer.contains(&format!("\"/{MOST_USED}.css\"")), "{answer}");
}
