//! `cargo xtask install`: builds for release and lays out the installed tree.
//!
//! The library directory is compiled in (the library finds modules and its certificate part there), so the tree
//! works where its options say and nowhere else.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{CrateType, Message, TargetKind};

use crate::{Outcome, man, workspace_root};

/// Version of the C interface, which pkg-config files and file names show.
const INTERFACE: &str = "1.6.6";

/// Options of `cargo xtask install`.
#[derive(clap::Args)]
pub struct Options {
    /// Where the software will live
    #[arg(long, value_name = "DIR", default_value = "/usr/local")]
    prefix: PathBuf,
    /// Directory of the libraries; relative to the prefix unless absolute (Debian: lib/x86_64-linux-gnu)
    #[arg(long, value_name = "DIR", default_value = "lib")]
    libdir: PathBuf,
    /// Directory of the configuration; lcmaps.db is searched in its folder lcmaps, lcas.db in lcas
    #[arg(long, value_name = "DIR", default_value = "/etc")]
    sysconfdir: PathBuf,
    /// Put the tree below this directory instead (for making packages)
    #[arg(long, value_name = "DIR")]
    destdir: Option<PathBuf>,
    /// Build profile
    #[arg(long, value_name = "NAME", default_value = "release")]
    profile: String,
}

impl Options {
    /// A whole tree below one directory.
    pub fn below(prefix: &Path) -> Self {
        Self {
            prefix: prefix.to_owned(),
            libdir: "lib".into(),
            sysconfdir: prefix.join("etc"),
            destdir: None,
            profile: "release".to_owned(),
        }
    }
}

/// Where things go. All paths are absolute and without destdir.
struct Tree {
    prefix: PathBuf,
    libdir: PathBuf,
    sysconfdir: PathBuf,
    destdir: Option<PathBuf>,
}

/// What the build made.
#[derive(Default)]
struct Built {
    libraries: Vec<PathBuf>,
    modules: Vec<PathBuf>,
    commands: Vec<PathBuf>,
}

/// Builds and installs.
pub fn run(options: &Options) -> Outcome {
    let tree = Tree::new(options)?;
    let root = workspace_root();
    let built = build(&root, &tree, &options.profile)?;
    install_libraries(&tree, &built)?;
    install_modules(&tree, &built)?;
    for command in &built.commands {
        tree.put(
            command,
            &tree.prefix.join("bin").join(name_of(command)?),
            0o755,
        )?;
    }
    for headers in ["include/lcas", "include/lcmaps"] {
        install_folder(&tree, &root.join(headers), &tree.prefix.join(headers))?;
    }
    install_man_pages(&tree, &root.join(man::RENDERED))?;
    install_pkg_config(&tree, &root.join("packaging"))?;
    println!("installed below {}", tree.staged(&tree.prefix).display());
    Ok(())
}

impl Tree {
    fn new(options: &Options) -> Outcome<Self> {
        let prefix = plain_absolute(&options.prefix)?;
        let libdir = plain_absolute(&prefix.join(&options.libdir))?;
        let sysconfdir = plain_absolute(&options.sysconfdir)?;
        let destdir = options
            .destdir
            .as_deref()
            .map(std::path::absolute)
            .transpose()?;
        Ok(Self {
            prefix,
            libdir,
            sysconfdir,
            destdir,
        })
    }

    /// Where a path is written now.
    fn staged(&self, path: &Path) -> PathBuf {
        let below_root = path.strip_prefix("/").unwrap_or(path);
        self.destdir
            .as_ref()
            .map_or_else(|| path.to_owned(), |dest| dest.join(below_root))
    }

    /// Copies a file, replacing what is there by a rename: a running program keeps the old one.
    fn put(&self, from: &Path, to: &Path, mode: u32) -> Outcome {
        let content = fs::read(from).map_err(|e| format!("cannot read {}: {e}", from.display()))?;
        self.write(&content, to, mode)
    }

    fn write(&self, content: &[u8], to: &Path, mode: u32) -> Outcome {
        let to = self.staged(to);
        let folder = to.parent().ok_or("a file needs a folder")?;
        let cannot = |e| format!("cannot write {}: {e}", to.display());
        fs::create_dir_all(folder).map_err(cannot)?;
        let fresh = folder.join(format!(".{}.new", name_of(&to)?));
        fs::write(&fresh, content).map_err(cannot)?;
        fs::set_permissions(&fresh, fs::Permissions::from_mode(mode)).map_err(cannot)?;
        fs::rename(&fresh, &to).map_err(cannot)?;
        println!("{}", to.display());
        Ok(())
    }

    /// Makes `link` a symbolic link to the file `target` in the same folder.
    fn link(&self, target: &str, link: &Path) -> Outcome {
        let link = self.staged(link);
        match fs::remove_file(&link) {
            Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot replace {}: {problem}", link.display()).into());
            }
            _ => {}
        }
        symlink(target, &link).map_err(|e| format!("cannot make {}: {e}", link.display()))?;
        println!("{} -> {target}", link.display());
        Ok(())
    }
}

/// An absolute path without `..`, as it is compiled in and written into pkg-config files.
fn plain_absolute(path: &Path) -> Outcome<PathBuf> {
    if path.components().any(|part| part == Component::ParentDir) {
        return Err(format!("{}: please without ..", path.display()).into());
    }
    let path = std::path::absolute(path)?;
    if path.to_str().is_none_or(|text| text.contains(['\n', '"'])) {
        return Err(format!(
            "{}: cannot be written into configuration files",
            path.display()
        )
        .into());
    }
    Ok(path)
}

/// Builds libraries, modules and the command, with the tree's paths compiled in.
fn build(root: &Path, tree: &Tree, profile: &str) -> Outcome<Built> {
    let wanted = [
        root.join("lcas"),
        root.join("lcmaps"),
        root.join("plugins"),
        root.join("tools/lcas"),
        root.join("tools/lcmaps"),
    ];
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args(["build", "--message-format=json-render-diagnostics"]);
    cargo.args(["--profile", profile]);
    let wanted: Vec<_> = wanted
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    for package in metadata.workspace_packages() {
        let is_installed = wanted
            .iter()
            .any(|root| package.manifest_path.starts_with(root.as_path()));
        let is_template = package.name.contains("template");
        let is_leaf = |kind: &TargetKind| matches!(kind, TargetKind::CDyLib | TargetKind::Bin);
        if is_installed
            && !is_template
            && package.targets.iter().any(|t| t.kind.iter().any(is_leaf))
        {
            cargo.args(["--package", package.name.as_str()]);
        }
    }
    cargo
        .env("LCMAPS_LIBDIR", &tree.libdir)
        .env("LCMAPS_SYSCONFDIR", &tree.sysconfdir);
    let mut child = cargo.stdout(Stdio::piped()).spawn()?;
    let messages = child.stdout.take().ok_or("cargo has no output")?;
    let mut built = Built::default();
    for message in Message::parse_stream(std::io::BufReader::new(messages)) {
        let Message::CompilerArtifact(artifact) = message? else {
            continue;
        };
        if let Some(executable) = &artifact.executable {
            built.commands.push(executable.clone().into_std_path_buf());
        } else if artifact.target.crate_types.contains(&CrateType::CDyLib) {
            let is_module = artifact.manifest_path.starts_with(wanted_modules(root)?);
            let library = artifact
                .filenames
                .iter()
                .find(|file| file.extension() == Some("so"));
            let library = library.ok_or_else(|| format!("{} gave no .so", artifact.target.name))?;
            let list = if is_module {
                &mut built.modules
            } else {
                &mut built.libraries
            };
            list.push(library.clone().into_std_path_buf());
        }
    }
    if !child.wait()?.success() {
        return Err("the build failed".into());
    }
    Ok(built)
}

fn wanted_modules(root: &Path) -> Outcome<PathBuf> {
    Ok(root.join("plugins").canonicalize()?)
}

/// `libX.so.0.0.0` with the links `libX.so.0`, which programs load, and `libX.so`, which the linker wants.
fn install_libraries(tree: &Tree, built: &Built) -> Outcome {
    for library in &built.libraries {
        let name = name_of(library)?;
        let file = format!("{name}.0.0.0");
        tree.put(library, &tree.libdir.join(&file), 0o644)?;
        tree.link(&file, &tree.libdir.join(format!("{name}.0")))?;
        // Programs are linked to all but the part with certificates, which the libraries open.
        if !name.contains("_certificates") {
            tree.link(&file, &tree.libdir.join(&name))?;
        }
    }
    Ok(())
}

/// `liblcmaps_X.so` with the link `lcmaps_X.mod`, and the same for LCAS: policy files and databases use
/// either name.
fn install_modules(tree: &Tree, built: &Built) -> Outcome {
    for module in &built.modules {
        let name = name_of(module)?;
        let of_lcas = name.starts_with("liblcas_");
        let folder = tree.libdir.join(if of_lcas { "lcas" } else { "lcmaps" });
        tree.put(module, &folder.join(&name), 0o644)?;
        let stem = name.trim_start_matches("lib").trim_end_matches(".so");
        tree.link(&name, &folder.join(format!("{stem}.mod")))?;
    }
    Ok(())
}

fn install_folder(tree: &Tree, from: &Path, to: &Path) -> Outcome {
    for file in sorted_files(from)? {
        tree.put(&file, &to.join(name_of(&file)?), 0o644)?;
    }
    Ok(())
}

/// `share/man/manN/NAME.N`; the page of a module is found under the module's `.mod` name.
fn install_man_pages(tree: &Tree, from: &Path) -> Outcome {
    for page in sorted_files(from)? {
        let name = name_of(&page)?;
        let (_, section) = name.rsplit_once('.').ok_or("a man page needs a section")?;
        let folder = tree.prefix.join("share/man").join(format!("man{section}"));
        tree.put(&page, &folder.join(&name), 0o644)?;
    }
    Ok(())
}

fn install_pkg_config(tree: &Tree, templates: &Path) -> Outcome {
    for template in sorted_files(templates)? {
        let name = name_of(&template)?;
        let Some(name) = name
            .strip_suffix(".in")
            .filter(|name| name.ends_with(".pc"))
        else {
            continue;
        };
        let text = fill(&fs::read_to_string(&template)?, tree)?;
        tree.write(
            text.as_bytes(),
            &tree.libdir.join("pkgconfig").join(name),
            0o644,
        )?;
    }
    Ok(())
}

/// A pkg-config file from its template.
fn fill(template: &str, tree: &Tree) -> Outcome<String> {
    let libdir = match tree.libdir.strip_prefix(&tree.prefix) {
        Ok(below) => format!("${{prefix}}/{}", below.display()),
        Err(_) => tree.libdir.display().to_string(),
    };
    let text = template
        .replace("@prefix@", &tree.prefix.display().to_string())
        .replace("@libdir@", &libdir)
        .replace("@version@", INTERFACE);
    if text.contains('@') {
        return Err(format!("a pkg-config template has an unknown @word@:\n{text}").into());
    }
    Ok(text)
}

fn sorted_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let listing =
        fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    for entry in listing {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn name_of(path: &Path) -> Outcome<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .ok_or_else(|| format!("{} has no name", path.display()))?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(libdir: &str) -> Tree {
        Tree {
            prefix: "/opt/lcmaps".into(),
            libdir: libdir.into(),
            sysconfdir: "/etc".into(),
            destdir: Some("/tmp/stage".into()),
        }
    }

    #[test]
    fn destdir_moves_the_files_and_not_the_paths_written_into_them() -> Outcome {
        let tree = tree("/opt/lcmaps/lib");
        assert_eq!(
            tree.staged(&tree.libdir),
            Path::new("/tmp/stage/opt/lcmaps/lib")
        );
        let text = fill(
            "prefix=@prefix@\nlibdir=@libdir@\nVersion: @version@\n",
            &tree,
        )?;
        assert_eq!(
            text,
            "prefix=/opt/lcmaps\nlibdir=${prefix}/lib\nVersion: 1.6.6\n"
        );
        Ok(())
    }

    #[test]
    fn a_library_directory_outside_the_prefix_is_written_whole() -> Outcome {
        assert_eq!(fill("@libdir@", &tree("/usr/lib64"))?, "/usr/lib64");
        assert!(fill("@unknown@", &tree("/usr/lib64")).is_err());
        Ok(())
    }

    #[test]
    fn paths_that_configuration_files_cannot_hold_are_refused() {
        assert!(plain_absolute(Path::new("/opt/../etc")).is_err());
        assert!(plain_absolute(Path::new("/opt/a\"b")).is_err());
        assert!(plain_absolute(Path::new("/opt/lcmaps")).is_ok());
    }
}
