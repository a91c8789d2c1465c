//! The workspace as `cargo metadata` and the file system have it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, TargetKind};

/// Packages and what they depend on.
pub struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    /// Asks cargo.
    pub fn read() -> Self {
        let metadata = MetadataCommand::new()
            .manifest_path(support::root().join("Cargo.toml"))
            .other_options(
                ["--offline", "--filter-platform", "x86_64-unknown-linux-gnu"].map(String::from),
            )
            .exec()
            .expect("cargo metadata");
        Self { metadata }
    }

    /// Names of the packages of the workspace.
    pub fn packages(&self) -> Vec<&str> {
        self.metadata
            .workspace_packages()
            .into_iter()
            .map(|package| package.name.as_str())
            .collect()
    }

    /// Names of the packages below a directory of the workspace.
    pub fn packages_in(&self, directory: &str) -> Vec<&str> {
        let directory = self.metadata.workspace_root.join(directory);
        self.metadata
            .workspace_packages()
            .into_iter()
            .filter(|package| package.manifest_path.starts_with(&directory))
            .map(|package| package.name.as_str())
            .collect()
    }

    /// Whether a package of the workspace is a shared object with a C interface.
    pub fn is_c_library(&self, name: &str) -> bool {
        self.member(name).is_some_and(|package| {
            package
                .targets
                .iter()
                .any(|target| target.is_kind(TargetKind::CDyLib))
        })
    }

    /// Whether a package of the workspace is a module.
    pub fn is_module(&self, name: &str) -> bool {
        self.is_c_library(name) && self.packages_in("plugins").contains(&name)
    }

    /// How the library of a package is built.
    pub fn library_kinds(&self, name: &str) -> Vec<String> {
        let package = self
            .member(name)
            .unwrap_or_else(|| panic!("no package {name}"));
        package
            .targets
            .iter()
            .filter(|target| target.is_kind(TargetKind::CDyLib) || target.is_kind(TargetKind::Lib))
            .flat_map(|target| target.kind.iter().map(ToString::to_string))
            .collect()
    }

    /// Names of the packages that a package of the workspace names as dependencies, but for tests.
    pub fn dependencies(&self, name: &str) -> Vec<String> {
        let package = self
            .member(name)
            .unwrap_or_else(|| panic!("no package {name}"));
        package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == DependencyKind::Normal)
            .map(|dependency| dependency.name.clone())
            .collect()
    }

    /// Names of all packages that are linked into a package of the workspace.
    pub fn reachable(&self, name: &str) -> BTreeSet<String> {
        let resolve = self.metadata.resolve.as_ref().expect("a dependency graph");
        let start = &self
            .member(name)
            .unwrap_or_else(|| panic!("no package {name}"))
            .id;
        let mut todo = vec![start];
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            let node = resolve
                .nodes
                .iter()
                .find(|node| node.id == *id)
                .expect("a node");
            for dependency in &node.deps {
                let linked = dependency
                    .dep_kinds
                    .iter()
                    .any(|kind| kind.kind == DependencyKind::Normal);
                if linked
                    && !is_macro(&self.metadata[&dependency.pkg])
                    && seen.insert(&dependency.pkg)
                {
                    todo.push(&dependency.pkg);
                }
            }
        }
        seen.into_iter()
            .map(|id| self.metadata[id].name.to_string())
            .collect()
    }

    /// The Rust files of a package, without its tests.
    pub fn sources(&self, name: &str) -> Vec<Source> {
        let package = self
            .member(name)
            .unwrap_or_else(|| panic!("no package {name}"));
        let mut files = Vec::new();
        rust_files(&directory(package).join("src"), &mut files);
        files.into_iter().map(|file| Source::read(&file)).collect()
    }

    /// The file that a package's library begins with.
    pub fn root_source(&self, name: &str) -> Source {
        let package = self
            .member(name)
            .unwrap_or_else(|| panic!("no package {name}"));
        let library = package
            .targets
            .iter()
            .find(|target| target.is_kind(TargetKind::CDyLib) || target.is_kind(TargetKind::Lib))
            .unwrap_or_else(|| panic!("{name} has no library"));
        Source::read(library.src_path.as_std_path())
    }

    fn member(&self, name: &str) -> Option<&Package> {
        self.metadata
            .workspace_packages()
            .into_iter()
            .find(|package| package.name == name)
    }
}

/// A macro is run by the compiler and linked into nothing.
fn is_macro(package: &Package) -> bool {
    package
        .targets
        .iter()
        .any(|target| target.is_kind(TargetKind::ProcMacro))
}

fn directory(package: &Package) -> PathBuf {
    package
        .manifest_path
        .parent()
        .expect("a folder")
        .as_std_path()
        .to_owned()
}

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A Rust file up to its unit tests, which stand at the end, and without comments.
pub struct Source {
    path: String,
    lines: Vec<String>,
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self::from_text(&path.display().to_string(), &text)
    }

    /// A file with this text.
    pub fn from_text(path: &str, text: &str) -> Self {
        let lines = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .map(|line| {
                if line.trim_start().starts_with("//") {
                    ""
                } else {
                    line
                }
            })
            .map(ToOwned::to_owned);
        Self {
            path: path.to_owned(),
            lines: lines.collect(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Number of the first line with this text.
    pub fn first_line_with(&self, text: &str) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| line.contains(text))
            .map(|index| index + 1)
    }

    /// Structures in C layout: number and text of the line that begins each.
    pub fn structures_in_c_layout(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut wanted = false;
        for (index, line) in self.lines.iter().enumerate() {
            wanted |= line.contains("#[repr(C");
            if wanted
                && (line.contains("struct ") || line.contains("union ") || line.contains("enum "))
            {
                found.push((index + 1, line.clone()));
                wanted = false;
            }
        }
        found
    }
}
