//! What holds for all functions and filters of templates.

use std::fs;

use crate::harness::Portal;

/// The names that are registered as `what` anywhere in the source.
fn registered(what: &str) -> Vec<String> {
    let call = format!("register_{what}(\"");
    let src = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let files = walkdir::WalkDir::new(src).sort_by_file_name().into_iter().filter_map(Result::ok);
    let texts = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "rs"));
    let texts: String = texts.map(|file| fs::read_to_string(file.path()).expect("text")).collect();
    texts.split(&call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[test]
fn every_function_filter_and_test_refuses_an_argument_it_does_not_have() {
    let (functions, filters, tests) = (registered("function"), registered("filter"), registered("test"));
    assert!(functions.len() >= 20 && filters.len() >= 14 && !tests.is_empty(), "{functions:?} {filters:?} {tests:?}");
    // `trans` takes any name: what it does with one that its word has no place for is a case,
    // `templates/arguments`.
    let calls = functions.iter().filter(|name| *name != "trans").map(|name| (name, format!("{{{{ {name}(xyz=1) }}}}")));
    let piped = filters.iter().map(|name| {
        let value = if name == "sort_names" { "[\"a\"]" } else { "\"a\"" };
        (name, format!("{{{{ {value} | {name}(xyz=1) }}}}"))
    });
    let asked = tests.iter().map(|name| (name, format!("{{{{ \"a\" is {name}(xyz=1) }}}}")));
    for (name, call) in calls.chain(piped).chain(asked) {
        let portal = Portal::of(&[("content/_index.md", "+++\ntitle = \"a\"\n+++\n"), ("templates/index.html", &call)]);
        let (_, shown) = portal.run(&["build"]);
        assert!(shown.err.contains("unknown argument `xyz`"), "{name}: {}", shown.err);
    }
}
