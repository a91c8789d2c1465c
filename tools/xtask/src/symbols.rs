//! `cargo xtask symbols`: what the shared objects export, and nothing else.
//!
//! A library keeps the exact list of its exported symbols beside its sources, `lib<name>.symbols`, one
//! a line. A module keeps none: it exports the entry points of modules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};
use object::{Object, ObjectSymbol};

use crate::{Outcome, workspace_root};

/// What modules of a framework export.
struct EntryPoints {
    /// What each of them has to.
    mandatory: &'static [&'static str],
    /// What it may beside that.
    optional: &'static [&'static str],
}

const LCAS: EntryPoints = EntryPoints {
    mandatory: &[
        "plugin_confirm_authorization",
        "plugin_initialize",
        "plugin_terminate",
    ],
    optional: &[
        "plugin_confirm_authorization_from_x509",
        "plugin_select_instance",
    ],
};

const LCMAPS: EntryPoints = EntryPoints {
    mandatory: &[
        "plugin_initialize",
        "plugin_introspect",
        "plugin_run",
        "plugin_terminate",
    ],
    optional: &["plugin_multi_instance", "plugin_verify"],
};

/// A shared object of the workspace.
struct SharedObject {
    package: String,
    file: PathBuf,
    exports: Exports,
}

/// What a shared object is to export.
enum Exports {
    /// What this list of its symbols says.
    List(PathBuf),
    /// The entry points of modules.
    Module(&'static EntryPoints),
}

/// Builds the shared objects and compares; without `check`, writes the lists anew.
pub fn run(check: bool) -> Outcome {
    let metadata = MetadataCommand::new()
        .manifest_path(workspace_root().join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let objects = shared_objects(&metadata);
    build(&objects)?;
    let mut problems = Vec::new();
    for object in &objects {
        let exported = exported(&object.file)?;
        match &object.exports {
            Exports::Module(entry_points) => problems.extend(
                module_problem(entry_points, &exported)
                    .map(|problem| format!("{}: {problem}", object.package)),
            ),
            Exports::List(list) if check => problems.extend(
                list_problem(&exported, &read(list)?)
                    .map(|problem| format!("{}: {problem}", list.display())),
            ),
            Exports::List(list) => fs::write(list, text(&exported))?,
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}

/// The shared objects of the workspace.
fn shared_objects(metadata: &Metadata) -> Vec<SharedObject> {
    let built = metadata.target_directory.join("debug");
    let mut objects = Vec::new();
    for package in metadata.workspace_packages() {
        for target in &package.targets {
            if target.is_kind(TargetKind::CDyLib) {
                let name = format!("lib{}", target.name.replace('-', "_"));
                objects.push(SharedObject {
                    package: package.name.to_string(),
                    file: built.join(format!("{name}.so")).into(),
                    exports: match entry_points(package) {
                        Some(entry_points) => Exports::Module(entry_points),
                        None => Exports::List(directory(package).join(name + ".symbols")),
                    },
                });
            }
        }
    }
    objects
}

/// The entry points of a package that is a module; the name of the package says of which framework.
fn entry_points(package: &Package) -> Option<&'static EntryPoints> {
    let is_module = directory(package)
        .components()
        .any(|part| part.as_os_str() == "plugins");
    let of_lcas = package.name.contains("lcas");
    is_module.then_some(if of_lcas { &LCAS } else { &LCMAPS })
}

fn directory(package: &Package) -> &Path {
    package
        .manifest_path
        .as_std_path()
        .parent()
        .unwrap_or(Path::new(""))
}

fn build(objects: &[SharedObject]) -> Outcome {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let packages = objects
        .iter()
        .flat_map(|object| ["--package", &object.package]);
    let status = Command::new(cargo)
        .current_dir(workspace_root())
        .args(["build", "--quiet"])
        .args(packages)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("the shared objects do not build".into())
    }
}

/// The symbols that a shared object defines for others.
fn exported(file: &Path) -> Outcome<BTreeSet<String>> {
    let bytes = fs::read(file).map_err(|problem| format!("{}: {problem}", file.display()))?;
    let object = object::File::parse(bytes.as_slice())?;
    let mut names = BTreeSet::new();
    for symbol in object
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition())
    {
        names.insert(symbol.name()?.to_owned());
    }
    Ok(names)
}

fn read(list: &Path) -> Outcome<BTreeSet<String>> {
    let text = fs::read_to_string(list).map_err(|problem| {
        format!(
            "{}: {problem}; run `cargo xtask symbols` to make the list",
            list.display()
        )
    })?;
    Ok(text.lines().map(ToOwned::to_owned).collect())
}

fn text(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// What is wrong with the symbols of a module.
fn module_problem(entry_points: &EntryPoints, exported: &BTreeSet<String>) -> Option<String> {
    let EntryPoints {
        mandatory,
        optional,
    } = entry_points;
    if let Some(missing) = mandatory.iter().find(|name| !exported.contains(**name)) {
        return Some(format!("the module does not export {missing}"));
    }
    let surplus: Vec<_> = exported
        .iter()
        .filter(|name| !mandatory.contains(&name.as_str()) && !optional.contains(&name.as_str()))
        .collect();
    (!surplus.is_empty()).then(|| format!("the module exports more than entry points: {surplus:?}"))
}

/// How the symbols of a library differ from its list.
fn list_problem(exported: &BTreeSet<String>, list: &BTreeSet<String>) -> Option<String> {
    let missing: Vec<_> = list.difference(exported).collect();
    let surplus: Vec<_> = exported.difference(list).collect();
    if missing.is_empty() && surplus.is_empty() {
        return None;
    }
    Some(format!(
        "the library lacks {missing:?} and has {surplus:?} beside the list"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_module_exports_all_mandatory_entry_points() {
        for of in [&LCAS, &LCMAPS] {
            assert_eq!(module_problem(of, &set(of.mandatory)), None);
            let problem = module_problem(of, &set(&of.mandatory[1..])).unwrap();
            assert!(problem.contains(of.mandatory[0]), "{problem}");
        }
    }

    #[test]
    fn a_module_exports_nothing_but_entry_points() {
        let mut exported = set(LCMAPS.mandatory);
        exported.extend(set(LCMAPS.optional));
        assert_eq!(module_problem(&LCMAPS, &exported), None);
        exported.insert("helper".into());
        let problem = module_problem(&LCMAPS, &exported).unwrap();
        assert!(problem.contains("helper"));
        assert!(module_problem(&LCAS, &set(LCMAPS.mandatory)).is_some());
    }

    #[test]
    fn a_library_has_exactly_the_symbols_of_its_list() {
        assert_eq!(list_problem(&set(&["a", "b"]), &set(&["b", "a"])), None);
        assert!(
            list_problem(&set(&["a"]), &set(&["a", "b"]))
                .unwrap()
                .contains("lacks [\"b\"]")
        );
        assert!(
            list_problem(&set(&["a", "b"]), &set(&["a"]))
                .unwrap()
                .contains("has [\"b\"]")
        );
    }

    #[test]
    fn a_list_is_sorted_and_ends_with_a_newline() {
        assert_eq!(text(&set(&["b", "a"])), "a\nb\n");
    }
}
