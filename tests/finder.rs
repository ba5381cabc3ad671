//! The course finder of a portal with more courses than stand on one page.

use crate::harness::{AS_OF, Portal, SITE};
use werdegang::api::cli::Outcome;

/// More than stand on one page of a list, where `[finder]` does not say how many that are.
const COURSES: usize = 50;

/// A portal of courses by two providers, with a section that shows them all.
fn portal(finder: &str) -> Portal {
    let provider = |name: &str| format!("+++\ntitle = \"{name}\"\n[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n+++\n");
    let portal = Portal::of(&[
        ("site.toml", &format!("{SITE}{finder}")),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
        ("content/courses/_index.md", "+++\ntitle = \"Courses\"\ntemplate = \"finder.html\"\n+++\n"),
        ("content/one.md", &provider("One")),
        ("content/two.md", &provider("Two")),
    ]);
    for number in 0..COURSES {
        let provider = if number % 5 == 0 { "two" } else { "one" };
        let front =
            format!("+++\ntitle = \"Course {number:02}\"\n[course]\nprovider = \"{provider}\"\nleads_to = []\nmode = \"presence\"\n+++\n");
        portal.write(&format!("content/courses/c{number:02}.md"), front);
    }
    portal
}

/// The courses that a finished page lists as rows.
fn listed(portal: &Portal, path: &str) -> Vec<usize> {
    let html = std::fs::read_to_string(portal.path(&format!("public/{path}"))).expect("a page");
    let rows = html.split("<article class=\"row\"").skip(1).filter_map(|row| row.split("/courses/c").nth(1)?.get(..2)?.parse().ok());
    // The last one is what the script makes rows of, and is no course.
    rows.collect()
}

/// Nothing of the finder leads to a page that is not there.
fn no_dead_link(portal: &Portal) {
    let (_, shown) = portal.run(&["check", "--as-of", AS_OF]);
    assert!(!shown.err.contains("dead-link") && !shown.err.contains("dead-anchor"), "{}", shown.err);
}

#[test]
fn each_course_stands_on_one_page_of_a_divided_list() {
    let portal = portal("[finder]\npage = \"@/courses/_index.md\"\n");
    assert_eq!(portal.run(&["build", "--as-of", AS_OF]).0, Outcome::Done);
    let (first, second) = (listed(&portal, "courses/index.html"), listed(&portal, "courses/page/2/index.html"));
    assert_eq!((first.len(), second.len()), (40, 10));
    assert_eq!([first, second].concat(), (0..COURSES).collect::<Vec<_>>());
    let of_two: Vec<usize> = (0..COURSES).step_by(5).collect();
    assert_eq!(listed(&portal, "courses/provider/two/index.html"), of_two);
    no_dead_link(&portal);
}

#[test]
fn without_a_section_for_further_pages_all_courses_stand_on_one() {
    let portal = portal("");
    assert_eq!(portal.run(&["build", "--as-of", AS_OF]).0, Outcome::Done);
    assert_eq!(listed(&portal, "courses/index.html"), (0..COURSES).collect::<Vec<_>>());
    no_dead_link(&portal);
}
