//! Which files of a room import which: read off the sources, as the compiler resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{File, Item, ItemMod, ItemUse, UseTree, Visibility};

use crate::architecture::sources;

/// A path, name by name, from the root of the crate.
type Names = Vec<String>;

/// A file of the program, as a module.
#[derive(Default)]
struct Module {
    /// Names that it hands on from elsewhere, and where they come from.
    handed_on: BTreeMap<String, Names>,
    /// What it names, in imports and in paths.
    named: Vec<Names>,
}

/// Gathers what a module names.
struct Gatherer<'m> {
    at: &'m [String],
    modules: &'m BTreeSet<Names>,
    found: Module,
}

impl Gatherer<'_> {
    /// A path as it is written, from the root of the crate; none where it leads out of it.
    fn absolute(&self, written: &[String]) -> Option<Names> {
        let first = written.first()?;
        let mut base = self.at.to_vec();
        let ups = written.iter().take_while(|name| *name == "super").count();
        match first.as_str() {
            "crate" => return Some(written[1..].to_vec()),
            "self" => base.extend_from_slice(&written[1..]),
            "super" => {
                base.truncate(base.len().checked_sub(ups)?);
                base.extend_from_slice(&written[ups..]);
            }
            // The name of a file below this one.
            _ => {
                base.push(first.clone());
                if !self.modules.contains(&base) {
                    return None;
                }
                base.extend_from_slice(&written[1..]);
            }
        }
        Some(base)
    }

    fn import(&mut self, tree: &UseTree, mut before: Names, hands_on: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, hands_on);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before.clone(), hands_on)),
            UseTree::Name(name) if name.ident == "self" => self.name(before.clone(), before.last().cloned(), hands_on),
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.name(before, Some(name.ident.to_string()), hands_on);
            }
            UseTree::Rename(name) => {
                before.push(name.ident.to_string());
                self.name(before, Some(name.rename.to_string()), hands_on);
            }
            UseTree::Glob(_) => self.name(before, None, false),
        }
    }

    fn name(&mut self, written: Names, called: Option<String>, hands_on: bool) {
        let Some(path) = self.absolute(&written) else { return };
        match called.filter(|_| hands_on) {
            Some(called) => {
                self.found.handed_on.insert(called, path);
            }
            None => self.found.named.push(path),
        }
    }
}

impl<'a> Visit<'a> for Gatherer<'_> {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        self.import(&item.tree, Names::new(), !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.segments.len() > 1 {
            self.name(path.segments.iter().map(|segment| segment.ident.to_string()).collect(), None, false);
        }
        visit::visit_path(self, path);
    }

    // Tests of a file may use what they like.
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }
}

/// The module that a path leads into, through all that hands it on.
fn resolve(modules: &BTreeMap<Names, Module>, path: &[String], most: usize) -> Option<Names> {
    let module = (1..=path.len()).rev().find_map(|length| modules.get_key_value(&path[..length]))?;
    let (at, module) = module;
    match path.get(at.len()).and_then(|name| module.handed_on.get(name)) {
        Some(from) if most > 0 => resolve(modules, &[from.as_slice(), &path[at.len() + 1..]].concat(), most - 1),
        _ => Some(at.clone()),
    }
}

/// The files, each with those of its room that it imports.
fn imports() -> BTreeMap<Names, BTreeSet<Names>> {
    let files: Vec<(Names, File)> = sources()
        .into_iter()
        .filter(|(room, ..)| !["lib", "main"].contains(&room.as_str()))
        .map(|(_, path, text)| (module_of(&path), syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))))
        .collect();
    let names: BTreeSet<Names> = files.iter().map(|(name, _)| name.clone()).collect();
    let modules: BTreeMap<Names, Module> = files
        .into_iter()
        .map(|(name, file)| {
            let mut gatherer = Gatherer { at: &name, modules: &names, found: Module::default() };
            file.items.iter().for_each(|item: &Item| gatherer.visit_item(item));
            let found = gatherer.found;
            (name, found)
        })
        .collect();
    let of = |(name, module): (&Names, &Module)| {
        let used = module.named.iter().filter_map(|path| resolve(&modules, path, 8));
        (name.clone(), used.filter(|used| used != name && used[0] == name[0]).collect())
    };
    modules.iter().map(of).collect()
}

fn module_of(path: &Path) -> Names {
    let mut names: Names = path.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

/// All that can be reached from a file.
fn reached(imports: &BTreeMap<Names, BTreeSet<Names>>, from: &Names) -> BTreeSet<Names> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        open.extend(imports.get(file).into_iter().flatten().filter(|other| reached.insert((*other).clone())));
    }
    reached
}

#[test]
fn no_more_than_two_files_import_each_other() {
    let imports = imports();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 200, "imports are not found");
    let reached: BTreeMap<&Names, BTreeSet<Names>> = imports.keys().map(|file| (file, self::reached(&imports, file))).collect();
    let circles: BTreeSet<Vec<String>> = imports
        .keys()
        .map(|file| reached[file].iter().filter(|other| reached[other].contains(file)).map(|other| other.join("::")).collect())
        .filter(|circle: &Vec<String>| circle.len() > 2)
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}
