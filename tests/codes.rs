//! The codes of findings: each with a fixture of `tests/codes` that raises it, and the same fixture, mended,
//! that does not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Archive, Section, archives, run_case, settle};
use werdegang::api::diagnostic::{Language, Text, codes};

/// How the files of a mended fixture are named: those that differ, behind this.
const MENDED: &str = "mended ";

/// Codes without a fixture: what a portal alone cannot bring about, and the test that does; none where no
/// test can.
const ELSEWHERE: [(&str, Option<&str>); 5] = [
    ("internal", None),
    ("locked", Some("publishing::two_builds_at_once_do_not_mix")),
    ("port", Some("serve::a_port_that_is_taken_is_an_error")),
    ("server", None),
    // It comes with the twenty findings that it says are not all.
    ("too-many", Some("cases/records/csv-many-errors")),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes")
}

/// A fixture raises its code and no other; mended, it raises none.
#[test]
fn every_fixture_raises_its_code_and_none_when_mended() {
    settle(&folder(), |name, case| {
        let code = name.strip_suffix(".txt").expect("a case");
        let (faulty, mended) = halves(case);
        let found = run_case(&faulty);
        let raised = raised(&found);
        assert_eq!(
            raised,
            BTreeSet::from([code.to_owned()]),
            "{name} should raise `{code}` alone\n{}",
            found.get("stderr").unwrap_or_default()
        );
        let without = run_case(&mended);
        let shown = without.get("stderr").unwrap_or_default();
        assert!(
            self::raised(&without).is_empty() && without.get("code") == Some("0\n"),
            "{name} should raise nothing when mended\n{shown}"
        );
        let mut result = case.clone();
        for section in ["code", "stderr"] {
            result.set(section, found.get(section).unwrap_or_default());
        }
        result
    });
}

#[test]
fn every_code_has_a_fixture() {
    let fixtures: BTreeSet<String> = archives(&folder()).iter().map(|(path, _)| stem(path)).collect();
    let elsewhere = ELSEWHERE.map(|(code, _)| code.to_owned());
    let known: BTreeSet<String> = codes::all().map(|(code, _)| code.to_owned()).filter(|code| !elsewhere.contains(code)).collect();
    let missing: Vec<&String> = known.difference(&fixtures).collect();
    let other: Vec<&String> = fixtures.difference(&known).collect();
    assert!(missing.is_empty() && other.is_empty(), "codes without a fixture: {missing:?}; fixtures without a code: {other:?}");
}

#[test]
fn every_code_is_in_the_table_and_no_other() {
    let known: BTreeSet<String> = codes::all().map(|(name, _)| name.to_owned()).collect();
    let sources = sources();
    let unknown: Vec<String> = reported(&sources).difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "codes that src/diagnostic/codes.toml lacks: {unknown:?}");
    // Some codes are chosen first and handed on.
    let idle: Vec<&String> = known.iter().filter(|code| !sources.contains(&format!("\"{code}\""))).collect();
    assert!(idle.is_empty(), "codes that nothing reports: {idle:?}");
}

/// docs/findings.md, and its German: each code with what it means, how to mend it, and its fixture as its
/// example.
#[test]
fn every_code_is_documented() {
    document(
        Language::English,
        "docs/findings.md",
        "# Findings\n\nAll that `werdegang build`, `check` and the preview can report, by code. `werdegang explain CODE` prints an entry.\n\n\
         Made from `src/diagnostic/codes.toml` and the fixtures of `tests/codes`, each of which raises its code, and nothing once it is mended: `UPDATE=1 cargo test documented`.\n\n\
         Where an entry says *may be allowed*, a site can be built with it: `[check] severity` in `site.toml` changes how much it matters, and\n\
         `[[check.allow]]` there, or `[[allow]]` in the front matter of a page, allows single findings, with a reason and, if wanted, a last day.\n\n",
    );
}

/// The same in German, whose words stand in `docs/findings.de.md` itself: of its head only that it is there is
/// held.
#[test]
fn every_code_is_documented_in_german() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.de.md");
    let text = fs::read_to_string(path).expect("it is there");
    let head = text.split("| Code |").next().expect("a head");
    document(Language::German, "docs/findings.de.md", head);
}

fn document(language: Language, path: &str, head: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let words = match language {
        Language::English => ["code", "how much it matters", "shown by", ", may be allowed", "Mend it:"],
        Language::German => ["Code", "Schwere", "gezeigt von", ", Ausnahme möglich", "Was zu tun ist:"],
    };
    let [code_word, weight, shown, allowed, mend] = words;
    let mut table = format!("| {code_word} | {weight} | {shown} |\n|---|---|---|\n");
    let mut entries = String::new();
    for (name, code) in codes::all_in(language) {
        let may = if code.allow { allowed } else { "" };
        let severity = Text::from(code.severity.word()).in_language(language).into_owned();
        table.push_str(&format!("| [`{name}`](#{name}) | {severity}{may} | {} |\n", shown_by(name, language)));
        entries.push_str(&format!("\n## {name}\n\n*{severity}{may}.* {}\n\n**{mend}** {}\n", code.meaning, code.mend));
        if let Ok(text) = fs::read_to_string(folder().join(format!("{name}.txt"))) {
            entries.push_str(&example(&Archive::parse(&text), language));
        }
    }
    let text = format!("{head}{table}{entries}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("docs are written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{} differs from the table; UPDATE=1 writes it anew", path.display());
}

/// The fixture, or the test, that shows a code.
fn shown_by(code: &str, language: Language) -> String {
    let (mended, nothing) = match language {
        Language::English => ("raised and mended", "nothing: no test can bring it about"),
        Language::German => ("gemeldet und behoben", "nichts: kein Test kann es herbeiführen"),
    };
    match ELSEWHERE.iter().find(|(name, _)| *name == code) {
        None => format!("[{mended}](../tests/codes/{code}.txt)"),
        Some((_, Some(test))) => format!("`{test}`"),
        Some((_, None)) => nothing.to_owned(),
    }
}

/// What a fixture shows, and the lines that mend it.
fn example(case: &Archive, language: Language) -> String {
    let shown = case.get("stderr").unwrap_or_default();
    let (word, instead) = match language {
        Language::English => ("Mended", "in place of"),
        Language::German => ("Behoben", "anstelle von"),
    };
    // What a terminal does not show either is shown by its picture (Unicode, Control Pictures).
    let picture = |text: &str| text.replace('\u{b}', "\u{240b}");
    let finding = shown.split("\n\n").map(str::trim).find(|part| part.contains("]: ")).unwrap_or_default();
    // What it shows in German is made from the same texts; here it is left to the English page.
    let mut text = match language {
        Language::English => format!("\n```text\n{}\n```\n", picture(finding)),
        Language::German => String::new(),
    };
    if let Some(mended) = case.get(&format!("{MENDED}cmd")) {
        text.push_str(&format!(
            "\n{word}: `werdegang {}` {instead} `werdegang {}`.\n",
            mended.trim(),
            case.get("cmd").unwrap_or("check").trim()
        ));
    }
    for section in case.sections.iter().filter(|section| mends_file(section)) {
        let path = &section.name[MENDED.len()..];
        let (old, new) = changed(case.get(path).unwrap_or_default(), &section.text);
        let lines = |sign: &str, lines: &[&str]| lines.iter().map(|line| format!("{sign} {}\n", picture(line))).collect::<String>();
        text.push_str(&format!("\n{word}, in `{path}`:\n\n```diff\n{}{}```\n", lines("-", &old), lines("+", &new)));
    }
    text
}

/// The lines of two texts between those they begin and end with alike.
fn changed<'t>(old: &'t str, new: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    while old.last().is_some_and(|line| new.last() == Some(line)) {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    (old.split_off(same), new.split_off(same))
}

/// The fixture as it is, and mended.
fn halves(case: &Archive) -> (Archive, Archive) {
    let mut faulty = case.clone();
    faulty.sections.retain(|section| !section.name.starts_with(MENDED));
    if faulty.get("cmd").is_none() {
        faulty.set("cmd", "check");
    }
    let mut mended = faulty.clone();
    for section in &case.sections {
        if let Some(name) = section.name.strip_prefix(MENDED) {
            mended.set(name, &section.text);
        }
    }
    (faulty, mended)
}

fn mends_file(section: &Section) -> bool {
    section.name.strip_prefix(MENDED).is_some_and(|name| !["cmd", "setup", "server"].contains(&name))
}

/// The codes of what was shown.
fn raised(case: &Archive) -> BTreeSet<String> {
    let shown = case.get("stderr").unwrap_or_default();
    let heads = shown.lines().filter_map(|line| line.strip_prefix("error[").or_else(|| line.strip_prefix("warning[")));
    heads.filter_map(|rest| rest.split_once("]: ")).map(|(code, _)| code.to_owned()).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// All sources, one after the other.
fn sources() -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(src).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    files.map(|entry| fs::read_to_string(entry.path()).expect("a source is text")).collect()
}

/// The codes of findings in the sources.
fn reported(text: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for call in ["Diagnostic::new(", "Diagnostic::new(", ".error("] {
        for part in text.split(call).skip(1) {
            let quoted = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.extend(
                quoted
                    .filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()))
                    .map(str::to_owned),
            );
        }
    }
    codes
}
