//! Career paths: which role comes after which. A role that comes after itself, and a path that ends or begins
//! where nobody meant it to, are findings.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ids::PageId;
use super::model::Portal;
use crate::diagnostic::{Diagnostic, text};
use crate::records::{Kind, Role};
use crate::schema::known;

/// Looks at all paths. A portal in which no role has a `next` has none.
pub(super) fn check(portal: &Portal, findings: &mut Vec<Diagnostic>) {
    let roles: Vec<(PageId, &Role)> =
        portal.of_kind.get(&Kind::Role).into_iter().flatten().filter_map(|page| Some((*page, portal.pages[*page].role()?))).collect();
    let mut leads: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (page, role) in &roles {
        let next = known(&role.next).into_iter().flatten();
        let next: Vec<PageId> = next.filter_map(|next| portal.by_id.get(&(Kind::Role, next.id.clone())).copied()).collect();
        if !next.is_empty() {
            leads.insert(*page, next);
        }
    }
    if leads.is_empty() {
        return;
    }
    let place = |page: PageId, key: &str| portal.pages[page].document.place(&["role", key]);
    let reports = |code| portal.config.reports(code);
    let steps = leads.iter().filter(|_| reports("path-circle")).flat_map(|(start, next)| next.iter().map(move |first| (start, first)));
    for (start, first) in steps {
        let Some(circle) = circle(&leads, *start, *first) else { continue };
        let names: Vec<&str> = circle.iter().map(|page| &*portal.pages[*page].slug).collect();
        findings.push(
            Diagnostic::new("path-circle", text!("a role comes after itself: {way}", way = names.join(" → ")))
                .at(place(*start, "next"))
                .help("take one of these roles out of the `next` of the one before it; roles beside each other are `related`"),
        );
    }
    let reached: BTreeSet<PageId> = leads.values().flatten().copied().collect();
    let taught: BTreeSet<&str> = portal
        .of_kind
        .get(&Kind::Course)
        .into_iter()
        .flatten()
        .filter_map(|page| portal.pages[*page].course())
        .flat_map(|course| course.leads_to.iter().map(|role| &*role.id))
        .collect();
    for (page, role) in roles {
        let id = &portal.pages[page].slug;
        if reports("path-dead-end") && reached.contains(&page) && role.next.is_none() && role.related.is_empty() {
            findings.push(
                Diagnostic::new(
                    "path-dead-end",
                    text!("the path ends at `{id}`: nothing comes after it, and nothing is related to it", id),
                )
                .at(place(page, "name"))
                .help("write `next = [\"…\"]`, `next = \"unknown\"`, or `next = []` where the path is meant to end here"),
            );
        }
        if reports("path-no-start")
            && leads.contains_key(&page)
            && !reached.contains(&page)
            && role.ways_in.is_empty()
            && !taught.contains(&**id)
        {
            findings.push(
                Diagnostic::new("path-no-start", text!("nothing leads to `{id}`, where a path begins", id))
                    .at(place(page, "name"))
                    .help("write how one gets there (`ways_in`), or which course leads there (`leads_to` of the course)"),
            );
        }
    }
}

/// The shortest way from a role back to itself that begins with the step to `first`, over roles that stand
/// behind it in the order of files, so that each circle is found once.
fn circle(leads: &BTreeMap<PageId, Vec<PageId>>, start: PageId, first: PageId) -> Option<Vec<PageId>> {
    if first == start {
        return Some(vec![start, start]);
    }
    if first < start {
        return None;
    }
    let mut from = BTreeMap::from([(first, start)]);
    let mut queue = VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        for next in leads.get(&at).into_iter().flatten() {
            if *next == start {
                let mut way = vec![start];
                let mut back = at;
                while back != start {
                    way.push(back);
                    back = *from.get(&back)?;
                }
                way.push(start);
                way.reverse();
                return Some(way);
            }
            if *next > start && !from.contains_key(next) {
                from.insert(*next, at);
                queue.push_back(*next);
            }
        }
    }
    None
}
